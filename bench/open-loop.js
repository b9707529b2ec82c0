// Requests at a fixed rate whatever becomes of them (open loop: a slow server gets no mercy), with time and outcome of each. Must not judge.
import { Agent, request } from 'node:http';

const TIMEOUT_MS = 15_000;

/** Sends one request; resolves with its status, or with the code of what went wrong, and never rejects. */
export const send = (base, { path, method = 'POST', headers = {}, body }, agent) =>
  new Promise((resolve) => {
    const startedAt = performance.now();
    const done = (outcome, text = '', retryAfter) =>
      resolve({ outcome, text, retryAfter, ms: performance.now() - startedAt });
    const sent = request(
      `${base}${path}`,
      {
        method,
        agent,
        timeout: TIMEOUT_MS,
        headers: { 'content-type': 'application/json', ...headers },
      },
      (response) => {
        const parts = [];
        response.on('data', (part) => parts.push(part));
        response.once('end', () =>
          done(
            response.statusCode,
            Buffer.concat(parts).toString(),
            response.headers['retry-after'],
          ),
        );
        response.once('error', (error) => done(error.code ?? 'CUT'));
      },
    );
    sent.once('timeout', () => sent.destroy(Object.assign(new Error(), { code: 'TIMEOUT' })));
    // A kept connection that is closed as a request sets out on it: HTTP/1.1 cannot tell, clients send again (RFC 9112 9.3.1).
    sent.once('error', ({ code = 'FAILED' }) =>
      done(code === 'ECONNRESET' && sent.reusedSocket ? 'CLOSED_WHEN_IDLE' : code),
    );
    sent.end(body);
  });

/** An agent that keeps its connections, without a limit of them. */
export const keeping = () => new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY });

/**
 * Sends `perSecond` requests a second until `isOver`, each made by `next`; resolves with all results in order.
 * @param next - gives the promise of a request; it is called on schedule, late ones in a burst
 */
export const openLoop = async (perSecond, isOver, next) => {
  const startedAt = performance.now();
  const results = [];
  while (!isOver(performance.now() - startedAt)) {
    const due = Math.floor(((performance.now() - startedAt) / 1000) * perSecond);
    while (results.length < due) results.push(next(results.length));
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  return Promise.all(results);
};

/** For so many seconds. */
export const seconds = (count) => (elapsedMs) => elapsedMs >= count * 1000;

/** The value below which `share` of the values lie. */
export const percentile = (values, share) => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
};

/** How many of each outcome. */
export const tally = (results) => {
  const counts = {};
  for (const { outcome } of results) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
};
