// Records of one treatment -> the courses they make: when, how long at least and at most, at which dose. Must not judge them.
import { DAY_MS, type Truth } from './fhir-date.js';
import type { FhirDate, Finding } from './finding.js';
import type { TrialRule } from './stepwise-knowledge.js';

/** A stretch of time of which the ends are known to lie within limits, milliseconds. */
export interface Span {
  readonly earliestStart: number;
  readonly latestStart: number;
  readonly earliestEnd: number;
  /** Infinite where no end is recorded. */
  readonly latestEnd: number;
}

/** A record with the time it holds. */
interface Placed {
  readonly finding: Finding;
  readonly span: Span;
}

/** Records of one treatment without a longer gap between them, oldest first. */
export interface Course {
  readonly findings: readonly Finding[];
  readonly placed: readonly Placed[];
  /** From the first to the last of them. */
  readonly span: Span;
  readonly isRunning: boolean;
}

/** The first moment a date surely lies before its end: the start of its last day. */
const lastStart = ({ startMs, endMs }: FhirDate): number =>
  endMs > startMs ? Math.max(startMs, endMs - DAY_MS) : startMs;

/** Start of a medicine's course, else the date of the record. */
const startOf = ({ onset, effective }: Finding): FhirDate | undefined => onset ?? effective;

const spanFrom = (
  earliestStart: number,
  latestStart: number,
  earliestEnd: number,
  latestEnd: number,
): Span => ({ earliestStart, latestStart, earliestEnd, latestEnd });

/** When a record holds; one without a date starts and ends nobody knows when. */
const spanOf = (finding: Finding, nowMs: number): Span => {
  const start = startOf(finding);
  if (!start) return spanFrom(0, nowMs, 0, nowMs);
  const { current, until, source } = finding;
  const earliest = start.startMs;
  const latest = lastStart(start);
  if (source !== 'medication') return spanFrom(earliest, latest, earliest, latest);
  if (current) return spanFrom(earliest, latest, nowMs, nowMs);
  if (until !== undefined && until.startMs <= nowMs)
    return spanFrom(earliest, latest, until.startMs, lastStart(until));
  return spanFrom(earliest, latest, earliest, Number.POSITIVE_INFINITY);
};

const joined = (a: Span, b: Span): Span => ({
  earliestStart: Math.min(a.earliestStart, b.earliestStart),
  latestStart: Math.min(a.latestStart, b.latestStart),
  earliestEnd: Math.max(a.earliestEnd, b.earliestEnd),
  latestEnd: Math.max(a.latestEnd, b.latestEnd),
});

/** Whole days the span lasts at least. */
export const leastDays = ({ latestStart, earliestEnd }: Span): number =>
  Math.max(0, Math.floor((earliestEnd - latestStart) / DAY_MS));

/** Whole days the span lasts at most. */
export const mostDays = ({ earliestStart, latestEnd }: Span): number =>
  Math.ceil((latestEnd - earliestStart) / DAY_MS);

/** By start, then by what the records say, never by their ids. */
const oldestFirst = (a: Placed, b: Placed): number =>
  a.span.earliestStart - b.span.earliestStart ||
  a.span.earliestEnd - b.span.earliestEnd ||
  (a.finding.dose?.perDay ?? 0) - (b.finding.dose?.perDay ?? 0) ||
  Number(a.finding.current) - Number(b.finding.current) ||
  (a.finding.label < b.finding.label ? -1 : a.finding.label > b.finding.label ? 1 : 0);

/** A course that more records may join. */
interface OpenCourse extends Course {
  readonly findings: Finding[];
  readonly placed: Placed[];
  span: Span;
  isRunning: boolean;
}

/** Joins records into courses; one without a date is a course of its own that lasts from no time to any time. */
export const coursesOf = (
  findings: readonly Finding[],
  gapDays: number,
  nowMs: number,
): readonly Course[] => {
  const placed: Placed[] = findings.map((finding) => ({ finding, span: spanOf(finding, nowMs) }));
  if (placed.length > 1) placed.sort(oldestFirst);
  const courses: OpenCourse[] = [];
  let last: OpenCourse | undefined;
  for (const one of placed) {
    const { finding, span } = one;
    const isRunning = finding.current && finding.source === 'medication';
    if (last && span.earliestStart - last.span.earliestEnd <= gapDays * DAY_MS) {
      last.findings.push(finding);
      last.placed.push(one);
      last.span = joined(last.span, span);
      last.isRunning ||= isRunning;
    } else {
      last = { findings: [finding], placed: [one], span, isRunning };
      courses.push(last);
    }
  }
  return courses;
};

const doseTruth = ({ dose }: Finding, rule: TrialRule): Truth => {
  if (rule.isDoseUnprovable) return 'unknown';
  if (rule.isRegular) return !dose ? 'unknown' : dose.isMaximum ? 'notMet' : 'met';
  if (!rule.dose) return 'met';
  if (!dose || dose.unit !== rule.dose.unit) return 'unknown';
  if (dose.perDay < rule.dose.atLeast) return 'notMet';
  return dose.isMaximum ? 'unknown' : 'met';
};

/** The longest time in whole days that the records surely give a dose without a break by another dose. */
const daysAtDose = ({ placed }: Course, rule: TrialRule): number => {
  let longest = 0;
  let run: Span | undefined;
  for (const { finding, span } of placed) {
    if (doseTruth(finding, rule) === 'met') run = run ? joined(run, span) : span;
    else if (run) {
      const earliestEnd = Math.min(run.earliestEnd, startOf(finding)?.startMs ?? 0);
      longest = Math.max(longest, leastDays({ ...run, earliestEnd }));
      run = undefined;
    }
  }
  return run ? Math.max(longest, leastDays(run)) : longest;
};

/** The time of all records that may give the dose; undefined where each surely gives less. */
const spanOfDose = ({ placed }: Course, rule: TrialRule): Span | undefined => {
  let whole: Span | undefined;
  for (const { finding, span } of placed)
    if (doseTruth(finding, rule) !== 'notMet') whole = whole ? joined(whole, span) : span;
  return whole;
};

/** Whether the course reached the dose of the rule for long enough; a lower dose that may be the full one is unknown. */
export const doseReached = (course: Course, rule: TrialRule, mayBeLower: boolean): Truth => {
  if (daysAtDose(course, rule) >= rule.daysAtDose) return 'met';
  const most = spanOfDose(course, rule);
  if (most) return mostDays(most) < rule.daysAtDose ? 'notMet' : 'unknown';
  return mayBeLower ? 'unknown' : 'notMet';
};

/** Whether the course lasted, or was repeated, as the rule asks. */
export const durationReached = ({ findings, span }: Course, rule: TrialRule): Truth => {
  const { days, sessions = 1, differentAgents = 1, judgedWithinDays } = rule;
  if (judgedWithinDays !== undefined) return 'met';
  const different = (what: (finding: Finding) => string): number =>
    new Set(findings.map(what)).size;
  if (sessions > 1 && different((one) => startOf(one)?.text ?? '') < sessions) return 'notMet';
  if (differentAgents > 1 && different(({ label }) => label) < differentAgents) return 'notMet';
  if (leastDays(span) >= days) return 'met';
  return mostDays(span) < days ? 'notMet' : 'unknown';
};
