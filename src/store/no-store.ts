// The EvaluationStore that keeps nothing: for benchmarks, and for whoever wants cards only. Feedback is refused, not swallowed.
import type { EvaluationStore } from '../cds/ports.js';
import { StoreUnavailable } from '../errors.js';

const refuse = (): never => {
  throw new StoreUnavailable();
};

/** Keeps nothing and says so. */
export const noStore: EvaluationStore = {
  append: () => undefined,
  audit: () => undefined,
  flush: async () => undefined,
  find: async () => refuse(),
  findPrevious: async () => undefined,
  findOverrides: async () => [],
  recordFeedback: async () => refuse(),
  countFeedback: async () => refuse(),
  claimToken: async () => refuse(),
  readAudit: () => refuse(),
  removeBefore: async () => 0,
  state: async () => ({ state: 'down', waiting: 0, dropped: 0 }),
  close: async () => undefined,
};
