// What each fault of a FHIR server is taken for (security table 2.2): tried once more, stopped, failed or truncated, never empty.
import assert from 'node:assert/strict';
import { InvalidRequest, PrefetchUnavailable } from '../../src/errors.js';
import {
  aReader,
  aRequest,
  callerOf,
  fhirAuthorization,
  inputOf,
  ofPatient,
  oneOfEach,
  patient,
  prefetchWith,
  readRecord,
  service,
  testClock,
} from '../support/edge.js';
import {
  type Fault,
  outcome,
  searchset,
  startFakeFhirServer,
} from '../support/fake-fhir-server.js';
import { everything, withFhirServer } from '../support/server-reads.js';

const limits = { readTimeoutMs: 300, maxPages: 10, maxResources: 2000, maxResponseBytes: 200_000 };
const json = (status: number, headers: Record<string, string> = {}): Fault => ({
  kind: 'json',
  status,
  headers,
  body: outcome('error'),
});

describe('a fault of the FHIR server (security 2.2)', () => {
  const fhir = withFhirServer();
  const { log, read, procedures } = fhir;
  const asked = (type: string): number =>
    fhir.server.requests.filter(({ url }) => url.includes(`/${type}`)).length;

  it('401 ends all reads with the token, and is not tried again', async () => {
    for (const { resourceType } of oneOfEach)
      fhir.server.fail(resourceType, { kind: 'late', ms: 250 });
    fhir.server.fail('Procedure', json(401));
    const prefetch = { patient, conditions: searchset([ofPatient('Condition', 'c')]) };

    const record = await read(prefetch);

    for (const type of ['Procedure', 'Observation', 'Encounter', 'MedicationRequest'] as const)
      assert.equal(inputOf(record, type)?.reason, 'http-401', type);
    assert.equal(asked('Procedure'), 1);
    assert.ok(fhir.lines.some((line) => JSON.stringify(line).includes('http-401')));
  });

  it('401 on one of many pages ends the paging with it', async () => {
    const next = `${fhir.server.base}/Procedure?page=2`;
    fhir.server.fail('Procedure?patient=p-1', {
      kind: 'json',
      body: searchset([ofPatient('Procedure', 'a')], next),
    });
    fhir.server.fail('Procedure?page=2', json(401));

    assert.deepEqual(await procedures(), {
      type: 'Procedure',
      state: 'truncated',
      reason: 'http-401',
    });
  });

  for (const status of [403, 404, 410, 422]) {
    it(`${status} on a search is failed and not tried again`, async () => {
      fhir.server.fail('Procedure', json(status));

      assert.equal((await procedures())?.reason, `http-${status}`);
      assert.equal(asked('Procedure'), 1);
    });
  }

  it('404 on the Patient is 412, and reported', async () => {
    fhir.server.fail('Patient', json(404));

    await assert.rejects(read(), PrefetchUnavailable);
    assert.deepEqual(fhir.lines, [
      { event: 'fhir-read-notable', client: 'hospital', input: 'Patient', reason: 'http-404' },
    ]);
  });

  it('410 on the Patient is refused without another id', async () => {
    fhir.server.fail('Patient', json(410));

    await assert.rejects(read(), (error) => {
      assert.ok(error instanceof InvalidRequest);
      assert.match(error.message, /patient-gone/);
      return true;
    });
  });

  for (const status of [429, 503]) {
    it(`${status} is tried once more after Retry-After when that fits the budget`, async () => {
      fhir.server.failOnce('Procedure', json(status, { 'retry-after': '0' }));

      assert.equal((await procedures())?.state, 'read');
      assert.equal(asked('Procedure'), 2);
    });

    it(`${status} is not tried again when Retry-After does not fit, and the server is left alone`, async () => {
      fhir.server.fail('Procedure', json(status, { 'retry-after': '30' }));
      const request = aRequest({
        fhirServer: fhir.server.base,
        fhirAuthorization,
        prefetch: prefetchWith({ procedures: undefined }),
      });
      const caller = callerOf(request);
      const reader = aReader();

      for (let call = 0; call < 3; call += 1) {
        const record = await reader.read(request, service, caller);
        assert.equal(inputOf(record, 'Procedure')?.reason, `http-${status}`);
      }
      assert.equal(asked('Procedure'), 1);
    });
  }

  for (const [time, tries] of [
    ['10:00:00', 1],
    ['10:00:30', 2],
  ] as const)
    it(`a Retry-After of 10:00:30 at ${time} means ${tries} of 2 tries`, async () => {
      const date = 'Sun, 22 Nov 2026 10:00:30 GMT';
      fhir.server.failOnce('Procedure', json(503, { 'retry-after': date }));
      const wallMs = () => Date.parse(`2026-11-22T${time}Z`);

      await procedures({ clock: { ...testClock, wallMs } });

      assert.equal(asked('Procedure'), tries);
    });

  it('5xx is failed', async () => {
    for (const status of [500, 502, 504]) {
      fhir.server.fail('Procedure', json(status));
      assert.equal((await procedures())?.reason, `http-${status}`);
    }
  });

  it('a connection that is refused is tried once more, and not for ever', async () => {
    const gone = await startFakeFhirServer([]);
    await gone.close();
    let lookups = 0;
    const resolveName = ((
      _name: string,
      _options: object,
      done: (...answer: unknown[]) => void,
    ) => {
      lookups += 1;
      done(null, [{ address: '127.0.0.1', family: 4 }]);
    }) as never;
    const request = aRequest({
      fhirServer: gone.base.replace('127.0.0.1', 'localhost'),
      fhirAuthorization,
      prefetch: prefetchWith({ procedures: undefined }),
    });

    const record = await readRecord(
      request,
      { limits: { ...limits, resolveName } },
      callerOf(request, { addresses: ['127.0.0.1'] }),
    );

    assert.equal(inputOf(record, 'Procedure')?.reason, 'unreachable');
    assert.equal(lookups, 2);
  });

  it('a reset is tried once more', async () => {
    fhir.server.failOnce('Procedure', { kind: 'reset' });

    assert.equal((await procedures())?.state, 'read');
    assert.equal(asked('Procedure'), 2);
  });

  it('TLS that is none is failed', async () => {
    const request = aRequest({
      fhirServer: fhir.server.base.replace('http:', 'https:'),
      fhirAuthorization,
      prefetch: prefetchWith({ procedures: undefined }),
    });

    assert.equal(inputOf(await readRecord(request), 'Procedure')?.reason, 'unreachable');
    assert.equal(fhir.server.requests.length, 0);
  });

  it('a name that does not resolve is failed', async () => {
    const request = aRequest({
      fhirServer: fhir.server.base.replace('127.0.0.1', 'localhost'),
      fhirAuthorization,
      prefetch: prefetchWith({ procedures: undefined }),
    });
    let lookups = 0;
    const resolveName = ((_name: string, _options: object, done: (error: Error) => void) => {
      lookups += 1;
      done(Object.assign(new Error('ENOTFOUND'), { code: 'ENOTFOUND' }));
    }) as never;

    const record = await readRecord(request, {
      limits: { ...limits, resolveName },
    });

    assert.equal(inputOf(record, 'Procedure')?.reason, 'unreachable');
    assert.ok(lookups > 0);
    assert.equal(fhir.server.requests.length, 0);
  });

  it('T3 a name that resolves to an address the client does not have is refused, and reported', async () => {
    const request = aRequest({
      fhirServer: fhir.server.base.replace('127.0.0.1', 'localhost'),
      fhirAuthorization,
      prefetch: prefetchWith({ procedures: undefined }),
    });
    const caller = callerOf(request, { addresses: ['10.20.0.0/16'] });

    const record = await readRecord(request, { log }, caller);

    assert.equal(inputOf(record, 'Procedure')?.reason, 'address-refused');
    assert.equal(fhir.server.requests.length, 0);
    assert.ok(JSON.stringify(fhir.lines).includes('address-refused'));
  });

  it('T29 an answer that never ends is given up', async () => {
    fhir.server.fail('Procedure', { kind: 'drip' });

    assert.equal((await procedures())?.reason, 'timeout');
  });

  it('T29 what is encoded, once or a thousand times, is failed unopened', async () => {
    for (const encoding of ['gzip', 'br', Array(1000).fill('gzip').join()]) {
      fhir.server.fail('Procedure', json(200, { 'content-encoding': encoding }));
      assert.equal((await procedures())?.reason, 'encoded', encoding.slice(0, 20));
    }
  });

  it('T29 an answer over the limit is failed, and pages end at the limit of resources', async () => {
    const many = Array.from({ length: 120 }, (_, at) => ofPatient('Procedure', `p${at}`));
    fhir.server.fail('Procedure', { kind: 'json', body: searchset(many) });
    const small = { limits: { ...limits, maxResponseBytes: 2_000 } };
    assert.equal((await procedures(small))?.reason, 'too-large');

    const next = `${fhir.server.base}/Procedure?page=2`;
    fhir.server.fail('Procedure', { kind: 'json', body: searchset(many, next) });
    const few = await procedures({ limits: { ...limits, maxResources: 100 } });
    assert.deepEqual([few?.state, few?.reason], ['truncated', 'page-limit']);
    assert.equal(asked('Procedure?page=2'), 0);
  });

  for (const kind of ['hang', 'drip'] as const)
    it(`T29 a server that answers every read with ${kind} holds no call past its budget`, async () => {
      for (const { resourceType } of oneOfEach) fhir.server.fail(resourceType, { kind });
      const started = performance.now();

      const prefetch = { patient, conditions: searchset([]) };
      const record = await read(prefetch, { readBudgetMs: 200, prefetchBudgetMs: 200 });

      assert.ok(performance.now() - started < 1_000);
      for (const type of ['Procedure', 'Observation', 'AllergyIntolerance'] as const)
        assert.equal(inputOf(record, type)?.reason, 'timeout');
    });

  for (const status of [301, 302, 303, 307, 308]) {
    it(`T4 DAT-20 a redirect by ${status} is failed, and nobody gets the token`, async () => {
      const trap = await startFakeFhirServer(everything);
      fhir.server.fail('Procedure', { kind: 'redirect', to: `${trap.base}/Procedure`, status });

      const input = await procedures();
      await trap.close();

      assert.equal(input?.reason, 'redirect-refused');
      assert.equal(trap.requests.length, 0);
      assert.equal(asked('Procedure'), 1);
    });
  }
});
