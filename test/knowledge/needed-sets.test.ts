// What an expression cannot do without.
import assert from 'node:assert/strict';
import { decidingSets, neededSets } from '../../src/knowledge/needed-sets.js';
import type { Expression } from '../../src/pain/expression.js';

const has = (...sets: string[]): Expression => ({ op: 'has', sets });
const old: Expression = { op: 'age', compare: '>=', limit: 60 };
const cases: readonly (readonly [string, Expression, readonly (readonly string[])[]])[] = [
  ['a look-up', has('a', 'b'), [['a', 'b']]],
  ['both of two look-ups', { op: 'and', terms: [has('a'), has('b')] }, [['a'], ['b']]],
  ['a look-up beside an age', { op: 'and', terms: [old, has('a')] }, [['a']]],
  ['one of two look-ups', { op: 'or', terms: [has('a'), has('b')] }, [['a', 'b']]],
  ['a look-up or an age', { op: 'or', terms: [has('a'), old] }, []],
  [
    'a look-up with one of two pairs',
    {
      op: 'and',
      terms: [
        has('a'),
        {
          op: 'or',
          terms: [
            { op: 'and', terms: [has('b'), has('c')] },
            { op: 'and', terms: [has('d'), old] },
          ],
        },
      ],
    },
    [['a'], ['b', 'c', 'd']],
  ],
  ['something missing', { op: 'missing', term: has('a') }, []],
  ['a negation', { op: 'not', term: has('a') }, []],
  ['a count', { op: 'count', terms: [has('a')], compare: '>=', limit: 1 }, []],
];

describe('neededSets', () => {
  for (const [situation, expression, expected] of cases) {
    it(`answers ${JSON.stringify(expected)} for ${situation}`, () => {
      assert.deepEqual(neededSets(expression), expected);
    });
  }
});

const deciding: readonly (readonly [string, Expression, readonly string[] | undefined])[] = [
  ['a look-up', has('a', 'b'), ['a', 'b']],
  ['look-ups only', { op: 'or', terms: [has('a'), { op: 'not', term: has('b') }] }, ['a', 'b']],
  ['a look-up beside an age', { op: 'and', terms: [old, has('a')] }, undefined],
  ['something missing', { op: 'missing', term: has('a') }, undefined],
  ['all findings of the patient', { op: 'sameSite', sets: ['a'] }, undefined],
  ['a count', { op: 'count', terms: [has('a')], compare: '<', limit: 1 }, undefined],
];

describe('decidingSets', () => {
  for (const [situation, expression, expected] of deciding) {
    it(`answers ${JSON.stringify(expected)} for ${situation}`, () => {
      assert.deepEqual(decidingSets(expression), expected);
    });
  }
});
