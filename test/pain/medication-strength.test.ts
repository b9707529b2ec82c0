// The strength a Medication states: by piece or volume, and what cannot be read as one.
import assert from 'node:assert/strict';
import type { Dosage, FhirResource, MedicationRequest } from 'fhir/r4.js';
import { extractFindings } from '../../src/pain/extract-findings.js';
import { NOW_MS, order, quantity, RXNORM, realKnowledge, recordOf } from '../support/findings.js';

const daily = { timing: { repeat: { frequency: 1, period: 1, periodUnit: 'd' } } };
const taken = (value: number, unit: string) => ({
  doseAndRate: [{ doseQuantity: quantity(value, unit) }],
});

describe('the strength a Medication states', () => {
  before(() => void realKnowledge());

  const { medicationCodeableConcept: _, ...request } = order('r');
  const coding = [{ system: RXNORM, code: '7804' }];
  const doseOf = (strength: unknown, unit = '{tbl}', more: object = {}): string | undefined => {
    const medication = {
      resourceType: 'Medication',
      id: 'm',
      ingredient: [{ itemCodeableConcept: { coding }, strength, ...more }],
    } as unknown as FhirResource;
    const [found] = extractFindings(
      recordOf([
        {
          ...request,
          medicationReference: { reference: 'Medication/m' },
          dosageInstruction: [{ ...taken(2, unit), ...daily } as Dosage],
        } as MedicationRequest,
        medication,
      ]),
      realKnowledge().extraction,
      NOW_MS,
    ).findings;
    return found?.dose && `${found.dose.perDay} ${found.dose.unit}`;
  };

  for (const [situation, strength, unit, expected] of [
    [
      'a piece',
      { numerator: quantity(20, 'mg'), denominator: quantity(1, '{tbl}') },
      '{tbl}',
      '40 mg',
    ],
    [
      'two pieces',
      { numerator: quantity(20, 'mg'), denominator: quantity(2, '{tbl}') },
      '{tbl}',
      '20 mg',
    ],
    ['nobody says what', { numerator: quantity(20, 'mg') }, '{tbl}', '40 mg'],
    [
      'a piece, in words',
      { numerator: { value: 20, unit: 'mg' }, denominator: { value: 1, unit: '{tbl}' } },
      '{tbl}',
      '40 mg',
    ],
    ['5 mL', { numerator: quantity(20, 'mg'), denominator: quantity(5, 'mL') }, 'mL', '8 mg'],
    [
      'half a litre',
      { numerator: quantity(1, 'g'), denominator: quantity(0.5, 'L') },
      'mL',
      '4 mg',
    ],
    [
      'a unit nobody knows',
      { numerator: quantity(20, 'mg'), denominator: quantity(1, 'spoon') },
      '{tbl}',
      undefined,
    ],
    [
      'no pieces',
      { numerator: quantity(20, 'mg'), denominator: quantity(0, '{tbl}') },
      '{tbl}',
      undefined,
    ],
    [
      'a piece of nothing',
      { numerator: quantity(0, 'mg'), denominator: quantity(1, '{tbl}') },
      '{tbl}',
      undefined,
    ],
    [
      'a piece of a number in words',
      { numerator: { value: '20', unit: 'mg' } },
      '{tbl}',
      undefined,
    ],
    ['a piece in a unit nobody knows', { numerator: quantity(20, 'spoon') }, '{tbl}', undefined],
  ] as const) {
    it(`for ${situation} gives ${expected ?? 'no dose'}`, () => {
      assert.equal(doseOf(strength, unit), expected);
    });
  }
});
