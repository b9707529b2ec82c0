// The ordering check on rules made for the test: whom a rule concerns, what excuses, which records it is said of.
import assert from 'node:assert/strict';
import type { Finding } from '../../src/pain/finding.js';
import { judgeOrder, judgeRecordedOrder } from '../../src/pain/ordering.js';
import { plain, type Scope } from '../../src/pain/scope.js';
import type { OrderRule, StepwiseKnowledge } from '../../src/pain/stepwise-knowledge.js';
import { finding, on, scopeOf } from '../support/findings.js';
import { ago } from '../support/follow-builder.js';

const rule = (more: Partial<OrderRule> = {}): OrderRule => ({
  id: 'S2',
  judge: () => plain.met,
  levels: [],
  treatments: [],
  destructive: false,
  isExcepted: false,
  message: 'wait',
  sources: ['S'],
  ...more,
});
interface Rules {
  readonly rules: readonly OrderRule[];
  readonly isExcepted?: boolean;
  readonly diagnostic?: readonly string[];
}
const knowledge = ({ rules, isExcepted = false, diagnostic = ['block', 'injection'] }: Rules) =>
  ({
    treatments: new Map([
      ['block', { level: 'P3', isDestructive: false, codeSets: ['none', 'proc'] }],
      ['cord', { level: 'P4', isDestructive: false, codeSets: ['proc'] }],
      ['burn', { isDestructive: true, codeSets: ['burned'] }],
      ['drug', { isDestructive: false, codeSets: ['proc', 'burned'] }],
    ]),
    procedures: ['block', 'cord', 'burn'],
    order: {
      rules,
      diagnostic,
      windowDays: 365,
      exception: () => (isExcepted ? plain.met : plain.unknown),
    },
  }) as unknown as StepwiseKnowledge;
const said = (treatment: string, rules: Rules, isBlocked?: (of: string) => boolean) =>
  judgeOrder({ treatment }, scopeOf([]), knowledge(rules), isBlocked);
const done = (days: number, more: Partial<Finding> = {}): Finding =>
  finding('proc', {
    reference: `Procedure/${days}`,
    source: 'procedure',
    effective: on(ago(days)),
    ...more,
  });
const recorded = (
  findings: readonly Finding[],
  rules: readonly OrderRule[],
  more: Partial<Scope> = {},
) =>
  judgeRecordedOrder(scopeOf(findings, more), knowledge({ rules })).map(
    ({ treatment, findings: by }) =>
      `${treatment} ${by.map(({ reference }) => reference).join(' ')}`,
  );

describe('a rule of order', () => {
  for (const [situation, more, concerned] of [
    ['of a level', { levels: ['P4'] }, ['cord']],
    ['of a treatment', { treatments: ['drug'] }, ['drug']],
    ['of what destroys', { destructive: true }, ['burn']],
    ['of nothing', {}, []],
    ['that does not hold', { levels: ['P3', 'P4'], judge: () => plain.unknown }, []],
  ] as const) {
    it(`${situation} concerns ${concerned.join(' ') || 'none'}`, () => {
      const rules = [rule(more as Partial<OrderRule>)];
      const all = ['block', 'cord', 'burn', 'drug', 'nobody knows'];

      assert.deepEqual(
        all.filter((treatment) => said(treatment, { rules }).length > 0),
        concerned,
      );
    });
  }

  it('is said with its level and indicator where there are any', () => {
    const rules = [rule({ levels: ['P4'], indicator: 'warning' }), rule({ destructive: true })];

    assert.deepEqual(said('cord', { rules }), [
      {
        rule: 'S2',
        treatment: 'cord',
        level: 'P4',
        message: 'wait',
        indicator: 'warning',
        sources: ['S'],
        findings: [],
      },
    ]);
    assert.deepEqual(said('burn', { rules }), [
      { rule: 'S2', treatment: 'burn', message: 'wait', sources: ['S'], findings: [] },
    ]);
  });

  it('is silent in an exception, where it has any', () => {
    const rules = (isExcepted: boolean) => ({ rules: [rule({ levels: ['P4'], isExcepted })] });

    assert.equal(said('cord', rules(true)).length, 1);
    assert.equal(said('cord', { ...rules(true), isExcepted: true }).length, 0);
    assert.equal(said('cord', { ...rules(false), isExcepted: true }).length, 1);
  });

  it('is silent where every diagnostic step is blocked', () => {
    const rules = { rules: [rule({ levels: ['P4'], isExcepted: true })] };

    assert.equal(said('cord', rules, (of) => of === 'block').length, 1);
    assert.equal(said('cord', rules, () => true).length, 0);
    assert.equal(said('cord', { rules: [rule({ levels: ['P4'] })] }, () => true).length, 1);
  });
});

describe('the order of what was done', () => {
  const rules = [rule({ levels: ['P3'], destructive: true })];

  it('is said of procedures of the last year, with their records', () => {
    assert.deepEqual(recorded([done(10), done(365), done(366)], rules), [
      'block Procedure/10 Procedure/365',
    ]);
    assert.deepEqual(recorded([done(366)], rules), []);
    assert.deepEqual(recorded([done(10, { effective: undefined })], rules), []);
    assert.deepEqual(recorded([], rules), []);
  });

  it('is not said of what is no procedure, or was not done', () => {
    assert.deepEqual(recorded([done(10, { source: 'medication' })], rules), []);
    assert.deepEqual(recorded([done(10, { presence: 'absent' })], rules), []);
  });

  it('is said of what was done at the place of the pain', () => {
    const pain = {
      regions: ['knee'],
      recordedRegions: [],
      isAtSite: ({ regions }: Finding) => regions.includes('knee'),
      painDates: [],
    };

    assert.deepEqual(recorded([done(10, { regions: ['hip'] })], rules, { pain }), []);
    assert.deepEqual(recorded([done(10, { regions: ['knee'] })], rules, { pain }), [
      'block Procedure/10',
    ]);
    assert.deepEqual(recorded([done(10)], rules, { pain }), ['block Procedure/10']);
    assert.deepEqual(recorded([done(10, { regions: ['hip'] })], rules), ['block Procedure/10']);
  });

  it('is said of what destroys, whatever its level, and of no drug', () => {
    const burned = finding('burned', {
      reference: 'Procedure/b',
      source: 'procedure',
      effective: on(ago(5)),
    });
    const all = [rule({ levels: ['P3'], destructive: true, treatments: ['drug'] })];

    assert.deepEqual(recorded([burned], all), ['burn Procedure/b']);
  });
});
