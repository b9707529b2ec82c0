// What a re-run of an evaluation needs of a patient's record, and nothing that names a person. Must not know a database.
import type { FhirResource, Patient } from 'fhir/r4.js';
import type { DraftResource, PatientRecord } from '../pain/patient-record.js';

/** Elements no rule reads and that may name or describe a person. */
const DROPPED: ReadonlySet<string> = new Set([
  'note',
  'identifier',
  'extension',
  'modifierExtension',
  'fhir_comments',
  'recorder',
  'asserter',
  'participant',
  'location',
  'contact',
  'telecom',
  'address',
  'photo',
  'name',
  'presentedForm',
  'conclusion',
  'comment',
]);

const pruned = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(pruned);
  if (typeof value !== 'object' || value === null) return value;
  const source = value as Record<string, unknown>;
  const isReference = typeof source.reference === 'string';
  const kept: Record<string, unknown> = {};
  for (const key of Object.keys(source)) {
    if (DROPPED.has(key)) continue;
    const item = source[key];
    if (key === 'display' && isReference) continue;
    // A Narrative; the `text` of a CodeableConcept is a string and is read.
    if (key === 'text' && typeof item === 'object') continue;
    kept[key] = pruned(item);
  }
  return kept;
};

const withoutPerson = ({
  id,
  birthDate,
  gender,
  deceasedBoolean,
  deceasedDateTime,
}: Patient): Patient => ({
  resourceType: 'Patient',
  ...(id !== undefined && { id }),
  ...(birthDate !== undefined && { birthDate }),
  ...(gender !== undefined && { gender }),
  ...(deceasedBoolean !== undefined && { deceasedBoolean }),
  ...(deceasedDateTime !== undefined && { deceasedDateTime }),
});

/** The record without narrative, notes, names, addresses and identifiers. Its evaluation is the same. */
export const toSnapshot = (record: PatientRecord): PatientRecord => ({
  ...record,
  ...(record.patient && { patient: withoutPerson(record.patient) }),
  resources: record.resources.map((resource) => pruned(resource) as FhirResource),
  ...(record.draftOrders && {
    draftOrders: {
      ...record.draftOrders,
      drafts: record.draftOrders.drafts.map((draft) => ({
        ...draft,
        resource: pruned(draft.resource) as DraftResource['resource'],
      })),
    },
  }),
});
