// The environment as configuration: defaults, every fault at once, what demo and production mode refuse.
import assert from 'node:assert/strict';
import { isPatched, readConfig } from '../src/config.js';
import { ConfigInvalid } from '../src/errors.js';

/** Faults of an environment; empty when it can be used. */
const faultsOf = (env: Record<string, string>): readonly string[] => {
  try {
    readConfig(env);
    return [];
  } catch (error) {
    assert.ok(error instanceof ConfigInvalid);
    return error.faults;
  }
};

describe('readConfig', () => {
  it('runs demo mode on loopback with the clock of our fixtures by default', () => {
    const config = readConfig({});

    assert.equal(config.mode, 'demo');
    assert.equal(config.baseUrl, 'http://127.0.0.1:3000');
    assert.equal(config.evaluationTime?.toISOString(), '2026-11-22T10:00:00.000Z');
    assert.equal(config.bodyLimitBytes, 10 * 1024 * 1024);
    assert.ok(Object.isFrozen(config));
  });

  it('uses the real time with fixtures of others', () => {
    assert.equal(readConfig({ PAIN_CDS_FIXTURES: '.' }).evaluationTime, undefined);
  });

  it('takes an evaluation time in any zone', () => {
    const config = readConfig({ EVALUATION_TIME: '2026-11-22T12:00:00+02:00' });

    assert.equal(config.evaluationTime?.toISOString(), '2026-11-22T10:00:00.000Z');
  });

  it('builds the base URL from host and port', () => {
    assert.equal(readConfig({ HOST: '::1', PORT: '4000' }).baseUrl, 'http://[::1]:4000');
    assert.equal(
      readConfig({ PAIN_CDS_BASE_URL: 'http://localhost/pain/' }).baseUrl,
      'http://localhost/pain',
    );
  });

  const production = {
    PAIN_CDS_MODE: 'production',
    PAIN_CDS_CLIENTS: '/etc/pain-cds/clients.json',
    PAIN_CDS_HASH_KEY_FILE: '/etc/pain-cds/hash.key',
    PAIN_CDS_BASE_URL: 'https://cds.hospital.test',
    DATABASE_URL: 'file:/var/lib/pain-cds/store.db',
  };

  it('runs production mode with the real time, closed discovery and a watched event loop', () => {
    const config = readConfig(production);

    assert.equal(config.mode, 'production');
    assert.equal(config.evaluationTime, undefined);
    assert.equal(config.isDiscoveryOpen, false);
    assert.ok(config.longestLoopDelayMs > 0 && config.stopDelayMs > 0);
    assert.equal(readConfig({ ...production, PAIN_CDS_DISCOVERY: 'open' }).isDiscoveryOpen, true);
  });

  it('names everything production mode lacks, at once', () => {
    assert.deepEqual(
      faultsOf({ PAIN_CDS_MODE: 'production' }).map((fault) => fault.split(' ')[0]),
      ['PAIN_CDS_CLIENTS', 'PAIN_CDS_BASE_URL', 'PAIN_CDS_HASH_KEY_FILE', 'DATABASE_URL'],
    );
  });

  const inProduction: readonly (readonly [string, Record<string, string>, RegExp])[] = [
    ['TRN-2 a public http address', { PAIN_CDS_BASE_URL: 'http://cds.test' }, /must be https/],
    ['a fixed clock', { EVALUATION_TIME: '2026-11-22T10:00:00Z' }, /EVALUATION_TIME is refused/],
    ['fixtures', { PAIN_CDS_FIXTURES: '.' }, /PAIN_CDS_FIXTURES is for demo/],
    ['a store in memory', { DATABASE_URL: 'memory:' }, /DATABASE_URL must be/],
    ['a certificate without key', { PAIN_CDS_TLS_CERT: 'package.json' }, /both needed/],
    ['a key that is not there', { PAIN_CDS_TLS_KEY: '/nowhere' }, /PAIN_CDS_TLS_KEY names no file/],
    ['another word for discovery', { PAIN_CDS_DISCOVERY: 'yes' }, /PAIN_CDS_DISCOVERY/],
  ];
  for (const [name, change, fault] of inProduction) {
    it(`refuses ${name} in production`, () =>
      assert.match(faultsOf({ ...production, ...change }).join('\n'), fault));
  }

  it('T28 refuses releases of Node that are known to be attackable, and no others', () => {
    for (const version of ['v20.20.2', 'v20.21.0', 'v22.22.2', 'v24.14.1', 'v24.20.0', 'v26.0.0'])
      assert.ok(isPatched(version), version);
    for (const version of ['v18.20.8', 'v20.19.6', 'v20.20.1', 'v22.13.0', 'v23.11.0', 'v24.14.0'])
      assert.ok(!isPatched(version), version);
  });

  it('takes a loopback http address in production, for tests', () => {
    assert.deepEqual(faultsOf({ ...production, PAIN_CDS_BASE_URL: 'http://127.0.0.1:1/x' }), []);
  });

  it('SEC-19 TRN-2 reads certificate, key and client authority for TLS in the process', () => {
    const config = readConfig({
      ...production,
      PAIN_CDS_TLS_CERT: 'package.json',
      PAIN_CDS_TLS_KEY: 'package.json',
      PAIN_CDS_TLS_CLIENT_CA: 'package.json',
    });

    assert.ok(config.tls?.cert && config.tls.key && config.tls.clientCa);
  });

  const refused: readonly (readonly [string, Record<string, string>, RegExp])[] = [
    ['another mode', { PAIN_CDS_MODE: 'Production' }, /PAIN_CDS_MODE/],
    ['an address others can reach', { HOST: '0.0.0.0' }, /HOST/],
    ['a host that only begins like loopback', { HOST: '127.0.0.1.evil.test' }, /HOST/],
    ['a port that is no number', { PORT: 'http' }, /PORT/],
    ['a port that is too high', { PORT: '70000' }, /PORT/],
    [
      'an evaluation time without zone',
      { EVALUATION_TIME: '2026-11-22T10:00:00' },
      /EVALUATION_TIME/,
    ],
    ['an evaluation time that is none', { EVALUATION_TIME: 'today' }, /EVALUATION_TIME/],
    ['a client registry in demo mode', { PAIN_CDS_CLIENTS: 'x' }, /PAIN_CDS_CLIENTS needs/],
    ['fixtures that are not there', { PAIN_CDS_FIXTURES: '/nowhere/at/all' }, /PAIN_CDS_FIXTURES/],
    [
      'a base URL with a query',
      { PAIN_CDS_BASE_URL: 'http://localhost:3000/?a=b' },
      /PAIN_CDS_BASE_URL/,
    ],
    ['a base URL of another scheme', { PAIN_CDS_BASE_URL: 'ftp://localhost' }, /PAIN_CDS_BASE_URL/],
    ['a body limit that is no number', { PAIN_CDS_BODY_LIMIT: '10mb' }, /PAIN_CDS_BODY_LIMIT/],
    ['a body limit of nothing', { PAIN_CDS_BODY_LIMIT: '0' }, /PAIN_CDS_BODY_LIMIT/],
    [
      'a read budget past the outer limit',
      { PAIN_CDS_READ_BUDGET_MS: '60000' },
      /PAIN_CDS_READ_BUDGET_MS/,
    ],
    ['an unknown log level', { LOG_LEVEL: 'loud' }, /LOG_LEVEL/],
  ];
  for (const [name, env, fault] of refused) {
    it(`refuses ${name}`, () => assert.match(faultsOf(env).join('\n'), fault));
  }

  it('names every fault at once', () => {
    assert.equal(
      faultsOf({ PORT: 'x', LOG_LEVEL: 'x', HOST: '10.0.0.1', EVALUATION_TIME: 'x' }).length,
      4,
    );
  });

  it('repeats no value of the environment', () => {
    assert.doesNotMatch(
      faultsOf({ PORT: 'CANARY', LOG_LEVEL: 'CANARY', PAIN_CDS_BASE_URL: 'CANARY' }).join(),
      /CANARY/,
    );
  });
});
