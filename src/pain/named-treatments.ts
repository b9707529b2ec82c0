// Lines of one pain -> the treatments they name, and how each was tried. Must not know steps or what becomes of a line.
import type { Recommendation } from './evaluation.js';
import type { SkippedClass, Trial } from './progress.js';
import { scoresOf } from './relief.js';
import type { Scope } from './scope.js';
import type { StepwiseKnowledge } from './stepwise-knowledge.js';
import { bareTrial, type TrialHistory } from './trials.js';

/** What the lines of a pain say of treatments: each once, in the order of the lines. */
export interface NamedTreatments {
  /** Those with a record. */
  readonly recorded: readonly string[];
  /** Classes of the first step that guidance recommends for this pain. */
  readonly classes: readonly string[];
  /** Classes of the first step that a check forbids. */
  readonly skipped: readonly SkippedClass[];
  /** All lines that a check forbids. */
  readonly forbidden: readonly Recommendation[];
}

/** Whether guidance recommends what the line says, though it may have to wait. */
export const isRecommended = ({ status }: Recommendation): boolean =>
  status === 'offered' || status === 'caution' || status === 'withheld';

/** Keeps what is said first. Apart from the loop below, which would else make a closure for each line. */
const addOnce = (skipped: SkippedClass[], treatment: string, reason: string): void => {
  if (!skipped.some((one) => one.treatment === treatment)) skipped.push({ treatment, reason });
};

/** Looks through the lines once. */
export const namedBy = (
  lines: readonly Recommendation[],
  recorded: ReadonlySet<string>,
  rules: Pick<StepwiseKnowledge, 'classes'>,
): NamedTreatments => {
  const tried: string[] = [];
  const classes: string[] = [];
  const skipped: SkippedClass[] = [];
  const forbidden: Recommendation[] = [];
  for (const line of lines) {
    const { treatment, status, step, isForbidden, reason = '' } = line;
    if (treatment === undefined) continue;
    if (status !== 'source-only' && recorded.has(treatment) && !tried.includes(treatment))
      tried.push(treatment);
    const isFirstStep = step === 'conservative';
    if (isFirstStep && isRecommended(line) && rules.classes.has(treatment))
      if (!classes.includes(treatment)) classes.push(treatment);
    if (!isForbidden) continue;
    forbidden.push(line);
    if (isFirstStep) addOnce(skipped, treatment, reason);
  }
  return { recorded: tried, classes, skipped, forbidden };
};

/** What speaks for a class even where a check forbids it. */
const SAYS_MORE: readonly Trial['status'][] = ['adequate-failed', 'intolerance', 'ongoing'];

/** Adds the classes that a check forbids and of which no trial says more. */
const addContraindicated = (
  trials: Map<string, Trial>,
  forbidden: readonly Recommendation[],
): void => {
  for (const { treatment, checks } of forbidden) {
    if (treatment === undefined) continue;
    const known = trials.get(treatment);
    if (known && SAYS_MORE.includes(known.status)) continue;
    const findings = checks.flatMap((check) => (check.outcome === 'blocked' ? check.findings : []));
    trials.set(treatment, bareTrial(treatment, 'contraindicated', findings));
  }
};

/** Trials of the treatments that lines name and of procedures, with contraindicated classes. */
export const trialsOf = (
  { recorded, forbidden }: NamedTreatments,
  scope: Scope,
  history: TrialHistory,
  { levelled, relief }: Pick<StepwiseKnowledge, 'levelled' | 'relief'>,
): ReadonlyMap<string, Trial> => {
  const trials = new Map<string, Trial>();
  const scores = scoresOf(scope, relief.scoreSets);
  const add = (treatment: string): void => {
    const trial = history.trialOf(treatment, scope, scores);
    if (trial) trials.set(treatment, trial);
  };
  for (const treatment of recorded) add(treatment);
  for (const treatment of history.procedures)
    if (levelled.has(treatment) && !recorded.includes(treatment)) add(treatment);
  addContraindicated(trials, forbidden);
  return trials;
};
