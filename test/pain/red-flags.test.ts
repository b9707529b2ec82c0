// Open red flags of a patient: their order, which of several triggers speaks, what they let wait.
import assert from 'node:assert/strict';
import { evaluate } from '../../src/pain/evaluate.js';
import { condition, ICD10CM, NOW, realKnowledge, recordOf } from '../support/findings.js';

describe('red flags of a patient', () => {
  const flagsOf = (...codes: readonly (readonly [string, string])[]) =>
    evaluate(
      recordOf(
        codes.map(([code, onsetDateTime], at) =>
          condition(`c${at}`, ICD10CM, code, { onsetDateTime }),
        ),
      ),
      realKnowledge(),
      NOW,
    ).redFlags;

  it('stand most urgent first, whatever their number', () => {
    const flags = flagsOf(
      ['M47.12', '2026-01-01'],
      ['I82.401', '2026-11-20'],
      ['N44.00', '2026-11-22'],
    );

    assert.deepEqual(
      flags.map(({ id, urgency }) => `${id} ${urgency}`),
      ['RF-13 emergency', 'RF-09 same-day', 'RF-30 urgent'],
    );
  });

  it('speak once by their most urgent trigger and name every record that decided', () => {
    const [flag] = flagsOf(['T14.91XA', '2026-11-20'], ['R45.851', '2026-11-21']);

    assert.equal(flag?.label, 'Suicide attempt within 30 days');
    assert.deepEqual(flag?.triggers, ['A1', 'A2']);
    assert.deepEqual(
      flag?.findings.map(({ reference }) => reference),
      ['Condition/c0', 'Condition/c1'],
    );
  });

  it('withhold what they let wait although they leave time for everything else', () => {
    const evaluation = evaluate(
      recordOf([
        condition('neck', ICD10CM, 'M54.2', { onsetDateTime: '2026-06-01' }),
        condition('myelopathy', ICD10CM, 'M50.00', { onsetDateTime: '2026-06-01' }),
      ]),
      realKnowledge(),
      NOW,
    );

    const lines = evaluation.problems.flatMap(({ recommendations }) => recommendations);
    const named = lines.filter(({ status }) => status === 'offered' || status === 'caution');
    const waiting = new Set(evaluation.redFlags.flatMap(({ withholds }) => withholds));
    assert.ok(waiting.has('manual-therapy'));
    assert.ok(named.length > 0);
    assert.ok(named.every(({ treatment }) => treatment === undefined || !waiting.has(treatment)));
  });
});
