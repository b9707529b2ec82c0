// Findings of one pain -> how each treatment class was tried (treatment.md 5.2). Relief unknown is never failed. Must not know steps or lines.
import { DAY_MS } from './fhir-date.js';
import type { Finding } from './finding.js';
import type { Trial, TrialGap, TrialStatus } from './progress.js';
import { bestRelief, isResponse, pairsOf, type Score, scoresOf } from './relief.js';
import type { FindingIndex, Scope } from './scope.js';
import type { StepwiseKnowledge, TrialRule } from './stepwise-knowledge.js';
import { type Course, coursesOf, doseReached, durationReached } from './treatment-course.js';

type Rules = Pick<
  StepwiseKnowledge,
  'treatments' | 'trialsOf' | 'relief' | 'gapDays' | 'precedence'
>;

/** Whether a record is one of this treatment for this pain: a procedure at another place is not. */
const isOwn = (
  finding: Finding,
  { pain }: Scope,
  routes: readonly string[] | undefined,
): boolean => {
  const { source, presence, basis, regions, route } = finding;
  if (presence !== 'present' || basis === 'text') return false;
  if (source === 'procedure') return !pain || regions.length === 0 || pain.isAtSite(finding);
  return source === 'medication' && (routes === undefined || routes.includes(route ?? ''));
};

const recordsOf = (
  sets: readonly string[],
  scope: Scope,
  routes?: readonly string[],
): readonly Finding[] => {
  let found: Set<Finding> | undefined;
  for (const set of sets) {
    for (const finding of scope.allFindings.get(set) ?? []) {
      if (!isOwn(finding, scope, routes)) continue;
      found ??= new Set();
      found.add(finding);
    }
  }
  return found ? [...found] : [];
};

const dates = ({ findings, isRunning }: Course) => {
  const since = (findings[0]?.onset ?? findings[0]?.effective)?.text;
  const last = findings.at(-1);
  const until = isRunning
    ? undefined
    : (last?.until ?? (last?.source === 'procedure' ? last.effective : undefined))?.text;
  return { since, until };
};

/** A trial of which no more than its outcome is known. Every field is there, so that all trials have one shape. */
export const bareTrial = (
  treatment: string,
  status: TrialStatus,
  findings: readonly Finding[],
): Trial => ({
  treatment,
  status,
  isRunning: false,
  agent: undefined,
  since: undefined,
  until: undefined,
  reliefPercent: undefined,
  missing: [],
  adequate: undefined,
  sources: [],
  findings,
});

/** The trial that a course tells of, before it is judged by any rule. */
const courseTrial = (treatment: string, status: TrialStatus, course: Course): Trial => {
  const { findings, isRunning } = course;
  const { since, until } = dates(course);
  const agent = findings.at(-1)?.label || undefined;
  return { ...bareTrial(treatment, status, findings), isRunning, agent, since, until };
};

/** Relief by the scores of the time in which it counts: after the trial's length, as long as the treatment surely ran. */
const reliefOf = (
  { span }: Course,
  rule: TrialRule,
  scores: readonly Score[],
  { relief }: Pick<Rules, 'relief'>,
) => {
  const fromMs = span.latestStart + rule.days * DAY_MS;
  const toMs =
    rule.judgedWithinDays === undefined
      ? span.earliestEnd
      : span.earliestStart + rule.judgedWithinDays * DAY_MS;
  return bestRelief(pairsOf(scores, span.earliestStart, relief.baselineDays, { fromMs, toMs }));
};

const judgeCourse = (
  treatment: string,
  course: Course,
  rule: TrialRule,
  scope: Scope,
  scores: readonly Score[],
  rules: Rules,
): Trial => {
  const mayBeLower = rule.dose?.lowerMayDo?.(scope).result === 'met';
  const dose = doseReached(course, rule, mayBeLower, scope.nowMs);
  const duration = durationReached(course, rule);
  const relief = reliefOf(course, rule, scores, rules);
  const { isRunning, findings } = course;
  const missing: TrialGap[] = [];
  if (dose === 'unknown') missing.push('dose');
  if (duration === 'unknown') missing.push('duration');
  if (!relief) missing.push('relief');
  const isFailed =
    dose === 'met' &&
    duration === 'met' &&
    relief !== undefined &&
    !isResponse(relief.percent, rules.relief);
  const isStoppedForHarm = findings.some(
    ({ stopReason, current }) => !current && stopReason === 'adverse-effect',
  );
  const status: TrialStatus = isFailed
    ? 'adequate-failed'
    : isRunning
      ? 'ongoing'
      : isStoppedForHarm
        ? 'intolerance'
        : relief && isResponse(relief.percent, rules.relief)
          ? 'helped'
          : dose === 'notMet' || duration === 'notMet'
            ? 'inadequate'
            : 'not-documented';
  return {
    ...courseTrial(treatment, status, course),
    reliefPercent: relief?.percent,
    missing,
    adequate: rule.text,
    sources: rule.sources,
    findings: relief
      ? [...findings, relief.pair.before.finding, relief.pair.after.finding]
      : findings,
  };
};

/** Courses of a class that no rule says an adequate trial of: taken, or stopped for harm, or not to be judged. */
const unruledTrial = (treatment: string, course: Course): Trial => {
  const { findings, isRunning } = course;
  const isHarm = findings.some((one) => !one.current && one.stopReason === 'adverse-effect');
  const status = isRunning ? 'ongoing' : isHarm ? 'intolerance' : 'not-documented';
  return { ...courseTrial(treatment, status, course), missing: ['dose', 'duration', 'relief'] };
};

const intoleranceOf = (
  treatment: string,
  sets: readonly string[],
  scope: Scope,
): Trial | undefined => {
  for (const set of sets) {
    const found = scope.allFindings.get(set)?.filter(({ source, presence, current, allergy }) => {
      const isActive = source === 'allergy' && presence === 'present' && current;
      return isActive && allergy === 'intolerance';
    });
    if (!found || found.length === 0) continue;
    return {
      ...bareTrial(treatment, 'intolerance', found),
      agent: found[0]?.label || undefined,
    };
  }
  return undefined;
};

/** The treatments that have any record: most have none, and no pain need look at them. */
export const recordedTreatments = (
  findings: FindingIndex,
  { treatments }: Pick<Rules, 'treatments'>,
): ReadonlySet<string> => {
  const recorded = new Set<string>();
  for (const [treatment, { recordSets }] of treatments)
    if (recordSets.some((set) => findings.has(set))) recorded.add(treatment);
  return recorded;
};

/** The trial of one class: of all its courses the one whose status says most. */
const trialOf = (
  treatment: string,
  scope: Scope,
  scores: () => readonly Score[],
  rules: Rules,
): Trial | undefined => {
  const codeSets = rules.treatments.get(treatment)?.codeSets ?? [];
  const judged: Trial[] = [];
  const seen = new Set<Finding>();
  for (const rule of rules.trialsOf.get(treatment) ?? []) {
    const records = recordsOf(rule.sets ?? codeSets, scope, rule.routes).filter(
      (one) => !seen.has(one),
    );
    if (records.length === 0 || (rule.judge && rule.judge(scope).result !== 'met')) continue;
    for (const record of records) seen.add(record);
    const gap = rule.judgedWithinDays === undefined ? rules.gapDays : 0;
    for (const course of coursesOf(records, gap, scope.nowMs))
      judged.push(judgeCourse(treatment, course, rule, scope, scores(), rules));
  }
  const others = recordsOf(codeSets, scope).filter((one) => !seen.has(one));
  for (const course of coursesOf(others, rules.gapDays, scope.nowMs))
    judged.push(unruledTrial(treatment, course));
  const intolerance = intoleranceOf(treatment, codeSets, scope);
  if (intolerance) judged.push(intolerance);
  const rank = ({ status }: Trial): number => rules.precedence.indexOf(status);
  return judged.reduce<Trial | undefined>(
    (best, trial) => (best && rank(best) <= rank(trial) ? best : trial),
    undefined,
  );
};

/**
 * How the treatments were tried for the pain of the scope, in the order given; a class without any record has no trial.
 * @param treatments - ids of `cards/treatments.yaml`
 */
export const trialsOf = (
  treatments: Iterable<string>,
  scope: Scope,
  rules: Rules,
): readonly Trial[] => {
  let known: readonly Score[] | undefined;
  const scores = (): readonly Score[] => {
    known ??= scoresOf(scope, rules.relief.scoreSets);
    return known;
  };
  const trials: Trial[] = [];
  for (const treatment of treatments) {
    const trial = trialOf(treatment, scope, scores, rules);
    if (trial) trials.push(trial);
  }
  return trials;
};
