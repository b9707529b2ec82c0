// Lines of guidance and rules of the course of treatment made for tests. Must not load cards/.
import type { Classification, Recommendation } from '../../src/pain/evaluation.js';
import { DAY_MS } from '../../src/pain/fhir-date.js';
import type { Finding } from '../../src/pain/finding.js';
import { followPain } from '../../src/pain/follow-pain.js';
import { type Judge, plain } from '../../src/pain/scope.js';
import type { StepwiseKnowledge } from '../../src/pain/stepwise-knowledge.js';
import { openTrials } from '../../src/pain/trials.js';
import { finding, measure, NOW_MS, on, scopeOf } from './findings.js';

const TEXTS = {
  triedFailed: 'failed{span}, relief {relief}',
  triedFailedRunning: 'fails{span}',
  triedIntolerance: 'not tolerated',
  running: 'taken{span}',
  span: ' since {since}',
  spanEnded: ' {since} to {until}',
  remarkAnd: '{remark}; {reason}',
} as StepwiseKnowledge['texts'];
/** A condition that always holds. */
export const met: Judge = () => plain.met;
const treated = (more: object) => ({
  codeSets: [],
  isDestructive: false,
  ...more,
});
const waiting = (id: string): Recommendation => ({
  ...line(id),
  status: 'withheld',
  reason: 'later',
});

/** A line of the first step that is offered. */
export const line = (id: string, more: Partial<Recommendation> = {}): Recommendation =>
  ({
    id,
    treatment: 'drug',
    step: 'conservative',
    status: 'offered',
    checks: [{ rule: 'R', outcome: 'clear', findings: [] }],
    ...more,
  }) as unknown as Recommendation;
const rules = (more: object = {}): StepwiseKnowledge =>
  ({
    treatments: new Map([
      ['drug', treated({ codeSets: ['med'] })],
      ['other', treated({ codeSets: ['other'] })],
      ['block', treated({ codeSets: ['proc'], level: 'P3' })],
    ]),
    treatmentsOfSet: new Map([
      ['med', ['drug']],
      ['other', ['other']],
      ['proc', ['block']],
    ]),
    classes: new Set(['drug', 'other']),
    procedures: ['block'],
    levelled: new Set(['block']),
    trialsOf: new Map([
      ['drug', [{ days: 20, daysAtDose: 0, isRegular: false, text: 'adequate', sources: [] }]],
      ['other', []],
    ]),
    relief: { scoreSets: ['nrs'], baselineDays: 14, respondedFrom: 30, substantialFrom: 50 },
    gapDays: 14,
    precedence: [
      'adequate-failed',
      'intolerance',
      'ongoing',
      'helped',
      'inadequate',
      'not-documented',
    ],
    steps: [
      {
        id: 'row',
        step: '1',
        judge: met,
        opens: ['conservative'],
        closes: [],
        text: 'because',
        asks: [],
        sources: [],
      },
    ],
    asks: [],
    order: { rules: [], exception: () => plain.notMet, diagnostic: ['block'], windowDays: 365 },
    measures: [],
    intervals: [],
    goal: () => plain.notMet,
    previousDays: 30,
    held: new Map([['later', waiting('later')]]),
    texts: TEXTS,
    ...more,
  }) as unknown as StepwiseKnowledge;
/** The day so many days before the evaluation. */
export const ago = (days: number): string =>
  new Date(NOW_MS - days * DAY_MS).toISOString().slice(0, 10);
/** The class taken from so many days ago until so many days ago. */
export const taken = (from: number, to?: number, more: Partial<Finding> = {}): Finding =>
  finding('med', {
    source: 'medication',
    current: to === undefined,
    onset: on(ago(from)),
    until: to === undefined ? undefined : on(ago(to)),
    ...more,
  });
/** A pain score so many days ago. */
export const score = (value: number, days: number): Finding =>
  finding('nrs', {
    reference: `Observation/${value}-${days}`,
    source: 'observation',
    measure: measure(value),
    effective: on(ago(days)),
  });
/** A time of treatment without relief. */
export const FAILED = [taken(60, 30), score(8, 61), score(6, 32)];

/** What a pain is followed with. */
export interface Situation {
  readonly findings?: readonly Finding[];
  readonly rules?: object;
  readonly isRedFlagFirst?: boolean;
  readonly classifications?: readonly Classification[];
  readonly isNonPainful?: boolean;
}
/** Follows a pain with these lines. */
export const follow = (recommendations: readonly Recommendation[], situation: Situation = {}) => {
  const { findings = [], isRedFlagFirst = false, isNonPainful = false } = situation;
  const { classifications = [{ category: 'inflammatory' } as Classification] } = situation;
  const pain = {
    regions: [],
    recordedRegions: [],
    isAtSite: () => true,
    painDates: [],
    isNonPainful,
  };
  const scope = scopeOf(findings, { pain });
  const stepwise = rules(situation.rules);
  return followPain({ problem: { members: [] }, classifications, recommendations }, scope, {
    rules: stepwise,
    history: openTrials(scope.allFindings, stepwise),
    openFlags: [],
    isRedFlagFirst,
    previous: undefined,
  });
};
/** What becomes of one line. */
export const said = (one: Recommendation, situation?: Situation): string => {
  const [found] = follow([one], situation).recommendations;
  return [found?.status, found?.reason].filter(Boolean).join(': ');
};
