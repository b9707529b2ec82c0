// Which code sets an expression cannot do without: a cheap question before a dear one. Must not judge.
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
