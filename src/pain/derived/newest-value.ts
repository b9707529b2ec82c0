// The newest usable value of a set, when it is fresh: the start of every derived number. Must not know what the value means.
import { isWithin } from '../fhir-date.js';
import type { Finding } from '../finding.js';
import type { Scope } from '../scope.js';

/** An interval with the findings that give it. */
export interface Value {
  readonly low: number;
  readonly high: number;
  readonly findings: readonly Finding[];
}

/** The values of one set by date, newest first; values that disagree on one date give the interval between them. */
export const valuesOf = (
  scope: Scope,
  set: string,
): readonly (Value & { readonly ms: number })[] => {
  const byDate = new Map<number, Value & { readonly ms: number }>();
  for (const finding of scope.allFindings.get(set) ?? []) {
    const { measure, effective } = finding;
    if (!measure || !effective || finding.basis === 'text') continue;
    const ms = effective.startMs;
    const same = byDate.get(ms);
    byDate.set(ms, {
      ms,
      low: Math.min(measure.low, same?.low ?? measure.low),
      high: Math.max(measure.high, same?.high ?? measure.high),
      findings: same ? [...same.findings, finding] : [finding],
    });
  }
  return [...byDate.values()].sort((a, b) => b.ms - a.ms);
};

/** The newest value if it is surely no older than `days`; an older one is no value (D-2). */
export const newestValue = (scope: Scope, set: string, days: number): Value | undefined => {
  const [newest] = valuesOf(scope, set);
  if (!newest) return undefined;
  const isFresh = newest.findings.every(
    ({ effective }) => isWithin(effective, scope.nowMs, days) === 'met',
  );
  return isFresh ? newest : undefined;
};
