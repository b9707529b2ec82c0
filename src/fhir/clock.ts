// What reads tell time and spread retries by; it is handed in. Must not know what is timed.

/** Time and chance. */
export interface Clock {
  /** Milliseconds since 1970, for dates a server sends. */
  readonly wallMs: () => number;
  /** Milliseconds that never step back, from any start, for budgets and pauses. */
  readonly steadyMs: () => number;
  /** From 0 to below 1. */
  readonly random: () => number;
}
