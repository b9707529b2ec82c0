// Feedback with an Idempotency-Key: done once and answered alike, however often it is sent; another body under the key is refused.
import assert from 'node:assert/strict';
import request from 'supertest';
import type { AppDeps } from '../../src/http/app.js';
import { openStore } from '../../src/store/open-store.js';
import { anApp } from '../support/app.js';
import { aClient } from '../support/edge.js';

const FEEDBACK = '/cds-services/pain-patient-view/feedback';
const at = (minute: number) => ({
  feedback: [
    {
      card: 'nobody',
      outcome: 'overridden',
      outcomeTimestamp: `2026-11-22T10:${String(minute).padStart(2, '0')}:00Z`,
    },
  ],
});

const running = (change: Partial<AppDeps> = {}) => {
  const evaluations = openStore('memory:', { onFailure: () => undefined });
  const { app } = anApp({ evaluations, ...change });
  const send = (key: string, body: object, path = FEEDBACK) =>
    request(app).post(path).set('idempotency-key', key).send(body);
  return { app, send, evaluations };
};

describe('FBK-4 feedback with an Idempotency-Key', () => {
  it('is answered as before when it comes again', async () => {
    const { send, app } = running();
    const first = await send('k-1', at(1)).expect(200);

    const again = await send('k-1', at(1)).expect(200);

    assert.equal(again.text, first.text);
    assert.deepEqual(again.body.feedback, { stored: 0, repeated: 0, unmatched: 1 });
    const { text } = await request(app).get('/metrics');
    assert.match(
      text,
      /feedback_items_total\{service="pain-patient-view",result="unmatched"\} 1\n/,
    );
  });

  it('is 422 with another body, and nothing of that body is kept', async () => {
    const { send } = running();
    await send('k-1', at(1)).expect(200);

    const { body } = await send('k-1', at(2))
      .expect(422)
      .expect('content-type', /^application\/fhir\+json/);

    assert.equal(body.issue[0].code, 'conflict');
    const { body: later } = await send('k-2', at(2)).expect(200);
    assert.equal(later.feedback.unmatched, 1);
  });

  it('is done once when two come at the same time', async () => {
    const { send } = running();

    const answers = await Promise.all([1, 2, 3].map(() => send('k-1', at(1)).expect(200)));

    assert.equal(new Set(answers.map(({ text }) => text)).size, 1);
  });

  it('T10 belongs to its client and its route', async () => {
    let id = 'a';
    const { send } = running({ authenticate: async () => aClient([], { id }) });
    await send('k-1', at(1)).expect(200);

    await send('k-1', at(2), FEEDBACK.replace('patient-view', 'order-sign')).expect(200);
    id = 'b';
    await send('k-1', at(2)).expect(200);
  });

  it('is not remembered when it was refused', async () => {
    const { send } = running();
    await send('k-1', { feedback: [] }).expect(400);

    await send('k-1', at(1)).expect(200);
  });

  for (const key of ['x'.repeat(256), 'a b', 'é'.normalize()])
    it(`is 400 with the key ${JSON.stringify(key.slice(0, 10))}`, () =>
      running().send(Buffer.from(key).toString('latin1'), at(1)).expect(400));

  it('COR-1 may come from a browser', async () => {
    const { app } = running();

    const { headers } = await request(app).options(FEEDBACK).set({
      origin: 'https://sandbox.cds-hooks.org',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'idempotency-key',
    });

    assert.match(headers['access-control-allow-headers'] ?? '', /idempotency-key/);
  });
});
