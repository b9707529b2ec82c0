// The record read from a FHIR server on loopback: what is asked, who gets the token, every way to fail.
import assert from 'node:assert/strict';
import { InvalidRequest, PrefetchUnavailable } from '../../src/errors.js';
import {
  aRequest,
  inputOf,
  ofPatient,
  oneOfEach,
  PATIENT_ID,
  patient,
  prefetchOf,
  prefetchWith,
  readRecord,
  TOKEN,
} from '../support/edge.js';
import {
  type Fault,
  outcome,
  searchset,
  startFakeFhirServer,
} from '../support/fake-fhir-server.js';
import { everything, withFhirServer } from '../support/server-reads.js';

const HTML = '<html>Jane Doe, Bad gateway</html>';

describe('reading the record from a FHIR server', () => {
  const fhir = withFhirServer();
  const { read, procedures } = fhir;

  it('DAT-1 DAT-2 gives the same record from prefetch, from the server and from both', async () => {
    const sent = await readRecord(aRequest({ prefetch: prefetchOf(oneOfEach) }));
    const fetched = await read();
    const mixed = await read(
      prefetchWith({ conditions: undefined, procedures: undefined, encounters: null }),
    );

    assert.deepEqual(fetched, sent);
    assert.deepEqual(mixed, sent);
  });

  it('DAT-3 asks for the missing keys only, each by its template', async () => {
    await read(prefetchWith({ conditions: undefined, observations: undefined }));

    assert.deepEqual(fhir.server.requests.map(({ url }) => url).sort(), [
      `/tenant/fhir/Condition?patient=${PATIENT_ID}`,
      `/tenant/fhir/Observation?patient=${PATIENT_ID}&code=72514-3,DN4`,
    ]);
  });

  it('asks nothing when prefetch is complete', async () => {
    await read(prefetchOf(oneOfEach));

    assert.equal(fhir.server.requests.length, 0);
  });

  it('DAT-14 sends the access token with every read', async () => {
    await read();

    assert.equal(fhir.server.requests.length, 10);
    assert.ok(
      fhir.server.requests.every(({ headers }) => headers.authorization === `Bearer ${TOKEN}`),
    );
  });

  it('DAT-21 reads all keys in parallel', async () => {
    for (const { resourceType } of everything)
      fhir.server.fail(resourceType, { kind: 'together', count: everything.length });

    const { inputs } = await read();

    assert.ok(inputs.every(({ state }) => state === 'read'));
  });

  const faults: readonly (readonly [string, Fault, string])[] = [
    ['401', { kind: 'json', status: 401, body: outcome('error') }, 'http-401'],
    ['403', { kind: 'json', status: 403, body: outcome('error') }, 'http-403'],
    ['404', { kind: 'json', status: 404, body: outcome('error') }, 'http-404'],
    ['429', { kind: 'json', status: 429, body: outcome('error') }, 'http-429'],
    ['500 with HTML', { kind: 'text', status: 500, type: 'text/html', body: HTML }, 'http-500'],
    ['200 with HTML', { kind: 'text', type: 'text/html', body: HTML }, 'not-json'],
    [
      'truncated JSON',
      { kind: 'text', type: 'application/fhir+json', body: '{"resourceType":"Bundle","ent' },
      'not-json',
    ],
    ['an empty body', { kind: 'text', type: 'application/fhir+json', body: '' }, 'wrong-type'],
    ['a null body', { kind: 'text', type: 'application/fhir+json', body: 'null' }, 'not-json'],
    ['another type', { kind: 'json', body: ofPatient('Observation', 'o') }, 'wrong-type'],
    ['an error outcome', { kind: 'json', body: outcome('error') }, 'operation-outcome'],
    ['nothing', { kind: 'hang' }, 'timeout'],
    [
      'a little that grows when decoded',
      { kind: 'gzip', body: { ...searchset([]), note: 'x'.repeat(5_000_000) } },
      'encoded',
    ],
    ['a reset', { kind: 'reset' }, 'unreachable'],
    [
      'more than is read',
      {
        kind: 'json',
        body: { resourceType: 'Bundle', type: 'searchset', note: 'x'.repeat(300_000) },
      },
      'too-large',
    ],
    [
      "another patient's rows (T17)",
      {
        kind: 'json',
        body: searchset([
          ofPatient('Procedure', 'a'),
          ofPatient('Procedure', 'b', { subject: { reference: 'Patient/p-2' } }),
        ]),
      },
      'foreign-subject',
    ],
  ];
  for (const [name, fault, reason] of faults) {
    it(`keeps a key answered with ${name} as failed: ${reason}`, async () => {
      fhir.server.fail('Procedure', fault);

      assert.deepEqual(await procedures(), { type: 'Procedure', state: 'failed', reason });
    });
  }

  it('DAT-20 T4 follows no redirect', async () => {
    const trap = await startFakeFhirServer(everything);
    fhir.server.fail('Procedure', { kind: 'redirect', to: `${trap.base}/Procedure` });

    const result = await procedures();
    await trap.close();

    assert.equal(result?.state, 'failed');
    assert.equal(result?.reason, 'redirect-refused');
    assert.equal(trap.requests.length, 0);
  });

  it('DAT-4 fails naming the required keys when nothing listens', async () => {
    await fhir.server.close();

    await assert.rejects(read(), (error) => {
      assert.ok(error instanceof PrefetchUnavailable);
      assert.deepEqual(error.missing, [
        { key: 'patient', reason: 'unreachable' },
        { key: 'conditions', reason: 'unreachable' },
      ]);
      return true;
    });
  });

  it('fails naming the patient when the server has another one under the id', async () => {
    fhir.server.fail('Patient', { kind: 'json', body: { ...patient, id: 'p-2' } });

    await assert.rejects(read(), PrefetchUnavailable);
  });

  it('T18 refuses a superseded Patient', async () => {
    const link = [{ other: { reference: 'Patient/p-9' }, type: 'replaced-by' }];
    fhir.server.fail('Patient', { kind: 'json', body: { ...patient, link } });

    await assert.rejects(read(), InvalidRequest);
  });

  it('PER-2 never waits past the budget of the call', async () => {
    for (const { resourceType } of oneOfEach)
      fhir.server.fail(resourceType, { kind: 'late', ms: 5000 });

    const started = performance.now();
    await assert.rejects(read(undefined, { readBudgetMs: 150 }), PrefetchUnavailable);

    assert.ok(performance.now() - started < 400);
  }).retries(2);

  it('DAT-11 asks again where the client sent something unusable', async () => {
    const record = await read(prefetchWith({ procedures: '<html/>', encounters: null }));

    assert.equal(fhir.server.requests.length, 2);
    assert.equal(inputOf(record, 'Procedure')?.state, 'read');
    assert.equal(inputOf(record, 'Encounter')?.state, 'read');
  });

  it("DAT-8 does not ask again where the client's own answer is an error", async () => {
    const record = await read(prefetchWith({ procedures: outcome('error') }));

    assert.equal(fhir.server.requests.length, 0);
    assert.equal(inputOf(record, 'Procedure')?.reason, 'operation-outcome');
  });
});
