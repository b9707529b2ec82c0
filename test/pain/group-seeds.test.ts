// Groups of seeds on knowledge made for the test: what hurts at all, what belongs together.
import assert from 'node:assert/strict';
import {
  addUnplacedDiseases,
  addUnplacedPain,
  type Group,
  groupPlaced,
} from '../../src/pain/group-seeds.js';
import { hurtsThere, type Seed } from '../../src/pain/seed.js';
import { match } from '../support/findings.js';
import { at, namesOf, seed } from '../support/seed-builder.js';

const groupsIn = (groups: readonly Group[]) => groups.map(({ seeds }) => namesOf(seeds));

describe('a disease that may be silent', () => {
  const rows: readonly (readonly [string, Seed, readonly Seed[], readonly Seed[], boolean])[] = [
    ['beside nothing', seed('silent', 'a'), [], [], false],
    [
      'beside a pain that opens alone',
      seed('silent', 'a', at('knee')),
      [],
      [seed('pain', 'b', at('hip'))],
      true,
    ],
    [
      'with a place, beside a pain there',
      seed('silent', 'a', at('knee')),
      [seed('disease', 'b', at('knee'))],
      [],
      true,
    ],
    [
      'with a place, beside a pain elsewhere',
      seed('silent', 'a', at('knee')),
      [seed('pain', 'b', at('hip'))],
      [],
      false,
    ],
    [
      'without a place, beside unspecified pain',
      seed('silent', 'a'),
      [seed('pain', 'b', at('hip'))],
      [],
      true,
    ],
    [
      'without a place, beside another disease',
      seed('silent', 'a'),
      [seed('disease', 'b', at('hip'))],
      [],
      false,
    ],
    [
      'often silent, beside unspecified pain elsewhere',
      seed('often', 'a'),
      [seed('pain', 'b', at('hip'))],
      [],
      false,
    ],
    [
      'often silent, beside a pain there',
      seed('often', 'a', at('knee')),
      [seed('pain', 'b', at('knee'))],
      [],
      true,
    ],
    [
      'often silent, beside a pain there that opens alone',
      seed('often', 'a', at('knee')),
      [],
      [seed('pain', 'b', at('knee'))],
      true,
    ],
    [
      'often silent, beside a pain elsewhere that opens alone',
      seed('often', 'a', at('knee')),
      [],
      [seed('pain', 'b', at('hip'))],
      false,
    ],
    [
      'often silent, beside a pain of the other side',
      seed('often', 'a', { ...at('knee'), side: 'left' }),
      [seed('pain', 'b', { ...at('knee'), side: 'right' })],
      [],
      false,
    ],
    [
      'silent in one set and often in another',
      seed('silent', 'a', { matches: [match('often'), match('silent')] }),
      [seed('pain', 'b', at('hip'))],
      [],
      true,
    ],
  ];
  for (const [situation, of, painful, alone, hurts] of rows) {
    it(`${hurts ? 'hurts' : 'does not hurt'} ${situation}`, () => {
      assert.equal(hurtsThere(of, painful, alone.length > 0 ? [{ seeds: alone }] : []), hurts);
    });
  }
});

describe('groups', () => {
  it('join what a seed belongs to, and put unspecified pain where it is before where it may come from', () => {
    const spine = seed('disease', 'spine', at('spine'));
    const leg = seed('disease', 'leg', at('leg'));
    const bridge = seed('disease', 'bridge', at('leg', 'spine'));
    const pain = seed('pain', 'pain', at('leg'));

    assert.deepEqual(groupsIn(groupPlaced([pain, spine, leg], 90)), ['spine', 'leg pain']);
    assert.deepEqual(groupsIn(groupPlaced([pain, spine], 90)), ['spine pain']);
    assert.deepEqual(groupsIn(groupPlaced([pain], 90)), ['pain']);
    assert.deepEqual(groupsIn(groupPlaced([spine, leg, bridge], 90)), ['spine bridge leg']);
  });

  it('of a disease without a place take unspecified pain where it may show', () => {
    const taking = (disease: Seed, ...placed: readonly Group[]) => {
      const groups = [...placed];
      addUnplacedDiseases(groups, [disease]);
      return groupsIn(groups);
    };
    const hand = () => ({ seeds: [seed('pain', 'hand', at('hand'))] });
    const head = () => ({ seeds: [seed('pain', 'head', at('head'))] });
    const known = () => ({
      seeds: [seed('pain', 'known', at('hand')), seed('disease', 'k', at('hand'))],
    });

    assert.deepEqual(taking(seed('disease', 'a'), hand(), head()), ['head', 'a hand']);
    assert.deepEqual(taking(seed('disease', 'a'), known()), ['known k', 'a']);
    assert.deepEqual(taking(seed('silent', 'a'), head()), ['a head']);
    assert.deepEqual(taking(seed('silent', 'a'), head(), hand()), ['head', 'hand', 'a']);
  });

  it('of one disease without a place are one', () => {
    const groups: Group[] = [];

    addUnplacedDiseases(groups, [seed('disease', 'a'), seed('silent', 'b'), seed('disease', 'c')]);

    assert.deepEqual(groupsIn(groups), ['a c', 'b']);
  });

  it('take pain without a place by its encounter, or where they are the only one', () => {
    const visit = { encounter: 'Encounter/1' };
    const first = () => ({
      seeds: [seed('disease', 'x', at('hip')), seed('disease', 'a', { ...at('hip'), ...visit })],
    });
    const second = () => ({ seeds: [seed('disease', 'b', at('knee'))] });
    const added = (pain: Seed, ...groups: Group[]) => {
      const left = addUnplacedPain(groups, [pain], 90);
      return [...groupsIn(groups), `left ${namesOf(left)}`];
    };

    assert.deepEqual(added(seed('pain', 'p', visit), first(), second()), ['x a p', 'b', 'left ']);
    assert.deepEqual(added(seed('pain', 'p'), first(), second()), ['x a', 'b', 'left p']);
    assert.deepEqual(added(seed('pain', 'p'), second()), ['b p', 'left ']);
    assert.deepEqual(added(seed('pain', 'p')), ['p', 'left ']);
  });
});
