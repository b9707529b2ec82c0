// Medication orders and other resources to findings: what was not done, not given or void is not used.
import assert from 'node:assert/strict';
import type { FhirResource, MedicationRequest } from 'fhir/r4.js';
import { type Extraction, extractFindings } from '../../src/pain/extract-findings.js';
import type { Finding } from '../../src/pain/finding.js';
import { ICD10CM, NOW_MS, order, realKnowledge, recordOf } from '../support/findings.js';

const extract = (...resources: readonly FhirResource[]): Extraction =>
  extractFindings(recordOf(resources), realKnowledge().extraction, NOW_MS);
const only = (...resources: readonly FhirResource[]): Partial<Finding> =>
  extract(...resources).findings[0] ?? {};
/** What a test may hand in that the types forbid. */
const untyped = (resource: unknown): FhirResource => resource as FhirResource;

describe('extractFindings from a MedicationRequest', () => {
  const ibuprofen = {
    resourceType: 'Medication' as const,
    id: 'm',
    code: { coding: [{ system: 'http://www.whocc.no/atc', code: 'M01AE01' }] },
  };
  const pointing = (
    reference: string,
    more: Partial<MedicationRequest> = {},
  ): MedicationRequest => {
    const { medicationCodeableConcept: _, ...rest } = order('r', more);
    return { ...rest, medicationReference: { reference } };
  };
  const rows: readonly (readonly [string, readonly FhirResource[], boolean | undefined])[] = [
    ['an active order', [order('r')], true],
    ['an order on hold', [order('r', { status: 'on-hold' })], true],
    ['a stopped order', [order('r', { status: 'stopped' })], false],
    ['a completed order', [order('r', { status: 'completed' })], false],
    ['an order entered in error', [order('r', { status: 'entered-in-error' })], undefined],
    ['a cancelled order', [order('r', { status: 'cancelled' })], undefined],
    ['a draft', [order('r', { status: 'draft' })], undefined],
    ['a proposal', [order('r', { intent: 'proposal' })], undefined],
    ['a plan', [order('r', { intent: 'plan' })], undefined],
    ['an order not to give', [order('r', { doNotPerform: true })], undefined],
    ['an order of the future', [order('r', { authoredOn: '2027-01-01' })], undefined],
    ['a contained Medication', [pointing('#m', { contained: [ibuprofen] })], true],
    [
      'a contained Medication that is not there',
      [pointing('#x', { contained: [ibuprofen] })],
      undefined,
    ],
    ['a Medication of the record', [pointing('Medication/m'), ibuprofen], true],
    [
      'a Medication on another server',
      [pointing('https://x.example/Medication/m'), ibuprofen],
      undefined,
    ],
    [
      'a drug name in words',
      [order('r', { medicationCodeableConcept: { text: 'Ibuprofen 400 mg tablets' } })],
      true,
    ],
    [
      'a drug nobody knows',
      [order('r', { medicationCodeableConcept: { text: 'constructor' } })],
      undefined,
    ],
  ];
  for (const [situation, resources, current] of rows) {
    it(`reads ${situation} as ${current === undefined ? 'nothing' : current ? 'current' : 'past'}`, () => {
      assert.equal(only(...resources).current, current);
    });
  }

  it('counts a medicine without a name', () => {
    const nameless = order('r', { medicationCodeableConcept: {} });

    assert.equal(extract(nameless).medicinesWithoutName, 1);
  });

  it('leaves a reference that leads nowhere to the read state of Medication', () => {
    assert.equal(extract(pointing('Medication/gone')).medicinesWithoutName, 0);
  });
});

describe('extractFindings from other resources', () => {
  const base = {
    id: 'x',
    subject: { reference: 'Patient/p' },
    patient: { reference: 'Patient/p' },
  };
  const code = { coding: [{ system: ICD10CM, code: 'G50.0' }] };
  const rows: readonly (readonly [string, unknown, boolean])[] = [
    ['a procedure not done', { resourceType: 'Procedure', status: 'not-done', code }, false],
    [
      'a procedure in preparation',
      { resourceType: 'Procedure', status: 'preparation', code },
      false,
    ],
    ['a completed procedure', { resourceType: 'Procedure', status: 'completed', code }, true],
    [
      'an Encounter reason',
      { resourceType: 'Encounter', status: 'finished', reasonCode: [code] },
      true,
    ],
    [
      'a cancelled Encounter',
      { resourceType: 'Encounter', status: 'cancelled', reasonCode: [code] },
      false,
    ],
    [
      'a planned Encounter',
      { resourceType: 'Encounter', status: 'planned', reasonCode: [code] },
      false,
    ],
    [
      'a report',
      { resourceType: 'DiagnosticReport', status: 'final', conclusionCode: [code] },
      true,
    ],
    [
      'a registered report',
      { resourceType: 'DiagnosticReport', status: 'registered', conclusionCode: [code] },
      false,
    ],
    [
      'a report in error',
      { resourceType: 'DiagnosticReport', status: 'entered-in-error', conclusionCode: [code] },
      false,
    ],
    [
      'a medicine not taken',
      {
        resourceType: 'MedicationStatement',
        status: 'not-taken',
        medicationCodeableConcept: { text: 'ibuprofen' },
      },
      false,
    ],
    [
      'a medicine taken',
      {
        resourceType: 'MedicationStatement',
        status: 'active',
        medicationCodeableConcept: { text: 'ibuprofen' },
      },
      true,
    ],
    [
      'family history',
      { resourceType: 'FamilyMemberHistory', status: 'completed', condition: [{ code }] },
      false,
    ],
    [
      'an unfinished questionnaire',
      {
        resourceType: 'QuestionnaireResponse',
        status: 'in-progress',
        item: [{ linkId: '72514-3', answer: [{ valueInteger: 7 }] }],
      },
      false,
    ],
    [
      'a questionnaire',
      {
        resourceType: 'QuestionnaireResponse',
        status: 'completed',
        item: [{ linkId: '/72514-3', answer: [{ valueInteger: 7 }] }],
      },
      true,
    ],
  ];
  for (const [situation, resource, isRead] of rows) {
    it(`${isRead ? 'reads' : 'leaves out'} ${situation}`, () => {
      const { findings } = extract(untyped({ ...base, ...(resource as object) }));

      assert.equal(findings.length > 0, isRead);
    });
  }
});
