// The medicine a Medication resource names by its ingredients: inline, by reference, beside its own code; what is known of it in part only.
import assert from 'node:assert/strict';
import type { FhirResource } from 'fhir/r4.js';
import { type Extraction, extractFindings } from '../../src/pain/extract-findings.js';
import { NOW_MS, order, RXNORM, realKnowledge, recordOf } from '../support/findings.js';

const coded = (code: string) => ({ coding: [{ system: RXNORM, code }] });
const [OXYCODONE, PARACETAMOL] = [coded('7804'), coded('161')];
const UNKNOWN = { text: 'Zorblaxin' };
const extract = (...resources: readonly object[]): Extraction =>
  extractFindings(recordOf(resources as FhirResource[]), realKnowledge().extraction, NOW_MS);
const medication = (more: object, id = 'm') => ({ resourceType: 'Medication', id, ...more });
const request = (more: object = {}) => {
  const { medicationCodeableConcept: _, ...rest } = order('r');
  return { ...rest, medicationReference: { reference: 'Medication/m' }, ...more };
};
const named = (...resources: readonly object[]): string => {
  const { findings, unrecognisedMedicines } = extract(...resources);
  const labels = findings.map(({ label }) => label.toLowerCase()).sort();
  return [...labels, unrecognisedMedicines > 0 && `${unrecognisedMedicines} unrecognised`]
    .filter(Boolean)
    .join(', ');
};
const of = (...ingredient: readonly object[]) => named(request(), medication({ ingredient }));

describe('a Medication', () => {
  before(() => void realKnowledge());

  for (const [situation, found, expected] of [
    [
      'two ingredients',
      () => of({ itemCodeableConcept: OXYCODONE }, { itemCodeableConcept: PARACETAMOL }),
      'acetaminophen, oxycodone',
    ],
    [
      'an ingredient that is not active',
      () =>
        of(
          { itemCodeableConcept: OXYCODONE },
          { itemCodeableConcept: PARACETAMOL, isActive: false },
        ),
      'oxycodone',
    ],
    [
      'an ingredient that is active',
      () => of({ itemCodeableConcept: OXYCODONE, isActive: true }),
      'oxycodone',
    ],
    [
      'one ingredient of two that nobody knows',
      () => of({ itemCodeableConcept: OXYCODONE }, { itemCodeableConcept: UNKNOWN }),
      'oxycodone, 1 unrecognised',
    ],
    ['an ingredient nobody knows', () => of({ itemCodeableConcept: UNKNOWN }), '1 unrecognised'],
    ['an ingredient without a name', () => of({}), '1 unrecognised'],
    [
      'an ingredient that is a Medication of the record',
      () =>
        named(
          request(),
          medication({ ingredient: [{ itemReference: { reference: 'Medication/o' } }] }),
          medication({ code: OXYCODONE }, 'o'),
        ),
      'oxycodone',
    ],
    [
      'an ingredient by a display',
      () => of({ itemReference: { reference: 'Medication/x', display: 'oxycodone' } }),
      'oxycodone',
    ],
    [
      'an ingredient by a reference alone',
      () => of({ itemReference: { reference: 'Medication/x' } }),
      '1 unrecognised',
    ],
    [
      'an ingredient that points nowhere inside',
      () => of({ itemReference: { reference: '#x' } }),
      '1 unrecognised',
    ],
    [
      'an ingredient in words beside a reference',
      () => of({ itemCodeableConcept: OXYCODONE, itemReference: { reference: 'Medication/x' } }),
      'oxycodone',
    ],
    [
      'an ingredient contained in it',
      () =>
        named(
          request(),
          medication({
            contained: [{ resourceType: 'Substance', id: 's', code: OXYCODONE }],
            ingredient: [{ itemReference: { reference: '#s' } }],
          }),
        ),
      'oxycodone',
    ],
    [
      'an ingredient contained as something else',
      () =>
        named(
          request(),
          medication({
            contained: [{ resourceType: 'Patient', id: 's' }],
            ingredient: [{ itemReference: { reference: '#s' } }],
          }),
        ),
      '1 unrecognised',
    ],
    [
      'its own code and the same ingredient',
      () =>
        named(
          request(),
          medication({ code: OXYCODONE, ingredient: [{ itemCodeableConcept: OXYCODONE }] }),
        ),
      'oxycodone',
    ],
    [
      'its own code and another ingredient',
      () =>
        named(
          request(),
          medication({ code: OXYCODONE, ingredient: [{ itemCodeableConcept: PARACETAMOL }] }),
        ),
      'acetaminophen, oxycodone',
    ],
    [
      'its own code and an ingredient nobody knows',
      () =>
        named(
          request(),
          medication({ code: OXYCODONE, ingredient: [{ itemCodeableConcept: UNKNOWN }] }),
        ),
      'oxycodone',
    ],
    [
      'its own code and no ingredient',
      () => named(request(), medication({ code: OXYCODONE, ingredient: [] })),
      'oxycodone',
    ],
    [
      'a contained resource that is none',
      () =>
        named(
          request({
            medicationReference: { reference: '#m' },
            contained: [{ resourceType: 'Substance', id: 'm', code: OXYCODONE }],
          }),
        ),
      '1 unrecognised',
    ],
    [
      'a display alone',
      () => named(request({ medicationReference: { display: 'oxycodone' } })),
      'oxycodone',
    ],
    [
      'a display beside a reference that leads nowhere',
      () =>
        named(
          request({ medicationReference: { reference: 'Medication/x', display: 'oxycodone' } }),
        ),
      'oxycodone',
    ],
    [
      'a reference that leads nowhere',
      () => named(request({ medicationReference: { reference: 'Medication/x' } })),
      '',
    ],
    ['nothing', () => named(request({ medicationReference: undefined })), '1 unrecognised'],
  ] as const) {
    it(`named by ${situation} is ${expected || 'left to the read state'}`, () => {
      assert.equal(found(), expected);
    });
  }
});
