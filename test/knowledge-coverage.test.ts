// No part of the knowledge is without a clinical case that exercises it. `npm run knowledge-coverage` prints the counts.
import assert from 'node:assert/strict';
import {
  type CaseCounts,
  type Exercised,
  exerciseKnowledge,
  unexercised,
} from './support/knowledge-coverage.js';

const KINDS = [
  'criterion',
  'grade',
  'contradiction',
  'subtype by expression',
  'stage',
  'what would raise',
  'note',
  'coexistence rule',
  'modifier',
  'red flag trigger',
  'red flag not assessed',
  'ask-next line',
  'recommendation line',
  'safety check',
  'order rule',
  'step rule',
  'step question',
  'ordering rule',
  'exception and goal',
  'interval',
  'trial',
  'word of change',
];

describe('the coverage of the knowledge', () => {
  let exercised: Exercised;
  let counts: CaseCounts;

  before(() => {
    ({ exercised, counts } = exerciseKnowledge());
  });

  it('looks at every kind of rule and line', () => {
    assert.deepEqual([...exercised.keys()].sort(), [...KINDS].sort());
  });

  for (const kind of KINDS) {
    it(`has a case for each: ${kind}`, () => {
      assert.deepEqual(unexercised(exercised).get(kind), []);
    });
  }

  it('rests on 300 clinical cases and more', () => {
    assert.ok((counts['clinical cases'] ?? 0) >= 300);
  });
});
