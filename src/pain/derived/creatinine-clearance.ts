// Creatinine clearance by Cockcroft and Gault, with eGFR as a stand-in that is said (D-4). Must not know cut-offs.
import type { Derived, Scope } from '../scope.js';
import { newestValue } from './newest-value.js';

/** The formula's numbers and the sets it reads (`cards/derived.yaml`). */
export interface ClearanceRules {
  readonly base: number;
  readonly divisor: number;
  readonly femaleFactor: number;
  readonly creatinineSet: string;
  readonly weightSet: string;
  readonly egfrSet: string;
  readonly adultAgeYears: number;
}

/** For how many days each value is valid (D-2). */
export interface ClearanceFreshness {
  readonly creatinine: number;
  readonly weight: number;
  readonly egfr: number;
}

const rounded = (value: number): string => String(Math.round(value));

const derived = (
  low: number,
  high: number,
  findings: Derived['findings'],
  standIn: boolean,
): Derived => ({
  measure: {
    low,
    high,
    lowOpen: false,
    highOpen: false,
    unit: 'mL/min',
    text: `${low === high ? rounded(low) : `${rounded(low)}–${rounded(high)}`} mL/min`,
  },
  findings,
  standIn,
});

/** Millilitres a minute; undefined where neither the formula nor a fresh eGFR can say it. Adults only. */
export const creatinineClearance = (
  scope: Scope,
  rules: ClearanceRules,
  fresh: ClearanceFreshness,
): Derived | undefined => {
  const { ageYears, sex } = scope;
  if (ageYears !== undefined && ageYears < rules.adultAgeYears) return undefined;
  const creatinine = newestValue(scope, rules.creatinineSet, fresh.creatinine);
  const weight = newestValue(scope, rules.weightSet, fresh.weight);
  if (
    creatinine &&
    weight &&
    ageYears !== undefined &&
    ageYears < rules.base &&
    sex &&
    creatinine.low > 0 &&
    weight.low > 0
  ) {
    const factor =
      ((rules.base - ageYears) * (sex === 'female' ? rules.femaleFactor : 1)) / rules.divisor;
    return derived(
      (factor * weight.low) / creatinine.high,
      (factor * weight.high) / creatinine.low,
      [...creatinine.findings, ...weight.findings],
      false,
    );
  }
  const egfr = newestValue(scope, rules.egfrSet, fresh.egfr);
  return egfr && derived(egfr.low, egfr.high, egfr.findings, true);
};
