// Courses of treatment from records: which belong together, how long they lasted at least and at most, whether the dose was reached.
import assert from 'node:assert/strict';
import type { DailyDose, Finding } from '../../src/pain/finding.js';
import type { TrialRule } from '../../src/pain/stepwise-knowledge.js';
import {
  type Course,
  coursesOf,
  doseReached,
  durationReached,
  leastDays,
  mostDays,
} from '../../src/pain/treatment-course.js';
import { finding, NOW_MS, on } from '../support/findings.js';

const taken = (start: string | undefined, end?: string, more: Partial<Finding> = {}): Finding =>
  finding('med', {
    reference: `MedicationStatement/${start}`,
    source: 'medication',
    label: 'drug',
    current: end === undefined,
    onset: start === undefined ? undefined : on(start),
    until: end === undefined ? undefined : on(end),
    ...more,
  });
const done = (date: string, more: Partial<Finding> = {}): Finding =>
  finding('proc', { source: 'procedure', label: 'session', effective: on(date), ...more });
const dose = (perDay: number, more: Partial<DailyDose> = {}): Partial<Finding> => ({
  dose: { perDay, unit: 'mg', isMaximum: false, strengthFromName: false, ...more },
});
const courses = (gapDays: number, ...findings: readonly Finding[]) =>
  coursesOf(findings, gapDays, NOW_MS);
const lengths = (gapDays: number, ...findings: readonly Finding[]) =>
  courses(gapDays, ...findings).map(
    ({ span, isRunning }) =>
      `${leastDays(span)} to ${mostDays(span)}${isRunning ? ' running' : ''}`,
  );
const course = (...findings: readonly Finding[]): Course => {
  const [one] = courses(Number.POSITIVE_INFINITY, ...findings);
  assert.ok(one);
  return one;
};
const rule = (more: Partial<TrialRule> = {}): TrialRule => ({
  id: 'rule',
  treatments: ['t'],
  isRegular: false,
  isDoseUnprovable: false,
  days: 28,
  daysAtDose: 14,
  text: 'four weeks',
  sources: [],
  ...more,
});
const atLeast = (amount: number) => rule({ dose: { atLeast: amount, unit: 'mg' } });

describe('the courses of a treatment', () => {
  it('last from day to day, at least and at most', () => {
    assert.deepEqual(lengths(14, taken('2026-10-01', '2026-10-11')), ['10 to 10']);
    assert.deepEqual(lengths(14, taken('2026-10', '2026-11-11')), ['11 to 41']);
    assert.deepEqual(lengths(14, taken('2026-10-01', '2026-11')), ['31 to 60']);
    assert.deepEqual(lengths(14, taken('2026-11-12')), ['10 to 11 running']);
    assert.deepEqual(lengths(14, taken('2026-11-12', undefined, { current: false })), [
      '0 to Infinity',
    ]);
    assert.deepEqual(lengths(14, taken('2026-11-12', '2027-01-01')), ['0 to Infinity']);
    assert.deepEqual(lengths(14, taken('2026-11-12', '2026-11-22T10:00:00Z')), ['10 to 11']);
    assert.deepEqual(lengths(14, done('2026-10-01')), ['0 to 0']);
    assert.deepEqual(lengths(14, done('2026-10')), ['0 to 30']);
  });

  it('take the date of the record where no start is told', () => {
    const written = { onset: undefined, effective: on('2026-11-12') };

    assert.deepEqual(lengths(14, taken(undefined, undefined, written)), ['10 to 11 running']);
  });

  it('of a record without a date last from no time to any', () => {
    const [undated] = courses(14, taken(undefined));

    assert.equal(undated && leastDays(undated.span), 0);
    assert.ok(undated && mostDays(undated.span) > 20_000);
  });

  it('are one where the gap between records is no longer than allowed', () => {
    const first = taken('2026-09-01', '2026-10-01');

    assert.deepEqual(lengths(14, taken('2026-10-15', '2026-10-20'), first), ['49 to 49']);
    assert.deepEqual(lengths(14, taken('2026-10-16', '2026-10-20'), first), ['30 to 30', '4 to 4']);
    assert.deepEqual(lengths(14, taken('2026-09-10', '2026-09-12'), first), ['30 to 30']);
  });

  it('run where a medicine of theirs is taken now', () => {
    assert.deepEqual(lengths(99, taken('2026-10-01', '2026-10-11'), taken('2026-11-01')), [
      '52 to 53 running',
    ]);
    assert.deepEqual(lengths(14, done('2026-11-12')), ['0 to 0']);
  });

  it('hold their records oldest first, equal ones by end, dose, state and name, whatever their order', () => {
    const list = [
      taken('2026-10-02', '2026-10-03', { label: 'last' }),
      taken('2026-10-01', '2026-10-09', { label: 'longer' }),
      taken('2026-10-01', '2026-10-05', { label: 'stronger', ...dose(20) }),
      taken('2026-10-01', '2026-10-05', { label: 'weaker', ...dose(10) }),
      taken('2026-10-01', '2026-10-05', { label: 'undosed b' }),
      taken('2026-10-01', '2026-10-05', { label: 'undosed a' }),
      done('2026-10-01', { label: 'z past', current: false }),
      done('2026-10-01', { label: 'a now', current: true }),
    ];
    const labels = (findings: readonly Finding[]) =>
      courses(99, ...findings).flatMap(({ findings: held }) => held.map(({ label }) => label));
    const expected = [
      'z past',
      'a now',
      'undosed a',
      'undosed b',
      'weaker',
      'stronger',
      'longer',
      'last',
    ];

    assert.deepEqual(labels(list), expected);
    assert.deepEqual(labels([...list].reverse()), expected);
  });
});

describe('the dose of a course', () => {
  const reached = (of: TrialRule, findings: readonly Finding[], mayBeLower = false) =>
    doseReached(course(...findings), of, mayBeLower);
  const for20 = ['2026-10-01', '2026-10-21'] as const;

  for (const [situation, of, findings, expected] of [
    ['no dose asked for', rule(), [taken(...for20)], 'met'],
    ['the dose', atLeast(60), [taken(...for20, dose(60))], 'met'],
    ['less than the dose', atLeast(60), [taken(...for20, dose(59))], 'notMet'],
    [
      'a dose in another unit',
      atLeast(60),
      [taken(...for20, dose(60, { unit: 'ug/h' }))],
      'unknown',
    ],
    ['a dose nobody recorded', atLeast(60), [taken(...for20)], 'unknown'],
    ['at most the dose', atLeast(60), [taken(...for20, dose(60, { isMaximum: true }))], 'unknown'],
    [
      'a dose no record can prove',
      rule({ isDoseUnprovable: true }),
      [taken(...for20, dose(60))],
      'unknown',
    ],
    ['regular use', rule({ isRegular: true }), [taken(...for20, dose(1))], 'met'],
    [
      'use as needed',
      rule({ isRegular: true }),
      [taken(...for20, dose(1, { isMaximum: true }))],
      'notMet',
    ],
    ['use nobody recorded', rule({ isRegular: true }), [taken(...for20)], 'unknown'],
    [
      'the dose for fourteen days',
      atLeast(60),
      [taken('2026-10-01', '2026-10-15', dose(60))],
      'met',
    ],
    [
      'the dose for thirteen days',
      atLeast(60),
      [taken('2026-10-01', '2026-10-14', dose(60))],
      'notMet',
    ],
    [
      'the dose for nobody knows how long',
      atLeast(60),
      [taken('2026-10', '2026-10-14', dose(60))],
      'notMet',
    ],
    [
      'the dose from some day of a month',
      atLeast(60),
      [taken('2026-10', '2026-11-02', dose(60))],
      'unknown',
    ],
    ['the dose without a date', atLeast(60), [taken(undefined, undefined, dose(60))], 'unknown'],
    [
      'the dose in two parts with less between',
      atLeast(60),
      [
        taken('2026-10-01', '2026-10-10', dose(60)),
        taken('2026-10-10', '2026-10-12', dose(30)),
        taken('2026-10-12', '2026-10-21', dose(60)),
      ],
      'unknown',
    ],
    [
      'the dose in two parts',
      atLeast(60),
      [taken('2026-10-01', '2026-10-10', dose(60)), taken('2026-10-10', '2026-10-21', dose(90))],
      'met',
    ],
    [
      'the dose until it was lowered',
      atLeast(60),
      [taken('2026-10-01', '2026-10-30', dose(60)), taken('2026-10-10', '2026-10-30', dose(30))],
      'unknown',
    ],
    [
      'the dose after less of it',
      atLeast(60),
      [taken('2026-10-01', '2026-10-06', dose(30)), taken('2026-10-06', '2026-10-21', dose(60))],
      'met',
    ],
  ] as const) {
    it(`is ${expected} for ${situation}`, () => {
      assert.equal(reached(of, findings), expected);
    });
  }

  it('is unknown where a lower one may be the full one', () => {
    assert.equal(reached(atLeast(60), [taken(...for20, dose(10))], true), 'unknown');
  });
});

describe('the time of a course', () => {
  for (const [situation, of, findings, expected] of [
    ['28 days', rule(), [taken('2026-10-01', '2026-10-29')], 'met'],
    ['27 days', rule(), [taken('2026-10-01', '2026-10-28')], 'notMet'],
    ['from some day of a month', rule(), [taken('2026-09', '2026-10-10')], 'unknown'],
    ['what is judged at a time', rule({ judgedWithinDays: 42 }), [done('2026-10-01')], 'met'],
    ['enough sessions', rule({ sessions: 2 }), [done('2026-09-01'), done('2026-10-01')], 'met'],
    [
      'two sessions of a day',
      rule({ sessions: 2, days: 0 }),
      [done('2026-09-01'), done('2026-09-01')],
      'notMet',
    ],
    [
      'sessions without a date',
      rule({ sessions: 2, days: 0 }),
      [taken(undefined), taken(undefined)],
      'notMet',
    ],
    [
      'one agent of two',
      rule({ differentAgents: 2 }),
      [taken('2026-10-01', '2026-10-29')],
      'notMet',
    ],
    [
      'two agents',
      rule({ differentAgents: 2 }),
      [taken('2026-10-01', '2026-10-15'), taken('2026-10-15', '2026-10-29', { label: 'other' })],
      'met',
    ],
  ] as const) {
    it(`is ${expected} for ${situation}`, () => {
      assert.equal(durationReached(course(...findings), of), expected);
    });
  }
});
