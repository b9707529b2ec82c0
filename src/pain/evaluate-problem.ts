// One classified pain -> EvaluatedProblem: its label, place, course, recommendations and what to ask. Must not classify or do IO.
import { gradesOf, type PatientScope } from './classify.js';
import type { Ask, Classification, EvaluatedProblem, Intensity, RedFlag } from './evaluation.js';
import type { Finding } from './finding.js';
import { followPain } from './follow-pain.js';
import type { Knowledge } from './knowledge.js';
import { courseOf, type GroupedPain, type Grouping } from './pain-problem.js';
import type { PreviousEvaluation, Stepwise } from './progress.js';
import { type Advised, recommend } from './recommend.js';
import type { SafetyCheck } from './safety-check.js';
import { type OpenScope, type Scope, scopeOver } from './scope.js';
import type { TrialHistory } from './trials.js';

/** A pain with its classification, the leading category first. */
export interface ClassifiedPain {
  readonly pain: GroupedPain;
  readonly classifications: readonly Classification[];
}

/** What is the same for all pains of the patient. */
export interface ProblemContext {
  readonly grouping: Grouping;
  readonly patient: PatientScope;
  readonly redFlags: readonly RedFlag[];
  readonly knowledge: Knowledge;
  /** Opens the safety checks of one pain. */
  readonly openPain: (scope: Scope) => SafetyCheck;
  /** How the patient's treatments were tried. */
  readonly history: TrialHistory;
  /** What the patient's previous evaluation is remembered by. */
  readonly previous: PreviousEvaluation | undefined;
}

const NOTHING: Advised = { recommendations: [], remarks: [] };

const intensityOf = (pain: GroupedPain, trendPoints: number): Intensity | undefined => {
  const [latest, previous] = pain.scores;
  const nrs = latest?.measure;
  if (!latest || !nrs || nrs.low !== nrs.high) return undefined;
  const before = previous?.measure;
  if (!before || before.low !== before.high)
    return { nrs: nrs.low, finding: latest, trend: undefined };
  const change = nrs.low - before.low;
  const trend = Math.abs(change) < trendPoints ? 'stable' : change > 0 ? 'worsening' : 'improving';
  return { nrs: nrs.low, finding: latest, trend };
};

/** The one region to name: what the leading finding says, else what all agree on; none for a pain spread over several. */
const mainRegion = ({ lead, regions }: GroupedPain): string | undefined => {
  const own = lead.regions.length > 0 ? lead.regions : regions;
  return own.length <= 2 ? own[0] : undefined;
};

/** The finding that names the pain: the strongest diagnosis of its leading category, else the one it was grouped by. */
const namingFinding = (pain: GroupedPain, leading: Classification | undefined): Finding => {
  const diagnosis = leading?.evidence.find(({ kind }) => kind === 'dx')?.findings[0];
  return diagnosis && pain.members.includes(diagnosis) ? diagnosis : pain.lead;
};

/** Whether a red flag leaves no time for treatment principles (treatment.md 5.3, step 0). */
const isPressing = ({ urgency }: RedFlag): boolean => urgency !== 'urgent';

/** What expressions about a classified pain may look at. */
export const scopeOfProblem = (
  { pain, classifications }: ClassifiedPain,
  { patient, grouping }: Pick<ProblemContext, 'patient' | 'grouping'>,
): Scope => {
  const [leading] = classifications;
  const scope: OpenScope = scopeOver(patient, pain.findings, grouping.allFindings);
  scope.pain = pain.scope;
  scope.grades = gradesOf(classifications);
  scope.labels = leading;
  scope.leading = leading?.category;
  return scope;
};

const NO_TREATMENTS: ReadonlySet<string> = new Set();

/** The treatments that red flags forbid by name. */
const withheldBy = (redFlags: readonly RedFlag[]): ReadonlySet<string> =>
  redFlags.length === 0 ? NO_TREATMENTS : new Set(redFlags.flatMap(({ withholds }) => withholds));

/** What to record next for the pain. */
const asksOf = (scope: Scope, { asks }: Knowledge): readonly Ask[] => {
  const open: Ask[] = [];
  for (const { id, judge, text, unlocks } of asks)
    if (judge(scope).result === 'met') open.push({ id, text, unlocks });
  return open;
};

/** The line on ozone where a site enabled it: behind its gate, and only after conservative care has failed. */
const ozoneLine = (
  stepwise: Stepwise | undefined,
  scope: Scope,
  check: SafetyCheck,
  { ozone }: Knowledge,
): string | undefined => {
  if (!ozone || stepwise === undefined || !ozone.steps.has(stepwise.step)) return undefined;
  if (ozone.judge(scope).result !== 'met') return undefined;
  const outcome = check(ozone.treatment)?.outcome;
  return outcome === 'clear' || outcome === 'caution' ? ozone.text : undefined;
};

/** Evaluates one pain that is classified already. */
export const evaluateProblem = (
  { pain, classifications }: ClassifiedPain,
  id: string,
  context: ProblemContext,
): EvaluatedProblem => {
  const { grouping, patient, redFlags, knowledge, openPain } = context;
  const { settings, engineTexts: texts } = knowledge;
  const [leading] = classifications;
  const scope = scopeOfProblem({ pain, classifications }, context);
  const guidance = leading && knowledge.guidance.get(leading.category);
  const { side, onset } = pain;
  const lead = namingFinding(pain, leading);
  const course = courseOf(onset, patient.nowMs, settings);
  const intensity = intensityOf(pain, settings.trendPoints);
  const region = mainRegion(pain);
  const deps = {
    settings,
    texts,
    check: openPain(scope),
    isRedFlagFirst: redFlags.some(isPressing),
    withheldByFlags: withheldBy(redFlags),
  };
  const advised = leading && guidance ? recommend(leading, guidance, scope, deps) : NOTHING;
  const problem = {
    id,
    label: lead.source === 'observation' || !lead.label ? texts.painUnplacedLabel : lead.label,
    labelFromChart: lead.labelFromChart && lead.source !== 'observation',
    region,
    side,
    members: pain.members,
    onset,
    course,
    intensity,
  };
  const { recommendations } = advised;
  const followed = followPain({ problem, classifications, recommendations }, scope, {
    rules: knowledge.stepwise,
    history: context.history,
    openFlags: redFlags,
    isRedFlagFirst: deps.isRedFlagFirst,
    previous: context.previous,
  });
  return {
    problem,
    classifications,
    principles: guidance?.principles ?? [],
    recommendations: followed.recommendations,
    trials: followed.trials,
    stepwise: followed.stepwise,
    ordering: followed.ordering,
    change: followed.change,
    nextEvaluation: followed.nextEvaluation,
    remarks: advised.remarks,
    ozone: ozoneLine(followed.stepwise, scope, deps.check, knowledge),
    ask: asksOf(scope, knowledge),
    notPlaced: grouping.notPlaced,
    imagingDone: pain.imagingDone,
  };
};
