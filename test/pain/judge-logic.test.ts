// Logic, counting and the operators that ask about the patient, the pain and earlier answers.
import assert from 'node:assert/strict';
import type { Evidence } from '../../src/pain/evaluation.js';
import type { Comparison, Expression } from '../../src/pain/expression.js';
import type { Truth } from '../../src/pain/fhir-date.js';
import type { Judgement, PainScope, Scope } from '../../src/pain/scope.js';
import { finding, on, scopeOf } from '../support/findings.js';
import { judge as judgementOf } from '../support/judging.js';

const met: Expression = { op: 'has', sets: ['yes'] };
const notMet: Expression = { op: 'has', sets: ['no'] };
const unknown: Expression = { op: 'has', sets: ['unheard'] };
const FINDINGS = [finding('yes'), finding('no', { presence: 'absent' })];
const terms = { met, notMet, unknown };
const TRUTHS = ['met', 'notMet', 'unknown'] as const;

const judge = (expression: Expression, more: Partial<Scope> = {}): Truth =>
  judgementOf(expression, FINDINGS, more).result;

const pain = (more: Partial<PainScope> = {}): PainScope => ({
  regions: [],
  recordedRegions: [],
  isAtSite: (other) => other.regions.includes('knee'),
  painDates: [],
  ...more,
});

type Row = readonly [
  situation: string,
  expression: Expression,
  scope: Partial<Scope>,
  truth: Truth,
];
const table = (rows: readonly Row[]): void => {
  for (const [situation, expression, scope, truth] of rows) {
    it(`is ${truth} for ${situation}`, () => assert.equal(judge(expression, scope), truth));
  }
};

describe('and, or, not, missing', () => {
  const conjunction = (a: Truth, b: Truth): Truth =>
    a === 'notMet' || b === 'notMet' ? 'notMet' : a === 'met' && b === 'met' ? 'met' : 'unknown';
  const disjunction = (a: Truth, b: Truth): Truth =>
    a === 'met' || b === 'met' ? 'met' : a === 'unknown' || b === 'unknown' ? 'unknown' : 'notMet';
  for (const a of TRUTHS) {
    for (const b of TRUTHS) {
      it(`${a} and ${b} is ${conjunction(a, b)}, or is ${disjunction(a, b)}`, () => {
        assert.equal(judge({ op: 'and', terms: [terms[a], terms[b]] }), conjunction(a, b));
        assert.equal(judge({ op: 'or', terms: [terms[a], terms[b]] }), disjunction(a, b));
      });
    }
  }
  table([
    ['not met', { op: 'not', term: met }, {}, 'notMet'],
    ['not notMet', { op: 'not', term: notMet }, {}, 'met'],
    ['not unknown', { op: 'not', term: unknown }, {}, 'unknown'],
    ['missing unknown', { op: 'missing', term: unknown }, {}, 'met'],
    ['missing met', { op: 'missing', term: met }, {}, 'notMet'],
    ['missing notMet', { op: 'missing', term: notMet }, {}, 'notMet'],
    ['true', { op: 'true' }, {}, 'met'],
  ]);
});

describe('count', () => {
  const count = (of: readonly Expression[], compare: Comparison, limit: number): Expression => ({
    op: 'count',
    terms: of,
    compare,
    limit,
  });
  table([
    ['two met of three', count([met, met, notMet], '>=', 2), {}, 'met'],
    ['one met and one denied', count([met, notMet], '>=', 2), {}, 'notMet'],
    ['one met and one unknown', count([met, unknown], '>=', 2), {}, 'unknown'],
    ['enough met beside an unknown', count([met, met, unknown], '>=', 2), {}, 'met'],
    ['too few even with the unknown', count([notMet, unknown], '>=', 2), {}, 'notMet'],
    ['exactly one met', count([met, notMet], '=', 1), {}, 'met'],
    ['exactly one with one unknown', count([met, unknown], '=', 1), {}, 'unknown'],
    ['exactly one between none and two', count([unknown, unknown], '=', 1), {}, 'unknown'],
    ['fewer than two', count([met, notMet], '<', 2), {}, 'met'],
    ['fewer than two with unknown', count([met, unknown], '<', 2), {}, 'unknown'],
  ]);
});

describe('age, sex, intensity, duration', () => {
  const age: Expression = { op: 'age', compare: '>=', limit: 60 };
  const duration: Expression = { op: 'duration', compare: '>=', limit: 90 };
  const intensity: Expression = { op: 'intensity', compare: '>=', limit: 4 };
  const since = (text: string) => ({ pain: pain({ onset: on(text) }) });
  table([
    ['the age at the limit', age, { ageYears: 60 }, 'met'],
    ['the age below', age, { ageYears: 59 }, 'notMet'],
    ['no age', age, {}, 'unknown'],
    ['the same sex', { op: 'sex', is: 'female' }, { sex: 'female' }, 'met'],
    ['the other sex', { op: 'sex', is: 'female' }, { sex: 'male' }, 'notMet'],
    ['no sex', { op: 'sex', is: 'female' }, {}, 'unknown'],
    ['the intensity at the limit', intensity, { pain: pain({ intensityNrs: 4 }) }, 'met'],
    ['the intensity below', intensity, { pain: pain({ intensityNrs: 3 }) }, 'notMet'],
    ['the intensity zero', intensity, { pain: pain({ intensityNrs: 0 }) }, 'notMet'],
    ['no intensity', intensity, { pain: pain() }, 'unknown'],
    ['90 days', duration, since('2026-08-24'), 'met'],
    ['89 days', duration, since('2026-08-25'), 'notMet'],
    ['a month that straddles the limit', duration, since('2026-08'), 'unknown'],
    ['an earlier year', duration, since('2025'), 'met'],
    ['no onset', duration, { pain: pain() }, 'unknown'],
    ['no pain', duration, {}, 'unknown'],
  ]);
});

describe('site, region, sameSite, painEvidence', () => {
  const site: Expression = { op: 'site', regions: ['knee', 'hip'] };
  const region: Expression = { op: 'region', regions: ['knee'] };
  const sameSite: Expression = { op: 'sameSite', sets: ['here'] };
  const at = (regions: readonly string[], current = true) => {
    const { allFindings } = scopeOf([finding('here', { regions, current })]);
    return { pain: pain({ regions: ['knee'] }), allFindings };
  };
  const evidence: Expression = { op: 'painEvidence', withinDays: 30 };
  table([
    ['a recorded site in the list', site, { pain: pain({ recordedRegions: ['hip'] }) }, 'met'],
    ['a recorded site outside', site, { pain: pain({ recordedRegions: ['head'] }) }, 'notMet'],
    ['an implied site only', site, { pain: pain({ regions: ['knee'] }) }, 'unknown'],
    ['an implied region', region, { pain: pain({ regions: ['knee'] }) }, 'met'],
    ['another region', region, { pain: pain({ regions: ['head'] }) }, 'notMet'],
    ['no pain', region, {}, 'unknown'],
    ['a finding at the site', sameSite, at(['knee']), 'met'],
    ['a finding elsewhere', sameSite, at(['head']), 'unknown'],
    ['a finding without a place', sameSite, at([]), 'unknown'],
    ['a past finding at the site', sameSite, at(['knee'], false), 'unknown'],
    ['a pain without a place', sameSite, { ...at(['knee']), pain: pain() }, 'unknown'],
    [
      'pain evidence on the edge',
      evidence,
      { pain: pain({ painDates: [undefined, on('2026-10-23')] }) },
      'met',
    ],
    [
      'pain evidence before it',
      evidence,
      { pain: pain({ painDates: [on('2026-10-22')] }) },
      'unknown',
    ],
    [
      'any pain evidence',
      { op: 'painEvidence' },
      { pain: pain({ painDates: [undefined] }) },
      'met',
    ],
    ['no pain evidence', { op: 'painEvidence' }, { pain: pain() }, 'unknown'],
  ]);
});

describe('syndrome, subtype, stage, category', () => {
  const category: Expression = { op: 'category', category: 'cancer', atLeast: 'probable' };
  const graded = (grade: 'possible' | 'probable' | 'definite') => ({
    grades: new Map([['cancer' as const, grade]]),
  });
  table([
    [
      'the carried syndrome',
      { op: 'syndrome', ids: ['a', 'b'] },
      { labels: { syndrome: 'b' } },
      'met',
    ],
    ['another syndrome', { op: 'syndrome', ids: ['a'] }, { labels: { syndrome: 'b' } }, 'notMet'],
    ['no syndrome', { op: 'syndrome', ids: ['a'] }, { labels: {} }, 'notMet'],
    ['no classification', { op: 'syndrome', ids: ['a'] }, {}, 'unknown'],
    ['the carried subtype', { op: 'subtype', ids: ['a'] }, { labels: { subtype: 'a' } }, 'met'],
    ['one of the stages', { op: 'stage', ids: ['a'] }, { labels: { stages: ['b', 'a'] } }, 'met'],
    ['none of the stages', { op: 'stage', ids: ['a'] }, { labels: { stages: ['b'] } }, 'notMet'],
    ['the grade asked', category, graded('probable'), 'met'],
    ['a higher grade', category, graded('definite'), 'met'],
    ['a lower grade', category, graded('possible'), 'notMet'],
    ['no grade', category, {}, 'notMet'],
  ]);
});

describe('criterion, unknown, confirmed, items, kinds', () => {
  const judgement = (
    truth: Truth,
    verification: 'confirmed' | 'unstated' = 'unstated',
  ): Judgement => ({
    result: truth,
    findings: [finding('x', { verification })],
    weight: 2,
  });
  const results = new Map([
    ['YES', judgement('met')],
    ['SURE', judgement('met', 'confirmed')],
    ['NO', judgement('notMet')],
    ['OPEN', judgement('unknown')],
  ]);
  const item = (kind: Evidence['kind'], weight: number, result: Truth = 'met'): Evidence => ({
    criterion: 'c',
    label: '',
    kind,
    result,
    weight,
    findings: [],
  });
  const evidence = [item('dx', 3), item('lab', 2), item('lab', 1), item('exam', 4, 'unknown')];
  const items = (
    kind: 'dx' | 'lab' | 'any' | 'exam',
    weight: number,
    limit: number,
  ): Expression => ({ op: 'items', kind, weight, compare: '>=', limit });
  table([
    ['a met criterion', { op: 'criterion', id: 'YES' }, { results }, 'met'],
    ['a denied criterion', { op: 'criterion', id: 'NO' }, { results }, 'notMet'],
    ['a criterion not judged', { op: 'criterion', id: 'constructor' }, { results }, 'unknown'],
    ['unknown of an open one', { op: 'unknown', id: 'OPEN' }, { results }, 'met'],
    ['unknown of a met one', { op: 'unknown', id: 'YES' }, { results }, 'notMet'],
    ['confirmed of a confirmed one', { op: 'confirmed', id: 'SURE' }, { results }, 'met'],
    ['confirmed of an unstated one', { op: 'confirmed', id: 'YES' }, { results }, 'notMet'],
    ['confirmed of a denied one', { op: 'confirmed', id: 'NO' }, { results }, 'notMet'],
    ['confirmed of an open one', { op: 'confirmed', id: 'OPEN' }, { results }, 'unknown'],
    ['two laboratory items', items('lab', 1, 2), { evidence }, 'met'],
    ['two heavier laboratory items', items('lab', 2, 2), { evidence }, 'notMet'],
    ['three items of any kind', items('any', 1, 3), { evidence }, 'met'],
    ['four items of any kind', items('any', 1, 4), { evidence }, 'notMet'],
    ['items that are not met', items('exam', 1, 1), { evidence }, 'notMet'],
    ['two kinds', { op: 'kinds', weight: 1, compare: '>=', limit: 2 }, { evidence }, 'met'],
    ['three kinds', { op: 'kinds', weight: 1, compare: '>=', limit: 3 }, { evidence }, 'notMet'],
  ]);
});
