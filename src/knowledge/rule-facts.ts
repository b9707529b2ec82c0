// What can be said of a rule's expression without a patient: what it reads, what it comes to when nothing is recorded. Must not know rules.

import { type Expression, walkExpression } from '../pain/expression.js';
import type { RecordsRead } from '../pain/scope.js';

type Truth = 'met' | 'notMet' | 'unknown';

/** What an expression reads and depends on. */
export interface RuleFacts {
  readonly reads: readonly string[];
  readonly records: readonly (keyof RecordsRead)[];
  readonly whenEmpty: Truth | undefined;
  readonly asksCandidate: boolean;
  readonly asksPain: boolean;
}

/** The records whose absence decides an operator. */
const RECORDS = new Map<Expression['op'], keyof RecordsRead>([
  ['has', 'condition'],
  ['had', 'condition'],
  ['undated', 'condition'],
  ['med', 'medication'],
  ['started', 'medication'],
  ['procedure', 'procedure'],
  ['report', 'report'],
  ['allergy', 'allergy'],
  ['severeAllergy', 'allergy'],
  ['intolerance', 'allergy'],
]);
/** Operators over results: nothing recorded is unknown. */
const RESULTS: ReadonlySet<Expression['op']> = new Set([
  'value',
  'high',
  'low',
  'highForAge',
  'positive',
  'fell',
]);
const OF_CANDIDATE: ReadonlySet<Expression['op']> = new Set(['candidate', 'continuing', 'rule']);
const OF_PAIN: ReadonlySet<Expression['op']> = new Set([
  'site',
  'region',
  'sameSite',
  'syndrome',
  'subtype',
  'stage',
  'category',
  'leading',
  'intensity',
  'duration',
  'nonPainful',
  'painEvidence',
  'criterion',
  'unknown',
  'confirmed',
  'items',
  'kinds',
  'rule',
]);

/** The result with nothing recorded in any set and all records read; undefined where something else decides. */
const whenEmptyOf = (expression: Expression): Truth | undefined => {
  const { op } = expression;
  if ('ofCandidate' in expression && expression.ofCandidate) return undefined;
  if (RECORDS.has(op)) return 'notMet';
  if (RESULTS.has(op)) return 'unknown';
  if (op === 'true') return 'met';
  if (op === 'and' || op === 'or') {
    const terms = expression.terms.map(whenEmptyOf);
    const decisive = op === 'and' ? 'notMet' : 'met';
    if (terms.includes(decisive)) return decisive;
    if (terms.includes(undefined)) return undefined;
    return terms.includes('unknown') ? 'unknown' : op === 'and' ? 'met' : 'notMet';
  }
  if (op === 'not') {
    const term = whenEmptyOf(expression.term);
    return term === 'met' ? 'notMet' : term === 'notMet' ? 'met' : term;
  }
  if (op === 'missing') {
    const term = whenEmptyOf(expression.term);
    return term === undefined ? undefined : term === 'unknown' ? 'met' : 'notMet';
  }
  return undefined;
};

/** Reads the facts off an expression; undefined stands for a rule without one. */
export const factsOf = (expression: Expression | undefined): RuleFacts => {
  const reads = new Set<string>();
  const records = new Set<keyof RecordsRead>();
  let asksCandidate = false;
  let asksPain = false;
  if (expression)
    walkExpression(expression, (node) => {
      if ('sets' in node) for (const set of node.sets) reads.add(set);
      const record = RECORDS.get(node.op);
      if (record) records.add(record);
      asksCandidate ||= OF_CANDIDATE.has(node.op) || ('ofCandidate' in node && node.ofCandidate);
      asksPain ||= OF_PAIN.has(node.op);
    });
  const whenEmpty = expression ? whenEmptyOf(expression) : 'notMet';
  return { reads: [...reads], records: [...records], whenEmpty, asksCandidate, asksPain };
};
