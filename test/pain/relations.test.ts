// How findings lie to each other: sides, places, dates, encounters.
import assert from 'node:assert/strict';
import type { Finding } from '../../src/pain/finding.js';
import {
  dateOf,
  datesFit,
  isLinked,
  placesFit,
  share,
  sidesFit,
  unique,
} from '../../src/pain/relations.js';
import type { Side } from '../../src/pain/terms.js';
import { finding, on } from '../support/findings.js';

const at = (date: string, more: Partial<Finding> = {}) =>
  finding('s', { onset: on(date), ...more });

describe('relations of findings', () => {
  for (const [a, b, fits] of [
    ['left', 'left', true],
    ['left', 'right', false],
    ['left', 'bilateral', true],
    ['left', undefined, true],
    [undefined, undefined, true],
  ] as readonly (readonly [Side | undefined, Side | undefined, boolean])[]) {
    it(`${a} and ${b} are ${fits ? '' : 'not '}one place`, () => {
      assert.equal(sidesFit(a, b), fits);
      assert.equal(sidesFit(b, a), fits);
    });
  }

  for (const [a, b, fits] of [
    [['knee', 'hip'], ['hip'], true],
    [['knee'], ['hip'], false],
    [['generalised'], ['hip'], true],
    [['generalised'], [], false],
    [[], [], false],
  ] as const) {
    it(`${a.join(' ') || 'nowhere'} and ${b.join(' ') || 'nowhere'} do ${fits ? '' : 'not '}overlap`, () => {
      assert.equal(placesFit(a, b), fits);
      assert.equal(placesFit(b, a), fits);
    });
  }

  it('share what both have', () => {
    assert.ok(share(['a', 'b'], ['b']));
    assert.ok(!share(['a'], ['b']));
    assert.deepEqual(unique(['a', 'b', 'a']), ['a', 'b']);
  });

  it('are dated by their onset, else by their record', () => {
    assert.equal(dateOf(at('2026-01-01', { effective: on('2026-05-01') }))?.text, '2026-01-01');
    assert.equal(dateOf(finding('s', { effective: on('2026-05-01') }))?.text, '2026-05-01');
    assert.equal(dateOf(finding('s')), undefined);
  });

  it('fit in time within the days, whichever is first', () => {
    const fits = (a: string, b: string) => [datesFit(on(a), on(b), 10), datesFit(on(b), on(a), 10)];

    assert.deepEqual(fits('2026-05-01', '2026-05-12'), [true, true]);
    assert.deepEqual(fits('2026-05-01', '2026-05-13'), [false, false]);
    assert.deepEqual(fits('2026-05', '2026-06-10'), [true, true]);
    assert.deepEqual(fits('2026-05-01T00:00:00Z', '2026-05-11T00:00:00Z'), [true, true]);
    assert.deepEqual(fits('2026-05-01T00:00:00Z', '2026-05-11T00:00:01Z'), [false, false]);
    assert.equal(datesFit(on('2026-05-01'), undefined, 10), undefined);
    assert.equal(datesFit(undefined, on('2026-05-01'), 10), undefined);
  });

  it('are linked by an encounter or their dates', () => {
    const visit = { encounter: 'Encounter/1' };

    assert.ok(isLinked(finding('s', visit), finding('s', visit), 10));
    assert.ok(!isLinked(finding('s', visit), finding('s', { encounter: 'Encounter/2' }), 10));
    assert.ok(!isLinked(finding('s'), finding('s'), 10));
    assert.ok(isLinked(at('2026-05-01'), at('2026-05-05'), 10));
    assert.ok(!isLinked(at('2026-05-01'), at('2026-08-05'), 10));
    assert.ok(!isLinked(at('2026-05-01'), finding('s'), 10));
  });
});
