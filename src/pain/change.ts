// Scores over time, the stored previous evaluation -> what changed (treatment.md 6). No baseline, no claim. Must not know cards.

import type { Classification, PainProblem } from './evaluation.js';
import { DAY_MS } from './fhir-date.js';
import type {
  Change,
  LabelChange,
  MeasureChange,
  NextEvaluation,
  PreviousEvaluation,
  Trial,
} from './progress.js';
import { fallPercent, isResponse, type Pair, pairsOf, scoresOf } from './relief.js';
import { GRADES, type Scope } from './scope.js';
import type {
  ChangeWord,
  MeasureRule,
  ReliefRules,
  StepwiseKnowledge,
} from './stepwise-knowledge.js';
import type { Category, Grade } from './terms.js';

const reaches = (word: ChangeWord, points: number, percent: number | undefined): boolean => {
  const { fallPercent: fall, fallPoints, risePoints } = word;
  if (risePoints !== undefined) return points >= risePoints;
  return (
    (fall !== undefined && percent !== undefined && percent >= fall) ||
    (fallPoints !== undefined && -points >= fallPoints)
  );
};

const changeOf = (
  pair: Pair,
  since: MeasureChange['since'],
  rule: MeasureRule,
  relief: ReliefRules,
): MeasureChange => {
  const { before, after } = pair;
  const points = Number((after.value - before.value).toPrecision(12));
  const percent = fallPercent(pair);
  const word = rule.words.find((one) => reaches(one, points, percent));
  const point = (score: typeof before) => ({
    value: score.value,
    date: score.date,
    finding: score.finding,
  });
  return {
    measure: rule.id,
    label: rule.label,
    since,
    from: point(before),
    to: point(after),
    points,
    percent: percent === undefined ? undefined : percent === 0 ? 0 : -percent,
    word: word?.word,
    says: word?.says,
    response:
      rule.hasResponse && percent !== undefined
        ? {
            reached30: isResponse(percent, relief),
            reached50: percent >= relief.substantialFrom,
          }
        : undefined,
    sources: word?.sources ?? rule.sources,
  };
};

/** Start of the treatment that was started last and still runs. */
const currentStart = (trials: readonly Trial[]): number | undefined => {
  let latest: number | undefined;
  for (const { isRunning, findings } of trials) {
    const [first] = findings;
    const start = first && isRunning ? (first.onset ?? first.effective) : undefined;
    // A start that is known to the month only gives no baseline.
    if (start && start.endMs - start.startMs <= DAY_MS && start.startMs > (latest ?? 0))
      latest = start.startMs;
  }
  return latest;
};

type Rules = Pick<StepwiseKnowledge, 'measures' | 'relief' | 'previousDays'>;

/** Of several instruments the pair that was measured last. */
const newest = (pairs: readonly Pair[]): Pair | undefined =>
  pairs.reduce<Pair | undefined>(
    (best, pair) => (best && best.after.startMs >= pair.after.startMs ? best : pair),
    undefined,
  );

const measureChanges = (
  scope: Scope,
  trials: readonly Trial[],
  previousMs: number | undefined,
  { measures, relief, previousDays }: Rules,
): readonly MeasureChange[] => {
  const startMs = currentStart(trials);
  if (startMs === undefined && previousMs === undefined) return [];
  const toMs = scope.nowMs;
  return measures.flatMap((rule) => {
    const scores = scoresOf(scope, rule.sets);
    if (scores.length < 2) return [];
    const found: MeasureChange[] = [];
    const add = (from: number | undefined, days: number, since: MeasureChange['since']): void => {
      if (from === undefined) return;
      const pair = newest(pairsOf(scores, from, days, { fromMs: from + DAY_MS, toMs }));
      if (pair) found.push(changeOf(pair, since, rule, relief));
    };
    add(startMs, relief.baselineDays, 'treatment-start');
    add(previousMs, previousDays, 'previous-evaluation');
    return found;
  });
};

/** The pain of the previous evaluation at the same place; undefined when none or several could be it. */
const sameProblem = (
  { region, side }: Pick<PainProblem, 'region' | 'side'>,
  { problems }: PreviousEvaluation,
) => {
  const [first, ...more] = problems.filter((one) => one.region === region && one.side === side);
  return more.length === 0 ? first : undefined;
};

/** What changed in the classification of one pain since the previous evaluation. */
export const labelChanges = (
  problem: Pick<PainProblem, 'region' | 'side'>,
  classifications: readonly Pick<Classification, 'category' | 'grade'>[],
  previous: PreviousEvaluation,
): readonly LabelChange[] => {
  const same = sameProblem(problem, previous);
  if (!same) return [];
  const before = new Map(same.categories.map((text) => text.split(':') as [Category, Grade]));
  const now = new Map(classifications.map(({ category, grade }) => [category, grade]));
  const changes: LabelChange[] = [];
  for (const [category, to] of now) {
    const from = before.get(category);
    if (from === undefined) changes.push({ category, change: 'new', to });
    else if (from !== to) {
      const change = GRADES.indexOf(to) > GRADES.indexOf(from) ? 'up' : 'down';
      changes.push({ category, change, from, to });
    }
  }
  for (const [category, from] of before)
    if (!now.has(category)) changes.push({ category, change: 'gone', from });
  return changes;
};

const reclassifying = (
  measures: readonly MeasureRule[],
  measure: string,
  word: string | undefined,
): boolean =>
  measures.some(
    ({ id, words }) => id === measure && words.some((one) => one.word === word && one.reclassifies),
  );

/** What a change is told from. */
export interface ChangeInputs {
  readonly problem: Pick<PainProblem, 'region' | 'side'>;
  readonly classifications: readonly Classification[];
  readonly trials: readonly Trial[];
  readonly previous: PreviousEvaluation | undefined;
}

/** What changed for one pain; undefined where nothing can be said. */
export const changeOfPain = (
  scope: Scope,
  { problem, classifications, trials, previous }: ChangeInputs,
  rules: StepwiseKnowledge,
): Change | undefined => {
  const previousMs = previous && Date.parse(previous.evaluatedAt);
  const measures = measureChanges(scope, trials, previousMs, rules);
  const labels = previous ? labelChanges(problem, classifications, previous) : [];
  const isGoalReached = rules.goal(scope).result === 'met';
  if (measures.length === 0 && labels.length === 0 && !isGoalReached) return undefined;
  const isReclassify =
    labels.some(({ change }) => change === 'new') ||
    measures.some(({ measure, word }) => reclassifying(rules.measures, measure, word));
  return {
    previousAt: previous?.evaluatedAt,
    measures,
    labels,
    isGoalReached,
    advice: isReclassify ? rules.texts.reclassify : undefined,
  };
};

/** When to look again: the first row that holds. */
export const nextEvaluationOf = (
  scope: Scope,
  { intervals }: Pick<StepwiseKnowledge, 'intervals'>,
): NextEvaluation | undefined => {
  const row = intervals.find(({ judge }) => judge(scope).result === 'met');
  if (!row) return undefined;
  const { id, text, fromDays, toDays, sources } = row;
  return { id, text, fromDays, toDays, sources };
};
