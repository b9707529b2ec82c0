// The operator that asks how long a medicine has been taken: met, notMet, unknown and both sides of its boundary.
import assert from 'node:assert/strict';
import type { Expression } from '../../src/pain/expression.js';
import type { Truth } from '../../src/pain/fhir-date.js';
import type { Finding } from '../../src/pain/finding.js';
import { ALL_READ, finding, on } from '../support/findings.js';
import { judge } from '../support/judging.js';

const started: Expression = { op: 'started', sets: ['s', 't'], withinDays: 56 };

const medicine = (set: string, date: string | undefined, more: Partial<Finding> = {}): Finding =>
  finding(set, { source: 'medication', effective: date ? on(date) : undefined, ...more });

describe('started ... within', () => {
  const cases: readonly (readonly [string, readonly Finding[], Truth])[] = [
    ['a first order on the edge of the window', [medicine('s', '2026-09-27')], 'met'],
    ['a first order a day before the window', [medicine('s', '2026-09-26')], 'notMet'],
    [
      'a renewal of what was taken before',
      [medicine('s', '2026-11-01'), medicine('s', '2024-01-01', { current: false })],
      'notMet',
    ],
    [
      'one medicine new beside one taken for long',
      [medicine('s', '2024-01-01'), medicine('t', '2026-11-01')],
      'met',
    ],
    ['an order without a date', [medicine('s', undefined)], 'unknown'],
    ['a month that straddles the edge', [medicine('s', '2026-09')], 'unknown'],
    ['a stopped one', [medicine('s', '2026-11-01', { current: false })], 'unknown'],
    ['a diagnosis', [finding('s', { effective: on('2026-11-01') })], 'unknown'],
    ['nothing', [], 'unknown'],
  ];
  for (const [situation, findings, expected] of cases) {
    it(`is ${expected} for ${situation}`, () => {
      const { result } = judge(started, findings);

      assert.equal(result, expected);
    });
  }

  it('names what is taken now', () => {
    const taken = medicine('s', '2026-11-01');

    const { findings } = judge(started, [taken]);

    assert.deepEqual(findings, [taken]);
  });

  it('is notMet for a check where all medicines were read and none is taken', () => {
    const { result } = judge(started, [], { absence: ALL_READ });

    assert.equal(result, 'notMet');
  });
});
