// Derived numbers at their boundaries: creatinine clearance, fall of eGFR, weeks of pregnancy.
import assert from 'node:assert/strict';
import type { FhirResource } from 'fhir/r4.js';
import { creatinineClearance } from '../../src/pain/derived/creatinine-clearance.js';
import { gestationWeeks } from '../../src/pain/derived/gestation-weeks.js';
import { fellBy } from '../../src/pain/derived/result-fall.js';
import { extractFindings } from '../../src/pain/extract-findings.js';
import type { Scope } from '../../src/pain/scope.js';
import {
  LOINC,
  NOW_MS,
  observation,
  quantity,
  realKnowledge,
  recordOf,
  scopeOf,
} from '../support/findings.js';

const { derived, extraction } = realKnowledge();
const FRESH = { creatinine: 365, weight: 365, egfr: 365 };
const scope = (resources: readonly FhirResource[], more: Partial<Scope> = {}): Scope =>
  scopeOf(extractFindings(recordOf(resources), extraction, NOW_MS).findings, more);
const result = (
  code: string,
  value: number,
  unit: string,
  date = '2026-11-01',
  comparator?: '<' | '>',
) =>
  observation(`${code}-${date}`, LOINC, code, {
    effectiveDateTime: date,
    valueQuantity: { ...quantity(value, unit), ...(comparator && { comparator }) },
  });
const creatinine = (value: number, unit = 'mg/dL', date?: string) =>
  result('2160-0', value, unit, date);
const weight = (value: number, unit = 'kg', date?: string) => result('29463-7', value, unit, date);
const egfr = (value: number, date?: string) => result('98979-8', value, 'mL/min/{1.73_m2}', date);
const clearance = (
  resources: readonly FhirResource[],
  more: Partial<Scope> = { ageYears: 60, sex: 'male' },
) => creatinineClearance(scope(resources, more), derived.creatinineClearance, FRESH);
const near = (actual: number | undefined, expected: number): void =>
  assert.ok(
    actual !== undefined && Math.abs(actual - expected) < 1e-6,
    `${actual} is not ${expected}`,
  );

describe('Creatinine clearance', () => {
  it('is Cockcroft and Gault for a man', () => {
    near(clearance([creatinine(1), weight(72)])?.measure.low, 80);
  });

  it('is 0.85 of it for a woman', () => {
    near(clearance([creatinine(1), weight(72)], { ageYears: 60, sex: 'female' })?.measure.low, 68);
  });

  it('is the same in other units', () => {
    const twin = clearance([creatinine(88.42, 'umol/L'), weight(72_000, 'g')]);
    near(twin?.measure.high, 80);
  });

  it('is an interval where creatinine is one', () => {
    const found = clearance([result('2160-0', 0.5, 'mg/dL', '2026-11-01', '<'), weight(72)]);
    assert.equal(found, undefined);
  });

  it('spans two results that disagree on one date', () => {
    const two = [creatinine(1), { ...creatinine(2), id: 'other' }, weight(72)];
    const { low, high } = clearance(two)?.measure ?? {};
    near(low, 40);
    near(high, 80);
  });

  const standIns: readonly (readonly [string, readonly FhirResource[], Partial<Scope>])[] = [
    ['the weight is missing', [creatinine(1), egfr(50)], { ageYears: 60, sex: 'male' }],
    [
      'the weight is too old',
      [creatinine(1), weight(72, 'kg', '2025-01-01'), egfr(50)],
      { ageYears: 60, sex: 'male' },
    ],
    ['the sex is not known', [creatinine(1), weight(72), egfr(50)], { ageYears: 60 }],
    ['the age is not known', [creatinine(1), weight(72), egfr(50)], { sex: 'male' }],
    ['creatinine is missing', [weight(72), egfr(50)], { ageYears: 60, sex: 'male' }],
    [
      'creatinine has no unit that is known',
      [creatinine(1, 'furlong'), weight(72), egfr(50)],
      { ageYears: 60, sex: 'male' },
    ],
  ];
  for (const [situation, resources, more] of standIns) {
    it(`is eGFR as a stand-in, and says so, where ${situation}`, () => {
      const found = clearance(resources, more);
      assert.deepEqual([found?.measure.low, found?.standIn], [50, true]);
    });
  }

  const unknown: readonly (readonly [string, readonly FhirResource[], Partial<Scope>])[] = [
    ['nothing is recorded', [], { ageYears: 60, sex: 'male' }],
    ['weight and eGFR are missing', [creatinine(1)], { ageYears: 60, sex: 'male' }],
    [
      'everything is too old',
      [creatinine(1, 'mg/dL', '2025-11-21'), weight(72), egfr(50, '2025-11-21')],
      { ageYears: 60, sex: 'male' },
    ],
    [
      'the patient is a child',
      [creatinine(1), weight(30), egfr(50)],
      { ageYears: 12, sex: 'male' },
    ],
  ];
  for (const [situation, resources, more] of unknown) {
    it(`is not told where ${situation}`, () => {
      assert.equal(clearance(resources, more), undefined);
    });
  }

  it('uses a creatinine of exactly the last fresh day', () => {
    assert.ok(clearance([creatinine(1, 'mg/dL', '2025-11-22'), weight(72)]));
  });
});

describe('A fall of eGFR (D-5)', () => {
  const fell = (...values: readonly FhirResource[]) =>
    fellBy(scope(values), { sets: ['obs-egfr'], percent: 25, withinDays: 90 }).result;
  const rows: readonly (readonly [string, readonly FhirResource[], string])[] = [
    ['by a quarter exactly', [egfr(60, '2026-11-01'), egfr(80, '2026-10-01')], 'met'],
    ['by a little less', [egfr(60.1, '2026-11-01'), egfr(80, '2026-10-01')], 'notMet'],
    [
      'from a value more than 90 days before',
      [egfr(60, '2026-11-01'), egfr(80, '2026-08-02')],
      'unknown',
    ],
    ['from a value 90 days before', [egfr(60, '2026-11-01'), egfr(80, '2026-08-03')], 'met'],
    [
      'that has recovered since',
      [egfr(78, '2026-11-15'), egfr(50, '2026-11-01'), egfr(80, '2026-10-01')],
      'notMet',
    ],
    ['of long ago', [egfr(60, '2026-06-01'), egfr(80, '2026-05-01')], 'unknown'],
    ['from a single value', [egfr(60)], 'unknown'],
    ['without any value', [], 'unknown'],
  ];
  for (const [situation, values, expected] of rows) {
    it(`is ${expected} ${situation}`, () => assert.equal(fell(...values), expected));
  }
});

describe('Weeks of pregnancy now', () => {
  const weeks = (value: number, unit: string, date: string) =>
    gestationWeeks(scope([result('18185-9', value, unit, date)]), derived.gestation)?.measure;
  const rows: readonly (readonly [string, number, string, string, number | undefined])[] = [
    ['recorded today', 139, 'd', '2026-11-22', 139 / 7],
    ['recorded yesterday as 19 weeks and 6 days', 139, 'd', '2026-11-21', 20],
    ['recorded in weeks', 10, 'wk', '2026-09-13', 20],
    ['beyond the length of a pregnancy', 39, 'wk', '2026-09-01', undefined],
  ];
  for (const [situation, value, unit, date, expected] of rows) {
    it(`are ${expected ?? 'not told'} for an age ${situation}`, () => {
      assert.equal(weeks(value, unit, date)?.low, expected);
    });
  }

  it('are an interval for an age of a month only', () => {
    const found = weeks(10, 'wk', '2026-10');
    assert.deepEqual([found?.low, found?.high], [(70 + 22) / 7, (70 + 52) / 7]);
  });

  it('are not told without a record', () => {
    assert.equal(gestationWeeks(scope([]), derived.gestation), undefined);
  });
});
