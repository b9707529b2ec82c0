// Expands the shorthand of a clinical case into FHIR R4 resources and a PatientRecord; must not know criteria or answers.
import type {
  AllergyIntolerance,
  CodeableConcept,
  Coding,
  Condition,
  DiagnosticReport,
  Encounter,
  FhirResource,
  ImagingStudy,
  MedicationRequest,
  Observation,
  ObservationComponent,
  Patient,
  Procedure,
  Quantity,
} from 'fhir/r4.js';
import type {
  InputRead,
  InputType,
  PatientRecord,
  ReadState,
} from '../../src/pain/patient-record.js';

/** The fields of one shorthand entry, as read from YAML. */
export type Fields = Readonly<Record<string, unknown>>;
/** One entry of `record`: a single key naming the kind of resource. */
export type Entry = Readonly<Record<string, Fields>>;

const PATIENT_ID = 'case-patient';
const UCUM = 'http://unitsofmeasure.org';
const TERMINOLOGY = 'http://terminology.hl7.org/CodeSystem';
const SYSTEMS: Readonly<Record<string, string>> = {
  'ICD-10-CM': 'http://hl7.org/fhir/sid/icd-10-cm',
  'ICD-10': 'http://hl7.org/fhir/sid/icd-10',
  'ICD-10-GM': 'http://fhir.de/CodeSystem/bfarm/icd-10-gm',
  'ICD-11': 'http://id.who.int/icd/release/11/mms',
  SNOMED: 'http://snomed.info/sct',
  LOINC: 'http://loinc.org',
  RxNorm: 'http://www.nlm.nih.gov/research/umls/rxnorm',
  ATC: 'http://www.whocc.no/atc',
  DICOM: 'http://dicom.nema.org/resources/ontology/DCM',
  LOCAL: 'https://pain-cds.example/fhir/CodeSystem/local',
};
const INPUT_TYPES: readonly InputType[] = [
  'Patient',
  'Condition',
  'Observation',
  'DiagnosticReport',
  'ImagingStudy',
  'MedicationRequest',
  'MedicationStatement',
  'Medication',
  'AllergyIntolerance',
  'Procedure',
  'Encounter',
  'QuestionnaireResponse',
];

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const listOf = (value: unknown): readonly unknown[] =>
  value === undefined || value === null ? [] : Array.isArray(value) ? value : [value];
const textOf = (value: unknown): string | undefined =>
  value === undefined || value === null ? undefined : String(value);
const numberOf = (value: unknown): number | undefined =>
  typeof value === 'number' ? value : undefined;
const required = (value: string | undefined, what: string): string => {
  if (value === undefined) throw new Error(`the case lacks ${what}`);
  return value;
};
const isFhirResource = (value: unknown): value is FhirResource =>
  isFields(value) && typeof value.resourceType === 'string';

/** `SYSTEM code`, a system URI and a code, or `BARE code` for a code without a system. */
const coding = (text: string): Coding | undefined => {
  const match = /^(\S+) (\S+)$/.exec(text.trim());
  const [system, code] = [match?.[1], match?.[2]];
  if (!system || !code) return undefined;
  if (system === 'BARE') return { code };
  const uri = SYSTEMS[system] ?? (system.includes(':') ? system : undefined);
  return uri ? { system: uri, code } : undefined;
};

/** A code, several codes, words, or `code | words`, as a concept. */
export const conceptOf = (value: unknown): CodeableConcept => {
  const codings: Coding[] = [];
  const words: string[] = [];
  for (const part of listOf(value).flatMap((v) => String(v).split('|'))) {
    const code = coding(part);
    if (code) codings.push(code);
    else words.push(part.trim());
  }
  return {
    ...(codings.length > 0 && { coding: codings }),
    ...(words.length > 0 && { text: words.join(' ') }),
  };
};
const status = (system: string, code: string): CodeableConcept => ({
  coding: [{ system: `${TERMINOLOGY}/${system}`, code }],
});
const subject = { reference: `Patient/${PATIENT_ID}` };
const encounterOf = (f: Fields) =>
  f.encounter === undefined ? {} : { encounter: { reference: `Encounter/${String(f.encounter)}` } };

/** Absent: confirmed and active; `null`: the element is left out. */
const condition = (f: Fields, id: string): Condition => {
  const clinical = f.clinical === undefined ? 'active' : textOf(f.clinical);
  const verification = f.verification === undefined ? 'confirmed' : textOf(f.verification);
  const onset = textOf(f.onset);
  const abatement = textOf(f.abatement);
  const recordedDate = textOf(f.recorded);
  const words = f.text === undefined ? [] : [f.text];
  return {
    resourceType: 'Condition',
    id,
    subject,
    code: conceptOf([...listOf(f.code), ...words]),
    ...(clinical !== undefined && { clinicalStatus: status('condition-clinical', clinical) }),
    ...(verification !== undefined && {
      verificationStatus: status('condition-ver-status', verification),
    }),
    ...(onset !== undefined && { onsetDateTime: onset }),
    ...(abatement !== undefined && { abatementDateTime: abatement }),
    ...(recordedDate !== undefined && { recordedDate }),
    ...(f.bodySite !== undefined && { bodySite: listOf(f.bodySite).map((s) => conceptOf(s)) }),
    ...encounterOf(f),
  };
};

/** `unit` as text, or `{ unit, code, system }` to say exactly what is recorded; `score` is a value in `{score}`. */
const quantity = (value: number, f: Fields): Quantity => {
  const comparator = textOf(f.comparator);
  const isComparator = (c: string): c is '<' | '<=' | '>=' | '>' =>
    ['<', '<=', '>=', '>'].includes(c);
  const bounds = comparator !== undefined && isComparator(comparator) ? { comparator } : {};
  if (isFields(f.unit)) {
    const { unit, code, system } = f.unit;
    return {
      value,
      ...bounds,
      ...(unit !== undefined && { unit: String(unit) }),
      ...(code !== undefined && { code: String(code), system: textOf(system) ?? UCUM }),
    };
  }
  const unit = f.score === undefined ? textOf(f.unit) : '{score}';
  return { value, ...bounds, ...(unit !== undefined && { unit, code: unit, system: UCUM }) };
};

const resultValue = (f: Fields): Partial<ObservationComponent> => {
  const value = numberOf(f.score) ?? numberOf(f.value);
  const integer = numberOf(f.integer);
  const absent = textOf(f.absent);
  const flag = textOf(f.interpretation);
  const [low, high] = listOf(f.range).map(numberOf);
  return {
    ...(value !== undefined && { valueQuantity: quantity(value, f) }),
    ...(integer !== undefined && { valueInteger: integer }),
    ...(f.string !== undefined && { valueString: String(f.string) }),
    ...(typeof f.boolean === 'boolean' && { valueBoolean: f.boolean }),
    ...(f.valueCode !== undefined && { valueCodeableConcept: conceptOf(f.valueCode) }),
    ...(absent !== undefined && { dataAbsentReason: status('data-absent-reason', absent) }),
    ...(flag !== undefined && { interpretation: [status('v3-ObservationInterpretation', flag)] }),
    ...((low !== undefined || high !== undefined) && {
      referenceRange: [
        {
          ...(low !== undefined && { low: quantity(low, { unit: f.unit, score: f.score }) }),
          ...(high !== undefined && { high: quantity(high, { unit: f.unit, score: f.score }) }),
        },
      ],
    }),
  };
};

const observationStatus = (value: unknown): Observation['status'] => {
  switch (value) {
    case 'preliminary':
    case 'corrected':
    case 'amended':
    case 'cancelled':
    case 'entered-in-error':
    case 'registered':
      return value;
    default:
      return 'final';
  }
};

const observation = (f: Fields, id: string): Observation => {
  const date = textOf(f.date);
  const issued = textOf(f.issued);
  const components = listOf(f.components).filter(isFields);
  return {
    resourceType: 'Observation',
    id,
    status: observationStatus(f.status),
    subject,
    code: conceptOf(f.code),
    ...(f.category !== undefined && {
      category: [status('observation-category', String(f.category))],
    }),
    ...(date !== undefined && { effectiveDateTime: date }),
    ...(issued !== undefined && { issued }),
    ...(f.bodySite !== undefined && { bodySite: conceptOf(f.bodySite) }),
    ...resultValue(f),
    ...(components.length > 0 && {
      component: components.map((c) => ({ code: conceptOf(c.code), ...resultValue(c) })),
    }),
    ...encounterOf(f),
  };
};

const report = (f: Fields, id: string): DiagnosticReport => {
  const date = textOf(f.date);
  const study = textOf(f.imagingStudy);
  return {
    resourceType: 'DiagnosticReport',
    id,
    status: f.status === 'entered-in-error' ? 'entered-in-error' : 'final',
    subject,
    category: [
      { coding: [{ system: `${TERMINOLOGY}/v2-0074`, code: textOf(f.category) ?? 'RAD' }] },
    ],
    code: f.code === undefined ? { text: 'Imaging report' } : conceptOf(f.code),
    conclusionCode: listOf(f.conclusion).map((c) => conceptOf(c)),
    ...(date !== undefined && { effectiveDateTime: date }),
    ...(study !== undefined && { imagingStudy: [{ reference: `ImagingStudy/${study}` }] }),
  };
};

const imaging = (f: Fields, id: string): ImagingStudy => {
  const date = textOf(f.date);
  const modality = { system: required(SYSTEMS.DICOM, 'DICOM'), code: textOf(f.modality) ?? 'MR' };
  const bodySite = f.bodySite === undefined ? undefined : conceptOf(f.bodySite);
  return {
    resourceType: 'ImagingStudy',
    id,
    status: 'available',
    subject,
    modality: [modality],
    ...(date !== undefined && { started: date }),
    series: [
      {
        uid: `2.25.${id.length}`,
        modality,
        ...(bodySite && { bodySite: bodySite.coding?.[0] ?? { display: bodySite.text ?? '' } }),
      },
    ],
    ...(f.reason !== undefined && { reasonCode: [conceptOf(f.reason)] }),
  };
};

const medication = (f: Fields, id: string): MedicationRequest => {
  const date = textOf(f.date);
  return {
    resourceType: 'MedicationRequest',
    id,
    status: f.status === 'stopped' ? 'stopped' : f.status === 'completed' ? 'completed' : 'active',
    intent: 'order',
    subject,
    medicationCodeableConcept: conceptOf(f.code),
    ...(date !== undefined && { authoredOn: date }),
  };
};

const procedure = (f: Fields, id: string): Procedure => {
  const date = textOf(f.date);
  return {
    resourceType: 'Procedure',
    id,
    status: f.status === 'not-done' ? 'not-done' : 'completed',
    subject,
    code: conceptOf(f.code),
    ...(date !== undefined && { performedDateTime: date }),
    ...(f.bodySite !== undefined && { bodySite: [conceptOf(f.bodySite)] }),
  };
};

const encounter = (f: Fields, id: string): Encounter => {
  const date = textOf(f.date);
  return {
    resourceType: 'Encounter',
    id,
    status: f.status === 'entered-in-error' ? 'entered-in-error' : 'finished',
    class: { system: `${TERMINOLOGY}/v3-ActCode`, code: 'AMB' },
    subject,
    ...(date !== undefined && { period: { start: date, end: date } }),
    ...(f.reason !== undefined && { reasonCode: [conceptOf(f.reason)] }),
  };
};

const criticalityOf = (value: unknown): AllergyIntolerance['criticality'] | undefined =>
  value === 'high' || value === 'low' || value === 'unable-to-assess' ? value : undefined;

/** Absent: active and confirmed, of unknown gravity. */
const allergy = (f: Fields, id: string): AllergyIntolerance => {
  const date = textOf(f.date);
  const criticality = criticalityOf(f.criticality);
  const kind = f.type === 'allergy' || f.type === 'intolerance' ? f.type : undefined;
  return {
    resourceType: 'AllergyIntolerance',
    id,
    patient: subject,
    code: conceptOf(f.code),
    clinicalStatus: status('allergyintolerance-clinical', textOf(f.clinical) ?? 'active'),
    verificationStatus: status(
      'allergyintolerance-verification',
      textOf(f.verification) ?? 'confirmed',
    ),
    ...(criticality && { criticality }),
    ...(kind && { type: kind }),
    ...(f.reaction !== undefined && { reaction: [{ manifestation: [conceptOf(f.reaction)] }] }),
    ...(date !== undefined && { recordedDate: date }),
  };
};

const full = (f: Fields, id: string): FhirResource => {
  const resource: unknown = { id, subject, ...f };
  if (!isFhirResource(resource)) throw new Error('a full resource needs resourceType');
  return resource;
};

const BUILDERS: Readonly<Record<string, (fields: Fields, id: string) => FhirResource>> = {
  condition,
  observation,
  report,
  imaging,
  medication,
  procedure,
  encounter,
  allergy,
  resource: full,
};

const build = (entry: Entry, index: number): FhirResource => {
  const [kind, fields] = Object.entries(entry)[0] ?? [];
  const builder = kind === undefined ? undefined : BUILDERS[kind];
  if (!builder || !isFields(fields)) throw new Error(`unknown record entry: ${String(kind)}`);
  return builder(fields, textOf(fields.id) ?? `${kind}-${index + 1}`);
};

const patientOf = (f: Fields): Patient => {
  const isGender = (g: unknown): g is 'male' | 'female' | 'other' | 'unknown' =>
    g === 'male' || g === 'female' || g === 'other' || g === 'unknown';
  const birthDate = textOf(f.birthDate);
  return {
    resourceType: 'Patient',
    id: PATIENT_ID,
    ...(birthDate !== undefined && { birthDate }),
    ...(isGender(f.gender) && { gender: f.gender }),
  };
};

const inputOf = (
  type: InputType,
  resources: readonly FhirResource[],
  stated: string | undefined,
): InputRead => {
  const isState = (s: string | undefined): s is ReadState =>
    s !== undefined && ['read', 'none-recorded', 'failed', 'truncated', 'not-asked'].includes(s);
  const [state, reason] = stated?.split(' ') ?? [];
  if (isState(state)) return { type, state, ...(reason !== undefined && { reason }) };
  const some = type === 'Patient' || resources.some((r) => r.resourceType === type);
  return { type, state: some ? 'read' : 'none-recorded' };
};

/** Builds the patient's record that a case describes; inputs it does not name count as read. */
export const buildRecord = (
  patient: Fields,
  entries: readonly Entry[],
  inputs: Readonly<Record<string, string>>,
): PatientRecord => {
  const resources = entries.map(build);
  return {
    patientId: PATIENT_ID,
    patient: patientOf(patient),
    resources,
    inputs: INPUT_TYPES.map((type) => inputOf(type, resources, inputs[type])),
    foreignCount: 0,
  };
};
