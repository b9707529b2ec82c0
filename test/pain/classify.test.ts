// Evidence, grades and labels of one category, on categories made for the test. Must not load cards/.
import assert from 'node:assert/strict';
import { refutedFindings } from '../../src/pain/classify.js';
import type { SetRole } from '../../src/pain/knowledge.js';
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

const grades = upTo('definite');
const unconfirmed = diagnosis({ verification: 'unconfirmed' });
const gradeOf = (...args: Parameters<typeof classifiedBy>) => {
  const found = classifiedBy(...args);
  return found && `${found.grade} ${found.basis}${found.tentative ? ' tentative' : ''}`;
};

describe('the evidence of a category', () => {
  it('is what is met, strongest first, equals by name, without what weighs nothing', () => {
    const criteria = [
      criterion('C', { weight: 1 }),
      criterion('B', { weight: 2 }),
      criterion('D', { weight: 0 }),
      criterion('A', { weight: 1 }),
      criterion('E', { judge: always('met', [diagnosis()], 4) }),
      criterion('F', { weight: 4, judge: always('unknown') }),
      criterion('G', { weight: 4, judge: always('notMet') }),
    ];

    assert.deepEqual(brief(classifiedBy({ criteria, grades })?.evidence), [
      'E 4 met',
      'B 2 met',
      'A 1 met',
      'C 1 met',
    ]);
  });

  for (const [situation, findings, weight] of [
    ['weighs no more than 1 where all of it is unconfirmed', [unconfirmed], 1],
    ['keeps its weight where one record is confirmed', [unconfirmed, diagnosis()], 3],
    ['keeps its weight where no record decides', [], 3],
  ] as const) {
    it(situation, () => {
      const criteria = [criterion('A', { weight: 3, judge: always('met', findings) })];

      assert.deepEqual(brief(classifiedBy({ criteria, grades })?.evidence), [`A ${weight} met`]);
    });
  }

  for (const [situation, more, isAgainst] of [
    ['of decisive weight', { weight: 2 }, true],
    ['that weighs what its codes do', {}, true],
    ['of less weight', { weight: 1 }, false],
    ['that no record denies', { weight: 2, judge: always('notMet') }, false],
    ['that is not known', { weight: 2, judge: always('unknown', [diagnosis()]) }, false],
  ] as const) {
    it(`${isAgainst ? 'has' : 'has not'} against it a denied criterion ${situation}`, () => {
      const criteria = [
        criterion('MET'),
        criterion('NOT', { judge: always('notMet', [diagnosis()]), ...more }),
      ];

      const found = classifiedBy({ criteria, grades });

      assert.deepEqual(brief(found?.against), isAgainst ? ['NOT 0 notMet'] : []);
    });
  }
});

describe('the grade of a category', () => {
  it('is the highest that holds', () => {
    for (const grade of ['possible', 'probable', 'definite'] as const)
      assert.equal(classifiedBy({ grades: upTo(grade) })?.grade, grade);
  });

  it('is none where none holds', () => {
    assert.equal(
      classifiedBy({ grades: [{ grade: 'possible', judge: always('unknown') }] }),
      undefined,
    );
  });

  it('is judged over the criteria by their ids and the grades below', () => {
    const seen: string[] = [];
    const judge: ReturnType<typeof always> = ({ results, evidence }) => {
      seen.push([...(results?.keys() ?? [])].join(' '), brief(evidence).join(' '));
      return { result: 'met', findings: [], weight: 0 };
    };

    classifiedBy({
      criteria: [criterion('A', { weight: 2 })],
      grades: [
        { grade: 'possible', judge },
        { grade: 'probable', judge },
      ],
    });

    assert.deepEqual(seen, ['A', 'A 2 met', 'A possible', 'A 2 met']);
  });

  for (const [situation, criteria, expected] of [
    ['an unconfirmed diagnosis', [['dx', [unconfirmed]]], 'possible evidence tentative'],
    ['an unconfirmed cause', [['source', [unconfirmed]]], 'possible evidence tentative'],
    [
      'an unconfirmed diagnosis with a confirmed cause',
      [
        ['dx', [unconfirmed]],
        ['source', [diagnosis()]],
      ],
      'definite evidence',
    ],
    [
      'a diagnosis of which one record is confirmed',
      [['dx', [unconfirmed, diagnosis()]]],
      'definite evidence',
    ],
    ['an examination alone', [['exam', [unconfirmed]]], 'definite evidence'],
    ['a diagnosis that no record decides', [['dx', []]], 'definite evidence'],
    [
      'an unconfirmed diagnosis with an examination',
      [
        ['exam', [diagnosis()]],
        ['dx', [unconfirmed]],
      ],
      'possible evidence tentative',
    ],
  ] as const) {
    it(`rests on ${situation}: ${expected}`, () => {
      const list = criteria.map(([kind, findings], at) =>
        criterion(`C${at}`, { kind, weight: 2, judge: always('met', findings) }),
      );

      assert.equal(gradeOf({ criteria: list, grades }), expected);
    });
  }

  it('is lowered by contradictions, which stand against it', () => {
    const contradiction = (id: string, more: object = {}) => ({
      id,
      label: id,
      kind: 'lab' as const,
      judge: always('met', [diagnosis()]),
      ...more,
    });
    const contradictions = [
      contradiction('NONE', { judge: always('unknown'), capAt: 'possible' }),
      contradiction('SAID'),
      contradiction('CAPS', { capAt: 'probable' }),
    ];

    const found = classifiedBy({ grades, contradictions });

    assert.equal(found?.grade, 'probable');
    assert.deepEqual(brief(found?.against), ['SAID 0 notMet', 'CAPS 0 notMet']);
    assert.ok(found?.against.every((one) => (one as { capAt?: unknown }).capAt === undefined));
    assert.equal(classifiedBy({ grades: upTo('possible'), contradictions })?.grade, 'possible');
  });

  it('is told as the literal one where the category says so', () => {
    assert.equal(classifiedBy({ grades, literalGrades: true })?.neupsigGrade, 'definite');
    assert.equal(classifiedBy({ grades })?.neupsigGrade, undefined);
  });
});

describe('a diagnosis without evidence', () => {
  const clinician = { clinicianDiagnosisSets: new Set(['dx']) };
  const inScheme = { schemeMember: 'neuropathic', weight: 2 };
  const text = { basis: 'text' as const };

  for (const [situation, more, pain, expected] of [
    ['confirmed', clinician, painOf(), 'probable clinician-diagnosis'],
    [
      'confirmed, no pain recorded',
      clinician,
      painOf(undefined, { isPainRecorded: false }),
      'possible clinician-diagnosis',
    ],
    [
      'not confirmed',
      clinician,
      painOf([diagnosis({ verification: 'unstated' })]),
      'possible clinician-diagnosis',
    ],
    ['of a set that names no mechanism', {}, painOf(), undefined],
    [
      'of less weight than a mechanism',
      clinician,
      painOf([diagnosis({}, { weight: 2 })]),
      undefined,
    ],
    ['in text', clinician, painOf([diagnosis(text)]), 'possible text tentative'],
    ['in text that weighs nothing', {}, painOf([diagnosis(text, { weight: 0 })]), undefined],
    [
      'in text of another category',
      {},
      painOf([diagnosis(text, { category: 'cancer' })]),
      undefined,
    ],
    ['that the scheme names', {}, painOf([diagnosis({}, inScheme)]), 'possible scheme'],
    [
      'that the scheme names, in text',
      {},
      painOf([diagnosis(text, inScheme)]),
      'possible text tentative',
    ],
    [
      'that the scheme names elsewhere',
      {},
      painOf([diagnosis({}, { ...inScheme, schemeMember: 'cancer' })]),
      undefined,
    ],
    [
      'of a mechanism that the scheme names',
      clinician,
      painOf([diagnosis({}, { schemeMember: 'neuropathic' })]),
      'probable clinician-diagnosis',
    ],
    [
      'with evidence of the same grade',
      { ...clinician, grades: upTo('probable') },
      painOf(),
      'probable evidence',
    ],
    [
      'with evidence of a lower grade',
      { ...clinician, grades: upTo('possible') },
      painOf(),
      'probable clinician-diagnosis',
    ],
    ['with evidence of a higher grade', { ...clinician, grades }, painOf(), 'definite evidence'],
  ] as const) {
    it(`${situation} is ${expected}`, () => {
      assert.equal(gradeOf(more, pain), expected);
    });
  }

  it('is of a disorder that does not hurt only where nothing hurts', () => {
    const sleep = [
      diagnosis({}, { category: 'other', schemeMember: 'other.non-painful', weight: 1 }),
    ];
    const other = [category({ id: 'other' })];

    const [quiet] = classified(other, painOf(sleep, { isNonPainful: true }));

    assert.equal(quiet?.basis, 'scheme');
    assert.deepEqual(classified(other, painOf(sleep)), []);
  });

  for (const [situation, member, expected] of [
    ['confirmed and coded', diagnosis(), true],
    ['not confirmed', diagnosis({ verification: 'unstated' }), false],
    ['in text', diagnosis(text), false],
    ['of less weight', diagnosis({}, { weight: 2 }), false],
    ['of another category', diagnosis({}, { category: 'cancer' }), false],
  ] as const) {
    it(`${situation} is ${expected ? 'one' : 'none'} by a clinician`, () => {
      const found = classifiedBy({ grades }, painOf([member]));

      assert.equal(found?.clinicianDiagnosed, expected);
    });
  }
});

describe('refuted diagnoses', () => {
  it('are those that would have opened a pain', () => {
    const role = { scope: 'pain' } as SetRole;
    const roles = new Map([
      ['dx', role],
      ['lab', { ...role, scope: 'patient' as const }],
    ]);
    const absent = { presence: 'absent' as const };
    const refuted = diagnosis(absent);

    assert.deepEqual(
      refutedFindings(
        [
          refuted,
          diagnosis(),
          diagnosis({ ...absent, source: 'encounter' }),
          finding('lab', absent),
          finding('lab', { ...absent, matches: [match('lab'), match('none')] }),
        ],
        roles,
      ),
      [refuted],
    );
  });
});
