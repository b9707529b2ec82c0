// Numbers computed from findings: the values of a set by date, weeks of pregnancy in words, morphine equivalents as they are said.
import assert from 'node:assert/strict';
import { gestationWeeks } from '../../src/pain/derived/gestation-weeks.js';
import { newestValue, valuesOf } from '../../src/pain/derived/newest-value.js';
import type { Finding } from '../../src/pain/finding.js';
import { opioidLoadOf } from '../../src/pain/opioid-load.js';
import { finding, measure, on, realKnowledge, scopeOf } from '../support/findings.js';

const value = (low: number, date: string, more: Partial<Finding> = {}): Finding =>
  finding('lab', {
    reference: `Observation/${low}-${date}`,
    source: 'observation',
    measure: measure(low),
    effective: on(date),
    ...more,
  });
const brief = (findings: readonly Finding[]) =>
  valuesOf(scopeOf(findings), 'lab').map(
    ({ low, high, findings: used }) => `${low} ${high} of ${used.length}`,
  );

describe('the values of a set', () => {
  it('stand by date, newest first, an interval where one date has two', () => {
    assert.deepEqual(
      brief([
        value(3, '2026-11-01'),
        value(9, '2026-11-20'),
        value(5, '2026-11-20'),
        value(1, '2026-11-10'),
      ]),
      ['5 9 of 2', '1 1 of 1', '3 3 of 1'],
    );
  });

  for (const [situation, more] of [
    ['text', { basis: 'text' }],
    ['without a number', { measure: undefined }],
    ['without a date', { effective: undefined }],
  ] as const) {
    it(`are none ${situation}`, () => {
      assert.deepEqual(brief([value(3, '2026-11-01', more)]), []);
    });
  }

  it('are of that set alone, and the newest counts only while it is fresh', () => {
    const scope = scopeOf([value(3, '2026-11-12'), value(8, '2026-10-01')]);

    assert.equal(newestValue(scope, 'lab', 10)?.low, 3);
    assert.equal(newestValue(scope, 'lab', 9), undefined);
    assert.equal(newestValue(scope, 'other', 10), undefined);
  });
});

describe('the weeks of a pregnancy', () => {
  const rules = { set: 'lab', maximumWeeks: 44 };
  const weeks = (...findings: readonly Finding[]) => gestationWeeks(scopeOf(findings), rules);

  it('are those recorded and the days since, in whole days', () => {
    const found = weeks(value(165, '2026-11-20T10:00:00Z'));

    assert.equal(found?.measure.text, '23+6');
    assert.equal(found?.measure.low, 167 / 7);
    assert.deepEqual([found?.measure.lowOpen, found?.measure.highOpen], [false, false]);
  });

  it('are an interval where the date is coarse', () => {
    assert.equal(weeks(value(100, '2026-11'))?.measure.text, '14+2–17+2');
  });

  it('end where a pregnancy must be over', () => {
    const moment = '2026-11-22T10:00:00Z';

    assert.equal(weeks(value(44 * 7, moment))?.measure.text, '44+0');
    assert.equal(weeks(value(44 * 7 + 1, moment)), undefined);
  });

  it('are unknown without a value, or where it is open', () => {
    assert.equal(weeks(), undefined);
    const open = measure(100, Number.POSITIVE_INFINITY);
    assert.equal(weeks(value(100, '2026-11-20', { measure: open })), undefined);
    const below = measure(Number.NEGATIVE_INFINITY, 100);
    assert.equal(weeks(value(100, '2026-11-20', { measure: below })), undefined);
  });
});

describe('the opioid load', () => {
  const { stepwise } = realKnowledge();
  const derived = (low: number, high = low, findings = [value(low, '2026-11-20')]) => ({
    measure: measure(low, high),
    findings,
    standIn: false,
  });
  const load = (...args: Parameters<typeof derived>) =>
    opioidLoadOf(derived(...args), stepwise, undefined);

  it('is the least that is taken, exact or not, with the records', () => {
    assert.deepEqual([load(30)?.mmePerDay, load(30)?.isExact], [30, true]);
    assert.deepEqual([load(30, 60)?.mmePerDay, load(30, 60)?.isExact], [30, false]);
    assert.equal(load(30)?.findings.length, 1);
    assert.equal(load(30)?.source, stepwise.texts.opioidSource);
  });

  it('is none where nothing is taken or no dose is told', () => {
    assert.equal(opioidLoadOf(undefined, stepwise, undefined), undefined);
    assert.equal(load(0, 30), undefined);
    assert.equal(load(30, 30, []), undefined);
  });

  it('stands beside that of the previous evaluation where one is known', () => {
    const before = { evaluatedAt: '2026-10-01T00:00:00Z', problems: [] };

    assert.equal(
      opioidLoadOf(derived(30), stepwise, { ...before, mmePerDay: 0 })?.previousMmePerDay,
      0,
    );
    assert.equal(opioidLoadOf(derived(30), stepwise, before)?.previousMmePerDay, undefined);
  });
});
