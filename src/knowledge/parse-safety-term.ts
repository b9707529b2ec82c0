// The operators that safety checks add to the language: text -> Expression. Must not evaluate anything.

import { type Expression, URGENCIES, type Urgency } from '../pain/expression.js';
import type { Cursor } from './expression-cursor.js';
import type { ExpressionNames } from './expression-names.js';

/** Words this file reads. */
export const SAFETY_OPERATORS: ReadonlySet<string> = new Set([
  'allergy',
  'severeAllergy',
  'intolerance',
  'allergyRecorded',
  'crcl',
  'mme',
  'gestation',
  'candidate',
  'continuing',
  'openFlag',
  'rule',
  'times',
  'fell',
]);

/** `allergy(candidate)` means the candidate's own sets. */
const OWN = 'candidate';

const allergyOf = (
  cursor: Cursor,
  names: ExpressionNames,
  op: 'allergy' | 'severeAllergy' | 'intolerance',
): Expression => {
  const listed = cursor.listed('code set', (set) => set === OWN || names.hasSet(set));
  const sets = listed.filter((set) => set !== OWN);
  return { op, sets, ofCandidate: listed.length > sets.length };
};

/** Reads the rest of a safety operator whose word was just read; undefined when the word is none. */
export const parseSafetyTerm = (
  cursor: Cursor,
  names: ExpressionNames,
  op: string,
): Expression | undefined => {
  switch (op) {
    case 'allergy':
    case 'severeAllergy':
    case 'intolerance':
      return allergyOf(cursor, names, op);
    case 'allergyRecorded':
    case 'continuing':
      return { op };
    case 'crcl':
    case 'gestation':
      return { op, compare: cursor.comparison(), limit: cursor.number() };
    case 'mme': {
      const compare = cursor.comparison();
      const limit = cursor.number();
      return { op, compare, limit, ...(cursor.accept('over') && { overDays: cursor.days() }) };
    }
    case 'candidate':
      return {
        op,
        ids: cursor.listed(
          'treatment, agent or trait',
          (id) => names.hasCandidate?.(id) ?? names.hasSet(id),
        ),
      };
    case 'openFlag': {
      const urgencies = cursor.listed('urgency', (id) => URGENCIES.some((one) => one === id));
      return { op, urgencies: urgencies as Urgency[] };
    }
    case 'rule':
      return { op, ids: cursor.listed('safety rule', (id) => names.hasRule?.(id) ?? false) };
    case 'times': {
      const sets = cursor.listed('code set', names.hasSet);
      const compare = cursor.comparison();
      const limit = cursor.number();
      return {
        op,
        sets,
        compare,
        limit,
        ...(cursor.accept('within') && { withinDays: cursor.days() }),
      };
    }
    case 'fell': {
      const sets = cursor.listed('code set', names.hasSet);
      cursor.expect('>=');
      const percent = cursor.number();
      cursor.expect('within');
      return { op, sets, percent, withinDays: cursor.days() };
    }
    default:
      return undefined;
  }
};
