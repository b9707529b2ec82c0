// Pages of a search: which next links are followed, and what is said when they are not.
import assert from 'node:assert/strict';
import type { Bundle, BundleEntry, FhirResource } from 'fhir/r4.js';
import type { ReaderOptions } from '../../src/fhir/read-patient-record.js';
import type { InputRead } from '../../src/pain/patient-record.js';
import {
  aRequest,
  fhirAuthorization,
  inputOf,
  ofPatient,
  prefetchWith,
  readRecord,
  referencesOf,
} from '../support/edge.js';
import {
  type FakeFhirServer,
  outcome,
  searchset,
  startFakeFhirServer,
} from '../support/fake-fhir-server.js';

const [first, second] = [ofPatient('Procedure', 'a'), ofPatient('Procedure', 'b')];

describe('reading the pages of a search', () => {
  let server: FakeFhirServer;
  let trap: FakeFhirServer;

  beforeEach(async () => {
    [server, trap] = [await startFakeFhirServer([]), await startFakeFhirServer([second])];
    server.fail('Procedure?page=2', { kind: 'json', body: searchset([second]) });
    server.fail('?_getpages=2', { kind: 'json', body: searchset([second]) });
    server.fail('', { kind: 'json', body: searchset([second]) });
  });
  afterEach(() => Promise.all([server.close(), trap.close()]));

  const read = (next: string, options: Partial<ReaderOptions> = {}) => {
    server.fail('Procedure?patient=p-1', { kind: 'json', body: searchset([first], next) });
    const prefetch = prefetchWith({ procedures: undefined });
    return readRecord(aRequest({ fhirServer: server.base, fhirAuthorization, prefetch }), options);
  };

  const followed: readonly (readonly [string, (base: string) => string])[] = [
    ['absolute', (base) => `${base}/Procedure?page=2`],
    ['root-relative', () => '/tenant/fhir/Procedure?page=2'],
    ['relative', () => 'Procedure?page=2'],
    ['of the form base?_getpages', (base) => `${base}?_getpages=2`],
  ];
  for (const [name, next] of followed) {
    it(`T7 follows a next link that is ${name}`, async () => {
      const record = await read(next(server.base));

      assert.equal(inputOf(record, 'Procedure')?.state, 'read');
      assert.ok(referencesOf(record).includes('Procedure/b'));
    });
  }

  const refused: readonly (readonly [string, (server: string, trap: string) => string])[] = [
    ['another origin', (_, other) => `${other}/Procedure?page=2`],
    [
      'a protocol-relative other origin',
      (_, other) => `${other.replace('http:', '')}/Procedure?page=2`,
    ],
    ['a path outside the base', (base) => `${new URL(base).origin}/admin?page=2`],
    ['a path that climbs out of the base', (base) => `${base}/../../admin`],
    ['a path that climbs out of the base encoded', (base) => `${base}/%2e%2e/%2e%2e/admin`],
    ['a path that only begins like the base', (base) => `${base}-evil/Procedure?page=2`],
    ['userinfo', (base) => base.replace('http://', 'http://a:b@')],
    ['another scheme', () => 'file:///etc/passwd'],
  ];
  for (const [name, next] of refused) {
    it(`T7 refuses a next link to ${name}`, async () => {
      const input = inputOf(await read(next(server.base, trap.base)), 'Procedure');

      assert.deepEqual([input?.state, input?.reason], ['truncated', 'next-refused']);
      assert.equal(server.requests.length, 1);
      assert.equal(trap.requests.length, 0);
    });
  }

  const stateOf = (input: InputRead | undefined): readonly (string | undefined)[] => [
    input?.state,
    input?.reason,
  ];

  const pagesOf = async (...pages: readonly Partial<Bundle>[]) => {
    for (const [at, page] of pages.entries()) {
      const next = at + 1 < pages.length ? `${server.base}/Procedure?page=${at + 2}` : undefined;
      const body = { ...searchset([], next), ...page };
      server.fail(at === 0 ? 'Procedure?patient=p-1' : `Procedure?page=${at + 1}`, {
        kind: 'json',
        body,
      });
    }
    const prefetch = prefetchWith({ procedures: undefined });
    return readRecord(aRequest({ fhirServer: server.base, fhirAuthorization, prefetch }));
  };
  const matchOf = (resource: FhirResource): BundleEntry => ({
    resource,
    search: { mode: 'match' },
  });
  const along: BundleEntry = {
    resource: { resourceType: 'Medication', id: 'x' },
    search: { mode: 'include' },
  };

  it('T7 takes a last page that leaves matches of the total out for truncated', async () => {
    const record = await pagesOf({ total: 100, entry: [matchOf(first)] });

    assert.deepEqual(stateOf(inputOf(record, 'Procedure')), ['truncated', 'fewer-than-total']);
    assert.ok(referencesOf(record).includes('Procedure/a'));
  });

  it('T7 holds the total against the matches of all pages', async () => {
    const entries = [{ entry: [matchOf(first)] }, { entry: [matchOf(second)] }];
    const whole = await pagesOf({ total: 2, ...entries[0] }, { total: 2, ...entries[1] });
    const short = await pagesOf({ total: 3, ...entries[0] }, { ...entries[1] });

    assert.deepEqual(stateOf(inputOf(whole, 'Procedure')), ['read', undefined]);
    assert.deepEqual(stateOf(inputOf(short, 'Procedure')), ['truncated', 'fewer-than-total']);
  });

  it('T7 does not count what rides along as a match', async () => {
    const short = await pagesOf({ total: 2, entry: [matchOf(first), along] });
    const whole = await pagesOf({ total: 1, entry: [{ resource: first }, along] });

    assert.equal(inputOf(short, 'Procedure')?.state, 'truncated');
    assert.equal(inputOf(whole, 'Procedure')?.state, 'read');
  });

  it('stops at a loop', async () => {
    const input = inputOf(await read(`${server.base}/Procedure?patient=p-1`), 'Procedure');

    assert.deepEqual(stateOf(input), ['truncated', 'next-loop']);
    assert.equal(server.requests.length, 1);
  });

  it('T29 stops at the page limit', async () => {
    const next = (page: number): string => `${server.base}/Procedure?page=${page}`;
    for (let page = 2; page < 30; page += 1) {
      server.fail(`Procedure?page=${page}`, {
        kind: 'json',
        body: searchset([second], next(page + 1)),
      });
    }

    const input = inputOf(await read(next(2)), 'Procedure');

    assert.deepEqual(stateOf(input), ['truncated', 'page-limit']);
    assert.equal(server.requests.length, 10);
  });

  it('keeps what it has when a page fails', async () => {
    server.fail('Procedure?page=2', { kind: 'json', status: 503, body: outcome('error') });

    const record = await read(`${server.base}/Procedure?page=2`);

    assert.deepEqual(stateOf(inputOf(record, 'Procedure')), ['truncated', 'http-503']);
    assert.ok(referencesOf(record).includes('Procedure/a'));
  });

  it('DAT-10 follows the next link of prefetch with the token', async () => {
    const prefetch = prefetchWith({
      procedures: searchset([first], `${server.base}/Procedure?page=2`),
    });

    const record = await readRecord(
      aRequest({ fhirServer: server.base, fhirAuthorization, prefetch }),
    );

    assert.deepEqual(
      server.requests.map(({ url }) => url),
      ['/tenant/fhir/Procedure?page=2'],
    );
    assert.equal(inputOf(record, 'Procedure')?.state, 'read');
  });

  it('T7 sends no request for a next link of prefetch that leads elsewhere', async () => {
    const prefetch = prefetchWith({
      procedures: searchset([first], `${trap.base}/Procedure?page=2`),
    });

    const record = await readRecord(
      aRequest({ fhirServer: server.base, fhirAuthorization, prefetch }),
    );

    assert.deepEqual(stateOf(inputOf(record, 'Procedure')), ['truncated', 'next-refused']);
    assert.equal(trap.requests.length, 0);
  });

  describe('when prefetch holds fewer matches than its total', () => {
    const short = { ...searchset([first]), total: 100 };
    const readShort = (procedures: unknown) =>
      readRecord(
        aRequest({
          fhirServer: server.base,
          fhirAuthorization,
          prefetch: prefetchWith({ procedures }),
        }),
      );

    it('T7 asks the server instead', async () => {
      server.fail('Procedure?patient=p-1', { kind: 'json', body: searchset([first, second]) });

      const record = await readShort(short);

      assert.deepEqual(stateOf(inputOf(record, 'Procedure')), ['read', undefined]);
      assert.ok(referencesOf(record).includes('Procedure/b'));
    });

    it('T7 keeps what was sent as truncated when the server does not answer', async () => {
      server.fail('Procedure', { kind: 'json', status: 403, body: outcome('error') });

      const record = await readShort(short);

      assert.deepEqual(stateOf(inputOf(record, 'Procedure')), ['truncated', 'http-403']);
      assert.ok(referencesOf(record).includes('Procedure/a'));
    });

    it('T7 keeps what was sent as truncated when the server answers with an error outcome', async () => {
      server.fail('Procedure?patient=p-1', { kind: 'json', body: outcome('error') });

      const record = await readShort(short);

      assert.deepEqual(stateOf(inputOf(record, 'Procedure')), ['truncated', 'operation-outcome']);
      assert.ok(referencesOf(record).includes('Procedure/a'));
    });
  });

  it('DAT-10 does not take an empty first page and a failed second for none recorded', async () => {
    server.fail('Procedure?page=2', { kind: 'json', status: 503, body: outcome('error') });
    server.fail('Procedure?patient=p-1', {
      kind: 'json',
      body: searchset([], `${server.base}/Procedure?page=2`),
    });

    const prefetch = prefetchWith({ procedures: undefined });
    const record = await readRecord(
      aRequest({ fhirServer: server.base, fhirAuthorization, prefetch }),
    );

    assert.notEqual(inputOf(record, 'Procedure')?.state, 'none-recorded');
  });
});
