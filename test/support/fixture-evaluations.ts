// Every patient of fhir-fixtures evaluated in process at the demo moment. Test data only.
import type { FhirResource, Patient } from 'fhir/r4.js';
import type { CardTexts } from '../../src/cds/card-texts.js';
import { loadKnowledge } from '../../src/knowledge/load.js';
import { loadCardTexts } from '../../src/knowledge/load-texts.js';
import { evaluate } from '../../src/pain/evaluate.js';
import type { Evaluation } from '../../src/pain/evaluation.js';
import { type PatientRecord, RECORD_TYPES } from '../../src/pain/patient-record.js';
import { createSubjectTest } from '../../src/pain/subject.js';
import { loadFixtures } from '../../src/sandbox/load-fixtures.js';

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

const knowledge = loadKnowledge('cards');

/** The texts of `cards/` as loaded. */
export const fixtureTexts: CardTexts = loadCardTexts('cards', knowledge);

/** The record of each patient. */
export const fixtureRecords: ReadonlyMap<string, PatientRecord> = (() => {
  const all = loadFixtures('fhir-fixtures/patients');
  const patients = all.filter(
    (resource): resource is Patient => resource.resourceType === 'Patient',
  );
  return new Map(patients.map((patient) => [patient.id ?? '', recordOf(patient, all)]));
})();

/** All of them, in order of patient id. */
export const fixtureEvaluations: readonly FixtureEvaluation[] = [...fixtureRecords]
  .map(([patientId, record]) => ({
    patientId,
    evaluation: evaluate(record, knowledge, new Date('2026-11-22T10:00:00Z')),
  }))
  .sort((a, b) => (a.patientId < b.patientId ? -1 : 1));

/** The answer of one patient. */
export const evaluationOf = (patientId: string): Evaluation => {
  const found = fixtureEvaluations.find((fixture) => fixture.patientId === patientId);
  if (!found) throw new Error(`no fixture ${patientId}`);
  return found.evaluation;
};
