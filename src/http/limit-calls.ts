// How many calls are let in at once: by client, and while the event loop keeps up. Must not know what a call does.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Request, RequestHandler } from 'express';
import { Overloaded, RateLimited } from '../errors.js';
import { clientOf } from './authenticate.js';

const RESOLUTION_MS = 10;
const WINDOW_MS = 250;
const SECOND_MS = 1_000;
const MOST_RETRY_SECONDS = 5;
/** More than this of a refused body is not waited for. */
const DRAIN_MS = 1_000;

/** Spreads the return of the refused, so that they do not come back all at once. */
const retryAfter = (): number => 1 + Math.floor(Math.random() * MOST_RETRY_SECONDS);

/** Reads a body to its end without keeping it: a client that is answered while it sends may lose the answer. */
const drained = (request: Request): Promise<void> =>
  new Promise((resolve) => {
    if (request.complete || request.readableEnded) return resolve();
    const late = setTimeout(resolve, DRAIN_MS);
    const done = (): void => {
      clearTimeout(late);
      resolve();
    };
    request.once('end', done).once('close', done).resume();
  });

/**
 * Refuses a client's calls beyond its limit of calls under way (429). While the process cannot keep up it refuses those of
 * clients that ask for their share of it or more (503): one client's hung server must not cost another its cards. What a
 * client asks for are its calls under way and those that came within the second, refused ones too; its first is let in.
 */
export const limitCalls = (isOverloaded: () => boolean): RequestHandler => {
  const underWay = new Map<string, number>();
  const came = new Map<string, number>();
  let since = Number.NEGATIVE_INFINITY;
  const askedBy = (id: string): number => (underWay.get(id) ?? 0) + (came.get(id) ?? 0);
  const share = (): number => {
    const clients = new Set([...underWay.keys(), ...came.keys()]);
    let total = 0;
    for (const id of clients) total += askedBy(id);
    return total / clients.size;
  };
  const count = (counts: Map<string, number>, id: string, by: number): void => {
    const left = (counts.get(id) ?? 0) + by;
    if (left > 0) counts.set(id, left);
    else counts.delete(id);
  };
  return async (request, response, next) => {
    const { id, limits } = clientOf(response);
    const now = performance.now();
    if (now - since >= SECOND_MS) {
      came.clear();
      since = now;
    }
    const isBeyond = (underWay.get(id) ?? 0) >= limits.concurrent;
    const asked = askedBy(id);
    const isShed = asked > 0 && isOverloaded() && asked >= share();
    count(came, id, 1);
    if (isBeyond || isShed) {
      await drained(request);
      throw isBeyond ? new RateLimited(retryAfter()) : new Overloaded(retryAfter());
    }
    count(underWay, id, 1);
    response.once('close', () => count(underWay, id, -1));
    next();
  };
};

/** Refuses everybody while the process cannot keep up: 503, after the body was read. */
export const shedLoad =
  (isOverloaded: () => boolean): RequestHandler =>
  async (request, _response, next) => {
    if (!isOverloaded()) {
      next();
      return;
    }
    await drained(request);
    throw new Overloaded(retryAfter());
  };

/**
 * Watches the event loop.
 * @param longestDelayMs - mean delay over a quarter of a second that counts as overload; 0 watches nothing
 */
export const watchEventLoop = (longestDelayMs: number): (() => boolean) => {
  if (longestDelayMs === 0) return () => false;
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  let isOverloaded = false;
  delays.enable();
  setInterval(() => {
    isOverloaded = delays.count > 0 && delays.mean / 1e6 - RESOLUTION_MS > longestDelayMs;
    delays.reset();
  }, WINDOW_MS).unref();
  return () => isOverloaded;
};
