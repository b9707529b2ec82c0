// Builders of small FHIR resources, records, findings and scopes for tests of the core. Must not know answers.

import { fileURLToPath } from 'node:url';
import type { Condition, FhirResource, MedicationRequest, Observation, Quantity } from 'fhir/r4.js';
import { loadKnowledge } from '../../src/knowledge/load.js';
import { parseFhirDate } from '../../src/pain/fhir-date.js';
import type { Finding, Measure } from '../../src/pain/finding.js';
import { indexFindings } from '../../src/pain/finding-index.js';
import type { Knowledge } from '../../src/pain/knowledge.js';
import type { PatientRecord } from '../../src/pain/patient-record.js';
import type { RecordsRead, Scope } from '../../src/pain/scope.js';
import type { CodeMatch } from '../../src/pain/terms.js';

export const CARDS = fileURLToPath(new URL('../../cards', import.meta.url));
/** The evaluation time of these tests. */
export const NOW = new Date('2026-11-22T10:00:00Z');
export const NOW_MS = NOW.getTime();
export const ICD10CM = 'http://hl7.org/fhir/sid/icd-10-cm';
export const SNOMED = 'http://snomed.info/sct';
export const LOINC = 'http://loinc.org';
export const LOCAL = 'https://pain-cds.example/fhir/CodeSystem/local';
export const RXNORM = 'http://www.nlm.nih.gov/research/umls/rxnorm';
const UCUM = 'http://unitsofmeasure.org';
const SUBJECT = { reference: 'Patient/p' };

let loaded: Knowledge | undefined;
/** The knowledge of cards/, loaded once for all tests. */
export const realKnowledge = (): Knowledge => {
  loaded ??= loadKnowledge(CARDS);
  return loaded;
};

/** A coded status of a Condition. */
export const status = (code: string) => ({ coding: [{ code }] });

/** An active, confirmed Condition unless `more` says otherwise. */
export const condition = (
  id: string,
  system: string,
  code: string,
  more: Partial<Condition> = {},
): Condition => ({
  resourceType: 'Condition',
  id,
  subject: SUBJECT,
  code: { coding: [{ system, code }] },
  clinicalStatus: status('active'),
  verificationStatus: status('confirmed'),
  ...more,
});

/** A final Observation of 2026-11-20 unless `more` says otherwise. */
export const observation = (
  id: string,
  system: string,
  code: string,
  more: Partial<Observation> = {},
): Observation => ({
  resourceType: 'Observation',
  id,
  status: 'final',
  subject: SUBJECT,
  code: { coding: [{ system, code }] },
  effectiveDateTime: '2026-11-20T09:00:00Z',
  ...more,
});

/** A UCUM quantity with the same unit as text and as code. */
export const quantity = (value: number, unit: string): Quantity => ({
  value,
  unit,
  code: unit,
  system: UCUM,
});

/** A pain score 0 to 10. */
export const painScore = (id: string, value: number, more: Partial<Observation> = {}) =>
  observation(id, LOINC, '72514-3', { valueQuantity: quantity(value, '{score}'), ...more });

/** An active order unless `more` says otherwise. */
export const order = (id: string, more: Partial<MedicationRequest> = {}): MedicationRequest => ({
  resourceType: 'MedicationRequest',
  id,
  status: 'active',
  intent: 'order',
  subject: SUBJECT,
  medicationCodeableConcept: { coding: [{ system: RXNORM, code: '5640' }] },
  authoredOn: '2026-11-01',
  ...more,
});

/** The record of an adult with these resources, everything read. */
export const recordOf = (resources: readonly FhirResource[]): PatientRecord => ({
  patientId: 'p',
  patient: { resourceType: 'Patient', id: 'p', birthDate: '1970-05-05', gender: 'female' },
  resources,
  inputs: [],
  foreignCount: 0,
});

/** A code-set row. */
export const match = (set: string, more: Partial<CodeMatch> = {}): CodeMatch => ({
  set,
  display: set,
  regions: [],
  ...more,
});

/** A current, coded Condition finding of one set unless `more` says otherwise. */
export const finding = (set: string, more: Partial<Finding> = {}): Finding => ({
  reference: `Condition/${set}`,
  source: 'condition',
  matches: [match(set)],
  label: set,
  labelFromChart: false,
  presence: 'present',
  current: true,
  verification: 'unstated',
  basis: 'coded',
  regions: [],
  siteRecorded: false,
  onset: undefined,
  effective: undefined,
  measure: undefined,
  flag: undefined,
  side: undefined,
  encounter: undefined,
  until: undefined,
  dose: undefined,
  route: undefined,
  allergy: undefined,
  stopReason: undefined,
  organisation: undefined,
  ...more,
});

/** The date as a finding carries it. */
export const on = (text: string) => {
  const date = parseFhirDate(text);
  if (!date) throw new Error(`${text} is no FHIR date`);
  return date;
};

/** A measure; one number unless `high` differs. */
export const measure = (low: number, high = low, open: Partial<Measure> = {}): Measure => ({
  low,
  high,
  lowOpen: false,
  highOpen: false,
  unit: '1',
  text: `${low}`,
  ...open,
});

/** Everything was read: finding nothing means that there is nothing. */
export const ALL_READ: RecordsRead = {
  condition: true,
  medication: true,
  procedure: true,
  report: true,
  allergy: true,
};

/** A scope over findings, with what `more` adds. */
export const scopeOf = (findings: readonly Finding[], more: Partial<Scope> = {}): Scope => {
  const index = indexFindings(findings);
  return { nowMs: NOW_MS, findings: index, allFindings: index, absence: 'unknown', ...more };
};

/** The fields of an object that say something. */
export const known = <T extends object>(value: T | undefined): Partial<T> =>
  Object.fromEntries(
    Object.entries(value ?? {}).filter(([, field]) => field !== undefined),
  ) as Partial<T>;
