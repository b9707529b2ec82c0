// How much waits: bounded, whatever the write under way does.
import assert from 'node:assert/strict';
import { createWriteQueue, type WriteQueue } from '../../src/store/write-queue.js';

/** A queue whose writes end when they are told to. */
const held = (): {
  readonly queue: WriteQueue<number>;
  readonly written: number[];
  readonly end: (error?: Error) => Promise<void>;
} => {
  const written: number[] = [];
  let settle: (error?: Error) => void = () => undefined;
  const queue = createWriteQueue<number>({
    write: (items) =>
      new Promise((resolve, reject) => {
        settle = (error) => {
          if (error) return reject(error);
          written.push(...items);
          resolve();
        };
      }),
    maxBatch: 3,
    maxWaiting: 5,
    gatherMs: 10_000,
    retryMs: 10_000,
    onFailure: () => undefined,
  });
  const end = async (error?: Error): Promise<void> => {
    settle(error);
    await new Promise(setImmediate);
  };
  return { queue, written, end };
};

const push = (queue: WriteQueue<number>, from: number, to: number): void => {
  for (let item = from; item < to; item += 1) queue.push(item);
};

describe('a write queue', () => {
  it('drops the oldest beyond its bound while a write is under way, and nothing of that write', async () => {
    const { queue, written, end } = held();
    push(queue, 0, 3);
    const flushed = queue.flush();
    await new Promise(setImmediate);

    push(queue, 3, 1003);
    assert.deepEqual([queue.waiting(), queue.dropped()], [3 + 5, 995]);
    await end();
    await end();
    await end();
    await flushed;

    assert.deepEqual(written, [0, 1, 2, 998, 999, 1000, 1001, 1002]);
    assert.deepEqual([queue.waiting(), queue.dropped()], [0, 995]);
  });

  it('keeps its bound when the write under way fails', async () => {
    const { queue, written, end } = held();
    push(queue, 0, 3);
    const flushed = queue.flush();
    await new Promise(setImmediate);
    push(queue, 3, 8);

    await Promise.all([assert.rejects(flushed, /down/), end(new Error('down'))]);

    assert.deepEqual([queue.waiting(), queue.dropped()], [5, 3]);
    assert.deepEqual(written, []);
  });
});
