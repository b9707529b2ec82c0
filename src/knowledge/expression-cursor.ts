// The tokens of one expression and how a parser walks them, every fault with its offset. Must not know operators.

import type { Comparison } from '../pain/expression.js';

/** A fault in an expression; `offset` counts characters from its start. */
export class ExpressionFault extends Error {
  readonly offset: number;
  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

/** One word, number or sign. */
export interface Token {
  readonly text: string;
  readonly offset: number;
  readonly type: 'name' | 'number' | 'sign' | 'end';
}

/** Words that are never names. */
const KEYWORDS = new Set(['and', 'or', 'not', 'within', 'fresh', 'olderThan', 'over']);
const TOKEN = /\s*(?:([A-Za-z][A-Za-z0-9.-]*)|(\d+(?:\.\d+)?)|(<=|>=|<|>|=|\(|\)|,))/y;
const UNIT = /\s*([A-Za-z%[{/][^\s(),]*(?:\{[^}]*\})?|10\*[^\s(),]*|1(?=\s|\)|,|$))/y;

/** A place in an expression's text, with the steps every operator is read by. */
export interface Cursor {
  /** The token to be read next. */
  readonly token: () => Token;
  readonly fault: (message: string) => ExpressionFault;
  /** Reads the word or sign if it comes next. */
  readonly accept: (sign: string) => boolean;
  readonly expect: (sign: string) => void;
  readonly name: () => string;
  readonly number: () => number;
  /** A list in parentheses, each name in the closed list. */
  readonly listed: (what: string, isListed: (id: string) => boolean) => string[];
  readonly oneOf: (what: string, allowed: ReadonlySet<string>) => string;
  readonly comparison: () => Comparison;
  /** `90d` */
  readonly days: () => number;
  /** A number with its unit, which is read raw: UCUM units are not tokens of this language. */
  readonly measured: () => {
    readonly value: number;
    readonly unit: string;
    readonly offset: number;
  };
}

/** Puts a cursor at the start of a text. */
export const createCursor = (text: string): Cursor => {
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
  advance();
  return {
    token: () => token,
    fault,
    accept,
    expect,
    name,
    number,
    listed: (what, isListed) => {
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
    },
    oneOf: (what, allowed) => {
      if (!allowed.has(token.text))
        throw fault(`${what} "${token.text}" is not in the closed list`);
      return name();
    },
    comparison: () => {
      const sign = token.text;
      if (sign !== '<' && sign !== '<=' && sign !== '>' && sign !== '>=' && sign !== '=') {
        throw fault('a comparison expected');
      }
      advance();
      return sign;
    },
    days: () => {
      const value = number();
      if (token.text !== 'd') throw fault('days expected, for example 90d');
      advance();
      return value;
    },
    measured: () => {
      if (token.type !== 'number') throw fault('a number expected');
      const { offset } = token;
      const value = Number(token.text);
      UNIT.lastIndex = position;
      const raw = UNIT.exec(text)?.[1];
      const isUnit = raw !== undefined && !KEYWORDS.has(raw);
      if (isUnit) position = UNIT.lastIndex;
      advance();
      return { value, unit: isUnit ? raw : '1', offset };
    },
  };
};
