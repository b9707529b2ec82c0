// Structured dosing -> the dose a day, three ways out: an amount, the most that is allowed, or not told. Must not judge doses.

import type { Dosage, Quantity, Ratio } from 'fhir/r4.js';
import type { DailyDose } from '../finding.js';
import type { MedicineIngredient, MedicineRules } from '../medicine.js';
import { DAYS_PER_UNIT } from './days-per-unit.js';

/** Something taken: so many milligrams, micrograms an hour, pieces or millilitres. */
interface Amount {
  readonly value: number;
  readonly kind: 'mg' | 'ug/h' | 'piece' | 'mL';
  readonly isMaximum: boolean;
}

const positive = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : undefined;

const rounded = (value: number): number => Number(value.toPrecision(12));

/** A quantity in a kind that can be counted; undefined for an unknown unit, or where unit and code contradict each other. */
const amountOf = (
  quantity: Quantity | undefined,
  isMaximum: boolean,
  rules: MedicineRules,
): Amount | undefined => {
  const value = positive(quantity?.value);
  if (quantity === undefined || value === undefined || quantity.comparator) return undefined;
  const read = (unit: string | undefined): Amount | undefined => {
    if (unit === undefined) return undefined;
    const mass = rules.massUnits.get(unit);
    if (mass !== undefined) return { value: rounded(value * mass), kind: 'mg', isMaximum };
    const rate = rules.rateUnits.get(unit);
    if (rate !== undefined) return { value: rounded(value * rate), kind: 'ug/h', isMaximum };
    const volume = rules.volumeUnits.get(unit);
    if (volume !== undefined) return { value: rounded(value * volume), kind: 'mL', isMaximum };
    return rules.pieceUnits.has(unit) ? { value, kind: 'piece', isMaximum } : undefined;
  };
  const { code, unit } = quantity;
  if (code === undefined && unit === undefined) return undefined;
  const byCode = read(code);
  const byText = read(unit);
  if (code !== undefined && byCode === undefined) return undefined;
  if (byCode && byText && (byCode.kind !== byText.kind || byCode.value !== byText.value))
    return undefined;
  return byCode ?? byText;
};

const periodInDays = (value: unknown, unit: string | undefined): number | undefined => {
  const count = positive(value);
  const days = DAYS_PER_UNIT.get(unit ?? '');
  return count === undefined || days === undefined ? undefined : count * days;
};

interface Frequency {
  readonly perDay: number;
  readonly isMaximum: boolean;
}

/** How often a day, the most where a range is given. */
const frequencyOf = ({ timing }: Dosage, rules: MedicineRules): Frequency | undefined => {
  const repeat = timing?.repeat;
  const period = periodInDays(repeat?.period, repeat?.periodUnit);
  const most = positive(repeat?.frequencyMax) ?? positive(repeat?.frequency);
  if (repeat && period !== undefined) {
    const count = most ?? positive(repeat.timeOfDay?.length ?? repeat.when?.length) ?? 1;
    const isMaximum =
      repeat.frequencyMax !== undefined ||
      repeat.periodMax !== undefined ||
      (repeat.dayOfWeek?.length ?? 0) > 0;
    return { perDay: count / period, isMaximum };
  }
  if (repeat?.period !== undefined) return undefined;
  const times = positive(repeat?.timeOfDay?.length) ?? positive(repeat?.when?.length);
  if (times !== undefined) return { perDay: times, isMaximum: false };
  for (const { code } of timing?.code?.coding ?? []) {
    const perDay = code === undefined ? undefined : rules.timings.get(code);
    if (perDay !== undefined) return { perDay, isMaximum: false };
  }
  return undefined;
};

/** The dose at a time; of a range or of several rates the highest. */
const doseOf = ({ doseAndRate }: Dosage, rules: MedicineRules): Amount | undefined => {
  let highest: Amount | undefined;
  for (const { doseQuantity, doseRange, rateQuantity, rateRange } of doseAndRate ?? []) {
    const amount =
      amountOf(doseQuantity, false, rules) ??
      amountOf(doseRange?.high, true, rules) ??
      amountOf(rateQuantity, false, rules) ??
      amountOf(rateRange?.high, true, rules);
    if (!amount || (highest && highest.kind !== amount.kind)) return undefined;
    if (!highest) highest = amount;
    else if (highest.value !== amount.value)
      highest = { ...(amount.value > highest.value ? amount : highest), isMaximum: true };
  }
  return highest;
};

/** The most allowed a day as the record says it. */
const ceilingOf = (ratio: Ratio | undefined, rules: MedicineRules): Amount | undefined => {
  const amount = amountOf(ratio?.numerator, true, rules);
  const days = periodInDays(
    ratio?.denominator?.value,
    ratio?.denominator?.code ?? ratio?.denominator?.unit,
  );
  return amount && days !== undefined ? { ...amount, value: amount.value / days } : undefined;
};

/** What is taken a day, before pieces are turned into milligrams. */
const perDayOf = (dosage: Dosage, rules: MedicineRules): Amount | undefined => {
  const dose = doseOf(dosage, rules);
  const ceiling = ceilingOf(dosage.maxDosePerPeriod, rules);
  const isAsNeeded =
    dosage.asNeededBoolean === true || dosage.asNeededCodeableConcept !== undefined;
  if (dose?.kind === 'ug/h') return dose;
  const frequency = frequencyOf(dosage, rules);
  if (!dose || !frequency) return ceiling;
  const taken: Amount = {
    value: dose.value * frequency.perDay,
    kind: dose.kind,
    isMaximum: dose.isMaximum || frequency.isMaximum || isAsNeeded,
  };
  return ceiling && ceiling.kind === taken.kind && ceiling.value < taken.value ? ceiling : taken;
};

/** Concurrent instructions are often numbered too: numbers count as steps only where each says when it ends. */
const isTaper = (dosages: readonly Dosage[]): boolean =>
  dosages.length > 1 &&
  dosages.every(({ timing }) => {
    const repeat = timing?.repeat;
    return repeat?.boundsPeriod !== undefined || repeat?.boundsDuration !== undefined;
  });

/** Instructions of one step add up; of several steps (a taper) the highest counts. */
const totalOf = (dosages: readonly Dosage[], rules: MedicineRules): Amount | undefined => {
  const [only] = dosages;
  if (only && dosages.length === 1) return perDayOf(only, rules);
  const steps = new Map<number, Amount>();
  const inSteps = isTaper(dosages);
  for (const [at, dosage] of dosages.entries()) {
    const amount = perDayOf(dosage, rules);
    if (!amount) return undefined;
    const step = inSteps ? (dosage.sequence ?? at) : 0;
    const before = steps.get(step);
    if (before && before.kind !== amount.kind) return undefined;
    steps.set(step, {
      value: (before?.value ?? 0) + amount.value,
      kind: amount.kind,
      isMaximum: amount.isMaximum || before?.isMaximum === true,
    });
  }
  const [first, ...others] = [...steps.values()].sort((a, b) => b.value - a.value);
  if (!first || others.some(({ kind }) => kind !== first.kind)) return undefined;
  return others.length > 0 ? { ...first, isMaximum: true } : first;
};

/**
 * The daily dose of one ingredient.
 * @param isOnly - true when the medicine has no other ingredient: then an amount in milligrams is this one's
 */
export const dailyDose = (
  dosages: readonly Dosage[] | undefined,
  ingredient: MedicineIngredient,
  isOnly: boolean,
  strengthFromRecord: MedicineIngredient['strength'],
  rules: MedicineRules,
): DailyDose | undefined => {
  if (!dosages || dosages.length === 0) return undefined;
  const total = totalOf(dosages, rules);
  if (!total) return undefined;
  const { kind, isMaximum } = total;
  const strength = strengthFromRecord ?? ingredient.strength;
  const strengthFromName = strengthFromRecord === undefined;
  if (kind === 'mg' || kind === 'ug/h') {
    if (!isOnly) return undefined;
    return { perDay: rounded(total.value), unit: kind, isMaximum, strengthFromName: false };
  }
  if (!strength || strength.per !== kind) return undefined;
  if (strength.unit === 'ug/h') {
    // A patch releases by the hour, however often it is changed: what counts is how many are worn at a time.
    const worn = Math.max(...dosages.map((dosage) => doseOf(dosage, rules)?.value ?? 1));
    return { perDay: rounded(worn * strength.amount), unit: 'ug/h', isMaximum, strengthFromName };
  }
  return {
    perDay: rounded(total.value * strength.amount),
    unit: 'mg',
    isMaximum,
    strengthFromName,
  };
};
