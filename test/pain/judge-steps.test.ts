// Operators of step rules: what was tried and how many organisations gave care, from both sides and outside step rules.
import assert from 'node:assert/strict';
import type { Comparison, Expression } from '../../src/pain/expression.js';
import { compileExpression } from '../../src/pain/judge.js';
import { isStepExpression } from '../../src/pain/judge-steps.js';
import { finding, scopeOf } from '../support/findings.js';
import { CONTEXT } from '../support/judging.js';

const triedRecord = finding('med-tca');
/** One to three classes failed; two organisations are on record. */
const steps = {
  openFlags: [],
  organisations: new Set(['a', 'b']),
  tried: () => ({ low: 1, high: 3, findings: [triedRecord] }),
};
const judge = (expression: Expression, more = { steps }) =>
  compileExpression(expression, CONTEXT)(scopeOf([], more));
const tried = (compare: Comparison, limit: number): Expression => ({
  op: 'tried',
  what: ['adequate-failed'],
  of: 'class',
  compare,
  limit,
});
const organisations = (compare: Comparison, limit: number): Expression => ({
  op: 'organisations',
  compare,
  limit,
});

describe('the operators of step rules', () => {
  for (const [expression, truth] of [
    [tried('>=', 1), 'met'],
    [tried('>=', 2), 'unknown'],
    [tried('>=', 3), 'unknown'],
    [tried('>=', 4), 'notMet'],
    [tried('<=', 3), 'met'],
    [tried('<', 1), 'notMet'],
    [organisations('>=', 2), 'met'],
    [organisations('>=', 3), 'unknown'],
    [organisations('<', 2), 'notMet'],
    [organisations('<', 3), 'unknown'],
  ] as const) {
    it(`are ${truth} for ${JSON.stringify(expression)}`, () => {
      assert.equal(judge(expression).result, truth);
    });
  }

  it('rest on the records of what was tried, and on none of organisations', () => {
    assert.deepEqual(judge(tried('>=', 1)).findings, [triedRecord]);
    assert.deepEqual(judge(organisations('>=', 2)).findings, []);
  });

  it('are unknown outside step rules', () => {
    for (const expression of [tried('>=', 0), organisations('>=', 0)])
      assert.equal(compileExpression(expression, CONTEXT)(scopeOf([])).result, 'unknown');
  });

  it('are told from the others', () => {
    assert.ok(isStepExpression(tried('>=', 1)));
    assert.ok(isStepExpression(organisations('>=', 1)));
    assert.ok(!isStepExpression({ op: 'true' }));
  });
});
