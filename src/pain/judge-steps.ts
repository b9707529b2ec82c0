// The operators only step rules use: how many classes were tried with which result, and how many organisations gave care. Must not know what follows.
import type { Comparison, Expression } from './expression.js';
import { compareMeasure } from './judge-findings.js';
import { type Judge, plain, UNKNOWN } from './scope.js';

type StepOperator = 'tried' | 'organisations';

/** Expressions this file judges. */
export type StepExpression = Extract<Expression, { readonly op: StepOperator }>;

/** Whether the expression is one of this file. */
export const isStepExpression = (expression: Expression): expression is StepExpression =>
  expression.op === 'tried' || expression.op === 'organisations';

const compare = (low: number, high: number, comparison: Comparison, limit: number) =>
  compareMeasure(
    { low, high, lowOpen: false, highOpen: false, unit: '1', text: '' },
    comparison,
    limit,
  );

/** The judge of an operator of step rules; unknown outside them. */
export const stepJudge = (expression: StepExpression): Judge => {
  const { compare: comparison, limit } = expression;
  if (expression.op === 'organisations')
    return ({ steps }) => {
      if (!steps) return UNKNOWN;
      const { size } = steps.organisations;
      // Care that is not on record may be anywhere: the number can only be higher.
      return plain[compare(size, Number.POSITIVE_INFINITY, comparison, limit)];
    };
  const { what, of } = expression;
  return ({ steps }) => {
    if (!steps) return UNKNOWN;
    const { low, high, findings } = steps.tried(what, of);
    const result = compare(low, high, comparison, limit);
    return findings.length === 0 ? plain[result] : { result, findings, weight: 0 };
  };
};
