// Property 17 of security.md 3.4: around every limit that cards/ compare a result with, the answer flips once and the right way.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import type { Comparison, Expression } from '../../src/pain/expression.js';
import { compileExpression } from '../../src/pain/judge.js';
import { plain, type Scope } from '../../src/pain/scope.js';
import { CARDS, finding, measure, on, scopeOf } from '../support/findings.js';
import { CONTEXT } from '../support/judging.js';

const COMPARED = /(value\([a-z0-9-]+\)|intensity|age|crcl|mme) (<=|>=|<|>) (\d+(?:\.\d+)?)/g;
const isComparison = (text: string): text is Comparison => ['<', '<=', '>=', '>'].includes(text);

/** Every comparison with a number that a file below cards/ makes, each once. */
const comparisons = (): readonly (readonly [Comparison, number])[] => {
  const texts = readdirSync(CARDS, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.yaml'))
    .map((path) => readFileSync(`${CARDS}/${path}`, 'utf8'));
  const found = new Map<string, readonly [Comparison, number]>();
  for (const text of texts)
    for (const [, , compare = '', limit = ''] of text.matchAll(COMPARED))
      if (isComparison(compare)) found.set(`${compare} ${limit}`, [compare, Number(limit)]);
  return [...found.values()];
};

/** The next number a computer can tell apart, up or down. */
const neighbour = (value: number, step: 1 | -1): number => {
  if (value === 0) return step * Number.MIN_VALUE;
  const bits = new BigInt64Array(new Float64Array([value]).buffer);
  bits[0] = (bits[0] ?? 0n) + BigInt(step);
  return new Float64Array(bits.buffer)[0] ?? value;
};

type Compared = 'value' | 'age' | 'intensity' | 'crcl' | 'mme';

const derived = (value: number) => () => ({
  measure: measure(value),
  findings: [],
  standIn: false,
});
/** A patient of whom everything that can be compared has the value. */
const scopeWith = (value: number): Scope =>
  scopeOf(
    [finding('s', { source: 'observation', measure: measure(value), effective: on('2026-11-20') })],
    {
      ageYears: value,
      pain: {
        regions: [],
        recordedRegions: [],
        isAtSite: () => true,
        painDates: [],
        intensityNrs: value,
      },
      safety: {
        candidate: { names: new Set(), classSets: [], allergySets: [] },
        openFlags: [],
        allergyRecorded: true,
        rule: () => plain.unknown,
        creatinineClearance: derived(value),
        morphineEquivalents: derived(value),
        gestationWeeks: derived(value),
      },
    },
  );
const expressionOf = (op: Compared, compare: Comparison, limit: number): Expression =>
  op === 'value' ? { op, sets: ['s'], compare, limit } : { op, compare, limit };

describe('a limit of cards/', () => {
  const all = comparisons();

  it('is found in expressions', () => {
    assert.ok(all.length > 50);
  });

  for (const [compare, limit] of all) {
    it(`flips the answer once: ${compare} ${limit}`, () => {
      const values = [neighbour(limit, -1), limit, neighbour(limit, 1)];

      const [below, at, above] = {
        '<': ['met', 'notMet', 'notMet'],
        '<=': ['met', 'met', 'notMet'],
        '>=': ['notMet', 'met', 'met'],
        '>': ['notMet', 'notMet', 'met'],
      }[compare as '<' | '<=' | '>=' | '>'] as [string, string, string];
      for (const op of ['value', 'age', 'intensity', 'crcl', 'mme'] as const) {
        const judge = compileExpression(expressionOf(op, compare, limit), CONTEXT);
        const walk = values.map((value) => judge(scopeWith(value)).result);
        assert.deepEqual(walk, [below, at, above], op);
      }
    });
  }
});
