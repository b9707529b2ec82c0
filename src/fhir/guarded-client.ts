// Guarded reads of one call from one FHIR server: fixed base, no redirects, bounded time and size, one token. Must not know patients or knowledge.
import { setMaxListeners } from 'node:events';
import { Client } from 'fhir-kit-client';
import { resolveBelow } from '../net/base-url.js';
import { ADDRESS_REFUSED, ENCODED } from '../net/guarded-agent.js';
import type { Clock } from './clock.js';
import { isServerFault, parseRetryAfter, ReadFailed } from './read-failed.js';
import type { SelectedServer } from './select-server.js';
import type { Upstream } from './upstream.js';

/** Limits of reading from a FHIR server. */
export interface ReadLimits {
  /** For one read, milliseconds. */
  readonly readTimeoutMs: number;
  readonly maxPages: number;
  readonly maxResources: number;
  readonly maxResponseBytes: number;
}

/** Until when a call may read. */
export interface Deadline {
  /** Aborts at the end of the budget, or when the client hangs up. */
  readonly signal: AbortSignal;
  /** Aborts when the client hangs up. */
  readonly gone: AbortSignal;
  /** When the budget began and ends, milliseconds of the clock's `steadyMs`. */
  readonly startedAt: number;
  readonly endsAt: number;
}

/** A FHIR server as the record reader uses it. */
export interface FhirReader {
  /** Base URL without a trailing slash. */
  readonly base: string;
  /** GETs a URL below the base. @throws {ReadFailed} */
  readonly get: (relativeUrl: string) => Promise<unknown>;
  /** The URL at or below the base that a `next` link means; undefined when it leads anywhere else. */
  readonly below: (url: string) => string | undefined;
}

const reasonOf = (error: unknown): string => {
  const { name, response, cause } = error as {
    name?: string;
    response?: { status?: number };
    cause?: { code?: string; message?: string };
  };
  const status = response?.status;
  if (typeof status === 'number')
    return status >= 200 && status < 300 ? 'not-json' : `http-${status}`;
  if (name === 'TimeoutError' || name === 'AbortError' || name === 'TaskCancelledError')
    return 'timeout';
  if (cause?.code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE') return 'too-large';
  if (cause?.message === ENCODED) return 'encoded';
  if (cause?.message === ADDRESS_REFUSED) return 'address-refused';
  if (cause?.message?.includes('redirect')) return 'redirect-refused';
  // The client cannot hold a body of null: a TypeError without the cause that failed connections have.
  if (name === 'TypeError' && cause === undefined) return 'not-json';
  return 'unreachable';
};

/** The client's errors hold response bodies and the address, so they are never passed on: only a reason word is. */
const toReadFailed = (error: unknown, { wallMs }: Clock): ReadFailed => {
  if (error instanceof ReadFailed) return error;
  const { config } = error as { config?: { headers?: Headers } };
  const retryAfterMs = parseRetryAfter(config?.headers?.get('retry-after'), wallMs());
  return new ReadFailed(reasonOf(error), { retryAfterMs });
};

/** Settles when the work does, or when the signal aborts: whatever the work waits for, the call does not. */
const orAborted = <T>(work: Promise<T>, signal: AbortSignal): Promise<T> =>
  new Promise((resolve, reject) => {
    const abort = (): void => reject(new ReadFailed('timeout'));
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });

const pauseMs = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const JITTER_MS = 50;
/** Timers may fire a little early. */
const TIMER_SLACK_MS = 5;

/** How long to wait before the one retry a read has; undefined when it has none. */
const retryDelayMs = (
  { reason, retryAfterMs }: ReadFailed,
  deadline: Deadline,
  { steadyMs, random }: Clock,
): number | undefined => {
  const left = deadline.endsAt - steadyMs();
  const half = (deadline.endsAt - deadline.startedAt) / 2;
  if (reason === 'unreachable') return left > half ? random() * JITTER_MS : undefined;
  if (reason !== 'http-429' && reason !== 'http-503') return undefined;
  return retryAfterMs !== undefined && retryAfterMs < left / 2
    ? retryAfterMs + TIMER_SLACK_MS
    : undefined;
};

/** The path below the base that tells breakers apart: the resource type. */
const targetOf = (url: string, base: string): string => {
  const relative = url.startsWith(base) ? url.slice(base.length + 1) : url;
  return `${base} ${relative.split(/[/?]/)[0] ?? ''}`;
};

/**
 * Opens a FHIR server for one call. The token goes to this base only, whatever links the server sends, and after a 401
 * nowhere at all.
 */
export const openFhirServer = (
  { base, token }: SelectedServer,
  upstream: Upstream,
  limits: ReadLimits,
  deadline: Deadline,
  clock: Clock,
): FhirReader => {
  const client = new Client({
    baseUrl: base.href,
    ...(token !== undefined && { bearerToken: token }),
    customHeaders: { 'accept-encoding': 'identity' },
    requestOptions: { dispatcher: upstream.dispatcher, redirect: 'error' },
  });
  const refused = new AbortController();
  const anyEnd = AbortSignal.any([deadline.signal, refused.signal]);
  // All reads of the call listen to it, and stop listening when they end.
  setMaxListeners(0, anyEnd);

  const request = async (url: string): Promise<unknown> => {
    const signal = AbortSignal.any([anyEnd, AbortSignal.timeout(limits.readTimeoutMs)]);
    try {
      return await client.request(url, { options: { signal } });
    } catch (error) {
      // What we end ourselves says nothing of the server.
      if (refused.signal.aborted || deadline.gone.aborted) throw new ReadFailed('cancelled');
      const failed = toReadFailed(error, clock);
      if (failed.reason === 'http-401') refused.abort();
      throw failed;
    }
  };

  const attempt = async (url: string): Promise<unknown> => {
    if (refused.signal.aborted) throw new ReadFailed('http-401');
    const target = targetOf(url, base.href);
    try {
      return await orAborted(
        upstream.run(target, anyEnd, () => request(url)),
        anyEnd,
      );
    } catch (error) {
      // Reads that the refusal of the token ended share its reason.
      if (refused.signal.aborted) throw new ReadFailed('http-401', { cause: error });
      const failed = toReadFailed(error, clock);
      if (failed.retryAfterMs !== undefined && isServerFault(failed))
        upstream.pause(target, failed.reason, failed.retryAfterMs);
      throw failed;
    }
  };

  return {
    base: base.href,
    below: (url) => resolveBelow(base, url),
    get: async (url) => {
      try {
        return await attempt(url);
      } catch (error) {
        const failed = toReadFailed(error, clock);
        const delay = retryDelayMs(failed, deadline, clock);
        if (delay === undefined || deadline.signal.aborted || !upstream.takeRetry()) throw failed;
        await orAborted(pauseMs(delay), anyEnd);
        return attempt(url);
      }
    },
  };
};
