// Scores before and after: which count, which belong together, the relief they give.
import assert from 'node:assert/strict';
import { DAY_MS } from '../../src/pain/fhir-date.js';
import type { Finding } from '../../src/pain/finding.js';
import { indexFindings } from '../../src/pain/finding-index.js';
import {
  bestRelief,
  fallPercent,
  isResponse,
  type Pair,
  pairsOf,
  type Score,
  scoresOf,
} from '../../src/pain/relief.js';
import type { ReliefRules } from '../../src/pain/stepwise-knowledge.js';
import { finding, match, measure, NOW_MS, on } from '../support/findings.js';

const scoreFinding = (value: number, date: string, more: Partial<Finding> = {}): Finding =>
  finding('nrs', {
    reference: `Observation/${value}`,
    source: 'observation',
    matches: [match('other', { display: 'Another' }), match('nrs', { display: 'NRS' })],
    measure: measure(value),
    effective: on(date),
    ...more,
  });
const score = (value: number, daysAgo: number, instrument = 'NRS'): Score => ({
  finding: scoreFinding(value, '2026-11-01'),
  instrument,
  value,
  startMs: NOW_MS - daysAgo * DAY_MS,
  date: `${daysAgo} days ago`,
});
const pair = (before: number, after: number): Pair => ({
  before: score(before, 10),
  after: score(after, 1),
});

describe('scoresOf', () => {
  const said = (findings: readonly Finding[], sets = ['nrs']) =>
    scoresOf({ findings: indexFindings(findings) }, sets).map(
      ({ instrument, value, date }) => `${instrument} ${value} ${date}`,
    );

  it('are single numbers with a date, newest first, told by the row of their set', () => {
    assert.deepEqual(said([scoreFinding(5, '2026-11-01'), scoreFinding(7, '2026-11-03')]), [
      'NRS 7 2026-11-03',
      'NRS 5 2026-11-01',
    ]);
  });

  it('are newest first over all sets', () => {
    const vas = { matches: [match('vas', { display: 'VAS' })] };

    assert.deepEqual(
      said(
        [scoreFinding(5, '2026-11-01'), scoreFinding(7, '2026-11-03', vas)],
        ['nrs', 'vas', 'none'],
      ),
      ['VAS 7 2026-11-03', 'NRS 5 2026-11-01'],
    );
  });

  for (const [situation, more] of [
    ['without a number', { measure: undefined }],
    ['without a date', { effective: undefined }],
    ['between two numbers', { measure: measure(4, 6) }],
    ['in text', { basis: 'text' }],
  ] as const) {
    it(`are none ${situation}`, () => {
      assert.deepEqual(said([scoreFinding(5, '2026-11-01', more)]), []);
    });
  }
});

describe('pairsOf', () => {
  /** Treatment began 30 days ago; what counts after it lies between 20 and 10 days ago. */
  const pairs = (...scores: readonly Score[]) =>
    pairsOf(scores, NOW_MS - 30 * DAY_MS, 14, {
      fromMs: NOW_MS - 20 * DAY_MS,
      toMs: NOW_MS - 10 * DAY_MS,
    }).map(({ before, after }) => `${before.value} ${after.value}`);

  it('take the last score before and the newest after', () => {
    assert.deepEqual(pairs(score(3, 11), score(4, 15), score(7, 31), score(9, 40)), ['7 3']);
  });

  for (const [situation, before, after, expected] of [
    ['on the day it began', 30, 15, ['8 4']],
    ['a day later', 29, 15, []],
    ['fourteen days before', 44, 15, ['8 4']],
    ['fifteen days before', 45, 15, []],
    ['and the first day that counts', 31, 20, ['8 4']],
    ['and the day before that', 31, 21, []],
    ['and the last day that counts', 31, 10, ['8 4']],
    ['and the day after that', 31, 9, []],
  ] as const) {
    it(`${expected.length > 0 ? 'take' : 'leave out'} a score ${situation}`, () => {
      assert.deepEqual(pairs(score(4, after), score(8, before)), expected);
    });
  }

  it('are of one instrument', () => {
    assert.deepEqual(pairs(score(4, 15, 'VAS'), score(8, 31)), []);
    assert.deepEqual(pairs(score(4, 15, 'VAS'), score(5, 15), score(8, 31), score(9, 31, 'VAS')), [
      '9 4',
      '8 5',
    ]);
  });

  it('never pair a score with itself or an earlier one', () => {
    const same = score(8, 15);
    const after = { fromMs: NOW_MS - 20 * DAY_MS, toMs: NOW_MS };

    assert.deepEqual(pairsOf([same], NOW_MS - 15 * DAY_MS, 14, after), []);
  });
});

describe('relief', () => {
  it('is the fall in per cent, rounded; from nothing it cannot be told', () => {
    assert.equal(fallPercent(pair(8, 4)), 50);
    assert.equal(fallPercent(pair(3, 2)), 33);
    assert.equal(fallPercent(pair(4, 5)), -25);
    assert.equal(fallPercent(pair(0, 2)), undefined);
  });

  it('is the greatest of all pairs, of equal ones the first', () => {
    const [less, most, again] = [pair(8, 6), pair(8, 4), pair(4, 2)];

    assert.equal(bestRelief([less, most, again])?.pair, most);
    assert.equal(bestRelief([most, less])?.percent, 50);
    assert.equal(bestRelief([pair(0, 1), less])?.percent, 25);
    assert.equal(bestRelief([pair(0, 1)]), undefined);
    assert.equal(bestRelief([]), undefined);
  });

  it('is a response from the limit on', () => {
    const rules = { respondedFrom: 30 } as ReliefRules;

    assert.ok(isResponse(30, rules));
    assert.ok(!isResponse(29, rules));
  });
});
