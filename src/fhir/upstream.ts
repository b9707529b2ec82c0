// What all calls of one client share towards its FHIR servers: connections, bulkhead, breakers, pauses, retries. Must not know patients.
import {
  BrokenCircuitError,
  BulkheadRejectedError,
  bulkhead,
  type CircuitBreakerPolicy,
  circuitBreaker,
  handleWhen,
  SamplingBreaker,
} from 'cockatiel';
import type { Dispatcher } from 'undici';
import type { CdsClient } from '../cds/ports.js';
import { createAddressPolicy, LOOPBACK } from '../net/address-policy.js';
import { parseBase } from '../net/base-url.js';
import { createGuardedAgent, type ResolveName } from '../net/guarded-agent.js';
import type { Clock } from './clock.js';
import { isServerFault, ReadFailed } from './read-failed.js';

/** Bounds that hold for each client on its own, so that one hung server starves no other client. */
export interface UpstreamLimits {
  /** For one read, milliseconds. */
  readonly readTimeoutMs: number;
  readonly maxResponseBytes: number;
  /** Reads of one client under way at once. */
  readonly readsAtOnce?: number;
  /** Reads of one client that may wait for one of these. */
  readonly readsWaiting?: number;
  /** How names become addresses; a test hands in its own. */
  readonly resolveName?: ResolveName;
}

/** What one client's reads go through. */
export interface Upstream {
  readonly dispatcher: Dispatcher;
  /**
   * Runs a read when there is room for it and the breaker of its resource type is closed.
   * @throws {ReadFailed} `overloaded`, `circuit-open`, the reason of a pause the server asked for, or what the read throws
   */
  readonly run: <T>(target: string, signal: AbortSignal, read: () => Promise<T>) => Promise<T>;
  /** The server asked to be left alone. */
  readonly pause: (target: string, reason: string, ms: number) => void;
  /** Whether one more retry keeps retries below a tenth of the reads. */
  readonly takeRetry: () => boolean;
}

const READS_AT_ONCE = 64;
const READS_WAITING = 640;
const BREAKER = { threshold: 0.5, duration: 10_000, minimumRps: 2 } as const;
const HALF_OPEN_AFTER_MS = 5_000;
const RETRY_SHARE = 0.1;
const MOST_RETRIES_SAVED = 10;

const addressesOf = (client: CdsClient): ReturnType<typeof createAddressPolicy> => {
  if (client.kind === 'demo') return createAddressPolicy(LOOPBACK, []);
  const hostnames = client.fhirServers.flatMap((server) => parseBase(server)?.hostname ?? []);
  return createAddressPolicy(client.addresses, hostnames);
};

const toReadFailed = (error: unknown): unknown => {
  if (error instanceof BulkheadRejectedError) return new ReadFailed('overloaded', { cause: error });
  if (error instanceof BrokenCircuitError) return new ReadFailed('circuit-open', { cause: error });
  return error;
};

const createUpstream = (
  client: CdsClient,
  limits: UpstreamLimits,
  { steadyMs }: Clock,
): Upstream => {
  const readsAtOnce = limits.readsAtOnce ?? READS_AT_ONCE;
  const room = bulkhead(readsAtOnce, limits.readsWaiting ?? READS_WAITING);
  const breakers = new Map<string, CircuitBreakerPolicy>();
  const pauses = new Map<string, { readonly until: number; readonly reason: string }>();
  let retriesSaved = MOST_RETRIES_SAVED;

  const breakerOf = (target: string): CircuitBreakerPolicy => {
    const known = breakers.get(target);
    if (known) return known;
    const breaker = circuitBreaker(handleWhen(isServerFault), {
      halfOpenAfter: HALF_OPEN_AFTER_MS,
      breaker: new SamplingBreaker(BREAKER),
    });
    breakers.set(target, breaker);
    return breaker;
  };

  return {
    dispatcher: createGuardedAgent(
      addressesOf(client),
      {
        connectTimeoutMs: limits.readTimeoutMs,
        connections: readsAtOnce,
        maxResponseBytes: limits.maxResponseBytes,
      },
      limits.resolveName,
    ),
    run: async (target, signal, read) => {
      const pause = pauses.get(target);
      if (pause && steadyMs() < pause.until) throw new ReadFailed(pause.reason);
      retriesSaved = Math.min(MOST_RETRIES_SAVED, retriesSaved + RETRY_SHARE);
      try {
        return await room.execute(() => breakerOf(target).execute(read), signal);
      } catch (error) {
        throw toReadFailed(error);
      }
    },
    pause: (target, reason, ms) => void pauses.set(target, { until: steadyMs() + ms, reason }),
    takeRetry: () => {
      if (retriesSaved < 1) return false;
      retriesSaved -= 1;
      return true;
    },
  };
};

/** Creates what gives each client its upstream; a client that was reloaded gets a new one. */
export const createUpstreams = (
  limits: UpstreamLimits,
  clock: Clock,
): ((client: CdsClient) => Upstream) => {
  const upstreams = new WeakMap<CdsClient, Upstream>();
  return (client) => {
    const known = upstreams.get(client);
    if (known) return known;
    const upstream = createUpstream(client, limits, clock);
    upstreams.set(client, upstream);
    return upstream;
  };
};
