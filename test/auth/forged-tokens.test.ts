// Forged, foreign, stale and malformed tokens: none passes. Titles name rows of the conformance and threat tables.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { base64url, CompactEncrypt, exportSPKI, importJWK, UnsecuredJWT } from 'jose';
import {
  AUDIENCE,
  aKey,
  anAuthenticator,
  anEntry,
  aToken,
  at,
  BASE_URL,
  type ClientKey,
  ISSUER,
  keys,
  passes,
  reasonOf,
  type TokenChange,
  withToken,
} from '../support/tokens.js';

describe('a token that is refused', () => {
  const forged: readonly (readonly [string, TokenChange])[] = [
    ['SEC-8 of an issuer nobody registered', { claims: { iss: 'https://evil.test' } }],
    ['SEC-8 of an issuer with another ending', { claims: { iss: `${ISSUER}/` } }],
    ['SEC-8 without issuer', { claims: { iss: undefined } }],
    ['SEC-8 with a list of issuers', { claims: { iss: [ISSUER] } }],
    ['SEC-14 with a tenant where none is registered', { claims: { tenant: 'x' } }],
    ['SEC-14 with a tenant that is no text', { claims: { tenant: 7 } }],
    [
      'SEC-9 T2 with a jku where keys were given out of band',
      { header: { jku: 'https://evil.test/jwks' } },
    ],
    ['SEC-11 T12 without audience', { claims: { aud: undefined } }],
    ['SEC-11 T12 for discovery', { claims: { aud: `${BASE_URL}/cds-services` } }],
    ['SEC-11 T12 for feedback', { claims: { aud: `${AUDIENCE}/feedback` } }],
    ['SEC-11 T12 for another service', { claims: { aud: `${BASE_URL}/cds-services/other` } }],
    ['SEC-11 T12 for the http variant', { claims: { aud: AUDIENCE.replace('https', 'http') } }],
    [
      'SEC-11 T12 for an address that only begins like ours',
      { claims: { aud: `${AUDIENCE}.evil` } },
    ],
    ['SEC-11 T12 for a list in which ours is nested', { claims: { aud: [[AUDIENCE]] } }],
    ['SEC-12 T12 that expired 61 s ago', { claims: { iat: at(-361), exp: at(-61) } }],
    ['SEC-12 T12 from a clock 10 minutes ahead', { claims: { iat: at(600), exp: at(900) } }],
    ['SEC-12 T12 that is not valid yet', { claims: { nbf: at(120) } }],
    ['SEC-12 T12 valid for longer than 60 minutes', { claims: { exp: at(3601) } }],
    ['SEC-12 T12 valid for ten years', { claims: { exp: at(315_360_000) } }],
    ['SEC-12 T12 issued long ago and still valid', { claims: { iat: at(-7200), exp: at(300) } }],
    ['SEC-12 T12 that ends before it begins', { claims: { iat: at(50), exp: at(-50) } }],
    ['SEC-12 without exp', { claims: { exp: undefined } }],
    ['SEC-12 without iat', { claims: { iat: undefined } }],
    ['SEC-12 with exp as text', { claims: { exp: String(at(300)) } }],
    ['SEC-12 without jti', { claims: { jti: undefined } }],
    ['SEC-12 with an empty jti', { claims: { jti: '' } }],
    ['SEC-12 with a jti that is no text', { claims: { jti: 7 } }],
    ['SEC-12 with an endless jti', { claims: { jti: 'x'.repeat(2000) } }],
    ['SEC-15 without kid', { header: { kid: undefined } }],
    ['SEC-15 with a kid nobody has', { header: { kid: 'other' } }],
    ['SEC-15 without typ', { header: { typ: undefined } }],
    ['SEC-15 T11 of another typ', { header: { typ: 'at+jwt' } }],
    ['T11 with an embedded key of its own', { header: { jwk: keys.stranger.jwk } }],
    ['T11 with a certificate URL of its own', { header: { x5u: 'https://evil.test/cert' } }],
  ];
  for (const [name, change] of forged) {
    // Whatever a header claims of keys, the registered one decides: those with a key of their own are signed by it.
    const key = /of its own/.test(name) ? keys.stranger : keys.ec;
    it(`is one ${name}`, async () => {
      assert.notEqual(await reasonOf(passes(await aToken(key, change))), 'accepted');
    });
  }

  it('is one SEC-3 T11 signed by a key of a stranger under the registered kid', async () => {
    assert.equal(
      await reasonOf(passes(await aToken(keys.stranger))),
      'ERR_JWS_SIGNATURE_VERIFICATION_FAILED',
    );
  });

  it('is one SEC-3 whose payload was changed after signing', async () => {
    const [header, , signature] = (await aToken()).split('.');
    const payload = base64url.encode(
      JSON.stringify({ iss: ISSUER, aud: AUDIENCE, iat: at(0), exp: at(300), jti: 'x' }),
    );

    assert.notEqual(await reasonOf(passes(`${header}.${payload}.${signature}`)), 'accepted');
  });

  for (const alg of ['none', 'None', 'NONE', 'nOnE']) {
    it(`is one SEC-4 T11 of algorithm ${alg}`, async () => {
      const good = { iss: ISSUER, aud: AUDIENCE, jti: 'x', iat: at(0), exp: at(300) };
      const [, payload] = new UnsecuredJWT(good).encode().split('.');
      const header = base64url.encode(JSON.stringify({ alg, typ: 'JWT', kid: 'ec-1' }));

      assert.notEqual(await reasonOf(passes(`${header}.${payload}.`)), 'accepted');
      assert.notEqual(await reasonOf(passes(`${header}.${payload}.AAAA`)), 'accepted');
    });
  }

  for (const alg of ['HS256', 'HS384', 'HS512']) {
    it(`is one SEC-5 T11 of ${alg} keyed with the public key`, async () => {
      const header = base64url.encode(JSON.stringify({ alg, typ: 'JWT', kid: keys.rsa.kid }));
      const [, payload] = (await aToken(keys.rsa)).split('.');
      const publicKey = await importJWK(keys.rsa.jwk, 'RS384');
      for (const secret of [
        await exportSPKI(publicKey as Parameters<typeof exportSPKI>[0]),
        JSON.stringify(keys.rsa.jwk),
      ]) {
        const signature = createHmac(alg.replace('HS', 'sha'), secret)
          .update(`${header}.${payload}`)
          .digest('base64url');

        assert.equal(await reasonOf(passes(`${header}.${payload}.${signature}`)), 'algorithm');
      }
    });
  }

  for (const change of [{ use: 'enc' }, { key_ops: ['sign'] }]) {
    it(`is one SEC-7 T11 whose key is for ${JSON.stringify(change)}`, async () => {
      const entry = anEntry({ jwks: { keys: [{ ...keys.ec.jwk, ...change }] } });

      assert.equal(await reasonOf(passes(await aToken(), [entry])), 'ERR_JWKS_NO_MATCHING_KEY');
    });
  }

  it('is one T11 of ES384 under the kid of an RSA key', async () => {
    const token = await aToken(keys.ec, { header: { kid: keys.rsa.kid } });

    assert.equal(await reasonOf(passes(token)), 'ERR_JWKS_NO_MATCHING_KEY');
  });

  it('is one T11 whose kid belongs to two keys', async () => {
    const entry = anEntry({ jwks: { keys: [keys.ec.jwk, keys.stranger.jwk] } });

    assert.equal(
      await reasonOf(passes(await aToken(), [entry])),
      'ERR_JWKS_MULTIPLE_MATCHING_KEYS',
    );
  });

  it('is one T11 that keys without alg would let choose its algorithm', async () => {
    const { alg: _, ...jwk } = keys.rsa.jwk;
    const entry = anEntry({ jwks: { keys: [jwk] }, algorithms: ['RS384'] });
    const other: ClientKey = { ...(await aKey('RS256', keys.rsa.kid)) };

    assert.equal(await reasonOf(passes(await aToken(other), [entry])), 'algorithm');
    assert.equal((await passes(await aToken(keys.rsa), [entry])).id, 'hospital');
  });

  for (const header of [{ crit: ['exp'], exp: 1 }, { crit: ['b64'], b64: true }, { b64: false }]) {
    it(`is one T11 with the critical header ${JSON.stringify(header)}`, async () => {
      const [, payload, signature] = (await aToken()).split('.');
      const changed = base64url.encode(
        JSON.stringify({ alg: 'ES384', kid: 'ec-1', typ: 'JWT', ...header }),
      );

      assert.equal(await reasonOf(passes(`${changed}.${payload}.${signature}`)), 'critical-header');
    });
  }

  it('is one T11 that is encrypted', async () => {
    const key = await importJWK({ ...keys.rsa.jwk, use: 'enc', alg: 'RSA-OAEP' }, 'RSA-OAEP');
    const token = await new CompactEncrypt(new TextEncoder().encode(await aToken()))
      .setProtectedHeader({ alg: 'RSA-OAEP', enc: 'A256GCM' })
      .encrypt(key);

    assert.equal(await reasonOf(passes(token)), 'no-signed-token');
  });

  it('is one SEC-14 of another subject than those registered', async () => {
    const entry = anEntry({ subjects: ['svc'] });
    for (const sub of ['other', undefined, ['svc']]) {
      assert.equal(
        await reasonOf(passes(await aToken(keys.ec, { claims: { sub } }), [entry])),
        'subject',
      );
    }
  });

  const malformed: readonly (readonly [string, string | undefined])[] = [
    ['SEC-1 SEC-2 none at all', undefined],
    ['nothing', ''],
    ['Bearer alone', 'Bearer'],
    ['basic credentials', 'Basic dXNlcjpwYXNz'],
    ['SEC-20 an opaque access token', 'Bearer CANARY-TOKEN'],
    ['three parts of nothing', 'Bearer a.b.c'],
    ['parts that are no JSON', `Bearer ${base64url.encode('x')}.${base64url.encode('y')}.zzzz`],
    ['a token of 10,000 characters', `Bearer ${'a'.repeat(10_000)}.b.c`],
    ['two tokens', 'Bearer a.b.c, Bearer a.b.c'],
  ];
  for (const [name, authorization] of malformed) {
    it(`is ${name}`, async () => {
      const { authenticate } = anAuthenticator();

      const attempt = authenticate({ ...withToken(''), authorization });

      assert.notEqual(await reasonOf(attempt), 'accepted');
    });
  }

  it('SEC-17 T14 says the same for every cause', async () => {
    const messages = new Set<string>();
    for (const change of [{ claims: { iss: 'x' } }, { claims: { exp: at(-500) } }, {}]) {
      const token = await aToken(keys.stranger, change);
      await assert.rejects(passes(token), ({ message }: Error) => {
        messages.add(message);
        return true;
      });
    }

    assert.deepEqual([...messages], ['Authentication is required.']);
  });
});
