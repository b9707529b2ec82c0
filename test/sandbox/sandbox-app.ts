// Builds a sandbox inside an Express app for these tests. Must not listen.
import express from 'express';
import type { Bundle, FhirResource } from 'fhir/r4.js';
import { createSandbox, type SandboxOptions } from '../../src/sandbox/create-sandbox.js';

/** Where the test sandbox believes it is. */
export const baseUrl = 'http://127.0.0.1:8080/fhir';

/** An app with a sandbox at `/fhir`, its clock and ids fixed. */
export function sandboxApp(
  load: Iterable<Bundle | FhirResource>,
  bodyLimit = '1mb',
  overrides: Partial<SandboxOptions> = {},
) {
  let ids = 0;
  const { router } = createSandbox({
    load,
    baseUrl,
    bodyLimit,
    now: () => new Date('2026-11-22T10:00:00Z'),
    newId: () => `new-${++ids}`,
    ...overrides,
  });
  return express().use('/fhir', router);
}

/** The ids of a searchset's matches, in order. */
export function matchIds(bundle: Bundle): string[] {
  return (bundle.entry ?? [])
    .filter((entry) => entry.search?.mode === 'match')
    .map((entry) => entry.resource?.id ?? '');
}

/** Two patients with one resource or more for every search parameter under test. */
export const sample: readonly FhirResource[] = [
  {
    resourceType: 'Patient',
    id: 'ann',
    meta: { lastUpdated: '2026-01-02T03:04:05Z' },
    identifier: [{ system: 'urn:mrn', value: '007' }],
    name: [{ family: 'Müller', given: ['Ann', 'Bea'] }],
    gender: 'female',
    birthDate: '1970-05',
  },
  {
    resourceType: 'Patient',
    id: 'bob',
    identifier: [{ value: '007' }],
    name: [{ text: 'Bob Stone' }],
    gender: 'male',
    birthDate: '1970-06-01',
  },
  { resourceType: 'Practitioner', id: 'doc', name: [{ family: 'House' }] },
  {
    resourceType: 'Encounter',
    id: 'visit',
    status: 'finished',
    class: { code: 'AMB' },
    subject: { reference: 'Patient/ann' },
    period: { start: '2026-03-01', end: '2026-03-10' },
  },
  {
    resourceType: 'Condition',
    id: 'knee',
    clinicalStatus: { coding: [{ system: 'urn:clinical', code: 'active' }] },
    verificationStatus: { coding: [{ system: 'urn:ver', code: 'confirmed' }] },
    category: [{ coding: [{ system: 'urn:cat', code: 'problem-list-item' }] }],
    code: {
      coding: [
        { system: 'urn:a', code: 'M17' },
        { system: 'urn:b', code: '23,9' },
      ],
    },
    subject: { reference: 'Patient/ann' },
    encounter: { reference: 'Encounter/visit' },
    onsetDateTime: '2020',
  },
  {
    resourceType: 'Condition',
    id: 'back',
    clinicalStatus: { coding: [{ system: 'urn:clinical', code: 'resolved' }] },
    code: { coding: [{ code: 'M54' }] },
    subject: { reference: `${baseUrl}/Patient/bob/_history/3` },
    recordedDate: '2021-02-03',
  },
  {
    resourceType: 'Observation',
    id: 'nrs',
    status: 'final',
    category: [{ coding: [{ system: 'urn:cat', code: 'survey' }] }],
    code: { coding: [{ system: 'urn:a', code: 'NRS' }] },
    subject: { reference: 'Patient/ann' },
    effectiveDateTime: '2026-03-05T10:00:00+02:00',
  },
  {
    resourceType: 'Observation',
    id: 'group-nrs',
    status: 'preliminary',
    code: { coding: [{ system: 'urn:a', code: 'NRS' }] },
    subject: { reference: 'Group/ann' },
    effectivePeriod: { start: '2026-03-04' },
  },
  { resourceType: 'Medication', id: 'ibu', code: { coding: [{ system: 'urn:m', code: '1' }] } },
  {
    resourceType: 'MedicationRequest',
    id: 'rx',
    status: 'active',
    intent: 'order',
    medicationReference: { reference: 'Medication/ibu' },
    subject: { reference: 'Patient/ann' },
    authoredOn: '2026-03-05',
  },
  {
    resourceType: 'MedicationStatement',
    id: 'otc',
    status: 'active',
    medicationReference: { reference: 'Medication/ibu' },
    subject: { reference: 'Patient/ann' },
    effectiveDateTime: '2026-03',
  },
];
