// Generators of small patient records from a palette of known codes. Must not know answers.
import fc from 'fast-check';
import type { FhirResource } from 'fhir/r4.js';
import {
  condition,
  ICD10CM,
  LOCAL,
  LOINC,
  NOW_MS,
  observation,
  order,
  painScore,
  quantity,
  SNOMED,
  status,
} from './findings.js';

const DAY_MS = 86_400_000;
const CONDITIONS: readonly (readonly [string, string])[] = [
  [ICD10CM, 'G50.0'],
  [ICD10CM, 'M54.50'],
  [ICD10CM, 'E11.42'],
  [ICD10CM, 'C79.51'],
  [ICD10CM, 'C50.911'],
  [ICD10CM, 'M79.7'],
  [ICD10CM, 'F45.41'],
  [ICD10CM, 'B02.9'],
  [ICD10CM, 'S93.401A'],
  [SNOMED, '239873007'],
  [SNOMED, '69896004'],
  [SNOMED, '22253000'],
  [SNOMED, '30989003'],
  [SNOMED, '54404000'],
  [SNOMED, '95570007'],
];
const SITES: readonly (string | undefined)[] = [
  undefined,
  'left knee',
  'right knee',
  'lower back',
  'face',
];

/** A day before the evaluation time, as a FHIR date. */
const day = fc
  .integer({ min: 1, max: 500 })
  .map((days) => new Date(NOW_MS - days * DAY_MS).toISOString().slice(0, 10));
/** A moment before the evaluation time, as an instant in UTC. */
const moment = fc
  .integer({ min: 1, max: 120 * 1440 })
  .map((minutes) => new Date(NOW_MS - minutes * 60_000).toISOString());
const site = fc.constantFrom(...SITES);
const encounter = fc.constantFrom(
  {},
  { encounter: { reference: 'Encounter/e1' } },
  { encounter: { reference: 'Encounter/e2' } },
);

/** A diagnosis that is there: nothing in it denies anything. */
const diagnosis = fc
  .tuple(
    fc.constantFrom(...CONDITIONS),
    day,
    site,
    encounter,
    fc.constantFrom('confirmed', 'provisional'),
  )
  .map(
    ([[system, code], onsetDateTime, text, at, verification]) =>
      (id: string): FhirResource =>
        condition(id, system, code, {
          onsetDateTime,
          verificationStatus: status(verification),
          ...(text && { bodySite: [{ text }] }),
          ...at,
        }),
  );

/** Facts that are true of the patient. */
const fact = fc
  .tuple(
    fc.constantFrom(
      'TN-TRIGGER',
      'JOINT-SWELLING',
      'SENS-LOSS',
      'NCS',
      'PSY-CONTEXT',
      'COLD-COLOUR-CHANGE',
    ),
    moment,
    site,
  )
  .map(
    ([code, effectiveDateTime, text]) =>
      (id: string): FhirResource =>
        observation(id, LOCAL, code, {
          effectiveDateTime,
          valueBoolean: true,
          ...(text && { bodySite: { text } }),
        }),
  );

const score = fc.tuple(fc.integer({ min: 0, max: 10 }), moment, site).map(
  ([value, effectiveDateTime, text]) =>
    (id: string): FhirResource =>
      painScore(id, value, { effectiveDateTime, ...(text && { bodySite: { text } }) }),
);
const laboratory = fc.tuple(fc.constantFrom(2, 9, 10, 11, 80), moment).map(
  ([value, effectiveDateTime]) =>
    (id: string): FhirResource =>
      observation(id, LOINC, '1988-5', {
        effectiveDateTime,
        valueQuantity: quantity(value, 'mg/L'),
      }),
);
const closed = fc
  .tuple(fc.constantFrom(...CONDITIONS), day, fc.constantFrom('refuted', 'resolved'))
  .map(
    ([[system, code], onsetDateTime, how]) =>
      (id: string): FhirResource =>
        condition(id, system, code, {
          onsetDateTime,
          ...(how === 'refuted'
            ? { verificationStatus: status(how) }
            : { clinicalStatus: status(how) }),
        }),
  );
const medicine = fc.constantFrom<'active' | 'stopped'>('active', 'stopped').map(
  (state) =>
    (id: string): FhirResource =>
      order(id, { status: state }),
);

const numbered = (items: readonly ((id: string) => FhirResource)[]): FhirResource[] =>
  items.map((build, at) => build(`r${at}`));

/** Up to eight resources of every kind. */
export const anyResources = fc
  .array(fc.oneof({ weight: 4, arbitrary: diagnosis }, fact, score, laboratory, closed, medicine), {
    maxLength: 8,
  })
  .map(numbered);

/** Up to eight diagnoses and facts that only ever speak for something. */
export const supportingResources = fc
  .array(fc.oneof({ weight: 3, arbitrary: diagnosis }, fact), { minLength: 1, maxLength: 8 })
  .map(numbered);
