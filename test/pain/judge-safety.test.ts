// Operators of safety checks: met, notMet, unknown and both sides of each boundary.
import assert from 'node:assert/strict';
import type { RedFlag } from '../../src/pain/evaluation.js';
import type { Expression } from '../../src/pain/expression.js';
import type { Truth } from '../../src/pain/fhir-date.js';
import type { Finding } from '../../src/pain/finding.js';
import { compileExpression } from '../../src/pain/judge.js';
import type { JudgeContext } from '../../src/pain/judge-findings.js';
import type { Derived, RecordsRead, SafetyScope, Scope } from '../../src/pain/scope.js';
import { MET, NOT_MET, UNKNOWN } from '../../src/pain/scope.js';
import { ALL_READ, finding, measure, on } from '../support/findings.js';
import { CONTEXT, judge as judgementOf } from '../support/judging.js';

const NOTHING_READ: RecordsRead = {
  condition: false,
  medication: false,
  procedure: false,
  report: false,
  allergy: false,
};

/** What a check of duloxetine sees unless `more` says otherwise. */
const safetyScope = (more: Partial<SafetyScope> = {}): SafetyScope => ({
  candidate: {
    names: new Set(['snri', 'ingr-duloxetine', 'serotonergic']),
    classSets: ['med-snri'],
    allergySets: ['med-snri', 'ingr-duloxetine'],
  },
  openFlags: [],
  allergyRecorded: false,
  rule: () => UNKNOWN,
  creatinineClearance: () => undefined,
  morphineEquivalents: () => undefined,
  gestationWeeks: () => undefined,
  ...more,
});

const derived = (low: number, high = low, standIn = false): Derived => ({
  measure: measure(low, high),
  findings: [finding('s')],
  standIn,
});

interface Given {
  readonly findings?: readonly Finding[];
  readonly safety?: Partial<SafetyScope>;
  readonly read?: RecordsRead;
  readonly context?: JudgeContext;
  readonly scope?: Partial<Scope>;
}

const judge = (expression: Expression, given: Given = {}) =>
  judgementOf(
    expression,
    given.findings ?? [],
    { absence: given.read ?? ALL_READ, safety: safetyScope(given.safety), ...given.scope },
    given.context,
  );

const table = (
  expression: Expression,
  rows: readonly (readonly [situation: string, given: Given, truth: Truth])[],
): void => {
  for (const [situation, given, truth] of rows) {
    it(`is ${truth} for ${situation}`, () => {
      assert.equal(judge(expression, given).result, truth);
    });
  }
};

describe('what finding nothing means for a check', () => {
  const nothing: readonly (readonly [Expression, keyof RecordsRead])[] = [
    [{ op: 'has', sets: ['s'] }, 'condition'],
    [{ op: 'had', sets: ['s'], withinDays: 90 }, 'condition'],
    [{ op: 'med', sets: ['s'] }, 'medication'],
    [{ op: 'med', sets: ['s'], withinDays: 14 }, 'medication'],
    [{ op: 'continuing' }, 'medication'],
    [{ op: 'procedure', sets: ['s'] }, 'procedure'],
    [{ op: 'report', sets: ['s'] }, 'report'],
    [{ op: 'allergy', sets: ['s'], ofCandidate: false }, 'allergy'],
    [{ op: 'severeAllergy', sets: [], ofCandidate: true }, 'allergy'],
    [{ op: 'allergyRecorded' }, 'allergy'],
  ];
  for (const [expression, kind] of nothing) {
    it(`is notMet for ${expression.op} when ${kind} records were read, else unknown`, () => {
      const unread: RecordsRead = { ...ALL_READ, [kind]: false };

      assert.equal(judge(expression).result, 'notMet');
      assert.equal(judge(expression, { read: unread }).result, 'unknown');
      assert.equal(judge(expression, { read: { ...NOTHING_READ, [kind]: true } }).result, 'notMet');
    });
  }

  it('is unknown for a result even when everything was read', () => {
    assert.equal(judge({ op: 'value', sets: ['s'], compare: '<', limit: 30 }).result, 'unknown');
  });
});

describe('value ... fresh', () => {
  const context: JudgeContext = {
    ...CONTEXT,
    freshness: new Map([
      [
        's',
        {
          days: 365,
          shorter: [
            {
              days: 90,
              judge: compileExpression({ op: 'age', compare: '>=', limit: 75 }, CONTEXT),
            },
          ],
        },
      ],
    ]),
  };
  const at = (date: string | undefined, ageYears: number | undefined = 60): Given => ({
    context,
    findings: [finding('s', { measure: measure(28), effective: date ? on(date) : undefined })],
    scope: ageYears === undefined ? {} : { ageYears },
  });
  table({ op: 'value', sets: ['s'], compare: '<', limit: 30, fresh: true }, [
    ['a value of yesterday', at('2026-11-21'), 'met'],
    ['a value of 365 days ago', at('2025-11-22'), 'met'],
    ['a value of 366 days ago', at('2025-11-21'), 'unknown'],
    ['a value without a date', at(undefined), 'unknown'],
    ['a value of 90 days ago at 75', at('2026-08-24', 75), 'met'],
    ['a value of 91 days ago at 75', at('2026-08-23', 75), 'unknown'],
    ['a value of 91 days ago at 74', at('2026-08-23', 74), 'met'],
    [
      'a value of 91 days ago at an unknown age',
      {
        ...at('2026-08-23'),
        scope: {},
      },
      'unknown',
    ],
    [
      'a stale low value after no fresh one',
      {
        context,
        findings: [
          finding('s', { measure: measure(60), effective: on('2026-11-01') }),
          finding('s', { reference: 'x', measure: measure(28), effective: on('2026-10-01') }),
        ],
        scope: { ageYears: 60 },
      },
      'notMet',
    ],
  ]);
});

describe('has ... olderThan', () => {
  const at = (onset: string | undefined): Given => ({
    findings: [finding('s', { onset: onset ? on(onset) : undefined })],
  });
  table({ op: 'has', sets: ['s'], olderThanDays: 365 }, [
    ['366 days ago', at('2025-11-21'), 'met'],
    ['365 days ago', at('2025-11-22'), 'notMet'],
    ['an unknown date', at(undefined), 'unknown'],
    ['a year that straddles the edge', at('2025'), 'unknown'],
    [
      'an older and a newer one',
      {
        findings: [
          finding('s', { reference: 'a', onset: on('2020-01-01') }),
          finding('s', { reference: 'b', onset: on('2026-01-01') }),
        ],
      },
      'met',
    ],
  ]);
});

describe('med ... olderThan', () => {
  const taken = (more: Partial<Finding>): Given => ({
    findings: [finding('s', { source: 'medication', ...more })],
  });
  table({ op: 'med', sets: ['s'], olderThanDays: 90 }, [
    ['an active one of 91 days ago', taken({ effective: on('2026-08-23') }), 'met'],
    ['an active one of 90 days ago', taken({ effective: on('2026-08-24') }), 'notMet'],
    ['an active one without a date', taken({}), 'unknown'],
    ['an ended one', taken({ current: false, effective: on('2020-01-01') }), 'notMet'],
  ]);
});

describe('med ... within', () => {
  const taken = (more: Partial<Finding>): Given => ({
    findings: [finding('s', { source: 'medication', current: false, ...more })],
  });
  table({ op: 'med', sets: ['s'], withinDays: 14 }, [
    ['an active one of any age', taken({ current: true, effective: on('2020-01-01') }), 'met'],
    ['one that ended 14 days ago', taken({ until: on('2026-11-08') }), 'met'],
    ['one that ended 15 days ago', taken({ until: on('2026-11-07') }), 'notMet'],
    ['one written 10 days ago and stopped', taken({ effective: on('2026-11-12') }), 'met'],
    [
      'one written a month ago and stopped on an unknown day',
      taken({ effective: on('2026-10-22') }),
      'unknown',
    ],
    [
      'one written longer ago than a prescription can last',
      taken({ effective: on('2025-11-07') }),
      'notMet',
    ],
    ['one without any date', taken({}), 'unknown'],
    ['a finding that is no medicine', taken({ source: 'condition' }), 'notMet'],
  ]);
});

describe('allergies', () => {
  const allergy = (more: Partial<Finding>): Given => ({
    findings: [finding('s', { source: 'allergy', allergy: 'unspecified', ...more })],
  });
  const severe = allergy({ allergy: 'severe' });
  const intolerance = allergy({ allergy: 'intolerance' });
  table({ op: 'allergy', sets: ['s'], ofCandidate: false }, [
    ['a severe one', severe, 'met'],
    ['an intolerance', intolerance, 'met'],
    ['one of unknown gravity', allergy({}), 'met'],
    ['a refuted one', allergy({ presence: 'absent' }), 'notMet'],
    ['one that is over', allergy({ current: false }), 'notMet'],
    ['a medicine of the set', allergy({ source: 'medication', allergy: undefined }), 'notMet'],
  ]);
  table({ op: 'severeAllergy', sets: ['s'], ofCandidate: false }, [
    ['a severe one', severe, 'met'],
    ['an intolerance', intolerance, 'notMet'],
    ['one of unknown gravity', allergy({}), 'notMet'],
    ['one whose gravity was not read', allergy({ allergy: undefined }), 'unknown'],
  ]);
  table({ op: 'intolerance', sets: ['s'], ofCandidate: false }, [
    ['an intolerance', intolerance, 'met'],
    ['a severe one', severe, 'notMet'],
  ]);
  describe('to the candidate', () => {
    const to = (set: string): Given => ({
      findings: [finding(set, { source: 'allergy', allergy: 'severe' })],
    });
    table({ op: 'severeAllergy', sets: [], ofCandidate: true }, [
      ['its own agent', to('ingr-duloxetine'), 'met'],
      ['its class', to('med-snri'), 'met'],
      ['another class', to('med-tca'), 'notMet'],
    ]);
  });

  it('are unknown to an expression that checks no candidate', () => {
    const judgement = judge(
      { op: 'allergy', sets: [], ofCandidate: true },
      { scope: { safety: undefined } as unknown as Partial<Scope> },
    );

    assert.equal(judgement.result, 'unknown');
  });
  table({ op: 'allergyRecorded' }, [
    ['any entry', { safety: { allergyRecorded: true } }, 'met'],
    ['a readable empty list', {}, 'notMet'],
    ['a list that was not read', { read: NOTHING_READ }, 'unknown'],
  ]);
});

describe('derived numbers', () => {
  const crcl = (value: Derived | undefined): Given => ({
    safety: { creatinineClearance: () => value },
  });
  table({ op: 'crcl', compare: '<', limit: 30 }, [
    ['29.9', crcl(derived(29.9)), 'met'],
    ['30', crcl(derived(30)), 'notMet'],
    ['an interval across the limit', crcl(derived(29, 31)), 'unknown'],
    ['data that do not suffice', crcl(undefined), 'unknown'],
  ]);
  table({ op: 'gestation', compare: '>=', limit: 20 }, [
    ['20 weeks', { safety: { gestationWeeks: () => derived(20) } }, 'met'],
    ['19 weeks and 6 days', { safety: { gestationWeeks: () => derived(19 + 6 / 7) } }, 'notMet'],
    ['an unknown week', {}, 'unknown'],
  ]);
  table({ op: 'mme', compare: '>=', limit: 50 }, [
    ['50', { safety: { morphineEquivalents: () => derived(50) } }, 'met'],
    ['49.9', { safety: { morphineEquivalents: () => derived(49.9) } }, 'notMet'],
    ['unstructured doses', {}, 'unknown'],
  ]);

  it('hand the days of "over" on', () => {
    const asked: (number | undefined)[] = [];
    const safety = {
      morphineEquivalents: (overDays: number | undefined) => {
        asked.push(overDays);
        return derived(60);
      },
    };

    judge({ op: 'mme', compare: '>=', limit: 60, overDays: 7 }, { safety });

    assert.deepEqual(asked, [7]);
  });

  it('say when a stand-in decided', () => {
    const judgement = judge({ op: 'crcl', compare: '<', limit: 30 }, crcl(derived(25, 25, true)));

    assert.equal(judgement.standIn, true);
    assert.equal(judgement.findings.length, 1);
  });

  it('say so inside "and" too', () => {
    const both = judge(
      {
        op: 'and',
        terms: [
          { op: 'crcl', compare: '>=', limit: 15 },
          { op: 'crcl', compare: '<', limit: 30 },
        ],
      },
      {
        safety: {
          creatinineClearance: () => ({
            ...derived(25, 25, true),
            findings: [finding('t'), finding('u')],
          }),
        },
      },
    );

    assert.equal(both.result, 'met');
    assert.equal(both.standIn, true);
  });
});

describe('candidate and continuing', () => {
  table({ op: 'candidate', ids: ['tca', 'serotonergic'] }, [
    ['a trait it has', {}, 'met'],
    [
      'none of its names',
      { safety: { candidate: { names: new Set(['nsaid']), classSets: [], allergySets: [] } } },
      'notMet',
    ],
    ['no candidate', { scope: { safety: undefined } as unknown as Partial<Scope> }, 'unknown'],
  ]);
  const taken = (more: Partial<Finding>): Given => ({
    findings: [finding('med-snri', { source: 'medication', ...more })],
  });
  table({ op: 'continuing' }, [
    ['an active medicine of its class', taken({}), 'met'],
    ['a stopped one', taken({ current: false }), 'notMet'],
    ['an allergy to its class', taken({ source: 'allergy' }), 'notMet'],
  ]);
});

describe('openFlag', () => {
  const flag = (urgency: RedFlag['urgency']): Given => ({
    safety: {
      openFlags: [
        {
          id: 'RF-01',
          label: 'x',
          urgency,
          action: 'x',
          sources: [],
          triggers: ['A'],
          withholds: [],
          findings: [finding('s')],
        },
      ],
    },
  });
  table({ op: 'openFlag', urgencies: ['emergency', 'same-day'] }, [
    ['an emergency', flag('emergency'), 'met'],
    ['a flag of today', flag('same-day'), 'met'],
    ['a flag of two weeks', flag('urgent'), 'notMet'],
    ['no flag', {}, 'notMet'],
    ['no check', { scope: { safety: undefined } as unknown as Partial<Scope> }, 'unknown'],
  ]);
});

describe('rule', () => {
  const results = (a: typeof MET, b: typeof MET): Given => ({
    safety: { rule: (id) => (id === 'NS-1' ? a : b) },
  });
  table({ op: 'rule', ids: ['NS-1', 'NS-4'] }, [
    ['one that is met', results(NOT_MET, MET), 'met'],
    ['one that is met beside an unknown one', results(UNKNOWN, MET), 'met'],
    ['one that is unknown', results(NOT_MET, UNKNOWN), 'unknown'],
    ['none', results(NOT_MET, NOT_MET), 'notMet'],
    ['no check', { scope: { safety: undefined } as unknown as Partial<Scope> }, 'unknown'],
  ]);
});

describe('leading', () => {
  table({ op: 'leading', category: 'cancer' }, [
    ['the leading category', { scope: { leading: 'cancer' } }, 'met'],
    ['another one', { scope: { leading: 'other' } }, 'notMet'],
    ['an unclassified pain', {}, 'notMet'],
  ]);
});

describe('times', () => {
  const on2 = (...dates: readonly (string | undefined)[]): Given => ({
    findings: dates.map((date, at) =>
      finding('s', {
        reference: `Procedure/${at}`,
        source: 'procedure',
        effective: date ? on(date) : undefined,
      }),
    ),
  });
  table({ op: 'times', sets: ['s'], compare: '>=', limit: 2, withinDays: 365 }, [
    ['two days', on2('2026-01-01', '2026-02-01'), 'met'],
    ['one day twice', on2('2026-01-01', '2026-01-01'), 'notMet'],
    ['one of them too long ago', on2('2026-01-01', '2025-11-21'), 'notMet'],
    ['one of them at the edge', on2('2026-01-01', '2025-11-22'), 'met'],
    ['one without a date', on2('2026-01-01', undefined), 'unknown'],
    ['nothing', {}, 'notMet'],
    ['nothing in records that were not read', { read: NOTHING_READ }, 'unknown'],
  ]);
});

describe('fell', () => {
  const values = (...pairs: readonly (readonly [string, number])[]): Given => ({
    findings: pairs.map(([date, value], at) =>
      finding('s', {
        reference: `Observation/${at}`,
        source: 'observation',
        effective: on(date),
        measure: measure(value),
      }),
    ),
  });
  table({ op: 'fell', sets: ['s'], percent: 25, withinDays: 90 }, [
    ['a fall of 25 %', values(['2026-11-01', 60], ['2026-10-01', 80]), 'met'],
    ['a fall of 24 %', values(['2026-11-01', 60.8], ['2026-10-01', 80]), 'notMet'],
    ['a rise', values(['2026-11-01', 80], ['2026-10-01', 60]), 'notMet'],
    ['a fall over 90 days', values(['2026-11-01', 60], ['2026-08-03', 80]), 'met'],
    ['a fall over 91 days', values(['2026-11-01', 60], ['2026-08-02', 80]), 'unknown'],
    ['one value', values(['2026-11-01', 60]), 'unknown'],
    ['no value', {}, 'unknown'],
  ]);
});
