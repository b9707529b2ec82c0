// FHIR dates as intervals: precision, zones, windows and their edges.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  ageInDays,
  isFuture,
  isWithin,
  parseFhirDate,
  type Truth,
} from '../../src/pain/fhir-date.js';
import { NOW_MS, on } from '../support/findings.js';

const iso = (ms: number): string => new Date(ms).toISOString();

describe('parseFhirDate', () => {
  const intervals: readonly (readonly [string, string, string])[] = [
    ['2026', '2026-01-01T00:00:00.000Z', '2027-01-01T00:00:00.000Z'],
    ['2026-03', '2026-03-01T00:00:00.000Z', '2026-04-01T00:00:00.000Z'],
    ['2026-12', '2026-12-01T00:00:00.000Z', '2027-01-01T00:00:00.000Z'],
    ['2026-03-29', '2026-03-29T00:00:00.000Z', '2026-03-30T00:00:00.000Z'],
    ['2024-02-29', '2024-02-29T00:00:00.000Z', '2024-03-01T00:00:00.000Z'],
    ['2026-03-01T23:30:00', '2026-03-01T00:00:00.000Z', '2026-03-02T00:00:00.000Z'],
    ['2026-03-01T23:30:00-08:00', '2026-03-02T07:30:00.000Z', '2026-03-02T07:30:00.000Z'],
    ['2026-03-02T01:00:00+01:00', '2026-03-02T00:00:00.000Z', '2026-03-02T00:00:00.000Z'],
    ['2026-03-02T01:00:00.123Z', '2026-03-02T01:00:00.123Z', '2026-03-02T01:00:00.123Z'],
  ];
  for (const [text, start, end] of intervals) {
    it(`reads ${text} as ${start} to ${end}`, () => {
      const date = on(text);

      assert.deepEqual([date.text, iso(date.startMs), iso(date.endMs)], [text, start, end]);
    });
  }

  const refused: readonly unknown[] = [
    '',
    'yesterday',
    '26-03-01',
    '2026-13',
    '2026-00',
    '2026-3-1',
    '2026-02-30',
    '2025-02-29',
    '2026-03-32',
    '2026-03-00',
    '0000',
    '2026-03-01T25:00:00Z',
    '2026-02-30T10:00:00Z',
    '2026-03-01 10:00',
    '2026/03/01',
    '2026-03-0a',
    '٢٠٢٦-03-01',
    `2026-03-01T${'0'.repeat(60)}Z`,
    20260301,
    null,
    undefined,
    {},
    ['2026'],
  ];
  for (const value of refused) {
    it(`refuses ${JSON.stringify(value)?.slice(0, 40)}`, () => {
      assert.equal(parseFhirDate(value), undefined);
    });
  }
});

describe('parseFhirDate beside Date.parse', () => {
  const two = (value: number): string => String(value).padStart(2, '0');
  const part = (most: number) => fc.integer({ min: 0, max: most }).map(two);
  const zone = fc.oneof(
    fc.constantFrom('Z', '+00:00', '-00:00', '+05:30', '-12:00', '+14:00', '+24:00', '+01:60', 'z'),
    fc.tuple(fc.constantFrom('+', '-'), part(25), part(61)).map(([s, h, m]) => `${s}${h}:${m}`),
  );
  const fraction = fc.oneof(
    fc.constant(''),
    fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 1, maxLength: 9 }),
  );
  const instant = fc
    .tuple(fc.integer({ min: 1000, max: 9999 }), part(13), part(32), part(25), part(61))
    .chain(([y, mo, d, h, mi]) =>
      fc
        .tuple(part(61), fraction, zone)
        .map(([s, f, z]) => `${y}-${mo}-${d}T${h}:${mi}:${s}${f === '' ? '' : `.${f}`}${z}`),
    );

  it('reads the same moment wherever the day exists', () => {
    fc.assert(
      fc.property(instant, (text) => {
        const date = parseFhirDate(text);
        const isZoned = /(Z|[+-]\d\d:\d\d)$/.test(text);
        if (date && isZoned) assert.equal(date.startMs, Date.parse(text), text);
        if (!date && isZoned) {
          const isDay = parseFhirDate(text.slice(0, 10)) !== undefined;
          assert.ok(!isDay || Number.isNaN(Date.parse(text)), text);
        }
      }),
      { numRuns: 3000 },
    );
  });

  it('reads the first and last moment of days around leap days and centuries', () => {
    for (const day of ['1899-12-31', '1900-02-28', '1970-01-01', '2000-02-29', '2100-03-01']) {
      for (const time of ['T00:00:00Z', 'T23:59:59.999Z', 'T24:00:00Z', 'T10:00Z']) {
        const text = `${day}${time}`;
        assert.equal(on(text).startMs, Date.parse(text), text);
      }
    }
  });
});

describe('ageInDays', () => {
  const ages: readonly (readonly [string, number, number])[] = [
    ['2026-11-22', 0, 0],
    ['2026-11-21', 1, 1],
    ['2026-10', 22, 52],
    ['2026-11-21T10:00:00Z', 1, 1],
    ['2026-11-21T22:00:00Z', 0.5, 0.5],
  ];
  for (const [text, least, most] of ages) {
    it(`gives ${text} at least ${least} and at most ${most} days`, () => {
      assert.deepEqual(ageInDays(on(text), NOW_MS), { least, most });
    });
  }
});

describe('isWithin', () => {
  const windows: readonly (readonly [string, number, Truth])[] = [
    ['2026-10-23', 30, 'met'],
    ['2026-10-22', 30, 'notMet'],
    ['2026-10-23T10:00:00Z', 30, 'met'],
    ['2026-10-23T09:59:59Z', 30, 'notMet'],
    ['2026-10', 30, 'unknown'],
    ['2026-10', 60, 'met'],
    ['2026-09', 30, 'notMet'],
    ['2026', 90, 'unknown'],
    ['2025-11-22', 365, 'met'],
    ['2025-11-21', 365, 'notMet'],
  ];
  for (const [text, days, truth] of windows) {
    it(`is ${truth} for ${text} and ${days} days`, () => {
      assert.equal(isWithin(on(text), NOW_MS, days), truth);
    });
  }

  it('is unknown without a date', () => {
    assert.equal(isWithin(undefined, NOW_MS, 30), 'unknown');
  });
});

describe('isFuture', () => {
  const moments: readonly (readonly [string, boolean])[] = [
    ['2026-11-22T10:05:00Z', false],
    ['2026-11-22T10:05:01Z', true],
    ['2026-11-22T12:04:00+02:00', false],
    ['2026-11-22', false],
    ['2026-11-23', true],
    ['2026-11', false],
    ['2026-12', true],
    ['2026', false],
    ['2027', true],
  ];
  for (const [text, future] of moments) {
    it(`is ${future} for ${text}`, () => assert.equal(isFuture(on(text), NOW_MS), future));
  }
});
