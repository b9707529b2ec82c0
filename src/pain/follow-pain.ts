// Recommendations of one pain + what was tried + which step is next -> recommendations in their step, with trials and change over time. Must not judge rules.

import { changeOfPain, nextEvaluationOf } from './change.js';
import type {
  Classification,
  EvaluatedProblem,
  PainProblem,
  Recommendation,
  RedFlag,
} from './evaluation.js';
import { fillText } from './fill-text.js';
import { judgeOrder, judgeRecordedOrder } from './ordering.js';
import type { PreviousEvaluation, Stepwise, Trial } from './progress.js';
import type { Scope } from './scope.js';
import { type JudgedStep, judgeSteps, stepScope } from './steps.js';
import type { StepwiseKnowledge } from './stepwise-knowledge.js';
import { bareTrial, trialsOf } from './trials.js';

/** One pain with what is recommended before its history is looked at. */
export interface PainToFollow {
  readonly problem: Pick<PainProblem, 'region' | 'side' | 'members'>;
  readonly classifications: readonly Classification[];
  readonly recommendations: readonly Recommendation[];
}

/** What following needs beside the pain. */
export interface FollowDeps {
  readonly rules: StepwiseKnowledge;
  /** The treatments that the patient has any record of. */
  readonly recorded: ReadonlySet<string>;
  readonly openFlags: readonly RedFlag[];
  /** True while a red flag leaves no time for treatment: then no line changes. */
  readonly isRedFlagFirst: boolean;
  readonly previous: PreviousEvaluation | undefined;
}

/** What following adds to an evaluated pain. */
export type FollowedPain = Pick<
  EvaluatedProblem,
  'recommendations' | 'trials' | 'stepwise' | 'ordering' | 'change' | 'nextEvaluation'
>;

const isRecommended = ({ status }: Recommendation): boolean =>
  status === 'offered' || status === 'caution' || status === 'withheld';

const spanText = ({ since, until }: Trial, { texts }: StepwiseKnowledge): string => {
  if (since === undefined) return '';
  return until === undefined
    ? fillText(texts.span, { since })
    : fillText(texts.spanEnded, { since, until });
};

const reasonOf = (trial: Trial, rules: StepwiseKnowledge): string => {
  const { texts } = rules;
  const values = { span: spanText(trial, rules), relief: `${trial.reliefPercent ?? 0}` };
  if (trial.status === 'intolerance') return texts.triedIntolerance;
  if (trial.status !== 'adequate-failed') return fillText(texts.running, values);
  return fillText(trial.isRunning ? texts.triedFailedRunning : texts.triedFailed, values);
};

/** A line whose class failed or was not tolerated is `tried`; one whose class runs is not offered as new. */
const withTrial = (
  line: Recommendation,
  trial: Trial | undefined,
  deps: FollowDeps,
): Recommendation => {
  if (!trial || !isRecommended(line) || line.isForbidden) return line;
  // Withheld for what no check says (a child, an unconfirmed diagnosis): that stays what is said.
  if (line.status === 'withheld' && line.checks.length === 0) return line;
  const { status, isRunning } = trial;
  const isDone = status === 'adequate-failed' || status === 'intolerance';
  if (!isDone && !isRunning) return line;
  const reason = reasonOf(trial, deps.rules);
  return { ...line, status: isDone ? 'tried' : 'withheld', reason };
};

/** A line of a step that is not reached yet waits; what a check forbids keeps saying so. */
const inStep = (line: Recommendation, step: JudgedStep, deps: FollowDeps): Recommendation => {
  if (!isRecommended(line) || line.step === undefined || step.opens.has(line.step)) return line;
  if (line.isForbidden) return line;
  return deps.rules.held.get(line.id) ?? line;
};

/** A procedure that is offered although a more peripheral step should come first carries the remark. */
const inOrder = (
  line: Recommendation,
  scope: Scope,
  isBlocked: (treatment: string) => boolean,
  { rules }: FollowDeps,
): Recommendation => {
  const { treatment, status } = line;
  if (treatment === undefined || (status !== 'offered' && status !== 'caution')) return line;
  if (rules.treatments.get(treatment)?.level === undefined) return line;
  const [remark] = judgeOrder({ treatment }, scope, rules, isBlocked);
  if (!remark) return line;
  const reason = line.reason
    ? fillText(rules.texts.remarkAnd, { remark: remark.message, reason: line.reason })
    : remark.message;
  return { ...line, status: 'caution', reason };
};

/** The class as contraindicated, where a check forbids it and no trial says more. */
const contraindicated = (line: Recommendation): Trial | undefined => {
  if (!line.isForbidden || line.treatment === undefined) return undefined;
  const blocking = line.checks.filter(({ outcome }) => outcome === 'blocked');
  const findings = blocking.flatMap((check) => check.findings);
  return bareTrial(line.treatment, 'contraindicated', findings);
};

const SAYS_MORE: ReadonlySet<Trial['status']> = new Set([
  'adequate-failed',
  'intolerance',
  'ongoing',
]);

/** Trials of the treatments that lines name and of procedures, with contraindicated classes. */
const allTrials = (
  lines: readonly Recommendation[],
  scope: Scope,
  { rules, recorded }: FollowDeps,
): ReadonlyMap<string, Trial> => {
  const named = new Set<string>();
  for (const { treatment, status } of lines)
    if (treatment !== undefined && status !== 'source-only' && recorded.has(treatment))
      named.add(treatment);
  for (const treatment of rules.procedures)
    if (recorded.has(treatment) && rules.treatments.get(treatment)?.level !== undefined)
      named.add(treatment);
  const trials = new Map<string, Trial>();
  for (const trial of trialsOf(named, scope, rules)) trials.set(trial.treatment, trial);
  for (const line of lines) {
    const { treatment = '' } = line;
    const known = trials.get(treatment);
    if (known && SAYS_MORE.has(known.status)) continue;
    const blocked = contraindicated(line);
    if (blocked) trials.set(treatment, blocked);
  }
  return trials;
};

/** Classes of the first step that guidance recommends for this pain. */
const firstClasses = (
  lines: readonly Recommendation[],
  { rules }: FollowDeps,
): ReadonlySet<string> => {
  const classes = new Set<string>();
  for (const line of lines) {
    const { treatment, step } = line;
    if (treatment === undefined || step !== 'conservative' || !isRecommended(line)) continue;
    if (rules.treatments.get(treatment)?.isClass) classes.add(treatment);
  }
  return classes;
};

const organisationsOf = (
  { members }: PainToFollow['problem'],
  trials: ReadonlyMap<string, Trial>,
): ReadonlySet<string> => {
  const organisations = new Set<string>();
  const add = (organisation: string | undefined): void => {
    if (organisation !== undefined) organisations.add(organisation);
  };
  for (const { organisation } of members) add(organisation);
  for (const { findings } of trials.values())
    for (const { organisation } of findings) add(organisation);
  return organisations;
};

/** Classes of the first step that a check forbids, each once. */
const skippedOf = (lines: readonly Recommendation[]): Stepwise['skipped'] => {
  const skipped = new Map<string, string>();
  for (const line of lines) {
    const { treatment, step, reason } = line;
    if (treatment !== undefined && step === 'conservative' && line.isForbidden)
      skipped.set(treatment, skipped.get(treatment) ?? reason ?? '');
  }
  return [...skipped].map(([treatment, reason]) => ({ treatment, reason }));
};

const stepwiseOf = (
  { step, row, because, asks, sources, findings }: JudgedStep,
  lines: readonly Recommendation[],
  classes: ReadonlySet<string>,
  trials: ReadonlyMap<string, Trial>,
  deps: FollowDeps,
): Stepwise => {
  const skipped = skippedOf(lines);
  const isOpen = (treatment: string): boolean =>
    !trials.has(treatment) && deps.rules.trialsOf.has(treatment);
  const notTried = [...classes].filter(isOpen);
  return { step, row, because, asks, skipped, notTried, sources, findings };
};

/**
 * Puts the recommendations of one classified pain into the course of its treatment.
 * A red flag that comes first leaves every line as it is; a disorder that does not hurt has no steps.
 */
export const followPain = (pain: PainToFollow, scope: Scope, deps: FollowDeps): FollowedPain => {
  const { recommendations, problem, classifications } = pain;
  const { rules, openFlags, isRedFlagFirst, previous } = deps;
  if (classifications.length === 0 || scope.pain?.isNonPainful) return { recommendations };
  const trials = allTrials(recommendations, scope, deps);
  const classes = firstClasses(recommendations, deps);
  const isProcedure = ({ treatment, status }: Trial): boolean =>
    rules.treatments.get(treatment)?.level !== undefined && status !== 'contraindicated';
  const inputs = {
    openFlags,
    classes: [...classes].flatMap((treatment) => trials.get(treatment) ?? []),
    classesWithoutRecord: [...classes].filter((treatment) => !trials.has(treatment)).length,
    procedures: [...trials.values()].filter(isProcedure),
    organisations: organisationsOf(problem, trials),
  };
  const step = judgeSteps(stepScope(scope, inputs, rules.relief), rules);
  const isBlocked = (treatment: string): boolean =>
    trials.get(treatment)?.status === 'contraindicated';
  const placed = (line: Recommendation): Recommendation => {
    const tried = withTrial(line, trials.get(line.treatment ?? ''), deps);
    return inOrder(step ? inStep(tried, step, deps) : tried, scope, isBlocked, deps);
  };
  const list = [...trials.values()];
  const ordering = judgeRecordedOrder(scope, rules, isBlocked);
  const inputsOfChange = { problem, classifications, trials: list, previous };
  return {
    recommendations: isRedFlagFirst ? recommendations : recommendations.map(placed),
    trials: list.length > 0 ? list : undefined,
    stepwise: step && stepwiseOf(step, recommendations, classes, trials, deps),
    ordering: ordering.length > 0 ? ordering : undefined,
    change: changeOfPain(scope, inputsOfChange, rules),
    nextEvaluation: nextEvaluationOf(scope, rules),
  };
};
