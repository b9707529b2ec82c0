// Used tokens in memory, and beside a durable guard that may be down. Must not know what a token says, or how it is stored.
import type { Log, ReplayGuard } from '../cds/ports.js';
import { Overloaded, StoreUnavailable } from '../errors.js';

const GENERATION_MS = 60_000;
const DEFAULT_MOST = 2_000_000;
const RETRY_SECONDS = 30;

/**
 * Creates a guard for one process: claims are kept in one set for each minute in which they end, and whole sets are dropped.
 * @param most - when this many tokens are remembered, calls are refused rather than tokens forgotten
 */
export const createMemoryReplayGuard = (now: () => Date, most = DEFAULT_MOST): ReplayGuard => {
  const generations = new Map<number, Set<string>>();
  let size = 0;
  let sweptUntil = 0;

  const sweep = (current: number): void => {
    if (current === sweptUntil) return;
    sweptUntil = current;
    for (const [generation, claimed] of generations) {
      if (generation >= current) continue;
      size -= claimed.size;
      generations.delete(generation);
    }
  };

  return {
    claim: async (tokenId, until) => {
      sweep(Math.floor(now().getTime() / GENERATION_MS));
      const generation = Math.floor(until.getTime() / GENERATION_MS);
      const claimed = generations.get(generation) ?? new Set();
      if (claimed.has(tokenId)) return false;
      if (size >= most) throw new Overloaded(RETRY_SECONDS);
      claimed.add(tokenId);
      size += 1;
      generations.set(generation, claimed);
      return true;
    },
  };
};

/** Longest wait for a durable guard: cards come without it too. */
const PATIENCE_MS = 250;
/** For this long a durable guard that failed is not asked again. */
const REST_MS = 2_000;

const inTime = <T>(work: Promise<T>, ms: number): Promise<T> =>
  new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new StoreUnavailable()), ms);
    work.then(resolve, reject).finally(() => clearTimeout(late));
  });

/**
 * Creates a guard that claims in this process first and then durably, across restarts and replicas. While the store
 * cannot be reached the process remembers alone, and says so: a call is not refused for it.
 */
export const createDurableReplayGuard = (
  durable: ReplayGuard,
  now: () => Date,
  log: Log,
): ReplayGuard => {
  const inProcess = createMemoryReplayGuard(now);
  let restsUntil = Number.NEGATIVE_INFINITY;
  return {
    claim: async (tokenId, until) => {
      if (!(await inProcess.claim(tokenId, until))) return false;
      if (performance.now() < restsUntil) return true;
      try {
        return await inTime(durable.claim(tokenId, until), PATIENCE_MS);
      } catch (error) {
        if (!(error instanceof StoreUnavailable)) throw error;
        restsUntil = performance.now() + REST_MS;
        log.error({ event: 'replay-guard-in-process-only', error: error.code });
        return true;
      }
    },
  };
};
