// Judges one expression over findings, and tables of what it must answer. Must not know knowledge.
import assert from 'node:assert/strict';
import type { Expression } from '../../src/pain/expression.js';
import type { Truth } from '../../src/pain/fhir-date.js';
import type { Finding } from '../../src/pain/finding.js';
import { compileExpression } from '../../src/pain/judge.js';
import type { JudgeContext } from '../../src/pain/judge-findings.js';
import type { Judgement, Scope } from '../../src/pain/scope.js';
import { scopeOf } from './findings.js';

/** No windows of freshness; numbers as in `cards/settings.yaml`. */
export const CONTEXT: JudgeContext = {
  freshness: new Map(),
  prescriptionDays: 365,
  unconfirmedWeight: 1,
};

/** Compiles the expression and judges it. */
export const judge = (
  expression: Expression,
  findings: readonly Finding[],
  more: Partial<Scope> = {},
  context: JudgeContext = CONTEXT,
): Judgement => compileExpression(expression, context)(scopeOf(findings, more));

/** One test a row. */
export const judgesAs = (
  rows: readonly (readonly [
    situation: string,
    expression: Expression,
    findings: readonly Finding[],
    truth: Truth,
  ])[],
): void => {
  for (const [situation, expression, findings, truth] of rows) {
    it(`is ${truth} for ${situation}`, () => {
      assert.equal(judge(expression, findings).result, truth);
    });
  }
};
