// Unknown is never later: an input that is taken away never moves a pain to a later step.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Trial, TrialStatus } from '../../src/pain/progress.js';
import type { Scope } from '../../src/pain/scope.js';
import { judgeSteps, type StepInputs, stepScope } from '../../src/pain/steps.js';
import { finding, measure, NOW_MS, realKnowledge, scopeOf } from '../support/findings.js';

const STATUSES: readonly TrialStatus[] = [
  'adequate-failed',
  'intolerance',
  'contraindicated',
  'inadequate',
  'ongoing',
  'not-documented',
  'helped',
];
/** Later steps have higher numbers; what is no step of pain treatment is left out here. */
const ORDER: Readonly<Record<string, number>> = { '0': 0, '1': 1, '1+': 1, '2': 2, '3': 3 };

interface Situation {
  readonly classes: readonly Trial[];
  readonly procedures: readonly Trial[];
  readonly organisations: readonly string[];
  readonly silent: number;
  readonly nrs: number | undefined;
  readonly peg: number | undefined;
  readonly phq9: number | undefined;
  readonly days: number | undefined;
}

const trials = (prefix: string) =>
  fc
    .array(
      fc.record({
        status: fc.constantFrom(...STATUSES),
        relief: fc.option(fc.integer({ min: -50, max: 100 })),
      }),
      { maxLength: 4 },
    )
    .map((list) =>
      list.map(
        ({ status, relief }, at): Trial => ({
          treatment: `${prefix}${at}`,
          status,
          isRunning: status === 'ongoing',
          ...(relief !== null && { reliefPercent: relief }),
          missing: [],
          sources: [],
          findings: [finding(`${prefix}${at}`)],
        }),
      ),
    );

const score = fc.option(fc.integer({ min: 0, max: 10 }), { nil: undefined });
const situations: fc.Arbitrary<Situation> = fc.record({
  classes: trials('class'),
  procedures: trials('procedure'),
  organisations: fc.subarray(['a', 'b', 'c', 'd']),
  silent: fc.integer({ min: 0, max: 3 }),
  nrs: score,
  peg: score,
  phq9: fc.option(fc.integer({ min: 0, max: 27 }), { nil: undefined }),
  days: fc.option(fc.integer({ min: 0, max: 400 }), { nil: undefined }),
});

const scaleOf = (set: string, value: number | undefined) =>
  value === undefined
    ? []
    : [
        finding(set, {
          source: 'observation',
          measure: measure(value),
          effective: {
            text: '2026-11-20',
            startMs: NOW_MS - 172_800_000,
            endMs: NOW_MS - 86_400_000,
          },
        }),
      ];

const stepOf = (situation: Situation) => {
  const { nrs, peg, phq9, days, classes, procedures, organisations, silent } = situation;
  const start = days === undefined ? undefined : NOW_MS - days * 86_400_000;
  const scope: Scope = scopeOf([...scaleOf('scale-peg', peg), ...scaleOf('obs-phq9', phq9)], {
    leading: 'neuropathic',
    labels: {},
    grades: new Map([['neuropathic', 'probable']]),
    pain: {
      regions: [],
      recordedRegions: [],
      isAtSite: () => true,
      painDates: [],
      ...(nrs !== undefined && { intensityNrs: nrs }),
      ...(start !== undefined && { onset: { text: 'then', startMs: start, endMs: start } }),
    },
  });
  const { stepwise } = realKnowledge();
  const inputs: StepInputs = {
    openFlags: [],
    classes,
    procedures,
    classesWithoutRecord: silent,
    organisations: new Set(organisations),
  };
  const step = judgeSteps(stepScope(scope, inputs, stepwise.relief), stepwise);
  assert.ok(step, 'no step');
  return step;
};

/** The situation without one thing that is known of it. */
const without = (situation: Situation): readonly Situation[] => {
  const shorter = <T>(list: readonly T[]): readonly (readonly T[])[] =>
    list.map((_, at) => list.filter((__, other) => other !== at));
  const unjudged = (list: readonly Trial[]): readonly (readonly Trial[])[] =>
    list.map((_, at) =>
      list.map((trial, other) => {
        const { reliefPercent: __, ...rest } = trial;
        return other === at ? { ...rest, status: 'not-documented' as const } : trial;
      }),
    );
  return [
    { ...situation, nrs: undefined },
    { ...situation, peg: undefined },
    { ...situation, phq9: undefined },
    { ...situation, days: undefined },
    ...shorter(situation.classes).map((classes) => ({
      ...situation,
      classes,
      silent: situation.silent + 1,
    })),
    ...unjudged(situation.classes).map((classes) => ({ ...situation, classes })),
    ...shorter(situation.procedures).map((procedures) => ({ ...situation, procedures })),
    ...unjudged(situation.procedures).map((procedures) => ({ ...situation, procedures })),
    ...shorter(situation.organisations).map((organisations) => ({ ...situation, organisations })),
  ];
};

describe('the next step', () => {
  it('is never a later one when something is not known any more', () => {
    let later = 0;
    fc.assert(
      fc.property(situations, (situation) => {
        const { step } = stepOf(situation);
        if ((ORDER[step] ?? 0) > 1) later += 1;

        for (const less of without(situation)) {
          const then = stepOf(less).step;
          assert.ok((ORDER[then] ?? 9) <= (ORDER[step] ?? -1), `${step} becomes ${then}`);
        }
      }),
      { numRuns: 500, seed: 20261122 },
    );
    assert.ok(later > 50, 'few situations reach a later step');
  });

  it('opens no procedure that it did not open when more was known', () => {
    fc.assert(
      fc.property(situations, (situation) => {
        const { opens } = stepOf(situation);

        for (const less of without(situation))
          for (const step of stepOf(less).opens) assert.ok(opens.has(step), step);
      }),
      { numRuns: 500, seed: 20261122 },
    );
  });
});
