// Guarded reads from one FHIR server: fixed base, no redirects, bounded time and size. Must not know patients or knowledge.
import { Client } from 'fhir-kit-client';
import { Agent, type Dispatcher } from 'undici';

/** Limits of reading from a FHIR server. */
export interface ReadLimits {
  /** For one read, milliseconds. */
  readonly readTimeoutMs: number;
  readonly maxPages: number;
  readonly maxResources: number;
  readonly maxResponseBytes: number;
}

/** Why a read brought nothing, in a word that may be shown. */
export class ReadFailed extends Error {
  readonly reason: string;
  constructor(reason: string, options?: ErrorOptions) {
    super(reason, options);
    this.reason = reason;
  }
}

/** A FHIR server as the record reader uses it. */
export interface FhirReader {
  /** Base URL without a trailing slash. */
  readonly base: string;
  /** GETs a URL below the base. @throws {ReadFailed} */
  readonly get: (relativeUrl: string, signal: AbortSignal) => Promise<unknown>;
  /** The URL below the base that a `next` link means; undefined when it leads anywhere else. */
  readonly below: (url: string) => string | undefined;
}

const ENCODED = 'encoded answer refused';

/** The bound on an answer counts bytes on the wire, so an answer that would grow when decoded is refused at its headers. */
const withoutEncodedAnswers =
  (dispatch: Dispatcher['dispatch']): Dispatcher['dispatch'] =>
  (options, handler) =>
    dispatch(options, {
      onRequestStart: (...given) => handler.onRequestStart?.(...given),
      onRequestUpgrade: (...given) => handler.onRequestUpgrade?.(...given),
      onResponseStart: (...given) => {
        const [, , headers] = given;
        const encoding = headers['content-encoding'] ?? 'identity';
        if (encoding !== 'identity') throw new Error(ENCODED);
        handler.onResponseStart?.(...given);
      },
      onResponseData: (...given) => handler.onResponseData?.(...given),
      onResponseEnd: (...given) => handler.onResponseEnd?.(...given),
      onResponseError: (...given) => handler.onResponseError?.(...given),
    });

/** One pool for all servers; redirects are errors, connections and answers are bounded. */
export const createDispatcher = (limits: ReadLimits): Dispatcher =>
  new Agent({
    connections: 32,
    connect: { timeout: limits.readTimeoutMs },
    headersTimeout: limits.readTimeoutMs * 2,
    bodyTimeout: limits.readTimeoutMs * 2,
    maxResponseSize: limits.maxResponseBytes,
  }).compose(withoutEncodedAnswers);

const reasonOf = (error: unknown): string => {
  const { name, response, cause } = error as {
    name?: string;
    response?: { status?: number };
    cause?: { code?: string; message?: string };
  };
  const status = response?.status;
  if (typeof status === 'number')
    return status >= 200 && status < 300 ? 'not-json' : `http-${status}`;
  if (name === 'TimeoutError' || name === 'AbortError') return 'timeout';
  if (cause?.code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE') return 'too-large';
  if (cause?.message === ENCODED) return 'encoded';
  if (cause?.message?.includes('redirect')) return 'redirect-refused';
  // The client cannot hold a body of null: a TypeError without the cause that failed connections have.
  if (name === 'TypeError' && cause === undefined) return 'not-json';
  return 'unreachable';
};

const segments = (path: string): string[] => path.split('/').filter((part) => part !== '');

/**
 * Opens a FHIR server for one call. The token goes to this base only, whatever links the server sends.
 * The client's errors hold response bodies, so they are never passed on: only a reason word is.
 */
export const openFhirServer = (
  base: string,
  token: string | undefined,
  dispatcher: Dispatcher,
  limits: ReadLimits,
): FhirReader => {
  const root = new URL(base);
  const plainBase = base.replace(/\/+$/, '');
  const rootPath = segments(root.pathname);
  const client = new Client({
    baseUrl: plainBase,
    ...(token !== undefined && { bearerToken: token }),
    customHeaders: { 'accept-encoding': 'identity' },
    requestOptions: { dispatcher, redirect: 'error' },
  });
  return {
    base: plainBase,
    get: async (relativeUrl, signal) => {
      const bounded = AbortSignal.any([signal, AbortSignal.timeout(limits.readTimeoutMs)]);
      try {
        return await client.request(relativeUrl, { options: { signal: bounded } });
      } catch (error) {
        throw new ReadFailed(reasonOf(error), { cause: error });
      }
    },
    below: (url) => {
      if (!URL.canParse(url, `${plainBase}/`)) return undefined;
      const target = new URL(url, `${plainBase}/`);
      if (target.origin !== root.origin || target.username || target.password) return undefined;
      const path = segments(target.pathname);
      return rootPath.every((part, at) => path[at] === part) ? target.href : undefined;
    },
  };
};
