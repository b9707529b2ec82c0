// Structured dosing to the dose a day: amounts, ranges, as needed, pieces with a strength, patches, and what cannot be told.
import assert from 'node:assert/strict';
import type { Dosage, FhirResource, MedicationRequest } from 'fhir/r4.js';
import { extractFindings } from '../../src/pain/extract-findings.js';
import type { Finding } from '../../src/pain/finding.js';
import { NOW_MS, order, quantity, RXNORM, realKnowledge, recordOf } from '../support/findings.js';

const untyped = (resource: unknown): FhirResource => resource as FhirResource;
const findingsOf = (...resources: readonly FhirResource[]): readonly Finding[] =>
  extractFindings(recordOf(resources), realKnowledge().extraction, NOW_MS).findings;
const named = (code: string, display: string) => ({
  medicationCodeableConcept: { coding: [{ system: RXNORM, code, display }] },
});
const OXYCODONE = named('1049683', 'Oxycodone Hydrochloride 10 MG Oral Tablet');
const MORPHINE = named('7052', 'morphine');
const HYDROCODONE = named(
  '856987',
  'Acetaminophen 300 MG / Hydrocodone Bitartrate 5 MG Oral Tablet',
);
const FENTANYL = named('245134', '72 HR fentanyl 0.025 MG/HR Transdermal System');
const every = (frequency: number, period: number, periodUnit: 'h' | 'd' | 'wk') => ({
  timing: { repeat: { frequency, period, periodUnit } },
});
const dose = (value: number, unit: string) => ({
  doseAndRate: [{ doseQuantity: quantity(value, unit) }],
});
const range = (low: number, high: number, unit: string) => ({
  doseAndRate: [{ doseRange: { low: quantity(low, unit), high: quantity(high, unit) } }],
});
const most = (value: number, unit: string) => ({
  maxDosePerPeriod: { numerator: quantity(value, unit), denominator: quantity(1, 'd') },
});
const shown = ({ dose: found }: Finding): string | undefined =>
  found &&
  `${found.isMaximum ? 'at most ' : ''}${found.perDay} ${found.unit}${found.strengthFromName ? ' by name' : ''}`;

type Row = readonly [string, Partial<MedicationRequest>, readonly Dosage[], string | undefined];
const rows: readonly Row[] = [
  ['15 mg every 12 h', MORPHINE, [{ ...dose(15, 'mg'), ...every(1, 12, 'h') }], '30 mg'],
  ['the same in grams', MORPHINE, [{ ...dose(0.015, 'g'), ...every(1, 12, 'h') }], '30 mg'],
  ['the same in micrograms', MORPHINE, [{ ...dose(15_000, 'ug'), ...every(1, 12, 'h') }], '30 mg'],
  [
    'twice a day by code',
    MORPHINE,
    [{ ...dose(15, 'mg'), timing: { code: { coding: [{ code: 'BID' }] } } }],
    '30 mg',
  ],
  [
    'twice a day by the clock',
    MORPHINE,
    [{ ...dose(15, 'mg'), timing: { repeat: { timeOfDay: ['08:00:00', '20:00:00'] } } }],
    '30 mg',
  ],
  [
    'at three meals',
    MORPHINE,
    [{ ...dose(10, 'mg'), timing: { repeat: { when: ['ACM', 'ACD', 'ACV'] } } }],
    '30 mg',
  ],
  [
    'a range: its upper end',
    MORPHINE,
    [{ ...range(5, 10, 'mg'), ...every(4, 1, 'd') }],
    'at most 40 mg',
  ],
  [
    'as needed, up to 4 to 6 times',
    MORPHINE,
    [
      {
        ...dose(5, 'mg'),
        asNeededBoolean: true,
        timing: { repeat: { frequency: 4, frequencyMax: 6, period: 1, periodUnit: 'd' } },
      },
    ],
    'at most 30 mg',
  ],
  [
    'as needed with a ceiling below the frequency',
    MORPHINE,
    [{ ...dose(10, 'mg'), asNeededBoolean: true, ...every(1, 4, 'h'), ...most(40, 'mg') }],
    'at most 40 mg',
  ],
  [
    'as needed with a ceiling alone',
    MORPHINE,
    [{ ...dose(10, 'mg'), asNeededBoolean: true, ...most(40, 'mg') }],
    'at most 40 mg',
  ],
  [
    'as needed without any frequency',
    MORPHINE,
    [{ ...dose(10, 'mg'), asNeededBoolean: true }],
    undefined,
  ],
  [
    'once a week',
    named('6851', 'methotrexate'),
    [{ ...dose(14, 'mg'), ...every(1, 1, 'wk') }],
    '2 mg',
  ],
  [
    'morning and evening of different amounts',
    MORPHINE,
    [
      { sequence: 1, ...dose(10, 'mg'), ...every(1, 1, 'd') },
      { sequence: 2, ...dose(20, 'mg'), ...every(1, 1, 'd') },
    ],
    '30 mg',
  ],
  [
    'a taper: its highest step',
    MORPHINE,
    [
      {
        sequence: 1,
        ...dose(20, 'mg'),
        timing: {
          repeat: { frequency: 1, period: 1, periodUnit: 'd', boundsDuration: quantity(7, 'd') },
        },
      },
      {
        sequence: 2,
        ...dose(10, 'mg'),
        timing: {
          repeat: { frequency: 1, period: 1, periodUnit: 'd', boundsDuration: quantity(7, 'd') },
        },
      },
    ],
    'at most 20 mg',
  ],
  [
    'tablets of a strength the name says',
    OXYCODONE,
    [{ ...dose(1, '{tbl}'), ...every(2, 1, 'd') }],
    '20 mg by name',
  ],
  ['milligrams of a tablet', OXYCODONE, [{ ...dose(10, 'mg'), ...every(2, 1, 'd') }], '20 mg'],
  [
    'tablets without a strength',
    MORPHINE,
    [{ ...dose(1, '{tbl}'), ...every(2, 1, 'd') }],
    undefined,
  ],
  [
    'one patch at a time',
    FENTANYL,
    [{ ...dose(1, '{patch}'), ...every(1, 3, 'd') }],
    '25 ug/h by name',
  ],
  [
    'two patches at a time',
    FENTANYL,
    [{ ...dose(2, '{patch}'), ...every(1, 72, 'h') }],
    '50 ug/h by name',
  ],
  ['a rate', FENTANYL, [{ doseAndRate: [{ rateQuantity: quantity(25, 'ug/h') }] }], '25 ug/h'],
  [
    'the same rate in milligrams',
    FENTANYL,
    [{ doseAndRate: [{ rateQuantity: quantity(0.025, 'mg/h') }] }],
    '25 ug/h',
  ],
  ['free text', MORPHINE, [{ text: '10 mg twice daily' }], undefined],
  ['no frequency', MORPHINE, [{ ...dose(10, 'mg') }], undefined],
  ['a unit nobody knows', MORPHINE, [{ ...dose(10, 'spoon'), ...every(1, 1, 'd') }], undefined],
  [
    'unit and code that contradict each other',
    MORPHINE,
    [
      {
        doseAndRate: [{ doseQuantity: { value: 10, unit: 'g', code: 'mg' } }],
        ...every(1, 1, 'd'),
      },
    ],
    undefined,
  ],
  [
    'an amount without a unit',
    MORPHINE,
    [{ doseAndRate: [{ doseQuantity: { value: 10 } }], ...every(1, 1, 'd') }],
    undefined,
  ],
  [
    'one instruction of two that cannot be read',
    MORPHINE,
    [{ ...dose(10, 'mg'), ...every(1, 1, 'd') }, { text: 'and at night' }],
    undefined,
  ],
  ['a negative amount', MORPHINE, [{ ...dose(-10, 'mg'), ...every(1, 1, 'd') }], undefined],
  ['no dosing at all', MORPHINE, [], undefined],
];

describe('The daily dose', () => {
  for (const [situation, more, dosageInstruction, expected] of rows) {
    it(`is ${expected ?? 'not told'} for ${situation}`, () => {
      const [found] = findingsOf(
        order('r', { ...more, dosageInstruction: [...dosageInstruction] }),
      );
      assert.ok(found);
      assert.equal(shown(found), expected);
    });
  }

  it('of a combination counts each ingredient by its own strength', () => {
    const found = findingsOf(
      order('r', {
        ...HYDROCODONE,
        dosageInstruction: [{ ...dose(2, '{tbl}'), ...every(3, 1, 'd') }],
      }),
    );
    const shownByName = found.map((one) => [one.label, shown(one)]);
    assert.deepEqual(shownByName, [
      ['acetaminophen', '1800 mg by name'],
      ['hydrocodone', '30 mg by name'],
    ]);
  });

  it('in milligrams of a combination is nobody knows whose', () => {
    const found = findingsOf(
      order('r', {
        ...HYDROCODONE,
        dosageInstruction: [{ ...dose(5, 'mg'), ...every(3, 1, 'd') }],
      }),
    );
    assert.deepEqual(found.map(shown), [undefined, undefined]);
  });

  it('takes the strength a Medication states before the one in a name', () => {
    const { medicationCodeableConcept: _, ...request } = order('r');
    const found = findingsOf({
      ...request,
      medicationReference: { reference: '#m' },
      dosageInstruction: [{ ...dose(1, '{tbl}'), ...every(2, 1, 'd') }],
      contained: [
        untyped({
          resourceType: 'Medication',
          id: 'm',
          code: { text: 'Oxycodone 10 mg' },
          ingredient: [
            {
              itemCodeableConcept: { coding: [{ system: RXNORM, code: '7804' }] },
              strength: { numerator: quantity(20, 'mg'), denominator: quantity(1, '{tbl}') },
            },
          ],
        }),
      ],
    });
    assert.deepEqual(found.map(shown), ['40 mg']);
  });
});
