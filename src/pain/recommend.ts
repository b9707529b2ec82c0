// Classification[] -> Recommendation[]: what the leading category's guidance says for this pain. Must not decide safety by itself.
import type { Classification, Recommendation } from './evaluation.js';
import type { Guidance, GuidanceLine, Outcome, Settings } from './knowledge.js';
import type { Judge, Scope } from './scope.js';

const outcomeOf = (
  { kind, origin, strength }: GuidanceLine,
  classification: Classification,
  isChild: boolean,
  isRedFlagFirst: boolean,
): Outcome => {
  if (origin === 'article-only') return 'sourceOnly';
  if (strength === 'strong-against' || strength === 'weak-against') return 'notAdvised';
  if (isRedFlagFirst) return 'redFlagFirst';
  if (kind === 'drug' && isChild) return 'underAgeDrug';
  if (kind === 'drug' && classification.tentative) return 'tentativeDrug';
  if (kind === 'drug' || kind === 'procedure') return 'safetyChecksMissing';
  return 'offered';
};

/**
 * Applies the guidance of the leading category to one pain.
 * An open red flag comes before every line (treatment.md 5.3, step 0).
 * Until safety checks exist no drug and no procedure is recommended: each such line is `withheld`.
 */
export const recommend = (
  classification: Classification,
  guidance: Guidance,
  scope: Scope,
  settings: Settings,
  isRedFlagFirst: boolean,
): readonly Recommendation[] => {
  const isChild = scope.ageYears !== undefined && scope.ageYears < settings.adultAgeYears;
  const recommendations: Recommendation[] = [];
  const holding = new Map<Judge, boolean>();
  for (const line of guidance.lines) {
    const known = holding.get(line.judge);
    const holds = known ?? line.judge(scope).result === 'met';
    if (known === undefined) holding.set(line.judge, holds);
    if (!holds) continue;
    recommendations.push(line.as[outcomeOf(line, classification, isChild, isRedFlagFirst)]);
  }
  return recommendations;
};
