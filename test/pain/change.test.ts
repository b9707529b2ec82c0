// What changed, on measures made for the test: words at their limits, per cent and response, which start and which pair count.
import assert from 'node:assert/strict';
import type { Finding } from '../../src/pain/finding.js';
import { change, previous, rule, type Situation, trial, word } from '../support/change-builder.js';
import { match, on } from '../support/findings.js';
import { ago, score } from '../support/follow-builder.js';

const measured = (findings: readonly Finding[], situation?: Situation) =>
  (change(findings, situation)?.measures ?? []).map(
    ({ since, from, to, word: name }) => `${since} ${from.value} ${to.value} ${name ?? '-'}`,
  );
const between = (before: number, after: number, situation?: Situation) =>
  change([score(before, 60), score(after, 2)], situation)?.measures[0];

describe('the change of a measure', () => {
  for (const [before, after, expected] of [
    [5, 7, 'worse 2 40 false false'],
    [5, 6.9, '- 1.9 38 false false'],
    [8, 4, 'half -4 -50 true true'],
    [8, 5, 'points -3 -38 true false'],
    [10, 7, 'points -3 -30 true false'],
    [10, 7.1, 'points -2.9 -29 false false'],
    [3, 2, '- -1 -33 true false'],
    [5, 5, '- 0 0 false false'],
    [0, 1, '- 1 undefined undefined undefined'],
    [0, 3, 'worse 3 undefined undefined undefined'],
  ] as const) {
    it(`from ${before} to ${after} is ${expected}`, () => {
      const found = between(before, after);
      const { reached30, reached50 } = found?.response ?? {};

      assert.equal(
        `${found?.word ?? '-'} ${found?.points} ${found?.percent} ${reached30} ${reached50}`,
        expected,
      );
    });
  }

  it('tells both scores with their records, and the sources of its word, else of the measure', () => {
    const found = between(8, 4);

    assert.deepEqual(
      [found?.measure, found?.label, found?.says, found?.sources],
      ['nrs', 'NRS', 'says half', ['of half']],
    );
    assert.equal(found?.from.finding?.reference, 'Observation/8-60');
    assert.equal(found?.to.date, ago(2));
    assert.deepEqual(between(5, 5)?.sources, ['of the measure']);
    assert.equal(between(5, 5)?.says, undefined);
  });

  it('has no response where the measure knows none', () => {
    assert.equal(between(8, 4, { measures: [rule({ hasResponse: false })] })?.response, undefined);
    assert.equal(between(0, 4)?.response, undefined);
    assert.equal(between(0, 4)?.percent, undefined);
  });

  it('falls by points alone where no per cent can be told', () => {
    const words = [word('percent', { fallPercent: 0 }), word('points', { fallPoints: -5 })];

    assert.equal(between(0, 4, { measures: [rule({ words })] })?.word, 'points');
    assert.equal(
      between(8, 7, { measures: [rule({ words: [word('none', {})] })] })?.word,
      undefined,
    );
  });
});

describe('where a change is counted from', () => {
  const scores = [score(8, 60), score(6, 30), score(4, 2)];

  it('is the start of the treatment that was started last and runs', () => {
    assert.deepEqual(measured(scores), ['treatment-start 8 4 half']);
    assert.deepEqual(measured(scores, { trials: [trial(30), trial(60)] }), [
      'treatment-start 6 4 points',
    ]);
    assert.deepEqual(measured(scores, { trials: [trial(60), trial(30)] }), [
      'treatment-start 6 4 points',
    ]);
    assert.deepEqual(measured(scores, { trials: [trial(60), trial(30, {}, false)] }), [
      'treatment-start 8 4 half',
    ]);
    assert.deepEqual(
      measured(scores, { trials: [trial(0, { onset: undefined, effective: on(ago(30)) })] }),
      ['treatment-start 6 4 points'],
    );
  });

  it('is none where no treatment runs or its start is known by the month', () => {
    assert.deepEqual(measured(scores, { trials: [] }), []);
    assert.deepEqual(measured(scores, { trials: [trial(0, { onset: on('2026-09') })] }), []);
    assert.deepEqual(measured(scores, { trials: [trial(0, { onset: undefined })] }), []);
    assert.deepEqual(measured(scores, { trials: [{ ...trial(60), findings: [] }] }), []);
  });

  it('is the previous evaluation too', () => {
    assert.deepEqual(measured(scores, { trials: [], previous: previous(20) }), [
      'previous-evaluation 6 4 points',
    ]);
    assert.deepEqual(measured(scores, { previous: previous(20) }), [
      'treatment-start 8 4 half',
      'previous-evaluation 6 4 points',
    ]);
    assert.deepEqual(
      measured([score(8, 51), score(4, 2)], { trials: [], previous: previous(20) }),
      [],
    );
    assert.deepEqual(
      measured([score(8, 50), score(4, 2)], { trials: [], previous: previous(20) }),
      ['previous-evaluation 8 4 half'],
    );
  });

  it('needs a score of a later day', () => {
    assert.deepEqual(measured([score(8, 60)]), []);
    assert.deepEqual(measured([score(8, 61), score(4, 60)]), []);
    assert.deepEqual(measured([score(8, 60), score(4, 59)]), ['treatment-start 8 4 half']);
  });

  it('is by the instrument that was measured last', () => {
    const vas = (value: number, days: number) => ({
      ...score(value, days),
      matches: [match('nrs', { display: 'VAS' })],
    });

    assert.deepEqual(measured([score(8, 60), score(4, 9), vas(6, 60), vas(6, 2)]), [
      'treatment-start 6 6 -',
    ]);
    assert.deepEqual(measured([score(8, 60), score(4, 2), vas(6, 60), vas(6, 9)]), [
      'treatment-start 8 4 half',
    ]);
  });
});
