// The text form of the expression language: every form, precedence, and each fault with its offset.
import assert from 'node:assert/strict';
import { ExpressionFault } from '../../src/knowledge/expression-cursor.js';
import type { ExpressionNames } from '../../src/knowledge/expression-names.js';
import { parseExpression } from '../../src/knowledge/parse-expression.js';
import type { Expression } from '../../src/pain/expression.js';

const names: ExpressionNames = {
  hasSet: (set) => ['a', 'b', 'cond-x', 'obs-crp'].includes(set),
  hasRegion: (region) => ['knee', 'lumbar-spine'].includes(region),
  hasCriterion: (id) => ['NEU-1', 'NEU-2', 'possible'].includes(id),
  hasLabel: (op, id) => id === `${op}-1`,
  toCanonical: (set, limit, unit) => {
    if (set === 'cond-x') return undefined;
    if (set === 'b') return unit === 'mg/dL' ? limit * 5 : undefined;
    const factor = new Map([
      ['mg/L', 1],
      ['mg/dL', 10],
      ['1', 1],
      ['10*9/L', 1],
      ['{score}', 1],
      ['mL/min/{1.73_m2}', 1],
      ['[IU]/mL', 1],
      ['%', 1],
      ['/uL', 1],
    ]).get(unit);
    return factor === undefined ? undefined : limit * factor;
  },
  hasFreshness: (set) => set === 'obs-crp',
  hasRule: (id) => ['NS-1', 'NS-4'].includes(id),
  hasCandidate: (id) => ['snri', 'a', 'qt'].includes(id),
  definition: (word) => (word === 'pregnant' ? { op: 'has', sets: ['b'] } : undefined),
};
const parse = (text: string): Expression => parseExpression(text, names);

const has = (set: string): Expression => ({ op: 'has', sets: [set] });
const forms: Readonly<Record<string, Expression>> = {
  true: { op: 'true' },
  'has(a)': has('a'),
  'has(a, b, cond-x)': { op: 'has', sets: ['a', 'b', 'cond-x'] },
  'has( a ,b )within 90d': { op: 'has', sets: ['a', 'b'], withinDays: 90 },
  'had(a) within 365d': { op: 'had', sets: ['a'], withinDays: 365 },
  'positive(a)': { op: 'positive', sets: ['a'] },
  'report(a) within 365d': { op: 'report', sets: ['a'], withinDays: 365 },
  'med(a)': { op: 'med', sets: ['a'] },
  'procedure(a)': { op: 'procedure', sets: ['a'] },
  'undated(a)': { op: 'undated', sets: ['a'] },
  'started(a, b) within 56d': { op: 'started', sets: ['a', 'b'], withinDays: 56 },
  'sameSite(a)': { op: 'sameSite', sets: ['a'] },
  'value(obs-crp) > 10 mg/L': { op: 'value', sets: ['obs-crp'], compare: '>', limit: 10 },
  'value(obs-crp) > 1 mg/dL within 90d': {
    op: 'value',
    sets: ['obs-crp'],
    compare: '>',
    limit: 10,
    withinDays: 90,
  },
  'value(a) >= 4': { op: 'value', sets: ['a'], compare: '>=', limit: 4 },
  'value(a) >= 4 within 30d': { op: 'value', sets: ['a'], compare: '>=', limit: 4, withinDays: 30 },
  'value(a) < 0.9': { op: 'value', sets: ['a'], compare: '<', limit: 0.9 },
  'value(a) <= 3 {score}': { op: 'value', sets: ['a'], compare: '<=', limit: 3 },
  'value(a) = 0': { op: 'value', sets: ['a'], compare: '=', limit: 0 },
  'value(a) > 11 10*9/L': { op: 'value', sets: ['a'], compare: '>', limit: 11 },
  'value(a) < 60 mL/min/{1.73_m2}': { op: 'value', sets: ['a'], compare: '<', limit: 60 },
  'value(a) > 20 [IU]/mL': { op: 'value', sets: ['a'], compare: '>', limit: 20 },
  'value(a) > 6.5 %': { op: 'value', sets: ['a'], compare: '>', limit: 6.5 },
  'value(a) > 2000 /uL': { op: 'value', sets: ['a'], compare: '>', limit: 2000 },
  'high(obs-crp, 10 mg/L)': { op: 'high', sets: ['obs-crp'], limit: 10 },
  'high(obs-crp)': { op: 'high', sets: ['obs-crp'] },
  'low(a, 4) within 30d': { op: 'low', sets: ['a'], limit: 4, withinDays: 30 },
  'site(knee, lumbar-spine)': { op: 'site', regions: ['knee', 'lumbar-spine'] },
  'region(knee)': { op: 'region', regions: ['knee'] },
  'syndrome(syndrome-1)': { op: 'syndrome', ids: ['syndrome-1'] },
  'subtype(subtype-1)': { op: 'subtype', ids: ['subtype-1'] },
  'stage(stage-1)': { op: 'stage', ids: ['stage-1'] },
  'category(cancer) >= probable': { op: 'category', category: 'cancer', atLeast: 'probable' },
  'age >= 60': { op: 'age', compare: '>=', limit: 60 },
  'intensity < 4': { op: 'intensity', compare: '<', limit: 4 },
  'duration >= 90d': { op: 'duration', compare: '>=', limit: 90 },
  'sex = female': { op: 'sex', is: 'female' },
  painEvidence: { op: 'painEvidence' },
  'painEvidence within 30d': { op: 'painEvidence', withinDays: 30 },
  'count(has(a), has(b)) >= 2': {
    op: 'count',
    terms: [has('a'), has('b')],
    compare: '>=',
    limit: 2,
  },
  'NEU-1': { op: 'criterion', id: 'NEU-1' },
  possible: { op: 'criterion', id: 'possible' },
  'unknown(NEU-2)': { op: 'unknown', id: 'NEU-2' },
  'confirmed(NEU-2)': { op: 'confirmed', id: 'NEU-2' },
  'missing(has(a) or has(b))': { op: 'missing', term: { op: 'or', terms: [has('a'), has('b')] } },
  'items(dx, 2) >= 1': { op: 'items', kind: 'dx', weight: 2, compare: '>=', limit: 1 },
  'items(any, 4) = 1': { op: 'items', kind: 'any', weight: 4, compare: '=', limit: 1 },
  'kinds(1) >= 2': { op: 'kinds', weight: 1, compare: '>=', limit: 2 },
  'value(obs-crp) < 30 mg/L fresh': {
    op: 'value',
    sets: ['obs-crp'],
    compare: '<',
    limit: 30,
    fresh: true,
  },
  'high(obs-crp) fresh': { op: 'high', sets: ['obs-crp'], fresh: true },
  'positive(obs-crp) fresh': { op: 'positive', sets: ['obs-crp'], fresh: true },
  'has(a) olderThan 365d': { op: 'has', sets: ['a'], olderThanDays: 365 },
  'med(a, b) within 14d': { op: 'med', sets: ['a', 'b'], withinDays: 14 },
  'allergy(a, b)': { op: 'allergy', sets: ['a', 'b'], ofCandidate: false },
  'severeAllergy(candidate)': { op: 'severeAllergy', sets: [], ofCandidate: true },
  'intolerance(candidate, a)': { op: 'intolerance', sets: ['a'], ofCandidate: true },
  allergyRecorded: { op: 'allergyRecorded' },
  continuing: { op: 'continuing' },
  'crcl < 30': { op: 'crcl', compare: '<', limit: 30 },
  'gestation >= 20': { op: 'gestation', compare: '>=', limit: 20 },
  'mme >= 50': { op: 'mme', compare: '>=', limit: 50 },
  'mme >= 60 over 7d': { op: 'mme', compare: '>=', limit: 60, overDays: 7 },
  'candidate(snri, a, qt)': { op: 'candidate', ids: ['snri', 'a', 'qt'] },
  'openFlag(emergency, same-day)': { op: 'openFlag', urgencies: ['emergency', 'same-day'] },
  'rule(NS-1, NS-4)': { op: 'rule', ids: ['NS-1', 'NS-4'] },
  'leading(cancer)': { op: 'leading', category: 'cancer' },
  'times(a) >= 2': { op: 'times', sets: ['a'], compare: '>=', limit: 2 },
  'times(a, b) >= 3 within 365d': {
    op: 'times',
    sets: ['a', 'b'],
    compare: '>=',
    limit: 3,
    withinDays: 365,
  },
  'fell(obs-crp) >= 25 within 90d': {
    op: 'fell',
    sets: ['obs-crp'],
    percent: 25,
    withinDays: 90,
  },
  pregnant: has('b'),
};

const bracketed: Readonly<Record<string, string>> = {
  'NEU-1 or NEU-2 and possible': 'NEU-1 or (NEU-2 and possible)',
  'NEU-1 and NEU-2 or possible': '(NEU-1 and NEU-2) or possible',
  'not NEU-1 and NEU-2': '(not NEU-1) and NEU-2',
  'not NEU-1 or NEU-2': '(not NEU-1) or NEU-2',
  'not not NEU-1': 'not (not NEU-1)',
  'value(a) > 1 and NEU-1': '(value(a) > 1) and NEU-1',
  'value(a) > 1 mg/L or NEU-1': '(value(a) > 1 mg/L) or NEU-1',
  'has(a) within 30d and NEU-1': '(has(a) within 30d) and NEU-1',
  ' \n NEU-1\n and\tNEU-2 ': 'NEU-1 and NEU-2',
};

const faults: readonly (readonly [string, number, RegExp])[] = [
  ['', 0, /a name expected/],
  ['has', 3, /"\(" expected instead of "the end"/],
  ['has(', 4, /a name expected/],
  ['has()', 4, /a name expected/],
  ['has(a', 5, /"\)" expected/],
  ['has(a,)', 6, /a name expected/],
  ['has(a) within', 13, /a number expected/],
  ['has(a) within 90', 16, /days expected/],
  ['has(a) within 90 m', 17, /days expected/],
  ['has(nope)', 4, /code set "nope"/],
  ['has(a, constructor)', 7, /code set "constructor"/],
  ['high(nope)', 5, /code set "nope"/],
  ['value(a) 10', 9, /a comparison expected/],
  ['value(a) >', 10, /a number expected/],
  ['value(a) > 10 furlong', 11, /unit "furlong"/],
  ['value(cond-x) > 10', 16, /unit "1"/],
  ['value(obs-crp, b) > 1 mg/dL', 20, /not listed alike/],
  ['site(nose)', 5, /body region "nose"/],
  ['syndrome(nope)', 9, /syndrome "nope"/],
  ['category(pain) >= probable', 9, /category "pain"/],
  ['category(cancer) > probable', 17, /">=" expected/],
  ['category(cancer) >= sure', 20, /grade "sure"/],
  ['sex = other', 6, /sex "other"/],
  ['sex > male', 4, /"=" expected/],
  ['duration >= 90', 14, /days expected/],
  ['age 60', 4, /a comparison expected/],
  ['items(mood, 1) >= 1', 6, /kind "mood"/],
  ['items(dx) >= 1', 8, /"," expected/],
  ['kinds(x) >= 1', 6, /a number expected/],
  ['count(has(a)) 2', 14, /a comparison expected/],
  ['NEU-9', 0, /neither an operator nor a criterion/],
  ['has(a) and toString', 11, /neither an operator nor a criterion/],
  ['unknown(NEU-9)', 8, /criterion "NEU-9"/],
  ['has(a) has(b)', 7, /"has" is not expected here/],
  ['has(a) and', 10, /a name expected/],
  ['has(a) or or has(b)', 10, /a name expected/],
  ['(has(a)', 7, /"\)" expected/],
  ['has(a))', 6, /"\)" is not expected here/],
  ['not', 3, /a name expected/],
  ['started(a)', 10, /within expected/],
  ['has(a) && has(b)', 7, /cannot read/],
  ['  has(a) ; has(b)', 9, /cannot read/],
  ['value(a) < 30 fresh', 19, /no freshness window for "a"/],
  ['has(a) olderThan 365', 20, /days expected/],
  ['allergy(nope)', 8, /code set "nope"/],
  ['crcl 30', 5, /a comparison expected/],
  ['mme >= 60 over 7', 16, /days expected/],
  ['candidate(nope)', 10, /treatment, agent or trait "nope"/],
  ['openFlag(soon)', 9, /urgency "soon"/],
  ['rule(NS-99)', 5, /safety rule "NS-99"/],
  ['leading(pain)', 8, /category "pain"/],
  ['times(a) 2', 9, /a comparison expected/],
  ['fell(obs-crp) > 25 within 90d', 14, /">=" expected/],
  ['fell(obs-crp) >= 25', 19, /"within" expected/],
];

describe('parseExpression', () => {
  describe('with each form', () => {
    for (const [text, expression] of Object.entries(forms)) {
      it(`reads ${text}`, () => assert.deepEqual(parse(text), expression));
    }
  });

  describe('with several operators', () => {
    for (const [text, same] of Object.entries(bracketed)) {
      it(`reads ${JSON.stringify(text)} as ${same}`, () => {
        assert.deepEqual(parse(text), parse(same));
      });
    }
  });

  describe('with a fault', () => {
    for (const [text, offset, message] of faults) {
      it(`refuses "${text}" at ${offset}`, () => {
        assert.throws(
          () => parse(text),
          (error) => {
            assert.ok(error instanceof ExpressionFault);
            assert.match(error.message, message);
            assert.equal(error.offset, offset);
            return true;
          },
        );
      });
    }
  });
});
