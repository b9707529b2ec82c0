import assert from 'node:assert/strict';
import request from 'supertest';
import { baseUrl, matchIds, sample, sandboxApp } from './sandbox-app.js';

const patientUrn = 'urn:uuid:11111111-1111-4111-8111-111111111111';
const patient = (family = 'New') => ({
  fullUrl: patientUrn,
  resource: { resourceType: 'Patient', id: 'ignored', name: [{ family }] },
  request: { method: 'POST', url: 'Patient' },
});
const condition = (id: string, subject: string) => ({
  fullUrl: `urn:uuid:${id}`,
  resource: { resourceType: 'Condition', id, subject: { reference: subject } },
  request: { method: 'PUT', url: `Condition/${id}` },
});

describe('sandbox upload', () => {
  let app: ReturnType<typeof sandboxApp>;
  beforeEach(() => {
    app = sandboxApp(sample);
  });
  const upload = (type: string, entry: unknown) =>
    request(app)
      .post('/fhir')
      .type('application/fhir+json')
      .send({ resourceType: 'Bundle', type, entry });
  const find = async (path: string) => (await request(app).get(`/fhir/${path}`).expect(200)).body;

  it('writes a transaction and turns urn:uuid references into the new ids', async () => {
    const entries = [condition('c1', patientUrn), patient()];

    const { body } = await upload('transaction', entries).expect(200);

    assert.equal(body.type, 'transaction-response');
    assert.deepEqual(
      body.entry.map(({ response }: { response: { status: string; location: string } }) => [
        response.status,
        response.location,
      ]),
      [
        ['201 Created', `${baseUrl}/Condition/c1`],
        ['201 Created', `${baseUrl}/Patient/new-1`],
      ],
    );
    assert.deepEqual(matchIds(await find('Condition?patient=new-1')), ['c1']);
    assert.equal((await find('Condition/c1')).meta.lastUpdated, '2026-11-22T10:00:00.000Z');
  });

  it('moves an updated resource in every index', async () => {
    const { body } = await upload('transaction', [condition('knee', 'Patient/bob')]).expect(200);

    assert.equal(body.entry[0].response.status, '200 OK');
    assert.deepEqual(matchIds(await find('Condition?patient=ann')), []);
    assert.deepEqual(matchIds(await find('Condition?patient=bob')), ['knee', 'back']);
    assert.deepEqual(matchIds(await find('Condition?code=M17')), []);
  });

  const invalid: [string, unknown][] = [
    ['has no resource', { request: { method: 'POST', url: 'Patient' } }],
    ['has no request', { resource: { resourceType: 'Patient' } }],
    ['is null', null],
    ['is a DELETE', { request: { method: 'DELETE', url: 'Patient/ann' } }],
    [
      'is conditional',
      { ...patient(), request: { method: 'POST', url: 'Patient', ifNoneExist: 'x' } },
    ],
    [
      'has another url',
      { ...condition('c9', 'Patient/ann'), request: { method: 'PUT', url: 'Condition/c8' } },
    ],
    ['has an invalid id', condition('a b', 'Patient/ann')],
    [
      'has the type __proto__',
      { resource: { resourceType: '__proto__' }, request: { method: 'POST', url: '__proto__' } },
    ],
    [
      'has an unsupported type',
      { resource: { resourceType: 'Claim' }, request: { method: 'POST', url: 'Claim' } },
    ],
    ['has a conditional reference', condition('c9', 'Patient?identifier=7')],
    ['writes the same resource again', condition('c1', 'Patient/ann')],
    [
      'has an unreadable date',
      {
        resource: { resourceType: 'Patient', birthDate: 'May' },
        request: { method: 'POST', url: 'Patient' },
      },
    ],
    [
      'has a subject that is text',
      {
        resource: { resourceType: 'Condition', subject: 'ann' },
        request: { method: 'POST', url: 'Condition' },
      },
    ],
  ];
  for (const [what, entry] of invalid) {
    it(`writes nothing of a transaction when an entry ${what}`, async () => {
      const { body, status } = await upload('transaction', [
        condition('c1', 'Patient/ann'),
        patient(),
        entry,
      ]);

      assert.ok(status >= 400 && status < 500, String(status));
      assert.match(body.issue[0].diagnostics, /^Bundle\.entry\[2\]: /);
      await request(app).get('/fhir/Condition/c1').expect(404);
      assert.equal((await find('Patient')).total, 2);
    });

    if (what.startsWith('writes the same')) continue;
    it(`writes the rest of a batch when an entry ${what}`, async () => {
      const { body } = await upload('batch', [patient(), entry]).expect(200);

      assert.equal(body.entry[0].response.status, '201 Created');
      assert.match(body.entry[1].response.status, /^4\d\d$/);
      assert.equal(body.entry[1].response.outcome.resourceType, 'OperationOutcome');
      assert.equal((await find('Patient')).total, 3);
    });
  }

  it('refuses a fullUrl that is used twice', async () => {
    await upload('transaction', [patient(), patient('Other')]).expect(400);
  });

  for (const body of [
    [],
    { resourceType: 'Patient' },
    { resourceType: 'Bundle', type: 'collection' },
    { resourceType: 'Bundle', type: 'batch', entry: {} },
  ]) {
    it(`answers 400 to ${JSON.stringify(body)}`, async () => {
      await request(app)
        .post('/fhir')
        .type('application/fhir+json')
        .send(JSON.stringify(body))
        .expect(400);
    });
  }

  it('answers an empty transaction without entries', async () => {
    const { body } = await upload('transaction', []).expect(200);

    assert.deepEqual(body, { resourceType: 'Bundle', type: 'transaction-response' });
  });
});
