// What calls of one client share towards its FHIR server: fairness, breaker, budgets, and what happens when the caller leaves.
import assert from 'node:assert/strict';
import type { FhirResource } from 'fhir/r4.js';
import type { Caller } from '../../src/cds/ports.js';
import { ClientGone, PrefetchUnavailable } from '../../src/errors.js';
import type { ReaderOptions } from '../../src/fhir/read-patient-record.js';
import {
  aCaller,
  aClient,
  aReader,
  aRequest,
  fhirAuthorization,
  inputOf,
  oneOfEach,
  patient,
  prefetchOf,
  prefetchWith,
  readRecord,
  service,
} from '../support/edge.js';
import {
  type FakeFhirServer,
  outcome,
  searchset,
  startFakeFhirServer,
} from '../support/fake-fhir-server.js';

const everything: readonly FhirResource[] = [patient, ...oneOfEach];
const limits = { readTimeoutMs: 300, maxPages: 10, maxResources: 2000, maxResponseBytes: 200_000 };
const signal = new AbortController().signal;

describe('the FHIR server of a client', () => {
  let server: FakeFhirServer;
  let other: FakeFhirServer;

  beforeEach(async () => {
    [server, other] = [
      await startFakeFhirServer(everything),
      await startFakeFhirServer(everything),
    ];
  });
  afterEach(() => Promise.all([server.close(), other.close()]));

  const request = (base: string, prefetch?: Record<string, unknown>) =>
    aRequest({ fhirServer: base, fhirAuthorization, ...(prefetch && { prefetch }) });
  const callerAt = (base: string): Caller => aCaller(aClient([base]), signal);

  it('T40 R5 that hangs does not slow the calls of another client', async () => {
    const reader = aReader({ limits: { ...limits, readsAtOnce: 8, readsWaiting: 1000 } });
    for (const { resourceType } of everything) server.fail(resourceType, { kind: 'hang' });
    const hung = callerAt(server.base);
    const hanging = Array.from({ length: 50 }, () =>
      reader.read(request(server.base), service, hung).catch(() => undefined),
    );

    const started = performance.now();
    const record = await reader.read(request(other.base), service, callerAt(other.base));
    const took = performance.now() - started;
    await Promise.all(hanging);

    assert.equal(inputOf(record, 'Procedure')?.state, 'read');
    assert.ok(took < 250, `${took} ms`);
  }).retries(2);

  it('T29 gets no more requests at once than allowed, and turns away what cannot wait', async () => {
    const reader = aReader({ limits: { ...limits, readsAtOnce: 2, readsWaiting: 3 } });
    for (const { resourceType } of oneOfEach) server.fail(resourceType, { kind: 'late', ms: 50 });

    const record = await reader.read(
      request(server.base, { patient, conditions: searchset([]) }),
      service,
      callerAt(server.base),
    );

    const reasons = record.inputs.map(({ reason }) => reason).filter(Boolean);
    assert.deepEqual(reasons, ['overloaded', 'overloaded', 'overloaded']);
    assert.equal(server.requests.length, 5);
  });

  it('T29 is left alone by an open breaker, of that resource type and client only', async () => {
    const reader = aReader();
    const caller = callerAt(server.base);
    const prefetch = prefetchWith({ procedures: undefined, encounters: undefined });
    server.fail('Procedure', { kind: 'json', status: 500, body: outcome('error') });
    const read = async (by: Caller = caller, base = server.base) =>
      reader.read(request(base, prefetch), service, by);
    for (let call = 0; call < 25; call += 1) await read();
    const before = server.requests.length;

    const record = await read();

    assert.equal(inputOf(record, 'Procedure')?.reason, 'circuit-open');
    assert.equal(inputOf(record, 'Encounter')?.state, 'read');
    assert.equal(server.requests.length, before + 1);
    assert.equal(inputOf(await read(callerAt(server.base)), 'Procedure')?.reason, 'http-500');
  });

  it('T29 is not given up for refusals such as 403', async () => {
    const reader = aReader();
    const caller = callerAt(server.base);
    server.fail('Procedure', { kind: 'json', status: 403, body: outcome('error') });
    for (let call = 0; call < 30; call += 1) {
      const record = await reader.read(
        request(server.base, prefetchWith({ procedures: undefined })),
        service,
        caller,
      );
      assert.equal(inputOf(record, 'Procedure')?.reason, 'http-403');
    }
  });

  const timed = async (
    prefetch: Record<string, unknown> | undefined,
    options: Partial<ReaderOptions>,
  ): Promise<readonly [number, readonly (string | undefined)[]]> => {
    const started = performance.now();
    const reasons = await readRecord(request(server.base, prefetch), options).then(
      ({ inputs }) => inputs.map(({ reason }) => reason).filter(Boolean),
      (error) => {
        assert.ok(error instanceof PrefetchUnavailable, String(error));
        return error.missing.map(({ reason }) => reason);
      },
    );
    return [performance.now() - started, reasons];
  };
  const slow = { readTimeoutMs: 5000, maxPages: 10, maxResources: 2000, maxResponseBytes: 200_000 };

  for (const kind of ['hang', 'drip'] as const) {
    it(`R3 PER-2 DAT-21 that answers with ${kind} makes no answer later than the budget and 100 ms`, async () => {
      for (const { resourceType } of everything) server.fail(resourceType, { kind });

      const [took, reasons] = await timed(undefined, { limits: slow, readBudgetMs: 200 });

      assert.ok(took < 300, `${took} ms`);
      assert.deepEqual(reasons, ['timeout', 'timeout']);
    }).retries(2);
  }

  it('R3 is answered with what arrived when one of its reads is late', async () => {
    server.fail('Procedure', { kind: 'hang' });

    const [took, reasons] = await timed(undefined, { limits: slow, readBudgetMs: 200 });

    assert.ok(took < 300, `${took} ms`);
    assert.deepEqual(reasons, ['timeout']);
  }).retries(2);

  it('R3 is waited for by the shorter budget when everything was sent', async () => {
    server.fail('Procedure?page=2', { kind: 'hang' });
    const next = `${server.base}/Procedure?page=2`;
    const prefetch = {
      ...prefetchOf(oneOfEach),
      procedures: searchset(
        oneOfEach.filter(({ resourceType }) => resourceType === 'Procedure'),
        next,
      ),
    };

    const [took, reasons] = await timed(prefetch, {
      limits: slow,
      prefetchBudgetMs: 100,
      readBudgetMs: 5000,
    });

    assert.ok(took < 200, `${took} ms`);
    assert.deepEqual(reasons, ['timeout']);
  }).retries(2);

  it('R3 is waited for no longer when reads wait for room', async () => {
    for (const { resourceType } of everything) server.fail(resourceType, { kind: 'hang' });

    const [took] = await timed(undefined, {
      limits: { ...slow, readsAtOnce: 1, readsWaiting: 100 },
      readBudgetMs: 200,
    });

    assert.ok(took < 300, `${took} ms`);
  }).retries(2);

  it('PER-4 is asked for nothing more when the caller hangs up', async () => {
    for (const { resourceType } of everything) server.fail(resourceType, { kind: 'hang' });
    const gone = new AbortController();
    setTimeout(() => gone.abort(), 100);
    const started = performance.now();

    await assert.rejects(
      readRecord(
        request(server.base),
        { limits: slow, readBudgetMs: 4000 },
        aCaller(aClient([server.base]), gone.signal),
      ),
      ClientGone,
    );
    assert.ok(performance.now() - started < 250);
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.equal(server.abandoned(), 10);
  }).retries(2);
});
