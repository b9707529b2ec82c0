// The client registry: what a good file says, every fault of a bad one by its JSON pointer, and reloading.
import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportJWK } from 'jose';
import { createClientRegistry, readClientsFile } from '../../src/auth/client-registry.js';
import { parseClients } from '../../src/auth/parse-clients.js';
import { ConfigInvalid } from '../../src/errors.js';
import { aKey, aLog, anEntry, keys, registryText } from '../support/tokens.js';

const faultsOf = (text: string): readonly string[] => {
  try {
    parseClients(text);
    return [];
  } catch (error) {
    assert.ok(error instanceof ConfigInvalid, String(error));
    return error.faults.map((fault) => fault.replace('PAIN_CDS_CLIENTS ', ''));
  }
};

const entryFaults = (change: object): string => faultsOf(registryText(anEntry(change))).join('\n');

describe('a client registry', () => {
  it('gives its clients with defaults for what they leave out', () => {
    const [client] = parseClients(registryText(anEntry()));

    assert.deepEqual(client?.algorithms, ['RS384', 'ES384']);
    assert.deepEqual(client?.limits, { concurrent: 64, feedbackPerMinute: 600 });
    assert.equal(client?.tenant, undefined);
    assert.equal(client?.kind, 'registered');
  });

  it('may have several entries of one issuer when their tenants differ', () => {
    const clients = parseClients(
      registryText(
        anEntry(),
        anEntry({ id: 'east', tenant: 'east' }),
        anEntry({ id: 'west', tenant: 'west' }),
      ),
    );

    assert.deepEqual(
      clients.map(({ id }) => id),
      ['hospital', 'east', 'west'],
    );
  });

  it('takes plain http and private addresses only where they are written', () => {
    const change = {
      jwks: undefined,
      jwksUrl: 'https://ehr.hospital.test/jwks',
      fhirServers: ['http://10.1.2.3:8080/fhir', 'http://ehr.hospital.test/fhir/'],
    };
    assert.equal(entryFaults(change), '');
    assert.equal(entryFaults({ ...change, addresses: ['10.1.0.0/16', 'fd12::/64'] }), '');
  });

  const faults: readonly (readonly [string, object, RegExp])[] = [
    ['without id', { id: undefined }, /^\/clients\/0\/id: is required$/],
    ['with an id that is none', { id: 'General Hospital' }, /^\/clients\/0\/id: /],
    ['without issuer', { issuer: undefined }, /^\/clients\/0\/issuer: is required$/],
    ['with an empty tenant', { tenant: '' }, /^\/clients\/0\/tenant: /],
    ['SEC-10 without keys', { jwks: undefined }, /^\/clients\/0: jwksUrl or jwks is required$/],
    ['with an empty key set', { jwks: { keys: [] } }, /^\/clients\/0\/jwks\/keys: /],
    ['with a field nobody knows', { secret: 'CANARY' }, /^\/clients\/0\/secret: is not a field/],
    ['SEC-4 with the algorithm none', { algorithms: ['none'] }, /algorithms\/0: must be one of/],
    [
      'SEC-5 with a symmetric algorithm',
      { algorithms: ['HS256'] },
      /algorithms\/0: must be one of/,
    ],
    ['without algorithms', { algorithms: [] }, /^\/clients\/0\/algorithms: /],
    [
      'SEC-9 with keys by plain http',
      { jwksUrl: 'http://ehr.test/jwks' },
      /jwksUrl: must be https/,
    ],
    ['SEC-9 with keys by file', { jwksUrl: 'file:///etc/keys' }, /jwksUrl: must be a plain/],
    [
      'T5 with a base with userinfo',
      { fhirServers: ['https://a:b@ehr.test/fhir'] },
      /fhirServers\/0/,
    ],
    [
      'T5 with a base with a query',
      { fhirServers: ['https://ehr.test/fhir?a=b'] },
      /fhirServers\/0/,
    ],
    ['T5 with a base with dots', { fhirServers: ['https://ehr.test/a/../fhir'] }, /fhirServers\/0/],
    [
      'T5 with a base of an odd host',
      { fhirServers: ['https://0x7f000001/fhir'] },
      /fhirServers\/0/,
    ],
    [
      'T1 with the metadata address',
      { fhirServers: ['http://169.254.169.254/fhir'] },
      /fhirServers\/0: is an address that is never read/,
    ],
    [
      'T3 with an address that is no range',
      { addresses: ['10.0.0.0/33'] },
      /addresses\/0: must be/,
    ],
    [
      'T3 with a literal host outside its ranges',
      { fhirServers: ['http://10.9.9.9/fhir'], addresses: ['10.1.0.0/16'] },
      /fhirServers\/0: is not among/,
    ],
    ['COR-4 with a wildcard origin', { corsOrigins: ['*'] }, /corsOrigins\/0/],
    ['COR-4 with the null origin', { corsOrigins: ['null'] }, /corsOrigins\/0/],
    ['COR-4 with an origin with a path', { corsOrigins: ['https://ehr.test/'] }, /corsOrigins\/0/],
    ['with a limit of nothing', { limits: { concurrent: 0 } }, /limits\/concurrent/],
    [
      'SEC-21 of the public sandbox',
      { issuer: 'https://sandbox.cds-hooks.org' },
      /issuer: is the public sandbox/,
    ],
  ];
  for (const [name, change, expected] of faults) {
    it(`is refused ${name}`, () => assert.match(entryFaults(change), expected));
  }

  it('T41 is refused with a private key, whose value is not repeated', async () => {
    const secret = await exportJWK(keys.ec.sign as Parameters<typeof exportJWK>[0]);
    const symmetric = { kty: 'oct', kid: 's', k: 'CANARY' };
    const found = entryFaults({ jwks: { keys: [{ ...keys.ec.jwk, d: secret.d }, symmetric] } });

    assert.match(found, /\/clients\/0\/jwks\/keys\/0\/d: a private or symmetric key must never/);
    assert.match(found, /\/clients\/0\/jwks\/keys\/1\/k: a private or symmetric key must never/);
    assert.ok(!found.includes(String(secret.d)) && !found.includes('CANARY'));
  });

  it('SEC-7 T11 is refused with keys that fit no algorithm of the client, or are too weak', async () => {
    const { alg: _, ...other } = (await aKey('ES256', 'p-256')).jwk;
    const weak = { kty: 'RSA', kid: 'weak', e: 'AQAB', n: 'x'.repeat(171) };

    const found = entryFaults({ jwks: { keys: [other, weak] } });

    assert.match(found, /keys\/0: fits no algorithm/);
    assert.match(found, /keys\/1: must have at least 2048 bits/);
  });

  it('T10 is refused with the same id, or the same issuer and tenant, twice', () => {
    assert.deepEqual(faultsOf(registryText(anEntry(), anEntry())), [
      '/clients/1/id: is the id of /clients/0 too',
      '/clients/1/issuer: has the issuer and tenant of /clients/0',
    ]);
  });

  it('names every fault of every entry at once', () => {
    const two = registryText(anEntry({ fhirServers: ['x', 'y'] }), { id: 'b' });

    assert.deepEqual(faultsOf(two).length, 2, 'the shape is judged first');
    assert.equal(faultsOf(registryText(anEntry({ fhirServers: ['x', 'y'] }))).length, 2);
  });

  for (const text of ['', '{', '[]', 'null', '{"clients":[]}', '{"clients":{}}']) {
    it(`is refused when it is ${text || 'empty'}`, () => assert.ok(faultsOf(text).length > 0));
  }

  it('is not repeated in a fault', () => {
    assert.deepEqual(faultsOf('{"clients": CANARY}'), ['PAIN_CDS_CLIENTS: is not JSON']);
  });
});

describe('the file of a client registry', () => {
  let folder: string;
  let path: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'pain-cds-clients-'));
    path = join(folder, 'clients.json');
    writeFileSync(path, registryText(anEntry()), { mode: 0o600 });
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('T41 is read only when nobody else may read or change it', () => {
    assert.ok(readClientsFile(path).length > 0);
    for (const mode of [0o640, 0o604, 0o620, 0o602, 0o644]) {
      chmodSync(path, mode);
      assert.throws(() => readClientsFile(path), ConfigInvalid, mode.toString(8));
    }
  });

  it('names no path when it is missing', () => {
    assert.throws(
      () => readClientsFile(join(folder, 'CANARY')),
      (error) => error instanceof ConfigInvalid && !error.message.includes('CANARY'),
    );
  });

  it('takes effect when it is read again', () => {
    const log = aLog();
    const registry = createClientRegistry(() => readClientsFile(path), log);
    writeFileSync(path, registryText(anEntry({ id: 'new', issuer: 'https://new.test' })));
    registry.reload();

    assert.equal(registry.find('https://new.test', undefined)?.id, 'new');
    assert.equal(registry.find('https://ehr.test', undefined), undefined);
    assert.deepEqual(log.lines, [{ event: 'clients-reloaded', clients: 1 }]);
  });

  it('changes nothing when what is read again is faulty, and says so', () => {
    const log = aLog();
    const registry = createClientRegistry(() => readClientsFile(path), log);
    for (const text of ['{', registryText(anEntry({ id: 'CANARY' }))]) {
      writeFileSync(path, text);
      registry.reload();
    }
    chmodSync(path, 0o644);
    registry.reload();

    assert.equal(registry.find('https://ehr.test', undefined)?.id, 'hospital');
    assert.equal(log.lines.length, 3);
    assert.doesNotMatch(JSON.stringify(log.lines), /CANARY/);
  });
});
