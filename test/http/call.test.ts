// POST /cds-services/{id}: success, addresses, content types and limits.
import assert from 'node:assert/strict';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import request from 'supertest';
import { anApp } from '../support/app.js';
import {
  aRequest,
  fhirAuthorization,
  oneOfEach,
  patient,
  prefetchOf,
  prefetchWith,
} from '../support/edge.js';

const PATH = '/cds-services/pain-patient-view';
const FHIR_TYPE = /^application\/fhir\+json/;
const complete = aRequest({ prefetch: prefetchOf(oneOfEach) });

/** Pointers of the faults an OperationOutcome names. */
const pointersOf = (body: { issue: { diagnostics: string }[] }): string[] =>
  body.issue.map(({ diagnostics }) => diagnostics).sort();

describe('POST /cds-services/{id}', () => {
  const { app, lines } = anApp();
  const post = (body: object) => request(app).post(PATH).send(body);

  it('RES-1 RES-6 TRN-10 EXT-4 answers cards and the evaluation', async () => {
    const { body } = await post(complete)
      .expect(200)
      .expect('content-type', /^application\/json/)
      .expect('cache-control', 'no-store');

    assert.ok(Array.isArray(body.cards));
    assert.equal(body.extension['org.pain-cds.evaluation'].schemaVersion, '1');
    assert.deepEqual(Object.keys(body).sort(), ['cards', 'extension']);
  });

  it('RES-2 answers no cards when there is nothing to say', async () => {
    const { body } = await post(aRequest({ prefetch: prefetchOf([]) })).expect(200);

    assert.deepEqual(body.cards, []);
  });

  for (const userId of ['Patient/p-1', 'RelatedPerson/r-1']) {
    it(`REQ-8 REQ-9 shows ${userId} no cards`, () =>
      post(aRequest({ ...complete, context: { userId, patientId: 'p-1' } })).expect(200, {
        cards: [],
      }));
  }

  for (const userId of ['Practitioner/1', 'PractitionerRole/1']) {
    it(`REQ-8 answers ${userId}`, () =>
      post({ ...complete, context: { userId, patientId: 'p-1' } }).expect(200));
  }

  it('REQ-5 REQ-6 REQ-10 EXT-1 PFT-11 answers the same with Patient/ before the id, unknown fields and another spelling of the instance', async () => {
    const plain = await post(complete);
    const odd = await post({
      ...complete,
      hookInstance: 'D1577C69-DFBE-11ED-BA6D-3E05E953B2EA',
      context: { ...complete.context, patientId: 'Patient/p-1', encounterId: 'e-1', junk: [] },
      extension: 'not an object',
      junk: { a: null },
    }).expect(200);

    assert.deepEqual(odd.body, plain.body);
  });

  it('REQ-6 answers a repeated hookInstance again', async () => {
    await post(complete).expect(200);
    await post(complete).expect(200);
  });

  it('REQ-1 RES-3 RES-5 answers 412 naming the keys that could not be had', async () => {
    const { body } = await post(aRequest()).expect(412).expect('content-type', FHIR_TYPE);

    assert.equal(body.resourceType, 'OperationOutcome');
    assert.deepEqual(pointersOf(body), ['conditions', 'patient']);
    assert.ok(body.issue.every(({ code }: { code: string }) => code === 'processing'));
  });

  it('DAT-5 SAF-4 answers 200 with the gap stated when only other data are missing', async () => {
    const { body } = await post(
      aRequest({ prefetch: prefetchWith({ allergies: undefined }) }),
    ).expect(200);

    const evaluation = body.extension['org.pain-cds.evaluation'];
    assert.equal(evaluation.completeness, 'partial');
    assert.deepEqual(
      evaluation.missing.map((m: { input: string }) => m.input),
      ['AllergyIntolerance'],
    );
  });

  it("REQ-14 T16 refuses another patient's record", async () => {
    const { body } = await post(
      aRequest({ prefetch: prefetchWith({ patient: { ...patient, id: 'p-2' } }) }),
    ).expect(400);

    assert.deepEqual(pointersOf(body), ['/prefetch/patient/id']);
  });

  it('T33 DAT-15 logs one line of allowed fields for each call', async () => {
    lines.length = 0;
    await post({
      ...complete,
      fhirServer: 'https://ehr.test/CANARY',
      fhirAuthorization,
      context: { userId: 'Practitioner/CANARY', patientId: 'p-1' },
    });
    await request(app).post('/cds-services/CANARY?CANARY=1').send({});

    assert.equal(lines.length, 2);
    const allowed = [
      'method',
      'route',
      'status',
      'ms',
      'client',
      'service',
      'hookInstance',
      'error',
    ];
    for (const line of lines) assert.ok(Object.keys(line).every((key) => allowed.includes(key)));
    assert.doesNotMatch(JSON.stringify(lines), /CANARY|p-1|Practitioner/);
  });

  it('logs service and code of a call that failed', async () => {
    lines.length = 0;
    await post({});

    const [line] = lines as { service?: string; error?: string; status?: number }[];
    assert.deepEqual(
      [line?.service, line?.error, line?.status],
      ['pain-patient-view', 'INVALID_REQUEST', 400],
    );
  });
});

describe('POST /cds-services/{id} by another address, method or type', () => {
  const { app } = anApp();

  for (const id of ['nobody', 'constructor', '__proto__', 'toString', 'pain-patient-view%00']) {
    it(`REQ-4 T21 answers 404 to the service ${id}`, () =>
      request(app)
        .post(`/cds-services/${id}`)
        .send(complete)
        .expect(404)
        .expect('content-type', FHIR_TYPE));
  }

  for (const method of ['get', 'put', 'delete', 'patch'] as const) {
    it(`REQ-4 answers 405 to ${method}`, () =>
      request(app)
        [method](PATH)
        .expect(405)
        .expect('allow', /POST/)
        .expect('content-type', FHIR_TYPE));
  }

  it('TRN-11 tolerates a trailing slash', () =>
    request(app).post(`${PATH}/`).send(complete).expect(200));

  it('TRN-8 reads JSON with charset and FHIR JSON alike', async () => {
    const types = [
      'application/json',
      'application/json; charset=utf-8',
      'application/fhir+json',
      'application/fhir+json;charset=UTF-8',
    ];
    const answers = await Promise.all(
      types.map((type) =>
        request(app)
          .post(PATH)
          .set('content-type', type)
          .send(JSON.stringify(complete))
          .expect(200),
      ),
    );

    for (const { text } of answers) assert.equal(text, answers[0]?.text);
  });

  for (const type of [
    'text/plain',
    'application/x-www-form-urlencoded',
    'application/xml',
    'application/json; charset=utf-16',
    '',
  ]) {
    it(`REQ-4 T48 answers 415 to the type ${type || 'that is missing'}`, () =>
      request(app)
        .post(PATH)
        .set(type ? { 'content-type': type } : {})
        .serialize((text) => text as unknown as string)
        .send(type ? JSON.stringify(complete) : Buffer.from(JSON.stringify(complete)))
        .unset(type ? 'x-none' : 'content-type')
        .expect(415)
        .expect('content-type', FHIR_TYPE));
  }
});

describe('POST /cds-services/{id} within limits', () => {
  const limit = 200_000;
  const { app } = anApp({ bodyLimitBytes: limit });
  const padded = (bytes: number): Buffer =>
    Buffer.from(JSON.stringify({ ...complete, padding: 'x'.repeat(bytes) }));
  const post = (body: Buffer, encoding: string) =>
    request(app)
      .post(PATH)
      .set({ 'content-type': 'application/json', 'content-encoding': encoding })
      .serialize((b) => b as never)
      .send(body);

  it('TRN-9 answers 413 to a body over the limit', () =>
    post(padded(limit), 'identity').expect(413).expect('content-type', FHIR_TYPE));

  it('reads gzip', () => post(gzipSync(padded(10)), 'gzip').expect(200));

  it('T24 applies the limit to decoded bytes', () =>
    post(gzipSync(padded(30_000_000)), 'gzip').expect(413));

  it('T24 reads no other encoding', async () => {
    await post(brotliCompressSync(padded(10)), 'br').expect(415);
    await post(padded(10), 'zstd').expect(415);
  });

  it('answers 400 to gzip that is none', () => post(padded(10), 'gzip').expect(400));

  it('TRN-9 answers a prefetch of one and of eight megabytes', async () => {
    const large = anApp({ bodyLimitBytes: 10 * 1024 * 1024 }).app;
    // A list of more than 20,000 entries is refused whatever its size (T20).
    for (const count of [2_000, 16_000]) {
      const rows = Array.from({ length: count }, (_, at) => ({
        ...oneOfEach[0],
        id: `c${at}`,
        note: [{ text: 'x'.repeat(400) }],
      }));
      const body = aRequest({
        prefetch: prefetchWith({
          conditions: {
            resourceType: 'Bundle',
            type: 'searchset',
            entry: rows.map((resource) => ({ resource })),
          },
        }),
      });

      assert.ok(JSON.stringify(body).length > count * 500);
      await request(large).post(PATH).send(body).expect(200);
    }
  });
});

describe('a call that meets a bug', () => {
  const fails = { read: () => Promise.reject(new Error('CANARY\nCANARY /src/secret.ts')) };
  const { app, lines } = anApp({ patientRecord: fails });

  it('TRN-12 T34 answers 500 without detail and logs it without its message', async () => {
    const { text } = await request(app)
      .post(PATH)
      .send(complete)
      .expect(500)
      .expect('content-type', FHIR_TYPE);

    assert.doesNotMatch(text, /CANARY|secret|stack/);
    assert.doesNotMatch(JSON.stringify(lines), /CANARY/);
    assert.equal(JSON.parse(text).issue[0].code, 'exception');
  });
});
