// The operators that step rules add to the language: text -> Expression. Must not evaluate anything.
import type { Expression, TriedAs } from '../pain/expression.js';
import type { Cursor } from './expression-cursor.js';

/** Words this file reads. */
export const STEP_OPERATORS: ReadonlySet<string> = new Set([
  'tried',
  'triedProcedure',
  'organisations',
]);

const RESULTS: Readonly<Record<TriedAs, true>> = {
  'adequate-failed': true,
  intolerance: true,
  contraindicated: true,
  inadequate: true,
  ongoing: true,
  'not-documented': true,
  helped: true,
  partial: true,
};

/** Reads the rest of a step operator whose word was just read. */
export const parseStepTerm = (cursor: Cursor, op: string): Expression => {
  if (op === 'organisations') return { op, compare: cursor.comparison(), limit: cursor.number() };
  const what = cursor.listed('result of a trial', (id) => Object.hasOwn(RESULTS, id));
  return {
    op: 'tried',
    what: what as readonly TriedAs[],
    of: op === 'tried' ? 'class' : 'procedure',
    compare: cursor.comparison(),
    limit: cursor.number(),
  };
};
