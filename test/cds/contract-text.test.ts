import assert from 'node:assert/strict';
import fc from 'fast-check';
import { toJsonParts } from '../../src/cds/call-service.js';
import { createContractText, type Part } from '../../src/cds/contract-text.js';
import { machineReadable } from '../../src/cds/machine-readable.js';
import type { CheckResult, Evaluation } from '../../src/pain/evaluation.js';
import { anEvaluation, aProblem, hostileEvaluation } from '../support/evaluation-builder.js';
import { fixtureEvaluations } from '../support/fixture-evaluations.js';

const contractText = createContractText();

const joined = (parts: readonly Part[]): string =>
  parts.map((part) => Buffer.from(part as Uint8Array).toString()).join('');
const written = (evaluation: Evaluation): unknown => JSON.parse(joined(contractText(evaluation)));
const composed = (evaluation: Evaluation): unknown =>
  JSON.parse(JSON.stringify(machineReadable(evaluation)));

describe('contractText', () => {
  for (const { patientId, evaluation } of fixtureEvaluations) {
    it(`writes for ${patientId} what JSON.stringify makes of the contract`, () => {
      assert.deepEqual(written(evaluation), composed(evaluation));
    });
  }

  it('writes the same again, when everything is remembered', () => {
    for (const { evaluation } of fixtureEvaluations)
      assert.deepEqual(written(evaluation), composed(evaluation));
  });

  it('writes any evaluation as JSON.stringify does, whatever its texts hold', () => {
    fc.assert(
      fc.property(hostileEvaluation, (evaluation) => {
        assert.deepEqual(written(evaluation), composed(evaluation));
      }),
      { numRuns: 20 },
    );
  });

  it('keeps checks of one rule apart that differ in action alone', () => {
    const [line] = aProblem().recommendations;
    assert.ok(line);
    const check = { rule: 'X-1', outcome: 'fired', message: 'm', findings: [] } as const;
    const checks = (['warn', 'block'] as const).map((action) => ({ ...check, action }));
    const evaluation = anEvaluation({
      problems: [aProblem({ recommendations: [{ ...line, checks: checks as never }] })],
    });

    assert.deepEqual(written(evaluation), composed(evaluation));
  });

  it('keeps what differs between patients apart when they share a line of guidance', () => {
    const [line] = aProblem().recommendations;
    assert.ok(line);
    const { status: _, reason: __, checks: ___, ...advice } = line;
    const withReason = (reason: string) =>
      anEvaluation({
        problems: [
          aProblem({
            recommendations: [{ ...advice, advice, status: 'withheld', reason, checks: [] }],
          }),
        ],
      });

    const answers = ['kidney function', 'allergy'].map(withReason).map(written);

    assert.match(JSON.stringify(answers[0]), /"reason":"kidney function"/);
    assert.match(JSON.stringify(answers[1]), /"reason":"allergy"/);
  });
});

describe('contractText of checks', () => {
  const [line] = aProblem().recommendations;
  const check = (more: Partial<CheckResult>): CheckResult => ({
    rule: 'X-1',
    action: 'block',
    outcome: 'unknown',
    message: 'no „kidney“ value',
    needs: 'kidney function',
    agent: undefined,
    standIn: false,
    findings: [],
    ...more,
  });
  const checks: readonly CheckResult[] = [
    check({}),
    check({ agent: 'duloxetine' }),
    check({ agent: 'duloxetine', standIn: true }),
    check({ agent: 'venlafaxine', findings: aProblem().problem.members }),
    check({ outcome: 'blocked', needs: undefined }),
    check({ outcome: 'clear', message: undefined, needs: undefined }),
    check({ message: 'another sentence of the same rule' }),
    check({ needs: undefined }),
  ];
  const withChecks = (...some: readonly CheckResult[]): Evaluation => {
    assert.ok(line);
    return anEvaluation({ problems: [aProblem({ recommendations: [{ ...line, checks: some }] })] });
  };

  it('writes each as JSON.stringify does, also when its rule was written before', () => {
    for (const some of [checks, [...checks].reverse(), ...checks.map((one) => [one])]) {
      const evaluation = withChecks(...some);
      assert.deepEqual(written(evaluation), composed(evaluation));
    }
  });
});

describe('toJsonParts', () => {
  it('joins cards and contract to the JSON text of a CDS Hooks response', () => {
    const [{ evaluation } = { evaluation: anEvaluation() }] = fixtureEvaluations;
    const cards = [
      { summary: 'Knee pain „7/10“', indicator: 'info' as const, source: { label: 'x' } },
    ];

    const text = joined(toJsonParts({ cards, contract: contractText(evaluation) }));

    assert.deepEqual(JSON.parse(text), {
      cards,
      extension: { 'org.pain-cds.evaluation': composed(evaluation) },
    });
  });

  it('sends no extension without a contract', () => {
    assert.deepEqual(toJsonParts({ cards: [], contract: [] }), ['{"cards":[]}']);
  });
});
