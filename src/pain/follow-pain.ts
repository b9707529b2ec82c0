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
import type { Finding } from './finding.js';
import { isRecommended, type NamedTreatments, namedBy, trialsOf } from './named-treatments.js';
import { judgeOrder, judgeRecordedOrder } from './ordering.js';
import type { PreviousEvaluation, Stepwise, Trial } from './progress.js';
import type { Scope } from './scope.js';
import { type JudgedStep, judgeSteps, type StepInputs, stepScope } from './steps.js';
import type { StepwiseKnowledge } from './stepwise-knowledge.js';
import type { TrialHistory } from './trials.js';

/** One pain with what is recommended before its history is looked at. */
export interface PainToFollow {
  readonly problem: Pick<PainProblem, 'region' | 'side' | 'members'>;
  readonly classifications: readonly Classification[];
  readonly recommendations: readonly Recommendation[];
}

/** What following needs beside the pain. */
export interface FollowDeps {
  readonly rules: StepwiseKnowledge;
  /** How the patient's treatments were tried. */
  readonly history: TrialHistory;
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

const spanText = ({ since, until }: Trial, { texts }: StepwiseKnowledge): string => {
  if (since === undefined) return '';
  return until === undefined
    ? fillText(texts.span, { since })
    : fillText(texts.spanEnded, { since, until });
};

const reasonOf = (trial: Trial, rules: StepwiseKnowledge): string => {
  const { texts } = rules;
  if (trial.status === 'intolerance') return texts.triedIntolerance;
  const values = { span: spanText(trial, rules), relief: `${trial.reliefPercent ?? 0}` };
  if (trial.status !== 'adequate-failed') return fillText(texts.running, values);
  return fillText(trial.isRunning ? texts.triedFailedRunning : texts.triedFailed, values);
};

/** A line whose class failed or was not tolerated is `tried`; one whose class runs is not offered as new. */
const withTrial = (
  line: Recommendation,
  trial: Trial | undefined,
  deps: FollowDeps,
): Recommendation => {
  if (!trial || line.isForbidden) return line;
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
  if (line.status === 'tried' || line.step === undefined || step.opens.has(line.step)) return line;
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
  if (treatment === undefined || !rules.levelled.has(treatment)) return line;
  if (status !== 'offered' && status !== 'caution') return line;
  const [remark] = judgeOrder({ treatment }, scope, rules, isBlocked);
  if (!remark) return line;
  const reason = line.reason
    ? fillText(rules.texts.remarkAnd, { remark: remark.message, reason: line.reason })
    : remark.message;
  return { ...line, status: 'caution', reason };
};

const NO_ORGANISATIONS: ReadonlySet<string> = new Set();

/** The organisations that are on record for the pain and its treatment. */
const organisationsOf = (
  { members }: PainToFollow['problem'],
  trials: readonly Trial[],
): ReadonlySet<string> => {
  let organisations: Set<string> | undefined;
  const add = (findings: readonly Finding[]): void => {
    for (const { organisation } of findings)
      if (organisation !== undefined) {
        organisations ??= new Set();
        organisations.add(organisation);
      }
  };
  add(members);
  for (const { findings } of trials) add(findings);
  return organisations ?? NO_ORGANISATIONS;
};

/** What stepping is told: which first options were tried, and which procedures. */
const stepInputsOf = (
  classes: readonly string[],
  trials: ReadonlyMap<string, Trial>,
  all: readonly Trial[],
  { problem }: PainToFollow,
  { rules, openFlags }: FollowDeps,
): StepInputs => {
  const tried: Trial[] = [];
  for (const treatment of classes) {
    const trial = trials.get(treatment);
    if (trial) tried.push(trial);
  }
  return {
    openFlags,
    classes: tried,
    classesWithoutRecord: classes.length - tried.length,
    procedures: all.filter(
      ({ treatment, status }) => status !== 'contraindicated' && rules.levelled.has(treatment),
    ),
    organisations: organisationsOf(problem, all),
  };
};

const stepwiseOf = (
  { step, row, because, asks, sources, findings }: JudgedStep,
  { classes, skipped }: NamedTreatments,
  trials: ReadonlyMap<string, Trial>,
  { rules }: FollowDeps,
): Stepwise => {
  const notTried = classes.filter(
    (treatment) => !trials.has(treatment) && rules.trialsOf.has(treatment),
  );
  return { step, row, because, asks, skipped, notTried, sources, findings };
};

/**
 * Puts the recommendations of one classified pain into the course of its treatment.
 * A red flag that comes first leaves every line as it is; a disorder that does not hurt has no steps.
 */
export const followPain = (pain: PainToFollow, scope: Scope, deps: FollowDeps): FollowedPain => {
  const { recommendations, problem, classifications } = pain;
  const { rules, history, isRedFlagFirst, previous } = deps;
  if (classifications.length === 0 || scope.pain?.isNonPainful) return { recommendations };
  const named = namedBy(recommendations, history.recorded, rules);
  const trials = trialsOf(named, scope, history, rules);
  const list = [...trials.values()];
  const inputs = stepInputsOf(named.classes, trials, list, pain, deps);
  const step = judgeSteps(stepScope(scope, inputs, rules.relief), rules);
  const isBlocked = (treatment: string): boolean =>
    trials.get(treatment)?.status === 'contraindicated';
  const placed = (line: Recommendation): Recommendation => {
    if (!isRecommended(line)) return line;
    const tried = withTrial(line, trials.get(line.treatment ?? ''), deps);
    return inOrder(step ? inStep(tried, step, deps) : tried, scope, isBlocked, deps);
  };
  const ordering = history.procedures.length > 0 ? judgeRecordedOrder(scope, rules, isBlocked) : [];
  const inputsOfChange = { problem, classifications, trials: list, previous };
  return {
    recommendations: isRedFlagFirst ? recommendations : recommendations.map(placed),
    trials: list.length > 0 ? list : undefined,
    stepwise: step && stepwiseOf(step, named, trials, deps),
    ordering: ordering.length > 0 ? ordering : undefined,
    change: changeOfPain(scope, inputsOfChange, rules),
    nextEvaluation: nextEvaluationOf(scope, rules),
  };
};
