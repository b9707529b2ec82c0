// The operators that look findings up by code set, three-valued. Must not know logic, numbers of the patient or grades.
import type { Comparison, Expression } from './expression.js';
import { isWithin, type Truth } from './fhir-date.js';
import type { FhirDate, Finding, Measure } from './finding.js';
import {
  type FindingIndex,
  type Judge,
  type Judgement,
  NONE,
  NOT_MET,
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

const rowWeight = (finding: Finding, sets: readonly string[]): number => {
  let best = 0;
  for (const match of finding.matches) {
    const { weight = 0 } = match;
    if (weight > best && sets.includes(match.set)) best = weight;
  }
  return finding.verification === 'unconfirmed' ? Math.min(best, 1) : best;
};

/** Looks through the findings of the sets with `test`; met by any, else unknown by any, else denied, else absent. */
const search = (
  scope: Scope,
  index: FindingIndex,
  sets: readonly string[],
  test: (finding: Finding) => Truth | 'skip',
): Judgement => {
  let met: Finding[] | undefined;
  let unsure: Finding[] | undefined;
  let denied: Finding[] | undefined;
  for (const set of sets) {
    const findings = index.get(set);
    if (!findings) continue;
    for (const finding of findings) {
      const truth = finding.basis === 'text' ? 'skip' : test(finding);
      if (truth === 'met') {
        met ??= [];
        if (!met.includes(finding)) met.push(finding);
      } else if (truth === 'unknown') {
        unsure ??= [];
        unsure.push(finding);
      } else if (truth === 'notMet') {
        denied ??= [];
        denied.push(finding);
      }
    }
  }
  if (met) {
    return {
      result: 'met',
      findings: met,
      weight: Math.max(...met.slice(0, 50).map((f) => rowWeight(f, sets))),
    };
  }
  if (unsure) return { result: 'unknown', findings: unsure, weight: 0 };
  if (denied) return { result: 'notMet', findings: denied, weight: 0 };
  return scope.absence === 'notMet' ? NOT_MET : UNKNOWN;
};

/** Expressions that look findings up by set. */
export type SetExpression = Extract<Expression, { readonly sets: readonly string[] }>;

const windowed = (expression: SetExpression, finding: Finding, nowMs: number): Truth =>
  expression.withinDays === undefined
    ? 'met'
    : isWithin(when(finding), nowMs, expression.withinDays);

/** The judge of an operator over code sets. */
export const setJudge = (expression: SetExpression): Judge => {
  const { sets, op } = expression;
  const fact = (finding: Finding, historyCounts: boolean, nowMs: number): Truth | 'skip' => {
    if (finding.presence === 'absent') return 'notMet';
    if (!finding.current && !historyCounts) return 'skip';
    const inWindow = windowed(expression, finding, nowMs);
    return inWindow === 'notMet' ? 'skip' : inWindow;
  };
  const isFact = ({ source }: Finding): boolean =>
    source === 'condition' ||
    source === 'encounter' ||
    source === 'observation' ||
    source === 'questionnaire';
  switch (op) {
    case 'has':
    case 'had':
      return (scope) =>
        search(scope, scope.findings, sets, (f) =>
          isFact(f) ? fact(f, op === 'had', scope.nowMs) : 'skip',
        );
    case 'undated':
      return (scope) =>
        search(scope, scope.findings, sets, (f) =>
          f.source === 'condition' && f.current && f.presence === 'present' && when(f) === undefined
            ? 'met'
            : 'skip',
        );
    case 'report':
    case 'med':
    case 'procedure': {
      const source = op === 'report' ? 'report' : op === 'med' ? 'medication' : 'procedure';
      return (scope) =>
        search(scope, scope.findings, sets, (f) =>
          f.source === source
            ? fact(f, source !== 'medication' || expression.withinDays !== undefined, scope.nowMs)
            : 'skip',
        );
    }
    case 'sameSite':
      return (scope) => {
        const { pain } = scope;
        if (!pain || pain.regions.length === 0) return UNKNOWN;
        return search(scope, scope.allFindings, sets, (f) => {
          if (f.presence === 'absent' || !f.current) return 'skip';
          if (f.regions.length === 0) return 'unknown';
          return pain.isAtSite(f) ? 'met' : 'skip';
        });
      };
    default:
      return resultJudge(expression);
  }
};

/** Judges over results: of the newest date that has a usable result only; results that disagree on one date are unknown. */
const resultJudge = (expression: SetExpression): Judge => {
  const test = resultTest(expression);
  return (scope) => newestResult(scope, expression, test);
};

export const newestResult = (
  scope: Scope,
  expression: SetExpression,
  test: (finding: Finding) => Truth | 'skip',
): Judgement => {
  const { sets } = expression;
  let newest: Finding[] = [];
  let newestMs = Number.NEGATIVE_INFINITY;
  for (const set of sets) {
    for (const finding of scope.findings.get(set) ?? NONE) {
      if (finding.basis === 'text' || test(finding) === 'skip') continue;
      const ms = finding.effective?.startMs ?? Number.NEGATIVE_INFINITY;
      if (newest.length === 0 || ms > newestMs) {
        newest = [finding];
        newestMs = ms;
      } else if (ms === newestMs) newest.push(finding);
    }
  }
  const [first] = newest;
  if (!first) return UNKNOWN;
  const fresh = windowed(expression, first, scope.nowMs);
  if (fresh !== 'met') return UNKNOWN;
  const truths = new Set(newest.map(test));
  if (truths.size > 1) return { result: 'unknown', findings: newest, weight: 0 };
  const result = test(first) as Truth;
  return { result, findings: newest, weight: result === 'met' ? rowWeight(first, sets) : 0 };
};

/** Above or below a result's own range or interpretation, else the given limit. */
export const rangeTest =
  (side: 'high' | 'low', limit: number | undefined) =>
  (finding: Finding): Truth | 'skip' => {
    if (finding.flag)
      return finding.flag === side ? 'met' : finding.flag === 'abnormal' ? 'unknown' : 'notMet';
    if (!finding.measure) return 'skip';
    if (limit === undefined) return 'unknown';
    return compareMeasure(finding.measure, side === 'high' ? '>' : '<', limit);
  };

const positiveTest = (finding: Finding): Truth | 'skip' => {
  if (finding.presence === 'absent') return 'notMet';
  if (finding.flag)
    return finding.flag === 'high' || finding.flag === 'abnormal' ? 'met' : 'notMet';
  return finding.measure ? 'unknown' : 'met';
};

const resultTest = (expression: SetExpression): ((finding: Finding) => Truth | 'skip') => {
  switch (expression.op) {
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
