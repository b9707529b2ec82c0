// Generated records of which everything was read, and their answers. Must not know what is right.
import fc from 'fast-check';
import type { FhirResource } from 'fhir/r4.js';
import { evaluate } from '../../src/pain/evaluate.js';
import type { Evaluation } from '../../src/pain/evaluation.js';
import { type InputType, type PatientRecord, RECORD_TYPES } from '../../src/pain/patient-record.js';
import {
  LOINC,
  NOW,
  observation,
  order,
  quantity,
  RXNORM,
  realKnowledge,
  recordOf,
  SNOMED,
} from './findings.js';
import { anyResources } from './record-arbitraries.js';

/** Everything was read, but for what `failed` names. */
const recordRead = (
  resources: readonly FhirResource[],
  failed: readonly InputType[] = [],
): PatientRecord => ({
  ...recordOf(resources.filter(({ resourceType }) => !failed.includes(resourceType as InputType))),
  inputs: RECORD_TYPES.map((type) =>
    failed.includes(type) ? { type, state: 'failed', reason: 'http-500' } : { type, state: 'read' },
  ),
});
/** The answer for an adult of whom everything was read, but for what failed. */
export const answer = (
  resources: readonly FhirResource[],
  failed?: readonly InputType[],
): Evaluation => evaluate(recordRead(resources, failed), realKnowledge(), NOW);

/** An eGFR of 2026-11-20. */
export const kidney = (value: number) =>
  observation('egfr', LOINC, '98979-8', { valueQuantity: quantity(value, 'mL/min/{1.73_m2}') });
/** What most checks ask for: no known allergy, kidneys, blood pressure. */
const KNOWN: readonly FhirResource[] = [
  {
    resourceType: 'AllergyIntolerance',
    id: 'nka',
    patient: { reference: 'Patient/p' },
    code: { coding: [{ system: SNOMED, code: '716186003' }] },
  },
  kidney(90),
  observation('sbp', LOINC, '8480-6', { valueQuantity: quantity(120, 'mm[Hg]') }),
  observation('sodium', LOINC, '2951-2', { valueQuantity: quantity(140, 'mmol/L') }),
];
const medicine = fc
  .constantFrom('5640', '7052', '25480', '36437', '11289', '3322', '1191')
  .map((code) =>
    order(`rx-${code}`, { medicationCodeableConcept: { coding: [{ system: RXNORM, code }] } }),
  );
/** Records with pains, medicines and what most checks ask for. */
export const records = fc
  .tuple(anyResources, fc.uniqueArray(medicine, { maxLength: 3, selector: ({ id }) => id }))
  .map(([resources, medicines]): readonly FhirResource[] => [...resources, ...medicines, ...KNOWN]);
