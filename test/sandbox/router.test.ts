import assert from 'node:assert/strict';
import type { FhirResource } from 'fhir/r4.js';
import request from 'supertest';
import { searchParameters } from '../../src/sandbox/search-parameters.js';
import { baseUrl, sample, sandboxApp } from './sandbox-app.js';

describe('sandbox router', () => {
  const app = sandboxApp(sample, '2kb');

  it('reads a resource as it was loaded', async () => {
    const { body, type } = await request(app).get('/fhir/Patient/ann').expect(200);

    assert.equal(type, 'application/fhir+json');
    assert.deepEqual(body, sample[0]);
  });

  it('states exactly the parameter table as its capability', async () => {
    const { body } = await request(app).get('/fhir/metadata').expect(200);

    const stated = body.rest[0].resource.map(
      (entry: { type: string; searchParam: { name: string; type: string }[] }) => [
        entry.type,
        entry.searchParam.map(({ name, type }) => [name, type]),
      ],
    );
    assert.deepEqual(
      stated,
      [...searchParameters].map(([type, parameters]) => [
        type,
        parameters.map(({ name, kind }) => [name, kind === 'code' ? 'token' : kind]),
      ]),
    );
    assert.equal(body.fhirVersion, '4.0.1');
    assert.equal(body.implementation.url, baseUrl);
  });

  it('answers every parameter it states', async () => {
    const values = { token: 'x', code: 'x', reference: 'x', date: '2020', string: 'x' };
    for (const [type, parameters] of searchParameters) {
      for (const { name, kind } of parameters) {
        await request(app).get(`/fhir/${type}?${name}=${values[kind]}`).expect(200);
      }
    }
  });

  const refusals: [string, string, number, string][] = [
    ['get', 'Patient/nobody', 404, 'not-found'],
    ['get', 'Claim', 404, 'not-found'],
    ['get', 'Claim/1', 404, 'not-found'],
    ['get', 'patient', 404, 'not-found'],
    ['get', '__proto__', 404, 'not-found'],
    ['get', 'constructor/x', 404, 'not-found'],
    ['get', 'Patient/__proto__', 404, 'not-found'],
    ['get', 'Patient/constructor', 404, 'not-found'],
    ['get', 'Patient/ann/_history', 404, 'not-supported'],
    ['get', 'Patient/$everything', 404, 'not-found'],
    ['get', 'Patient/%zz', 400, 'invalid'],
    ['get', 'Patient?__proto__=x', 400, 'invalid'],
    ['get', 'Patient?constructor=x', 400, 'invalid'],
    ['get', 'Patient?_id=__proto__,constructor&unknown=1', 400, 'invalid'],
    ['get', 'Patient?shoe-size=43', 400, 'invalid'],
    ['get', 'Patient?name:exact=Ann', 400, 'invalid'],
    ['get', 'Patient?_sort:x=name', 400, 'invalid'],
    ['get', 'Condition?code:not=x', 400, 'invalid'],
    ['get', 'Condition?subject:Patient=ann', 400, 'invalid'],
    ['get', 'Condition?patient.name=ann', 400, 'invalid'],
    ['get', 'Condition?patient=Group/x', 400, 'invalid'],
    ['get', 'Condition?patient=', 400, 'invalid'],
    ['get', 'Condition?code=a,,b', 400, 'invalid'],
    ['get', 'Condition?code=|', 400, 'invalid'],
    ['get', 'Condition?code=a|b|c', 400, 'invalid'],
    ['get', 'Observation?status=urn:x|final', 400, 'invalid'],
    ['get', 'Observation?date=ap2020', 400, 'invalid'],
    ['get', 'Observation?date=2020-02-30', 400, 'invalid'],
    ['get', 'Observation?date=2020-01-01T00:00:00+02:00', 400, 'invalid'],
    ['get', 'Observation?_sort=code', 400, 'invalid'],
    ['get', 'Observation?_sort=date&_sort=-date', 400, 'invalid'],
    ['get', 'Observation?_count=-1', 400, 'invalid'],
    ['get', 'Observation?_count=ten', 400, 'invalid'],
    ['get', 'Observation?_offset=x', 400, 'invalid'],
    ['get', 'Observation?_total=none', 400, 'invalid'],
    ['get', 'Observation?_include=*', 400, 'invalid'],
    ['get', 'Observation?_include=Condition:patient', 400, 'invalid'],
    ['get', 'Observation?_include:iterate=Observation:patient', 400, 'invalid'],
    ['get', 'Observation?_revinclude=Condition:patient', 400, 'invalid'],
    ['get', 'Observation?_format=xml', 406, 'not-supported'],
    ['get', 'Patient/ann?_summary=true', 400, 'invalid'],
    ['get', 'metadata?mode=terminology', 400, 'invalid'],
    ['get', '', 405, 'not-supported'],
    ['get', 'Patient/_search', 405, 'not-supported'],
    ['post', 'metadata', 405, 'not-supported'],
    ['post', 'MedicationRequest', 405, 'not-supported'],
    ['put', 'MedicationRequest/x', 405, 'not-supported'],
    ['patch', 'Patient/ann', 405, 'not-supported'],
    ['delete', 'Patient/ann', 405, 'not-supported'],
    ['delete', 'Claim/1', 404, 'not-found'],
  ];
  for (const [method, path, status, code] of refusals) {
    it(`answers ${status} to ${method} /${path}`, async () => {
      const response = await send(method, path).expect(status);

      assert.equal(response.type, 'application/fhir+json');
      assert.equal(response.body.resourceType, 'OperationOutcome');
      assert.equal(response.body.issue[0].code, code);
      assert.equal('allow' in response.headers, status === 405);
    });
  }

  function send(method: string, path: string) {
    const agent = request(app);
    if (method === 'get') return agent.get(`/fhir/${path}`);
    if (method === 'post') return agent.post(`/fhir/${path}`).send({});
    if (method === 'put') return agent.put(`/fhir/${path}`).send({});
    if (method === 'patch') return agent.patch(`/fhir/${path}`).send({});
    return agent.delete(`/fhir/${path}`);
  }

  const bodies: [string, string, string, string, number][] = [
    ['malformed JSON', '/fhir/', 'application/fhir+json', '{"a":', 400],
    ['a body that is not JSON', '/fhir/', 'text/plain', 'hello', 415],
    ['a body over the limit', '/fhir/', 'application/json', `{"a":"${'x'.repeat(3000)}"}`, 413],
    ['a JSON _search', '/fhir/Patient/_search', 'application/json', '{}', 415],
  ];
  for (const [what, path, type, body, status] of bodies) {
    it(`answers ${status} to ${what}`, async () => {
      const response = await request(app).post(path).type(type).send(body).expect(status);

      assert.equal(response.body.resourceType, 'OperationOutcome');
    });
  }

  it('answers 415 to a body in an unknown encoding', async () => {
    const post = request(app).post('/fhir/').type('application/fhir+json');

    const { body } = await post.set('Content-Encoding', 'zip').send('{}').expect(415);

    assert.equal(body.issue[0].code, 'not-supported');
  });

  it('answers 406 to a client that takes only XML', async () => {
    await request(app).get('/fhir/Patient').set('Accept', 'application/fhir+xml').expect(406);
  });

  it('lets every origin in, also for a preflight', async () => {
    await request(app)
      .get('/fhir/Patient/ann')
      .set('Origin', 'http://sandbox.example')
      .expect('Access-Control-Allow-Origin', '*');
    await request(app)
      .options('/fhir/Condition/_search')
      .set('Origin', 'http://sandbox.example')
      .set('Access-Control-Request-Method', 'POST')
      .expect(204)
      .expect('Access-Control-Allow-Origin', '*');
  });

  it('answers 500 without detail to a bug of its own and reports it', async () => {
    const failures: unknown[] = [];
    const bug = new Error('secret');
    const newId = () => {
      throw bug;
    };
    const failing = sandboxApp([], '1mb', { newId, logFailure: (error) => failures.push(error) });
    const entry = [
      { resource: { resourceType: 'Patient' }, request: { method: 'POST', url: 'Patient' } },
    ];

    const { text } = await request(failing)
      .post('/fhir')
      .send({ resourceType: 'Bundle', type: 'transaction', entry })
      .expect(500);

    assert.deepEqual(failures, [bug]);
    assert.ok(!text.includes('secret'));
  });

  it('keeps a resource with a __proto__ element harmless', async () => {
    const hostile: FhirResource = JSON.parse(
      '{"resourceType":"Condition","id":"h","__proto__":{"subject":{"reference":"Patient/ann"}}}',
    );
    const hostileApp = sandboxApp([hostile]);

    const { body } = await request(hostileApp).get('/fhir/Condition?patient=ann').expect(200);

    assert.equal(body.total, 0);
    assert.ok(!('subject' in {}));
  });
});
