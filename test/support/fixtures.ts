// The patients of fhir-fixtures as records, each evaluated in process at the demo moment when asked for. Test data only.
import type { FhirResource, Patient } from 'fhir/r4.js';
import { evaluate } from '../../src/pain/evaluate.js';
import type { Evaluation } from '../../src/pain/evaluation.js';
import { type PatientRecord, RECORD_TYPES } from '../../src/pain/patient-record.js';
import { createSubjectTest } from '../../src/pain/subject.js';
import { loadFixtures } from '../../src/sandbox/load-fixtures.js';
import { realKnowledge } from './findings.js';

/** A fixture patient with the answer. */
export interface FixtureEvaluation {
  readonly patientId: string;
  readonly evaluation: Evaluation;
}

const recordOf = (patient: Patient, all: readonly FhirResource[]): PatientRecord => {
  const patientId = patient.id ?? '';
  const isAbout = createSubjectTest(patientId);
  return {
    patientId,
    patient,
    resources: all.filter((resource) => resource.resourceType !== 'Patient' && isAbout(resource)),
    inputs: RECORD_TYPES.map((type) => ({ type, state: 'read' })),
    foreignCount: 0,
  };
};

/** The record of each patient. */
export const fixtureRecords: ReadonlyMap<string, PatientRecord> = (() => {
  const all = loadFixtures('fhir-fixtures/patients');
  const patients = all.filter(
    (resource): resource is Patient => resource.resourceType === 'Patient',
  );
  return new Map(patients.map((patient) => [patient.id ?? '', recordOf(patient, all)]));
})();

const DEMO = new Date('2026-11-22T10:00:00Z');

/** The answer of one patient, evaluated when asked for. */
export const evaluationOf = (patientId: string): Evaluation => {
  const record = fixtureRecords.get(patientId);
  if (!record) throw new Error(`no fixture ${patientId}`);
  return evaluate(record, realKnowledge(), DEMO);
};

/** Evaluates all of them, in order of patient id. */
export const evaluateFixtures = (): readonly FixtureEvaluation[] =>
  [...fixtureRecords.keys()].sort().map((patientId) => ({
    patientId,
    evaluation: evaluationOf(patientId),
  }));
