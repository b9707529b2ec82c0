// Judge: an expression compiled to a function of the findings in scope. Three-valued throughout; must not do IO or read a clock.
import type { Comparison, Expression } from './expression.js';
import { ageInDays, isWithin, type Truth } from './fhir-date.js';
import { compareMeasure, holds, type JudgeContext, setJudge } from './judge-findings.js';
import { isSafetyExpression, safetyJudge } from './judge-safety.js';
import { isStepExpression, stepJudge } from './judge-steps.js';
import {
  GRADES,
  type Judge,
  type Judgement,
  MET,
  NOT_MET,
  plain,
  type Scope,
  UNKNOWN,
} from './scope.js';
import type { EvidenceKind } from './terms.js';

/** Two met judgements as one; allocates only where both bring findings. */
const joined = (a: Judgement, b: Judgement): Judgement => {
  if (b.findings.length === 0 && b.weight <= a.weight) return a;
  if (a.findings.length === 0 && a.weight <= b.weight) return b;
  const findings = [
    ...a.findings,
    ...b.findings.filter((finding) => !a.findings.includes(finding)),
  ];
  const weight = Math.max(a.weight, b.weight);
  const standIn = a.standIn ?? b.standIn;
  return standIn
    ? { result: 'met', findings, weight, standIn }
    : { result: 'met', findings, weight };
};

const all =
  (terms: readonly Judge[]): Judge =>
  (scope) => {
    let met = MET;
    let unsure = false;
    for (const term of terms) {
      const judgement = term(scope);
      if (judgement.result === 'notMet') return judgement;
      if (judgement.result === 'unknown') unsure = true;
      else met = joined(met, judgement);
    }
    return unsure ? UNKNOWN : met;
  };

const any =
  (terms: readonly Judge[]): Judge =>
  (scope) => {
    let met: Judgement | undefined;
    let unsure: Judgement | undefined;
    let denied: Judgement | undefined;
    for (const term of terms) {
      const judgement = term(scope);
      if (judgement.result === 'met') met = met ? joined(met, judgement) : judgement;
      else if (judgement.result === 'unknown') unsure ??= judgement;
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
    let met = MET;
    let count = 0;
    let open = 0;
    for (const term of terms) {
      const judgement = term(scope);
      if (judgement.result === 'unknown') open += 1;
      if (judgement.result !== 'met') continue;
      count += 1;
      met = joined(met, judgement);
    }
    const result = compareSpan(count, count + open, compare, limit);
    const { findings, weight } = met;
    return findings.length === 0 && weight === 0 ? plain[result] : { result, findings, weight };
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
    const dates = scope.pain?.painDates;
    if (!dates || dates.length === 0) return UNKNOWN;
    if (withinDays === undefined) return MET;
    return dates.some((date) => isWithin(date, scope.nowMs, withinDays) === 'met') ? MET : UNKNOWN;
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

const labelJudge = (op: 'syndrome' | 'subtype' | 'stage', ids: readonly string[]): Judge => {
  const isOneOf = (id: string | undefined): Judgement =>
    id !== undefined && ids.includes(id) ? MET : NOT_MET;
  if (op === 'syndrome') return ({ labels }) => (labels ? isOneOf(labels.syndrome) : UNKNOWN);
  if (op === 'subtype') return ({ labels }) => (labels ? isOneOf(labels.subtype) : UNKNOWN);
  return ({ labels }) => {
    if (!labels) return UNKNOWN;
    return labels.stages?.some((id) => ids.includes(id)) ? MET : NOT_MET;
  };
};

const referenceJudge = (op: 'criterion' | 'unknown' | 'confirmed', id: string): Judge => {
  if (op === 'criterion') return ({ results }) => results?.get(id) ?? UNKNOWN;
  if (op === 'unknown')
    return ({ results }) => {
      const judgement = results?.get(id);
      return judgement === undefined || judgement.result === 'unknown' ? MET : NOT_MET;
    };
  return ({ results }) => {
    const judgement = results?.get(id) ?? UNKNOWN;
    if (judgement.result !== 'met') return judgement;
    return judgement.findings.some((f) => f.verification === 'confirmed') ? judgement : NOT_MET;
  };
};

const placeJudge = (regions: readonly string[], own: 'recordedRegions' | 'regions'): Judge => {
  const wanted = new Set(regions);
  const isAt = (places: readonly string[] | undefined): Judgement => {
    if (!places || places.length === 0) return UNKNOWN;
    for (const place of places) if (wanted.has(place)) return MET;
    return NOT_MET;
  };
  return own === 'regions'
    ? ({ pain }) => isAt(pain?.regions)
    : ({ pain }) => isAt(pain?.recordedRegions);
};

/** Compiles an expression once, at load. */
export const compileExpression = (expression: Expression, context: JudgeContext): Judge => {
  const compile = (inner: Expression): Judge => compileExpression(inner, context);
  if (isSafetyExpression(expression)) return safetyJudge(expression);
  if (isStepExpression(expression)) return stepJudge(expression);
  switch (expression.op) {
    case 'and':
      return all(expression.terms.map(compile));
    case 'or':
      return any(expression.terms.map(compile));
    case 'not': {
      const term = compile(expression.term);
      return (scope) => {
        const { result } = term(scope);
        return result === 'met' ? NOT_MET : result === 'notMet' ? MET : UNKNOWN;
      };
    }
    case 'missing': {
      const term = compile(expression.term);
      return (scope) => (term(scope).result === 'unknown' ? MET : NOT_MET);
    }
    case 'true':
      return () => MET;
    case 'site':
      return placeJudge(expression.regions, 'recordedRegions');
    case 'region':
      return placeJudge(expression.regions, 'regions');
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
    case 'painEvidence':
      return painEvidenceJudge(expression.withinDays);
    case 'count':
      return countJudge(expression.terms.map(compile), expression.compare, expression.limit);
    case 'criterion':
    case 'unknown':
    case 'confirmed':
      return referenceJudge(expression.op, expression.id);
    case 'items':
      return itemsJudge(expression.kind, expression.weight, expression.compare, expression.limit);
    case 'kinds':
      return kindsJudge(expression.weight, expression.compare, expression.limit);
    default:
      return setJudge(expression, context);
  }
};
