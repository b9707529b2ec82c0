// Recommendations put into the course of treatment, on lines and rules made for the test: tried, running, waiting, out of order.
import assert from 'node:assert/strict';
import type { Recommendation } from '../../src/pain/evaluation.js';
import type { Finding } from '../../src/pain/finding.js';
import { plain } from '../../src/pain/scope.js';
import { finding, known, on } from '../support/findings.js';
import { ago, FAILED, follow, line, met, said, score, taken } from '../support/follow-builder.js';

describe('a line whose class was tried', () => {
  for (const [situation, findings, expected] of [
    ['without relief', FAILED, `tried: failed ${ago(60)} to ${ago(30)}, relief 25`],
    [
      'without relief, still running',
      [taken(60), score(8, 61), score(8, 2)],
      `tried: fails since ${ago(60)}`,
    ],
    [
      'and stopped for harm',
      [taken(60, 30, { stopReason: 'adverse-effect' })],
      'tried: not tolerated',
    ],
    ['and is taken', [taken(60)], `withheld: taken since ${ago(60)}`],
    ['since nobody knows when', [taken(60, undefined, { onset: undefined })], 'withheld: taken'],
    ['for too short a time', [taken(40, 30), score(8, 41), score(8, 31)], 'offered'],
    ['and helped', [taken(60, 30), score(8, 61), score(2, 32)], 'offered'],
    ['without scores', [taken(60, 30)], 'offered'],
    ['never', [], 'offered'],
  ] as const) {
    it(`${situation} is ${expected}`, () => {
      assert.equal(said(line('a'), { findings }), expected);
    });
  }

  for (const [situation, more, expected] of [
    ['is forbidden', { status: 'withheld', reason: 'no', isForbidden: true }, 'withheld: no'],
    ['is not advised', { status: 'not-advised' }, 'not-advised'],
    ['is of the article alone', { status: 'source-only' }, 'source-only'],
    [
      'is withheld for what no check says',
      { status: 'withheld', reason: 'child', checks: [] },
      'withheld: child',
    ],
    [
      'waits for a datum',
      { status: 'withheld', reason: 'needs' },
      `tried: failed ${ago(60)} to ${ago(30)}, relief 25`,
    ],
    [
      'is a caution without checks',
      { status: 'caution', checks: [] },
      `tried: failed ${ago(60)} to ${ago(30)}, relief 25`,
    ],
    ['names no treatment', { treatment: undefined }, 'offered'],
  ] as const) {
    it(`that ${situation} says ${expected}`, () => {
      assert.equal(
        said(line('a', more as unknown as Partial<Recommendation>), { findings: FAILED }),
        expected,
      );
    });
  }
});

describe('a line of a later step', () => {
  const later = (more: Partial<Recommendation> = {}) =>
    line('later', { treatment: 'x', step: 'comprehensive', ...more });

  it('waits, unless its step is open', () => {
    assert.equal(said(later()), 'withheld: later');
    assert.equal(said(later({ step: 'conservative' })), 'offered');
    assert.equal(said({ ...later(), id: 'no text' }), 'offered');
    assert.equal(said(later(), { rules: { steps: [] } }), 'offered');
    const { step: _, ...stepless } = later();
    assert.equal(said(stepless as Recommendation), 'offered');
  });

  it('says first what forbids it, or that it is not advised', () => {
    assert.equal(
      said(later({ isForbidden: true, status: 'withheld', reason: 'no' })),
      'withheld: no',
    );
    assert.equal(said(later({ status: 'not-advised' })), 'not-advised');
  });
});

describe('a procedure out of order', () => {
  const remark = {
    id: 'S2',
    judge: met,
    levels: ['P3'],
    treatments: [],
    destructive: false,
    isExcepted: true,
    message: 'block first',
    sources: [],
  };
  const situation = {
    rules: {
      order: {
        rules: [remark],
        exception: () => plain.notMet,
        diagnostic: ['block'],
        windowDays: 365,
      },
    },
  };
  const block = (more: Partial<Recommendation> = {}) => line('a', { treatment: 'block', ...more });

  it('is offered with the remark before what else is said', () => {
    assert.equal(said(block(), situation), 'caution: block first');
    assert.equal(
      said(block({ status: 'caution', reason: 'bleeding' }), situation),
      'caution: block first; bleeding',
    );
  });

  it('that is not offered, has no level, or is in order stays as it is', () => {
    assert.equal(said(block({ status: 'not-advised' }), situation), 'not-advised');
    assert.equal(said(line('a', { treatment: 'other' }), situation), 'offered');
    assert.equal(said(line('a', { treatment: 'nobody knows' }), situation), 'offered');
    assert.equal(said(block()), 'offered');
  });

  it('is excused where the more peripheral step is contraindicated', () => {
    const forbidden = block({ isForbidden: true, status: 'withheld' });

    const [, second] = follow([forbidden, block()], situation).recommendations;

    assert.equal(second?.status, 'offered');
  });
});

describe('following a pain', () => {
  it('leaves every line as it is behind a red flag, and still tells the trials', () => {
    const followed = follow([line('a')], { findings: FAILED, isRedFlagFirst: true });

    assert.equal(followed.recommendations[0]?.status, 'offered');
    assert.equal(followed.trials?.[0]?.status, 'adequate-failed');
  });

  it('says nothing of what is not classified or does not hurt', () => {
    const lines = [line('a')];

    assert.deepEqual(follow(lines, { findings: FAILED, classifications: [] }), {
      recommendations: lines,
    });
    assert.deepEqual(follow(lines, { findings: FAILED, isNonPainful: true }), {
      recommendations: lines,
    });
  });

  it('has no empty lists', () => {
    assert.deepEqual(Object.keys(known(follow([]))).sort(), ['recommendations', 'stepwise']);
  });

  it('calls a class contraindicated that a check forbids, with the record that decides, unless a trial says more', () => {
    const decides = finding('kidney');
    const forbidden = line('a', {
      isForbidden: true,
      status: 'withheld',
      checks: [
        { rule: 'R', outcome: 'caution', findings: [finding('else')] },
        { rule: 'S', outcome: 'blocked', findings: [decides] },
      ] as unknown as Recommendation['checks'],
    });
    const trials = (findings: readonly Finding[]) => follow([forbidden], { findings }).trials;

    assert.deepEqual(trials([])?.map(known), [
      {
        treatment: 'drug',
        status: 'contraindicated',
        isRunning: false,
        missing: [],
        sources: [],
        findings: [decides],
      },
    ]);
    assert.equal(trials([taken(60, 30)])?.[0]?.status, 'contraindicated');
    assert.equal(trials(FAILED)?.[0]?.status, 'adequate-failed');
    assert.equal(trials([taken(60)])?.[0]?.status, 'ongoing');
    assert.equal(
      follow([{ ...forbidden, treatment: undefined } as unknown as Recommendation]).trials,
      undefined,
    );
  });

  it('tells trials of the treatments that lines name, not of the article alone, and of procedures', () => {
    const done = finding('proc', { source: 'procedure', effective: on(ago(40)) });
    const treatmentsIn = (lines: readonly Recommendation[], ...findings: readonly Finding[]) =>
      (follow(lines, { findings }).trials ?? []).map(({ treatment }) => treatment);

    assert.deepEqual(treatmentsIn([line('a')], taken(60)), ['drug']);
    assert.deepEqual(treatmentsIn([line('a', { status: 'source-only' })], taken(60)), []);
    assert.deepEqual(treatmentsIn([], done), ['block']);
  });

  it('names the first classes not tried, and those to skip with the first reason', () => {
    const skipped = (reason: string) =>
      line('s', { treatment: 'other', isForbidden: true, status: 'withheld', reason });
    const { stepwise } = follow([
      line('a'),
      line('b'),
      skipped('first'),
      skipped('second'),
      line('c', { step: 'comprehensive', treatment: 'x' }),
    ]);

    assert.deepEqual(stepwise?.notTried, ['drug']);
    assert.deepEqual(stepwise?.skipped, [{ treatment: 'other', reason: 'first' }]);
    assert.deepEqual(follow([line('a')], { findings: [taken(60)] }).stepwise?.notTried, []);
    assert.deepEqual(follow([line('c', { status: 'not-advised' })]).stepwise?.notTried, []);
    assert.ok(!('opens' in (stepwise ?? {})));
  });
});
