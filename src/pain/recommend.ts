// Classification[] -> Recommendation[]: what the leading category's guidance says for this pain. Must not decide safety by itself.
import type { Classification, Recommendation, RecommendationStatus } from './evaluation.js';
import type { Scope } from './judge.js';
import type { EngineTexts, Guidance, GuidanceLine, Settings } from './knowledge.js';

const isTreatment = ({ kind }: GuidanceLine): boolean => kind === 'drug' || kind === 'procedure';

interface Decision {
  readonly status: RecommendationStatus;
  readonly reason?: string;
}

const decide = (
  line: GuidanceLine,
  classification: Classification,
  ageYears: number | undefined,
  settings: Settings,
  texts: EngineTexts,
): Decision => {
  const { strength } = line.recommendation;
  if (line.origin === 'article-only') return { status: 'source-only' };
  if (strength === 'strong-against') return { status: 'not-advised', reason: texts.notAdvised };
  if (!isTreatment(line)) return { status: strength === 'weak-against' ? 'not-advised' : 'offered' };
  const isChild = ageYears !== undefined && ageYears < settings.adultAgeYears;
  if (line.kind === 'drug' && isChild) return { status: 'withheld', reason: texts.underAgeDrug };
  if (line.kind === 'drug' && classification.tentative) {
    return { status: 'withheld', reason: texts.tentativeDrug };
  }
  return { status: 'withheld', reason: texts.safetyChecksMissing };
};

/**
 * Applies the guidance of the leading category to one pain.
 * Until safety checks exist no drug and no procedure is recommended: each such line is `withheld`.
 */
export const recommend = (
  classification: Classification,
  guidance: Guidance,
  scope: Scope,
  settings: Settings,
  texts: EngineTexts,
): readonly Recommendation[] =>
  guidance.lines.flatMap((line) => {
    if (line.judge(scope).result !== 'met') return [];
    return [
      {
        ...line.recommendation,
        ...decide(line, classification, scope.ageYears, settings, texts),
        checks: [],
      },
    ];
  });
