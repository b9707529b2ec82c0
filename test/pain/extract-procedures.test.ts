// Procedures to findings: what was done or is under way, when, where and for whom.
import assert from 'node:assert/strict';
import type { FhirResource, Procedure } from 'fhir/r4.js';
import { type Extraction, extractFindings } from '../../src/pain/extract-findings.js';
import { LOCAL, NOW_MS, realKnowledge, recordOf } from '../support/findings.js';

const extract = (resource: object): Extraction =>
  extractFindings(recordOf([resource as FhirResource]), realKnowledge().extraction, NOW_MS);

describe('a Procedure', () => {
  const procedure = (more: Partial<Procedure> = {}) => ({
    resourceType: 'Procedure',
    id: 'p',
    status: 'completed',
    subject: { reference: 'Patient/p' },
    code: { coding: [{ system: LOCAL, code: 'PROC-NERVE-BLOCK' }] },
    performedDateTime: '2026-09-01',
    ...more,
  });
  const one = (more?: Partial<Procedure>) => extract(procedure(more)).findings[0];

  it('is read when it was done or is under way', () => {
    assert.ok(one());
    assert.ok(one({ status: 'in-progress' }));
    for (const status of [
      'not-done',
      'preparation',
      'entered-in-error',
      'stopped',
      'unknown',
    ] as const)
      assert.equal(one({ status }), undefined);
  });

  it('is not read without a code we know', () => {
    assert.equal(one({ code: { text: 'Nerve block' } }), undefined);
    assert.equal(extract({ ...procedure(), code: undefined }).findings.length, 0);
    assert.deepEqual(extract({ ...procedure(), code: undefined }).unreadableValues, []);
  });

  it('has its date, its place and the organisation it was done for', () => {
    const { performedDateTime: _, ...undated } = procedure();

    assert.equal(one()?.effective?.text, '2026-09-01');
    assert.equal(
      extract({ ...undated, performedPeriod: { start: '2026-08-01', end: '2026-08-02' } })
        .findings[0]?.effective?.text,
      '2026-08-02',
    );
    assert.deepEqual(one({ bodySite: [{ text: 'left knee' }] })?.regions, ['knee']);
    assert.equal(one()?.organisation, undefined);
    assert.equal(
      one({
        performer: [
          { actor: { reference: 'Practitioner/x' }, onBehalfOf: { reference: 'Organization/o' } },
        ],
      })?.organisation,
      'Organization/o',
    );
    assert.equal(
      one({ performer: [{ actor: { reference: 'Organization/o' } }] })?.organisation,
      'Organization/o',
    );
  });
});
