// Weeks of pregnancy now: the recorded age and the days since. Must not know what a week means for a drug.
import { ageInDays } from '../fhir-date.js';
import type { Derived, Scope } from '../scope.js';
import { valuesOf } from './newest-value.js';

/** The set of the recorded age (in days) and the week after which a pregnancy is over (`cards/derived.yaml`). */
export interface GestationRules {
  readonly set: string;
  readonly maximumWeeks: number;
}

const inWeeks = (days: number): string => `${Math.floor(days / 7)}+${Math.floor(days % 7)}`;

/** Weeks now, counted in whole days; undefined without a dated age, or where the pregnancy must be over. */
export const gestationWeeks = (scope: Scope, rules: GestationRules): Derived | undefined => {
  const [newest] = valuesOf(scope, rules.set);
  const date = newest?.findings[0]?.effective;
  if (!newest || !date || !Number.isFinite(newest.low) || !Number.isFinite(newest.high))
    return undefined;
  const { least, most } = ageInDays(date, scope.nowMs);
  const low = newest.low + Math.max(0, Math.floor(least));
  const high = newest.high + Math.max(0, Math.floor(most));
  if (low > rules.maximumWeeks * 7) return undefined;
  const text = low === high ? inWeeks(low) : `${inWeeks(low)}–${inWeeks(high)}`;
  return {
    measure: { low: low / 7, high: high / 7, lowOpen: false, highOpen: false, unit: 'wk', text },
    findings: newest.findings,
    standIn: false,
  };
};
