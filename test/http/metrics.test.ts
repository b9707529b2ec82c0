// What is counted of calls and feedback, and that no label can be invented.
import assert from 'node:assert/strict';
import request from 'supertest';
import { anApp } from '../support/app.js';
import { aRequest, oneOfEach, prefetchOf, prefetchWith } from '../support/edge.js';

const PATH = '/cds-services/pain-patient-view';
const OF = 'service="pain-patient-view"';
const complete = aRequest({ prefetch: prefetchOf(oneOfEach) });

describe('PER-5 GET /metrics', () => {
  it('counts answers by outcome, evaluations by completeness, and durations', async () => {
    const { app } = anApp();
    await request(app).post(PATH).send(complete).expect(200);
    const partial = { ...complete, prefetch: prefetchWith({ allergies: undefined }) };
    await request(app).post(PATH).send(partial).expect(200);
    await request(app).post(PATH).send(aRequest()).expect(412);

    const { text } = await request(app).get('/metrics').expect(200);

    for (const line of [
      `pain_cds_requests_total{${OF},kind="call",outcome="ok"} 2`,
      `pain_cds_requests_total{${OF},kind="call",outcome="PREFETCH_UNAVAILABLE"} 1`,
      `pain_cds_evaluations_total{${OF},completeness="complete"} 1`,
      `pain_cds_evaluations_total{${OF},completeness="partial"} 1`,
      `pain_cds_call_duration_seconds_count{${OF}} 3`,
      `pain_cds_call_duration_seconds_bucket{${OF},le="+Inf"} 3`,
    ])
      assert.ok(text.split('\n').includes(line), `${line}\n${text}`);
  });

  it('FBK-11 counts cards by topic, and feedback by what became of it', async () => {
    const { app } = anApp();
    const condition = {
      resourceType: 'Condition',
      id: 'c',
      subject: { reference: 'Patient/p-1' },
      clinicalStatus: { coding: [{ code: 'active' }] },
      verificationStatus: { coding: [{ code: 'confirmed' }] },
      code: { coding: [{ system: 'http://hl7.org/fhir/sid/icd-10-cm', code: 'G50.0' }] },
    };
    await request(app)
      .post(PATH)
      .send(aRequest({ prefetch: prefetchOf([condition as never]) }))
      .expect(200);
    const item = { card: 'x', outcome: 'overridden', outcomeTimestamp: '2026-11-22T10:00:00Z' };
    await request(app)
      .post(`${PATH}/feedback`)
      .send({ feedback: [item] })
      .expect(200);

    const { text } = await request(app).get('/metrics');

    for (const line of [
      `pain_cds_cards_total{${OF},topic="painneuropathictrigeminal"} 1`,
      `pain_cds_feedback_items_total{${OF},result="unmatched"} 1`,
      `pain_cds_requests_total{${OF},kind="feedback",outcome="ok"} 1`,
    ])
      assert.ok(text.split('\n').includes(line), `${line}\n${text}`);
    assert.match(text, /pain_cds_withheld_total\{service="pain-patient-view"\} [1-9]/);
  });

  it('T43 holds no id of anybody, and no service that does not exist', async () => {
    const { app } = anApp();
    await request(app).post(PATH).send(complete).expect(200);
    await request(app).post('/cds-services/CANARY-SERVICE').send(complete).expect(404);

    const { text } = await request(app).get('/metrics');

    for (const id of ['p-1', 'CANARY-SERVICE', complete.hookInstance, 'demo'])
      assert.ok(!text.includes(id), id);
  });
});
