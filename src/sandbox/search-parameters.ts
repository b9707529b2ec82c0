// The one table of what can be searched; search, index and CapabilityStatement all read it. Must not know requests.

import type { FhirResource } from 'fhir/r4.js';

/** The kinds of search parameter the sandbox has. `code` is a token on a plain code: it takes no system. */
export type ParameterKind = 'token' | 'code' | 'reference' | 'date' | 'string';

/** One search parameter of one resource type. */
export interface SearchParameter {
  readonly name: string;
  readonly kind: ParameterKind;
  /** Dotted element paths; a value at any of them counts. */
  readonly paths: readonly string[];
  /** Only references to this type count. */
  readonly target?: string;
}

const token = (name: string, ...paths: string[]) => make(name, 'token', paths);
const code = (name: string, ...paths: string[]) => make(name, 'code', paths);
const date = (name: string, ...paths: string[]) => make(name, 'date', paths);
const text = (name: string, ...paths: string[]) => make(name, 'string', paths);
const reference = (name: string, ...paths: string[]) => make(name, 'reference', paths);

function make(name: string, kind: ParameterKind, paths: readonly string[]): SearchParameter {
  return { name, kind, paths: paths.length > 0 ? paths : [name] };
}

function about(element: 'subject' | 'patient'): readonly SearchParameter[] {
  const patient: SearchParameter = { ...reference('patient', element), target: 'Patient' };
  return element === 'patient' ? [patient] : [patient, reference('subject')];
}

const everyType = [code('_id', 'id'), date('_lastUpdated', 'meta.lastUpdated')];
const encounter = reference('encounter');
const status = code('status');
const named = [
  text('name', 'name'),
  text('family', 'name.family'),
  text('given', 'name.given'),
  token('identifier'),
];
const effective = ['DateTime', 'Period', 'Instant', 'Timing.event'].map((x) => `effective${x}`);
const medication = [
  token('code', 'medicationCodeableConcept'),
  reference('medication', 'medicationReference'),
];

type ParameterTable = Partial<Record<FhirResource['resourceType'], readonly SearchParameter[]>>;

const table: ParameterTable = {
  AllergyIntolerance: [
    ...about('patient'),
    token('code', 'code', 'reaction.substance'),
    code('category'),
    token('clinical-status', 'clinicalStatus'),
    token('verification-status', 'verificationStatus'),
    date('date', 'recordedDate'),
  ],
  CarePlan: [...about('subject'), token('category'), status, encounter, date('date', 'period')],
  Condition: [
    ...about('subject'),
    token('code'),
    token('category'),
    token('clinical-status', 'clinicalStatus'),
    token('verification-status', 'verificationStatus'),
    encounter,
    date('onset-date', 'onsetDateTime', 'onsetPeriod'),
    date('recorded-date', 'recordedDate'),
  ],
  DiagnosticReport: [
    ...about('subject'),
    token('code'),
    token('category'),
    status,
    encounter,
    date('date', ...effective.slice(0, 2)),
  ],
  Encounter: [
    ...about('subject'),
    token('class'),
    token('type'),
    token('reason-code', 'reasonCode'),
    status,
    date('date', 'period'),
  ],
  FamilyMemberHistory: [...about('patient'), token('code', 'condition.code'), status, date('date')],
  ImagingStudy: [...about('subject'), status, encounter, date('started')],
  Immunization: [
    ...about('patient'),
    status,
    token('vaccine-code', 'vaccineCode'),
    date('date', 'occurrenceDateTime'),
  ],
  Medication: [token('code'), status],
  MedicationRequest: [
    ...about('subject'),
    ...medication,
    status,
    code('intent'),
    encounter,
    date('authoredon', 'authoredOn'),
  ],
  MedicationStatement: [
    ...about('subject'),
    ...medication,
    token('category'),
    status,
    date('effective', ...effective.slice(0, 2)),
  ],
  Observation: [
    ...about('subject'),
    token('code'),
    token('category'),
    status,
    encounter,
    date('date', ...effective),
  ],
  Organization: [text('name'), token('identifier')],
  Patient: [...named, code('gender'), date('birthdate', 'birthDate')],
  Practitioner: named,
  Procedure: [
    ...about('subject'),
    token('code'),
    token('category'),
    status,
    encounter,
    date('date', 'performedDateTime', 'performedPeriod'),
  ],
  QuestionnaireResponse: [...about('subject'), status, encounter, date('authored')],
  ServiceRequest: [
    ...about('subject'),
    token('code'),
    token('category'),
    status,
    encounter,
    date('authored', 'authoredOn'),
  ],
};

/** Resource type to its parameters; a type that is not here does not exist for the sandbox. */
export const searchParameters: ReadonlyMap<string, readonly SearchParameter[]> = new Map(
  Object.entries(table).map(([type, parameters]) => [type, [...everyType, ...parameters]]),
);

/** The parameter of a type by name; `undefined` when the sandbox has none of that name. */
export function findParameter(type: string, name: string): SearchParameter | undefined {
  return searchParameters.get(type)?.find((parameter) => parameter.name === name);
}

/** Says whether the sandbox has a resource type of this name. */
export function isSupportedType(type: string): type is FhirResource['resourceType'] {
  return searchParameters.has(type);
}
