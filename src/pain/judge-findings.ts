// The operators that look findings up by code set, three-valued. Must not know logic, numbers of the patient or grades.
import type { Comparison, Expression, SetOperator } from './expression.js';
import { isWithin, type Truth } from './fhir-date.js';
import type { FhirDate, Finding, Measure } from './finding.js';
import {
  type FindingIndex,
  hasAny,
  type Judge,
  type Judgement,
  NOT_MET,
  type RecordsRead,
  type Scope,
  UNKNOWN,
} from './scope.js';

/** Whether a comparison holds. */
export const holds = (value: number, compare: Comparison, limit: number): boolean => {
  if (compare === '<') return value < limit;
  if (compare === '<=') return value <= limit;
  if (compare === '>') return value > limit;
  if (compare === '>=') return value >= limit;
  return value === limit;
};

/** Compares an interval with a limit: only when every value in it agrees is the answer known. */
export const compareMeasure = (measure: Measure, compare: Comparison, limit: number): Truth => {
  const { low, high, lowOpen, highOpen } = measure;
  if (low === high) return holds(low, compare, limit) ? 'met' : 'notMet';
  const surelyAbove = low > limit || (low === limit && lowOpen);
  const surelyBelow = high < limit || (high === limit && highOpen);
  const atLeast = low >= limit;
  const atMost = high <= limit;
  if (compare === '>') return surelyAbove ? 'met' : atMost ? 'notMet' : 'unknown';
  if (compare === '>=') return atLeast ? 'met' : surelyBelow ? 'notMet' : 'unknown';
  if (compare === '<') return surelyBelow ? 'met' : atLeast ? 'notMet' : 'unknown';
  if (compare === '<=') return atMost ? 'met' : surelyAbove ? 'notMet' : 'unknown';
  return surelyAbove || surelyBelow ? 'notMet' : 'unknown';
};

const when = (finding: Finding): FhirDate | undefined => finding.onset ?? finding.effective;

/** The code sets that are asked for, and the most that an unconfirmed entry weighs (G3). */
interface Asked {
  readonly sets: readonly string[];
  readonly unconfirmedWeight: number;
}

const rowWeight = (finding: Finding, { sets, unconfirmedWeight }: Asked): number => {
  let best = 0;
  for (const match of finding.matches) {
    const { weight = 0 } = match;
    if (weight > best && sets.includes(match.set)) best = weight;
  }
  return finding.verification === 'unconfirmed' ? Math.min(best, unconfirmedWeight) : best;
};

const strongestRow = (findings: readonly Finding[], asked: Asked): number => {
  let strongest = 0;
  for (const finding of findings) strongest = Math.max(strongest, rowWeight(finding, asked));
  return strongest;
};

/** What one finding says to an operator; `skip` when it says nothing. */
type FindingTest = (finding: Finding, scope: Scope) => Truth | 'skip';

/** Looks through the findings of the sets with `test`; met by any, else unknown by any, else denied, else absent. */
const search = (
  scope: Scope,
  index: FindingIndex,
  asked: Asked,
  kind: keyof RecordsRead,
  test: FindingTest,
): Judgement => {
  let met: Finding[] | undefined;
  let unsure: Finding[] | undefined;
  let denied: Finding[] | undefined;
  for (const set of asked.sets) {
    const findings = index.get(set);
    if (!findings) continue;
    for (const finding of findings) {
      const truth = finding.basis === 'text' ? 'skip' : test(finding, scope);
      if (truth === 'met') {
        if (!met) met = [finding];
        else if (!met.includes(finding)) met.push(finding);
      } else if (truth === 'unknown') {
        if (!unsure) unsure = [finding];
        else unsure.push(finding);
      } else if (truth === 'notMet') {
        if (!denied) denied = [finding];
        else denied.push(finding);
      }
    }
  }
  if (met) return { result: 'met', findings: met, weight: strongestRow(met, asked) };
  if (unsure) return { result: 'unknown', findings: unsure, weight: 0 };
  if (denied) return { result: 'notMet', findings: denied, weight: 0 };
  return absent(scope, kind);
};

const ABSENT: Readonly<Record<keyof RecordsRead, Judge>> = {
  condition: ({ absence }) => (absence !== 'unknown' && absence.condition ? NOT_MET : UNKNOWN),
  medication: ({ absence }) => (absence !== 'unknown' && absence.medication ? NOT_MET : UNKNOWN),
  procedure: ({ absence }) => (absence !== 'unknown' && absence.procedure ? NOT_MET : UNKNOWN),
  report: ({ absence }) => (absence !== 'unknown' && absence.report ? NOT_MET : UNKNOWN),
  allergy: ({ absence }) => (absence !== 'unknown' && absence.allergy ? NOT_MET : UNKNOWN),
};

/** What finding nothing of a kind means: not there where all of it was read, else unknown. */
export const absent = (scope: Scope, kind: keyof RecordsRead): Judgement => ABSENT[kind](scope);

/** The judge that looks the sets up in what counts here; most records have nothing of them, and most ask for one. */
const lookUp = (asked: Asked, kind: keyof RecordsRead, test: FindingTest): Judge => {
  const { sets } = asked;
  const [only] = sets;
  const ifAbsent = ABSENT[kind];
  if (only !== undefined && sets.length === 1)
    return (scope) =>
      scope.findings.has(only) ? search(scope, scope.findings, asked, kind, test) : ifAbsent(scope);
  return (scope) =>
    hasAny(scope.findings, sets)
      ? search(scope, scope.findings, asked, kind, test)
      : ifAbsent(scope);
};

/** Expressions that look findings up by set. */
export type SetExpression = Extract<
  Expression,
  { readonly op: SetOperator | 'value' | 'high' | 'low' | 'highForAge' }
>;

/** How long a result of a set stays valid: at most `days`, shorter while one of the conditions is not denied (D-2). */
export interface FreshnessWindow {
  readonly days: number;
  readonly shorter: readonly { readonly days: number; readonly judge: Judge }[];
}

/** What compiling an expression needs beside its text. */
export interface JudgeContext {
  readonly freshness: ReadonlyMap<string, FreshnessWindow>;
  /** A medicine without a recorded end is held to be over so many days after it was written. */
  readonly prescriptionDays: number;
  /** The most that an unconfirmed entry weighs (G3). */
  readonly unconfirmedWeight: number;
}

/** For how many days a result of the set counts for this patient. */
export const validDays = (window: FreshnessWindow, scope: Scope): number => {
  let days = window.days;
  for (const shorter of window.shorter) {
    if (shorter.days < days && shorter.judge(scope).result !== 'notMet') days = shorter.days;
  }
  return days;
};

/** Whether a result is still inside the window of its set; the conditions are asked only where they matter. */
const isFresh = (window: FreshnessWindow, date: FhirDate | undefined, scope: Scope): Truth => {
  const truth = isWithin(date, scope.nowMs, window.days);
  if (truth !== 'met') return truth;
  const isTooOld = window.shorter.some(
    ({ days, judge }) =>
      isWithin(date, scope.nowMs, days) !== 'met' && judge(scope).result !== 'notMet',
  );
  return isTooOld ? 'notMet' : 'met';
};

type WindowTest = (finding: Finding, scope: Scope) => Truth;

/** The test of an expression's suffix; `fresh` without a listed window is never met. */
const windowTest = (expression: SetExpression, { freshness }: JudgeContext): WindowTest => {
  const { withinDays, olderThanDays, fresh, sets } = expression;
  if (withinDays !== undefined)
    return (finding, { nowMs }) => isWithin(when(finding), nowMs, withinDays);
  if (olderThanDays !== undefined)
    return (finding, { nowMs }) => {
      const inside = isWithin(when(finding), nowMs, olderThanDays);
      return inside === 'met' ? 'notMet' : inside === 'notMet' ? 'met' : 'unknown';
    };
  if (!fresh) return () => 'met';
  const [window] = sets.flatMap((set) => freshness.get(set) ?? []);
  return (finding, scope) => (window ? isFresh(window, when(finding), scope) : 'unknown');
};

/** Whether a medicine is taken, or was until within the last days: its recorded end counts, else what its date allows (D-7). */
const takenWithin = (
  finding: Finding,
  nowMs: number,
  days: number,
  prescriptionDays: number,
): Truth | 'skip' => {
  if (finding.current) return 'met';
  const { until, effective } = finding;
  if (until) {
    const truth = isWithin(until, nowMs, days);
    return truth === 'notMet' ? 'skip' : truth;
  }
  if (!effective) return 'unknown';
  if (isWithin(effective, nowMs, days) === 'met') return 'met';
  return isWithin(effective, nowMs, days + prescriptionDays) === 'notMet' ? 'skip' : 'unknown';
};

const isFact = ({ source }: Finding): boolean =>
  source === 'condition' ||
  source === 'encounter' ||
  source === 'observation' ||
  source === 'questionnaire';

/** The judge of an operator over code sets. */
export const setJudge = (expression: SetExpression, context: JudgeContext): Judge => {
  const { sets, op } = expression;
  const asked = { sets, unconfirmedWeight: context.unconfirmedWeight };
  const inWindow = windowTest(expression, context);
  const fact = (finding: Finding, historyCounts: boolean, scope: Scope): Truth | 'skip' => {
    if (finding.presence === 'present' && !finding.current && !historyCounts) return 'skip';
    const isAbsent = finding.presence === 'absent';
    // A refuted diagnosis without a date is refuted now; a dated denial counts for its own time only.
    if (isAbsent && finding.source === 'condition' && !when(finding)) return 'notMet';
    const truth = inWindow(finding, scope);
    if (truth !== 'met') return truth === 'notMet' ? 'skip' : truth;
    if (finding.presence === 'unknown') return 'unknown';
    return isAbsent ? 'notMet' : 'met';
  };
  switch (op) {
    case 'has':
    case 'had': {
      const test: FindingTest = (f, scope) => (isFact(f) ? fact(f, op === 'had', scope) : 'skip');
      return lookUp(asked, 'condition', test);
    }
    case 'undated':
      return lookUp(asked, 'condition', undatedTest);
    case 'med':
      return medicineJudge(expression, asked, inWindow, context.prescriptionDays);
    case 'started':
      return startedJudge(sets, expression.withinDays ?? 0);
    case 'report':
    case 'procedure': {
      const test: FindingTest = (f, scope) => (f.source === op ? fact(f, true, scope) : 'skip');
      return lookUp(asked, op, test);
    }
    case 'sameSite':
      return (scope) =>
        scope.pain && scope.pain.regions.length > 0
          ? search(scope, scope.allFindings, asked, 'condition', sameSiteTest)
          : UNKNOWN;
    default: {
      const test = resultTest(expression);
      const [only] = sets;
      if (only === undefined || sets.length > 1)
        return (scope) => newestResult(scope, asked, test, inWindow);
      return (scope) =>
        scope.findings.has(only) ? newestResult(scope, asked, test, inWindow) : UNKNOWN;
    }
  }
};

const undatedTest: FindingTest = (f) =>
  f.source === 'condition' && f.current && f.presence === 'present' && when(f) === undefined
    ? 'met'
    : 'skip';

const sameSiteTest: FindingTest = (f, { pain }) => {
  if (f.presence === 'absent' || !f.current) return 'skip';
  if (f.regions.length === 0 || f.presence === 'unknown') return 'unknown';
  return pain?.isAtSite(f) ? 'met' : 'skip';
};

/** Medicines taken now; with `within` also those that ended since, with `olderThan` only those on record for longer. */
const medicineJudge = (
  { withinDays, olderThanDays }: SetExpression,
  asked: Asked,
  inWindow: WindowTest,
  prescriptionDays: number,
): Judge => {
  const test: FindingTest = (f, scope) => {
    if (f.source !== 'medication') return 'skip';
    if (f.presence === 'absent') return 'notMet';
    if (withinDays !== undefined) return takenWithin(f, scope.nowMs, withinDays, prescriptionDays);
    if (!f.current) return 'skip';
    const truth = olderThanDays === undefined ? 'met' : inWindow(f, scope);
    return truth === 'notMet' ? 'skip' : truth;
  };
  return lookUp(asked, 'medication', test);
};

/** A medicine of one set that is taken now and whose first record lies within the window; unknown while one has no date. */
const startedJudge = (sets: readonly string[], withinDays: number): Judge => {
  const firstRecordOf = (medicines: readonly Finding[], nowMs: number): Truth => {
    const truths = medicines.map(({ effective }) => isWithin(effective, nowMs, withinDays));
    if (truths.includes('notMet')) return 'notMet';
    return truths.includes('unknown') ? 'unknown' : 'met';
  };
  return (scope) => {
    let answer = absent(scope, 'medication');
    for (const set of sets) {
      const found = scope.findings.get(set);
      if (!found) continue;
      const medicines = found.filter(
        ({ source, presence, basis }) =>
          source === 'medication' && presence === 'present' && basis === 'coded',
      );
      const taken = medicines.filter(({ current }) => current);
      if (taken.length === 0) continue;
      const result = firstRecordOf(medicines, scope.nowMs);
      if (result === 'met') return { result, findings: taken, weight: 0 };
      if (answer.findings.length === 0 || result === 'unknown')
        answer = { result, findings: taken, weight: 0 };
    }
    return answer;
  };
};

/** Judges over results: of the newest date that has a usable result only; results that disagree on one date are unknown. */
const newestResult = (
  scope: Scope,
  asked: Asked,
  test: FindingTest,
  inWindow: WindowTest,
): Judgement => {
  let newest: Finding[] | undefined;
  let newestMs = Number.NEGATIVE_INFINITY;
  for (const set of asked.sets) {
    const findings = scope.findings.get(set);
    if (!findings) continue;
    for (const finding of findings) {
      const ms = finding.effective?.startMs ?? Number.NEGATIVE_INFINITY;
      if (newest && ms < newestMs) continue;
      if (finding.basis === 'text' || test(finding, scope) === 'skip') continue;
      if (newest && ms === newestMs) newest.push(finding);
      else newest = [finding];
      newestMs = ms;
    }
  }
  const first = newest?.[0];
  if (!newest || !first || inWindow(first, scope) !== 'met') return UNKNOWN;
  const result = test(first, scope) as Truth;
  for (const finding of newest)
    if (test(finding, scope) !== result) return { result: 'unknown', findings: newest, weight: 0 };
  return { result, findings: newest, weight: result === 'met' ? rowWeight(first, asked) : 0 };
};

/** Above or below a result's own range or interpretation, else the given limit. */
const rangeTest =
  (side: 'high' | 'low', limit: number | undefined) =>
  (finding: Finding): Truth | 'skip' => {
    if (finding.flag)
      return finding.flag === side ? 'met' : finding.flag === 'abnormal' ? 'unknown' : 'notMet';
    if (!finding.measure) return 'skip';
    if (limit === undefined) return 'unknown';
    return compareMeasure(finding.measure, side === 'high' ? '>' : '<', limit);
  };

const positiveTest = (finding: Finding): Truth | 'skip' => {
  if (finding.presence !== 'present') return finding.presence === 'absent' ? 'notMet' : 'unknown';
  if (finding.flag)
    return finding.flag === 'high' || finding.flag === 'abnormal' ? 'met' : 'notMet';
  return finding.measure ? 'unknown' : 'met';
};

const resultTest = (expression: SetExpression): FindingTest => {
  switch (expression.op) {
    case 'highForAge': {
      const { perYear, plus } = expression;
      return (finding, { ageYears }) =>
        rangeTest('high', ageYears === undefined ? undefined : perYear * ageYears + plus)(finding);
    }
    case 'value': {
      const { compare, limit } = expression;
      return (f) => (f.measure ? compareMeasure(f.measure, compare, limit) : 'skip');
    }
    case 'high':
    case 'low':
      return rangeTest(expression.op, expression.limit);
    default:
      return positiveTest;
  }
};
