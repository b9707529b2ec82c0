// What must hold of every evaluation, whatever the record says.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { FhirResource } from 'fhir/r4.js';
import { evaluate } from '../../src/pain/evaluate.js';
import type { Evaluation } from '../../src/pain/evaluation.js';
import { GRADES } from '../../src/pain/scope.js';
import { NOW, NOW_MS, realKnowledge, recordOf } from '../support/findings.js';
import { anyResources, supportingResources } from '../support/record-arbitraries.js';

const RUNS = { numRuns: 150, seed: 20261122 };
const DAY_MS = 86_400_000;
const answer = (resources: readonly FhirResource[], now = NOW): Evaluation =>
  evaluate(recordOf(resources), realKnowledge(), now);

const mapTree = (
  tree: unknown,
  change: (value: unknown, key: string) => unknown,
  key = '',
): unknown => {
  const changed = change(tree, key);
  if (Array.isArray(changed)) return changed.map((item) => mapTree(item, change, key));
  if (typeof changed !== 'object' || changed === null) return changed;
  return Object.fromEntries(
    Object.entries(changed).map(([name, item]) => [name, mapTree(item, change, name)]),
  );
};
const rewrite = (
  resources: readonly FhirResource[],
  change: (value: unknown, key: string) => unknown,
): FhirResource[] => mapTree(resources, change) as FhirResource[];

/** An answer without the named fields; lists in one order. */
const without = (evaluation: Evaluation, ...fields: readonly string[]): unknown => {
  const strip = (value: unknown): unknown => {
    if (Array.isArray(value))
      return value.map(strip).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
    if (typeof value !== 'object' || value === null) return value;
    const kept = Object.entries(value).filter(([name]) => !fields.includes(name));
    return Object.fromEntries(kept.map(([name, item]) => [name, strip(item)]));
  };
  return strip(evaluation);
};

/** The highest grade of each category in the whole answer. */
const gradesIn = ({ problems }: Evaluation): Map<string, number> => {
  const grades = new Map<string, number>();
  for (const { category, grade } of problems.flatMap(({ classifications }) => classifications)) {
    grades.set(category, Math.max(grades.get(category) ?? -1, GRADES.indexOf(grade)));
  }
  return grades;
};

describe('evaluate', function slowStart() {
  this.timeout(60_000);
  before(() => void realKnowledge());

  it('gives the same answer in any order of the resources', () => {
    const shuffled = anyResources.chain((resources) =>
      fc.tuple(
        fc.constant(resources),
        fc.shuffledSubarray(resources, { minLength: resources.length }),
      ),
    );

    fc.assert(
      fc.property(shuffled, ([resources, other]) => {
        assert.deepEqual(without(answer(other)), without(answer(resources)));
      }),
      RUNS,
    );
  });

  it('shows problems, their classifications and recommendations in an order that is always the same', () => {
    const shown = (resources: readonly FhirResource[]) =>
      answer(resources).problems.map(({ problem, classifications, recommendations }) => [
        problem.label,
        classifications.map(({ category, grade }) => `${category} ${grade}`),
        recommendations.map(({ id }) => id),
      ]);

    fc.assert(
      fc.property(anyResources, (resources) => {
        assert.deepEqual(shown([...resources].reverse()), shown(resources));
      }),
      RUNS,
    );
  });

  it('is not moved by copies entered in error', () => {
    const wrong = { coding: [{ code: 'entered-in-error' }] };

    fc.assert(
      fc.property(anyResources, (resources) => {
        const copies = resources.map((resource) =>
          resource.resourceType === 'Condition'
            ? { ...resource, id: `x-${resource.id}`, verificationStatus: wrong }
            : ({ ...resource, id: `x-${resource.id}`, status: 'entered-in-error' } as FhirResource),
        );

        assert.deepEqual(answer([...copies, ...resources]), answer(resources));
      }),
      RUNS,
    );
  });

  it('is not moved by the ids of resources', () => {
    fc.assert(
      fc.property(anyResources, (resources) => {
        const renamed = resources.map((resource, at) => ({ ...resource, id: `z${99 - at}` }));

        assert.deepEqual(
          without(answer(renamed), 'reference', 'id'),
          without(answer(resources), 'reference', 'id'),
        );
      }),
      RUNS,
    );
  });

  it('T46 is not moved by the zone an instant is written in', () => {
    const inZone = (value: unknown): unknown =>
      typeof value === 'string' && value.endsWith('Z')
        ? `${new Date(Date.parse(value) + 825 * 60_000).toISOString().slice(0, -1)}+13:45`
        : value;

    fc.assert(
      fc.property(anyResources, (resources) => {
        assert.deepEqual(
          without(answer(rewrite(resources, inZone)), 'text'),
          without(answer(resources), 'text'),
        );
      }),
      RUNS,
    );
  });

  it('is not moved by resources it does not know', () => {
    const strangers = [
      {
        resourceType: 'Condition',
        id: 's1',
        code: { coding: [{ system: 'urn:x', code: 'G50.0' }], text: 'Cough' },
      },
      {
        resourceType: 'Observation',
        id: 's2',
        status: 'final',
        code: { coding: [{ system: 'http://loinc.org', code: '0-0' }] },
        valueString: 'pain',
      },
      {
        resourceType: 'FamilyMemberHistory',
        id: 's3',
        status: 'completed',
        condition: [{ code: { text: 'gout' } }],
      },
      { resourceType: 'Coverage', id: 's4', status: 'active' },
    ] as unknown as FhirResource[];

    fc.assert(
      fc.property(anyResources, (resources) => {
        assert.deepEqual(answer([...strangers, ...resources]), answer(resources));
      }),
      RUNS,
    );
  });

  // Only facts are taken away: a diagnosis less may let a pain join another disease, which can then say more.
  it('never grades a category higher with fewer facts that speak for it', () => {
    const isFact = ({ resourceType }: FhirResource) => resourceType === 'Observation';
    const pair = supportingResources
      .filter((resources) => resources.some(isFact) && !resources.every(isFact))
      .chain((resources) =>
        fc.tuple(fc.constant(resources), fc.constantFrom(...resources.filter(isFact))),
      );

    fc.assert(
      fc.property(pair, ([resources, left]) => {
        const all = gradesIn(answer(resources));

        for (const [category, grade] of gradesIn(answer(resources.filter((r) => r !== left)))) {
          assert.ok(grade <= (all.get(category) ?? -1), `${category} rises`);
        }
      }),
      RUNS,
    );
  });

  it('T46 gives the same answer when all dates move with the clock', () => {
    const moved =
      (days: number) =>
      (value: unknown, key: string): unknown => {
        if (typeof value !== 'string' || !/(Date|DateTime|authoredOn)$/.test(key)) return value;
        const later = new Date(Date.parse(value) + days * DAY_MS).toISOString();
        return later.slice(0, value.length === 10 ? 10 : undefined);
      };

    fc.assert(
      fc.property(anyResources, fc.integer({ min: -60, max: 60 }), (resources, days) => {
        const now = new Date(NOW_MS + days * DAY_MS);
        const dates = [
          'text',
          'startMs',
          'endMs',
          'evaluatedAt',
          'since',
          'until',
          'date',
          'reason',
        ];

        assert.deepEqual(
          without(answer(rewrite(resources, moved(days)), now), ...dates),
          without(answer(resources), ...dates),
        );
      }),
      RUNS,
    );
  });

  it('answers whatever is dropped, emptied or swapped in a resource', () => {
    const junk = fc.constantFrom<unknown>(
      undefined,
      null,
      '',
      'x',
      0,
      -1,
      Number.NaN,
      true,
      [],
      [null],
      {},
      { coding: null },
      { reference: 7 },
    );
    const plan = fc.array(fc.tuple(fc.nat(400), junk), { minLength: 1, maxLength: 6 });

    fc.assert(
      fc.property(anyResources, plan, (resources, changes) => {
        let at = 0;
        const byPlace = new Map(changes);
        const broken = rewrite(resources, (value, key) => {
          at += 1;
          return key !== '' && key !== 'resourceType' && byPlace.has(at) ? byPlace.get(at) : value;
        });

        assert.ok(Array.isArray(answer(broken).problems));
      }),
      { ...RUNS, numRuns: 500 },
    );
  });
});
