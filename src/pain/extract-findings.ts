// FHIR R4 resources -> Finding[]: coded, dated, unit-converted facts; void data dropped. Must not know pains, criteria or categories.
import type { FhirResource, ImagingStudy, Medication } from 'fhir/r4.js';
import { extractAllergy } from './extract/allergies.js';
import { extractCondition, extractEncounter } from './extract/conditions.js';
import type { Extractor } from './extract/extractor.js';
import { extractImagingStudy, extractReport } from './extract/imaging.js';
import { extractMedicationRequest, extractMedicationStatement } from './extract/medicines.js';
import { newestEntry } from './extract/newest-entry.js';
import { extractObservation, extractQuestionnaire } from './extract/observations.js';
import { extractProcedure } from './extract/procedures.js';
import type { Finding } from './finding.js';
import type { ExtractionKnowledge } from './knowledge.js';
import type { InputType, PatientRecord } from './patient-record.js';

/** The findings of a record, with what could not be used and must be said. */
export interface Extraction {
  readonly findings: readonly Finding[];
  readonly futureDated: number;
  /** Types of which something recorded could not be used: what they do not say is not known to be absent. */
  readonly unusable: ReadonlySet<InputType>;
  readonly unreadableValues: readonly string[];
  /** Date of the newest entry of the record, as recorded; undefined without any. */
  readonly newestEntry: string | undefined;
  /** Current medicines that could not be recognised, in whole or in part. */
  readonly unrecognisedMedicines: number;
  /** Current drug allergies whose substance could not be recognised. */
  readonly unrecognisedAllergies: number;
  /** True when any allergy entry exists, "no known allergy" included: allergies were asked for. */
  readonly allergyRecorded: boolean;
}

interface Linked {
  readonly studies: ReadonlyMap<string, ImagingStudy>;
  readonly medications: ReadonlyMap<string, Medication>;
  readonly organisations: ReadonlyMap<string, string>;
}

const linkedOf = (resources: readonly FhirResource[]): Linked => {
  const studies = new Map<string, ImagingStudy>();
  const medications = new Map<string, Medication>();
  const organisations = new Map<string, string>();
  for (const resource of resources) {
    if (resource.resourceType === 'ImagingStudy')
      studies.set(`ImagingStudy/${resource.id}`, resource);
    else if (resource.resourceType === 'Medication')
      medications.set(`Medication/${resource.id}`, resource);
    else if (resource.resourceType === 'Encounter') {
      const organisation: unknown = resource.serviceProvider?.reference;
      if (typeof organisation === 'string')
        organisations.set(`Encounter/${resource.id}`, organisation);
    }
  }
  return { studies, medications, organisations };
};

const extract = (extractor: Extractor, resource: FhirResource, linked: Linked): void => {
  const reference = `${resource.resourceType}/${resource.id ?? ''}`;
  switch (resource.resourceType) {
    case 'Observation':
      extractObservation(extractor, resource, reference);
      break;
    case 'Condition':
      extractCondition(extractor, resource, reference);
      break;
    case 'Encounter':
      extractEncounter(extractor, resource, reference);
      break;
    case 'DiagnosticReport':
      extractReport(extractor, resource, reference, linked.studies);
      break;
    case 'ImagingStudy':
      extractImagingStudy(extractor, resource, reference);
      break;
    case 'Procedure':
      extractProcedure(extractor, resource, reference);
      break;
    case 'MedicationRequest':
      extractMedicationRequest(extractor, resource, reference, linked.medications);
      break;
    case 'MedicationStatement':
      extractMedicationStatement(extractor, resource, reference, linked.medications);
      break;
    case 'AllergyIntolerance':
      extractAllergy(extractor, resource, reference);
      break;
    case 'QuestionnaireResponse':
      extractQuestionnaire(extractor, resource, reference);
      break;
  }
};

/** The order of findings never depends on how the record was read; those of one resource stay as they were made. */
const byReference = (a: Finding, b: Finding): number =>
  a.reference < b.reference ? -1 : a.reference > b.reference ? 1 : 0;

/**
 * Extracts every fact the knowledge can use from a patient's record at a moment in time.
 * One pass over the resources; the cost of a resource does not depend on the number of rules.
 * @param nowMs - evaluation time, milliseconds since the epoch; what is dated later is left out and counted
 */
export const extractFindings = (
  record: PatientRecord,
  knowledge: ExtractionKnowledge,
  nowMs: number,
): Extraction => {
  const linked = linkedOf(record.resources);
  const extractor: Extractor = {
    knowledge,
    nowMs,
    findings: [],
    unreadableValues: [],
    recognised: new Map(),
    organisations: linked.organisations,
    unusable: new Set(),
    futureDated: 0,
    unrecognisedMedicines: 0,
    unrecognisedAllergies: 0,
    allergyRecorded: false,
  };
  for (const resource of record.resources) {
    try {
      extract(extractor, resource, linked);
    } catch (error) {
      // Resources are not validated one by one: one that is no R4 costs itself, not the answer, and is counted;
      // what it would have said stays unknown.
      if (!(error instanceof TypeError)) throw error;
      extractor.unusable.add(resource.resourceType as InputType);
      extractor.unreadableValues.push(`${resource.resourceType}/${String(resource.id)}`);
    }
  }
  extractor.findings.sort(byReference);
  const { findings, unreadableValues, futureDated, allergyRecorded } = extractor;
  const { unusable, unrecognisedMedicines, unrecognisedAllergies } = extractor;
  return {
    findings,
    unusable,
    unreadableValues,
    futureDated,
    allergyRecorded,
    unrecognisedMedicines,
    unrecognisedAllergies,
    newestEntry: newestEntry(record.resources, nowMs),
  };
};
