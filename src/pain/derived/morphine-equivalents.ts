// Morphine equivalents a day of all opioids taken, as the interval the record supports. Must not know limits.
import { DAY_MS, isWithin } from '../fhir-date.js';
import type { Finding } from '../finding.js';
import type { MedicineForm } from '../medicine.js';
import type { Derived, Scope } from '../scope.js';

/** Factors by code set and unit (`cards/opioid-equivalents.yaml`). */
export interface EquivalentRules {
  readonly opioidSets: readonly string[];
  /** Code set -> unit -> milligrams of morphine for one unit. */
  readonly factors: ReadonlyMap<string, ReadonlyMap<string, number>>;
  readonly notCounted: ReadonlySet<string>;
  /** Routes by which nothing is added. */
  readonly leftOutRoutes: ReadonlySet<MedicineForm>;
  /** Routes the factors are not for. */
  readonly uncountableRoutes: ReadonlySet<MedicineForm>;
  /** A medicine without a recorded end is held to be over so many days after it was written (D-7). */
  readonly prescriptionDays: number;
}

/** What one opioid adds on a day: at least, at most. */
interface Share {
  readonly finding: Finding;
  /** The same drug at the same dose: a repeat order, or a second one. */
  readonly key: string;
  readonly low: number;
  readonly high: number;
}

const rounded = (value: number): number => Number(value.toPrecision(12));

const opioidsOf = (scope: Scope, rules: EquivalentRules): readonly Finding[] => {
  const found = new Set<Finding>();
  for (const set of rules.opioidSets) {
    for (const finding of scope.allFindings.get(set) ?? []) {
      const { source, presence, route, matches } = finding;
      if (source !== 'medication' || presence === 'absent' || rules.leftOutRoutes.has(route))
        continue;
      if (!matches.some((match) => rules.notCounted.has(match.set))) found.add(finding);
    }
  }
  return [...found];
};

/** Milligrams of morphine a day; undefined where the dose is not structured, or no factor is for it or its route. */
const equivalentOf = ({ dose, matches, route }: Finding, rules: EquivalentRules) => {
  if (!dose || rules.uncountableRoutes.has(route)) return undefined;
  for (const { set } of matches) {
    const factor = rules.factors.get(set)?.get(dose.unit);
    if (factor !== undefined) return dose.perDay * factor;
  }
  return undefined;
};

const shareOf = (finding: Finding, rules: EquivalentRules, isSure: boolean): Share => {
  const value = equivalentOf(finding, rules);
  return {
    finding,
    key: `${finding.label}|${finding.dose?.perDay}|${finding.dose?.unit}`,
    low: isSure ? (value ?? 0) : 0,
    high: value ?? Number.POSITIVE_INFINITY,
  };
};

/** At least: equal orders count once. At most: each counts. */
const totalOf = (shares: readonly Share[]): { readonly low: number; readonly high: number } => {
  const once = new Map<string, number>();
  let high = 0;
  for (const share of shares) {
    high += share.high;
    once.set(share.key, Math.max(once.get(share.key) ?? 0, share.low));
  }
  let low = 0;
  for (const value of once.values()) low += value;
  return { low, high };
};

const isComplete = ({ absence }: Scope): boolean => absence !== 'unknown' && absence.medication;

const derived = (
  scope: Scope,
  total: { readonly low: number; readonly high: number },
  findings: readonly Finding[],
): Derived => {
  const low = rounded(total.low);
  const high = isComplete(scope) ? rounded(total.high) : Number.POSITIVE_INFINITY;
  const text = low === high ? `${low} mg/d` : `≥ ${low} mg/d`;
  return {
    measure: { low, high, lowOpen: false, highOpen: false, unit: 'mg/d', text },
    findings,
    standIn: false,
  };
};

/** The sum of the opioids taken now; as-needed doses count at the most that is allowed. */
const equivalentsNow = (scope: Scope, rules: EquivalentRules): Derived => {
  const current = opioidsOf(scope, rules).filter((finding) => finding.current);
  const shares = current.map((finding) => shareOf(finding, rules, true));
  return derived(scope, totalOf(shares), current);
};

/** Whether a medicine was taken on a day: surely, maybe, or not. */
const isTakenOn = (
  finding: Finding,
  dayMs: number,
  prescriptionDays: number,
): 'yes' | 'maybe' | 'no' => {
  const { effective, until, current } = finding;
  if (effective && effective.startMs > dayMs) return 'no';
  const hasBegun = effective !== undefined && effective.endMs <= dayMs;
  if (until && until.endMs <= dayMs && !current) return 'no';
  if (current) return hasBegun ? 'yes' : 'maybe';
  if (!until && effective && isWithin(effective, dayMs, prescriptionDays) === 'notMet') return 'no';
  return until !== undefined && until.startMs > dayMs && hasBegun ? 'yes' : 'maybe';
};

/** The lowest daily sum throughout the last days: what was surely and what was possibly taken on every one of them. */
const equivalentsOver = (scope: Scope, rules: EquivalentRules, days: number): Derived => {
  const opioids = opioidsOf(scope, rules);
  const used = new Set<Finding>();
  let low = Number.POSITIVE_INFINITY;
  let high = Number.POSITIVE_INFINITY;
  for (let back = 0; back <= days; back += 1) {
    const dayMs = scope.nowMs - back * DAY_MS;
    const shares: Share[] = [];
    for (const finding of opioids) {
      const taken = isTakenOn(finding, dayMs, rules.prescriptionDays);
      if (taken === 'no') continue;
      used.add(finding);
      // What is allowed at most proves nothing about what was taken every day.
      shares.push(shareOf(finding, rules, taken === 'yes' && finding.dose?.isMaximum === false));
    }
    const total = totalOf(shares);
    low = Math.min(low, total.low);
    high = Math.min(high, total.high);
  }
  return derived(scope, { low, high }, [...used]);
};

/**
 * Morphine equivalents in milligrams a day. Unknown upwards (`high` infinite) as long as one opioid's dose is not
 * structured or medicines were not read in full; what is known counts in any case.
 * @param overDays - the lowest daily sum throughout that many days instead of the sum now
 */
export const morphineEquivalents = (
  scope: Scope,
  rules: EquivalentRules,
  overDays?: number,
): Derived =>
  overDays === undefined ? equivalentsNow(scope, rules) : equivalentsOver(scope, rules, overDays);
