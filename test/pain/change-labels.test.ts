// What changed in the labels since the previous evaluation, when that asks to classify again, and when to look again.
import assert from 'node:assert/strict';
import { labelChanges, nextEvaluationOf } from '../../src/pain/change.js';
import type { PreviousEvaluation } from '../../src/pain/progress.js';
import { plain } from '../../src/pain/scope.js';
import { change, previous, rule, word } from '../support/change-builder.js';
import { known, NOW, NOW_MS, scopeOf } from '../support/findings.js';
import { ago, score } from '../support/follow-builder.js';

describe('the change of labels', () => {
  const said = (now: readonly (readonly [string, string])[], before: readonly string[]) =>
    labelChanges(
      { region: 'knee', side: 'left' },
      now.map(([category, grade]) => ({ category, grade })) as never,
      {
        evaluatedAt: NOW.toISOString(),
        problems: [
          { region: 'knee', side: 'right', categories: ['cancer:definite'] },
          { region: 'hip', side: 'left', categories: ['cancer:definite'] },
          { region: 'knee', side: 'left', categories: before },
        ],
      } as PreviousEvaluation,
    ).map(
      ({ category, change: how, from, to }) => `${category} ${how} ${from ?? '-'} ${to ?? '-'}`,
    );

  it('is new, gone, up or down, of the pain at the same place', () => {
    assert.deepEqual(
      said(
        [
          ['inflammatory', 'probable'],
          ['neuropathic', 'possible'],
          ['other', 'possible'],
          ['spasmodic', 'probable'],
        ],
        [
          'inflammatory:possible',
          'neuropathic:definite',
          'psychogenic:possible',
          'spasmodic:probable',
        ],
      ),
      [
        'inflammatory up possible probable',
        'neuropathic down definite possible',
        'other new - possible',
        'psychogenic gone possible -',
      ],
    );
  });

  it('is none where several pains could be it, or none', () => {
    const two = {
      evaluatedAt: '',
      problems: [{ categories: ['other:possible'] }, { categories: [] }],
    };

    assert.deepEqual(labelChanges({}, [], two), []);
    assert.deepEqual(labelChanges({ region: 'head' }, [], two), []);
    assert.equal(labelChanges({}, [], { ...two, problems: two.problems.slice(0, 1) }).length, 1);
  });
});

describe('a change', () => {
  it('is none where nothing can be said', () => {
    assert.equal(change([]), undefined);
    assert.equal(change([], { previous: previous(20) }), undefined);
    assert.deepEqual(known(change([], { isGoal: true })), {
      measures: [],
      labels: [],
      isGoalReached: true,
    });
  });

  it('says since which evaluation, where there was one', () => {
    assert.equal(
      change([], { isGoal: true, previous: previous(20) })?.previousAt,
      `${ago(20)}T10:00:00Z`,
    );
  });

  for (const [situation, advice, found] of [
    ['a word that asks for it', true, () => change([score(5, 60), score(7, 2)])],
    ['another word', false, () => change([score(8, 60), score(4, 2)])],
    ['no word', false, () => change([score(5, 60), score(5, 2)])],
    [
      'that word of another measure',
      false,
      () =>
        change([score(5, 60), score(7, 2)], {
          measures: [
            rule({ words: [word('worse', { risePoints: 2 })] }),
            rule({ id: 'x', sets: ['x'] }),
          ],
        }),
    ],
    [
      'a new label',
      true,
      () =>
        change([], {
          previous: previous(20),
          classifications: [{ category: 'other', grade: 'possible' }],
        }),
    ],
    [
      'a label that is gone',
      false,
      () => change([], { previous: previous(20, ['other:possible']) }),
    ],
    [
      'a new label beside one that is gone',
      true,
      () =>
        change([], {
          previous: previous(20, ['cancer:possible']),
          classifications: [{ category: 'other', grade: 'possible' }],
        }),
    ],
  ] as const) {
    it(`${advice ? 'asks' : 'does not ask'} to classify again for ${situation}`, () => {
      assert.equal(found()?.advice, advice ? 'classify again' : undefined);
      assert.equal(found()?.advice !== undefined, advice);
    });
  }
});

describe('when to look again', () => {
  it('is the first row that holds', () => {
    const row = (id: string, judge = () => plain.met) => ({
      id,
      judge,
      text: id,
      fromDays: 1,
      toDays: 2,
      sources: [],
    });
    const next = (...intervals: readonly ReturnType<typeof row>[]) =>
      nextEvaluationOf(scopeOf([], { nowMs: NOW_MS }), { intervals });

    assert.deepEqual(
      next(
        row('no', () => plain.unknown),
        row('first'),
        row('second'),
      ),
      { id: 'first', text: 'first', fromDays: 1, toDays: 2, sources: [] },
    );
    assert.equal(next(), undefined);
  });
});
