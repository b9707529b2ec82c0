// PatientRecord -> what safety checks know of the patient as a whole. Must not judge anything.
import { creatinineClearance } from './derived/creatinine-clearance.js';
import { gestationWeeks } from './derived/gestation-weeks.js';
import { morphineEquivalents } from './derived/morphine-equivalents.js';
import type { RedFlag } from './evaluation.js';
import { validDays } from './judge-findings.js';
import type { Knowledge } from './knowledge.js';
import type { InputType, PatientRecord } from './patient-record.js';
import type { DerivedNumbers, SafetyPatient } from './safety-check.js';
import type { Derived, RecordsRead, Scope } from './scope.js';

/** Inputs that together prove that nothing of a kind is recorded; a type the service did not ask for proves nothing. */
const PROOFS: Readonly<Record<keyof RecordsRead, readonly InputType[]>> = {
  condition: ['Condition'],
  medication: ['MedicationRequest', 'MedicationStatement'],
  procedure: ['Procedure'],
  report: ['DiagnosticReport'],
  allergy: ['AllergyIntolerance'],
};

/**
 * Which kinds of records were read in full and understood. A medicine that was referred to but not found leaves medicines open.
 * @param unusable - types of which something recorded could not be used
 */
export const recordsRead = (
  { inputs }: Pick<PatientRecord, 'inputs'>,
  unusable: ReadonlySet<InputType>,
): RecordsRead => {
  const whole = new Set<InputType>();
  const open = new Set<InputType>(unusable);
  for (const { type, state } of inputs)
    (state === 'read' || state === 'none-recorded' ? whole : open).add(type);
  const isWhole = (kind: keyof RecordsRead): boolean =>
    PROOFS[kind].every((type) => whole.has(type) && !open.has(type));
  return {
    condition: isWhole('condition'),
    medication: isWhole('medication') && !open.has('Medication'),
    procedure: isWhole('procedure'),
    report: isWhole('report'),
    allergy: isWhole('allergy'),
  };
};

/** A value computed when first asked for. */
const lazily = <T>(compute: () => T): (() => T) => {
  let known: { readonly value: T } | undefined;
  return () => {
    known ??= { value: compute() };
    return known.value;
  };
};

/** The derived numbers of a patient; every input as old as its own window allows for this patient (D-2). */
const derivedNumbers = (
  scope: Scope,
  { derived, safety }: Pick<Knowledge, 'derived' | 'safety'>,
): DerivedNumbers => {
  const days = (set: string): number => {
    const window = safety.freshness.get(set);
    return window ? validDays(window, scope) : 0;
  };
  const clearance = derived.creatinineClearance;
  const overDays = new Map<number | undefined, Derived | undefined>();
  return {
    creatinineClearance: lazily(() =>
      creatinineClearance(scope, clearance, {
        creatinine: days(clearance.creatinineSet),
        weight: days(clearance.weightSet),
        egfr: days(clearance.egfrSet),
      }),
    ),
    gestationWeeks: lazily(() => gestationWeeks(scope, derived.gestation)),
    morphineEquivalents: (span) => {
      if (!overDays.has(span))
        overDays.set(span, morphineEquivalents(scope, derived.morphineEquivalents, span));
      return overDays.get(span);
    },
  };
};

/**
 * Puts together what checks need.
 * @param patient - all findings of the patient, whatever pain they belong to
 */
export const safetyPatientOf = (
  read: RecordsRead,
  allergyRecorded: boolean,
  patient: Scope,
  openFlags: readonly RedFlag[],
  knowledge: Pick<Knowledge, 'derived' | 'safety'>,
): SafetyPatient => {
  const scope: Scope = { ...patient, absence: read };
  return { read, openFlags, allergyRecorded, derived: derivedNumbers(scope, knowledge) };
};
