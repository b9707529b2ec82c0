// Numeric results: unit twins, contradictory and missing units, comparators, plausibility, ranges and interpretations.
import assert from 'node:assert/strict';
import type { Quantity } from 'fhir/r4.js';
import type { Finding, Measure } from '../../src/pain/finding.js';
import type { Analyte } from '../../src/pain/knowledge.js';
import { flagOf, measureOf, type ResultHolder } from '../../src/pain/measure.js';
import { quantity, realKnowledge } from '../support/findings.js';

const analyte = (set: string): Analyte => {
  const found = realKnowledge().extraction.analytes.get(set);
  if (!found) throw new Error(`cards/ has no analyte ${set}`);
  return found;
};
const read = (set: string, valueQuantity: Quantity): Measure | undefined =>
  measureOf({ valueQuantity }, analyte(set));
const near = (actual: number | undefined, expected: number): void => {
  assert.ok(
    actual !== undefined && Math.abs(actual - expected) <= Math.abs(expected) * 0.005,
    `${actual} is not ${expected}`,
  );
};

describe('measureOf', () => {
  describe('when the same result is written in two units', () => {
    const twins: readonly (readonly [string, number, string, number, string])[] = [
      ['obs-hba1c', 7, '%', 53, 'mmol/mol'],
      ['obs-creatinine', 1, 'mg/dL', 88.42, 'umol/L'],
      ['obs-glucose', 180.16, 'mg/dL', 10, 'mmol/L'],
      ['obs-calcium', 10, 'mg/dL', 2.495, 'mmol/L'],
      ['obs-hemoglobin', 12, 'g/dL', 120, 'g/L'],
      ['obs-egfr', 60, 'mL/min/{1.73_m2}', 60, 'mL/min/1.73m2'],
      ['obs-troponin', 50, 'ng/L', 50, 'pg/mL'],
      ['obs-troponin', 50, 'ng/L', 0.05, 'ng/mL'],
      ['obs-crp', 10, 'mg/L', 1, 'mg/dL'],
      ['obs-uric-acid', 6.8, 'mg/dL', 404.6, 'umol/L'],
      ['obs-wbc', 11, '10*9/L', 11000, '/uL'],
      ['obs-weight', 70, 'kg', 154.32, '[lb_av]'],
      ['obs-height', 180, 'cm', 70.87, '[in_i]'],
      ['obs-temperature', 38, 'Cel', 100.4, '[degF]'],
      ['obs-sbp', 120, 'mm[Hg]', 16, 'kPa'],
      ['obs-potassium', 4, 'mmol/L', 4, 'meq/L'],
      ['obs-sodium', 140, 'mmol/L', 140, 'meq/L'],
      ['obs-morning-stiffness', 90, 'min', 1.5, 'h'],
      ['obs-pain-intensity', 6, '{score}', 60, 'mm'],
    ];
    for (const [set, value, unit, other, otherUnit] of twins) {
      it(`reads ${set} ${value} ${unit} and ${other} ${otherUnit} alike`, () => {
        const [first, second] = [
          read(set, quantity(value, unit)),
          read(set, quantity(other, otherUnit)),
        ];

        assert.ok(first);
        near(second?.low, first.low);
      });
    }
  });

  it('takes plain mL/min under an eGFR code as per 1.73 m2, which every such code says', () => {
    assert.equal(read('obs-egfr', quantity(60, 'mL/min'))?.low, 60);
  });

  describe('when the unit is in doubt', () => {
    const unusable: readonly (readonly [string, string, Quantity])[] = [
      ['a laboratory value has no unit', 'obs-crp', { value: 34 }],
      ['the unit is not listed', 'obs-crp', { value: 34, unit: 'furlong', code: 'furlong' }],
      [
        'text and code contradict each other',
        'obs-crp',
        { value: 34, unit: 'mg/dL', code: 'mg/L' },
      ],
      ['only the text is listed', 'obs-crp', { value: 34, unit: 'mg/L', code: 'furlong' }],
      ['a percentage stands for a count', 'obs-neutrophil', quantity(60, '%')],
      ['the unit is a name of the prototype', 'obs-crp', { value: 34, code: 'constructor' }],
    ];
    for (const [situation, set, value] of unusable) {
      it(`reads nothing where ${situation}`, () => assert.equal(read(set, value), undefined));
    }

    const usable: readonly (readonly [string, string, Quantity, number])[] = [
      ['a score without a unit', 'obs-pain-intensity', { value: 7 }, 7],
      ['a known unit given as text only', 'obs-crp', { value: 34, unit: 'mg/l' }, 34],
      [
        'a known code with a text nobody knows',
        'obs-crp',
        { value: 34, code: 'mg/L', unit: 'mg per litre' },
        34,
      ],
    ];
    for (const [situation, set, value, expected] of usable) {
      it(`reads ${situation}`, () => assert.equal(read(set, value)?.low, expected));
    }
  });

  describe('when the value has a comparator', () => {
    const cases: readonly (readonly [NonNullable<Quantity['comparator']>, Partial<Measure>])[] = [
      ['<', { low: Number.NEGATIVE_INFINITY, high: 5, highOpen: true, lowOpen: false }],
      ['<=', { low: Number.NEGATIVE_INFINITY, high: 5, highOpen: false, lowOpen: false }],
      ['>', { low: 5, high: Number.POSITIVE_INFINITY, highOpen: false, lowOpen: true }],
      ['>=', { low: 5, high: Number.POSITIVE_INFINITY, highOpen: false, lowOpen: false }],
    ];
    for (const [comparator, expected] of cases) {
      it(`reads ${comparator}5 as an interval`, () => {
        const value = read('obs-crp', { ...quantity(5, 'mg/L'), comparator });

        assert.deepEqual({ ...value, ...expected }, value);
        assert.equal(value?.text, `${comparator}5 mg/L`);
      });
    }
  });

  describe('when the value is at the edge of what is plausible', () => {
    const edges: readonly (readonly [string, number, string, boolean])[] = [
      ['obs-pain-intensity', 0, '{score}', true],
      ['obs-pain-intensity', 10, '{score}', true],
      ['obs-pain-intensity', 10.5, '{score}', false],
      ['obs-pain-intensity', 75, '{score}', false],
      ['obs-pain-intensity', -1, '{score}', false],
      ['obs-pain-intensity', 101, 'mm', false],
      ['obs-crp', 1000, 'mg/L', true],
      ['obs-crp', 1001, 'mg/L', false],
      ['obs-crp', 101, 'mg/dL', false],
    ];
    for (const [set, value, unit, isUsable] of edges) {
      it(`${isUsable ? 'uses' : 'leaves out'} ${set} ${value} ${unit}`, () => {
        assert.equal(read(set, quantity(value, unit)) !== undefined, isUsable);
      });
    }
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY]) {
      it(`leaves out ${value}`, () =>
        assert.equal(read('obs-crp', quantity(value, 'mg/L')), undefined));
    }
  });

  it('reads a range as the interval between its ends', () => {
    const valueRange = { low: quantity(4, '{score}'), high: quantity(6, '{score}') };

    const value = measureOf({ valueRange }, analyte('obs-pain-intensity'));

    assert.deepEqual([value?.low, value?.high], [4, 6]);
  });

  it('reads nothing from half a range', () => {
    assert.equal(
      measureOf({ valueRange: { low: { value: 4 } } }, analyte('obs-pain-intensity')),
      undefined,
    );
  });

  it('reads an integer score', () => {
    assert.equal(measureOf({ valueInteger: 7 }, analyte('obs-pain-intensity'))?.low, 7);
  });
});

describe('flagOf', () => {
  const range = (low: number | undefined, high: number | undefined, unit = 'mg/L') => [
    {
      ...(low !== undefined && { low: quantity(low, unit) }),
      ...(high !== undefined && { high: quantity(high, unit) }),
    },
  ];
  const interpretation = (code: string) => [{ coding: [{ code }] }];
  const value = quantity(34, 'mg/L');
  const cases: readonly (readonly [string, ResultHolder, Finding['flag']])[] = [
    ['above its range', { valueQuantity: value, referenceRange: range(0, 5) }, 'high'],
    [
      'at the upper limit',
      { valueQuantity: quantity(5, 'mg/L'), referenceRange: range(0, 5) },
      'normal',
    ],
    ['below its range', { valueQuantity: quantity(1, 'mg/L'), referenceRange: range(2, 5) }, 'low'],
    [
      'at the lower limit',
      { valueQuantity: quantity(2, 'mg/L'), referenceRange: range(2, 5) },
      'normal',
    ],
    [
      'a lower limit only',
      { valueQuantity: value, referenceRange: range(2, undefined) },
      undefined,
    ],
    [
      'a range in another unit',
      { valueQuantity: value, referenceRange: range(0, 0.5, 'mg/dL') },
      undefined,
    ],
    [
      'two ranges',
      { valueQuantity: value, referenceRange: [...range(0, 5), ...range(0, 50)] },
      undefined,
    ],
    [
      'a comparator',
      { valueQuantity: { ...value, comparator: '<' }, referenceRange: range(0, 5) },
      undefined,
    ],
    ['interpretation H', { valueQuantity: value, interpretation: interpretation('H') }, 'high'],
    ['interpretation LL', { valueQuantity: value, interpretation: interpretation('LL') }, 'low'],
    ['interpretation POS', { interpretation: interpretation('POS') }, 'abnormal'],
    ['interpretation NEG', { interpretation: interpretation('NEG') }, 'normal'],
    [
      'an interpretation nobody knows',
      { interpretation: interpretation('constructor') },
      undefined,
    ],
    [
      'a range against its interpretation',
      { valueQuantity: value, referenceRange: range(0, 5), interpretation: interpretation('N') },
      'high',
    ],
    ['nothing', {}, undefined],
  ];
  for (const [situation, holder, flag] of cases) {
    it(`answers ${flag} for ${situation}`, () => assert.equal(flagOf(holder), flag));
  }
});
