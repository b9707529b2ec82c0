// Runs every clinical case of test/cases against the core and checks that the cases cover the knowledge.
import assert from 'node:assert/strict';
import { evaluate } from '../src/pain/evaluate.js';
import type { EvaluatedProblem, Evaluation } from '../src/pain/evaluation.js';
import { CATEGORIES } from '../src/pain/terms.js';
import {
  CASE_KINDS,
  type ClinicalCase,
  type ExpectedClassification,
  type ExpectedProblem,
  readCases,
  readCriterionIds,
} from './support/case.js';
import { buildRecord } from './support/case-record.js';
import { realKnowledge } from './support/findings.js';

const cases = readCases('test/cases');

const brief = (evaluation: Evaluation): string =>
  JSON.stringify(
    evaluation.problems.map((p) => ({
      region: p.problem.region,
      side: p.problem.side,
      course: p.problem.course,
      label: p.problem.label,
      classes: p.classifications.map(
        (c) =>
          `${c.category}/${c.subtype ?? ''}/${c.syndrome ?? ''} ${c.grade} ${c.basis} [${c.evidence
            .map((e) => e.criterion)
            .join(' ')}]`,
      ),
    })),
    null,
    1,
  );

const pick = (actual: object, expected: Readonly<Record<string, unknown>>): object =>
  Object.fromEntries(
    Object.keys(expected).map((key) => [key, Object.entries(actual).find(([k]) => k === key)?.[1]]),
  );

const fits = (actual: object, expected: ExpectedClassification): boolean =>
  JSON.stringify(pick(actual, expected)) === JSON.stringify(expected);

const resultOf = (evaluated: EvaluatedProblem, criterion: string): string => {
  const all = evaluated.classifications.flatMap((c) => [...c.evidence, ...c.against]);
  return all.find((e) => e.criterion === criterion)?.result ?? 'not met';
};

const assertProblem = (evaluated: EvaluatedProblem, expected: ExpectedProblem): void => {
  const { region, side, course, label, classification, includes, excludes, evidence } = expected;
  const { problem, classifications } = evaluated;
  const given = { region, side, course };
  for (const [key, value] of Object.entries(given)) {
    if (value !== undefined)
      assert.equal(Object.entries(problem).find(([k]) => k === key)?.[1], value);
  }
  if (label !== undefined) assert.ok(problem.label.includes(label), `label: ${problem.label}`);
  if (classification !== undefined) {
    const actual = classifications.map((c, i) => pick(c, classification[i] ?? { category: '' }));
    assert.deepEqual(actual, classification);
  }
  for (const one of includes ?? []) {
    assert.ok(
      classifications.some((c) => fits(c, one)),
      `no classification fits ${JSON.stringify(one)}`,
    );
  }
  for (const category of excludes ?? []) {
    assert.ok(!classifications.some((c) => c.category === category), `${category} is present`);
  }
  for (const [criterion, result] of Object.entries(evidence ?? {})) {
    const actual = resultOf(evaluated, criterion);
    const ok = result === 'not met' ? actual !== 'met' : actual === result;
    assert.ok(ok, `${criterion} is ${actual}, expected ${result}`);
  }
};

const problemFits = (evaluated: EvaluatedProblem, expected: ExpectedProblem): boolean => {
  try {
    assertProblem(evaluated, expected);
    return true;
  } catch {
    return false;
  }
};

const assertProblems = (evaluation: Evaluation, expected: ClinicalCase['expect']): void => {
  const { problems, someProblem, noCategory } = expected;
  if (problems !== undefined) {
    assert.equal(evaluation.problems.length, problems.length, 'number of pain problems');
    problems.forEach((problem, i) => {
      const actual = evaluation.problems[i];
      assert.ok(actual);
      assertProblem(actual, problem);
    });
  }
  for (const problem of someProblem ?? []) {
    const found = evaluation.problems.some((p) => problemFits(p, problem));
    assert.ok(found, `no pain problem fits ${JSON.stringify(problem)}`);
  }
  for (const category of noCategory ?? []) {
    const found = evaluation.problems.some((p) =>
      p.classifications.some((c) => c.category === category),
    );
    assert.ok(!found, `${category} is present`);
  }
};

const assertRest = (evaluation: Evaluation, expected: ClinicalCase['expect']): void => {
  const flags = evaluation.redFlags.map((f) => f.id);
  const modifiers = evaluation.modifiers.map((m) => m.id);
  for (const id of expected.redFlags ?? [])
    assert.ok(flags.includes(id), `red flag ${id} is absent`);
  for (const id of expected.noRedFlags ?? [])
    assert.ok(!flags.includes(id), `red flag ${id} is present`);
  if (expected.modifiers !== undefined) assert.deepEqual(modifiers, expected.modifiers);
  for (const id of expected.noModifiers ?? []) assert.ok(!modifiers.includes(id), `modifier ${id}`);
  if (expected.refuted !== undefined) {
    assert.equal(evaluation.refuted.length, expected.refuted.length, 'number of refuted diagnoses');
  }
  if (expected.completeness !== undefined) {
    assert.equal(evaluation.completeness, expected.completeness);
  }
  if (expected.dataNotes) assert.ok(evaluation.dataNotes.length > 0, 'no data note');
};

describe('clinical cases', () => {
  const knowledge = realKnowledge();

  for (const one of cases) {
    it(`${one.category} ${one.kind}: ${one.situation}`, () => {
      const record = buildRecord(one.patient, one.record, one.inputs);

      const evaluation = evaluate(record, knowledge, new Date(one.now));

      try {
        assertProblems(evaluation, one.expect);
        assertRest(evaluation, one.expect);
      } catch (cause) {
        const reason = cause instanceof Error ? cause.message : String(cause);
        const flags = evaluation.redFlags.map((f) => f.id).join(' ');
        const modifiers = evaluation.modifiers.map((m) => m.id).join(' ');
        assert.fail(
          `${one.file}: ${reason}\n${brief(evaluation)}\nflags: ${flags}; modifiers: ${modifiers}`,
        );
      }
    });
  }
});

describe('the coverage of the clinical cases', () => {
  const covered = new Set(cases.flatMap((c) => c.covers));

  for (const category of CATEGORIES) {
    for (const kind of CASE_KINDS) {
      it(`has a ${kind} case for ${category}`, () => {
        assert.ok(cases.some((c) => c.category === category && c.kind === kind));
      });
    }
  }

  it('has every test vector of the clinical knowledge', () => {
    const vectors = Array.from({ length: 24 }, (_, i) => `V${i + 1}`);

    assert.deepEqual(
      vectors.filter((v) => !covered.has(v)),
      [],
    );
  });

  it('has every criterion of the category files', () => {
    const ids = readCriterionIds('cards/categories');

    assert.deepEqual(
      ids.filter((id) => !covered.has(id)),
      [],
    );
  });
});
