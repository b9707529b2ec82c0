// GET /cds-services, the health routes and what belongs to no route.
import assert from 'node:assert/strict';
import express from 'express';
import request from 'supertest';
import { anApp } from '../support/app.js';

const JSON_TYPE = /^application\/json/;
const FHIR_TYPE = /^application\/fhir\+json/;
const PROBLEM_TYPE = /^application\/problem\+json/;

describe('GET /cds-services', () => {
  const { app } = anApp();

  it('DIS-1 DIS-2 DIS-3 DIS-4 DIS-7 DIS-16 answers the services and nothing else', async () => {
    const { body } = await request(app)
      .get('/cds-services')
      .expect(200)
      .expect('content-type', JSON_TYPE);

    assert.deepEqual(Object.keys(body), ['services']);
    const [service] = body.services;
    assert.equal(service.id, 'pain-patient-view');
    assert.equal(service.hook, 'patient-view');
    for (const field of ['title', 'description', 'usageRequirements']) assert.ok(service[field]);
    const allowed = [
      'hook',
      'id',
      'title',
      'description',
      'usageRequirements',
      'version',
      'prefetch',
      'extension',
    ];
    assert.ok(Object.keys(service).every((key) => allowed.includes(key)));
  });

  it('DIS-13 answers byte for byte the same twice', async () => {
    const [one, two] = [
      await request(app).get('/cds-services'),
      await request(app).get('/cds-services'),
    ];

    assert.equal(one.text, two.text);
    assert.equal(one.get('etag'), two.get('etag'));
  });

  it('DIS-13 answers 304 to the entity tag it gave', async () => {
    const etag = (await request(app).get('/cds-services')).get('etag') ?? '';

    await request(app).get('/cds-services').set('if-none-match', etag).expect(304);
    await request(app).get('/cds-services').set('if-none-match', '"other"').expect(200);
  });

  it('TRN-7 DIS-12 answers any Accept header and ignores credentials', async () => {
    for (const accept of ['*/*', 'application/fhir+json, */*; q=0.1', 'text/html']) {
      await request(app)
        .get('/cds-services')
        .set('accept', accept)
        .set('authorization', 'Bearer x')
        .expect(200);
    }
  });

  it('TRN-11 tolerates a trailing slash', () => request(app).get('/cds-services/').expect(200));

  it('TRN-11 works under a path prefix', async () => {
    const mounted = express().use('/hospital/pain', app);

    await request(mounted).get('/hospital/pain/cds-services').expect(200);
    await request(mounted)
      .post('/hospital/pain/cds-services/nobody')
      .send({})
      .expect(404)
      .expect('content-type', FHIR_TYPE);
  });

  it('REQ-4 refuses other methods', () =>
    request(app)
      .post('/cds-services')
      .send({})
      .expect(405)
      .expect('allow', /GET/)
      .expect('content-type', FHIR_TYPE));

  it('DIS-2 answers an empty list when there is no service', async () => {
    const { body } = await request(anApp({ services: new Map() }).app)
      .get('/cds-services')
      .expect(200);

    assert.deepEqual(body, { services: [] });
  });
});

describe('the health routes', () => {
  const { app } = anApp();

  it('PER-5 say that the process is up', () =>
    request(app).get('/health/live').expect(200, { status: 'up' }));

  it('say which knowledge is served', async () => {
    const { body } = await request(app).get('/health/ready').expect(200);

    assert.equal(body.status, 'ready');
    assert.ok(body.knowledge.version && body.knowledge.digest);
  });

  for (const path of ['/health/live', '/health/ready']) {
    it(`refuse other methods on ${path} as a problem document`, async () => {
      const { body } = await request(app)
        .post(path)
        .expect(405)
        .expect('allow', /GET/)
        .expect('content-type', PROBLEM_TYPE);

      assert.equal(body.code, 'METHOD_NOT_ALLOWED');
      for (const field of ['type', 'title', 'status', 'detail', 'instance']) assert.ok(body[field]);
    });
  }
});

describe('what belongs to no route', () => {
  const { app } = anApp();

  it('answers 404 as a problem document', async () => {
    const { body } = await request(app)
      .get('/nowhere')
      .expect(404)
      .expect('content-type', PROBLEM_TYPE);

    assert.equal(body.code, 'NOT_FOUND');
  });

  for (const path of [
    '/%E0%A4%A',
    '/cds-services/%E0%A4%A',
    '/cds-services/..%2f..%2fpackage.json',
  ]) {
    it(`TRN-12 T34 T37 answers ${path} below 500 without internals`, async () => {
      const { status, text } = await request(app).post(path).send({});

      assert.ok(status >= 400 && status < 500);
      assert.doesNotMatch(text, /node_modules|\.ts|at /);
    });
  }

  it('T26 does not run TRACE or an overridden method', async () => {
    await request(app).trace('/cds-services').expect(405);
    await request(app).get('/cds-services').set('x-http-method-override', 'DELETE').expect(200);
  });
});

describe('the headers of every answer', () => {
  const { app } = anApp();

  it('TRN-10 T44 forbid caching of all but discovery', async () => {
    for (const path of ['/health/live', '/nowhere', '/cds-services/nobody']) {
      await request(app).get(path).expect('cache-control', 'no-store');
    }
    assert.notEqual((await request(app).get('/cds-services')).get('cache-control'), 'no-store');
  });

  it('T34 say nothing of the software and forbid sniffing and framing', async () => {
    const answer = await request(app).get('/nowhere');

    assert.equal(answer.get('x-powered-by'), undefined);
    assert.equal(answer.get('x-content-type-options'), 'nosniff');
    assert.match(answer.get('content-security-policy') ?? '', /frame-ancestors 'none'/);
  });
});

describe('calls from a browser', () => {
  const { app } = anApp();
  const origin = 'https://sandbox.cds-hooks.org';

  for (const path of ['/cds-services', '/cds-services/pain-patient-view']) {
    it(`COR-1 COR-2 are announced by a preflight of ${path}`, async () => {
      const answer = await request(app)
        .options(path)
        .set({
          origin,
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'authorization,content-type',
        })
        .expect(204)
        .expect('access-control-allow-origin', origin);

      assert.match(answer.get('access-control-allow-headers') ?? '', /authorization,content-type/);
      assert.match(answer.get('access-control-allow-methods') ?? '', /GET,POST/);
      assert.match(answer.get('vary') ?? '', /Origin/i);
      assert.equal(answer.get('access-control-allow-credentials'), undefined);
    });
  }

  it('COR-3 may read errors', async () => {
    for (const path of ['/cds-services/nobody', '/nowhere', '/cds-services/pain-patient-view']) {
      await request(app)
        .post(path)
        .set({ origin })
        .send({})
        .expect('access-control-allow-origin', origin);
    }
  });

  it('COR-4 T35 from other origins get no permission', async () => {
    for (const other of ['https://evil.test', 'null', 'https://sandbox.cds-hooks.org.evil.test']) {
      const answer = await request(app).get('/cds-services').set('origin', other).expect(200);

      assert.equal(answer.get('access-control-allow-origin'), undefined);
    }
  });
});
