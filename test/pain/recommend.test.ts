import assert from 'node:assert/strict';
import type { FhirResource } from 'fhir/r4.js';
import { evaluate } from '../../src/pain/evaluate.js';
import type { EvaluatedProblem, Recommendation } from '../../src/pain/evaluation.js';
import { RECORD_TYPES } from '../../src/pain/patient-record.js';
import {
  condition,
  ICD10CM,
  LOINC,
  NOW,
  observation,
  order,
  quantity,
  RXNORM,
  realKnowledge,
  recordOf,
  SNOMED,
  status,
} from '../support/findings.js';
import { evaluateFixtures, evaluationOf } from '../support/fixtures.js';
import { safetyChecksOf } from '../support/patient-checks.js';

const linesOf = (patient: string): readonly Recommendation[] =>
  evaluationOf(patient).problems.flatMap(({ recommendations }) => recommendations);

/** A man of 56 with everything read: no known allergy, healthy kidneys and pressure. */
const everythingRead = (resources: readonly FhirResource[], birthDate = '1970-05-05') => ({
  ...recordOf(resources),
  patient: { resourceType: 'Patient' as const, id: 'p', birthDate, gender: 'male' as const },
  inputs: RECORD_TYPES.map((type) => ({ type, state: 'read' as const })),
});

const BASICS: readonly FhirResource[] = [
  {
    resourceType: 'AllergyIntolerance',
    id: 'nka',
    patient: { reference: 'Patient/p' },
    code: { coding: [{ system: SNOMED, code: '716186003' }] },
  },
  observation('egfr', LOINC, '98979-8', { valueQuantity: quantity(90, 'mL/min/{1.73_m2}') }),
  observation('sbp', LOINC, '8480-6', { valueQuantity: quantity(120, 'mm[Hg]') }),
];
const OSTEOARTHRITIS = [condition('oa', ICD10CM, 'M17.11'), ...BASICS];

const problemIn = (resources: readonly FhirResource[], birthDate?: string): EvaluatedProblem => {
  const record = everythingRead(resources, birthDate);
  const [problem] = evaluate(record, realKnowledge(), NOW).problems;
  assert.ok(problem);
  return problem;
};
const linesIn = (resources: readonly FhirResource[]) => problemIn(resources).recommendations;

/** Heart failure blocks the NSAID, the only first-line drug of renal colic. */
const renalColicWithHeartFailure = (): EvaluatedProblem =>
  problemIn([
    condition('colic', ICD10CM, 'N23', { onsetDateTime: '2026-11-21' }),
    condition('heart', ICD10CM, 'I50.9'),
    ...BASICS,
  ]);

describe('recommend', () => {
  it('never withholds or offers what a guideline advises against', () => {
    const against = evaluateFixtures()
      .flatMap(({ evaluation }) => evaluation.problems)
      .flatMap(({ recommendations }) => recommendations)
      .filter(({ strength }) => strength.endsWith('-against'));

    assert.ok(against.length > 50);
    assert.deepEqual([...new Set(against.map(({ status }) => status))], ['not-advised']);
  });

  it('offers nothing while an emergency or same-day red flag is open', () => {
    const offered = linesOf('red-flag-cauda-equina').filter(({ status }) => status === 'offered');

    assert.ok(linesOf('red-flag-cauda-equina').length > 5);
    assert.deepEqual(offered, []);
  });

  it('asks for a running NSAID to be reviewed now where a risk is recorded, not in weeks', () => {
    const ids = linesOf('older-adult-ckd-polypharmacy').map(({ id }) => id);

    assert.ok(ids.includes('inflammatory.general.nsaid-risk'));
    assert.ok(!ids.includes('inflammatory.general.nsaid-review'));
  });

  it('withholds a drug or procedure that no rule speaks of', () => {
    const unchecked = evaluateFixtures()
      .flatMap(({ evaluation }) => evaluation.problems)
      .flatMap(({ recommendations }) => recommendations)
      .filter(({ treatment }) => treatment === 'laxative' || treatment === 'rtms');

    assert.ok(unchecked.length > 5);
    assert.deepEqual([...new Set(unchecked.map(({ status }) => status))], ['withheld']);
  });

  it('recommends no drug or procedure without saying how many rules were judged', () => {
    const { plans } = realKnowledge().safety;
    const silent = evaluateFixtures()
      .flatMap(({ evaluation }) => evaluation.problems)
      .flatMap(({ recommendations }) => recommendations)
      .filter(({ status }) => status === 'offered' || status === 'caution')
      .filter(({ treatment = '', checksEvaluated = 0 }) => plans.has(treatment) && !checksEvaluated)
      .filter(({ treatment = '' }) => plans.get(treatment)?.isChecked);

    assert.deepEqual(silent, []);
  });

  it('withholds a line whose named agent is blocked though its class has others', () => {
    const [line] = linesIn([condition('c', ICD10CM, 'K73.9'), ...OSTEOARTHRITIS]).filter(
      ({ id }) => id === 'inflammatory.osteoarthritis.duloxetine',
    );

    assert.equal(line?.status, 'withheld');
    assert.equal(line?.checks[0]?.rule, 'SN-2');
  });

  it('names an alternative that passes where a drug is blocked', () => {
    const [line] = linesIn([condition('c', ICD10CM, 'I50.9'), ...OSTEOARTHRITIS]).filter(
      ({ id }) => id === 'inflammatory.osteoarthritis.nsaid',
    );

    assert.equal(line?.status, 'withheld');
    assert.equal(line?.alternative, 'acetaminophen');
  });

  it('says so where every first-line drug is blocked, and slides down to no third line silently', () => {
    const { remarks, recommendations } = renalColicWithHeartFailure();

    assert.deepEqual(remarks, [realKnowledge().engineTexts.firstLineBlocked]);
    assert.deepEqual(
      recommendations
        .filter(({ id }) => id === 'spasmodic.renal.opioid')
        .map(({ status }) => status),
      ['caution'],
    );
  });

  it('does not call a first line blocked that is merely taken already', () => {
    const { remarks, recommendations } = problemIn([
      condition('colic', ICD10CM, 'N23', { onsetDateTime: '2026-11-21' }),
      order('rx'),
      ...BASICS,
    ]);

    const [nsaid] = recommendations.filter(({ id }) => id === 'spasmodic.renal.nsaid');
    assert.equal(nsaid?.status, 'withheld');
    assert.deepEqual(remarks, []);
  });

  it('lets no blocked class back in through a sibling or a narrower class (D-12)', () => {
    const check = safetyChecksOf(
      everythingRead([
        condition('c', ICD10CM, 'K56.609', { onsetDateTime: '2026-11-20' }),
        ...BASICS,
      ]),
    );

    for (const treatment of ['opioid', 'tramadol'])
      assert.ok(
        check(treatment)?.checks.some(
          ({ rule, outcome }) => rule === 'OP-15' && outcome === 'blocked',
        ),
        treatment,
      );
  });

  it('counts a combination product for each of its ingredients (D-12)', () => {
    const product = order('rx', {
      medicationCodeableConcept: {
        coding: [{ system: RXNORM, code: '856999' }],
        text: 'acetaminophen 325 MG / hydrocodone bitartrate 10 MG Oral Tablet',
      },
    });

    const check = safetyChecksOf(everythingRead([product, ...BASICS]));

    assert.ok(check('acetaminophen')?.checks.some(({ rule }) => rule === 'PA-3'));
  });

  it('shows a child no drug, whatever its checks say', () => {
    const statuses = new Set(
      problemIn(OSTEOARTHRITIS, '2010-05-05')
        .recommendations.filter(({ treatment }) => treatment === 'nsaid' || treatment === 'opioid')
        .filter(({ strength }) => !strength.endsWith('against'))
        .map(({ status }) => status),
    );

    assert.deepEqual([...statuses], ['withheld']);
  });

  it('recommends no drug on an unconfirmed diagnosis alone', () => {
    const tentative = problemIn([
      condition('c', ICD10CM, 'M10.9', { verificationStatus: status('provisional') }),
      ...BASICS,
    ]).recommendations.filter(({ treatment }) => treatment === 'nsaid');

    assert.ok(tentative.length > 0);
    assert.ok(tentative.every((line) => line.status === 'withheld'));
  });
});
