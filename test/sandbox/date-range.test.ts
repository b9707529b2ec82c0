import assert from 'node:assert/strict';
import { matchesDate, parseDateRange, rangeOf } from '../../src/sandbox/date-range.js';

const ms = (text: string) => Date.parse(text);

describe('parseDateRange', () => {
  const rows: [string, string, string][] = [
    ['2020', '2020-01-01T00:00:00Z', '2021-01-01T00:00:00Z'],
    ['2020-02', '2020-02-01T00:00:00Z', '2020-03-01T00:00:00Z'],
    ['2020-12', '2020-12-01T00:00:00Z', '2021-01-01T00:00:00Z'],
    ['2020-02-29', '2020-02-29T00:00:00Z', '2020-03-01T00:00:00Z'],
    ['2020-02-29T10:30Z', '2020-02-29T10:30:00Z', '2020-02-29T10:31:00Z'],
    ['2020-02-29T10:30:15+02:00', '2020-02-29T08:30:15Z', '2020-02-29T08:30:16Z'],
    ['2020-02-29T10:30:15.250-01:30', '2020-02-29T12:00:15.250Z', '2020-02-29T12:00:15.251Z'],
    ['0050-01-01', '0050-01-01T00:00:00Z', '0050-01-02T00:00:00Z'],
  ];
  for (const [text, low, high] of rows) {
    it(`reads ${text}`, () => {
      assert.deepEqual(parseDateRange(text), { low: ms(low), high: ms(high) });
    });
  }

  for (const text of ['', '20', '2020-13', '2019-02-29', '2020-01-01T24:00:00Z', '2020-1-1', 'x']) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      assert.equal(parseDateRange(text), undefined);
    });
  }
});

describe('rangeOf', () => {
  it('leaves the missing end of a period open', () => {
    assert.deepEqual(rangeOf({ start: '2020' }), { low: ms('2020-01-01'), high: Infinity });
    assert.deepEqual(rangeOf({ end: '2020' }), { low: -Infinity, high: ms('2021-01-01') });
  });

  it('refuses a period with an unreadable end', () => {
    assert.equal(rangeOf({ start: '2020', end: 'soon' }), undefined);
  });
});

describe('matchesDate', () => {
  // Resource value, searched value, and the prefixes that match.
  const rows: [string, string, string][] = [
    ['2020-03-05', '2020-03-05', 'eq ge le'],
    ['2020-03-05', '2020-03', 'eq ge le'],
    ['2020-03', '2020-03-05', 'ne gt lt ge le'],
    ['2020', '2020-03', 'ne gt lt ge le'],
    ['2020-03-06', '2020-03-05', 'ne gt ge sa'],
    ['2020-03-04', '2020-03-05', 'ne lt le eb'],
    ['2020-03', '2020-03-01', 'ne gt ge'],
    ['2020-03', '2020-03-31', 'ne lt le'],
  ];
  for (const [target, search, expected] of rows) {
    it(`answers ${expected} for ${target} against ${search}`, () => {
      const [a, b] = [parseDateRange(target), parseDateRange(search)];
      assert.ok(a && b);

      const hits = (['eq', 'ne', 'gt', 'lt', 'ge', 'le', 'sa', 'eb'] as const).filter((prefix) =>
        matchesDate(a, prefix, b),
      );

      assert.equal(hits.join(' '), expected);
    });
  }
});
