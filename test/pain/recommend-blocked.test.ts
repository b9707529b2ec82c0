// What blocked drugs do to the other lines of guidance (CO-5, CO-6), on guidance made for the test. Must not load cards/.
import assert from 'node:assert/strict';
import type { GuidanceLine } from '../../src/pain/knowledge.js';
import {
  advice,
  advise,
  check,
  line,
  result,
  type Situation,
  said,
} from '../support/guidance-builder.js';

describe('CO-5 the alternative of a blocked drug', () => {
  const blocked = result('blocked', [check('blocked')]);
  const withOthers = (others: readonly GuidanceLine[], results: Situation['results'] = {}) =>
    said([line('a'), ...others], { results: { a: blocked, ...results } })[0];

  it('is the earliest that passes, clear before caution', () => {
    const lines = [line('c', { order: 2 }), line('d'), line('b')];
    const caution = result('caution', [check('caution')]);

    assert.equal(
      withOthers(lines, { b: result('clear'), c: result('clear'), d: caution }),
      'a withheld (blocked message) else b',
    );
    assert.equal(
      withOthers(lines, { b: blocked, c: result('clear'), d: caution }),
      'a withheld (blocked message) else d',
    );
  });

  it('is never one of the third line, another kind, or the same treatment', () => {
    const results = { b: result('clear'), 'a again': result('clear') };
    const same = line('a again');
    const again = { ...same, as: { ...same.as, offered: advice('a', 'offered') } };

    assert.equal(withOthers([line('b', { order: 3 })], results), 'a withheld (blocked message)');
    assert.equal(
      withOthers([line('b', { kind: 'referral' })], results),
      'a withheld (blocked message)',
    );
    assert.equal(withOthers([again], results), 'a withheld (blocked message)');
  });

  it('is none for what is blocked and no drug', () => {
    assert.deepEqual(
      said([line('a', { kind: 'procedure' }), line('b')], {
        results: { a: blocked, b: result('clear') },
      })[0],
      'a withheld (blocked message)',
    );
  });

  it('is none for what is taken already', () => {
    assert.equal(
      said([line('a'), line('b')], {
        results: { a: { ...blocked, isTaken: true }, b: result('clear') },
      })[0],
      'a withheld (blocked message)',
    );
  });
});

describe('CO-6 blocked first lines', () => {
  const blocked = result('blocked', [check('blocked')]);
  const lines = [
    line('first'),
    line('second', { order: 2 }),
    line('third', { order: 3 }),
    line('referral', { kind: 'referral', order: 3 }),
  ];
  const passing = { second: result('clear'), third: result('clear'), referral: result('clear') };
  const slid = ['first withheld (blocked message) else second', 'second offered'];

  it('are said, and make an offer of the third line a caution', () => {
    const situation = { results: { ...passing, first: blocked } };

    assert.deepEqual(said(lines, situation), [
      ...slid,
      'third caution (first line blocked)',
      'referral offered',
    ]);
    assert.deepEqual(advise(lines, situation).remarks, ['first line blocked']);
  });

  it('leave a third line that is no offer as it is', () => {
    assert.equal(
      said(lines, { results: { ...passing, first: blocked, third: blocked } })[2],
      ['third withheld (blocked message) else second'].join(),
    );
  });

  for (const [situation, first, other] of [
    ['one of them passes', blocked, result('clear')],
    ['one of them passes with caution', blocked, result('caution', [check('caution')])],
    ['one of them waits for a datum', blocked, result('unknown')],
    ['one of them is taken already', blocked, { ...blocked, isTaken: true }],
    ['none of them is blocked', result('unknown'), result('unknown')],
  ] as const) {
    it(`are not said where ${situation}`, () => {
      const { remarks, recommendations } = advise([...lines, line('other')], {
        results: { ...passing, first, other },
      });

      assert.deepEqual(remarks, []);
      assert.equal(recommendations[2]?.status, 'offered');
    });
  }

  it('do not count where guidance advises against them or the article alone names them', () => {
    const unadvised = [
      line('against', { strength: 'strong-against' }),
      line('article', { origin: 'article-only' }),
    ];

    assert.deepEqual(
      advise([...lines, ...unadvised], { results: { ...passing, first: blocked } }).remarks,
      ['first line blocked'],
    );
  });
});
