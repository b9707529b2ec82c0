// Orders being written -> what they order, by the vocabulary that reads the record. Must not judge them.
import type {
  Coding,
  FhirResource,
  MedicationRequest,
  Procedure,
  ServiceRequest,
} from 'fhir/r4.js';
import { matchesOf } from './extract/extractor.js';
import { extractFindings } from './extract-findings.js';
import type { Finding } from './finding.js';
import type { ExtractionKnowledge } from './knowledge.js';
import type { OrderedTreatment, OrderKnowledge } from './order-knowledge.js';
import type { DraftResource, PatientRecord } from './patient-record.js';

/** One order with what it orders. */
export interface DraftOrder {
  /** `Type/id`. */
  readonly reference: string;
  readonly isSelected: boolean;
  readonly label: string;
  readonly labelFromChart: boolean;
  /** Classes it belongs to; empty for what no class of orders knows. */
  readonly treatments: readonly OrderedTreatment[];
  /** What the record would hold if it were carried out. */
  readonly findings: readonly Finding[];
  /** References of the diagnoses it is for. */
  readonly reasons: readonly string[];
  /** True when it states a reason in any form. */
  readonly hasReason: boolean;
  /** Code sets its coded reasons are in. */
  readonly reasonSets: ReadonlySet<string>;
  /** The prescription it replaces. */
  readonly replaces: string | undefined;
  /** Id of the line of guidance whose suggestion it is. */
  readonly advice: string | undefined;
  /** True for a medicine that could not be recognised, in whole or in part. */
  readonly isUnrecognised: boolean;
}

/** A drafted medicine read as if it were taken, so that one vocabulary recognises both. */
const asTaken = ({ authoredOn: _, ...rest }: MedicationRequest): MedicationRequest => ({
  ...rest,
  status: 'active',
  intent: 'order',
});

/** A drafted procedure read as if it were under way. */
const asDone = ({ id, code, bodySite, subject }: ServiceRequest): Procedure => ({
  resourceType: 'Procedure',
  ...(id !== undefined && { id }),
  ...(code && { code }),
  ...(bodySite && { bodySite }),
  subject,
  status: 'in-progress',
});

const textOf = (resource: DraftResource['resource']): string | undefined => {
  const concept =
    resource.resourceType === 'MedicationRequest'
      ? resource.medicationCodeableConcept
      : resource.code;
  const codings: unknown = concept?.coding;
  const coded = Array.isArray(codings)
    ? codings.find((one: Coding | null) => typeof one?.display === 'string')
    : undefined;
  const display: unknown = coded?.display;
  const referenced =
    resource.resourceType === 'MedicationRequest'
      ? resource.medicationReference?.display
      : undefined;
  const text: unknown = concept?.text ?? display ?? referenced;
  return typeof text === 'string' && text.trim() !== '' ? text : undefined;
};

const treatmentsOf = (
  findings: readonly Finding[],
  { bySet }: OrderKnowledge,
): readonly OrderedTreatment[] => {
  const found = new Map<string, OrderedTreatment>();
  for (const { matches } of findings) {
    const own = new Map<string, OrderedTreatment>();
    for (const { set } of matches) {
      for (const one of bySet.get(set) ?? []) {
        // A named agent says more than its class.
        if (one.isAgent || !own.has(one.treatment)) own.set(one.treatment, one);
      }
    }
    for (const one of own.values()) found.set(one.plan, one);
  }
  return [...found.values()];
};

const strings = (values: readonly unknown[]): string[] =>
  values.filter((value): value is string => typeof value === 'string');

const orderOf = (
  draft: DraftResource,
  medications: readonly FhirResource[],
  nowMs: number,
  extraction: ExtractionKnowledge,
  knowledge: OrderKnowledge,
): DraftOrder => {
  const { resource, reference, isSelected } = draft;
  const isMedicine = resource.resourceType === 'MedicationRequest';
  const read = extractFindings(
    {
      patientId: '',
      resources: [isMedicine ? asTaken(resource) : asDone(resource), ...medications],
      inputs: [],
      foreignCount: 0,
    },
    extraction,
    nowMs,
  );
  const findings = read.findings.map((finding) => ({ ...finding, reference }));
  const text = textOf(resource);
  const { reasonReference, reasonCode } = resource;
  const isBlank = findings.length === 0 && read.unreadableValues.length > 0;
  const prior: unknown = isMedicine ? resource.priorPrescription?.reference : undefined;
  return {
    reference,
    isSelected,
    label: text ?? [...new Set(findings.map(({ label }) => label))].join(' + '),
    labelFromChart: text !== undefined,
    treatments: treatmentsOf(findings, knowledge),
    findings,
    reasons: Array.isArray(reasonReference)
      ? strings(reasonReference.map((one) => one?.reference))
      : [],
    reasonSets: new Set(
      (Array.isArray(reasonCode) ? reasonCode : [])
        .flatMap((reason) =>
          matchesOf(
            extraction.vocabulary,
            Array.isArray(reason?.coding) ? reason.coding.filter((one) => one) : [],
          ),
        )
        .map(({ set }) => set),
    ),
    hasReason:
      (Array.isArray(reasonReference) && reasonReference.length > 0) ||
      (Array.isArray(reasonCode) && reasonCode.length > 0),
    replaces: typeof prior === 'string' ? prior : undefined,
    advice: draft.advice,
    isUnrecognised:
      isMedicine &&
      (isBlank || read.unrecognisedMedicines > 0 || namesNothing(resource, findings, medications)),
  };
};

/** A medicine named only by a reference to what did not come along gives neither findings nor a count. */
const namesNothing = (
  { medicationCodeableConcept, medicationReference }: MedicationRequest,
  findings: readonly Finding[],
  medications: readonly FhirResource[],
): boolean => {
  const target: unknown = medicationReference?.reference;
  if (findings.length > 0 || medicationCodeableConcept || typeof target !== 'string') return false;
  if (target.startsWith('#')) return false;
  return !medications.some(({ resourceType, id }) => `${resourceType}/${id}` === target);
};

/** Reads the drafts of a record, in the order they came. */
export const readDraftOrders = (
  { draftOrders, resources }: PatientRecord,
  nowMs: number,
  extraction: ExtractionKnowledge,
  knowledge: OrderKnowledge,
): readonly DraftOrder[] => {
  if (!draftOrders) return [];
  const medications = resources.filter(({ resourceType }) => resourceType === 'Medication');
  return draftOrders.drafts.map((draft) =>
    orderOf(draft, medications, nowMs, extraction, knowledge),
  );
};
