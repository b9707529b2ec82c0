// Labels, remarks, order and coexistence of categories, on categories made for the test. Must not load cards/.
import assert from 'node:assert/strict';
import type { CategoryKnowledge, Knowledge } from '../../src/pain/knowledge.js';
import type { Judge } from '../../src/pain/scope.js';
import type { Category, Grade } from '../../src/pain/terms.js';
import {
  always,
  brief,
  category,
  classified,
  classifiedBy,
  criterion,
  diagnosis,
  painOf,
  upTo,
} from '../support/category-builder.js';
import { finding, match } from '../support/findings.js';

const grades = upTo('possible');
const row = (weight: number | undefined, more: object) =>
  diagnosis({}, { ...(weight !== undefined && { weight }), ...more });
const labelled = (
  members: ReturnType<typeof diagnosis>[],
  more: Partial<CategoryKnowledge> = {},
) => {
  const found = classifiedBy({ grades, ...more }, painOf(members));
  return `${found?.subtype} ${found?.syndrome}`;
};

describe('the labels of a category', () => {
  const subtypes = [
    { id: 'never', judge: always('unknown') },
    { id: 'ruled', judge: always('met') },
    { id: 'later', judge: always('met') },
  ];

  it('are those of its strongest code, of equal ones the first', () => {
    const weak = row(1, { subtype: 'weak', syndrome: 'w' });
    const strong = row(3, { subtype: 'strong', syndrome: 's' });
    const equal = row(3, { subtype: 'equal', syndrome: 'e' });

    assert.equal(labelled([weak, strong, equal]), 'strong s');
    assert.equal(labelled([equal, strong]), 'equal e');
  });

  it('count a code without a weight for nothing', () => {
    const unweighed = finding('dx', {
      matches: [match('dx', { category: 'neuropathic', subtype: 'unweighed' })],
    });

    assert.equal(labelled([unweighed, row(1, { subtype: 'weighed' })]), 'weighed undefined');
    assert.equal(labelled([row(0, { subtype: 'first' }), unweighed]), 'first undefined');
  });

  it('are not those of another category', () => {
    assert.equal(
      labelled([row(4, { category: 'cancer', subtype: 'bone' }), row(1, { subtype: 'own' })]),
      'own undefined',
    );
  });

  it('come from one finding, each from the row that has it', () => {
    const two = finding('dx', {
      matches: [
        match('dx', { category: 'neuropathic', weight: 3, syndrome: 'crps' }),
        match('dx-2', { category: 'neuropathic', weight: 1, subtype: 'sympathetic' }),
      ],
    });
    const turned = {
      ...two,
      matches: [...two.matches].reverse().map((one, at) => ({ ...one, weight: 3 - at })),
    };

    assert.equal(
      labelled([two, row(2, { subtype: 'other', syndrome: 'other' })]),
      'sympathetic crps',
    );
    assert.equal(labelled([turned]), 'sympathetic crps');
  });

  it('are the first subtype by rule where no code names one', () => {
    assert.equal(labelled([row(3, {})], { subtypes }), 'ruled undefined');
    assert.equal(labelled([row(3, { syndrome: 'crps' })], { subtypes }), 'ruled crps');
    assert.equal(labelled([row(3, { subtype: 'own' })], { subtypes }), 'own undefined');
  });
});

describe('what is said with a category', () => {
  const texts = (field: 'wouldRaise' | 'notes') =>
    classifiedBy({
      grades,
      [field]: [
        { id: 'a', text: 'holds', judge: always('met') },
        { id: 'b', text: 'open', judge: always('unknown') },
        { id: 'c', text: 'no', judge: always('notMet') },
      ],
    })?.[field];

  it('is what holds', () => {
    assert.deepEqual(texts('wouldRaise'), ['holds']);
    assert.deepEqual(texts('notes'), ['holds']);
  });

  it('is judged over its labels and stages', () => {
    let seen: unknown;
    const judge: Judge = ({ labels }) => {
      seen = labels;
      return { result: 'met', findings: [], weight: 0 };
    };

    classifiedBy(
      {
        grades,
        stages: [{ id: 'bone', mixes: true, judge: always('met') }],
        notes: [{ id: 'a', text: 'a', judge }],
      },
      painOf([row(3, { subtype: 'central', syndrome: 'post-stroke' })]),
    );

    assert.deepEqual(seen, { subtype: 'central', syndrome: 'post-stroke', stages: ['bone'] });
  });

  for (const [held, expected] of [
    [
      [
        ['bone', true],
        ['visceral', true],
      ],
      ['bone', 'visceral', 'mixed'],
    ],
    [
      [
        ['bone', true],
        ['survivor', false],
      ],
      ['bone', 'survivor'],
    ],
    [[], []],
  ] as const) {
    it(`of cancer names the stages ${expected.join(', ') || 'none'}`, () => {
      const stages = [
        { id: 'not', mixes: true, judge: always('notMet') },
        ...held.map(([id, mixes]) => ({ id, mixes, judge: always('met') })),
      ];

      assert.deepEqual(
        classified([category({ id: 'cancer', grades, stages })])[0]?.stages,
        expected,
      );
      assert.equal(classifiedBy({ grades, stages })?.stages, undefined);
    });
  }
});

describe('the order of categories', () => {
  const named = (
    id: Category,
    grade: Grade,
    weight: number,
    more: Partial<CategoryKnowledge> = {},
  ) =>
    category({
      id,
      grades: upTo(grade),
      criteria: [criterion(`${id}-1`, { kind: 'lab', weight })],
      ...more,
    });
  const primary = (grade: Grade, weight = 4) =>
    named('other', grade, weight, { subtypes: [{ id: 'primary', judge: always('met') }] });
  const order = (...categories: readonly CategoryKnowledge[]) => {
    const said = (list: readonly CategoryKnowledge[]) =>
      classified(list).map(({ category: id }) => id);
    assert.deepEqual(said([...categories].reverse()), said(categories));
    return said(categories).join(' ');
  };

  it('is by grade, the strongest evidence, then name', () => {
    assert.equal(
      order(named('spasmodic', 'possible', 2), named('cancer', 'possible', 2)),
      'cancer spasmodic',
    );
    assert.equal(
      order(named('cancer', 'possible', 4), named('spasmodic', 'probable', 1)),
      'spasmodic cancer',
    );
    assert.equal(
      order(named('cancer', 'possible', 1), named('spasmodic', 'possible', 2)),
      'spasmodic cancer',
    );
  });

  for (const kind of ['dx', 'exam', 'imaging'] as const) {
    it(`puts first what rests on the pain itself by ${kind}`, () => {
      const criteria = [criterion('spasmodic-1', { kind, weight: 2 })];

      assert.equal(
        order(named('cancer', 'possible', 2), named('spasmodic', 'possible', 2, { criteria })),
        'spasmodic cancer',
      );
    });
  }

  it('puts primary pain below every category that is probable', () => {
    assert.equal(order(primary('definite'), named('spasmodic', 'probable', 1)), 'spasmodic other');
    assert.equal(order(primary('probable'), named('spasmodic', 'possible', 1)), 'other spasmodic');
    assert.equal(order(primary('possible'), named('spasmodic', 'possible', 1)), 'spasmodic other');
    assert.equal(
      order(named('other', 'possible', 4), named('spasmodic', 'possible', 1)),
      'other spasmodic',
    );
  });
});

describe('categories because of others', () => {
  const rule = (more: Partial<Knowledge['coexistence'][number]> = {}): Knowledge['coexistence'] => [
    {
      id: 'MX',
      weight: 1,
      judge: always('met', [diagnosis()]),
      add: { category: 'other', subtype: 'primary' },
      grade: 'possible',
      note: 'beside',
      ...more,
    },
  ];
  const first = category({ grades, notes: [{ id: 'a', text: 'own', judge: always('met') }] });
  const beside = (...rules: readonly Knowledge['coexistence'][]) =>
    classified([first], painOf(), rules.flat());

  it('are added with the records that say so', () => {
    const [, added, ...more] = beside(rule(), rule({ judge: always('unknown', [diagnosis()]) }));

    assert.equal(
      `${added?.category} ${added?.subtype} ${added?.grade} ${added?.basis}`,
      'other primary possible evidence',
    );
    assert.deepEqual(more, []);
    assert.deepEqual(brief(added?.evidence), ['coexistence 1 met']);
    assert.deepEqual(added?.notes, ['beside']);
    assert.equal(added?.clinicianDiagnosed || added?.tentative, false);
    assert.deepEqual([added?.against, added?.wouldRaise], [[], []]);
  });

  it('are added without evidence where no record decides, and without a note where there is none', () => {
    const [{ note: _, ...silent }] = rule() as [Knowledge['coexistence'][number]];

    const [, added] = beside([{ ...silent, judge: always('met') }]);

    assert.deepEqual([added?.evidence, added?.notes], [[], []]);
  });

  it('leave one that is there already, with the note', () => {
    const found = beside(rule({ add: { category: 'neuropathic' }, grade: 'definite' }));

    assert.deepEqual(
      found.map(({ grade, notes }) => [grade, notes]),
      [['possible', ['own', 'beside']]],
    );
  });

  it('are seen by the rules that follow', () => {
    const seen: string[] = [];
    const judge: Judge = ({ grades: held }) => {
      seen.push([...(held ?? [])].map(([id, grade]) => `${id} ${grade}`).join(', '));
      return { result: 'notMet', findings: [], weight: 0 };
    };

    beside(rule({ judge }), rule(), rule({ judge }));

    assert.deepEqual(seen, ['neuropathic possible', 'neuropathic possible, other possible']);
  });
});

describe('the categories that are looked at', () => {
  const unread = category({ grades, reads: new Set(['elsewhere']) });

  it('are those of which a set is recorded, or that a code of the pain names', () => {
    const named = finding('dx', { matches: [match('dx', { category: 'neuropathic' })] });
    const inScheme = finding('dx', {
      matches: [match('none'), match('dx', { schemeMember: 'neuropathic' })],
    });

    assert.equal(classified([unread], painOf([finding('dx')])).length, 0);
    assert.equal(classified([category({ grades })], painOf([finding('dx')])).length, 1);
    assert.equal(classified([unread], painOf([named])).length, 1);
    assert.equal(classified([unread], painOf([inScheme])).length, 1);
  });

  it('are `other` alone where nothing hurts, with none beside it', () => {
    const all = [category({ grades }), category({ id: 'other', grades })];
    const pain = painOf([diagnosis()], { isNonPainful: true });
    const coexistence: Knowledge['coexistence'] = [
      { id: 'MX', weight: 1, judge: always('met'), add: { category: 'cancer' }, grade: 'possible' },
    ];

    assert.deepEqual(
      classified(all, pain, coexistence).map(({ category: id }) => id),
      ['other'],
    );
  });
});
