// How a class was tried, on rules made for the test: which records count, what a trial comes to, which trial speaks for the class.
import assert from 'node:assert/strict';
import { DAY_MS } from '../../src/pain/fhir-date.js';
import type { Finding } from '../../src/pain/finding.js';
import { indexFindings } from '../../src/pain/finding-index.js';
import type { TrialStatus } from '../../src/pain/progress.js';
import { scoresOf } from '../../src/pain/relief.js';
import { plain, type Scope } from '../../src/pain/scope.js';
import type { StepwiseKnowledge, TrialRule } from '../../src/pain/stepwise-knowledge.js';
import { openTrials } from '../../src/pain/trials.js';
import { finding, known, match, measure, NOW_MS, on, scopeOf } from '../support/findings.js';

const PRECEDENCE: readonly TrialStatus[] = [
  'adequate-failed',
  'intolerance',
  'ongoing',
  'helped',
  'inadequate',
  'not-documented',
];
const rule = (more: Partial<TrialRule> = {}): TrialRule => ({
  id: 'rule',
  treatments: ['t'],
  isRegular: false,
  isDoseUnprovable: false,
  days: 20,
  daysAtDose: 10,
  text: 'twenty days',
  sources: ['Source'],
  ...more,
});
const rules = (list: readonly TrialRule[] = [rule()]): StepwiseKnowledge =>
  ({
    treatments: new Map([
      [
        't',
        {
          codeSets: ['med', 'proc'],
          isDestructive: false,
        },
      ],
    ]),
    treatmentsOfSet: new Map(['med', 'proc', 'own'].map((set) => [set, ['t']])),
    procedures: [],
    trialsOf: new Map([['t', list]]),
    relief: { scoreSets: ['nrs'], baselineDays: 14, respondedFrom: 30, substantialFrom: 50 },
    gapDays: 14,
    precedence: PRECEDENCE,
  }) as unknown as StepwiseKnowledge;

const ago = (days: number): string => new Date(NOW_MS - days * DAY_MS).toISOString().slice(0, 10);
const taken = (from: number, to?: number, more: Partial<Finding> = {}): Finding =>
  finding('med', {
    reference: `MedicationStatement/${from}`,
    source: 'medication',
    label: 'drug',
    current: to === undefined,
    onset: on(ago(from)),
    until: to === undefined ? undefined : on(ago(to)),
    ...more,
  });
const done = (days: number, more: Partial<Finding> = {}): Finding =>
  finding('proc', {
    reference: `Procedure/${days}`,
    source: 'procedure',
    label: 'session',
    effective: on(ago(days)),
    ...more,
  });
const score = (value: number, days: number): Finding =>
  finding('nrs', {
    reference: `Observation/${value}-${days}`,
    source: 'observation',
    measure: measure(value),
    effective: on(ago(days)),
  });
const trialIn = (
  findings: readonly Finding[],
  list?: readonly TrialRule[],
  more: Partial<Scope> = {},
) => {
  const scope = scopeOf(findings, more);
  return openTrials(scope.allFindings, rules(list)).trialOf('t', scope, scoresOf(scope, ['nrs']));
};
const statusIn = (...args: Parameters<typeof trialIn>) => trialIn(...args)?.status;
/** Taken from 60 to 30 days ago; scores before and at its end. */
const ended = (before: number, after: number) => [
  taken(60, 30),
  score(before, 61),
  score(after, 32),
];

describe('the trial of a class', () => {
  for (const [situation, findings, expected] of [
    ['nothing', [], undefined],
    ['a time without relief', ended(8, 7), 'adequate-failed'],
    ['a time with relief', ended(10, 7), 'helped'],
    ['a time without scores', [taken(60, 30)], 'not-documented'],
    ['too short a time', [taken(40, 30), score(8, 41), score(8, 31)], 'inadequate'],
    ['being taken', [taken(60)], 'ongoing'],
    ['being taken without relief', [taken(60), score(8, 61), score(8, 2)], 'adequate-failed'],
    ['being taken with relief', [taken(60), score(8, 61), score(2, 2)], 'ongoing'],
    ['stopped for harm', [taken(60, 30, { stopReason: 'adverse-effect' })], 'intolerance'],
    [
      'stopped for no effect',
      [taken(60, 30, { stopReason: 'no-effect' as never })],
      'not-documented',
    ],
    [
      'one of two stopped for harm',
      [taken(60, 45), taken(44, 30, { stopReason: 'adverse-effect' })],
      'intolerance',
    ],
    ['taken though it harms', [taken(60, undefined, { stopReason: 'adverse-effect' })], 'ongoing'],
    ['text', [taken(60, 30, { basis: 'text' })], undefined],
    ['an entry that it was not taken', [taken(60, 30, { presence: 'absent' })], undefined],
    ['a diagnosis in its set', [taken(60, 30, { source: 'condition' })], undefined],
  ] as const) {
    it(`of ${situation} is ${expected ?? 'none'}`, () => {
      assert.equal(statusIn(findings), expected);
    });
  }

  it('tells agent, dates, relief, records and what is missing', () => {
    const trial = trialIn(ended(8, 6));
    const since = ago(60);

    assert.deepEqual(
      { ...known(trial), findings: trial?.findings.map(({ reference }) => reference) },
      {
        treatment: 't',
        status: 'adequate-failed',
        isRunning: false,
        agent: 'drug',
        since,
        until: ago(30),
        reliefPercent: 25,
        missing: [],
        adequate: 'twenty days',
        sources: ['Source'],
        findings: ['MedicationStatement/60', 'Observation/8-61', 'Observation/6-32'],
      },
    );
    assert.deepEqual(trialIn([taken(60, undefined, { label: '' })])?.missing, ['relief']);
    assert.equal(trialIn([taken(60, undefined, { label: '' })])?.agent, undefined);
    assert.equal(trialIn([taken(60)])?.until, undefined);
    assert.equal(trialIn([done(30)])?.until, ago(30));
    const undated = taken(60, 30, { onset: undefined, until: undefined });
    assert.equal(trialIn([undated])?.since, undefined);
    assert.deepEqual(trialIn([undated], [rule({ isDoseUnprovable: true })])?.missing, [
      'dose',
      'duration',
      'relief',
    ]);
  });

  it('counts scores of the time in which it can work', () => {
    assert.equal(statusIn([taken(60, 30), score(8, 61), score(8, 41)]), 'not-documented');
    assert.equal(statusIn([taken(60, 30), score(8, 61), score(8, 40)]), 'adequate-failed');
    assert.equal(statusIn([taken(60, 30), score(8, 61), score(8, 30)]), 'adequate-failed');
    assert.equal(statusIn([taken(60, 30), score(8, 61), score(8, 29)]), 'not-documented');
  });

  it('of what is done once is judged within its days, each time alone', () => {
    const once = [rule({ days: 0, daysAtDose: 0, judgedWithinDays: 35 })];

    assert.equal(statusIn([done(40), score(8, 41), score(8, 5)], once), 'adequate-failed');
    assert.equal(statusIn([done(40), score(8, 41), score(8, 4)], once), 'not-documented');
    const trial = trialIn([done(40), done(30), score(8, 31), score(8, 5)], once);
    assert.equal(trial?.since, ago(30));
  });

  it('is of procedures at the place of the pain alone', () => {
    const pain = {
      regions: ['knee'],
      recordedRegions: [],
      isAtSite: ({ regions }: Finding) => regions.includes('knee'),
      painDates: [],
    };

    assert.equal(statusIn([done(40, { regions: ['hip'] })], undefined, { pain }), undefined);
    assert.equal(statusIn([done(40, { regions: ['knee'] })], undefined, { pain }), 'inadequate');
    assert.equal(statusIn([done(40)], undefined, { pain }), 'inadequate');
    assert.equal(statusIn([done(40, { regions: ['hip'] })]), 'inadequate');
  });

  it('is by the first rule that fits a record, by its ways of giving and its condition', () => {
    const never = { judge: () => ({ result: 'unknown' as const, findings: [], weight: 0 }) };
    const adequate = (list: readonly TrialRule[], more: Partial<Finding> = {}) =>
      trialIn([taken(60, 30, more)], list)?.adequate;

    assert.equal(adequate([rule({ text: 'first' }), rule({ text: 'second' })]), 'first');
    assert.equal(adequate([rule({ text: 'first', ...never }), rule({ text: 'second' })]), 'second');
    assert.equal(
      adequate([rule({ text: 'first', sets: ['none'] }), rule({ text: 'second' })]),
      'second',
    );
    const patch = rule({ text: 'patch', routes: ['patch'] });
    assert.equal(adequate([patch], { route: 'patch' }), 'patch');
    assert.equal(adequate([patch], { route: 'injection' }), undefined);
    assert.equal(adequate([patch]), undefined);
    assert.equal(
      trialIn(
        [finding('own', { source: 'medication', current: true })],
        [rule({ sets: ['own'], text: 'own' })],
      )?.adequate,
      'own',
    );
  });

  it('is of each pain by its own conditions, place and scores, in whatever order they ask', () => {
    const has = (condition: 'leading' | 'ageYears') => ({
      judge: (scope: Scope) => plain[scope[condition] === undefined ? 'notMet' : 'met'],
    });
    const list = [
      rule({ text: 'leads', ...has('leading') }),
      rule({ text: 'aged', ...has('ageYears') }),
      rule({ text: 'any' }),
    ];
    const history = openTrials(indexFindings(ended(8, 7)), rules(list));
    const trialFor = (more: Partial<Scope>, findings: readonly Finding[] = []) => {
      const scope = scopeOf(findings, more);
      const trial = history.trialOf('t', scope, scoresOf(scope, ['nrs']));
      return `${trial?.adequate} ${trial?.status}`;
    };

    for (const _ of ['first', 'again']) {
      assert.equal(trialFor({}), 'any not-documented');
      assert.equal(trialFor({ leading: 'other' }), 'leads not-documented');
      assert.equal(trialFor({ ageYears: 40 }), 'aged not-documented');
      assert.equal(trialFor({}, ended(8, 7)), 'any adequate-failed');
    }
    assert.equal(history.trialOf('nobody knows', scopeOf([]), []), undefined);
  });

  it('lowers the dose only where it may be lower', () => {
    const dose = {
      dose: { perDay: 5, unit: 'mg' as const, isMaximum: false, strengthFromName: false },
    };
    const of = (result: 'met' | 'unknown') => [
      rule({
        dose: { atLeast: 10, unit: 'mg', lowerMayDo: () => ({ result, findings: [], weight: 0 }) },
      }),
    ];

    assert.equal(statusIn([taken(60, 30, dose)], of('met')), 'not-documented');
    assert.equal(statusIn([taken(60, 30, dose)], of('unknown')), 'inadequate');
  });

  it('without any rule is being taken, not tolerated, or not documented', () => {
    assert.equal(statusIn([taken(60)], []), 'ongoing');
    assert.equal(statusIn([taken(60, 30)], []), 'not-documented');
    assert.equal(
      statusIn([taken(60, 45), taken(44, 30, { stopReason: 'adverse-effect' })], []),
      'intolerance',
    );
    assert.deepEqual(trialIn([taken(60, 30)], [])?.missing, ['dose', 'duration', 'relief']);
    assert.equal(trialIn([taken(60, 30)], [])?.agent, 'drug');
    assert.deepEqual(trialIn([taken(60, 30)], [])?.sources, []);
  });

  it('is not tolerated by an entry that says so', () => {
    const entry = (more: Partial<Finding> = {}) =>
      finding('med', {
        source: 'allergy',
        allergy: 'intolerance',
        label: 'drug',
        matches: [match('med')],
        ...more,
      } as Partial<Finding>);

    assert.deepEqual(known(trialIn([entry()])), {
      treatment: 't',
      status: 'intolerance',
      isRunning: false,
      agent: 'drug',
      missing: [],
      sources: [],
      findings: [entry()],
    });
    assert.equal(trialIn([entry({ label: '' })])?.agent, undefined);
    for (const more of [
      { current: false },
      { presence: 'absent' },
      { allergy: 'severe' },
      { source: 'condition' },
    ])
      assert.equal(trialIn([entry(more as Partial<Finding>)]), undefined);
  });

  it('is the one that says most, of equal ones the first', () => {
    assert.equal(statusIn([taken(200, 190), ...ended(8, 7)]), 'adequate-failed');
    assert.equal(trialIn([taken(200, 170, { label: 'first' }), taken(60, 30)])?.agent, 'first');
    assert.equal(
      statusIn([taken(60), taken(200, 190, { stopReason: 'adverse-effect' })]),
      'intolerance',
    );
  });
});
