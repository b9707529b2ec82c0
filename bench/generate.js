// Seeded synthetic charts as prefetch bodies. Must not know how they are judged; no real person, no data set behind it.

const LOINC = 'http://loinc.org';
const SNOMED = 'http://snomed.info/sct';
const RXNORM = 'http://www.nlm.nih.gov/research/umls/rxnorm';
const ICD10CM = 'http://hl7.org/fhir/sid/icd-10-cm';
const UCUM = 'http://unitsofmeasure.org';
const TERMINOLOGY = 'http://terminology.hl7.org/CodeSystem';
const NOW_MS = Date.parse('2026-11-22T10:00:00Z');
const DAY_MS = 86_400_000;

/** The moment the charts are written for. */
export const EVALUATION_TIME = '2026-11-22T10:00:00Z';
export const PATIENT_ID = 'bench-patient';

// [system, code, display]; about half of each list is unknown to the service, as in a real chart.
const CONDITIONS = [
  [ICD10CM, 'M54.50', 'Low back pain, unspecified'],
  [ICD10CM, 'M17.11', 'Unilateral primary osteoarthritis, right knee'],
  [ICD10CM, 'E11.42', 'Type 2 diabetes mellitus with diabetic polyneuropathy'],
  [SNOMED, '44054006', 'Diabetes mellitus type 2 (disorder)'],
  [SNOMED, '59621000', 'Essential hypertension (disorder)'],
  [SNOMED, '55822004', 'Hyperlipidemia (disorder)'],
  [SNOMED, '444814009', 'Viral sinusitis (disorder)'],
  [SNOMED, '195662009', 'Acute viral pharyngitis (disorder)'],
  [SNOMED, '162864005', 'Body mass index 30+ - obesity (finding)'],
  [SNOMED, '160903007', 'Full-time employment (finding)'],
];
const OBSERVATIONS = [
  ['72514-3', 'Pain severity - 0-10 verbal numeric rating [Score] - Reported', 0, 10, '{score}'],
  ['2160-0', 'Creatinine [Mass/volume] in Serum or Plasma', 0.6, 1.4, 'mg/dL'],
  ['33914-3', 'Glomerular filtration rate/1.73 sq M.predicted', 50, 110, 'mL/min/{1.73_m2}'],
  ['1988-5', 'C reactive protein [Mass/volume] in Serum or Plasma', 0.5, 12, 'mg/L'],
  ['4548-4', 'Hemoglobin A1c/Hemoglobin.total in Blood', 5, 9, '%'],
  ['718-7', 'Hemoglobin [Mass/volume] in Blood', 10, 16, 'g/dL'],
  ['8302-2', 'Body Height', 150, 190, 'cm'],
  ['29463-7', 'Body Weight', 55, 110, 'kg'],
  ['2085-9', 'Cholesterol in HDL [Mass/volume] in Serum or Plasma', 30, 70, 'mg/dL'],
  ['2571-8', 'Triglycerides', 80, 220, 'mg/dL'],
  ['2947-0', 'Sodium [Moles/volume] in Blood', 135, 145, 'mmol/L'],
  ['20570-8', 'Hematocrit [Volume Fraction] of Blood', 35, 50, '%'],
];
const MEDICINES = [
  [RXNORM, '310965', 'Ibuprofen 200 MG Oral Tablet'],
  [RXNORM, '313782', 'Acetaminophen 325 MG Oral Tablet'],
  [RXNORM, '310431', 'gabapentin 300 MG Oral Capsule'],
  [RXNORM, '860975', '24 HR Metformin hydrochloride 500 MG Extended Release Oral Tablet'],
  [RXNORM, '314076', 'lisinopril 10 MG Oral Tablet'],
  [RXNORM, '312961', 'Simvastatin 20 MG Oral Tablet'],
];
const PROCEDURES = [
  [SNOMED, '430193006', 'Medication Reconciliation (procedure)'],
  [SNOMED, '710824005', 'Assessment of health and social care needs (procedure)'],
  [SNOMED, '91251008', 'Physical therapy procedure (regime/therapy)'],
  [SNOMED, '73761001', 'Colonoscopy'],
];
const ENCOUNTERS = [
  [SNOMED, '162673000', 'General examination of patient (procedure)'],
  [SNOMED, '185345009', 'Encounter for symptom'],
  [SNOMED, '390906007', 'Follow-up encounter'],
];
const KEYS = {
  Condition: 'conditions',
  Observation: 'observations',
  DiagnosticReport: 'diagnosticReports',
  ImagingStudy: 'imagingStudies',
  MedicationRequest: 'medicationRequests',
  MedicationStatement: 'medicationStatements',
  AllergyIntolerance: 'allergies',
  Procedure: 'procedures',
  Encounter: 'encounters',
};
// Shares of a long-lived outpatient chart; the rest are Observations.
const SHARES = [
  ['Condition', 0.1],
  ['MedicationRequest', 0.11],
  ['Encounter', 0.14],
  ['Procedure', 0.1],
];

/** mulberry32: a small seeded generator of numbers in [0, 1). */
const createRandom = (seed) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
};

const concept = ([system, code, display]) => ({
  coding: [{ system, code, display }],
  text: display,
});
const status = (name, code) => ({ coding: [{ system: `${TERMINOLOGY}/${name}`, code }] });
const subject = { reference: `Patient/${PATIENT_ID}`, display: 'Bench Patient' };

/** Recent dates are more frequent than old ones, over about eight years. */
const someDate = (random) => new Date(NOW_MS - Math.floor(random() ** 2 * 2900 + 1) * DAY_MS);
const pick = (random, list) => list[Math.floor(random() * list.length)];

const builders = {
  Condition: (random, at) => {
    const date = someDate(random);
    const isOver = at >= CONDITIONS.length && random() < 0.7;
    return {
      clinicalStatus: status('condition-clinical', isOver ? 'resolved' : 'active'),
      verificationStatus: status('condition-ver-status', 'confirmed'),
      category: [status('condition-category', 'encounter-diagnosis')],
      code: concept(CONDITIONS[at % CONDITIONS.length]),
      subject,
      onsetDateTime: date.toISOString(),
      ...(isOver && { abatementDateTime: new Date(date.getTime() + 20 * DAY_MS).toISOString() }),
      recordedDate: date.toISOString(),
    };
  },
  Observation: (random, at) => {
    const [code, display, low, high, unit] = OBSERVATIONS[at % OBSERVATIONS.length];
    const date = someDate(random).toISOString();
    const value =
      unit === '{score}'
        ? Math.round(low + random() * (high - low))
        : Math.round((low + random() * (high - low)) * 10) / 10;
    return {
      status: 'final',
      category: [status('observation-category', unit === '{score}' ? 'survey' : 'laboratory')],
      code: concept([LOINC, code, display]),
      subject,
      effectiveDateTime: date,
      issued: date,
      valueQuantity: { value, unit, system: UCUM, code: unit },
    };
  },
  MedicationRequest: (random, at) => ({
    status: random() < 0.3 ? 'active' : 'completed',
    intent: 'order',
    medicationCodeableConcept: concept(MEDICINES[at % MEDICINES.length]),
    subject,
    authoredOn: someDate(random).toISOString(),
    dosageInstruction: [
      {
        sequence: 1,
        timing: { repeat: { frequency: 1, period: 1, periodUnit: 'd' } },
        asNeededBoolean: false,
      },
    ],
  }),
  Procedure: (random, at) => {
    const date = someDate(random);
    return {
      status: 'completed',
      code: concept(PROCEDURES[at % PROCEDURES.length]),
      subject,
      performedPeriod: {
        start: date.toISOString(),
        end: new Date(date.getTime() + 900_000).toISOString(),
      },
    };
  },
  Encounter: (random) => {
    const date = someDate(random);
    return {
      status: 'finished',
      class: { system: `${TERMINOLOGY}/v3-ActCode`, code: 'AMB' },
      type: [concept(pick(random, ENCOUNTERS))],
      subject,
      period: {
        start: date.toISOString(),
        end: new Date(date.getTime() + 1_800_000).toISOString(),
      },
    };
  },
};

const patient = {
  resourceType: 'Patient',
  id: PATIENT_ID,
  name: [{ family: 'Patient', given: ['Bench'] }],
  gender: 'female',
  birthDate: '1962-05-17',
};

/** `count` resources of one patient; the same seed gives the same chart. */
export const generateChart = (count, seed = 1) => {
  const random = createRandom(seed);
  const others = SHARES.flatMap(([type, share]) =>
    Array.from({ length: Math.round(count * share) }, () => type),
  );
  const types = [...others, ...Array.from({ length: count - others.length }, () => 'Observation')];
  const counts = {};
  return types.map((resourceType) => {
    const at = counts[resourceType] ?? 0;
    counts[resourceType] = at + 1;
    return {
      resourceType,
      id: `${resourceType.toLowerCase()}-${at + 1}`,
      meta: { versionId: '1', lastUpdated: '2026-11-20T08:00:00.000Z' },
      ...builders[resourceType](random, at),
    };
  });
};

const searchset = (resources) => ({
  resourceType: 'Bundle',
  type: 'searchset',
  total: resources.length,
  entry: resources.map((resource) => ({
    fullUrl: `https://ehr.example/fhir/${resource.resourceType}/${resource.id}`,
    resource,
    search: { mode: 'match' },
  })),
});

/** Answers of a FHIR server that holds one chart. */
export const answerOf = (resources, type) =>
  type === 'Patient'
    ? patient
    : searchset(resources.filter(({ resourceType }) => resourceType === type));

const request = (extra) => ({
  hook: 'patient-view',
  hookInstance: 'd1577c69-dfbe-44ad-ba6d-3e05e953b2ea',
  context: { userId: 'Practitioner/bench', patientId: PATIENT_ID },
  ...extra,
});

/** A whole hook request with everything in its prefetch, as JSON text. */
export const prefetchBody = (count, seed) => {
  const resources = generateChart(count, seed);
  const prefetch = Object.fromEntries(
    Object.entries(KEYS).map(([type, key]) => [key, answerOf(resources, type)]),
  );
  return JSON.stringify(request({ prefetch: { patient, ...prefetch } }));
};

/** A hook request without prefetch: the service reads `fhirServer`. */
export const fetchBody = (fhirServer) => JSON.stringify(request({ fhirServer }));
