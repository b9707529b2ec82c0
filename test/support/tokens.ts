// Client registries, their keys and signed tokens, good and bad. Must not know routes or medicine.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWK, type JWTHeaderParameters, SignJWT } from 'jose';
import { createAuthenticate } from '../../src/auth/authenticate.js';
import { type ClientRegistry, createClientRegistry } from '../../src/auth/client-registry.js';
import { createKeySetFetcher } from '../../src/auth/fetch-key-set.js';
import { createMemoryReplayGuard } from '../../src/auth/replay-guard.js';
import type { Authenticate, CdsClient, Log } from '../../src/cds/ports.js';
import { Unauthenticated } from '../../src/errors.js';

/** The moment all tokens are made at and checked at. */
export const NOW = new Date('2026-11-24T12:00:00Z');
const seconds = Math.floor(NOW.getTime() / 1000);

export const ISSUER = 'https://ehr.test';
export const BASE_URL = 'https://cds.test/pain';
/** The audience of a call of the patient-view service. */
export const AUDIENCE = `${BASE_URL}/cds-services/pain-patient-view`;

/** A key pair of a client as it signs and as it is registered. */
export interface ClientKey {
  readonly kid: string;
  readonly alg: string;
  readonly sign: Parameters<SignJWT['sign']>[0];
  readonly jwk: JWK;
}

export const aKey = async (alg: string, kid: string): Promise<ClientKey> => {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  return {
    kid,
    alg,
    sign: privateKey,
    jwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' },
  };
};

/** Keys that cost time to make, made once. */
export const keys = {
  rsa: await aKey('RS384', 'rsa+1/='),
  ec: await aKey('ES384', 'ec-1'),
  stranger: await aKey('ES384', 'ec-1'),
} as const;

export interface TokenChange {
  readonly header?: Record<string, unknown>;
  /** Claims to set; `undefined` takes one away. */
  readonly claims?: Record<string, unknown>;
}

let counter = 0;

/** A token that is good for one call of the patient-view service, with what is changed about it. */
export const aToken = (
  { kid, alg, sign }: ClientKey = keys.ec,
  { header = {}, claims = {} }: TokenChange = {},
): Promise<string> => {
  counter += 1;
  const payload = {
    iss: ISSUER,
    aud: AUDIENCE,
    iat: seconds,
    exp: seconds + 300,
    jti: `jti-${counter}`,
    ...claims,
  };
  const present = Object.entries(payload).filter(([, value]) => value !== undefined);
  const all = Object.entries({ alg, kid, typ: 'JWT', ...header });
  return new SignJWT(Object.fromEntries(present))
    .setProtectedHeader(
      Object.fromEntries(all.filter(([, value]) => value !== undefined)) as JWTHeaderParameters,
    )
    .sign(sign);
};

/** The Authorization header of such a token. */
export const bearer = async (change?: TokenChange, key = keys.ec): Promise<string> =>
  `Bearer ${await aToken(key, change)}`;

/** Seconds since 1970 at so many seconds after `NOW`. */
export const at = (offset: number): number => seconds + offset;

/** A registry entry with inline keys. */
export const anEntry = (change: object = {}): Record<string, unknown> => ({
  id: 'hospital',
  issuer: ISSUER,
  jwks: { keys: [keys.rsa.jwk, keys.ec.jwk] },
  fhirServers: ['https://ehr.test/fhir'],
  ...change,
});

export const registryText = (...entries: readonly object[]): string =>
  JSON.stringify({ clients: entries });

/** A log that keeps its lines. */
export const aLog = (): Log & { readonly lines: object[] } => {
  const lines: object[] = [];
  return { lines, info: (line) => void lines.push(line), error: (line) => void lines.push(line) };
};

export interface Authenticator {
  readonly authenticate: Authenticate;
  readonly registry: ClientRegistry;
  readonly lines: object[];
}

/** The check of production mode over registry entries. */
export const anAuthenticator = (
  entries: readonly object[] = [anEntry()],
  change: Partial<Parameters<typeof createAuthenticate>[0]> = {},
): Authenticator => {
  const log = aLog();
  const registry = createClientRegistry(() => registryText(...entries), log);
  const now = change.now ?? (() => NOW);
  const authenticate = createAuthenticate({
    registry,
    fetchKeySet: createKeySetFetcher(),
    replays: createMemoryReplayGuard(now),
    now,
    log,
    ...change,
  });
  return { authenticate, registry, lines: log.lines };
};

/** What a request brings to a check. */
export const withToken = (token: string, audiences: readonly string[] = [AUDIENCE]) => ({
  authorization: `Bearer ${token}`,
  audiences,
  origin: undefined,
  remoteAddress: '192.0.2.7',
  certificate: () => undefined,
});

/** A key server on loopback, and how it answers. */
export interface KeyServer {
  readonly url: string;
  readonly hits: () => number;
  answer: { status?: number; headers?: Record<string, string>; body: string; delayMs?: number };
  readonly close: () => Promise<void>;
}

export const startKeyServer = async (set: object): Promise<KeyServer> => {
  let hits = 0;
  const server = createServer((_request, response) => {
    hits += 1;
    const { status = 200, headers = {}, body, delayMs = 0 } = started.answer;
    setTimeout(() => response.writeHead(status, headers).end(body), delayMs).unref();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const started: KeyServer = {
    url: `http://127.0.0.1:${port}/jwks.json`,
    hits: () => hits,
    answer: { body: JSON.stringify(set) },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return started;
};

/** The client a token is taken for. */
export const passes = async (token: string, entries?: readonly object[]): Promise<CdsClient> =>
  anAuthenticator(entries).authenticate(withToken(token));

/** Why an attempt was refused, in the word of the log; `accepted` when it was not. */
export const reasonOf = async (attempt: Promise<unknown>): Promise<string> => {
  try {
    await attempt;
  } catch (error) {
    if (error instanceof Unauthenticated) return error.reason;
    throw error;
  }
  return 'accepted';
};
