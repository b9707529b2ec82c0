// Trials, severity, duration, care elsewhere -> the next step (treatment.md 5.3), row by row. Must not know lines or what rows say.
import type { RedFlag } from './evaluation.js';
import type { TriedAs } from './expression.js';
import type { Finding } from './finding.js';
import type { Stepwise, Trial } from './progress.js';
import { NONE, type Scope, type StepScope } from './scope.js';
import type { ReliefRules, StepRow, StepwiseKnowledge } from './stepwise-knowledge.js';

/** What stepping is told about a pain. */
export interface StepInputs {
  readonly openFlags: readonly RedFlag[];
  /** Trials of the classes that are first options for this pain. */
  readonly classes: readonly Trial[];
  /** First options of which nothing is on record: whether they were tried is not known. */
  readonly classesWithoutRecord: number;
  /** Trials of procedures. */
  readonly procedures: readonly Trial[];
  readonly organisations: ReadonlySet<string>;
}

/** The row that holds, and what it opens. */
export interface JudgedStep
  extends Pick<Stepwise, 'step' | 'row' | 'because' | 'asks' | 'sources'> {
  readonly findings: readonly Finding[];
  /** Steps whose lines may be shown. */
  readonly opens: ReadonlySet<string>;
}

const isPartial = ({ reliefPercent, status }: Trial, rules: ReliefRules): boolean =>
  (status === 'ongoing' || status === 'helped') &&
  reliefPercent !== undefined &&
  reliefPercent >= rules.respondedFrom &&
  reliefPercent < rules.substantialFrom;

/** Trials that rest on the same records are one: a class and the wider class it belongs to. */
const distinct = (trials: readonly Trial[]): readonly Trial[] => {
  const firsts: Finding[] = [];
  return trials.filter(({ findings: [first] }) => {
    if (!first) return true;
    const isNew = !firsts.includes(first);
    if (isNew) firsts.push(first);
    return isNew;
  });
};

const countTrials = (
  trials: readonly Trial[],
  silent: number,
  what: readonly TriedAs[],
  rules: ReliefRules,
): ReturnType<StepScope['tried']> => {
  let findings: Finding[] | undefined;
  let sure = 0;
  let open = 0;
  for (const trial of trials) {
    const isOne =
      what.includes(trial.status) || (what.includes('partial') && isPartial(trial, rules));
    if (isOne) sure += 1;
    else if (trial.status === 'not-documented') open += 1;
    const [first] = trial.findings;
    if (!isOne || !first) continue;
    if (findings) findings.push(first);
    else findings = [first];
  }
  return { low: sure, high: sure + open + silent, findings: findings ?? NONE };
};

/** The scope step rules are judged in. */
export const stepScope = (scope: Scope, inputs: StepInputs, rules: ReliefRules): Scope => {
  const classes = distinct(inputs.classes);
  const procedures = distinct(inputs.procedures);
  return {
    ...scope,
    steps: {
      openFlags: inputs.openFlags,
      organisations: inputs.organisations,
      tried: (what, of) =>
        of === 'class'
          ? countTrials(classes, inputs.classesWithoutRecord, what, rules)
          : countTrials(procedures, 0, what, rules),
    },
  };
};

/** The questions that are wanted and still open. */
const asksOf = (
  wanted: readonly string[],
  scope: Scope,
  asks: StepwiseKnowledge['asks'],
): readonly string[] => {
  const open: string[] = [];
  for (const { id, judge, text } of asks)
    if (wanted.includes(id) && judge(scope).result === 'met') open.push(text);
  return open;
};

/**
 * The next step: the first row that is met. Rows above it that cannot be judged lead to questions, never to a later step;
 * every met row opens its lines, and what a met row closes stays closed.
 */
export const judgeSteps = (
  scope: Scope,
  { steps, asks }: Pick<StepwiseKnowledge, 'steps' | 'asks'>,
): JudgedStep | undefined => {
  let chosen: { readonly row: StepRow; readonly findings: readonly Finding[] } | undefined;
  const wanted: string[] = [];
  const met: StepRow[] = [];
  for (const row of steps) {
    const { result, findings } = row.judge(scope);
    if (result === 'unknown' && !chosen) wanted.push(...row.asks);
    if (result !== 'met') continue;
    chosen ??= { row, findings };
    met.push(row);
  }
  if (!chosen) return undefined;
  const opens = new Set<string>();
  for (const row of met) for (const step of row.opens) opens.add(step);
  for (const row of met) for (const step of row.closes) opens.delete(step);
  const { row, findings } = chosen;
  return {
    step: row.step,
    row: row.id,
    because: row.text,
    asks: asksOf(wanted, scope, asks),
    sources: row.sources,
    findings,
    opens,
  };
};
