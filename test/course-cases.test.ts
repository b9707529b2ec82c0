// Runs every clinical case of test/cases/course: trials, steps, order of procedures, change over time.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { evaluate } from '../src/pain/evaluate.js';
import type { EvaluatedProblem, Evaluation } from '../src/pain/evaluation.js';
import { buildRecord } from './support/case-record.js';
import { type CourseCase, readCourseCases } from './support/course-case.js';
import { realKnowledge } from './support/findings.js';

const cases = readCourseCases('test/cases/course');

const trialOf = ({ trials = [] }: EvaluatedProblem, treatment: string) =>
  trials.find((trial) => trial.treatment === treatment);

const assertTrials = (pain: EvaluatedProblem, expected: CourseCase['expect']): void => {
  const { trials = {}, missing = {}, relief = {} } = expected;
  for (const [treatment, status] of Object.entries(trials))
    assert.equal(trialOf(pain, treatment)?.status ?? 'none', status, treatment);
  for (const [treatment, gaps] of Object.entries(missing))
    assert.deepEqual(trialOf(pain, treatment)?.missing, gaps, treatment);
  for (const [treatment, percent] of Object.entries(relief))
    assert.equal(trialOf(pain, treatment)?.reliefPercent, percent, treatment);
};

const assertStep = (
  { stepwise, recommendations }: EvaluatedProblem,
  expected: CourseCase['expect'],
): void => {
  const { step, asks = [], noAsks, lines = {} } = expected;
  if (step !== undefined) assert.equal(`${stepwise?.step} ${stepwise?.row}`, step);
  for (const words of asks)
    assert.ok(
      stepwise?.asks.some((ask) => ask.includes(words)),
      `no ask says: ${words}`,
    );
  if (noAsks) assert.deepEqual(stepwise?.asks, []);
  for (const [id, expectation] of Object.entries(lines)) {
    const [status, reason = ''] = expectation.split(': ');
    const line = recommendations.find((one) => one.id === id);
    assert.equal(line?.status ?? 'none', status, id);
    assert.ok((line?.reason ?? '').includes(reason), `${id}: ${line?.reason}`);
  }
};

const assertChange = (
  pain: EvaluatedProblem,
  evaluation: Evaluation,
  expected: CourseCase['expect'],
): void => {
  const { change, labels, goal, next, ordering, mme } = expected;
  const measures = (pain.change?.measures ?? []).map(
    ({ measure, since, from, to, word }) =>
      `${measure} ${since} ${from.value} ${to.value} ${word ?? 'none'}`,
  );
  if (change !== undefined) assert.deepEqual(measures, change);
  const said = (pain.change?.labels ?? []).map(({ category, change: how }) => `${category} ${how}`);
  if (labels !== undefined) assert.deepEqual(said.sort(), [...labels].sort());
  if (goal !== undefined) assert.equal(pain.change?.isGoalReached ?? false, goal);
  if (next !== undefined) assert.equal(pain.nextEvaluation?.id ?? 'none', next);
  const rules = [...new Set((pain.ordering ?? []).map(({ rule }) => rule))].sort();
  if (ordering !== undefined) assert.deepEqual(rules, ordering);
  if (mme !== undefined) assert.equal(evaluation.opioids?.mmePerDay ?? 'none', mme);
};

describe('clinical cases of the course of treatment', () => {
  const knowledge = realKnowledge();

  for (const one of cases) {
    it(`${one.kind}: ${one.situation}`, () => {
      const record = buildRecord(one.patient, one.record, one.inputs);

      const evaluation = evaluate(record, knowledge, new Date(one.now), one.previous);

      const [pain] = evaluation.problems;
      assert.ok(pain, 'no pain problem');
      try {
        assertTrials(pain, one.expect);
        assertStep(pain, one.expect);
        assertChange(pain, evaluation, one.expect);
      } catch (cause) {
        const reason = cause instanceof Error ? cause.message : String(cause);
        const { trials, stepwise, change, ordering, nextEvaluation } = pain;
        const seen = { trials, stepwise, change, ordering, nextEvaluation };
        const brief = JSON.stringify(seen, (key, value) =>
          key === 'findings' || key === 'finding' ? undefined : value,
        );
        assert.fail(`${one.file}: ${reason}\n${brief}`);
      }
    });
  }
});

describe('the coverage of the course cases', () => {
  const covered = new Set(cases.flatMap(({ covers }) => covers));
  const idsOf = (file: string, list: string): readonly string[] => {
    const document: Record<string, readonly { readonly id: string }[]> = parse(
      readFileSync(file, 'utf8'),
    );
    return (document[list] ?? []).map(({ id }) => id);
  };

  for (const [what, ids] of [
    ['trial', idsOf('cards/trials.yaml', 'trials')],
    ['step', idsOf('cards/stepwise.yaml', 'steps')],
    ['measure', idsOf('cards/dynamic.yaml', 'measures')],
    ['interval', idsOf('cards/dynamic.yaml', 'intervals')],
    ['ordering rule', ['S2-1', 'S2-2', 'S2-3', 'S2-4']],
    [
      'trial status',
      [
        'adequate-failed',
        'intolerance',
        'contraindicated',
        'inadequate',
        'ongoing',
        'not-documented',
        'helped',
      ],
    ],
  ] as const) {
    it(`has every ${what}`, () => {
      assert.deepEqual(
        ids.filter((id) => !covered.has(id)),
        [],
      );
    });
  }
});
