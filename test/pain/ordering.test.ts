import assert from 'node:assert/strict';
import type { FhirResource } from 'fhir/r4.js';
import { condition, ICD10CM, LOCAL, painScore, recordOf } from '../support/findings.js';
import { orderChecksOf } from '../support/patient-checks.js';

const rulesFor = (treatment: string, resources: readonly FhirResource[]): readonly string[] =>
  orderChecksOf(recordOf(resources))(treatment).map(({ rule }) => rule);

const done = (code: string): FhirResource => ({
  resourceType: 'Procedure',
  id: code,
  status: 'completed',
  subject: { reference: 'Patient/p' },
  code: { coding: [{ system: LOCAL, code }] },
  performedDateTime: '2026-11-01',
});

const backPain = [
  condition('c', ICD10CM, 'M54.5', { onsetDateTime: '2026-05-01' }),
  painScore('s', 6),
];
const trigeminal = [
  condition('c', ICD10CM, 'G50.0', { onsetDateTime: '2026-05-01' }),
  painScore('s', 6),
];

describe('the ordering check of a proposed procedure', () => {
  it('asks for a more peripheral step before an epidural while the cause is unclear', () => {
    assert.deepEqual(rulesFor('epidural-steroid', backPain), ['S2-1']);
  });

  it('asks for none before an intrathecal pump once a nerve block is documented', () => {
    const resources = [...backPain, done('PROC-NERVE-BLOCK')];

    assert.deepEqual(rulesFor('intrathecal-therapy', resources), []);
  });

  it('asks for none where the cause is clear', () => {
    assert.deepEqual(rulesFor('epidural-steroid', trigeminal), []);
  });

  it('says of a diagnostic block that it proves no cause', () => {
    assert.deepEqual(rulesFor('nerve-block', trigeminal), ['S2-3']);
  });

  it('says of a destructive procedure that it should wait for a clear cause', () => {
    assert.deepEqual(rulesFor('neuroablation', backPain), ['S2-4']);
    assert.deepEqual(rulesFor('cordotomy', backPain), ['S2-1', 'S2-4']);
    assert.deepEqual(rulesFor('neuroablation', trigeminal), []);
  });

  it('says nothing of what is no procedure, or unknown', () => {
    assert.deepEqual(rulesFor('gabapentinoid', backPain), []);
    assert.deepEqual(rulesFor('nothing-of-that-name', backPain), []);
  });

  it('judges a patient without any pain too', () => {
    assert.deepEqual(rulesFor('epidural-steroid', []), ['S2-1']);
  });
});
