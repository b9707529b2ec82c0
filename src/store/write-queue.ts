// Gathers writes and hands them on in batches, in order; bounded, so that a store that is down costs memory only up to a limit. Must not know what is written.

/** How a queue gathers and retries. */
export interface QueueOptions<T> {
  /** Writes a batch durably or throws; called for one batch at a time. */
  readonly write: (items: readonly T[]) => Promise<void>;
  readonly maxBatch: number;
  /** More waiting items than this, beside the batch being written: the oldest are dropped and counted. */
  readonly maxWaiting: number;
  readonly gatherMs: number;
  /** Pause after a failed batch. */
  readonly retryMs: number;
  readonly onFailure: (error: unknown) => void;
}

export interface WriteQueue<T> {
  /** Never waits and never throws. */
  readonly push: (item: T) => void;
  /** Resolves when all items pushed before are written. @throws what the last write threw */
  readonly flush: () => Promise<void>;
  readonly waiting: () => number;
  readonly dropped: () => number;
}

/** Creates a queue; its timers do not keep the process alive. */
export const createWriteQueue = <T>(options: QueueOptions<T>): WriteQueue<T> => {
  let items: T[] = [];
  /** How many of the first items are being written. */
  let inFlight = 0;
  let dropped = 0;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;

  const bound = (): void => {
    const surplus = items.length - inFlight - options.maxWaiting;
    if (surplus <= 0) return;
    items.splice(inFlight, surplus);
    dropped += surplus;
  };
  const drain = async (): Promise<void> => {
    while (items.length > 0) {
      const batch = items.slice(0, options.maxBatch);
      inFlight = batch.length;
      try {
        await options.write(batch);
        items = items.slice(batch.length);
      } finally {
        inFlight = 0;
        bound();
      }
    }
  };
  const run = (): Promise<void> => {
    running ??= drain().finally(() => {
      running = undefined;
    });
    return running;
  };
  const schedule = (delayMs: number): void => {
    timer ??= setTimeout(() => {
      timer = undefined;
      run().catch((error: unknown) => {
        options.onFailure(error);
        schedule(options.retryMs);
      });
    }, delayMs);
    timer.unref();
  };

  return {
    push: (item) => {
      items.push(item);
      bound();
      schedule(options.gatherMs);
    },
    flush: async () => {
      await (running ?? Promise.resolve()).catch(() => undefined);
      await run();
    },
    waiting: () => items.length,
    dropped: () => dropped,
  };
};
