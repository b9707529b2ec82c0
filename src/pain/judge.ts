// Judge: an expression compiled to a function of the findings in scope. Three-valued throughout; must not do IO or read a clock.

import type { Evidence } from './evaluation.js';
import type { Comparison, Expression } from './expression.js';
import { ageInDays, isWithin, type Truth } from './fhir-date.js';
import type { FhirDate, Finding, Measure } from './finding.js';
import type { BodyRegion, Category, EvidenceKind, Grade } from './terms.js';

/** Findings by code set, each list newest first. */
export type FindingIndex = ReadonlyMap<string, readonly Finding[]>;

/** The part of a pain problem that expressions ask about. */
export interface PainScope {
  /** Recorded or implied place. */
  readonly regions: readonly BodyRegion[];
  /** The recorded place only. */
  readonly recordedRegions: readonly BodyRegion[];
  readonly isAtSite: (finding: Finding) => boolean;
  readonly intensityNrs?: number;
  readonly onset?: FhirDate;
  /** True for a disorder seen in pain clinics that does not hurt. */
  readonly isNonPainful?: boolean;
  /** Dates of the findings that show this pain. */
  readonly painDates: readonly (FhirDate | undefined)[];
}

/** Everything a judge may look at. */
export interface Scope {
  readonly nowMs: number;
  /** Findings that count here: of one pain and of the patient as a whole. */
  readonly findings: FindingIndex;
  /** All findings of the patient, whatever pain they belong to. */
  readonly allFindings: FindingIndex;
  /** What the absence of any finding means: `unknown` for criteria, `notMet` for checks over inputs that were read. */
  readonly absence: 'unknown' | 'notMet';
  readonly ageYears?: number;
  readonly sex?: 'female' | 'male';
  readonly pain?: PainScope;
  /** Results of the criteria and grades judged before. */
  readonly results?: ReadonlyMap<string, Judgement>;
  readonly evidence?: readonly Evidence[];
  readonly labels?: {
    readonly subtype?: string;
    readonly syndrome?: string;
    readonly stages?: readonly string[];
  };
  readonly grades?: ReadonlyMap<Category, Grade>;
}

/** The result of an expression with the findings that decided it and the weight of the strongest code row. */
export interface Judgement {
  readonly result: Truth;
  readonly findings: readonly Finding[];
  readonly weight: number;
}

export type Judge = (scope: Scope) => Judgement;

const NONE: readonly Finding[] = [];
const MET: Judgement = { result: 'met', findings: NONE, weight: 0 };
const NOT_MET: Judgement = { result: 'notMet', findings: NONE, weight: 0 };
const UNKNOWN: Judgement = { result: 'unknown', findings: NONE, weight: 0 };
const plain = { met: MET, notMet: NOT_MET, unknown: UNKNOWN };

/** The grades in rising order; the index orders them. */
export const GRADES: readonly Grade[] = ['possible', 'probable', 'definite'];

const holds = (value: number, compare: Comparison, limit: number): boolean => {
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

type SetExpression = Extract<Expression, { readonly sets: readonly string[] }>;

const windowed = (expression: SetExpression, finding: Finding, nowMs: number): Truth =>
  expression.withinDays === undefined
    ? 'met'
    : isWithin(when(finding), nowMs, expression.withinDays);

const setJudge = (expression: SetExpression): Judge => {
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

const newestResult = (
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

const all =
  (terms: readonly Judge[]): Judge =>
  (scope) => {
    const findings: Finding[] = [];
    let weight = 0;
    let unsure = false;
    for (const term of terms) {
      const judgement = term(scope);
      if (judgement.result === 'notMet') return judgement;
      if (judgement.result === 'unknown') unsure = true;
      else {
        findings.push(...judgement.findings);
        weight = Math.max(weight, judgement.weight);
      }
    }
    return unsure
      ? { result: 'unknown', findings, weight: 0 }
      : { result: 'met', findings, weight };
  };

const any =
  (terms: readonly Judge[]): Judge =>
  (scope) => {
    let met: Judgement | undefined;
    let unsure: Judgement | undefined;
    let denied: Judgement | undefined;
    for (const term of terms) {
      const judgement = term(scope);
      if (judgement.result === 'met') {
        met = met
          ? {
              result: 'met',
              findings: [
                ...met.findings,
                ...judgement.findings.filter((f) => !met?.findings.includes(f)),
              ],
              weight: Math.max(met.weight, judgement.weight),
            }
          : judgement;
      } else if (judgement.result === 'unknown') unsure ??= judgement;
      else denied ??= judgement;
    }
    return met ?? unsure ?? denied ?? UNKNOWN;
  };

/** Compares a number of which only the least and the greatest possible value are known. */
const compareSpan = (low: number, high: number, compare: Comparison, limit: number): Truth =>
  compareMeasure(
    { low, high, lowOpen: false, highOpen: false, unit: '1', text: '' },
    compare,
    limit,
  );

const countJudge =
  (terms: readonly Judge[], compare: Comparison, limit: number): Judge =>
  (scope) => {
    const judgements = terms.map((term) => term(scope));
    const met = judgements.filter((j) => j.result === 'met');
    const open = judgements.filter((j) => j.result === 'unknown').length;
    const result = compareSpan(met.length, met.length + open, compare, limit);
    const findings = [...new Set(met.flatMap((j) => j.findings))];
    return { result, findings, weight: met.reduce((most, j) => Math.max(most, j.weight), 0) };
  };

const numberJudge =
  (compare: Comparison, limit: number, read: (scope: Scope) => number | undefined): Judge =>
  (scope) => {
    const value = read(scope);
    if (value === undefined) return UNKNOWN;
    return holds(value, compare, limit) ? MET : NOT_MET;
  };

const durationJudge =
  (compare: Comparison, limit: number): Judge =>
  (scope) => {
    const onset = scope.pain?.onset;
    if (!onset) return UNKNOWN;
    const { least, most } = ageInDays(onset, scope.nowMs);
    return plain[compareSpan(least, most, compare, limit)];
  };

const painEvidenceJudge =
  (withinDays: number | undefined): Judge =>
  (scope) => {
    const dates = scope.pain?.painDates ?? [];
    if (withinDays === undefined) return dates.length > 0 ? MET : UNKNOWN;
    const truths = dates.map((date) => isWithin(date, scope.nowMs, withinDays));
    return truths.includes('met') ? MET : UNKNOWN;
  };

const itemsJudge = (
  kind: EvidenceKind | 'any',
  weight: number,
  compare: Comparison,
  limit: number,
): Judge =>
  numberJudge(compare, limit, (scope) => {
    let count = 0;
    for (const item of scope.evidence ?? []) {
      if (item.result === 'met' && item.weight >= weight && (kind === 'any' || item.kind === kind))
        count += 1;
    }
    return count;
  });

const kindsJudge = (weight: number, compare: Comparison, limit: number): Judge =>
  numberJudge(compare, limit, (scope) => {
    const kinds = new Set<EvidenceKind>();
    for (const item of scope.evidence ?? []) {
      if (item.result === 'met' && item.weight >= weight) kinds.add(item.kind);
    }
    return kinds.size;
  });

const labelJudge =
  (op: 'syndrome' | 'subtype' | 'stage', ids: readonly string[]): Judge =>
  (scope) => {
    const { labels } = scope;
    if (!labels) return UNKNOWN;
    const carried = op === 'stage' ? (labels.stages ?? []) : [labels[op]];
    return carried.some((id) => id !== undefined && ids.includes(id)) ? MET : NOT_MET;
  };

const referenceJudge =
  (op: 'criterion' | 'unknown' | 'confirmed', id: string): Judge =>
  (scope) => {
    const judgement = scope.results?.get(id) ?? UNKNOWN;
    if (op === 'criterion') return judgement;
    if (op === 'unknown') return judgement.result === 'unknown' ? MET : NOT_MET;
    const isConfirmed =
      judgement.result === 'met' && judgement.findings.some((f) => f.verification === 'confirmed');
    return isConfirmed ? judgement : judgement.result === 'met' ? NOT_MET : judgement;
  };

/** Compiles an expression once, at load. */
export const compileExpression = (expression: Expression): Judge => {
  switch (expression.op) {
    case 'and':
      return all(expression.terms.map(compileExpression));
    case 'or':
      return any(expression.terms.map(compileExpression));
    case 'not': {
      const term = compileExpression(expression.term);
      return (scope) => {
        const { result } = term(scope);
        return result === 'met' ? NOT_MET : result === 'notMet' ? MET : UNKNOWN;
      };
    }
    case 'missing': {
      const term = compileExpression(expression.term);
      return (scope) => (term(scope).result === 'unknown' ? MET : NOT_MET);
    }
    case 'true':
      return () => MET;
    case 'site':
    case 'region': {
      const wanted = new Set(expression.regions);
      const own = expression.op === 'site' ? 'recordedRegions' : 'regions';
      return ({ pain }) => {
        const regions = pain?.[own] ?? [];
        if (regions.length === 0) return UNKNOWN;
        return regions.some((region) => wanted.has(region)) ? MET : NOT_MET;
      };
    }
    case 'syndrome':
    case 'subtype':
    case 'stage':
      return labelJudge(expression.op, expression.ids);
    case 'category': {
      const atLeast = GRADES.indexOf(expression.atLeast);
      return ({ grades }) => {
        const grade = grades?.get(expression.category);
        return grade !== undefined && GRADES.indexOf(grade) >= atLeast ? MET : NOT_MET;
      };
    }
    case 'age':
      return numberJudge(expression.compare, expression.limit, (scope) => scope.ageYears);
    case 'intensity':
      return numberJudge(expression.compare, expression.limit, (scope) => scope.pain?.intensityNrs);
    case 'duration':
      return durationJudge(expression.compare, expression.limit);
    case 'sex':
      return ({ sex }) =>
        plain[sex === undefined ? 'unknown' : sex === expression.is ? 'met' : 'notMet'];
    case 'nonPainful':
      return ({ pain }) => (pain?.isNonPainful ? MET : NOT_MET);
    case 'highForAge':
      return (scope) => {
        const { ageYears } = scope;
        const limit =
          ageYears === undefined ? undefined : expression.perYear * ageYears + expression.plus;
        return newestResult(scope, expression, rangeTest('high', limit));
      };
    case 'painEvidence':
      return painEvidenceJudge(expression.withinDays);
    case 'count':
      return countJudge(
        expression.terms.map(compileExpression),
        expression.compare,
        expression.limit,
      );
    case 'criterion':
    case 'unknown':
    case 'confirmed':
      return referenceJudge(expression.op, expression.id);
    case 'items':
      return itemsJudge(expression.kind, expression.weight, expression.compare, expression.limit);
    case 'kinds':
      return kindsJudge(expression.weight, expression.compare, expression.limit);
    default:
      return setJudge(expression);
  }
};
