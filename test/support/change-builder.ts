// Measures, treatments and earlier evaluations made for tests of change over time. Must not load cards/.
import { changeOfPain } from '../../src/pain/change.js';
import type { Classification } from '../../src/pain/evaluation.js';
import type { Finding } from '../../src/pain/finding.js';
import type { PreviousEvaluation, Trial } from '../../src/pain/progress.js';
import { plain } from '../../src/pain/scope.js';
import type {
  ChangeWord,
  MeasureRule,
  StepwiseKnowledge,
} from '../../src/pain/stepwise-knowledge.js';
import { finding, on, scopeOf } from './findings.js';
import { ago } from './follow-builder.js';

/** A word of change. */
export const word = (name: string, more: Partial<ChangeWord>): ChangeWord => ({
  word: name,
  reclassifies: false,
  says: `says ${name}`,
  sources: [`of ${name}`],
  ...more,
});
const WORDS = [
  word('worse', { risePoints: 2, reclassifies: true }),
  word('half', { fallPercent: 50 }),
  word('points', { fallPoints: 2 }),
];
/** A measure with the words `worse`, `half` and `points`. */
export const rule = (more: Partial<MeasureRule> = {}): MeasureRule => ({
  id: 'nrs',
  label: 'NRS',
  sets: ['nrs'],
  hasResponse: true,
  words: WORDS,
  sources: ['of the measure'],
  ...more,
});
const rules = (measures: readonly MeasureRule[] = [rule()], isGoal = false): StepwiseKnowledge =>
  ({
    measures,
    relief: { scoreSets: [], baselineDays: 14, respondedFrom: 30, substantialFrom: 50 },
    previousDays: 30,
    goal: () => (isGoal ? plain.met : plain.unknown),
    texts: { reclassify: 'classify again' },
  }) as unknown as StepwiseKnowledge;
/** A treatment that runs since so many days ago. */
export const trial = (days: number, more: Partial<Finding> = {}, isRunning = true): Trial => ({
  treatment: 't',
  status: isRunning ? 'ongoing' : 'helped',
  isRunning,
  missing: [],
  sources: [],
  findings: [finding('med', { onset: on(ago(days)), ...more }), finding('med')],
});
/** The previous evaluation, so many days ago. */
export const previous = (days: number, categories: readonly string[] = []): PreviousEvaluation => ({
  evaluatedAt: `${ago(days)}T10:00:00Z`,
  problems: [{ categories }],
});
/** What a change is told from. */
export interface Situation {
  readonly trials?: readonly Trial[];
  readonly previous?: PreviousEvaluation;
  readonly measures?: readonly MeasureRule[];
  readonly isGoal?: boolean;
  readonly classifications?: readonly Pick<Classification, 'category' | 'grade'>[];
}
/** What changed for a pain with these findings. */
export const change = (findings: readonly Finding[], situation: Situation = {}) => {
  const { trials = [trial(60)], previous: before, classifications = [] } = situation;
  return changeOfPain(
    scopeOf(findings),
    {
      problem: {},
      classifications: classifications as readonly Classification[],
      trials,
      previous: before,
    },
    rules(situation.measures, situation.isGoal),
  );
};
