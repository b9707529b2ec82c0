// What an answer must do when its record is changed in a way whose effect is known (security.md 3.4; its table is in docs/properties.md).
import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { FhirResource } from 'fhir/r4.js';
import { newestCopies } from '../../src/fhir/newest-copies.js';
import { evaluate } from '../../src/pain/evaluate.js';
import type { CheckResult, Evaluation, Recommendation } from '../../src/pain/evaluation.js';
import { type InputType, type PatientRecord, RECORD_TYPES } from '../../src/pain/patient-record.js';
import { createSubjectTest } from '../../src/pain/subject.js';
import {
  condition,
  ICD10CM,
  LOINC,
  NOW,
  NOW_MS,
  observation,
  order,
  painScore,
  quantity,
  RXNORM,
  realKnowledge,
  recordOf,
  SNOMED,
} from '../support/findings.js';
import { anyResources } from '../support/record-arbitraries.js';

const RUNS = { numRuns: 100, seed: 20261125 };
const DAY_MS = 86_400_000;

/** Everything was read, but for what `failed` names. */
const recordRead = (
  resources: readonly FhirResource[],
  failed: readonly InputType[] = [],
): PatientRecord => ({
  ...recordOf(resources.filter(({ resourceType }) => !failed.includes(resourceType as InputType))),
  inputs: RECORD_TYPES.map((type) =>
    failed.includes(type) ? { type, state: 'failed', reason: 'http-500' } : { type, state: 'read' },
  ),
});
const answer = (resources: readonly FhirResource[], failed?: readonly InputType[]): Evaluation =>
  evaluate(recordRead(resources, failed), realKnowledge(), NOW);

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

const kidney = (value: number) =>
  observation('egfr', LOINC, '98979-8', { valueQuantity: quantity(value, 'mL/min/{1.73_m2}') });
const potassium = (value: number) =>
  observation('k', LOINC, '2823-3', { valueQuantity: quantity(value, 'mmol/L') });
/** What most checks ask for: no known allergy, kidneys, blood pressure. */
const KNOWN: readonly FhirResource[] = [
  {
    resourceType: 'AllergyIntolerance',
    id: 'nka',
    patient: { reference: 'Patient/p' },
    code: { coding: [{ system: SNOMED, code: '716186003' }] },
  },
  kidney(90),
  observation('sbp', LOINC, '8480-6', { valueQuantity: quantity(120, 'mm[Hg]') }),
  observation('sodium', LOINC, '2951-2', { valueQuantity: quantity(140, 'mmol/L') }),
];
const medicine = fc
  .constantFrom('5640', '7052', '25480', '36437', '11289', '3322', '1191')
  .map((code) =>
    order(`rx-${code}`, { medicationCodeableConcept: { coding: [{ system: RXNORM, code }] } }),
  );
const records = fc
  .tuple(anyResources, fc.uniqueArray(medicine, { maxLength: 3, selector: ({ id }) => id }))
  .map(([resources, medicines]): readonly FhirResource[] => [...resources, ...medicines, ...KNOWN]);

const treatmentOf = ({ treatment }: { readonly treatment: string }): string | undefined =>
  treatment;

const frozen = <T>(value: T): T => {
  if (typeof value === 'object' && value !== null) {
    for (const item of Object.values(value)) frozen(item);
    Object.freeze(value);
  }
  return value;
};
const reversedKeys = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(reversedKeys);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, item]) => [key, reversedKeys(item)]),
  );
};

describe('evaluate, when the record changes', function slowStart() {
  this.timeout(60_000);
  before(() => void realKnowledge());

  it('1 is not moved by the order of keys', () => {
    fc.assert(
      fc.property(records, (resources) => {
        assert.deepEqual(answer(reversedKeys(resources) as FhirResource[]), answer(resources));
      }),
      RUNS,
    );
  });

  it('2 says the same twice, and changes nothing it is given', () => {
    fc.assert(
      fc.property(records, (resources) => {
        const given = frozen(resources);

        assert.deepEqual(answer(given), answer(given));
      }),
      RUNS,
    );
  });

  it('5 is not moved by a resource that comes twice', () => {
    fc.assert(
      fc.property(records, fc.nat(), (resources, at) => {
        const twice = resources[at % resources.length];
        assert.ok(twice);

        const copies = newestCopies([...resources, structuredClone(twice)]);

        assert.deepEqual(answer(copies), answer(resources));
      }),
      RUNS,
    );
  });

  it('6 is not moved by narrative, unknown extensions, or who treats the patient', () => {
    const strangers = [
      { resourceType: 'Practitioner', id: 'x1', name: [{ text: 'Dr Sciatica' }] },
      { resourceType: 'Organization', id: 'x2', name: 'Trigeminal Neuralgia Centre' },
    ] as FhirResource[];
    const decorated = (resource: FhirResource) =>
      ({
        ...resource,
        text: { status: 'generated', div: '<div>metastasis, gout, I50.9</div>' },
        extension: [{ url: 'https://example.org/unknown', valueString: 'M79.7' }],
        language: 'en',
        meta: { tag: [{ system: ICD10CM, code: 'G50.0' }] },
      }) as FhirResource;

    fc.assert(
      fc.property(records, (resources) => {
        assert.deepEqual(answer([...strangers, ...resources.map(decorated)]), answer(resources));
      }),
      RUNS,
    );
  });

  it('7 takes the newest result, whatever older ones are added', () => {
    const latest = ({ problems }: Evaluation) =>
      problems.map(({ problem, classifications }) => [
        problem.intensity?.nrs,
        classifications.map(({ category, grade, evidence }) => [
          category,
          grade,
          evidence.map(({ criterion }) => criterion),
        ]),
      ]);
    const older = fc.tuple(fc.integer({ min: 130, max: 300 }), fc.integer({ min: 0, max: 10 }));

    fc.assert(
      fc.property(records, older, (resources, [days, value]) => {
        const effectiveDateTime = new Date(NOW_MS - days * DAY_MS).toISOString();
        const recent = new Date(NOW_MS - 600_000).toISOString();
        const known = [
          ...resources,
          painScore('new-score', 5, { effectiveDateTime: recent }),
          observation('new-crp', LOINC, '1988-5', {
            effectiveDateTime: recent,
            valueQuantity: quantity(12, 'mg/L'),
          }),
        ];
        const old = [
          painScore('old-score', value, { effectiveDateTime }),
          observation('old-crp', LOINC, '1988-5', {
            effectiveDateTime,
            valueQuantity: quantity(value * 10, 'mg/L'),
          }),
        ];

        assert.deepEqual(latest(answer([...known, ...old])), latest(answer(known)));
      }),
      RUNS,
    );
  });

  it('8 is not moved by the unit a result is written in', () => {
    const pairs = [
      ['1988-5', 'mg/L', 'mg/dL', 10],
      ['718-7', 'g/dL', 'g/L', 0.1],
      ['29463-7', 'kg', 'g', 0.001],
    ] as const;
    const values = fc.tuple(fc.constantFrom(...pairs), fc.integer({ min: 10, max: 120 }));
    const grades = ({ problems, redFlags }: Evaluation) => [
      problems.map(({ classifications, recommendations }) => [
        classifications.map(({ category, grade, evidence }) => [
          category,
          grade,
          evidence.map(({ criterion }) => criterion),
        ]),
        recommendations.map(({ id, status }) => [id, status]),
      ]),
      redFlags.map(({ id }) => id),
    ];

    fc.assert(
      fc.property(records, values, (resources, [[code, unit, other, factor], value]) => {
        const withResult = (amount: number, as: string) =>
          answer([
            ...resources,
            observation('twin', LOINC, code, { valueQuantity: quantity(amount, as) }),
          ]);

        assert.deepEqual(
          grades(withResult(value / factor, other)),
          grades(withResult(value, unit)),
        );
      }),
      RUNS,
    );
  });

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

  it('18 is not moved by resources of another patient that the subject test turns away', () => {
    const isAbout = createSubjectTest('p');
    const foreign = (resource: FhirResource): FhirResource =>
      ({
        ...resource,
        id: `foreign-${resource.id}`,
        ...('patient' in resource
          ? { patient: { reference: 'Patient/q' } }
          : { subject: { reference: 'Patient/q' } }),
      }) as FhirResource;

    fc.assert(
      fc.property(records, records, (own, others) => {
        const mixed = [...others.map(foreign), ...own].filter(isAbout);

        assert.deepEqual(answer(mixed), answer(own));
      }),
      RUNS,
    );
  });
});
