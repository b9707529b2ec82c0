// The records of a treatment -> how it was tried for one pain (treatment.md 5.2). Relief unknown is never failed. Must not know steps or lines.
import { DAY_MS, type Truth } from './fhir-date.js';
import type { Finding } from './finding.js';
import type { Trial, TrialGap, TrialStatus } from './progress.js';
import { bestRelief, isResponse, pairsOf, type Relief, type Score } from './relief.js';
import type { FindingIndex, Scope } from './scope.js';
import type { ReliefRules, StepwiseKnowledge, TrialRule } from './stepwise-knowledge.js';
import { type Course, coursesOf, doseReached, durationReached } from './treatment-course.js';
import { recordedTreatments, recordsOf, type TreatmentRecords } from './treatment-records.js';

type Rules = Pick<
  StepwiseKnowledge,
  'treatments' | 'treatmentsOfSet' | 'procedures' | 'trialsOf' | 'relief' | 'gapDays' | 'precedence'
>;

/** How the treatments of one patient were tried. */
export interface TrialHistory {
  /** The treatments that have any record. */
  readonly recorded: ReadonlySet<string>;
  /** Those among them that the ordering check is about. */
  readonly procedures: readonly string[];
  /**
   * The trial of one class for the pain of the scope: of all its courses the one whose status says most.
   * @param scores - of the pain, newest first
   */
  readonly trialOf: (
    treatment: string,
    scope: Scope,
    scores: readonly Score[],
  ) => Trial | undefined;
}

/** A course with the trial it is while no relief is known. */
interface JudgedCourse {
  readonly course: Course;
  readonly rule: TrialRule | undefined;
  readonly dose: Truth;
  readonly duration: Truth;
  readonly trial: Trial;
}

/** A treatment as far as no pain changes it. */
interface RecordedTreatment {
  readonly records: TreatmentRecords;
  readonly intolerance: Trial | undefined;
  /** Its courses, by the conditions that hold for a pain; few differ. */
  readonly known: { readonly conditions: string; readonly courses: readonly JudgedCourse[] }[];
}

/** A trial of which no more than its outcome is known. Every field is there, so that all trials have one shape. */
export const bareTrial = (
  treatment: string,
  status: TrialStatus,
  findings: readonly Finding[],
  agent?: string,
): Trial => ({
  treatment,
  status,
  isRunning: false,
  agent,
  since: undefined,
  until: undefined,
  reliefPercent: undefined,
  missing: [],
  adequate: undefined,
  sources: [],
  findings,
});

/** The last day of a course as recorded; of what is done once the day it was done. */
const untilOf = ({ findings, isRunning }: Course): string | undefined => {
  const last = findings.at(-1);
  if (isRunning || !last) return undefined;
  return (last.until ?? (last.source === 'procedure' ? last.effective : undefined))?.text;
};

const isStoppedForHarm = ({ current, stopReason }: Finding): boolean =>
  !current && stopReason === 'adverse-effect';

/** What a course that did not fail comes to. */
const statusOf = (
  { isRunning, findings }: Course,
  isHelped: boolean,
  isTooLittle: boolean,
): TrialStatus => {
  if (isRunning) return 'ongoing';
  if (findings.some(isStoppedForHarm)) return 'intolerance';
  if (isHelped) return 'helped';
  return isTooLittle ? 'inadequate' : 'not-documented';
};

/** What a course is by its records alone; without a rule nobody can say whether it was adequate. */
const judgeCourse = (
  treatment: string,
  course: Course,
  rule: TrialRule | undefined,
  scope: Scope,
): JudgedCourse => {
  const { findings, isRunning } = course;
  const mayBeLower = rule?.dose?.lowerMayDo?.(scope).result === 'met';
  const dose = rule ? doseReached(course, rule, mayBeLower) : 'unknown';
  const duration = rule ? durationReached(course, rule) : 'unknown';
  const missing: TrialGap[] = [];
  if (dose === 'unknown') missing.push('dose');
  if (duration === 'unknown') missing.push('duration');
  missing.push('relief');
  const trial: Trial = {
    treatment,
    status: statusOf(course, false, dose === 'notMet' || duration === 'notMet'),
    isRunning,
    agent: findings.at(-1)?.label || undefined,
    since: (findings[0]?.onset ?? findings[0]?.effective)?.text,
    until: untilOf(course),
    reliefPercent: undefined,
    missing,
    adequate: rule?.text,
    sources: rule?.sources ?? [],
    findings,
  };
  return { course, rule, dose, duration, trial };
};

/** Relief by the scores of the time in which it counts: after the trial's length, as long as the treatment surely ran. */
const reliefOf = (
  { span }: Course,
  { days, judgedWithinDays }: TrialRule,
  scores: readonly Score[],
  { baselineDays }: ReliefRules,
): Relief | undefined => {
  const fromMs = span.latestStart + days * DAY_MS;
  const toMs =
    judgedWithinDays === undefined
      ? span.earliestEnd
      : span.earliestStart + judgedWithinDays * DAY_MS;
  return bestRelief(pairsOf(scores, span.earliestStart, baselineDays, { fromMs, toMs }));
};

/** The trial that a course is by the scores of a pain. */
const withRelief = (
  { course, rule, dose, duration, trial }: JudgedCourse,
  scores: readonly Score[],
  rules: ReliefRules,
): Trial => {
  const relief = rule && scores.length > 0 ? reliefOf(course, rule, scores, rules) : undefined;
  if (!relief) return trial;
  const { percent, pair } = relief;
  const isHelped = isResponse(percent, rules);
  const isFailed = dose === 'met' && duration === 'met' && !isHelped;
  const isTooLittle = dose === 'notMet' || duration === 'notMet';
  return {
    ...trial,
    status: isFailed ? 'adequate-failed' : statusOf(course, isHelped, isTooLittle),
    reliefPercent: percent,
    missing: trial.missing.filter((gap) => gap !== 'relief'),
    findings: [...trial.findings, pair.before.finding, pair.after.finding],
  };
};

/** The courses for the pain of the scope: each record is of the first rule that fits it, at last of none. */
const judgeCourses = (
  treatment: string,
  { groups, isPlaced }: TreatmentRecords,
  scope: Scope,
  gapDays: number,
): readonly JudgedCourse[] => {
  const { pain, nowMs } = scope;
  const isHere = (record: Finding): boolean =>
    !pain || record.source !== 'procedure' || record.regions.length === 0 || pain.isAtSite(record);
  const judged: JudgedCourse[] = [];
  let claimed: Set<Finding> | undefined;
  for (const { rule, records } of groups) {
    if (rule?.judge && rule.judge(scope).result !== 'met') continue;
    const here = isPlaced ? records.filter(isHere) : records;
    const own = claimed ? here.filter((record) => !claimed?.has(record)) : here;
    if (groups.length > 1) claimed = new Set([...(claimed ?? []), ...own]);
    const gap = rule?.judgedWithinDays === undefined ? gapDays : 0;
    for (const course of coursesOf(own, gap, nowMs))
      judged.push(judgeCourse(treatment, course, rule, scope));
  }
  return judged;
};

/** Names the conditions of rules that hold for the pain of the scope: nothing else makes the courses of two pains differ. */
const conditionsOf = ({ groups }: TreatmentRecords, scope: Scope): string => {
  let held = '';
  for (let at = 0; at < groups.length; at += 1) {
    const rule = groups[at]?.rule;
    if (rule?.judge?.(scope).result === 'met') held += ` ${at}`;
    if (rule?.dose?.lowerMayDo?.(scope).result === 'met') held += ` ${at} lower`;
  }
  return held;
};

/** Opens the history of one patient. The courses of a treatment are judged when a pain asks for them, once for all pains. */
export const openTrials = (findings: FindingIndex, rules: Rules): TrialHistory => {
  const recorded = recordedTreatments(findings, rules);
  const treatments = new Map<string, RecordedTreatment>();
  const read = (treatment: string): RecordedTreatment => {
    const records = recordsOf(treatment, findings, rules);
    const { intolerances } = records;
    const [entry] = intolerances;
    const intolerance =
      entry && bareTrial(treatment, 'intolerance', intolerances, entry.label || undefined);
    const made: RecordedTreatment = { records, intolerance, known: [] };
    treatments.set(treatment, made);
    return made;
  };
  const coursesFor = (
    treatment: string,
    { records, known }: RecordedTreatment,
    scope: Scope,
  ): readonly JudgedCourse[] => {
    if (records.isPlaced) return judgeCourses(treatment, records, scope, rules.gapDays);
    const conditions = conditionsOf(records, scope);
    for (const one of known) if (one.conditions === conditions) return one.courses;
    const courses = judgeCourses(treatment, records, scope, rules.gapDays);
    known.push({ conditions, courses });
    return courses;
  };
  const rank = ({ status }: Trial): number => rules.precedence.indexOf(status);
  return {
    recorded,
    procedures: rules.procedures.filter((treatment) => recorded.has(treatment)),
    trialOf: (treatment, scope, scores) => {
      const own = treatments.get(treatment) ?? read(treatment);
      let best: Trial | undefined;
      for (const course of coursesFor(treatment, own, scope)) {
        const trial = withRelief(course, scores, rules.relief);
        if (!best || rank(trial) < rank(best)) best = trial;
      }
      const { intolerance } = own;
      return intolerance && (!best || rank(intolerance) < rank(best)) ? intolerance : best;
    },
  };
};
