// One evaluated pain: its trend and place, what to ask, and the line on ozone behind its gate.
import assert from 'node:assert/strict';
import type { FhirResource } from 'fhir/r4.js';
import { evaluate } from '../../src/pain/evaluate.js';
import type { EvaluatedProblem } from '../../src/pain/evaluation.js';
import type { Knowledge } from '../../src/pain/knowledge.js';
import { RECORD_TYPES } from '../../src/pain/patient-record.js';
import { plain } from '../../src/pain/scope.js';
import {
  condition,
  ICD10CM,
  known,
  LOINC,
  NOW,
  observation,
  painScore,
  quantity,
  realKnowledge,
  recordOf,
  SNOMED,
} from '../support/findings.js';

const knee = condition('knee', ICD10CM, 'M17.11');
const allergies: FhirResource = {
  resourceType: 'AllergyIntolerance',
  id: 'nka',
  patient: { reference: 'Patient/p' },
  code: { coding: [{ system: SNOMED, code: '716186003' }] },
};
const problem = (
  resources: readonly FhirResource[],
  knowledge: Knowledge = realKnowledge(),
): EvaluatedProblem => {
  const inputs = RECORD_TYPES.map((type) => ({ type, state: 'read' as const }));
  const [first] = evaluate({ ...recordOf(resources), inputs }, knowledge, NOW).problems;
  assert.ok(first);
  return first;
};

describe('an evaluated pain', () => {
  before(() => void realKnowledge());

  const { trendPoints } = realKnowledge().settings;
  for (const [before, now, trend] of [
    [4, 4 + trendPoints, 'worsening'],
    [4 + trendPoints, 4, 'improving'],
    [4, 4, 'stable'],
    [4, 3 + trendPoints, 'stable'],
    [undefined, 5, undefined],
  ] as const) {
    it(`goes from ${before} to ${now}: ${trend ?? 'no trend'}`, () => {
      const dated = (value: number, day: string) =>
        painScore(`s${day}`, value, { effectiveDateTime: `2026-11-${day}T09:00:00Z` });
      const earlier = before === undefined ? [] : [dated(before, '10')];

      const { intensity } = problem([knee, ...earlier, dated(now, '20')]).problem;

      assert.equal(intensity?.nrs, now);
      assert.equal(intensity?.trend, trend);
      assert.equal(intensity?.finding.reference, 'Observation/s20');
    });
  }

  it('has no intensity or trend from a score that is no one number', () => {
    const open = { valueQuantity: { ...quantity(5, '{score}'), comparator: '<' as const } };

    assert.equal(problem([knee, painScore('s', 5, open)]).problem.intensity, undefined);
    const earlier = painScore('a', 5, { ...open, effectiveDateTime: '2026-11-10T09:00:00Z' });
    assert.equal(problem([knee, earlier, painScore('s', 5)]).problem.intensity?.trend, undefined);
  });

  it('asks with what the answer unlocks, where something is said to be', () => {
    const asks = realKnowledge().asks;

    for (const { id, text, unlocks } of problem([knee]).ask) {
      const stated = asks.find((ask) => ask.id === id);
      assert.deepEqual([text, unlocks], [stated?.text, stated?.unlocks]);
    }
    const [first] = asks;
    assert.ok(first);
    const { unlocks: _, ...silent } = first;
    const knowledge = { ...realKnowledge(), asks: [{ ...silent, judge: () => plain.met }] };
    assert.deepEqual(problem([knee], knowledge).ask.map(known), [
      { id: first.id, text: first.text },
    ]);
  });

  it('has principles only where a category leads', () => {
    assert.ok(problem([knee]).principles.length > 0);
    const unclassified = problem([condition('some', SNOMED, '22253000')]);
    assert.deepEqual([unclassified.principles, unclassified.recommendations], [[], []]);
  });
});

describe('the line on ozone', () => {
  const withOzone = (
    more: Partial<NonNullable<Knowledge['ozone']>>,
    resources: readonly FhirResource[] = [knee, allergies],
  ) =>
    problem(resources, {
      ...realKnowledge(),
      // Its gate is that of a treatment whose checks are clear here.
      ozone: {
        steps: new Set(['1']),
        treatment: 'acetaminophen',
        judge: () => plain.met,
        text: 'of ozone',
        ...more,
      },
    }).ozone;

  it('is there at its steps, where its condition holds and its gate is open', () => {
    assert.equal(withOzone({}), 'of ozone');
    assert.equal(problem([knee, allergies]).ozone, undefined);
    assert.equal(withOzone({ steps: new Set(['2']) }), undefined);
    assert.equal(withOzone({ judge: () => plain.unknown }), undefined);
    assert.equal(withOzone({ treatment: 'no rule speaks of it' }), undefined);
  });

  it('waits while a check of its gate is open, and passes with a caution', () => {
    const kidney = observation('egfr', LOINC, '98979-8', {
      valueQuantity: quantity(25, 'mL/min/{1.73_m2}'),
    });

    assert.equal(withOzone({}, [knee]), undefined);
    assert.equal(withOzone({}, [knee, allergies, kidney]), 'of ozone');
  });

  it('is not there for a pain without a step', () => {
    assert.equal(withOzone({}, [condition('some', SNOMED, '22253000'), allergies]), undefined);
  });
});
