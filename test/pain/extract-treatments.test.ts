// Medication orders and other resources to findings: what was not done, not given or void is not used.
import assert from 'node:assert/strict';
import type { FhirResource, MedicationRequest } from 'fhir/r4.js';
import { type Extraction, extractFindings } from '../../src/pain/extract-findings.js';
import type { Finding } from '../../src/pain/finding.js';
import { ICD10CM, NOW_MS, order, realKnowledge, recordOf } from '../support/findings.js';

const extract = (...resources: readonly FhirResource[]): Extraction =>
  extractFindings(recordOf(resources), realKnowledge().extraction, NOW_MS);
const only = (...resources: readonly FhirResource[]): Partial<Finding> =>
  extract(...resources).findings[0] ?? {};
/** What a test may hand in that the types forbid. */
const untyped = (resource: unknown): FhirResource => resource as FhirResource;

describe('extractFindings from a MedicationRequest', () => {
  const ibuprofen = {
    resourceType: 'Medication' as const,
    id: 'm',
    code: { coding: [{ system: 'http://www.whocc.no/atc', code: 'M01AE01' }] },
  };
  const pointing = (
    reference: string,
    more: Partial<MedicationRequest> = {},
  ): MedicationRequest => {
    const { medicationCodeableConcept: _, ...rest } = order('r', more);
    return { ...rest, medicationReference: { reference } };
  };
  const rows: readonly (readonly [string, readonly FhirResource[], boolean | undefined])[] = [
    ['an active order', [order('r')], true],
    ['an order on hold', [order('r', { status: 'on-hold' })], true],
    ['a stopped order', [order('r', { status: 'stopped' })], false],
    ['a completed order', [order('r', { status: 'completed' })], false],
    ['an order entered in error', [order('r', { status: 'entered-in-error' })], undefined],
    ['a cancelled order', [order('r', { status: 'cancelled' })], undefined],
    ['a draft', [order('r', { status: 'draft' })], undefined],
    ['a proposal', [order('r', { intent: 'proposal' })], undefined],
    ['a plan', [order('r', { intent: 'plan' })], undefined],
    ['an order not to give', [order('r', { doNotPerform: true })], undefined],
    ['an order of the future', [order('r', { authoredOn: '2027-01-01' })], undefined],
    ['a contained Medication', [pointing('#m', { contained: [ibuprofen] })], true],
    [
      'a contained Medication that is not there',
      [pointing('#x', { contained: [ibuprofen] })],
      undefined,
    ],
    ['a Medication of the record', [pointing('Medication/m'), ibuprofen], true],
    [
      'a Medication on another server',
      [pointing('https://x.example/Medication/m'), ibuprofen],
      undefined,
    ],
    [
      'a drug name in words',
      [order('r', { medicationCodeableConcept: { text: 'Ibuprofen 400 mg tablets' } })],
      true,
    ],
    [
      'a drug nobody knows',
      [order('r', { medicationCodeableConcept: { text: 'constructor' } })],
      undefined,
    ],
  ];
  for (const [situation, resources, current] of rows) {
    it(`reads ${situation} as ${current === undefined ? 'nothing' : current ? 'current' : 'past'}`, () => {
      assert.equal(only(...resources).current, current);
    });
  }

  it('counts a medicine without a name', () => {
    const nameless = order('r', { medicationCodeableConcept: {} });

    assert.equal(extract(nameless).unrecognisedMedicines, 1);
  });

  it('leaves a reference that leads nowhere to the read state of Medication', () => {
    assert.equal(extract(pointing('Medication/gone')).unrecognisedMedicines, 0);
  });
});

describe('An active medicine (D-7)', () => {
  const statement = (more: Record<string, unknown>) => ({
    resourceType: 'MedicationStatement',
    id: 's',
    status: 'active',
    subject: { reference: 'Patient/p' },
    medicationCodeableConcept: { text: 'ibuprofen' },
    ...more,
  });
  const supply = (days: number, more: Record<string, unknown> = {}) => ({
    dispenseRequest: { expectedSupplyDuration: { value: days, code: 'd' }, ...more },
  });
  const rows: readonly (readonly [string, unknown, boolean | undefined])[] = [
    [
      'an order completed, its supply not used up',
      order('r', { status: 'completed', ...supply(30) }),
      true,
    ],
    [
      'an order completed, its supply used up',
      order('r', { status: 'completed', ...supply(7) }),
      false,
    ],
    [
      'an order completed with a repeat left',
      order('r', { status: 'completed', ...supply(14, { numberOfRepeatsAllowed: 1 }) }),
      true,
    ],
    [
      'an order completed that may be dispensed until next year',
      order('r', {
        status: 'completed',
        dispenseRequest: { validityPeriod: { end: '2027-02-01' } },
      }),
      true,
    ],
    [
      'an order stopped before its supply ended',
      order('r', { status: 'stopped', ...supply(90) }),
      false,
    ],
    ['an old order still active', order('r', { authoredOn: '2019-01-01' }), true],
    ['an order of unknown status, recent', order('r', { status: 'unknown' }), true],
    [
      'an order of unknown status, old',
      order('r', { status: 'unknown', authoredOn: '2020-01-01' }),
      false,
    ],
    ['a statement of 90 days ago', statement({ dateAsserted: '2026-08-24' }), true],
    ['a statement of 91 days ago', statement({ dateAsserted: '2026-08-23' }), false],
    ['a statement without a date', statement({}), true],
    [
      'a medicine since 2019, said last week',
      statement({ effectivePeriod: { start: '2019-01-01' }, dateAsserted: '2026-11-15' }),
      true,
    ],
    [
      'a medicine whose period ended last week',
      statement({
        effectivePeriod: { start: '2026-11-01', end: '2026-11-15' },
        dateAsserted: '2026-11-20',
      }),
      false,
    ],
    [
      'a medicine whose period ends next year',
      statement({ effectivePeriod: { start: '2026-01-01', end: '2027-01-01' } }),
      true,
    ],
    [
      'a completed statement',
      statement({ status: 'completed', dateAsserted: '2026-11-20' }),
      false,
    ],
    [
      'a statement in error',
      statement({ status: 'entered-in-error', dateAsserted: '2026-11-20' }),
      undefined,
    ],
    [
      'a statement of what is intended',
      statement({ status: 'intended', dateAsserted: '2026-11-20' }),
      undefined,
    ],
  ];
  for (const [situation, resource, current] of rows) {
    it(`is ${current === undefined ? 'not read from' : current ? 'seen in' : 'not seen in'} ${situation}`, () => {
      assert.equal(only(untyped(resource)).current, current);
    });
  }

  it('ends with its supply', () => {
    assert.equal(only(order('r', supply(7))).until?.text, '2026-11-08');
  });

  const reasons: readonly (readonly [string, object, string | undefined])[] = [
    [
      'a coded intolerance',
      {
        coding: [
          {
            system: 'http://terminology.hl7.org/CodeSystem/medicationrequest-status-reason',
            code: 'sintol',
          },
        ],
      },
      'adverse-effect',
    ],
    ['the same code without its system', { coding: [{ code: 'sintol' }] }, undefined],
    ['nausea in words', { text: 'Stopped because of nausea' }, 'adverse-effect'],
    ['no relief in words', { text: 'no relief after 6 weeks' }, 'no-effect'],
    ['anything else', { text: 'patient moved' }, 'other'],
  ];
  for (const [situation, statusReason, expected] of reasons) {
    it(`was stopped for ${expected ?? 'no known reason'} where the record says ${situation}`, () => {
      const stopped = order('r', { status: 'stopped', statusReason });
      assert.equal(only(stopped).stopReason, expected);
    });
  }

  it('counts as not recognised when it is current and nobody knows it', () => {
    const unknown = { medicationCodeableConcept: { text: 'Mysterine 5 mg' } };
    const count = (status: 'active' | 'stopped'): number =>
      extract(order('r', { status, ...unknown })).unrecognisedMedicines;
    assert.deepEqual([count('active'), count('stopped')], [1, 0]);
  });

  it('does not count as unrecognised when it is known to be in no class', () => {
    const known = order('r', {
      medicationCodeableConcept: { text: 'Metformin 500 MG Oral Tablet' },
    });
    assert.deepEqual(
      [extract(known).unrecognisedMedicines, extract(known).findings.length],
      [0, 0],
    );
  });

  it('is the same inline, contained, referenced, and by its ingredients', () => {
    const coding = [{ system: 'http://www.nlm.nih.gov/research/umls/rxnorm', code: '7804' }];
    const { medicationCodeableConcept: _, ...request } = order('r');
    const byReference = (reference: string) => ({ ...request, medicationReference: { reference } });
    const medication = (more: object) =>
      untyped({ resourceType: 'Medication', id: 'm', ...more }) as MedicationRequest;
    const byIngredient = { ingredient: [{ itemCodeableConcept: { coding } }] };
    const ways: readonly (readonly FhirResource[])[] = [
      [order('r', { medicationCodeableConcept: { coding } })],
      [untyped({ ...byReference('#m'), contained: [medication({ code: { coding } })] })],
      [byReference('Medication/m'), medication({ code: { coding } })],
      [byReference('Medication/m'), medication(byIngredient)],
      [
        untyped({
          ...byReference('#m'),
          contained: [
            medication({ ingredient: [{ itemReference: { reference: '#s' } }] }),
            { resourceType: 'Substance', id: 's', code: { coding } },
          ],
        }),
      ],
    ];
    const [first, ...others] = ways.map((resources) => extract(...resources).findings);
    assert.equal(first?.length, 1);
    for (const other of others) assert.deepEqual(other, first);
  });
});

describe('extractFindings from other resources', () => {
  const base = {
    id: 'x',
    subject: { reference: 'Patient/p' },
    patient: { reference: 'Patient/p' },
  };
  const code = { coding: [{ system: ICD10CM, code: 'G50.0' }] };
  const rows: readonly (readonly [string, unknown, boolean])[] = [
    ['a procedure not done', { resourceType: 'Procedure', status: 'not-done', code }, false],
    [
      'a procedure in preparation',
      { resourceType: 'Procedure', status: 'preparation', code },
      false,
    ],
    ['a completed procedure', { resourceType: 'Procedure', status: 'completed', code }, true],
    [
      'an Encounter reason',
      { resourceType: 'Encounter', status: 'finished', reasonCode: [code] },
      true,
    ],
    [
      'a cancelled Encounter',
      { resourceType: 'Encounter', status: 'cancelled', reasonCode: [code] },
      false,
    ],
    [
      'a planned Encounter',
      { resourceType: 'Encounter', status: 'planned', reasonCode: [code] },
      false,
    ],
    [
      'a report',
      { resourceType: 'DiagnosticReport', status: 'final', conclusionCode: [code] },
      true,
    ],
    [
      'a registered report',
      { resourceType: 'DiagnosticReport', status: 'registered', conclusionCode: [code] },
      false,
    ],
    [
      'a report in error',
      { resourceType: 'DiagnosticReport', status: 'entered-in-error', conclusionCode: [code] },
      false,
    ],
    [
      'a medicine not taken',
      {
        resourceType: 'MedicationStatement',
        status: 'not-taken',
        medicationCodeableConcept: { text: 'ibuprofen' },
      },
      false,
    ],
    [
      'a medicine taken',
      {
        resourceType: 'MedicationStatement',
        status: 'active',
        medicationCodeableConcept: { text: 'ibuprofen' },
      },
      true,
    ],
    [
      'family history',
      { resourceType: 'FamilyMemberHistory', status: 'completed', condition: [{ code }] },
      false,
    ],
    [
      'an unfinished questionnaire',
      {
        resourceType: 'QuestionnaireResponse',
        status: 'in-progress',
        item: [{ linkId: '72514-3', answer: [{ valueInteger: 7 }] }],
      },
      false,
    ],
    [
      'a questionnaire',
      {
        resourceType: 'QuestionnaireResponse',
        status: 'completed',
        item: [{ linkId: '/72514-3', answer: [{ valueInteger: 7 }] }],
      },
      true,
    ],
  ];
  for (const [situation, resource, isRead] of rows) {
    it(`${isRead ? 'reads' : 'leaves out'} ${situation}`, () => {
      const { findings } = extract(untyped({ ...base, ...(resource as object) }));

      assert.equal(findings.length > 0, isRead);
    });
  }
});
