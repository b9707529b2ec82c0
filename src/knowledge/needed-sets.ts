// Which code sets an expression cannot do without, or is unknown without: a cheap question before a dear one. Must not judge.
import type { Expression } from '../pain/expression.js';

/**
 * Groups of sets of which each needs a finding for the expression to be met; none where it can be met without any.
 * A part that may hold by itself (an age, a place, something missing) asks for no set.
 */
export const neededSets = (expression: Expression): readonly (readonly string[])[] => {
  if ('sets' in expression) return [expression.sets];
  if (expression.op === 'and') return expression.terms.flatMap(neededSets);
  if (expression.op !== 'or') return [];
  const groups = expression.terms.map(neededSets);
  return groups.some((group) => group.length === 0)
    ? []
    : [groups.flatMap((group) => group.flat())];
};

/** Operators over the findings that count for a pain: unknown while none is recorded. */
const OVER_FINDINGS: ReadonlySet<Expression['op']> = new Set([
  'has',
  'had',
  'positive',
  'report',
  'med',
  'procedure',
  'undated',
  'started',
  'value',
  'high',
  'low',
  'highForAge',
]);

/**
 * Sets without any of which a criterion's expression is unknown, whoever the patient is; undefined where it may be
 * decided without them.
 */
export const decidingSets = (expression: Expression): readonly string[] | undefined => {
  if ('sets' in expression) return OVER_FINDINGS.has(expression.op) ? expression.sets : undefined;
  if (expression.op === 'not') return decidingSets(expression.term);
  if (expression.op !== 'and' && expression.op !== 'or') return undefined;
  const sets: string[] = [];
  for (const term of expression.terms) {
    const more = decidingSets(term);
    if (!more) return undefined;
    sets.push(...more);
  }
  return sets;
};
