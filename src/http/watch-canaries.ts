// Runs the canary patients at start and now and then, and keeps how it ended. Must not know what they are.
import type { CanaryState } from '../cds/canary.js';
import type { Log } from '../cds/ports.js';

const EVERY_MS = 60_000;

/** A watch that can be asked and ended. */
export interface CanaryWatch {
  readonly state: () => CanaryState;
  readonly stop: () => void;
}

/** Runs the check at once and then every minute; logs when its outcome turns. */
export const watchCanaries = (
  check: () => CanaryState,
  log: Log,
  everyMs = EVERY_MS,
): CanaryWatch => {
  let state = check();
  const tell = ({ status, canaries }: CanaryState): void => {
    const different = canaries.filter(({ differs }) => differs.length > 0);
    if (status === 'different') log.error({ event: 'canaries-different', canaries: different });
    else log.info({ event: 'canaries-as-expected' });
  };
  if (state.status === 'different') tell(state);
  const timer = setInterval(() => {
    const before = state.status;
    state = check();
    if (state.status !== before) tell(state);
  }, everyMs).unref();
  return { state: () => state, stop: () => clearInterval(timer) };
};
