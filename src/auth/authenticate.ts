// Authorization header -> registered client, by its signed token. Must not know routes, bodies or FHIR.
import { createHash } from 'node:crypto';
import {
  decodeJwt,
  decodeProtectedHeader,
  type JWTPayload,
  type JWTVerifyGetKey,
  jwtVerify,
} from 'jose';
import type { Authenticate, Credentials, Log, ReplayGuard } from '../cds/ports.js';
import { Unauthenticated } from '../errors.js';
import type { ClientRegistry } from './client-registry.js';
import { type FetchKeySet, fixedKeySet, remoteKeySet } from './key-set.js';
import type { RegisteredClient } from './parse-clients.js';
import { createDurableReplayGuard } from './replay-guard.js';

/** What tokens are checked with. */
export interface AuthenticatorDeps {
  readonly registry: ClientRegistry;
  /** Fetches the keys of a client from its registered URL. */
  readonly fetchKeySet: (client: RegisteredClient) => FetchKeySet;
  /** Remembers used tokens across restarts and replicas; while it is down this process remembers alone. */
  readonly replays: ReplayGuard;
  /** The real time, whatever moment cards are computed for. */
  readonly now: () => Date;
  readonly log: Log;
  /** Longest time from `iat` to `exp`, seconds. */
  readonly longestLifetimeS?: number;
}

/** Clocks may differ by this much. */
export const CLOCK_SKEW_S = 60;
/** Large EHRs sign tokens for 15 minutes, some longer; a token for hours is a mistake or a theft. */
export const LONGEST_LIFETIME_S = 3600;
const LONGEST_TOKEN = 8192;
const LONGEST_ID = 1024;
const BEARER = /^Bearer +([\w-]+\.[\w-]+\.[\w-]+)$/i;

const refuse = (reason: string): never => {
  throw new Unauthenticated(reason);
};

const tokenOf = (authorization: string | undefined): string => {
  if (authorization === undefined) return refuse('no-token');
  if (authorization.length > LONGEST_TOKEN) return refuse('token-too-long');
  // Three parts: a signed token. Encrypted ones have five and are never opened.
  return BEARER.exec(authorization)?.[1] ?? refuse('no-signed-token');
};

interface Unverified {
  readonly header: ReturnType<typeof decodeProtectedHeader>;
  readonly payload: JWTPayload;
}

const decode = (token: string): Unverified => {
  try {
    return { header: decodeProtectedHeader(token), payload: decodeJwt(token) };
  } catch (error) {
    throw new Unauthenticated('not-a-token', { cause: error });
  }
};

const clientOf = ({ payload }: Unverified, registry: ClientRegistry): RegisteredClient => {
  const { iss, tenant } = payload;
  if (typeof iss !== 'string') return refuse('no-issuer');
  if (tenant !== undefined && typeof tenant !== 'string') return refuse('tenant-not-text');
  return registry.find(iss, tenant) ?? refuse('unknown-issuer-or-tenant');
};

/** Everything that costs nothing, before a key is fetched or a signature checked. */
const checkCheaply = ({ header, payload }: Unverified, client: RegisteredClient): void => {
  if (!client.algorithms.includes(header.alg ?? '')) refuse('algorithm');
  if (header.crit !== undefined || header.b64 !== undefined) refuse('critical-header');
  if (typeof header.kid !== 'string' || header.kid === '') refuse('no-kid');
  if (header.jku !== undefined && header.jku !== client.jwksUrl) refuse('jku');
  const { jti, sub } = payload;
  if (typeof jti !== 'string' || jti === '' || jti.length > LONGEST_ID) refuse('no-jti');
  if (client.subjects && (typeof sub !== 'string' || !client.subjects.includes(sub)))
    refuse('subject');
};

/** The token must come over a connection of its client: of a registered certificate, and of the one it is bound to. */
const checkCertificate = (
  { payload: { cnf } }: Unverified,
  { certificates }: RegisteredClient,
  certificate: () => string | undefined,
): void => {
  const bound = typeof cnf === 'object' && cnf !== null && 'x5t#S256' in cnf && cnf['x5t#S256'];
  if (!certificates && bound === false) return;
  const shown = certificate();
  if (certificates && !(shown !== undefined && certificates.includes(shown))) refuse('certificate');
  if (bound !== false && bound !== shown) refuse('bound-to-another-certificate');
};

const verify = async (
  token: string,
  key: JWTVerifyGetKey,
  client: RegisteredClient,
  audiences: readonly string[],
  now: Date,
  longestLifetimeS: number,
): Promise<JWTPayload> => {
  try {
    const { payload } = await jwtVerify(token, key, {
      issuer: client.issuer,
      audience: [...audiences, ...client.audiences],
      algorithms: [...client.algorithms],
      typ: 'JWT',
      requiredClaims: ['exp', 'iat', 'jti', 'aud', 'iss'],
      clockTolerance: CLOCK_SKEW_S,
      maxTokenAge: longestLifetimeS,
      currentDate: now,
    });
    return payload;
  } catch (error) {
    const { code } = error as { code?: unknown };
    throw new Unauthenticated(typeof code === 'string' ? code : 'keys-unavailable', {
      cause: error,
    });
  }
};

const tokenIdOf = (client: RegisteredClient, jti: string): string =>
  createHash('sha256')
    .update(JSON.stringify([client.issuer, client.tenant ?? null, jti]))
    .digest('base64url');

/**
 * Creates the check of production mode. In this order: form, issuer and tenant, header, claims and certificate that need no key,
 * signature with audience and times, one use only.
 * @see https://cds-hooks.hl7.org/2.0/#trusting-cds-clients
 */
export const createAuthenticate = (deps: AuthenticatorDeps): Authenticate => {
  const replays = createDurableReplayGuard(deps.replays, deps.now, deps.log);
  const longestLifetimeS = deps.longestLifetimeS ?? LONGEST_LIFETIME_S;
  // By identity of the entry: a reloaded registry starts with no keys of the old one.
  const keySets = new WeakMap<RegisteredClient, JWTVerifyGetKey>();
  const keysOf = (client: RegisteredClient): JWTVerifyGetKey => {
    const known = keySets.get(client);
    if (known) return known;
    const { jwks, jwksUrl } = client;
    const keys = jwks
      ? fixedKeySet(jwks.keys)
      : remoteKeySet(jwksUrl ?? '', deps.fetchKeySet(client), () => deps.now().getTime());
    keySets.set(client, keys);
    return keys;
  };

  const identify = async ({
    authorization,
    audiences,
    certificate,
  }: Credentials): Promise<RegisteredClient> => {
    const token = tokenOf(authorization);
    const unverified = decode(token);
    const client = clientOf(unverified, deps.registry);
    checkCheaply(unverified, client);
    checkCertificate(unverified, client, certificate);
    const key = keysOf(client);
    const {
      exp = 0,
      iat = 0,
      jti = '',
    } = await verify(token, key, client, audiences, deps.now(), longestLifetimeS);
    // Written so that NaN and infinities are refused too.
    if (!(exp > iat && exp - iat <= longestLifetimeS)) refuse('lifetime');
    const until = new Date((exp + CLOCK_SKEW_S) * 1000);
    if (!(await replays.claim(tokenIdOf(client, jti), until))) refuse('replayed');
    return client;
  };

  return async (credentials) => {
    try {
      return await identify(credentials);
    } catch (error) {
      if (error instanceof Unauthenticated)
        deps.log.info({ event: 'authentication-refused', reason: error.reason });
      throw error;
    }
  };
};
