// Every hook's own context: what it needs, what it tolerates, and what joins the record.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import request from 'supertest';
import { loadServiceTexts } from '../../src/knowledge/load-texts.js';
import { anApp, CARDS } from '../support/app.js';
import { aRequest, PATIENT_ID, prefetchOf, services } from '../support/edge.js';
import { responseFaults } from '../support/invariants.js';

const trigeminal = (change: object = {}) => ({
  resourceType: 'Condition',
  id: 'new-1',
  clinicalStatus: { coding: [{ code: 'active' }] },
  verificationStatus: { coding: [{ code: 'confirmed' }] },
  code: { coding: [{ system: 'http://hl7.org/fhir/sid/icd-10-cm', code: 'G50.0' }] },
  subject: { reference: `Patient/${PATIENT_ID}` },
  recordedDate: '2026-11-22',
  ...change,
});

const bundleOf = (...resources: object[]) => ({
  resourceType: 'Bundle',
  entry: resources.map((resource) => ({ resource })),
});

const aCall = (hook: string, context: object) => ({
  ...aRequest({ prefetch: prefetchOf([]) }),
  hook,
  context: { userId: 'Practitioner/1', patientId: PATIENT_ID, ...context },
});

const pointersOf = (body: { issue: { diagnostics: string }[] }): string[] =>
  body.issue.map(({ diagnostics }) => diagnostics).sort();

describe('the hooks beside patient-view', () => {
  const { app } = anApp({ newId: randomUUID });
  const post = (hook: string, context: object) =>
    request(app).post(`/cds-services/pain-${hook}`).send(aCall(hook, context));
  const problemsOf = (body: { extension: Record<string, { painProblems?: unknown[] }> }) =>
    body.extension['org.pain-cds.evaluation']?.painProblems ?? [];

  it('answers every published service at its own path (DIS-5)', async () => {
    for (const { definition } of services.values()) {
      const response = await request(app).post(`/cds-services/${definition.id}`).send({});
      assert.equal(response.status, 400, definition.id);
    }
  });

  it('has words for every published service', () => {
    const texts = loadServiceTexts(CARDS);

    assert.deepEqual(Object.keys(texts).sort(), [...services.keys()].sort());
  });

  describe('encounter-start', () => {
    it('needs an encounterId (REQ-2)', async () => {
      const { body } = await post('encounter-start', {}).expect(400);

      assert.deepEqual(pointersOf(body), ['/context/encounterId']);
    });

    it('answers as patient-view does', async () => {
      const prefetch = prefetchOf([trigeminal() as never]);
      const start = aCall('encounter-start', { encounterId: 'e-1' });
      const view = aCall('patient-view', { encounterId: 'e-1' });
      const [one, two] = await Promise.all([
        request(app)
          .post('/cds-services/pain-encounter-start')
          .send({ ...start, prefetch }),
        request(app)
          .post('/cds-services/pain-patient-view')
          .send({ ...view, prefetch }),
      ]);

      assert.ok(one.body.cards.length > 0);
      const withoutIds = (body: object) =>
        JSON.parse(JSON.stringify(body, (key, value) => (key === 'uuid' ? undefined : value)));
      assert.deepEqual(withoutIds(one.body), withoutIds(two.body));
      assert.deepEqual(responseFaults(one.body), []);
    });
  });

  describe('problem-list-item-create', () => {
    it('needs a Bundle of conditions (REQ-2)', async () => {
      const missing = await post('problem-list-item-create', {}).expect(400);
      const wrong = await post('problem-list-item-create', { conditions: [] }).expect(400);
      const other = await post('problem-list-item-create', {
        conditions: { resourceType: 'Condition' },
      }).expect(400);

      assert.deepEqual(pointersOf(missing.body), ['/context/conditions']);
      assert.deepEqual(pointersOf(wrong.body), ['/context/conditions']);
      assert.deepEqual(pointersOf(other.body), ['/context/conditions/resourceType']);
    });

    it('reads the new problem with the record', async () => {
      const { body } = await post('problem-list-item-create', {
        conditions: bundleOf(trigeminal()),
      }).expect(200);

      assert.equal(problemsOf(body).length, 1);
      assert.match(body.cards[0].summary, /[Nn]europathic/);
      assert.deepEqual(responseFaults(body), []);
    });

    it("leaves out another patient's problem and says so (REQ-14)", async () => {
      const { body } = await post('problem-list-item-create', {
        conditions: bundleOf(trigeminal({ subject: { reference: 'Patient/p-2' } })),
      }).expect(200);

      assert.deepEqual(body.cards, []);
      assert.match(JSON.stringify(body.extension), /1 record\(s\) not proven/);
    });

    it('tolerates the published example: category as a word, an assertedDate, no Bundle type', async () => {
      const { body } = await post('problem-list-item-create', {
        conditions: bundleOf(
          trigeminal({ category: 'problem-list-item', assertedDate: '2026-11-22', id: undefined }),
          { resourceType: 'Observation', id: 'junk' },
        ),
      }).expect(200);

      assert.equal(problemsOf(body).length, 1);
    });

    it('takes the newer form of a problem that is in the record already', async () => {
      const refuted = trigeminal({ verificationStatus: { coding: [{ code: 'refuted' }] } });
      const call = aCall('problem-list-item-create', { conditions: bundleOf(refuted) });
      const { body } = await request(app)
        .post('/cds-services/pain-problem-list-item-create')
        .send({ ...call, prefetch: prefetchOf([trigeminal() as never]) })
        .expect(200);

      assert.deepEqual(problemsOf(body), []);
    });
  });

  it('tolerates entries that are no resources', async () => {
    const { body } = await post('problem-list-item-create', {
      conditions: {
        resourceType: 'Bundle',
        entry: [null, 7, {}, { resource: 'x' }, { resource: {} }],
      },
    }).expect(200);

    assert.deepEqual(body.cards, []);
  });
});
