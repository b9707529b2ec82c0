// Keys behind a registered URL: cached, rotated, and a key server that fails or is flooded.
import assert from 'node:assert/strict';
import { createKeySetFetcher } from '../../src/auth/fetch-key-set.js';
import {
  type Authenticator,
  aKey,
  anAuthenticator,
  anEntry,
  aToken,
  type ClientKey,
  type KeyServer,
  keys,
  NOW,
  reasonOf,
  startKeyServer,
  withToken,
} from '../support/tokens.js';

describe('keys behind a registered URL', () => {
  let server: KeyServer;
  let now: Date;

  beforeEach(async () => {
    server = await startKeyServer({ keys: [keys.ec.jwk] });
    now = NOW;
  });
  afterEach(() => server.close());

  const build = (change: object = {}): Authenticator =>
    anAuthenticator([anEntry({ jwks: undefined, jwksUrl: server.url, ...change })], {
      now: () => now,
    });
  /** A token that is fresh at the moment of the test's clock. */
  const fresh = (key: ClientKey = keys.ec, header: object = {}): Promise<string> => {
    const iat = Math.floor(now.getTime() / 1000);
    return aToken(key, { header: { ...header }, claims: { iat, exp: iat + 300 } });
  };
  const later = (ms: number): void => {
    now = new Date(now.getTime() + ms);
  };

  it('SEC-16 are fetched once for many tokens', async () => {
    const { authenticate } = build();
    await Promise.all([1, 2, 3, 4].map(async () => authenticate(withToken(await fresh()))));
    later(599_000);
    await authenticate(withToken(await fresh()));

    assert.equal(server.hits(), 1);
  });

  it('SEC-9 T2 accept a jku that is the registered URL', async () => {
    const { authenticate } = build();

    await authenticate(withToken(await fresh(keys.ec, { jku: server.url })));
  });

  it('SEC-9 T2 are never fetched from another jku', async () => {
    const trap = await startKeyServer({ keys: [keys.stranger.jwk] });
    const { authenticate } = build();
    const others = [
      trap.url,
      `${server.url}/`,
      `${server.url}?x`,
      server.url.toUpperCase(),
      [server.url],
    ];
    for (const jku of others) {
      const token = await fresh(keys.stranger, { jku });
      assert.equal(await reasonOf(authenticate(withToken(token))), 'jku');
    }
    await trap.close();

    assert.deepEqual([trap.hits(), server.hits()], [0, 0]);
  });

  it('SEC-8 are not fetched for an unknown issuer, algorithm or a missing claim', async () => {
    const { authenticate } = build();
    const iat = Math.floor(now.getTime() / 1000);
    for (const claims of [{ iss: 'x' }, { tenant: 'x' }, { jti: undefined }]) {
      const token = await aToken(keys.ec, { claims: { iat, exp: iat + 300, ...claims } });
      await reasonOf(authenticate(withToken(token)));
    }

    assert.equal(server.hits(), 0);
  });

  it('SEC-16 T13 are fetched again for a kid that is new, after 30 s', async () => {
    const { authenticate } = build();
    await authenticate(withToken(await fresh()));
    const rotated = await aKey('ES384', 'ec-2');
    server.answer = { body: JSON.stringify({ keys: [rotated.jwk] }) };

    assert.notEqual(await reasonOf(authenticate(withToken(await fresh(rotated)))), 'accepted');
    later(30_000);
    await authenticate(withToken(await fresh(rotated)));

    assert.equal(server.hits(), 2);
    assert.notEqual(await reasonOf(authenticate(withToken(await fresh()))), 'accepted');
  });

  it('SEC-16 T13 are fetched at most once for a flood of invented kids', async () => {
    const { authenticate } = build();
    await authenticate(withToken(await fresh()));
    later(31_000);
    const token = await fresh(keys.stranger, { kid: 'invented' });
    const [, payload, signature] = token.split('.');
    const flood = Array.from({ length: 2_000 }, (_, kid) => {
      const header = { alg: 'ES384', typ: 'JWT', kid: `k${kid}` };
      const encoded = Buffer.from(JSON.stringify(header)).toString('base64url');
      return reasonOf(authenticate(withToken(`${encoded}.${payload}.${signature}`)));
    });

    assert.ok((await Promise.all(flood)).every((reason) => reason !== 'accepted'));
    assert.equal(server.hits(), 2);
    await authenticate(withToken(await fresh()));
  });

  it('T13 are kept no longer than the server says, and no longer than ten minutes', async () => {
    for (const [cacheControl, ms] of [
      ['max-age=60', 60_000],
      ['max-age=86400', 600_000],
      ['no-store', 30_000],
    ] as const) {
      const { authenticate } = build();
      server.answer = {
        headers: { 'cache-control': cacheControl },
        body: JSON.stringify({ keys: [keys.ec.jwk] }),
      };
      const hits = server.hits();
      await authenticate(withToken(await fresh()));
      later(ms - 1000);
      await authenticate(withToken(await fresh()));
      assert.equal(server.hits() - hits, 1, cacheControl);
      later(1000);
      await authenticate(withToken(await fresh()));
      assert.equal(server.hits() - hits, 2, cacheControl);
    }
  });

  const bad: readonly (readonly [string, Partial<KeyServer['answer']>])[] = [
    ['404', { status: 404 }],
    ['500', { status: 500 }],
    ['HTML', { body: '<html/>' }],
    ['no key set', { body: '[]' }],
    ['an empty key set', { body: '{"keys":[]}' }],
    ['more than 64 kB', { body: JSON.stringify({ keys: [keys.ec.jwk], x: 'x'.repeat(70_000) }) }],
    ['more than 50 keys', { body: JSON.stringify({ keys: Array(51).fill(keys.ec.jwk) }) }],
    ['nothing for too long', { delayMs: 5_000 }],
    ['a content encoding', { headers: { 'content-encoding': 'gzip' } }],
  ];
  for (const [name, answer] of bad) {
    it(`T13 let nobody in while the key server answers ${name}`, async () => {
      server.answer = { ...server.answer, ...answer };
      const { authenticate } = build();

      assert.notEqual(await reasonOf(authenticate(withToken(await fresh()))), 'accepted');
    });
  }

  it('T4 T13 are not fetched through a redirect', async () => {
    const trap = await startKeyServer({ keys: [keys.ec.jwk] });
    for (const status of [301, 302, 303, 307, 308]) {
      server.answer = { status, headers: { location: trap.url }, body: '' };
      const { authenticate } = build();
      assert.equal(await reasonOf(authenticate(withToken(await fresh()))), 'keys-unavailable');
    }
    await trap.close();

    assert.equal(trap.hits(), 0);
  });

  it('T13 are asked for again 5 s after the key server failed, not before', async () => {
    const good = server.answer;
    server.answer = { status: 503, body: '' };
    const { authenticate } = build();
    for (let call = 0; call < 5; call += 1) await reasonOf(authenticate(withToken(await fresh())));
    assert.equal(server.hits(), 1);
    server.answer = good;
    later(5_000);

    await authenticate(withToken(await fresh()));
    assert.equal(server.hits(), 2);
  });

  it('T3 are not fetched when the name turns out to be another address', async () => {
    const { port } = new URL(server.url);
    const entry = anEntry({ jwks: undefined, jwksUrl: `https://keys.test:${port}/jwks.json` });
    const { authenticate } = anAuthenticator([entry], {
      fetchKeySet: createKeySetFetcher(((
        _name: string,
        _options: object,
        done: (...answer: unknown[]) => void,
      ) => done(null, [{ address: '127.0.0.1', family: 4 }])) as never),
    });

    assert.equal(await reasonOf(authenticate(withToken(await aToken()))), 'keys-unavailable');
    assert.equal(server.hits(), 0);
  });
});
