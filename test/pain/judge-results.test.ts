// Operators that ask for results: met, notMet, unknown and both sides of its boundary.
import assert from 'node:assert/strict';
import type { Comparison, Expression } from '../../src/pain/expression.js';
import type { Truth } from '../../src/pain/fhir-date.js';
import type { Finding } from '../../src/pain/finding.js';
import { compareMeasure } from '../../src/pain/judge-findings.js';
import { finding, match, measure, on } from '../support/findings.js';
import { judgesAs } from '../support/judging.js';

const result = (value: number | undefined, more: Partial<Finding> = {}): Finding =>
  finding('s', {
    source: 'observation',
    effective: on('2026-11-20'),
    ...(value !== undefined && { measure: measure(value) }),
    ...more,
  });

describe('compareMeasure', () => {
  const Infinite = Number.POSITIVE_INFINITY;
  const five = measure(5);
  const below5 = measure(-Infinite, 5, { highOpen: true });
  const upTo5 = measure(-Infinite, 5);
  const above5 = measure(5, Infinite, { lowOpen: true });
  const from5 = measure(5, Infinite);
  const rows: readonly (readonly [
    string,
    Parameters<typeof compareMeasure>[0],
    Comparison,
    number,
    Truth,
  ])[] = [
    ['5 > 4.9', five, '>', 4.9, 'met'],
    ['5 > 5', five, '>', 5, 'notMet'],
    ['5 >= 5', five, '>=', 5, 'met'],
    ['5 >= 5.1', five, '>=', 5.1, 'notMet'],
    ['5 < 5', five, '<', 5, 'notMet'],
    ['5 < 5.1', five, '<', 5.1, 'met'],
    ['5 <= 5', five, '<=', 5, 'met'],
    ['5 <= 4.9', five, '<=', 4.9, 'notMet'],
    ['5 = 5', five, '=', 5, 'met'],
    ['5 = 6', five, '=', 6, 'notMet'],
    ['<5 < 5', below5, '<', 5, 'met'],
    ['<5 < 4', below5, '<', 4, 'unknown'],
    ['<5 >= 5', below5, '>=', 5, 'notMet'],
    ['<5 > 4', below5, '>', 4, 'unknown'],
    ['<5 = 5', below5, '=', 5, 'notMet'],
    ['<=5 < 5', upTo5, '<', 5, 'unknown'],
    ['<=5 <= 5', upTo5, '<=', 5, 'met'],
    ['<=5 >= 5', upTo5, '>=', 5, 'unknown'],
    ['<=5 > 5', upTo5, '>', 5, 'notMet'],
    ['<=5 = 5', upTo5, '=', 5, 'unknown'],
    ['>5 > 5', above5, '>', 5, 'met'],
    ['>5 > 6', above5, '>', 6, 'unknown'],
    ['>5 <= 5', above5, '<=', 5, 'notMet'],
    ['>=5 > 5', from5, '>', 5, 'unknown'],
    ['>=5 >= 5', from5, '>=', 5, 'met'],
    ['>=5 < 5', from5, '<', 5, 'notMet'],
    ['4 to 6 > 5', measure(4, 6), '>', 5, 'unknown'],
    ['4 to 6 > 3', measure(4, 6), '>', 3, 'met'],
  ];
  for (const [situation, value, compare, limit, truth] of rows) {
    it(`is ${truth} for ${situation}`, () => {
      assert.equal(compareMeasure(value, compare, limit), truth);
    });
  }
});

describe('value', () => {
  const value: Expression = { op: 'value', sets: ['s', 't'], compare: '>', limit: 10 };
  const recent: Expression = { ...value, withinDays: 90 };
  judgesAs([
    ['a value above the limit', value, [result(10.1)], 'met'],
    ['a value at the limit', value, [result(10)], 'notMet'],
    ['no result', value, [], 'unknown'],
    ['a result without a number', value, [result(undefined)], 'unknown'],
    [
      'the newest of two above',
      value,
      [result(4, { effective: on('2026-01-01') }), result(20)],
      'met',
    ],
    [
      'the newest of two below',
      value,
      [result(20, { effective: on('2026-01-01') }), result(4)],
      'notMet',
    ],
    [
      'the newest result without a number',
      value,
      [result(20, { effective: on('2026-01-01') }), result(undefined)],
      'met',
    ],
    [
      'two that agree on one date',
      value,
      [result(20), result(30, { reference: 'Observation/2' })],
      'met',
    ],
    [
      'two that disagree on one date',
      value,
      [result(4), result(30, { reference: 'Observation/2' })],
      'unknown',
    ],
    [
      'two codes that disagree on one date',
      value,
      [result(4), result(30, { matches: [match('t')] })],
      'unknown',
    ],
    [
      'the same instant in two zones',
      value,
      [
        result(4, { effective: on('2026-11-20T23:30:00-08:00') }),
        result(30, { effective: on('2026-11-21T08:30:00+01:00') }),
      ],
      'unknown',
    ],
    [
      'a dated beside an undated value',
      value,
      [finding('s', { source: 'observation', measure: measure(4) }), result(30)],
      'met',
    ],
    [
      'a value on the edge of the window',
      recent,
      [result(20, { effective: on('2026-08-24') })],
      'met',
    ],
    ['a value before the window', recent, [result(20, { effective: on('2026-08-23') })], 'unknown'],
  ]);
});

describe('high and low', () => {
  const high: Expression = { op: 'high', sets: ['s'], limit: 10 };
  const low: Expression = { op: 'low', sets: ['s'], limit: 10 };
  judgesAs([
    ['a value above the default', high, [result(10.1)], 'met'],
    ['a value at the default', high, [result(10)], 'notMet'],
    ['a value below the default', low, [result(9.9)], 'met'],
    ['a value at the lower default', low, [result(10)], 'notMet'],
    ['a value its own range calls normal', high, [result(20, { flag: 'normal' })], 'notMet'],
    ['a value its own range calls high', high, [result(4, { flag: 'high' })], 'met'],
    ['a low value where high is asked', high, [result(4, { flag: 'low' })], 'notMet'],
    ['a value that is only abnormal', high, [result(20, { flag: 'abnormal' })], 'unknown'],
    ['a number without any limit', { op: 'high', sets: ['s'] }, [result(20)], 'unknown'],
    ['nothing', high, [], 'unknown'],
  ]);
});

describe('positive', () => {
  const positive: Expression = { op: 'positive', sets: ['s'] };
  judgesAs([
    ['a result that is present', positive, [result(undefined)], 'met'],
    ['a negative result', positive, [result(undefined, { presence: 'absent' })], 'notMet'],
    ['a flagged number', positive, [result(20, { flag: 'high' })], 'met'],
    ['an abnormal result', positive, [result(undefined, { flag: 'abnormal' })], 'met'],
    ['a normal number', positive, [result(20, { flag: 'normal' })], 'notMet'],
    ['a low number', positive, [result(20, { flag: 'low' })], 'notMet'],
    ['a bare number', positive, [result(20)], 'unknown'],
    ['nothing', positive, [], 'unknown'],
    [
      'a positive after a negative',
      positive,
      [result(undefined, { presence: 'absent', effective: on('2026-01-01') }), result(undefined)],
      'met',
    ],
  ]);
});
