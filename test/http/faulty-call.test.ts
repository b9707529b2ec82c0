// POST /cds-services/{id} with a body that cannot be used: every fault is named by its pointer.
import assert from 'node:assert/strict';
import request from 'supertest';
import { anApp } from '../support/app.js';
import { aRequest, fhirAuthorization, oneOfEach, patient, prefetchOf } from '../support/edge.js';

const PATH = '/cds-services/pain-patient-view';
const FHIR_TYPE = /^application\/fhir\+json/;
const complete = aRequest({ prefetch: prefetchOf(oneOfEach) });

/** Pointers of the faults an OperationOutcome names. */
const pointersOf = (body: { issue: { diagnostics: string }[] }): string[] =>
  body.issue.map(({ diagnostics }) => diagnostics).sort();

describe('POST /cds-services/{id} with a faulty body', () => {
  const { app } = anApp();
  const post = (body: object) => request(app).post(PATH).send(body);
  const context = (change: object) => ({
    ...complete,
    context: { ...complete.context, ...change },
  });
  const { hookInstance: _, ...withoutInstance } = complete;

  const faults: readonly (readonly [string, object, readonly string[]])[] = [
    ['nothing in it', {}, ['/context', '/hook', '/hookInstance']],
    ['no hookInstance', withoutInstance, ['/hookInstance']],
    ['a numeric hookInstance', { ...complete, hookInstance: 7 }, ['/hookInstance']],
    ['another hook', { ...complete, hook: 'order-sign' }, ['/hook']],
    [
      'another hook and no instance',
      { ...withoutInstance, hook: 'order-sign' },
      ['/hook', '/hookInstance'],
    ],
    ['an array as context', { ...complete, context: [] }, ['/context']],
    ['no patientId', context({ patientId: undefined }), ['/context/patientId']],
    ['no userId', context({ userId: undefined }), ['/context/userId']],
    [
      'several faults in context',
      context({ userId: 4, patientId: [] }),
      ['/context/patientId', '/context/userId'],
    ],
    ['an array as prefetch', { ...complete, prefetch: [] }, ['/prefetch']],
    ['an authorization without server', { ...complete, fhirAuthorization }, ['/fhirServer']],
    [
      'an authorization without token',
      {
        ...complete,
        fhirServer: 'https://x.test',
        fhirAuthorization: { ...fhirAuthorization, access_token: '' },
      },
      ['/fhirAuthorization/access_token'],
    ],
    ['a server that is no URL', { ...complete, fhirServer: 'file:///etc/passwd' }, ['/fhirServer']],
    [
      'a server with userinfo',
      { ...complete, fhirServer: 'https://a:b@x.test/fhir' },
      ['/fhirServer'],
    ],
    ['an array', [complete], ['the whole body']],
  ];
  for (const [name, body, pointers] of faults) {
    it(`REQ-2 REQ-3 REQ-7 answers 400 to ${name}, naming every fault`, async () => {
      const answer = await post(body).expect(400).expect('content-type', FHIR_TYPE);

      assert.deepEqual(pointersOf(answer.body), pointers);
    });
  }

  for (const patientId of [
    '1&_include=*',
    '1/../2',
    '1?x',
    '%2e%2e',
    '*',
    '',
    '..',
    '.',
    'a b',
    'x'.repeat(257),
    'Patient/',
    'Observation/1',
  ]) {
    it(`T6 refuses the patientId ${JSON.stringify(patientId.slice(0, 20))}`, async () => {
      const { body } = await post(context({ patientId })).expect(400);

      assert.deepEqual(pointersOf(body), ['/context/patientId']);
    });
  }

  it('REQ-13 accepts an id of more than 64 characters', async () => {
    const id = 'e'.repeat(200);
    const prefetch = {
      patient: { ...patient, id },
      conditions: { resourceType: 'Bundle', type: 'searchset' },
    };

    await post({ ...complete, context: { ...complete.context, patientId: id }, prefetch }).expect(
      200,
    );
  });

  for (const value of ['null', '1', '"text"', '[]', '{']) {
    it(`REQ-4 RES-4 answers 400 to the body ${value}`, () =>
      request(app)
        .post(PATH)
        .set('content-type', 'application/json')
        .send(value)
        .expect(400)
        .expect('content-type', FHIR_TYPE));
  }

  it('T33 does not repeat malformed JSON', async () => {
    const { text } = await request(app)
      .post(PATH)
      .set('content-type', 'application/json')
      .send('{"name": Jane Doe}')
      .expect(400);

    assert.doesNotMatch(text, /Jane/);
  });

  it('T20 answers 400 to a body that nests too deep', () =>
    request(app)
      .post(PATH)
      .set('content-type', 'application/json')
      .send(`{"a":${'['.repeat(40_000)}${']'.repeat(40_000)}}`)
      .expect(400));

  it('T21 survives names of the prototype', async () => {
    const text = JSON.stringify(complete).replace(
      '{',
      '{"__proto__":{"polluted":1},"constructor":{"a":1},',
    );

    await request(app).post(PATH).set('content-type', 'application/json').send(text).expect(200);
    assert.equal(({} as Record<string, unknown>).polluted, undefined);
  });
});
