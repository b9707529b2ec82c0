// Tokens of registered clients: which one passes and which of the many forgeries does not. Titles name rows of the conformance and threat tables.
import assert from 'node:assert/strict';
import {
  AUDIENCE,
  aKey,
  anAuthenticator,
  anEntry,
  aToken,
  at,
  type ClientKey,
  keys,
  NOW,
  passes,
  reasonOf,
  type TokenChange,
  withToken,
} from '../support/tokens.js';

describe('the token of a registered client', () => {
  const accepted: readonly (readonly [string, ClientKey, TokenChange])[] = [
    ['SEC-6 signed by ES384', keys.ec, {}],
    ['SEC-6 SEC-15 signed by RS384 with a kid of base64', keys.rsa, {}],
    ['SEC-10 without jku', keys.ec, { header: { jku: undefined } }],
    ['SEC-11 with the audience in an array', keys.ec, { claims: { aud: ['x', AUDIENCE] } }],
    [
      'SEC-12 valid for 15 minutes with nbf 5 minutes ago',
      keys.rsa,
      { claims: { exp: at(900), nbf: at(-300) } },
    ],
    ['SEC-12 T12 of a clock that is 55 s ahead', keys.ec, { claims: { iat: at(55), nbf: at(55) } }],
    [
      'SEC-12 T12 expired 55 s ago by our clock',
      keys.ec,
      { claims: { iat: at(-355), exp: at(-55) } },
    ],
    ['SEC-12 T12 valid for exactly 60 minutes', keys.ec, { claims: { exp: at(3600) } }],
    ['SEC-15 with typ in lower case', keys.ec, { header: { typ: 'jwt' } }],
  ];
  for (const [name, key, change] of accepted) {
    it(`${name} is accepted`, async () => {
      assert.equal((await passes(await aToken(key, change))).id, 'hospital');
    });
  }

  it('SEC-6 signed by RS256 or ES256 is accepted only where that is registered', async () => {
    for (const alg of ['RS256', 'ES256']) {
      const key = await aKey(alg, 'opt-in');
      const entry = anEntry({ jwks: { keys: [key.jwk] }, algorithms: [alg] });

      assert.equal((await passes(await aToken(key), [entry])).id, 'hospital');
      assert.equal(await reasonOf(passes(await aToken(key))), 'algorithm');
    }
  });

  it('SEC-11 may name an audience that is registered because it was typed by hand', async () => {
    const token = await aToken(keys.ec, { claims: { aud: 'pain' } });

    assert.equal((await passes(token, [anEntry({ audiences: ['pain'] })])).id, 'hospital');
    assert.notEqual(await reasonOf(passes(token)), 'accepted');
  });

  it('SEC-14 may carry a tenant and a subject that are registered', async () => {
    const entry = anEntry({ tenant: 'main', subjects: ['svc'] });
    const token = await aToken(keys.ec, { claims: { tenant: 'main', sub: 'svc' } });

    assert.equal((await passes(token, [entry])).id, 'hospital');
  });

  it('SEC-14 T10 tells the tenants of one issuer apart', async () => {
    const entries = [
      anEntry({ id: 'east', tenant: 'east', jwks: { keys: [keys.ec.jwk] } }),
      anEntry({ id: 'west', tenant: 'west', jwks: { keys: [keys.rsa.jwk] } }),
    ];
    const token = (key: ClientKey, tenant: string) => aToken(key, { claims: { tenant } });

    assert.equal((await passes(await token(keys.ec, 'east'), entries)).id, 'east');
    assert.equal((await passes(await token(keys.rsa, 'west'), entries)).id, 'west');
    assert.notEqual(await reasonOf(passes(await token(keys.ec, 'west'), entries)), 'accepted');
    assert.notEqual(await reasonOf(passes(await token(keys.rsa, 'east'), entries)), 'accepted');
  });
});

describe('SEC-3 the token and key printed in the specification', () => {
  const token =
    'eyJhbGciOiJFUzM4NCIsInR5cCI6IkpXVCIsImtpZCI6ImV4YW1wbGUta2lkIiwiamt1IjoiaHR0cHM6Ly9maGlyLWVoci5leGFtcGxlLmNvbS9qd2tfdXJpIn0.eyJpc3MiOiJodHRwczovL2ZoaXItZWhyLmV4YW1wbGUuY29tLyIsImF1ZCI6Imh0dHBzOi8vY2RzLmV4YW1wbGUub3JnL2Nkcy1zZXJ2aWNlcy9zb21lLXNlcnZpY2UiLCJleHAiOjE0MjI1Njg4NjAsImlhdCI6MTMxMTI4MDk3MCwianRpIjoiZWUyMmIwMjEtZTFiNy00NjExLWJhNWItOGVlYzZhMzNhYzFlIiwidGVuYW50IjoiMmRkZDZjM2EtOGU5YS00NGM2LWEzMDUtNTIxMTFhZDMwMmEyIn0.d1WfLjGRKlcWB94l9do4cM8REXeYJLL6SGUBO8VHZhfM8mwKYP70EMxJ67War4TQblEpaQrp11wx5p7oPFm2ETYgCicS84vXWEIYTdjooZdooCSDf2L8-i4awdoUwiEb';
  const entry = {
    id: 'specification',
    issuer: 'https://fhir-ehr.example.com/',
    tenant: '2ddd6c3a-8e9a-44c6-a305-52111ad302a2',
    jwksUrl: 'https://fhir-ehr.example.com/jwk_uri',
    jwks: {
      keys: [
        {
          kty: 'EC',
          use: 'sig',
          crv: 'P-384',
          kid: 'example-kid',
          x: '46SDH7Znh821wblCBglA61sNE9ZrHYKKt3qRtRTmSXyOI_FIGBLWrWa0GPUkDCEk',
          y: 'XMcRuuoGW7CXjQdy-F5i3FeBE0x9hPLdeFdSoDd3ELmx404tLX0VRRcqzAsPhXcI',
          alg: 'ES384',
        },
      ],
    },
  };
  const audiences = ['https://cds.example.org/cds-services/some-service'];
  const now = () => new Date('2012-01-01T00:00:00Z');
  const authenticator = (longestLifetimeS?: number) =>
    anAuthenticator([entry], { now, ...(longestLifetimeS && { longestLifetimeS }) });

  it('verify under the clock of their time and a cap as long as theirs', async () => {
    const client = await authenticator(4 * 366 * 86_400).authenticate(withToken(token, audiences));

    assert.equal(client.id, 'specification');
  });

  it('SEC-12 T12 are refused by our own cap: the token lives for years', async () => {
    assert.notEqual(
      await reasonOf(authenticator().authenticate(withToken(token, audiences))),
      'accepted',
    );
  });
});

describe('SEC-13 T12 a token that is used again', () => {
  it('is refused within its lifetime', async () => {
    const { authenticate } = anAuthenticator();
    const token = await aToken();
    await authenticate(withToken(token));

    assert.equal(await reasonOf(authenticate(withToken(token))), 'replayed');
  });

  it('is refused when both calls come at once', async () => {
    const { authenticate } = anAuthenticator();
    const token = await aToken();

    const verdicts = await Promise.all(
      [1, 2, 3].map(() => reasonOf(authenticate(withToken(token)))),
    );

    assert.deepEqual(verdicts.sort(), ['accepted', 'replayed', 'replayed']);
  });

  it('is refused up to the last second in which it would be valid', async () => {
    let now = NOW;
    const { authenticate } = anAuthenticator(undefined, { now: () => now });
    const token = await aToken(keys.ec, { claims: { exp: at(3600) } });
    await authenticate(withToken(token));
    now = new Date(NOW.getTime() + 3_659_000);

    assert.equal(await reasonOf(authenticate(withToken(token))), 'replayed');
  });

  it('counts the jti of each issuer and tenant on its own', async () => {
    const entries = [
      anEntry({ id: 'east', tenant: 'east' }),
      anEntry({ id: 'west', tenant: 'west' }),
    ];
    const { authenticate } = anAuthenticator(entries);
    for (const tenant of ['east', 'west']) {
      await authenticate(withToken(await aToken(keys.ec, { claims: { tenant, jti: 'same' } })));
    }
  });

  it('does not burn the jti of a token that is refused for another cause', async () => {
    const { authenticate } = anAuthenticator();
    await reasonOf(authenticate(withToken(await aToken(keys.stranger, { claims: { jti: 'j' } }))));

    await authenticate(withToken(await aToken(keys.ec, { claims: { jti: 'j' } })));
  });
});

describe('SEC-18 T9 what is logged of a refused token', () => {
  it('is why, and nothing of the token', async () => {
    const { authenticate, lines } = anAuthenticator();
    const token = await aToken(keys.stranger, { claims: { sub: 'CANARY', jti: 'CANARY' } });
    await reasonOf(authenticate(withToken(token)));

    assert.deepEqual(lines, [
      { event: 'authentication-refused', reason: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED' },
    ]);
  });
});
