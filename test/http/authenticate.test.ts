// Who may call over HTTP: when a token is asked for, what the refused learn, which browser origins and how many calls at once.
import assert from 'node:assert/strict';
import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import request from 'supertest';
import { createDemoAuthenticate } from '../../src/auth/demo.js';
import { REFUSED_AFTER_MS } from '../../src/http/authenticate.js';
import { anApp } from '../support/app.js';
import { aRequest, oneOfEach, prefetchOf } from '../support/edge.js';
import { productionApp as production } from '../support/production.js';
import {
  anAuthenticator,
  aToken,
  at,
  BASE_URL,
  bearer,
  keys,
  withToken,
} from '../support/tokens.js';

const PATH = '/cds-services/pain-patient-view';
const complete = aRequest({ prefetch: prefetchOf(oneOfEach) });

const forDiscovery = (): Promise<string> => bearer({ claims: { aud: `${BASE_URL}/cds-services` } });

describe('a service that knows its clients', () => {
  const { app, lines } = production();
  const call = (authorization: string) =>
    request(app).post(PATH).set({ authorization }).send(complete);

  it('SEC-2 answers the call of a registered client and logs which one', async () => {
    lines.length = 0;
    await call(await bearer()).expect(200);

    assert.equal((lines[0] as { client?: string }).client, 'hospital');
  });

  it('SEC-1 SEC-2 answers 401 to every route of the protocol without a token', async () => {
    await request(app).get('/cds-services').expect(401);
    for (const method of ['get', 'post', 'put', 'delete', 'patch'] as const)
      await request(app)[method](PATH).send(complete).expect(401);
  });

  it('answers 401 to a service nobody has, so that ids cannot be found out', async () => {
    await request(app).post('/cds-services/nobody').send({}).expect(401);
    const aud = `${BASE_URL}/cds-services/nobody`;
    await request(app)
      .post('/cds-services/nobody')
      .set({ authorization: await bearer({ claims: { aud } }) })
      .send({})
      .expect(404);
  });

  it('DIS-12 answers closed discovery to a token for discovery, and to no other', async () => {
    const get = (authorization: string) => request(app).get('/cds-services').set({ authorization });

    await get(await forDiscovery()).expect(200);
    await get(await bearer()).expect(401);
    await call(await forDiscovery()).expect(401);
  });

  it('DIS-12 answers open discovery to anybody and ignores what is sent', async () => {
    const { app: open } = production(undefined, { isDiscoveryOpen: true });
    for (const authorization of ['', 'Bearer garbage', await forDiscovery()])
      await request(open).get('/cds-services').set({ authorization }).expect(200);
  });

  it('SEC-11 T12 T39 takes no part of the audience from Host or forwarded headers', async () => {
    const authorization = await bearer({
      claims: { aud: 'https://evil.test/pain/cds-services/pain-patient-view' },
    });
    await request(app)
      .post(PATH)
      .set({
        authorization,
        host: 'evil.test',
        'x-forwarded-host': 'evil.test',
        'x-forwarded-proto': 'https',
        'x-forwarded-prefix': '/pain',
      })
      .send(complete)
      .expect(401);
  });

  it('SEC-13 refuses a token that is used again', async () => {
    const authorization = await bearer();
    await call(authorization).expect(200);
    await call(authorization).expect(401);
  });

  it('SEC-20 takes no access token of the body for the token of the header', async () => {
    const token = await aToken();
    const body = {
      ...complete,
      fhirServer: 'https://ehr.test/fhir',
      fhirAuthorization: {
        access_token: token,
        token_type: 'Bearer',
        expires_in: 300,
        scope: 'x',
        subject: 'x',
      },
    };
    await request(app).post(PATH).send(body).expect(401);
    await call('Bearer CANARY-TOKEN').expect(401);
  });

  it('SEC-17 T14 T34 answers every failure byte for byte the same', async () => {
    const causes = [
      '',
      'Basic x',
      'Bearer x',
      await bearer({}, keys.stranger),
      await bearer({ claims: { iss: 'https://evil.test' } }),
      await bearer({ claims: { aud: 'x' } }),
      await bearer({ claims: { exp: at(-500), iat: at(-800) } }),
      await bearer({ claims: { jti: undefined } }),
      await bearer({ header: { jku: 'https://evil.test' } }),
    ];
    const answers = new Set<string>();
    for (const authorization of causes) {
      const { status, headers, text } = await call(authorization);
      const { date: _, ...rest } = headers;
      answers.add(JSON.stringify([status, rest, text]));
      assert.equal(headers['www-authenticate'], 'Bearer');
      assert.match(headers['content-type'] ?? '', /^application\/fhir\+json/);
    }

    assert.equal(answers.size, 1);
    assert.equal(JSON.parse(JSON.parse([...answers][0] ?? '')[2]).issue[0].code, 'login');
  });

  it('T14 answers every failure at the same time after it came, longer than any check takes', async () => {
    const causes: readonly (() => Promise<string>)[] = [
      async () => '',
      async () => 'Bearer x',
      () => bearer({ claims: { iss: 'https://evil.test' } }),
      () => bearer({}, keys.stranger),
      () => bearer({ claims: { aud: 'x' } }, keys.rsa),
    ];
    const times = causes.map((): number[] => []);
    for (let round = 0; round < 12; round += 1)
      for (const [at, cause] of causes.entries()) {
        const authorization = await cause();
        const started = performance.now();
        await call(authorization).expect(401);
        times[at]?.push(performance.now() - started);
      }

    // A floor is structure, not luck: whatever was found out was found out before it.
    for (const one of times) assert.ok(Math.min(...one) >= REFUSED_AFTER_MS - 1, one.join());
    const checking = times.map(() => Number.POSITIVE_INFINITY);
    const { authenticate } = anAuthenticator();
    for (let round = 0; round < 12; round += 1)
      for (const [at, cause] of causes.entries()) {
        const credentials = withToken((await cause()).replace('Bearer ', ''));
        const started = performance.now();
        await assert.rejects(authenticate(credentials));
        checking[at] = Math.min(checking[at] ?? 0, performance.now() - started);
      }
    assert.ok(Math.max(...checking) < REFUSED_AFTER_MS / 2, checking.join());
  }).timeout(20_000);

  it('SEC-18 T9 logs neither tokens nor what they say', async () => {
    lines.length = 0;
    const authorization = await bearer({ claims: { sub: 'CANARY', jti: 'CANARY' } });
    await call(authorization);
    await call('Bearer CANARY.CANARY.CANARY');

    assert.ok(lines.length >= 2);
    assert.doesNotMatch(JSON.stringify(lines), /CANARY|eyJ/);
  });

  it('T15 answers 401 before the body is sent', async () => {
    const server = createServer(app).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    const sent = httpRequest({
      port,
      host: '127.0.0.1',
      path: PATH,
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-length': 5_000_000 },
    });
    sent.on('error', () => undefined);
    sent.write('{"hook":');

    const status = await new Promise<number | undefined>((resolve) =>
      sent.once('response', ({ statusCode }) => resolve(statusCode)),
    );
    sent.destroy();
    server.close();
    server.closeAllConnections();

    assert.equal(status, 401);
  });
});

describe('demo mode', () => {
  const isAllowedOrigin = (origin: string): boolean => origin === 'https://sandbox.cds-hooks.org';
  const demo = createDemoAuthenticate(isAllowedOrigin);
  const from = (remoteAddress: string | undefined, origin?: string) =>
    demo({
      authorization: 'Bearer whatever',
      audiences: [],
      origin,
      remoteAddress,
      certificate: () => undefined,
    });

  it('accepts calls from this machine without a token', async () => {
    for (const address of ['127.0.0.1', '127.8.8.8', '::1', '::ffff:127.0.0.1'])
      assert.equal((await from(address)).kind, 'demo');
  });

  it('refuses other machines', async () => {
    for (const address of ['10.0.0.1', '::ffff:10.0.0.1', '2001:db8::1', undefined])
      await assert.rejects(from(address), /this machine only/);
  });

  it('SEC-21 accepts pages of the public sandbox here, and of no other origin', async () => {
    const { app } = anApp();
    const call = (origin: string) => request(app).post(PATH).set({ origin }).send(complete);

    await call('https://sandbox.cds-hooks.org').expect(200);
    await call('https://evil.test').expect(403);
  });
});
