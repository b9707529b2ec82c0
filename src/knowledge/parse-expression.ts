// The text form of the expression language: text -> Expression, every fault with its offset. Must not evaluate anything.

import type { Comparison, Expression, SetOperator } from '../pain/expression.js';
import type { Category, EvidenceKind, Grade } from '../pain/terms.js';

/** The closed lists an expression may name, and how a limit is brought to the canonical unit of its analyte. */
export interface ExpressionNames {
  readonly hasSet: (set: string) => boolean;
  readonly hasRegion: (region: string) => boolean;
  /** Ids of criteria the expression may refer to. */
  readonly hasCriterion: (id: string) => boolean;
  /** Subtypes, syndromes and stages of the closed lists. */
  readonly hasLabel: (op: 'syndrome' | 'subtype' | 'stage', id: string) => boolean;
  /** The limit in the canonical unit of the set's analyte; undefined when the unit is not listed for it. */
  readonly toCanonical: (set: string, limit: number, unit: string) => number | undefined;
}

/** A fault in an expression; `offset` counts characters from its start. */
export class ExpressionFault extends Error {
  readonly offset: number;
  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

interface Token {
  readonly text: string;
  readonly offset: number;
  readonly type: 'name' | 'number' | 'sign' | 'end';
}

const KEYWORDS = new Set(['and', 'or', 'not', 'within']);
const SET_OPERATORS = new Set([
  'has',
  'had',
  'positive',
  'report',
  'med',
  'procedure',
  'undated',
  'sameSite',
]);
const LABEL_OPERATORS = new Set(['syndrome', 'subtype', 'stage']);
const CATEGORIES = new Set([
  'inflammatory',
  'neuropathic',
  'cancer',
  'spasmodic',
  'psychogenic',
  'other',
]);
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
const TOKEN = /\s*(?:([A-Za-z][A-Za-z0-9.-]*)|(\d+(?:\.\d+)?)|(<=|>=|<|>|=|\(|\)|,))/y;
const UNIT = /\s*([A-Za-z%[{/][^\s(),]*(?:\{[^}]*\})?|10\*[^\s(),]*|1(?=\s|\)|,|$))/y;

/** Parses one expression. Throws ExpressionFault at the first fault. */
export const parseExpression = (text: string, names: ExpressionNames): Expression => {
  let position = 0;
  let token: Token = { text: '', offset: 0, type: 'end' };

  const advance = (): void => {
    TOKEN.lastIndex = position;
    const match = TOKEN.exec(text);
    if (!match) {
      const rest = text.slice(position).trimStart();
      if (rest) {
        throw new ExpressionFault(
          `cannot read "${rest.trimEnd().slice(0, 20)}"`,
          text.length - rest.length,
        );
      }
      token = { text: '', offset: text.length, type: 'end' };
      return;
    }
    position = TOKEN.lastIndex;
    const found = match[1] ?? match[2] ?? match[3] ?? '';
    const type = match[1] ? 'name' : match[2] ? 'number' : 'sign';
    token = { text: found, offset: position - found.length, type };
  };
  const fault = (message: string): ExpressionFault => new ExpressionFault(message, token.offset);
  const accept = (sign: string): boolean => {
    if (token.text !== sign || token.type === 'number') return false;
    advance();
    return true;
  };
  const expect = (sign: string): void => {
    if (!accept(sign)) throw fault(`"${sign}" expected instead of "${token.text || 'the end'}"`);
  };
  const name = (): string => {
    if (token.type !== 'name' || KEYWORDS.has(token.text)) throw fault('a name expected');
    const { text: found } = token;
    advance();
    return found;
  };
  const number = (): number => {
    if (token.type !== 'number') throw fault('a number expected');
    const value = Number(token.text);
    advance();
    return value;
  };
  const listed = (what: string, isListed: (id: string) => boolean): string[] => {
    expect('(');
    const found: string[] = [];
    do {
      if (token.type === 'name' && !isListed(token.text)) {
        throw fault(`${what} "${token.text}" is not in the closed list`);
      }
      found.push(name());
    } while (accept(','));
    expect(')');
    return found;
  };
  const oneOf = (what: string, allowed: ReadonlySet<string>): string => {
    if (!allowed.has(token.text)) throw fault(`${what} "${token.text}" is not in the closed list`);
    return name();
  };
  const comparison = (): Comparison => {
    const sign = token.text;
    if (sign !== '<' && sign !== '<=' && sign !== '>' && sign !== '>=' && sign !== '=') {
      throw fault('a comparison expected');
    }
    advance();
    return sign;
  };
  const days = (): number => {
    const value = number();
    if (token.text !== 'd') throw fault('days expected, for example 90d');
    advance();
    return value;
  };
  const within = (): { withinDays?: number } => (accept('within') ? { withinDays: days() } : {});
  /** A number with its unit, which is read raw: UCUM units are not tokens of this language. */
  const limitFor = (sets: readonly string[]): number => {
    if (token.type !== 'number') throw fault('a number expected');
    const { offset } = token;
    const value = Number(token.text);
    UNIT.lastIndex = position;
    const match = UNIT.exec(text);
    const raw = match?.[1];
    const unit = raw && !KEYWORDS.has(raw) ? raw : '1';
    if (raw && !KEYWORDS.has(raw)) position = UNIT.lastIndex;
    advance();
    const limits = sets.map((set) => names.toCanonical(set, value, unit));
    const [first] = limits;
    if (first === undefined || limits.some((limit) => limit !== first)) {
      throw new ExpressionFault(
        `unit "${unit}" is not listed alike for ${sets.join(', ')}`,
        offset,
      );
    }
    return first;
  };

  const valueComparison = (): Expression => {
    const sets = listed('code set', names.hasSet);
    const compare = comparison();
    return { op: 'value', sets, compare, limit: limitFor(sets), ...within() };
  };
  const rangeOf = (op: 'high' | 'low'): Expression => {
    expect('(');
    if (token.type === 'name' && !names.hasSet(token.text)) {
      throw fault(`code set "${token.text}" is not in the closed list`);
    }
    const sets = [name()];
    const limit = accept(',') ? { limit: limitFor(sets) } : {};
    expect(')');
    return { op, sets, ...limit, ...within() };
  };
  const highForAgeOf = (): Expression => {
    expect('(');
    if (token.type === 'name' && !names.hasSet(token.text)) {
      throw fault(`code set "${token.text}" is not in the closed list`);
    }
    const sets = [name()];
    expect(',');
    const perYear = number();
    expect(',');
    const plus = number();
    expect(')');
    return { op: 'highForAge', sets, perYear, plus, ...within() };
  };
  const countOf = (): Expression => {
    expect('(');
    const terms: Expression[] = [];
    do terms.push(disjunction());
    while (accept(','));
    expect(')');
    return { op: 'count', terms, compare: comparison(), limit: number() };
  };
  const itemsOf = (): Expression => {
    expect('(');
    const kind = oneOf('kind', KINDS) as EvidenceKind | 'any';
    expect(',');
    const weight = number();
    expect(')');
    return { op: 'items', kind, weight, compare: comparison(), limit: number() };
  };
  const kindsOf = (): Expression => {
    expect('(');
    const weight = number();
    expect(')');
    return { op: 'kinds', weight, compare: comparison(), limit: number() };
  };
  const categoryOf = (): Expression => {
    expect('(');
    const category = oneOf('category', CATEGORIES) as Category;
    expect(')');
    expect('>=');
    return { op: 'category', category, atLeast: oneOf('grade', GRADES) as Grade };
  };
  const sexOf = (): Expression => {
    expect('=');
    return { op: 'sex', is: oneOf('sex', new Set(['female', 'male'])) as 'female' | 'male' };
  };
  const criterionIn = (op: 'unknown' | 'confirmed'): Expression => {
    const [id = ''] = listed('criterion', names.hasCriterion);
    return { op, id };
  };
  const durationOf = (): Expression => {
    const compare = comparison();
    return { op: 'duration', compare, limit: days() };
  };

  const atom = (): Expression => {
    if (accept('(')) {
      const inner = disjunction();
      expect(')');
      return inner;
    }
    const { text: word, offset } = token;
    const op = name();
    if (SET_OPERATORS.has(op)) {
      return { op: op as SetOperator, sets: listed('code set', names.hasSet), ...within() };
    }
    if (LABEL_OPERATORS.has(op)) {
      const label = op as 'syndrome' | 'subtype' | 'stage';
      return { op: label, ids: listed(label, (id) => names.hasLabel(label, id)) };
    }
    switch (op) {
      case 'true':
        return { op: 'true' };
      case 'value':
        return valueComparison();
      case 'high':
      case 'low':
        return rangeOf(op);
      case 'site':
      case 'region':
        return { op, regions: listed('body region', names.hasRegion) };
      case 'category':
        return categoryOf();
      case 'age':
      case 'intensity':
        return { op, compare: comparison(), limit: number() };
      case 'duration':
        return durationOf();
      case 'sex':
        return sexOf();
      case 'nonPainful':
        return { op };
      case 'highForAge':
        return highForAgeOf();
      case 'painEvidence':
        return { op: 'painEvidence', ...within() };
      case 'count':
        return countOf();
      case 'items':
        return itemsOf();
      case 'kinds':
        return kindsOf();
      case 'missing': {
        expect('(');
        const term = disjunction();
        expect(')');
        return { op, term };
      }
      case 'unknown':
      case 'confirmed':
        return criterionIn(op);
      default:
        if (names.hasCriterion(op)) return { op: 'criterion', id: op };
        throw new ExpressionFault(`"${word}" is neither an operator nor a criterion`, offset);
    }
  };
  const negation = (): Expression => (accept('not') ? { op: 'not', term: negation() } : atom());
  const chain = (op: 'and' | 'or', next: () => Expression): Expression => {
    const first = next();
    const terms = [first];
    while (accept(op)) terms.push(next());
    return terms.length === 1 ? first : { op, terms };
  };
  const conjunction = (): Expression => chain('and', negation);
  const disjunction = (): Expression => chain('or', conjunction);

  advance();
  const expression = disjunction();
  if (token.type !== 'end') throw fault(`"${token.text}" is not expected here`);
  return expression;
};
