// What must hold of medicines and allergies, whatever the record says.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Dosage, FhirResource, MedicationRequest } from 'fhir/r4.js';
import { morphineEquivalents } from '../../src/pain/derived/morphine-equivalents.js';
import { evaluate } from '../../src/pain/evaluate.js';
import { extractFindings } from '../../src/pain/extract-findings.js';
import type { Finding } from '../../src/pain/finding.js';
import {
  NOW,
  NOW_MS,
  order,
  quantity,
  RXNORM,
  realKnowledge,
  recordOf,
  scopeOf,
  status,
} from '../support/findings.js';
import { anyResources } from '../support/record-arbitraries.js';

const RUNS = { numRuns: 150, seed: 20261124 };
const DAY_MS = 86_400_000;
const READ = { condition: true, medication: true, procedure: true, report: true, allergy: true };
const knowledge = realKnowledge();
const extract = (resources: readonly FhirResource[]) =>
  extractFindings(recordOf(resources), knowledge.extraction, NOW_MS);
const sorted = (findings: readonly Finding[]): string[] =>
  findings.map((finding) => JSON.stringify(finding)).sort();
const equivalentsOf = (resources: readonly FhirResource[], overDays?: number) => {
  const scope = scopeOf(extract(resources).findings, { absence: READ });
  const { measure } = morphineEquivalents(scope, knowledge.derived.morphineEquivalents, overDays);
  return [measure.low, measure.high];
};

const MEDICINES = [
  ['7804', 'Oxycodone 10 MG Oral Tablet'],
  ['856987', 'Acetaminophen 300 MG / Hydrocodone Bitartrate 5 MG Oral Tablet'],
  ['245134', '72 HR fentanyl 0.025 MG/HR Transdermal System'],
  ['7052', 'morphine'],
  ['999', 'ibuprofen 400 mg'],
  ['998', 'Mysterine'],
  ['1819', 'buprenorphine'],
] as const;
const dosage = fc
  .tuple(
    fc.constantFrom('mg', '{tbl}', 'ug/h', 'spoon'),
    fc.integer({ min: 1, max: 40 }),
    fc.integer({ min: 1, max: 6 }),
    fc.boolean(),
  )
  .map(
    ([unit, value, frequency, asNeededBoolean]): Dosage => ({
      asNeededBoolean,
      timing: { repeat: { frequency, period: 1, periodUnit: 'd' } },
      doseAndRate: [{ doseQuantity: quantity(value, unit) }],
    }),
  );
const medicine = fc
  .record({
    named: fc.constantFrom(...MEDICINES),
    state: fc.constantFrom<MedicationRequest['status']>(
      'active',
      'on-hold',
      'completed',
      'stopped',
    ),
    age: fc.integer({ min: 0, max: 400 }),
    supply: fc.option(fc.integer({ min: 1, max: 120 }), { nil: undefined }),
    dosageInstruction: fc.array(dosage, { maxLength: 2 }),
  })
  .map(
    ({ named: [code, display], state, age, supply, dosageInstruction }) =>
      (id: string): MedicationRequest =>
        order(id, {
          status: state,
          medicationCodeableConcept: { coding: [{ system: RXNORM, code, display }] },
          authoredOn: new Date(NOW_MS - age * DAY_MS).toISOString(),
          dosageInstruction,
          ...(supply !== undefined && {
            dispenseRequest: { expectedSupplyDuration: { value: supply, code: 'd' } },
          }),
        }),
  );
const medicines = fc
  .array(medicine, { minLength: 1, maxLength: 5 })
  .map((builders) => builders.map((build, at) => build(`m${at}`)));
const allergy = fc
  .record({
    code: fc.constantFrom('1191', '5640', '7804', '0'),
    criticality: fc.constantFrom('high', 'low', undefined),
    state: fc.constantFrom('active', 'resolved'),
  })
  .map(
    ({ code, criticality, state }) =>
      ({
        resourceType: 'AllergyIntolerance',
        id: `a${code}${state}`,
        patient: { reference: 'Patient/p' },
        clinicalStatus: status(state),
        code: { coding: [{ system: RXNORM, code }] },
        criticality,
      }) as FhirResource,
  );

/** The same amounts in other units. */
const inOtherUnits = (resource: MedicationRequest): MedicationRequest => ({
  ...resource,
  dosageInstruction: (resource.dosageInstruction ?? []).map((one) => ({
    ...one,
    doseAndRate: (one.doseAndRate ?? []).map(({ doseQuantity }) => {
      const { value = 0, code } = doseQuantity ?? {};
      if (code === 'mg') return { doseQuantity: quantity(value * 1000, 'ug') };
      if (code === 'ug/h') return { doseQuantity: quantity(value / 1000, 'mg/h') };
      return code === '{tbl}'
        ? { doseQuantity: quantity(value, 'TAB') }
        : { ...(doseQuantity && { doseQuantity }) };
    }),
  })),
});
/** The same medicine as a resource of its own, contained or beside. */
const byReference = (
  { medicationCodeableConcept, ...rest }: MedicationRequest,
  isContained: boolean,
): FhirResource[] => {
  const medication = {
    resourceType: 'Medication' as const,
    id: `med-${rest.id}`,
    ...(medicationCodeableConcept && { code: medicationCodeableConcept }),
  };
  return isContained
    ? [
        {
          ...rest,
          contained: [medication],
          medicationReference: { reference: `#${medication.id}` },
        },
      ]
    : [{ ...rest, medicationReference: { reference: `Medication/${medication.id}` } }, medication];
};
const inError = (resource: FhirResource): FhirResource | undefined => {
  const id = `${resource.id}-error`;
  if (resource.resourceType === 'Condition' || resource.resourceType === 'AllergyIntolerance')
    return { ...resource, id, verificationStatus: status('entered-in-error') };
  return 'status' in resource
    ? ({ ...resource, id, status: 'entered-in-error' } as FhirResource)
    : undefined;
};

describe('Medicines and allergies', function slowStart() {
  this.timeout(60_000);

  it('give the same findings in any order', () => {
    const shuffled = fc
      .tuple(medicines, fc.array(allergy, { maxLength: 3 }))
      .chain(([meds, allergies]) => {
        const all = [...meds, ...allergies];
        return fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }));
      });
    fc.assert(
      fc.property(shuffled, ([one, other]) => {
        assert.deepEqual(sorted(extract(other).findings), sorted(extract(one).findings));
        assert.deepEqual(equivalentsOf(other), equivalentsOf(one));
        assert.deepEqual(equivalentsOf(other, 7), equivalentsOf(one, 7));
      }),
      RUNS,
    );
  });

  it('never count a stopped medicine', () => {
    fc.assert(
      fc.property(medicines, (meds) => {
        const stopped = meds.map((one) => ({ ...one, status: 'stopped' as const }));
        assert.ok(extract(stopped).findings.every(({ current }) => !current));
        assert.deepEqual(equivalentsOf(stopped), [0, 0]);
      }),
      RUNS,
    );
  });

  it('give the same doses and equivalents in other units', () => {
    fc.assert(
      fc.property(medicines, (meds) => {
        const twins = meds.map(inOtherUnits);
        const doses = (resources: readonly FhirResource[]) =>
          extract(resources).findings.map(({ dose }) => dose);
        assert.deepEqual(doses(twins), doses(meds));
        assert.deepEqual(equivalentsOf(twins), equivalentsOf(meds));
      }),
      RUNS,
    );
  });

  it('are the same inline, contained and referenced', () => {
    fc.assert(
      fc.property(medicines, (meds) => {
        const inline = extract(meds);
        for (const isContained of [true, false]) {
          const other = extract(meds.flatMap((one) => byReference(one, isContained)));
          assert.deepEqual(sorted(other.findings), sorted(inline.findings));
          assert.equal(other.unrecognisedMedicines, inline.unrecognisedMedicines);
        }
      }),
      RUNS,
    );
  });

  it('are changed by nothing that was entered in error', () => {
    const all = fc.tuple(anyResources, medicines, fc.array(allergy, { maxLength: 3 }));
    fc.assert(
      fc.property(all, ([others, meds, allergies]) => {
        const resources = [...others, ...meds, ...allergies];
        const errors = resources.flatMap((one) => inError(one) ?? []);
        assert.ok(errors.length > 0);
        assert.deepEqual(
          evaluate(recordOf([...resources, ...errors]), knowledge, NOW),
          evaluate(recordOf(resources), knowledge, NOW),
        );
        assert.deepEqual(
          sorted(extract([...resources, ...errors]).findings),
          sorted(extract(resources).findings),
        );
      }),
      { ...RUNS, numRuns: 60 },
    );
  });
});
