// Scores before and after -> relief in per cent, same instrument only (treatment.md 6). Must not know treatments.
import { DAY_MS } from './fhir-date.js';
import type { Finding } from './finding.js';
import { NONE, type Scope } from './scope.js';
import type { ReliefRules } from './stepwise-knowledge.js';

/** A score with what it was measured by: scores of different instruments are never compared. */
export interface Score {
  readonly finding: Finding;
  readonly instrument: string;
  readonly value: number;
  readonly startMs: number;
  readonly date: string;
}

/** Two scores of one instrument, before and after. */
export interface Pair {
  readonly before: Score;
  readonly after: Score;
}

/** How far the score fell between the two of a pair. */
export interface Relief {
  readonly pair: Pair;
  readonly percent: number;
}

const NO_SCORES: readonly Score[] = [];

/** The usable scores of the sets, newest first: one number, a date, the same instrument told by the matched row. */
export const scoresOf = (
  { findings }: Pick<Scope, 'findings'>,
  sets: readonly string[],
): readonly Score[] => {
  let scores: Score[] | undefined;
  for (const set of sets) {
    for (const finding of findings.get(set) ?? NONE) {
      const { measure, effective, basis, matches } = finding;
      if (!measure || !effective || measure.low !== measure.high || basis === 'text') continue;
      const instrument = matches.find((match) => match.set === set)?.display ?? set;
      const { startMs, text } = effective;
      scores ??= [];
      scores.push({ finding, instrument, value: measure.low, startMs, date: text });
    }
  }
  return scores?.sort((a, b) => b.startMs - a.startMs) ?? NO_SCORES;
};

const dayOf = (ms: number): number => Math.floor(ms / DAY_MS);

/** The newest score of the instrument between two days; of what is newest first that is the first. */
const newestWithin = (
  scores: readonly Score[],
  instrument: string,
  fromDay: number,
  toDay: number,
): Score | undefined =>
  scores.find((score) => {
    const day = dayOf(score.startMs);
    return score.instrument === instrument && day >= fromDay && day <= toDay;
  });

/** Pairs of the last score no later than `startMs` and within the baseline window, and the newest of the same instrument inside the window after. */
export const pairsOf = (
  scores: readonly Score[],
  startMs: number,
  baselineDays: number,
  after: { readonly fromMs: number; readonly toMs: number },
): readonly Pair[] => {
  const pairs: Pair[] = [];
  const seen: string[] = [];
  const [startDay, fromDay, toDay] = [dayOf(startMs), dayOf(after.fromMs), dayOf(after.toMs)];
  for (const { instrument } of scores) {
    if (seen.includes(instrument)) continue;
    seen.push(instrument);
    const before = newestWithin(scores, instrument, startDay - baselineDays, startDay);
    if (!before) continue;
    const then = Math.max(fromDay, dayOf(before.startMs) + 1);
    const last = newestWithin(scores, instrument, then, toDay);
    if (last) pairs.push({ before, after: last });
  }
  return pairs;
};

/** Fall in per cent, rounded; undefined from a baseline of 0. */
export const fallPercent = ({ before, after }: Pair): number | undefined =>
  before.value > 0 ? Math.round(((before.value - after.value) / before.value) * 100) : undefined;

/** The pair with the greatest relief: what helped by one instrument is not called failed by another. */
export const bestRelief = (pairs: readonly Pair[]): Relief | undefined => {
  let best: Relief | undefined;
  for (const pair of pairs) {
    const percent = fallPercent(pair);
    if (percent !== undefined && (!best || percent > best.percent)) best = { pair, percent };
  }
  return best;
};

/** Whether a relief counts as a response. */
export const isResponse = (percent: number, { respondedFrom }: ReliefRules): boolean =>
  percent >= respondedFrom;
