// Browser clients: which origins may read answers. Must not know tokens beyond one that is good.
import assert from 'node:assert/strict';
import request from 'supertest';
import { aRequest, oneOfEach, prefetchOf } from '../support/edge.js';
import { productionApp as production } from '../support/production.js';
import { anEntry, bearer } from '../support/tokens.js';

const PATH = '/cds-services/pain-patient-view';
const complete = aRequest({ prefetch: prefetchOf(oneOfEach) });

describe('browser clients of a service that knows its clients', () => {
  const entries = [
    anEntry({ corsOrigins: ['https://ehr.test'] }),
    anEntry({ id: 'other', tenant: 'b', corsOrigins: ['https://other.test'] }),
  ];
  const { app } = production(entries);
  const preflight = (origin: string, path = PATH) =>
    request(app).options(path).set({
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,content-type',
    });

  it('COR-1 COR-2 announce themselves without a token', async () => {
    for (const path of ['/cds-services', PATH, `${PATH}/feedback`]) {
      const answer = await preflight('https://ehr.test', path).expect(204);

      assert.equal(answer.get('access-control-allow-origin'), 'https://ehr.test');
      assert.match(answer.get('access-control-allow-headers') ?? '', /authorization,content-type/);
    }
  });

  it('COR-3 may read that they were refused', async () => {
    const answer = await request(app).post(PATH).set('origin', 'https://ehr.test').send(complete);

    assert.equal(answer.status, 401);
    assert.equal(answer.get('access-control-allow-origin'), 'https://ehr.test');
  });

  it('COR-4 T35 get no permission from other origins, nor credentials', async () => {
    const others = [
      'https://evil.test',
      'null',
      'https://ehr.test.evil.test',
      'http://ehr.test',
      'https://ehr.test:8443',
      'https://EHR.test',
      'https://sandbox.cds-hooks.org',
      'http://localhost:3000',
    ];
    for (const origin of others) {
      const answer = await preflight(origin);
      assert.equal(answer.get('access-control-allow-origin'), undefined, origin);
      assert.equal(answer.get('access-control-allow-credentials'), undefined);
      assert.match(answer.get('vary') ?? '', /origin/i);
    }
  });

  it("COR-4 may not read what is answered to another client's token", async () => {
    const ask = async (origin: string) =>
      request(app)
        .post(PATH)
        .set({ origin, authorization: await bearer() })
        .send(complete)
        .expect(200);

    assert.equal(
      (await ask('https://ehr.test')).get('access-control-allow-origin'),
      'https://ehr.test',
    );
    assert.equal((await ask('https://other.test')).get('access-control-allow-origin'), undefined);
  });
});
