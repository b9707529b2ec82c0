// Pages of a search: which next links are followed, and what is said when they are not.
import assert from 'node:assert/strict';
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
