// The text form of the expression language: text -> Expression, every fault with its offset. Must not evaluate anything.

import type { Expression, SetOperator } from '../pain/expression.js';
import { CATEGORIES, type Category, type EvidenceKind, type Grade } from '../pain/terms.js';
import { type Cursor, createCursor, ExpressionFault } from './expression-cursor.js';
import type { ExpressionNames } from './expression-names.js';
import { parseSafetyTerm, SAFETY_OPERATORS } from './parse-safety-term.js';
import { parseStepTerm, STEP_OPERATORS } from './parse-step-term.js';

const SET_OPERATORS = new Set([
  'has',
  'had',
  'positive',
  'report',
  'med',
  'procedure',
  'undated',
  'started',
  'sameSite',
]);
const LABEL_OPERATORS = new Set(['syndrome', 'subtype', 'stage']);
const CATEGORY_IDS: ReadonlySet<string> = new Set(CATEGORIES);
const KINDS = new Set([
  'dx',
  'source',
  'history',
  'exam',
  'imaging',
  'lab',
  'scale',
  'course',
  'any',
]);
const GRADES = new Set(['possible', 'probable', 'definite']);
const SEXES = new Set(['female', 'male']);

/** One category of the closed list in parentheses. */
const categoryIn = (cursor: Cursor): Category => {
  cursor.expect('(');
  const category = cursor.oneOf('category', CATEGORY_IDS) as Category;
  cursor.expect(')');
  return category;
};

const limitFor = (cursor: Cursor, names: ExpressionNames, sets: readonly string[]): number => {
  const { value, unit, offset } = cursor.measured();
  const limits = sets.map((set) => names.toCanonical(set, value, unit));
  const [first] = limits;
  if (first === undefined || limits.some((limit) => limit !== first)) {
    throw new ExpressionFault(`unit "${unit}" is not listed alike for ${sets.join(', ')}`, offset);
  }
  return first;
};

interface Window {
  withinDays?: number;
  olderThanDays?: number;
  fresh?: true;
}

/** `within 90d`, `olderThan 365d` or `fresh`, where one follows. */
const windowOf = (cursor: Cursor, names: ExpressionNames, sets: readonly string[]): Window => {
  if (cursor.accept('within')) return { withinDays: cursor.days() };
  if (cursor.accept('olderThan')) return { olderThanDays: cursor.days() };
  if (!cursor.accept('fresh')) return {};
  const unlisted = sets.find((set) => !names.hasFreshness?.(set));
  if (unlisted !== undefined) throw cursor.fault(`no freshness window for "${unlisted}"`);
  return { fresh: true };
};

/** `(set` of the operators that take one set and more. */
const openSet = (cursor: Cursor, names: ExpressionNames): string => {
  cursor.expect('(');
  const { text, type } = cursor.token();
  if (type === 'name' && !names.hasSet(text))
    throw cursor.fault(`code set "${text}" is not in the closed list`);
  return cursor.name();
};

const rangeOf = (cursor: Cursor, names: ExpressionNames, op: 'high' | 'low'): Expression => {
  const sets = [openSet(cursor, names)];
  const limit = cursor.accept(',') ? { limit: limitFor(cursor, names, sets) } : {};
  cursor.expect(')');
  return { op, sets, ...limit, ...windowOf(cursor, names, sets) };
};

const highForAgeOf = (cursor: Cursor, names: ExpressionNames): Expression => {
  const sets = [openSet(cursor, names)];
  cursor.expect(',');
  const perYear = cursor.number();
  cursor.expect(',');
  const plus = cursor.number();
  cursor.expect(')');
  return { op: 'highForAge', sets, perYear, plus, ...windowOf(cursor, names, sets) };
};

const itemsOf = (cursor: Cursor): Expression => {
  cursor.expect('(');
  const kind = cursor.oneOf('kind', KINDS) as EvidenceKind | 'any';
  cursor.expect(',');
  const weight = cursor.number();
  cursor.expect(')');
  return { op: 'items', kind, weight, compare: cursor.comparison(), limit: cursor.number() };
};

const kindsOf = (cursor: Cursor): Expression => {
  cursor.expect('(');
  const weight = cursor.number();
  cursor.expect(')');
  return { op: 'kinds', weight, compare: cursor.comparison(), limit: cursor.number() };
};

/** Operators without expressions inside; undefined when the word is none of them. */
const termOf = (cursor: Cursor, names: ExpressionNames, op: string): Expression | undefined => {
  if (SET_OPERATORS.has(op)) {
    const sets = cursor.listed('code set', names.hasSet);
    const window = windowOf(cursor, names, sets);
    if (op === 'started' && window.withinDays === undefined) throw cursor.fault('within expected');
    return { op: op as SetOperator, sets, ...window };
  }
  if (LABEL_OPERATORS.has(op)) {
    const label = op as 'syndrome' | 'subtype' | 'stage';
    return { op: label, ids: cursor.listed(label, (id) => names.hasLabel(label, id)) };
  }
  if (SAFETY_OPERATORS.has(op)) return parseSafetyTerm(cursor, names, op);
  if (STEP_OPERATORS.has(op)) return parseStepTerm(cursor, op);
  switch (op) {
    case 'true':
      return { op: 'true' };
    case 'value': {
      const sets = cursor.listed('code set', names.hasSet);
      const compare = cursor.comparison();
      const limit = limitFor(cursor, names, sets);
      return { op: 'value', sets, compare, limit, ...windowOf(cursor, names, sets) };
    }
    case 'high':
    case 'low':
      return rangeOf(cursor, names, op);
    case 'site':
    case 'region':
      return { op, regions: cursor.listed('body region', names.hasRegion) };
    case 'category': {
      const category = categoryIn(cursor);
      cursor.expect('>=');
      return { op: 'category', category, atLeast: cursor.oneOf('grade', GRADES) as Grade };
    }
    case 'leading':
      return { op: 'leading', category: categoryIn(cursor) };
    case 'age':
    case 'intensity':
      return { op, compare: cursor.comparison(), limit: cursor.number() };
    case 'duration':
      return { op: 'duration', compare: cursor.comparison(), limit: cursor.days() };
    case 'sex':
      cursor.expect('=');
      return { op: 'sex', is: cursor.oneOf('sex', SEXES) as 'female' | 'male' };
    case 'nonPainful':
      return { op };
    case 'highForAge':
      return highForAgeOf(cursor, names);
    case 'painEvidence':
      return cursor.accept('within') ? { op, withinDays: cursor.days() } : { op };
    case 'items':
      return itemsOf(cursor);
    case 'kinds':
      return kindsOf(cursor);
    case 'unknown':
    case 'confirmed': {
      const [id = ''] = cursor.listed('criterion', names.hasCriterion);
      return { op, id };
    }
    default:
      return names.hasCriterion(op) ? { op: 'criterion', id: op } : names.definition?.(op);
  }
};

/** Parses one expression. Throws ExpressionFault at the first fault. */
export const parseExpression = (text: string, names: ExpressionNames): Expression => {
  const cursor = createCursor(text);
  const atom = (): Expression => {
    if (cursor.accept('(')) {
      const inner = disjunction();
      cursor.expect(')');
      return inner;
    }
    const { text: word, offset } = cursor.token();
    const op = cursor.name();
    if (op === 'missing') {
      cursor.expect('(');
      const term = disjunction();
      cursor.expect(')');
      return { op, term };
    }
    if (op === 'count') {
      cursor.expect('(');
      const terms: Expression[] = [];
      do terms.push(disjunction());
      while (cursor.accept(','));
      cursor.expect(')');
      return { op, terms, compare: cursor.comparison(), limit: cursor.number() };
    }
    const term = termOf(cursor, names, op);
    if (term) return term;
    throw new ExpressionFault(`"${word}" is neither an operator nor a criterion`, offset);
  };
  const negation = (): Expression =>
    cursor.accept('not') ? { op: 'not', term: negation() } : atom();
  const chain = (op: 'and' | 'or', next: () => Expression): Expression => {
    const first = next();
    const terms = [first];
    while (cursor.accept(op)) terms.push(next());
    return terms.length === 1 ? first : { op, terms };
  };
  const conjunction = (): Expression => chain('and', negation);
  const disjunction = (): Expression => chain('or', conjunction);

  const expression = disjunction();
  const { text: rest, type } = cursor.token();
  if (type !== 'end') throw cursor.fault(`"${rest}" is not expected here`);
  return expression;
};
