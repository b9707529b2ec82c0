// The operators only safety checks use: allergies, derived numbers, the candidate and other rules. Must not know what any of them means.
import { fellBy } from './derived/result-fall.js';
import type { Expression } from './expression.js';
import { ageInDays, isWithin, type Truth } from './fhir-date.js';
import type { Finding } from './finding.js';
import { absent, compareMeasure } from './judge-findings.js';
import {
  type Derived,
  type Judge,
  type Judgement,
  MET,
  NONE,
  NOT_MET,
  plain,
  type SafetyScope,
  type Scope,
  UNKNOWN,
} from './scope.js';

type SafetyOperator =
  | 'allergy'
  | 'severeAllergy'
  | 'intolerance'
  | 'allergyRecorded'
  | 'continuing'
  | 'crcl'
  | 'mme'
  | 'gestation'
  | 'candidate'
  | 'rule'
  | 'openFlag'
  | 'leading'
  | 'times'
  | 'fell';

/** Expressions this file judges. */
export type SafetyExpression = Extract<Expression, { readonly op: SafetyOperator }>;

const OPERATORS: ReadonlySet<Expression['op']> = new Set<SafetyOperator>([
  'allergy',
  'severeAllergy',
  'intolerance',
  'allergyRecorded',
  'continuing',
  'crcl',
  'mme',
  'gestation',
  'candidate',
  'rule',
  'openFlag',
  'leading',
  'times',
  'fell',
]);

/** Whether the expression is one of this file. */
export const isSafetyExpression = (expression: Expression): expression is SafetyExpression =>
  OPERATORS.has(expression.op);

const met = (findings: readonly Finding[]): Judgement => ({ result: 'met', findings, weight: 0 });

/** Whether an allergy record answers the operator; one of which the gravity was not read may be a severe one (D-8). */
const allergyTruth = (op: 'allergy' | 'severeAllergy' | 'intolerance', finding: Finding): Truth => {
  if (finding.source !== 'allergy' || finding.presence !== 'present' || !finding.current)
    return 'notMet';
  if (op === 'allergy') return 'met';
  if (finding.allergy === undefined) return 'unknown';
  return finding.allergy === (op === 'intolerance' ? op : 'severe') ? 'met' : 'notMet';
};

/** All findings of the sets, each once; most sets have none. */
const findingsOf = (sets: readonly string[], { allFindings }: Scope): readonly Finding[] => {
  let found = NONE;
  for (const set of sets) {
    const more = allFindings.get(set);
    if (more) found = found === NONE ? more : [...found, ...more];
  }
  return found === NONE ? NONE : [...new Set(found)];
};

const allergyJudge =
  (
    op: 'allergy' | 'severeAllergy' | 'intolerance',
    sets: readonly string[],
    ofCandidate: boolean,
  ): Judge =>
  (scope) => {
    const own = ofCandidate ? scope.safety?.candidate.allergySets : undefined;
    if (ofCandidate && !own) return UNKNOWN;
    const recorded = findingsOf(own && sets.length > 0 ? [...sets, ...own] : (own ?? sets), scope);
    if (recorded.length === 0) return absent(scope, 'allergy');
    const found = recorded.filter((finding) => allergyTruth(op, finding) === 'met');
    if (found.length > 0) return met(found);
    const unsure = recorded.filter((finding) => allergyTruth(op, finding) === 'unknown');
    if (unsure.length > 0) return { result: 'unknown', findings: unsure, weight: 0 };
    return absent(scope, 'allergy');
  };

const derivedJudge =
  (
    expression: Extract<SafetyExpression, { readonly op: 'crcl' | 'mme' | 'gestation' }>,
    derive: (safety: SafetyScope) => Derived | undefined,
  ): Judge =>
  ({ safety }) => {
    const derived = safety && derive(safety);
    if (!derived) return UNKNOWN;
    const { measure, findings, standIn } = derived;
    const result = compareMeasure(measure, expression.compare, expression.limit);
    return { result, findings, weight: 0, ...(standIn && { standIn: true }) };
  };

/** Met by any of the judgements, else unknown by any, else denied. */
const anyOf = (judgements: readonly Judgement[]): Judgement =>
  judgements.find(({ result }) => result === 'met') ??
  judgements.find(({ result }) => result === 'unknown') ??
  NOT_MET;

const continuing: Judge = (scope) => {
  const sets = scope.safety?.candidate.classSets;
  if (!sets) return UNKNOWN;
  const taken = findingsOf(sets, scope).filter(
    ({ source, current }) => source === 'medication' && current,
  );
  return taken.length > 0 ? met(taken) : absent(scope, 'medication');
};

/** Different days with a record of the sets; records without a date may or may not be one more. */
const timesJudge =
  (expression: Extract<SafetyExpression, { readonly op: 'times' }>): Judge =>
  (scope) => {
    const { sets, compare, limit, withinDays } = expression;
    const sure = new Map<number, Finding>();
    const unsure: Finding[] = [];
    for (const finding of findingsOf(sets, scope)) {
      if (finding.presence !== 'present' || finding.basis === 'text') continue;
      // A visit repeats the reason it is for.
      if (finding.source === 'encounter') continue;
      const date = finding.onset ?? finding.effective;
      const inside: Truth =
        date === undefined
          ? 'unknown'
          : withinDays === undefined
            ? 'met'
            : isWithin(date, scope.nowMs, withinDays);
      if (inside === 'met' && date) sure.set(ageInDays(date, scope.nowMs).least | 0, finding);
      else if (inside === 'unknown') unsure.push(finding);
    }
    const { absence } = scope;
    const isWhole = absence !== 'unknown' && absence.condition && absence.procedure;
    const low = sure.size;
    const high = isWhole ? low + unsure.length : Number.POSITIVE_INFINITY;
    const span = { low, high, lowOpen: false, highOpen: false, unit: '1', text: '' };
    const result = compareMeasure(span, compare, limit);
    return result === 'notMet' ? NOT_MET : { result, findings: [...sure.values()], weight: 0 };
  };

/** The judge of an operator of safety checks; without a candidate being checked those about it are unknown. */
export const safetyJudge = (expression: SafetyExpression): Judge => {
  switch (expression.op) {
    case 'allergy':
    case 'severeAllergy':
    case 'intolerance':
      return allergyJudge(expression.op, expression.sets, expression.ofCandidate);
    case 'allergyRecorded':
      return (scope) => (scope.safety?.allergyRecorded ? MET : absent(scope, 'allergy'));
    case 'continuing':
      return continuing;
    case 'crcl':
      return derivedJudge(expression, (safety) => safety.creatinineClearance());
    case 'mme':
      return derivedJudge(expression, (safety) => safety.morphineEquivalents(expression.overDays));
    case 'gestation':
      return derivedJudge(expression, (safety) => safety.gestationWeeks());
    case 'candidate':
      return ({ safety }) => {
        if (!safety) return UNKNOWN;
        return expression.ids.some((id) => safety.candidate.names.has(id)) ? MET : NOT_MET;
      };
    case 'rule':
      return ({ safety }) =>
        safety ? anyOf(expression.ids.map((id) => safety.rule(id))) : UNKNOWN;
    case 'openFlag':
      return ({ safety, steps }) => {
        const flags = (safety ?? steps)?.openFlags;
        if (!flags) return UNKNOWN;
        const open = flags.filter(({ urgency }) => expression.urgencies.includes(urgency));
        return open.length > 0 ? met(open.flatMap(({ findings }) => findings)) : NOT_MET;
      };
    case 'leading':
      return ({ leading }) => plain[leading === expression.category ? 'met' : 'notMet'];
    case 'times':
      return timesJudge(expression);
    case 'fell': {
      const { sets, percent, withinDays } = expression;
      return (scope) => fellBy(scope, { sets, percent, withinDays });
    }
  }
};
