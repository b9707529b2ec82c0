// MedicationRequest, MedicationStatement and Procedure -> findings. Must not judge treatments.
import type {
  CodeableConcept,
  Medication,
  MedicationRequest,
  MedicationStatement,
  Procedure,
} from 'fhir/r4.js';

import type { FhirDate } from '../finding.js';
import {
  addFinding,
  type Extractor,
  matchesOf,
  organisationOf,
  readDate,
  readPeriod,
} from './extractor.js';

const PLANNED_INTENT = new Set(['proposal', 'plan', 'option']);
const VOID_REQUEST = new Set(['entered-in-error', 'cancelled', 'draft']);
const VOID_STATEMENT = new Set(['entered-in-error', 'not-taken', 'intended']);

type Medications = ReadonlyMap<string, Medication>;

/** The medicine a request or statement names: inline, contained or referenced. */
const conceptOf = (
  resource: MedicationRequest | MedicationStatement,
  medications: Medications,
): CodeableConcept | undefined => {
  const reference = resource.medicationReference?.reference;
  if (resource.medicationCodeableConcept || reference === undefined)
    return resource.medicationCodeableConcept;
  if (!reference.startsWith('#')) return medications.get(reference)?.code;
  const contained = resource.contained?.find((inner) => `#${inner.id}` === reference);
  return contained?.resourceType === 'Medication' ? (contained as Medication).code : undefined;
};

const addMedication = (
  extractor: Extractor,
  concept: CodeableConcept | undefined,
  reference: string,
  current: boolean,
  effective: FhirDate | undefined,
): void => {
  const { vocabulary } = extractor.knowledge;
  const text = concept?.text ?? concept?.coding?.find((coding) => coding.display)?.display;
  // A reference that leads nowhere is said by the record's read state of Medication.
  if (concept && !text && !concept.coding?.some((coding) => coding.code)) {
    extractor.medicinesWithoutName += 1;
  }
  const coded = matchesOf(vocabulary, concept?.coding);
  const matches = coded.length > 0 || !text ? coded : vocabulary.findDrugWords(text);
  if (matches.length > 0)
    addFinding(extractor, { reference, source: 'medication', matches, current, effective });
};

/** A prescription; proposals, drafts and what must not be done are none. */
export const extractMedicationRequest = (
  extractor: Extractor,
  resource: MedicationRequest,
  reference: string,
  medications: Medications,
): void => {
  const { status } = resource;
  if (resource.doNotPerform || PLANNED_INTENT.has(resource.intent) || VOID_REQUEST.has(status))
    return;
  const isCurrent = status === 'active' || status === 'on-hold';
  addMedication(
    extractor,
    conceptOf(resource, medications),
    reference,
    isCurrent,
    readDate(extractor, resource.authoredOn),
  );
};

/** What somebody says is taken. */
export const extractMedicationStatement = (
  extractor: Extractor,
  resource: MedicationStatement,
  reference: string,
  medications: Medications,
): void => {
  if (VOID_STATEMENT.has(resource.status)) return;
  const effective =
    readDate(extractor, resource.effectiveDateTime) ??
    readPeriod(extractor, resource.effectivePeriod) ??
    readDate(extractor, resource.dateAsserted);
  addMedication(
    extractor,
    conceptOf(resource, medications),
    reference,
    resource.status === 'active',
    effective,
  );
};

/** A procedure that was or is being done. */
export const extractProcedure = (
  extractor: Extractor,
  resource: Procedure,
  reference: string,
): void => {
  if (resource.status !== 'completed' && resource.status !== 'in-progress') return;
  const matches = matchesOf(extractor.knowledge.vocabulary, resource.code?.coding);
  if (matches.length === 0) return;
  addFinding(extractor, {
    reference,
    source: 'procedure',
    matches,
    codings: resource.code?.coding,
    bodySite: resource.bodySite,
    effective:
      readDate(extractor, resource.performedDateTime) ??
      readPeriod(extractor, resource.performedPeriod),
    encounter: resource.encounter?.reference,
    organisation: organisationOf(
      ...(resource.performer ?? []).flatMap(({ onBehalfOf, actor }) => [onBehalfOf, actor]),
    ),
  });
};
