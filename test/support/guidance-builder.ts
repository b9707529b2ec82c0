// Lines of guidance, checks and their results made for tests. Must not load cards/.
import type { CheckResult, Classification, Recommendation } from '../../src/pain/evaluation.js';
import type {
  EngineTexts,
  Guidance,
  GuidanceLine,
  Outcome,
  Settings,
} from '../../src/pain/knowledge.js';
import { type RecommendDeps, recommend } from '../../src/pain/recommend.js';
import type { SafetyResult } from '../../src/pain/safety-check.js';
import { plain } from '../../src/pain/scope.js';
import { scopeOf } from './findings.js';

const TEXTS = {
  separators: { names: ', ', needs: '; ' },
  needs: 'needs: {needs}',
  agentWithheld: 'not {agent}: {message}',
  agentCaution: '{agent}: {message}',
  egfrStandIn: '{message} (by eGFR)',
  firstLineBlocked: 'first line blocked',
} as EngineTexts;
const SETTINGS = { adultAgeYears: 18 } as Settings;
const HOLDS = () => plain.met;
/** Nothing about it is tentative. */
export const SURE = { category: 'neuropathic', tentative: false } as Classification;

/** A line as a recommendation of that status. */
export const advice = (id: string, status: Recommendation['status']): Recommendation => ({
  id,
  principle: 'target-cause',
  treatment: id,
  text: id,
  certainty: 'none',
  strength: 'none',
  agreement: 'agrees',
  sources: [],
  status,
  checks: [],
  ...(status !== 'offered' && { reason: `${status} by itself` }),
});
const ENDS: Readonly<Record<Outcome, Recommendation['status']>> = {
  offered: 'offered',
  notAdvised: 'not-advised',
  sourceOnly: 'source-only',
  redFlagFirst: 'withheld',
  safetyChecksMissing: 'withheld',
  underAgeDrug: 'withheld',
  tentativeDrug: 'withheld',
};
/** A first-line drug that has a plan, unless `more` says otherwise. */
export const line = (id: string, more: Partial<GuidanceLine> = {}): GuidanceLine => ({
  as: Object.fromEntries(
    Object.entries(ENDS).map(([outcome, status]) => [
      outcome,
      { ...advice(id, status), ...(outcome !== 'offered' && { reason: outcome }) },
    ]),
  ) as unknown as GuidanceLine['as'],
  strength: 'none',
  condition: 0,
  kind: 'drug',
  origin: 'guideline',
  isForAnyStep: false,
  plan: id,
  order: 1,
  ...more,
});
/** A check of that outcome with a message to match. */
export const check = (
  outcome: CheckResult['outcome'],
  more: Partial<CheckResult> = {},
): CheckResult => ({
  rule: 'R-1',
  action: 'block',
  outcome,
  message: `${outcome} message`,
  needs: undefined,
  agent: undefined,
  standIn: false,
  findings: [],
  ...more,
});
/** What the checks of a treatment come to. */
export const result = (
  outcome: SafetyResult['outcome'],
  checks: readonly CheckResult[] = [],
  more: Partial<SafetyResult> = {},
): SafetyResult => ({ outcome, checks, evaluated: 3, isTaken: false, notAssessed: [], ...more });

/** What the checks of each treatment come to, and what else lines depend on. */
export interface Situation extends Partial<RecommendDeps> {
  readonly results?: Readonly<Record<string, SafetyResult>>;
  readonly ageYears?: number;
  readonly classification?: Classification;
  /** What lines hold under; left out: one condition that holds. */
  readonly conditions?: Guidance['conditions'];
}
/** Applies lines to an adult. */
export const advise = (lines: readonly GuidanceLine[], situation: Situation = {}) => {
  const {
    results = {},
    ageYears = 50,
    classification = SURE,
    conditions = [HOLDS],
    ...deps
  } = situation;
  return recommend(
    classification,
    { principles: [], lines, conditions },
    scopeOf([], { ageYears }),
    {
      settings: SETTINGS,
      texts: TEXTS,
      check: (treatment) => results[treatment],
      isRedFlagFirst: false,
      withheldByFlags: new Set(),
      ...deps,
    },
  );
};
/** Each line with its status, reason and alternative, in words. */
export const said = (lines: readonly GuidanceLine[], situation?: Situation): readonly string[] =>
  advise(lines, situation).recommendations.map(({ id, status, reason, alternative }) =>
    [id, status, reason && `(${reason})`, alternative && `else ${alternative}`]
      .filter(Boolean)
      .join(' '),
  );
