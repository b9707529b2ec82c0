// What an unconfirmed diagnosis weighs as evidence (G3), whatever its code or its criterion would give it.
import assert from 'node:assert/strict';
import { evaluate } from '../../src/pain/evaluate.js';
import {
  condition,
  ICD10CM,
  NOW,
  painScore,
  realKnowledge,
  recordOf,
  status,
} from '../support/findings.js';

const weightOf = (code: string, criterion: string, verification: string): number | undefined => {
  const record = recordOf([
    condition('c', ICD10CM, code, {
      onsetDateTime: '2026-10-20',
      verificationStatus: status(verification),
    }),
    painScore('s', 6),
  ]);
  const { problems } = evaluate(record, realKnowledge(), NOW);
  const found = problems.flatMap(({ classifications }) => classifications);
  return found.flatMap(({ evidence }) => evidence).find((one) => one.criterion === criterion)
    ?.weight;
};

describe('the weight of a diagnosis as evidence', () => {
  for (const [what, code, criterion, confirmed] of [
    ['by its code', 'G50.0', 'NEU-1', 3],
    ['by its criterion', 'M10.9', 'INF-2', 3],
  ] as const) {
    it(`${what} is ${confirmed} when it is confirmed`, () => {
      assert.equal(weightOf(code, criterion, 'confirmed'), confirmed);
    });

    it(`${what} is no more than 1 when it is provisional`, () => {
      assert.equal(weightOf(code, criterion, 'provisional'), 1);
    });
  }
});
