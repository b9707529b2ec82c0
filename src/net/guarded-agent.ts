// Connections to allowed addresses only, with bounds on time and size. Must not know tokens, FHIR or keys.
import { lookup as resolve } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { Agent, buildConnector, type Dispatcher } from 'undici';
import { type AddressPolicy, literalAddress } from './address-policy.js';

/** Bounds of the connections to one client's servers. */
export interface AgentLimits {
  readonly connectTimeoutMs: number;
  readonly connections: number;
  readonly maxResponseBytes: number;
}

/** How names become addresses; a test hands in its own. */
export type ResolveName = typeof resolve;

/** Message of the error of a connection that was not allowed. */
export const ADDRESS_REFUSED = 'address refused';
/** Message of the error of an answer with a content encoding. */
export const ENCODED = 'encoded answer refused';

/** Resolves a name to its allowed addresses only, so that nothing else can be dialled. */
const guardedLookup =
  (isAllowed: AddressPolicy, resolveName: ResolveName): LookupFunction =>
  (hostname, options, answer) => {
    resolveName(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return answer(error, '');
      const allowed = addresses.filter(({ address }) => isAllowed(address));
      const [first] = allowed;
      if (!first) return answer(new Error(ADDRESS_REFUSED), '');
      if (options.all) answer(null, allowed);
      else answer(null, first.address, first.family);
    });
  };

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

/**
 * Creates the connection pool of one client. Names are resolved here once per connection and the socket that results is
 * checked again before anything is sent on it (DNS rebinding); redirects are left to the caller, who refuses them.
 */
export const createGuardedAgent = (
  isAllowed: AddressPolicy,
  { connectTimeoutMs, connections, maxResponseBytes }: AgentLimits,
  resolveName: ResolveName = resolve,
): Dispatcher => {
  const connect = buildConnector({
    timeout: connectTimeoutMs,
    lookup: guardedLookup(isAllowed, resolveName),
  });
  return new Agent({
    connections,
    connect: (options, done) => {
      // A literal address is never looked up, so it is checked here, before it is dialled.
      const literal = literalAddress(options.hostname);
      if (literal !== undefined && !isAllowed(literal)) {
        done(new Error(ADDRESS_REFUSED), null);
        return;
      }
      connect(options, (...[error, socket]) => {
        if (error || !socket) {
          done(error ?? new Error(ADDRESS_REFUSED), null);
        } else if (isAllowed(socket.remoteAddress ?? '')) done(null, socket);
        else {
          socket.destroy();
          done(new Error(ADDRESS_REFUSED), null);
        }
      });
    },
    headersTimeout: connectTimeoutMs * 2,
    bodyTimeout: connectTimeoutMs * 2,
    maxResponseSize: maxResponseBytes,
  }).compose(withoutEncodedAnswers);
};
