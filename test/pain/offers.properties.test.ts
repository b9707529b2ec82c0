// Properties 11 to 14 of security.md 3.4: what is offered never grows when less is known or more speaks against it (docs/testing.md).
import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { FhirResource } from 'fhir/r4.js';
import type { CheckResult, Evaluation, Recommendation } from '../../src/pain/evaluation.js';
import type { InputType } from '../../src/pain/patient-record.js';
import {
  condition,
  ICD10CM,
  LOINC,
  observation,
  quantity,
  RXNORM,
  realKnowledge,
} from '../support/findings.js';
import { answer, kidney, records } from '../support/read-records.js';

const RUNS = { numRuns: 100, seed: 20261125 };
const linesOf = ({ problems }: Evaluation): readonly Recommendation[] =>
  problems.flatMap(({ recommendations }) => recommendations);
const guidance = () => [...realKnowledge().guidance.values()];
const isDrug = (line: string): boolean =>
  guidance().some(({ lines }) =>
    lines.some(({ kind, as }) => kind === 'drug' && as.offered.id === line),
  );
/** The lines that say do. */
const offeredIn = (evaluation: Evaluation): ReadonlySet<string> =>
  new Set(
    linesOf(evaluation)
      .filter(({ status }) => status === 'offered' || status === 'caution')
      .map(({ id }) => id),
  );
const drugsIn = (evaluation: Evaluation): ReadonlySet<string> =>
  new Set([...offeredIn(evaluation)].filter(isDrug));
const leadingIn = ({ problems }: Evaluation): ReadonlySet<string | undefined> =>
  new Set(problems.map(({ classifications: [leading] }) => leading?.category));
const assertSubset = (less: ReadonlySet<string>, more: ReadonlySet<string>): void => {
  for (const one of less) assert.ok(more.has(one), `${one} is added`);
};
/** What checks warn of or forbid, by line. */
const warningsIn = (evaluation: Evaluation): ReadonlySet<string> => {
  const isSaid = ({ outcome }: CheckResult) => outcome === 'caution' || outcome === 'blocked';
  return new Set(
    linesOf(evaluation).flatMap(({ id, checks }) =>
      checks.filter(isSaid).map(({ rule }) => `${id} ${rule}`),
    ),
  );
};

const potassium = (value: number) =>
  observation('k', LOINC, '2823-3', { valueQuantity: quantity(value, 'mmol/L') });
const treatmentOf = ({ treatment }: { readonly treatment: string }): string | undefined =>
  treatment;

describe('what is offered', function slowStart() {
  this.timeout(60_000);
  before(() => void realKnowledge());

  // With fewer facts another category may lead, and its lines are not those of the first. A class that is taken can look
  // new where medicines could not be read: no safety rule speaks of that, and the answer says what is missing.
  it('11 and 14 offers nothing new where an input could not be read, and names it', () => {
    const inputs = fc.constantFrom<InputType>(
      'Observation',
      'MedicationRequest',
      'AllergyIntolerance',
      'Procedure',
      'DiagnosticReport',
    );

    fc.assert(
      fc.property(records, inputs, (resources, input) => {
        const less = answer(resources, [input]);

        assert.equal(less.completeness, 'partial');
        assert.ok(less.missing.some((one) => one.input === input));
        const more = answer(resources);
        for (const category of leadingIn(less)) fc.pre(leadingIn(more).has(category));
        const taken = new Set(more.problems.flatMap(({ trials = [] }) => trials.map(treatmentOf)));
        const known = linesOf(more).filter((line) => taken.has(line.treatment));
        assertSubset(offeredIn(less), new Set([...offeredIn(more), ...known.map(({ id }) => id)]));
      }),
      { ...RUNS, numRuns: 300 },
    );
  });

  it('12 offers nothing new after an allergy, and takes no warning back after a contraindication', () => {
    const allergy = fc.constantFrom('1191', '5640', '7804', '161', '704', '25480').map(
      (code): FhirResource => ({
        resourceType: 'AllergyIntolerance',
        id: 'new-allergy',
        patient: { reference: 'Patient/p' },
        clinicalStatus: { coding: [{ code: 'active' }] },
        code: { coding: [{ system: RXNORM, code }] },
      }),
    );
    const disease = fc
      .constantFrom('I50.9', 'N18.5', 'K25.4', 'K74.60', 'G40.909', 'F11.20', 'J44.9', 'D69.6')
      .map((code) => condition('new-disease', ICD10CM, code));

    fc.assert(
      fc.property(records, allergy, disease, (resources, oneAllergy, oneDisease) => {
        const before = answer(resources);

        assertSubset(offeredIn(answer([...resources, oneAllergy])), offeredIn(before));
        const ill = answer([...resources, oneDisease]);
        const warned = warningsIn(ill);
        const forbidden = new Set(
          linesOf(ill).flatMap(({ id, isForbidden }) => (isForbidden ? [id] : [])),
        );
        for (const warning of warningsIn(before)) {
          const [line = ''] = warning.split(' ');
          assert.ok(warned.has(warning) || forbidden.has(line), `${warning} is taken back`);
        }
      }),
      { ...RUNS, numRuns: 200 },
    );
  });

  it('13 offers no more drugs with a worse kidney or potassium', () => {
    const two = (least: number, most: number) =>
      fc
        .tuple(fc.integer({ min: least, max: most }), fc.integer({ min: least, max: most }))
        .map((pair) => [Math.min(...pair), Math.max(...pair)] as const);

    fc.assert(
      fc.property(records, two(5, 120), two(40, 75), (resources, [bad, good], [low, high]) => {
        const others = resources.filter(({ id }) => id !== 'egfr');
        const withKidney = (value: number) => drugsIn(answer([...others, kidney(value)]));
        const withPotassium = (value: number) =>
          drugsIn(answer([...resources, potassium(value / 10)]));

        assertSubset(withKidney(bad), withKidney(good));
        assertSubset(withPotassium(high), withPotassium(low));
      }),
      RUNS,
    );
  });
});
