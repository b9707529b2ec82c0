// A token comes over the connection of its own client only: certificates pinned in the registry, with real TLS on loopback.
import assert from 'node:assert/strict';
import { createHash, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { request as httpsRequest } from 'node:https';
import type { AddressInfo } from 'node:net';
import { parseClients } from '../../src/auth/parse-clients.js';
import { ConfigInvalid } from '../../src/errors.js';
import { createListener } from '../../src/main.js';
import { aCertificate, type Certificate } from '../support/certificates.js';
import { aRequest, oneOfEach, prefetchOf } from '../support/edge.js';
import { productionApp } from '../support/production.js';
import { aKey, anEntry, bearer, keys, registryText } from '../support/tokens.js';

const authority = aCertificate('authority');
const own = aCertificate('server', authority);
const a = aCertificate('hospital a', authority);
const b = aCertificate('hospital b', authority);
const keyOfB = await aKey('ES384', 'b');
const ISSUER_B = 'https://b.test';

/** `x5t#S256` of RFC 8705: base64url of the SHA-256 of the certificate. */
const thumbprint = ({ cert }: Certificate): string =>
  createHash('sha256').update(new X509Certificate(cert).raw).digest('base64url');

const PATH = '/cds-services/pain-patient-view';
const body = JSON.stringify(aRequest({ prefetch: prefetchOf(oneOfEach) }));

describe('SEC-19 a client with a registered certificate', () => {
  const { app, lines } = productionApp([
    anEntry({ certificates: [thumbprint(a)] }),
    anEntry({
      id: 'b',
      issuer: ISSUER_B,
      jwks: { keys: [keyOfB.jwk] },
      certificates: [thumbprint(b)],
    }),
    anEntry({ id: 'c', issuer: 'https://c.test' }),
  ]);
  const tls = { cert: Buffer.from(own.cert), key: Buffer.from(own.key) };
  const server = createListener({ ...tls, clientCa: Buffer.from(authority.cert) }, app);
  before(() => once(server.listen(0, '127.0.0.1'), 'listening'));
  after(() => {
    server.close();
    server.closeAllConnections();
  });

  const call = async (
    { cert, key }: Certificate,
    authorization: string,
    headers: object = {},
  ): Promise<number | undefined> => {
    const { port } = server.address() as AddressInfo;
    const sent = httpsRequest({
      ...{ host: '127.0.0.1', port, path: PATH, method: 'POST', agent: false },
      ...{ ca: authority.cert, cert, key },
      headers: { authorization, 'content-type': 'application/json', ...headers },
    }).end(body);
    const [response] = await once(sent, 'response');
    response.resume();
    return response.statusCode;
  };
  const ofB = () => bearer({ claims: { iss: ISSUER_B } }, keyOfB);
  const bound = (to: Certificate) => bearer({ claims: { cnf: { 'x5t#S256': thumbprint(to) } } });

  it('is answered over its own certificate', async () => {
    assert.equal(await call(a, await bearer()), 200);
    assert.equal(await call(b, await ofB()), 200);
  });

  it('T10 is refused over the certificate of another client, whose authority is the same', async () => {
    lines.length = 0;

    assert.equal(await call(a, await ofB()), 401);
    assert.equal(await call(b, await bearer()), 401);
  });

  it('is not helped by a header that names the certificate', async () => {
    const header = { 'x-forwarded-client-cert': b.cert.replaceAll('\n', '') };

    assert.equal(await call(a, await ofB(), header), 401);
  });

  it('is refused with a token that is bound to another certificate', async () => {
    assert.equal(await call(a, await bound(a)), 200);
    assert.equal(await call(a, await bound(b)), 401);
  });

  it('does not concern clients without one', async () => {
    const claims = { iss: 'https://c.test' };

    assert.equal(await call(a, await bearer({ claims }, keys.ec)), 200);
    assert.equal(await call(b, await bearer({ claims }, keys.ec)), 200);
  });
});

describe('the field `certificates` of the registry', () => {
  const faultsOf = (certificates: unknown): readonly string[] => {
    try {
      parseClients(registryText(anEntry({ certificates })));
    } catch (error) {
      if (error instanceof ConfigInvalid) return error.faults;
    }
    return [];
  };

  it('takes thumbprints and nothing else', () => {
    assert.deepEqual(faultsOf([thumbprint(a), thumbprint(b)]), []);
    for (const wrong of [[], ['AB:CD'], [a.cert], [`${thumbprint(a)}=`]])
      assert.match(faultsOf(wrong).join(), /\/clients\/0\/certificates/);
  });
});
