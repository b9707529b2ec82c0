// Morphine equivalents: factors, combinations, patches, what makes the sum unknown, and the sum over days.
import assert from 'node:assert/strict';
import type { FhirResource, MedicationRequest } from 'fhir/r4.js';
import { morphineEquivalents } from '../../src/pain/derived/morphine-equivalents.js';
import { extractFindings } from '../../src/pain/extract-findings.js';
import {
  NOW_MS,
  order,
  quantity,
  RXNORM,
  realKnowledge,
  recordOf,
  scopeOf,
} from '../support/findings.js';

const { derived, extraction } = realKnowledge();
const READ = { condition: true, medication: true, procedure: true, report: true, allergy: true };
const taken = (
  id: string,
  code: string,
  display: string,
  value: number,
  unit: string,
  perDay: number,
  more: Partial<MedicationRequest> = {},
): MedicationRequest =>
  order(id, {
    medicationCodeableConcept: { coding: [{ system: RXNORM, code, display }] },
    dosageInstruction: [
      {
        timing: { repeat: { frequency: perDay, period: 1, periodUnit: 'd' } },
        doseAndRate: [{ doseQuantity: quantity(value, unit) }],
      },
    ],
    ...more,
  });
const patch = (
  id: string,
  rate: number,
  more: Partial<MedicationRequest> = {},
): MedicationRequest =>
  order(id, {
    medicationCodeableConcept: {
      coding: [{ system: RXNORM, code: '4337', display: 'fentanyl patch' }],
    },
    dosageInstruction: [{ doseAndRate: [{ rateQuantity: quantity(rate, 'ug/h') }] }],
    ...more,
  });
const equivalents = (resources: readonly FhirResource[], overDays?: number, isRead = true) => {
  const { findings } = extractFindings(recordOf(resources), extraction, NOW_MS);
  const scope = scopeOf(findings, { absence: isRead ? READ : 'unknown' });
  const { low, high } = morphineEquivalents(scope, derived.morphineEquivalents, overDays).measure;
  return low === high ? `${low}` : `${low} to ${high}`;
};
const undosed = order('u', {
  medicationCodeableConcept: { coding: [{ system: RXNORM, code: '7804' }] },
});
const hydrocodone = (tablets: number) =>
  taken(
    'h',
    '856987',
    'Acetaminophen 300 MG / Hydrocodone Bitartrate 5 MG Oral Tablet',
    tablets,
    '{tbl}',
    4,
  );
const buprenorphine = taken('b', '1819', 'buprenorphine', 8, 'mg', 2);

describe('Morphine equivalents a day', () => {
  const rows: readonly (readonly [string, readonly FhirResource[], string])[] = [
    ['nothing taken', [], '0'],
    ['morphine 15 mg twice', [taken('a', '7052', 'morphine', 15, 'mg', 2)], '30'],
    [
      'morphine on the skin',
      [taken('a', '7052', 'morphine 10 MG/ML Topical Gel', 10, 'mg', 2)],
      '0',
    ],
    ['the same in grams', [taken('a', '7052', 'morphine', 0.015, 'g', 2)], '30'],
    ['oxycodone 10 mg twice', [taken('a', '7804', 'oxycodone', 10, 'mg', 2)], '30'],
    ['codeine 30 mg four times', [taken('a', '2670', 'codeine', 30, 'mg', 4)], '18'],
    ['tramadol 50 mg four times', [taken('a', '10689', 'tramadol', 50, 'mg', 4)], '40'],
    ['hydrocodone in a combination', [hydrocodone(1)], '20'],
    ['a fentanyl patch of 25', [patch('f', 25)], '60'],
    ['two opioids', [patch('f', 25), hydrocodone(1)], '80'],
    ['buprenorphine, which has no factor', [buprenorphine], '0'],
    [
      'buprenorphine beside morphine',
      [buprenorphine, taken('a', '7052', 'morphine', 15, 'mg', 2)],
      '30',
    ],
    ['a stopped opioid', [taken('a', '7052', 'morphine', 15, 'mg', 2, { status: 'stopped' })], '0'],
    ['one opioid without a dose', [undosed], '0 to Infinity'],
    ['one with and one without a dose', [undosed, patch('f', 25)], '60 to Infinity'],
    [
      'pethidine, which has no factor here',
      [taken('a', '6754', 'meperidine', 50, 'mg', 4)],
      '0 to Infinity',
    ],
    ['fentanyl in milligrams', [taken('a', '4337', 'fentanyl', 0.1, 'mg', 4)], '0 to Infinity'],
    ['injected morphine', [taken('a', '7052', 'morphine injection', 10, 'mg', 4)], '0 to Infinity'],
    [
      'the same order twice: repeat or second drug',
      [taken('a', '7804', 'oxycodone', 10, 'mg', 2), taken('b', '7804', 'oxycodone', 10, 'mg', 2)],
      '30 to 60',
    ],
  ];
  for (const [situation, resources, expected] of rows) {
    it(`are ${expected} for ${situation}`, () => assert.equal(equivalents(resources), expected));
  }

  it('are unknown upwards where medicines were not read', () => {
    assert.equal(equivalents([patch('f', 25)], undefined, false), '60 to Infinity');
  });
});

describe('Morphine equivalents over the last 7 days', () => {
  const since = (days: number) => ({
    authoredOn: new Date(NOW_MS - days * 86_400_000).toISOString(),
  });
  const rows: readonly (readonly [string, readonly FhirResource[], string])[] = [
    ['60 for 8 days', [patch('f', 25, since(8))], '60'],
    ['60 for 3 days', [patch('f', 25, since(3))], '0'],
    [
      'a completed order of years ago without an end',
      [patch('f', 25, { ...since(3000), status: 'completed' })],
      '0',
    ],
    [
      'a completed order of last month without an end',
      [patch('f', 25, { ...since(30), status: 'completed' })],
      '0 to 60',
    ],
    ['60 since an unknown day', [patch('f', 25, { authoredOn: undefined } as never)], '0 to 60'],
    [
      '60 as the most allowed',
      [
        taken('a', '7052', 'morphine', 15, 'mg', 4, {
          ...since(20),
          dosageInstruction: [
            {
              asNeededBoolean: true,
              timing: { repeat: { frequency: 4, period: 1, periodUnit: 'd' } },
              doseAndRate: [{ doseQuantity: quantity(15, 'mg') }],
            },
          ],
        }),
      ],
      '0 to 60',
    ],
    [
      'a patch changed for the next order in between',
      [
        patch('f1', 25, {
          ...since(40),
          status: 'completed',
          dispenseRequest: {
            validityPeriod: { end: new Date(NOW_MS - 3 * 86_400_000).toISOString() },
          },
        }),
        patch('f2', 25, since(4)),
      ],
      '60',
    ],
  ];
  for (const [situation, resources, expected] of rows) {
    it(`are ${expected} for ${situation}`, () => assert.equal(equivalents(resources, 7), expected));
  }
});
