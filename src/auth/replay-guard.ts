// Used tokens in memory, forgotten once they are too old to be used. The durable guards are in store/. Must not know what a token says.
import type { ReplayGuard } from '../cds/ports.js';
import { Overloaded } from '../errors.js';

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
