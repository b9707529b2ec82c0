// Seeds on knowledge made for the test: which findings open a pain, and which are the same pain.
import assert from 'node:assert/strict';
import type { Finding } from '../../src/pain/finding.js';
import {
  asSeed,
  isSamePain,
  type Seed,
  sameNamedDisease,
  strongestFirst,
} from '../../src/pain/seed.js';
import { match, on } from '../support/findings.js';
import { at, KNOWLEDGE, named, namesOf, seed, seedsIn } from '../support/seed-builder.js';

describe('the seeds of pains', () => {
  for (const [situation, of, isSeed] of [
    ['a current diagnosis', named('disease', 'a'), true],
    ['an encounter reason', named('disease', 'a', { source: 'encounter' }), true],
    ['an observation', named('disease', 'a', { source: 'observation' }), false],
    ['a past diagnosis', named('disease', 'a', { current: false }), false],
    ['a refuted diagnosis', named('disease', 'a', { presence: 'absent' }), false],
    ['a set that opens nothing', named('never', 'a'), false],
    ['a set of the whole patient', named('lab', 'a'), false],
    ['a set without a role', named('unknown', 'a'), false],
    [
      'one set of several',
      named('lab', 'a', { matches: [match('unknown'), match('disease')] }),
      true,
    ],
  ] as const) {
    it(`${isSeed ? 'are' : 'are not'} ${situation}`, () => {
      assert.equal(seedsIn(of).length, isSeed ? 1 : 0);
    });
  }

  it('are generic where every role is', () => {
    const both = { matches: [match('pain'), match('disease')] };

    assert.equal(seed('pain', 'a').isGeneric, true);
    assert.equal(seed('pain', 'a', both).isGeneric, false);
  });

  it('reach where their disease may show: by their region, else everywhere it may', () => {
    assert.deepEqual(seed('disease', 'a').territory, ['hand', 'foot']);
    assert.deepEqual(seed('disease', 'a', at('spine')).territory, ['spine', 'leg']);
    assert.deepEqual(seed('disease', 'a', at('head')).territory, ['head']);
    assert.deepEqual(seed('pain', 'a', at('spine')).territory, ['spine']);
    assert.deepEqual(seed('pain', 'a').territory, []);
  });

  describe('an encounter reason', () => {
    const visit = named('disease', 'visit', { source: 'encounter' });
    const past = named('disease', 'past', { current: false });

    for (const [situation, others, isSeed] of [
      ['that is over', [past], false],
      ['of which one entry is over and one is not', [past, named('disease', 'now')], true],
      ['of which another disease is over', [named('silent', 'past', { current: false })], true],
      [
        'of which no condition is over',
        [named('disease', 'past', { current: false, source: 'procedure' })],
        true,
      ],
      [
        'that shares one set with what is over',
        [named('x', 'past', { current: false, matches: [match('x'), match('disease')] })],
        false,
      ],
    ] as const) {
      it(`${situation} is ${isSeed ? 'a seed' : 'none'}`, () => {
        assert.equal(namesOf(seedsIn(visit, ...others)).includes('visit'), isSeed);
      });
    }

    it('that shares one of its sets with what is over is none', () => {
      const wider = { ...visit, matches: [match('silent'), match('disease')] };

      assert.equal(namesOf(seedsIn(wider, past)), '');
    });

    it('is over, a diagnosis never is by another', () => {
      assert.equal(namesOf(seedsIn(named('disease', 'now'), past)), 'now');
    });
  });

  it('of a score or symptom are generic and have no role', () => {
    const one = asSeed(named('disease', 'a', at('spine')), KNOWLEDGE.territories);

    assert.deepEqual([one.roles, one.isGeneric, one.territory], [[], true, ['spine', 'leg']]);
  });

  it('stand by what is specific, strong, new, then by label and reference', () => {
    const weighing = (
      set: string,
      weight: number | undefined,
      reference: string,
      more: Partial<Finding> = {},
    ) =>
      seed(set, reference, {
        matches: [match(set, weight === undefined ? {} : { weight }), match(set, { weight: 1 })],
        label: 'm',
        ...more,
      });
    const list = [
      weighing('pain', 4, 'generic'),
      weighing('disease', undefined, 'weak'),
      weighing('disease', 3, 'd'),
      weighing('disease', 3, 'c'),
      weighing('disease', 3, 'b', { label: 'a' }),
      weighing('disease', 3, 'z', { label: 'z' }),
      weighing('disease', 3, 'old', { onset: on('2026-01-01') }),
      weighing('disease', 3, 'new', { onset: on('2026-05-01') }),
    ];

    assert.equal(namesOf(strongestFirst(list)), 'new old b c d z weak generic');
    assert.equal(namesOf(strongestFirst([...list].reverse())), 'new old b c d z weak generic');
  });
});

describe('the same pain', () => {
  const acute = { matches: [match('disease', { acuteDays: 42 }), match('x')] };
  const then = { onset: on('2020-01-01') };
  const now = { onset: on('2026-11-01') };
  const pairs: readonly (readonly [string, Seed, Seed, boolean])[] = [
    ['one region', seed('disease', 'a', at('knee')), seed('disease', 'b', at('knee')), true],
    ['two regions', seed('disease', 'a', at('knee')), seed('disease', 'b', at('hip')), false],
    [
      'two sides',
      seed('disease', 'a', { ...at('knee'), side: 'left' }),
      seed('disease', 'b', { ...at('knee'), side: 'right' }),
      false,
    ],
    [
      'an acute event long after',
      seed('disease', 'a', { ...at('knee'), ...then }),
      seed('disease', 'b', { ...at('knee'), ...acute, ...now }),
      false,
    ],
    [
      'two acute events',
      seed('disease', 'a', { ...at('knee'), ...acute, ...then }),
      seed('disease', 'b', { ...at('knee'), ...acute, ...now }),
      true,
    ],
    [
      'two lasting diseases',
      seed('disease', 'a', { ...at('knee'), ...then }),
      seed('disease', 'b', { ...at('knee'), ...now }),
      true,
    ],
    [
      'an acute event and unspecified pain',
      seed('pain', 'a', { ...at('knee'), ...then }),
      seed('disease', 'b', { ...at('knee'), ...acute, ...now }),
      true,
    ],
    [
      'unspecified pain where the disease may show',
      seed('pain', 'a', at('leg')),
      seed('disease', 'b', at('spine')),
      true,
    ],
    [
      'unspecified pain elsewhere',
      seed('pain', 'a', at('head')),
      seed('disease', 'b', at('spine')),
      false,
    ],
    [
      'two diseases where one may show',
      seed('disease', 'a', at('leg')),
      seed('disease', 'b', at('spine')),
      false,
    ],
    ['two unspecified pains', seed('pain', 'a', at('leg')), seed('pain', 'b', at('spine')), false],
  ];
  for (const [situation, a, b, isSame] of pairs) {
    it(`${isSame ? 'is' : 'is not'} ${situation}`, () => {
      assert.equal(isSamePain(a, b, 90), isSame);
      assert.equal(isSamePain(b, a, 90), isSame);
    });
  }

  it('has one name where a set is shared', () => {
    const both = seed('disease', 'a', { matches: [match('x'), match('disease')] });

    assert.ok(sameNamedDisease(both, seed('disease', 'b')));
    assert.ok(sameNamedDisease(seed('disease', 'b'), both));
    assert.ok(!sameNamedDisease(both, seed('pain', 'b')));
  });
});
