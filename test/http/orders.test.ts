// order-select and order-sign over HTTP: which orders count, in which shapes, and what the cards offer.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import request from 'supertest';
import { anApp } from '../support/app.js';
import { aRequest, PATIENT_ID, prefetchOf } from '../support/edge.js';
import { responseFaults } from '../support/invariants.js';

const RXNORM = 'http://www.nlm.nih.gov/research/umls/rxnorm';
const subject = { reference: `Patient/${PATIENT_ID}` };
const ibuprofenCode = { coding: [{ system: RXNORM, code: '5640' }], text: 'Ibuprofen 400 mg' };

const order = (change: object = {}) => ({
  resourceType: 'MedicationRequest',
  id: 'draft-1',
  status: 'draft',
  intent: 'order',
  medicationCodeableConcept: ibuprofenCode,
  subject,
  ...change,
});

const bundleOf = (...resources: object[]) => ({
  resourceType: 'Bundle',
  type: 'collection',
  entry: resources.map((resource) => ({ resource })),
});

const knee = {
  resourceType: 'Condition',
  id: 'knee',
  clinicalStatus: { coding: [{ code: 'active' }] },
  verificationStatus: { coding: [{ code: 'confirmed' }] },
  code: { coding: [{ system: 'http://hl7.org/fhir/sid/icd-10-cm', code: 'M17.11' }] },
  subject,
};
const egfr = (value: number) => ({
  resourceType: 'Observation',
  id: 'egfr',
  status: 'final',
  code: { coding: [{ system: 'http://loinc.org', code: '62238-1' }] },
  subject,
  effectiveDateTime: '2026-11-10',
  valueQuantity: {
    value,
    unit: 'mL/min/{1.73_m2}',
    system: 'http://unitsofmeasure.org',
    code: 'mL/min/{1.73_m2}',
  },
});

const prefetch = prefetchOf([knee, egfr(20)] as never);
const aCall = (hook: string, context: object, change: object = {}) => ({
  ...aRequest({ prefetch }),
  hook,
  context: { userId: 'Practitioner/1', patientId: PATIENT_ID, ...context },
  ...change,
});

interface Answer {
  readonly cards: readonly {
    readonly summary: string;
    readonly detail: string;
    readonly indicator: string;
    readonly source: { readonly label: string; readonly topic: { readonly code: string } };
    readonly suggestions?: readonly {
      readonly label: string;
      readonly isRecommended?: boolean;
      readonly actions: readonly object[];
    }[];
    readonly selectionBehavior?: string;
  }[];
  readonly extension: { readonly 'org.pain-cds.evaluation': { readonly orders: Orders } };
}
interface Orders {
  readonly judged?: readonly { readonly reference: string; readonly remarks?: readonly object[] }[];
  readonly unrecognised: number;
  readonly unusable: number;
}

const pointersOf = (body: { issue: { diagnostics: string }[] }): string[] =>
  body.issue.map(({ diagnostics }) => diagnostics).sort();

describe('the order hooks', () => {
  const { app } = anApp({ newId: randomUUID });
  const post = async (body: object, hook = 'order-sign'): Promise<Answer> => {
    const answer = await request(app).post(`/cds-services/pain-${hook}`).send(body).expect(200);
    assert.deepEqual(responseFaults(answer.body), []);
    return answer.body;
  };
  const sign = (...resources: object[]) =>
    post(aCall('order-sign', { draftOrders: bundleOf(...resources) }));
  const judged = (answer: Answer) =>
    answer.extension['org.pain-cds.evaluation'].orders.judged ?? [];
  const ordersOf = (answer: Answer) => answer.extension['org.pain-cds.evaluation'].orders;

  describe('a contraindicated order', () => {
    it('gets one warning that names order, reason and record (CAR-11)', async () => {
      const { cards } = await sign(order());

      assert.equal(cards.length, 1);
      const [card] = cards;
      assert.equal(card?.indicator, 'warning');
      assert.match(card?.summary ?? '', /^Ibuprofen 400 mg: contraindicated: Kidney function/);
      assert.match(card?.detail ?? '', /on record: .*10 Nov 2026/);
      assert.match(
        card?.detail ?? '',
        /\*\*contraindicated\*\* Kidney [^;]*\(AGS Beers 2019 \(table\)\); on record/,
      );
      assert.match(card?.source.label ?? '', /AGS Beers 2019 \(table\), Ketorolac label/);
      assert.equal(card?.source.topic.code, 'painordercheckcontraindicated');
    });

    it('can be taken out again: a delete of the drafted order, never chosen beforehand (SUG-1, SUG-2, SUG-5, SUG-6, SUG-8, SUG-9)', async () => {
      const { cards } = await sign(order());
      const [suggestion, ...others] = cards[0]?.suggestions ?? [];

      assert.deepEqual(others, []);
      assert.equal(suggestion?.isRecommended, undefined);
      assert.deepEqual(suggestion?.actions, [
        {
          type: 'delete',
          description: 'Removes the drafted order: Ibuprofen 400 mg',
          resourceId: 'MedicationRequest/draft-1',
        },
      ]);
      assert.equal(cards[0]?.selectionBehavior, 'any');
    });

    it('cannot be deleted by a name the client did not give', async () => {
      const draftOrders = {
        resourceType: 'Bundle',
        entry: [{ fullUrl: 'urn:uuid:1', resource: order({ id: undefined }) }],
      };
      const { cards } = await post(aCall('order-sign', { draftOrders }));

      assert.equal(cards.length, 1);
      assert.equal(cards[0]?.suggestions, undefined);
    });
  });

  it('needs draftOrders and selections (REQ-2)', async () => {
    const select = await request(app)
      .post('/cds-services/pain-order-select')
      .send(aCall('order-select', {}))
      .expect(400);
    const faulty = await request(app)
      .post('/cds-services/pain-order-select')
      .send(aCall('order-select', { selections: [7], draftOrders: { resourceType: 'List' } }))
      .expect(400);
    const signed = await request(app)
      .post('/cds-services/pain-order-sign')
      .send(aCall('order-sign', { draftOrders: [] }))
      .expect(400);

    assert.deepEqual(pointersOf(select.body), ['/context/draftOrders', '/context/selections']);
    assert.deepEqual(pointersOf(faulty.body), [
      '/context/draftOrders/resourceType',
      '/context/selections/0',
    ]);
    assert.deepEqual(pointersOf(signed.body), ['/context/draftOrders']);
  });

  it('refuses the body of another hook (REQ-3)', async () => {
    const { body } = await request(app)
      .post('/cds-services/pain-patient-view')
      .send(aCall('order-sign', { draftOrders: bundleOf() }))
      .expect(400);

    assert.deepEqual(pointersOf(body), ['/hook']);
  });

  describe('selections (REQ-11)', () => {
    const select = (selections: string[], ...resources: object[]) =>
      post(
        aCall('order-select', { selections, draftOrders: bundleOf(...resources) }),
        'order-select',
      );

    for (const [name, selection] of [
      ['Type/id', 'MedicationRequest/draft-1'],
      ['an absolute URL', 'https://ehr.test/fhir/MedicationRequest/draft-1'],
      ['a version', 'MedicationRequest/draft-1/_history/3'],
    ] as const) {
      it(`are matched by ${name}`, async () => {
        assert.equal((await select([selection], order())).cards.length, 1);
      });
    }

    it('alone are judged', async () => {
      const { cards } = await select(
        ['MedicationRequest/draft-2'],
        order(),
        order({ id: 'draft-2', medicationCodeableConcept: { text: 'Paracetamol' } }),
      );

      assert.ok(cards.every(({ summary }) => !summary.includes('Ibuprofen')));
    });

    it('that lead nowhere are silent', async () => {
      assert.deepEqual((await select(['MedicationRequest/gone', 'nonsense'], order())).cards, []);
    });

    it('may be empty', async () => {
      assert.deepEqual((await select([], order())).cards, []);
    });
  });

  describe('the shapes of a draft (REQ-12, REQ-13)', () => {
    const noConcept = { medicationCodeableConcept: undefined };
    const medication = { resourceType: 'Medication', id: 'm-1', code: ibuprofenCode };
    const shapes: readonly (readonly [string, readonly object[]])[] = [
      ['a concept', [order()]],
      ['a status of re-sign', [order({ status: 'active' })]],
      [
        'a contained Medication',
        [
          order({
            ...noConcept,
            contained: [{ ...medication, id: 'c' }],
            medicationReference: { reference: '#c' },
          }),
        ],
      ],
      [
        'a Medication entry',
        [order({ ...noConcept, medicationReference: { reference: 'Medication/m-1' } }), medication],
      ],
      [
        'a display alone',
        [
          order({
            ...noConcept,
            medicationReference: { reference: 'Medication/x', display: 'Ibuprofen' },
          }),
        ],
      ],
      ['an id longer than 64 characters', [order({ id: 'x'.repeat(90) })]],
      ['an identifier without value', [order({ identifier: [{ system: 'urn:x' }, null] })]],
      [
        'an absolute subject',
        [order({ subject: { reference: `https://ehr.test/fhir/Patient/${PATIENT_ID}` } })],
      ],
      [
        'company of other orders',
        [
          { resourceType: 'NutritionOrder', id: 'n', status: 'draft', subject },
          order(),
          {
            resourceType: 'ServiceRequest',
            id: 's',
            status: 'draft',
            intent: 'order',
            subject,
            code: { text: 'Blood count' },
          },
        ],
      ],
    ];
    for (const [name, resources] of shapes) {
      it(`may have ${name}`, async () => {
        const answer = await sign(...resources);

        assert.equal(answer.cards.length, 1, JSON.stringify(ordersOf(answer)));
        assert.match(answer.cards[0]?.summary ?? '', /contraindicated/);
      });
    }

    it('may lack a Bundle type and hold what is no resource', async () => {
      const draftOrders = {
        resourceType: 'Bundle',
        entry: [null, 4, {}, { resource: [] }, { resource: order() }],
      };

      assert.equal((await post(aCall('order-sign', { draftOrders }))).cards.length, 1);
    });

    for (const [name, hostile] of [
      ['a coding that is a word', { medicationCodeableConcept: { coding: 'x' } }],
      ['null codings', { medicationCodeableConcept: { coding: [null], text: 'x' } }],
      ['reasons of the wrong type', { reasonReference: 'x', reasonCode: [null] }],
      [
        'contained that is no list',
        { ...noConcept, contained: 'x', medicationReference: { reference: '#c' } },
      ],
      ['no medication at all', noConcept],
    ] as const) {
      it(`does not fall over ${name} (REQ-15)`, async () => {
        await sign(order(hostile));
      });
    }

    it('is not recognised where its Medication came along nowhere, and that is counted', async () => {
      const answer = await sign(
        order({ ...noConcept, medicationReference: { reference: 'Medication/gone' } }),
      );

      assert.equal(ordersOf(answer).unrecognised, 1);
    });

    it('is not judged when it is void or forbids', async () => {
      const answer = await sign(
        order({ status: 'cancelled' }),
        order({ id: 'b', doNotPerform: true }),
      );

      assert.deepEqual(judged(answer), []);
      assert.deepEqual(answer.cards, []);
    });
  });

  describe('an order that is not proven to be about the patient (REQ-14)', () => {
    for (const [name, change] of [
      ['of another patient', { subject: { reference: 'Patient/p-2' } }],
      ['without subject', { subject: undefined }],
      [
        'that says it must not be read as it stands',
        { modifierExtension: [{ url: 'http://x.test' }] },
      ],
    ] as const) {
      it(`${name} is not used, and that is said`, async () => {
        const answer = await sign(order(change));

        assert.deepEqual(judged(answer), []);
        assert.equal(answer.cards[0]?.source.topic.code, 'painordercheckunusable');
        assert.ok(!JSON.stringify(answer.cards).includes('Ibuprofen'));
      });
    }

    it('of another release is said too (REQ-15)', async () => {
      const answer = await sign({
        resourceType: 'MedicationOrder',
        id: 'o',
        status: 'draft',
        patient: subject,
      });

      assert.equal(ordersOf(answer).unusable, 1);
    });
  });

  it('is silent about an order that is none of its business', async () => {
    const answer = await sign(order({ medicationCodeableConcept: { text: 'Amoxicillin' } }));

    assert.deepEqual(answer.cards, []);
  });

  it('shows at most three cards, the others by name', async () => {
    const answer = await sign(...[1, 2, 3, 4, 5].map((n) => order({ id: `d-${n}` })));

    assert.equal(answer.cards.length, 3);
    assert.match(answer.cards[2]?.detail ?? '', /2 more order\(s\) with remarks/);
  });

  it('does not count the order itself as taken when it is signed again', async () => {
    const signed = order({
      id: 'rx-9',
      status: 'active',
      medicationCodeableConcept: { coding: [{ system: RXNORM, code: '161' }] },
    });
    const answer = await post(
      aCall(
        'order-sign',
        { draftOrders: bundleOf(signed) },
        { prefetch: prefetchOf([knee, egfr(95), signed] as never) },
      ),
    );

    assert.ok(!JSON.stringify(judged(answer)).includes('duplicate'));
  });

  it('keeps hostile chart text inert', async () => {
    const answer = await sign(
      order({
        medicationCodeableConcept: { ...ibuprofenCode, text: '[x](http://evil.test) <img src=x>' },
      }),
    );

    assert.doesNotMatch(answer.cards[0]?.detail ?? '', /(?<!`[^`\n]*)<img/);
    assert.equal(answer.cards.length, 1);
  });

  it('shows a patient nothing (REQ-9)', async () => {
    const { body } = await request(app)
      .post('/cds-services/pain-order-sign')
      .send(aCall('order-sign', { draftOrders: bundleOf(order()), userId: 'Patient/p-1' }))
      .expect(200);

    assert.deepEqual(body, { cards: [] });
  });
});
