// Classification[] -> Recommendation[]: what the leading category's guidance says for this pain, after its safety checks. Must not judge rules.

import type { CheckResult, Classification, Recommendation } from './evaluation.js';
import { fillText } from './fill-text.js';
import type { EngineTexts, Guidance, GuidanceLine, Outcome, Settings } from './knowledge.js';
import type { SafetyCheck, SafetyResult } from './safety-check.js';
import type { Scope } from './scope.js';

/** What is said of one pain: its recommendations, and what holds for them as a whole. */
export interface Advised {
  readonly recommendations: readonly Recommendation[];
  readonly remarks: readonly string[];
}

/** What recommending needs beside the guidance. */
export interface RecommendDeps {
  readonly settings: Settings;
  readonly texts: EngineTexts;
  readonly check: SafetyCheck;
  /** True while a red flag leaves no time for treatment. */
  readonly isRedFlagFirst: boolean;
  /** Treatments that an open red flag forbids by name. */
  readonly withheldByFlags: ReadonlySet<string>;
}

const MAX_NEEDS = 4;
/** Places in the pathway, as a line of guidance names them. */
const FIRST_LINE = 1;
const LAST_LINE = 3;

/** How the line ends whatever its checks say; undefined where they decide. */
const outcomeOf = (
  { kind, origin, strength }: GuidanceLine,
  classification: Classification,
  isChild: boolean,
  isRedFlagFirst: boolean,
): Outcome | undefined => {
  if (origin === 'article-only') return 'sourceOnly';
  if (strength === 'strong-against' || strength === 'weak-against') return 'notAdvised';
  if (isRedFlagFirst) return 'redFlagFirst';
  if (kind === 'drug' && isChild) return 'underAgeDrug';
  if (kind === 'drug' && classification.tentative) return 'tentativeDrug';
  return undefined;
};

/** What one check says, with the agent it concerns and the stand-in it rests on. */
const sentenceOf = (check: CheckResult, texts: EngineTexts): string => {
  const needed = check.needs === undefined ? '' : fillText(texts.needs, { needs: check.needs });
  const said = check.outcome === 'unknown' && needed ? needed : (check.message ?? '');
  const message = check.standIn ? fillText(texts.egfrStandIn, { message: said }) : said;
  if (check.agent === undefined) return message;
  const isWithheld = check.outcome === 'blocked' || check.outcome === 'unknown';
  const text = isWithheld ? texts.agentWithheld : texts.agentCaution;
  return fillText(text, { agent: check.agent, message });
};

/** Why the line ends as it does: the gravest check first, for an unknown all that it needs. */
const reasonOf = ({ outcome, checks }: SafetyResult, texts: EngineTexts): string => {
  if (outcome === 'unknown') {
    const isOpen = ({ outcome: each, needs }: CheckResult): boolean =>
      each === 'unknown' && needs !== undefined && needs !== '';
    const isOfClass = checks.some((check) => check.agent === undefined && isOpen(check));
    const needs: string[] = [];
    // What is asked of every patient comes before what one rule lacks.
    for (const isAsk of [true, false]) {
      for (const check of checks) {
        if (!isOpen(check) || (isOfClass && check.agent !== undefined)) continue;
        if (isAsk && check.action !== 'ask') continue;
        if (check.needs !== undefined && !needs.includes(check.needs)) needs.push(check.needs);
      }
    }
    return fillText(texts.needs, { needs: needs.slice(0, MAX_NEEDS).join(texts.separators.needs) });
  }
  const [first] = checks;
  return first ? sentenceOf(first, texts) : '';
};

const withChecks = (
  line: GuidanceLine,
  result: SafetyResult,
  texts: EngineTexts,
): Recommendation => {
  const { outcome, checks, evaluated, notAssessed, isTaken } = result;
  const isClear = outcome === 'clear';
  return {
    ...line.as.offered,
    status: isClear ? 'offered' : outcome === 'caution' ? 'caution' : 'withheld',
    reason: isClear ? undefined : reasonOf(result, texts),
    checks,
    checksEvaluated: evaluated,
    notAssessed: notAssessed.length > 0 ? notAssessed : undefined,
    isForbidden: outcome === 'blocked' && !isTaken ? true : undefined,
  };
};

/** A line that holds, with what became of it. */
interface Ended {
  readonly line: GuidanceLine;
  readonly recommendation: Recommendation;
  /** True when a rule forbids it for this patient, other than because it is taken already. */
  readonly isBlocked: boolean;
  /** True when it waits for a datum or is taken already: it may still be what helps. */
  readonly isOpen: boolean;
}

const ended = (
  line: GuidanceLine,
  classification: Classification,
  isChild: boolean,
  { texts, check, isRedFlagFirst, withheldByFlags }: RecommendDeps,
): Ended => {
  const { treatment } = line.as.offered;
  const isHeldByFlag = treatment !== undefined && withheldByFlags.has(treatment);
  const fixed = outcomeOf(line, classification, isChild, isRedFlagFirst || isHeldByFlag);
  if (fixed) return { line, recommendation: line.as[fixed], isBlocked: false, isOpen: false };
  const result = line.plan === undefined ? undefined : check(line.plan);
  if (result) {
    const recommendation = withChecks(line, result, texts);
    const { outcome, isTaken } = result;
    return {
      line,
      recommendation,
      isBlocked: outcome === 'blocked' && !isTaken,
      isOpen: outcome === 'unknown' || isTaken,
    };
  }
  const isUnchecked = line.kind === 'drug' || line.kind === 'procedure';
  const recommendation = line.as[isUnchecked ? 'safetyChecksMissing' : 'offered'];
  return { line, recommendation, isBlocked: false, isOpen: false };
};

const isRecommended = ({ recommendation: { status } }: Ended): boolean =>
  status === 'offered' || status === 'caution';

/** Drugs in the order they are an alternative in: earlier in the pathway first, clear before caution. */
const alternativesOf = (items: readonly Ended[]): readonly Ended[] =>
  items
    .filter(
      (item) => item.line.kind === 'drug' && item.line.order < LAST_LINE && isRecommended(item),
    )
    .sort(
      (a, b) =>
        a.line.order - b.line.order ||
        Number(a.recommendation.status === 'caution') -
          Number(b.recommendation.status === 'caution'),
    );

/** CO-5: a blocked drug names another that passes. */
const withAlternatives = (items: readonly Ended[]): readonly Ended[] => {
  if (!items.some(({ isBlocked }) => isBlocked)) return items;
  const passing = alternativesOf(items);
  return items.map((item) => {
    if (!item.isBlocked || item.line.kind !== 'drug') return item;
    const { treatment } = item.recommendation;
    const other = passing.find(({ recommendation }) => recommendation.treatment !== treatment);
    const alternative = other?.recommendation.treatment;
    if (alternative === undefined) return item;
    return { ...item, recommendation: { ...item.recommendation, alternative } };
  });
};

/** CO-6: where blocks leave no first-line drug nothing further down the line is offered without saying so. */
const withoutSliding = (items: readonly Ended[], texts: EngineTexts): Advised => {
  const drugs = items.filter(
    ({ line, recommendation }) =>
      line.kind === 'drug' &&
      recommendation.status !== 'not-advised' &&
      recommendation.status !== 'source-only',
  );
  const first = drugs.filter(({ line }) => line.order === FIRST_LINE);
  const isExhausted =
    first.some(({ isBlocked }) => isBlocked) &&
    first.every((item) => !isRecommended(item) && !item.isOpen);
  if (!isExhausted)
    return { recommendations: items.map((item) => item.recommendation), remarks: [] };
  return {
    remarks: [texts.firstLineBlocked],
    recommendations: items.map(({ line, recommendation }) =>
      line.kind === 'drug' && line.order === LAST_LINE && recommendation.status === 'offered'
        ? { ...recommendation, status: 'caution' as const, reason: texts.firstLineBlocked }
        : recommendation,
    ),
  };
};

/**
 * Applies the guidance of the leading category to one pain.
 * An open red flag comes before every line (treatment.md 5.3, step 0). A drug or procedure without safety rules,
 * or whose checks lack a datum they need, is `withheld`.
 */
export const recommend = (
  classification: Classification,
  guidance: Guidance,
  scope: Scope,
  deps: RecommendDeps,
): Advised => {
  const isChild = scope.ageYears !== undefined && scope.ageYears < deps.settings.adultAgeYears;
  const holds = guidance.conditions.map((judge) => judge(scope).result === 'met');
  const items: Ended[] = [];
  for (const line of guidance.lines)
    if (holds[line.condition]) items.push(ended(line, classification, isChild, deps));
  return withoutSliding(withAlternatives(items), deps.texts);
};
