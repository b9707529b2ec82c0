// What is known of one patient and how each part of it was read. Must not know where the data came from.
import type { FhirResource, MedicationRequest, Patient, ServiceRequest } from 'fhir/r4.js';

/** FHIR resource types the clinical core reads. */
export type InputType =
  | 'Patient'
  | 'Condition'
  | 'Observation'
  | 'DiagnosticReport'
  | 'ImagingStudy'
  | 'MedicationRequest'
  | 'MedicationStatement'
  | 'Medication'
  | 'AllergyIntolerance'
  | 'Procedure'
  | 'Encounter'
  | 'QuestionnaireResponse';

/** The types a whole record consists of, in the order they are reported. `Medication` comes along with others only. */
export const RECORD_TYPES: readonly InputType[] = [
  'Patient',
  'Condition',
  'Observation',
  'DiagnosticReport',
  'ImagingStudy',
  'MedicationRequest',
  'MedicationStatement',
  'AllergyIntolerance',
  'Procedure',
  'Encounter',
  'QuestionnaireResponse',
];

/**
 * How one input ended. The five never blur: `none-recorded` is a readable empty answer,
 * `failed` says why nothing was read, `truncated` says that more exists than was read.
 */
export type ReadState = 'read' | 'none-recorded' | 'failed' | 'truncated' | 'not-asked';

/** The read state of one input with its reason, for example `http-403`, `timeout`, `no-fhir-access`, `page-limit`. */
export interface InputRead {
  readonly type: InputType;
  readonly state: ReadState;
  /** Present for `failed` and `truncated`. */
  readonly reason?: string;
}

/** One order that is being written. */
export interface DraftResource {
  readonly resource: MedicationRequest | ServiceRequest;
  /** `Type/id`, or the entry's `fullUrl` where it has no id. */
  readonly reference: string;
  /** Whether the call is about it: every draft when signing, else those just selected. */
  readonly isSelected: boolean;
  /** Id of the line of guidance whose accepted suggestion it is. */
  readonly advice?: string;
}

/** The orders that are being written, each proven to be about the patient. */
export interface DraftOrders {
  readonly drafts: readonly DraftResource[];
  /** Selected orders that could not be used: of another or no patient, or not to be interpreted as they stand. */
  readonly unusable: number;
}

/** One patient's resources. Every resource in it is proven to be about `patientId`. */
export interface PatientRecord {
  readonly patientId: string;
  readonly patient?: Patient;
  /** All resources about the patient except the Patient itself, plus Medication resources they refer to; any order. */
  readonly resources: readonly FhirResource[];
  /** One entry for each input type of the service, in a stable order. */
  readonly inputs: readonly InputRead[];
  /** Resources left out because they were not proven to be about this patient. */
  readonly foreignCount: number;
  /** For a call about orders only. */
  readonly draftOrders?: DraftOrders;
}
