// The next step on rows made for the test: what counts as tried, which row is chosen, what it opens and asks.
import assert from 'node:assert/strict';
import type { TriedAs } from '../../src/pain/expression.js';
import type { Finding } from '../../src/pain/finding.js';
import type { Trial, TrialStatus } from '../../src/pain/progress.js';
import { type Judge, plain } from '../../src/pain/scope.js';
import { judgeSteps, type StepInputs, stepScope } from '../../src/pain/steps.js';
import type { StepRow } from '../../src/pain/stepwise-knowledge.js';
import { finding, scopeOf } from '../support/findings.js';

const RELIEF = { scoreSets: [], baselineDays: 14, respondedFrom: 30, substantialFrom: 50 };
const trial = (status: TrialStatus, more: Partial<Trial> = {}): Trial => ({
  treatment: status,
  status,
  isRunning: false,
  missing: [],
  sources: [],
  findings: [finding(status), finding('score')],
  ...more,
});
const tried = (
  what: readonly TriedAs[],
  inputs: Partial<StepInputs>,
  of: 'class' | 'procedure' = 'class',
) => {
  const all = {
    openFlags: [],
    classes: [],
    classesWithoutRecord: 0,
    procedures: [],
    organisations: new Set<string>(),
    ...inputs,
  };
  const found = stepScope(scopeOf([]), all, RELIEF).steps?.tried(what, of);
  assert.ok(found);
  return `${found.low} to ${found.high}: ${found.findings.map(({ reference }) => reference).join(' ')}`;
};

describe('what was tried', () => {
  it('is surely what has the result, at most what may have it', () => {
    const classes = [
      trial('adequate-failed'),
      trial('not-documented'),
      trial('ongoing'),
      trial('inadequate'),
    ];

    assert.equal(tried(['adequate-failed'], { classes }), '1 to 2: Condition/adequate-failed');
    assert.equal(
      tried(['adequate-failed'], { classes, classesWithoutRecord: 2 }),
      '1 to 4: Condition/adequate-failed',
    );
    assert.equal(
      tried(['not-documented'] as never, { classes }),
      '1 to 1: Condition/not-documented',
    );
    assert.equal(tried(['intolerance'], { classes: [] }), '0 to 0: ');
  });

  it('is in part what runs or helped with a relief between the limits', () => {
    const part = (status: TrialStatus, reliefPercent?: number) =>
      tried(['partial'], {
        classes: [trial(status, reliefPercent === undefined ? {} : { reliefPercent })],
      }).slice(0, 6);

    assert.equal(part('ongoing', 30), '1 to 1');
    assert.equal(part('helped', 49), '1 to 1');
    assert.equal(part('ongoing', 29), '0 to 0');
    assert.equal(part('ongoing', 50), '0 to 0');
    assert.equal(part('ongoing'), '0 to 0');
    assert.equal(part('inadequate', 40), '0 to 0');
    assert.equal(
      tried(['adequate-failed'], { classes: [trial('ongoing', { reliefPercent: 40 })] }).slice(
        0,
        6,
      ),
      '0 to 0',
    );
  });

  it('counts trials on the same record once, those without a record each', () => {
    const same: readonly Finding[] = [finding('same')];
    const one = trial('adequate-failed', { findings: same });
    const bare = trial('adequate-failed', { findings: [] });

    assert.equal(tried(['adequate-failed'], { classes: [one, one] }), '1 to 1: Condition/same');
    assert.equal(
      tried(['adequate-failed'], { classes: [bare, bare, one] }),
      '3 to 3: Condition/same',
    );
  });

  it('counts procedures apart, of which none is silent', () => {
    const inputs = {
      classes: [trial('adequate-failed')],
      classesWithoutRecord: 3,
      procedures: [trial('intolerance')],
    };

    assert.equal(tried(['intolerance'], inputs, 'procedure'), '1 to 1: Condition/intolerance');
    assert.equal(tried(['intolerance'], inputs), '0 to 3: ');
  });
});

describe('judgeSteps', () => {
  const met: Judge = () => ({ result: 'met', findings: [finding('decides')], weight: 0 });
  const row = (id: string, judge: Judge, more: Partial<StepRow> = {}): StepRow => ({
    id,
    step: `step of ${id}`,
    judge,
    opens: [id],
    closes: [],
    text: `because ${id}`,
    asks: [`ask ${id}`],
    sources: [`source ${id}`],
    ...more,
  });
  const unknown: Judge = () => plain.unknown;
  const notMet: Judge = () => plain.notMet;
  const asks = ['ask a', 'ask b', 'ask c'].map((id) => ({ id, judge: met, text: `${id}?` }));
  const step = (...steps: readonly StepRow[]) => judgeSteps(scopeOf([]), { steps, asks });

  it('takes the first row that is met, with what decided', () => {
    const found = step(row('a', notMet), row('b', met), row('c', met));

    assert.deepEqual(
      {
        ...found,
        findings: found?.findings.map(({ reference }) => reference),
        opens: [...(found?.opens ?? [])],
      },
      {
        step: 'step of b',
        row: 'b',
        because: 'because b',
        asks: [],
        sources: ['source b'],
        findings: ['Condition/decides'],
        opens: ['b', 'c'],
      },
    );
  });

  it('is none where no row is met', () => {
    assert.equal(step(row('a', unknown), row('b', notMet)), undefined);
  });

  it('asks for what would judge the rows above it, where the question still holds', () => {
    assert.deepEqual(step(row('a', unknown), row('b', notMet), row('c', met))?.asks, ['ask a?']);
    assert.deepEqual(step(row('c', met), row('a', unknown))?.asks, []);
    const settled = asks.map((ask) => ({ ...ask, judge: unknown }));
    assert.deepEqual(
      judgeSteps(scopeOf([]), { steps: [row('a', unknown), row('c', met)], asks: settled })?.asks,
      [],
    );
  });

  it('keeps closed what a met row closes, whichever opens it', () => {
    const found = step(
      row('a', met, { closes: ['c'] }),
      row('b', notMet, { closes: ['a'] }),
      row('c', met),
    );

    assert.deepEqual([...(found?.opens ?? [])], ['a']);
  });
});
