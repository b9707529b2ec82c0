// What becomes of a line of guidance after its checks, on guidance made for the test. Must not load cards/.
import assert from 'node:assert/strict';
import type { CheckResult } from '../../src/pain/evaluation.js';
import type { SafetyResult } from '../../src/pain/safety-check.js';
import { plain } from '../../src/pain/scope.js';
import {
  advise,
  check,
  line,
  result,
  type Situation,
  SURE,
  said,
} from '../support/guidance-builder.js';

const one = (outcome: SafetyResult): readonly string[] =>
  said([line('a')], { results: { a: outcome } });

describe('a line of guidance', () => {
  const drug = [line('a')];
  const clear = { results: { a: result('clear') } };

  it('is offered when its checks are clear', () => {
    assert.deepEqual(said(drug, clear), ['a offered']);
  });

  it('that does not hold is not there', () => {
    assert.deepEqual(said(drug, { ...clear, conditions: [() => plain.unknown] }), []);
  });

  it('shares the judgement of lines with the same condition', () => {
    let asked = 0;
    const judge = () => {
      asked += 1;
      return plain.met;
    };

    said([line('a'), line('b')], { conditions: [judge] });

    assert.equal(asked, 1);
  });

  for (const [situation, more, context, expected] of [
    ['of the article alone', { origin: 'article-only' }, {}, 'source-only (sourceOnly)'],
    ['strongly advised against', { strength: 'strong-against' }, {}, 'not-advised (notAdvised)'],
    ['weakly advised against', { strength: 'weak-against' }, {}, 'not-advised (notAdvised)'],
    ['behind a red flag', {}, { isRedFlagFirst: true }, 'withheld (redFlagFirst)'],
    ['named by a red flag', {}, { withheldByFlags: new Set(['a']) }, 'withheld (redFlagFirst)'],
    ['a drug at 17', {}, { ageYears: 17 }, 'withheld (underAgeDrug)'],
    ['a drug at 18', {}, { ageYears: 18 }, 'offered'],
    ['a referral at 17', { kind: 'referral' }, { ageYears: 17 }, 'offered'],
    [
      'a drug for an unconfirmed diagnosis',
      {},
      { classification: { ...SURE, tentative: true } },
      'withheld (tentativeDrug)',
    ],
    [
      'a procedure for an unconfirmed diagnosis',
      { kind: 'procedure' },
      { classification: { ...SURE, tentative: true } },
      'offered',
    ],
    ['a drug without checks', {}, { results: {} }, 'withheld (safetyChecksMissing)'],
    [
      'a procedure without checks',
      { kind: 'procedure' },
      { results: {} },
      'withheld (safetyChecksMissing)',
    ],
    ['education without checks', { kind: 'education' }, { results: {} }, 'offered'],
  ] as const) {
    it(`${situation} is ${expected}`, () => {
      assert.deepEqual(said([line('a', more)], { ...clear, ...context } as Situation), [
        `a ${expected}`,
      ]);
    });
  }

  it('names what was not assessed, and nothing when all was', () => {
    const notAssessed = ['NS-13'];

    const [open] = advise(drug, {
      results: { a: result('clear', [], { notAssessed }) },
    }).recommendations;
    const [whole] = advise(drug, clear).recommendations;

    assert.deepEqual(open?.notAssessed, notAssessed);
    assert.equal(whole?.notAssessed, undefined);
    assert.equal(whole?.checksEvaluated, 3);
  });

  it('is forbidden by a block, not by being taken', () => {
    const forbidden = (more: Partial<SafetyResult>) =>
      advise(drug, { results: { a: result('blocked', [check('blocked')], more) } })
        .recommendations[0]?.isForbidden;

    assert.equal(forbidden({}), true);
    assert.equal(forbidden({ isTaken: true }), undefined);
  });
});

describe('the reason of a line', () => {
  it('is the gravest check', () => {
    assert.deepEqual(one(result('blocked', [check('blocked'), check('caution')])), [
      'a withheld (blocked message)',
    ]);
    assert.deepEqual(one(result('caution', [check('caution')])), ['a caution (caution message)']);
  });

  it('names the agent a check concerns', () => {
    const agent = 'tramadol';

    assert.deepEqual(one(result('caution', [check('blocked', { agent })])), [
      'a caution (not tramadol: blocked message)',
    ]);
    assert.deepEqual(one(result('caution', [check('caution', { agent })])), [
      'a caution (tramadol: caution message)',
    ]);
  });

  it('asks for what an agent lacks where the class passes', () => {
    assert.deepEqual(
      one(result('caution', [check('unknown', { agent: 'tramadol', needs: 'age' })])),
      ['a caution (not tramadol: needs: age)'],
    );
    assert.deepEqual(one(result('caution', [check('unknown', { agent: 'tramadol' })])), [
      'a caution (not tramadol: unknown message)',
    ]);
  });

  it('says that another quantity stood in', () => {
    assert.deepEqual(
      one(result('caution', [check('caution', { standIn: true, needs: 'weight' })])),
      ['a caution (caution message (by eGFR))'],
    );
  });

  it('is what unknown checks need: what is asked of everybody first, each once, four at most', () => {
    const open = (needs: string, more: Partial<CheckResult> = {}) =>
      check('unknown', { needs, ...more });
    const checks = [
      open('weight'),
      open('weight'),
      open('allergies', { action: 'ask' }),
      check('caution', { needs: 'nothing' }),
      open(''),
      open('QTc'),
      open('sodium'),
      open('age'),
    ];

    assert.deepEqual(one(result('unknown', checks)), [
      'a withheld (needs: allergies; weight; QTc; sodium)',
    ]);
  });

  it('is what agents lack only where the class lacks nothing', () => {
    const agent = 'tramadol';
    const ofAgent = check('unknown', { needs: 'seizures', agent });

    assert.deepEqual(one(result('unknown', [ofAgent, check('unknown', { needs: 'weight' })])), [
      'a withheld (needs: weight)',
    ]);
    assert.deepEqual(one(result('unknown', [ofAgent, check('caution')])), [
      'a withheld (needs: seizures)',
    ]);
  });
});
