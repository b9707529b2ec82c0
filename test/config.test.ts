// The environment as configuration: defaults, every fault at once, what demo and production mode refuse.
import assert from 'node:assert/strict';
import { readConfig } from '../src/config.js';
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

  it('refuses production mode and says plainly why', () => {
    const [fault] = faultsOf({ PAIN_CDS_MODE: 'production' });

    assert.match(fault ?? '', /production.*refused.*registered clients/);
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
    [
      'an evaluation time in production',
      { PAIN_CDS_MODE: 'production', EVALUATION_TIME: '2026-11-22T10:00:00Z' },
      /EVALUATION_TIME is refused/,
    ],
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
