// The public keys of one client: given in the registry, or fetched from its one registered URL and cached. Must not judge claims.
import { createLocalJWKSet, errors, type JWTVerifyGetKey } from 'jose';

/** An answer of a key server. */
export interface KeySetAnswer {
  readonly status: number;
  readonly cacheControl: string | undefined;
  readonly body: string;
}

/** Fetches a registered JWKS URL within bounds of time and size; follows no redirect. */
export type FetchKeySet = (url: string) => Promise<KeySetAnswer>;

const MOST_KEYS = 50;
const LONGEST_CACHE_S = 600;
/** Least time between two fetches for an unknown `kid`: a flood of invented ones costs one fetch. */
const COOLDOWN_MS = 30_000;
/** Least time between two attempts while the key server fails. */
const FAILURE_COOLDOWN_MS = 5_000;

const cacheMs = (cacheControl = ''): number => {
  if (/\bno-(store|cache)\b/i.test(cacheControl)) return COOLDOWN_MS;
  const seconds = Number(/\bmax-age=(\d{1,9})\b/i.exec(cacheControl)?.[1] ?? LONGEST_CACHE_S);
  return Math.max(COOLDOWN_MS, Math.min(seconds, LONGEST_CACHE_S) * 1000);
};

const parseKeySet = ({ status, body }: KeySetAnswer): JWTVerifyGetKey => {
  if (status !== 200) throw new Error(`key server answered ${status}`);
  const value: unknown = JSON.parse(body);
  const keys = typeof value === 'object' && value !== null && 'keys' in value ? value.keys : [];
  if (!Array.isArray(keys) || keys.length > MOST_KEYS) throw new Error('too many keys');
  return createLocalJWKSet({ keys });
};

/** Keys given out of band. */
export const fixedKeySet = (keys: readonly object[]): JWTVerifyGetKey =>
  createLocalJWKSet({ keys: keys as Parameters<typeof createLocalJWKSet>[0]['keys'] });

/**
 * Keys behind a registered URL. An unknown `kid` fetches once more (rotation), at most every 30 s; calls that need the
 * keys meanwhile wait for the same fetch.
 * @param now - milliseconds
 */
export const remoteKeySet = (
  url: string,
  fetchKeySet: FetchKeySet,
  now: () => number,
): JWTVerifyGetKey => {
  let keys: JWTVerifyGetKey | undefined;
  let freshUntil = Number.NEGATIVE_INFINITY;
  let nextFetch = Number.NEGATIVE_INFINITY;
  let pending: Promise<JWTVerifyGetKey> | undefined;

  const refresh = async (): Promise<JWTVerifyGetKey> => {
    nextFetch = now() + FAILURE_COOLDOWN_MS;
    const answer = await fetchKeySet(url);
    const fetched = parseKeySet(answer);
    keys = fetched;
    nextFetch = now() + COOLDOWN_MS;
    freshUntil = now() + cacheMs(answer.cacheControl);
    return fetched;
  };

  const fetchOnce = (): Promise<JWTVerifyGetKey> => {
    if (pending) return pending;
    if (now() < nextFetch) return Promise.reject(new Error('key server is not asked again yet'));
    pending = refresh().finally(() => {
      pending = undefined;
    });
    return pending;
  };

  return async (header, token) => {
    const current = keys && now() < freshUntil ? keys : await fetchOnce();
    try {
      return await current(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey) || (!pending && now() < nextFetch))
        throw error;
      return (await fetchOnce())(header, token);
    }
  };
};
