// When the newest entry of a record was made: each type by its own date, none of the future, nothing that is void.
import assert from 'node:assert/strict';
import type { FhirResource } from 'fhir/r4.js';
import { newestEntry } from '../../src/pain/extract/newest-entry.js';
import { NOW, NOW_MS, status } from '../support/findings.js';

const newest = (...resources: readonly object[]): string | undefined =>
  newestEntry(resources as FhirResource[], NOW_MS);
const of = (resourceType: string, more: object) => ({ resourceType, id: 'x', ...more });
const date = '2026-05-01';

describe('newestEntry', () => {
  for (const [resourceType, more] of [
    ['Observation', { effectiveDateTime: date, effectivePeriod: { start: '2026-06-01' } }],
    ['Observation', { effectivePeriod: { start: date } }],
    ['Condition', { recordedDate: date, onsetDateTime: '2026-06-01' }],
    ['Condition', { onsetDateTime: date }],
    ['Encounter', { period: { start: date } }],
    ['DiagnosticReport', { effectiveDateTime: date, effectivePeriod: { start: '2026-06-01' } }],
    ['DiagnosticReport', { effectivePeriod: { start: date } }],
    ['ImagingStudy', { started: date }],
    ['Procedure', { performedDateTime: date, performedPeriod: { start: '2026-06-01' } }],
    ['Procedure', { performedPeriod: { start: date } }],
    ['MedicationRequest', { authoredOn: date }],
    ['MedicationStatement', { dateAsserted: date, effectiveDateTime: '2026-06-01' }],
    ['MedicationStatement', { effectiveDateTime: date }],
    ['AllergyIntolerance', { recordedDate: date }],
    ['QuestionnaireResponse', { authored: date }],
  ] as const) {
    it(`takes ${Object.keys(more)[0]} of ${resourceType}`, () => {
      assert.equal(newest(of(resourceType, more)), date);
    });
  }

  for (const resourceType of [
    'Observation',
    'Encounter',
    'DiagnosticReport',
    'Procedure',
    'Coverage',
  ]) {
    it(`finds no date in a bare ${resourceType}`, () => {
      assert.equal(newest(of(resourceType, { period: undefined })), undefined);
    });
  }

  it('is the latest of all, by day', () => {
    assert.equal(
      newest(
        of('MedicationRequest', { authoredOn: '2026-01-01' }),
        of('MedicationRequest', { authoredOn: '2026-07-01T10:00:00Z' }),
        of('MedicationRequest', { authoredOn: '2026-03' }),
      ),
      '2026-07-01',
    );
    assert.equal(newest(of('MedicationRequest', { authoredOn: '2026-03' })), '2026-03');
  });

  it('is none of the future, but this very moment counts', () => {
    assert.equal(newest(of('MedicationRequest', { authoredOn: '2026-11-23' })), undefined);
    assert.equal(newest(of('MedicationRequest', { authoredOn: NOW.toISOString() })), '2026-11-22');
  });

  it('is no date that is none', () => {
    for (const authoredOn of ['', 'a2026', '1 May 2026', 7, null])
      assert.equal(newest(of('MedicationRequest', { authoredOn })), undefined);
  });

  for (const [resourceType, more] of [
    ['Condition', { recordedDate: date, verificationStatus: status('entered-in-error') }],
    ['AllergyIntolerance', { recordedDate: date, verificationStatus: status('entered-in-error') }],
    ['MedicationRequest', { authoredOn: date, status: 'entered-in-error' }],
  ] as const) {
    it(`is no ${resourceType} entered in error`, () => {
      assert.equal(newest(of(resourceType, more)), undefined);
    });
  }

  it('is a Condition whatever else its status says', () => {
    assert.equal(newest(of('Condition', { recordedDate: date, status: 'entered-in-error' })), date);
  });
});
