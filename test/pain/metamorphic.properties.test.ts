// What an answer must do when its record is changed in a way whose effect is known (security.md 3.4; the table is in docs/testing.md).
import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { FhirResource } from 'fhir/r4.js';
import { newestCopies } from '../../src/fhir/newest-copies.js';
import type { Evaluation } from '../../src/pain/evaluation.js';
import { createSubjectTest } from '../../src/pain/subject.js';
import {
  ICD10CM,
  LOINC,
  NOW_MS,
  observation,
  painScore,
  quantity,
  realKnowledge,
} from '../support/findings.js';
import { answer, records } from '../support/read-records.js';

const RUNS = { numRuns: 100, seed: 20261125 };
const DAY_MS = 86_400_000;

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
