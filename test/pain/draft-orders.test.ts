// Orders being written to what they order: by code, by words, by reference; label, reasons, and what could not be recognised.
import assert from 'node:assert/strict';
import type { FhirResource } from 'fhir/r4.js';
import { type DraftOrder, readDraftOrders } from '../../src/pain/draft-orders.js';
import type { DraftResource } from '../../src/pain/patient-record.js';
import { ICD10CM, LOCAL, NOW_MS, RXNORM, realKnowledge, recordOf } from '../support/findings.js';

const ibuprofen = { coding: [{ system: RXNORM, code: '5640' }] };
const base = { id: 'd', status: 'draft', intent: 'proposal', subject: { reference: 'Patient/p' } };
const read = (
  resource: object,
  resources: readonly object[] = [],
  more: Partial<DraftResource> = {},
): DraftOrder => {
  const { extraction, orders } = realKnowledge();
  const draft = { resource, reference: 'Draft/d', isSelected: true, ...more } as DraftResource;
  const record = {
    ...recordOf(resources as FhirResource[]),
    draftOrders: { drafts: [draft], unusable: 0 },
  };
  const [found] = readDraftOrders(record, NOW_MS, extraction, orders);
  assert.ok(found);
  return found;
};
const medicine = (more: object, resources?: readonly object[]) =>
  read({ resourceType: 'MedicationRequest', ...base, ...more }, resources);
const service = (more: object) => read({ resourceType: 'ServiceRequest', ...base, ...more });
const label = ({ label: text, labelFromChart }: DraftOrder) =>
  `${text}${labelFromChart ? ' of the chart' : ''}`;
const treatments = ({ treatments: list }: DraftOrder) => list.map(({ plan }) => plan).join(' ');

describe('readDraftOrders', () => {
  before(() => void realKnowledge());

  it('reads none where no orders are written', () => {
    const { extraction, orders } = realKnowledge();

    assert.deepEqual(readDraftOrders(recordOf([]), NOW_MS, extraction, orders), []);
  });

  for (const [situation, more, expected] of [
    [
      'its text',
      { text: 'Ibu 400', coding: [{ ...ibuprofen.coding[0], display: 'Ibuprofen' }] },
      'Ibu 400 of the chart',
    ],
    [
      'its display',
      { coding: [{ ...ibuprofen.coding[0], display: 'Ibuprofen 400' }] },
      'Ibuprofen 400 of the chart',
    ],
    [
      'the first display',
      { coding: [{ code: 'x' }, { ...ibuprofen.coding[0], display: 'Ibuprofen 400' }] },
      'Ibuprofen 400 of the chart',
    ],
    ['our name of its code', ibuprofen, 'Ibuprofen'],
    ['our name where its text is blank', { ...ibuprofen, text: ' ' }, 'Ibuprofen'],
    [
      'our names of a combination',
      { coding: [{ system: RXNORM, code: '856987' }] },
      'acetaminophen + hydrocodone',
    ],
    ['nothing where nobody knows it', { coding: [{ system: RXNORM, code: '0' }] }, ''],
    ['nothing where its text is a number', { text: 7 }, ''],
  ] as const) {
    it(`calls a medicine by ${situation}`, () => {
      assert.equal(label(medicine({ medicationCodeableConcept: more })), expected);
    });
  }

  it('calls a medicine by reference by its display, else by what it is', () => {
    const medication = { resourceType: 'Medication', id: 'm', code: ibuprofen };

    assert.equal(
      label(
        medicine({ medicationReference: { reference: 'Medication/m', display: 'Mine' } }, [
          medication,
        ]),
      ),
      'Mine of the chart',
    );
    assert.equal(
      label(medicine({ medicationReference: { reference: 'Medication/m' } }, [medication])),
      'Ibuprofen',
    );
    assert.equal(label(medicine({})), '');
  });

  it('calls a service by its code', () => {
    const code = { coding: [{ system: LOCAL, code: 'PROC-EPIDURAL-STEROID' }] };

    assert.equal(label(service({ code: { ...code, text: 'Epidural' } })), 'Epidural of the chart');
    assert.ok(!service({ code }).labelFromChart);
    assert.equal(label(service({})), '');
    assert.equal(treatments(service({ code })), 'epidural-steroid');
  });

  it('keeps place and reference of a service', () => {
    const code = { coding: [{ system: LOCAL, code: 'PROC-EPIDURAL-STEROID' }] };
    const [placed] = service({ code, bodySite: [{ text: 'lower back' }] }).findings;
    const [bare] = service({ code, id: undefined }).findings;

    assert.deepEqual(placed?.regions, ['lumbar-spine']);
    assert.equal(placed?.reference, 'Draft/d');
    assert.equal(placed?.source, 'procedure');
    assert.deepEqual(bare?.regions, []);
  });

  it('takes a draft for taken, whatever its date and intent', () => {
    const [found] = medicine({
      medicationCodeableConcept: ibuprofen,
      authoredOn: '2027-01-01',
    }).findings;

    assert.equal(found?.current, true);
    assert.equal(found?.reference, 'Draft/d');
  });

  it('is of the plan of its agent where the code names one', () => {
    const plans = (code: string) =>
      treatments(medicine({ medicationCodeableConcept: { coding: [{ system: RXNORM, code }] } }));

    assert.match(plans('25480'), /gabapentin/);
    assert.notEqual(plans('25480'), plans('187832'));
    assert.equal(plans('0'), '');
  });

  it('reads only Medications of the record', () => {
    const order = {
      resourceType: 'MedicationRequest',
      ...base,
      id: 'old',
      status: 'active',
      intent: 'order',
      medicationCodeableConcept: { coding: [{ system: RXNORM, code: '7804' }] },
    };

    assert.equal(
      medicine({ medicationCodeableConcept: ibuprofen }, [order]).findings.length,
      medicine({ medicationCodeableConcept: ibuprofen }).findings.length,
    );
  });

  for (const [situation, more, reasons, sets, hasReason] of [
    ['none', {}, [], [], false],
    ['empty lists', { reasonReference: [], reasonCode: [] }, [], [], false],
    ['a reference', { reasonReference: [{ reference: 'Condition/a' }] }, ['Condition/a'], [], true],
    [
      'references that are none',
      { reasonReference: [null, { display: 'x' }, { reference: 7 }, { reference: 'Condition/a' }] },
      ['Condition/a'],
      [],
      true,
    ],
    [
      'a code',
      { reasonCode: [{ coding: [null, { system: ICD10CM, code: 'G50.0' }] }] },
      [],
      ['cond-neuropathic-trigeminal'],
      true,
    ],
    ['words', { reasonCode: [null, { text: 'pain' }] }, [], [], true],
    ['what is no list', { reasonReference: 'x', reasonCode: {} }, [], [], false],
  ] as const) {
    it(`has as its reason ${situation}`, () => {
      const found = medicine({ medicationCodeableConcept: ibuprofen, ...more });

      assert.deepEqual(found.reasons, reasons);
      assert.deepEqual([...found.reasonSets], sets);
      assert.equal(found.hasReason, hasReason);
    });
  }

  it('replaces the prescription it says, by a medicine alone', () => {
    const prior = (reference: unknown) =>
      medicine({ medicationCodeableConcept: ibuprofen, priorPrescription: { reference } }).replaces;

    assert.equal(prior('MedicationRequest/1'), 'MedicationRequest/1');
    assert.equal(prior(7), undefined);
    assert.equal(medicine({}).replaces, undefined);
    assert.equal(
      service({ priorPrescription: { reference: 'MedicationRequest/1' } }).replaces,
      undefined,
    );
  });

  it('carries the line it is a suggestion of, and whether it is selected', () => {
    const draft = { resourceType: 'ServiceRequest', ...base };

    assert.equal(read(draft, [], { advice: 'line' }).advice, 'line');
    assert.equal(read(draft).advice, undefined);
    assert.equal(read(draft, [], { isSelected: false }).isSelected, false);
  });

  for (const [situation, more, resources, isUnrecognised] of [
    ['a medicine we know', { medicationCodeableConcept: ibuprofen }, [], false],
    ['a medicine nobody knows', { medicationCodeableConcept: { text: 'Zorblaxin' } }, [], true],
    ['a medicine that cannot be read', { medicationCodeableConcept: { coding: [null] } }, [], true],
    [
      'a reference that leads nowhere',
      { medicationReference: { reference: 'Medication/x' } },
      [],
      true,
    ],
    [
      'a reference that leads to one we know',
      { medicationReference: { reference: 'Medication/m' } },
      [{ resourceType: 'Medication', id: 'm', code: ibuprofen }],
      false,
    ],
    [
      'a reference beside others',
      { medicationReference: { reference: 'Medication/x' } },
      [{ resourceType: 'Medication', id: 'm', code: ibuprofen }],
      true,
    ],
  ] as const) {
    it(`${isUnrecognised ? 'does not recognise' : 'recognises'} ${situation}`, () => {
      assert.equal(medicine(more, resources).isUnrecognised, isUnrecognised);
    });
  }

  it('never calls a service unrecognised', () => {
    assert.equal(service({ code: { text: 'x' } }).isUnrecognised, false);
  });
});
