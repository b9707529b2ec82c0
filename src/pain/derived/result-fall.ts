// A fall of a result in a short time, for example of kidney function (D-5). Must not know what follows from it.
import { DAY_MS, isWithin } from '../fhir-date.js';
import type { Judgement, Scope } from '../scope.js';
import { UNKNOWN } from '../scope.js';
import { valuesOf } from './newest-value.js';

/** Which sets, by how much and within which time. */
export interface FallRules {
  readonly sets: readonly string[];
  readonly percent: number;
  readonly withinDays: number;
}

/**
 * Met when the newest value lies at least `percent` below an earlier one, both within the window; a newer value that has
 * recovered answers no. Unknown without two values in the window.
 */
export const fellBy = (scope: Scope, rules: FallRules): Judgement => {
  const { percent, withinDays, sets } = rules;
  const [newest, ...earlier] = sets
    .flatMap((set) => valuesOf(scope, set))
    .sort((a, b) => b.ms - a.ms);
  if (!newest) return UNKNOWN;
  const isRecent = newest.findings.every(
    ({ effective }) => isWithin(effective, scope.nowMs, withinDays) === 'met',
  );
  const before = earlier.filter(({ ms }) => newest.ms - ms <= withinDays * DAY_MS);
  const [first] = before;
  if (!isRecent || !first) return UNKNOWN;
  const highest = before.reduce((best, one) => (one.low > best.low ? one : best), first);
  const share = 1 - percent / 100;
  const findings = [...newest.findings, ...highest.findings];
  if (newest.high <= highest.low * share) return { result: 'met', findings, weight: 0 };
  const couldHave = before.some(({ high }) => newest.low <= high * share);
  return { result: couldHave ? 'unknown' : 'notMet', findings, weight: 0 };
};
