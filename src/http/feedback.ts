// The feedback route of a service. Must not know how feedback is kept.
import type { RequestHandler } from 'express';
import { type CallDeps, findService } from '../cds/call-service.js';
import { recordFeedback } from '../cds/feedback.js';
import type { RequestKey } from '../cds/ports.js';
import { InvalidRequest, RateLimited } from '../errors.js';
import { clientOf } from './authenticate.js';
import { createFeedbackValidator } from './validate-feedback.js';

const MINUTE_MS = 60_000;

/** Refuses a client that sends more items a minute than it may: 429. */
const createItemLimit = (now: () => number) => {
  const spent = new Map<string, { readonly since: number; items: number }>();
  return (client: string, items: number, most: number): void => {
    const at = now();
    const window = spent.get(client);
    const current = window && at - window.since < MINUTE_MS ? window : { since: at, items: 0 };
    if (current.items + items > most)
      throw new RateLimited(Math.ceil((current.since + MINUTE_MS - at) / 1000));
    current.items += items;
    spent.set(client, current);
  };
};

/** An `Idempotency-Key`: printable, without spaces, as proxies pass it on. */
export const KEY = /^[!-~]{1,255}$/;

/** The key a client gave its request. @see draft-ietf-httpapi-idempotency-key-header */
const requestKey = (
  key: string | undefined,
  body: unknown,
  digest: CallDeps['digest'],
): { readonly request?: RequestKey } => {
  if (key === undefined) return {};
  if (!KEY.test(key))
    throw new InvalidRequest([
      { pointer: '', message: 'Idempotency-Key must be 1 to 255 printable characters' },
    ]);
  return { request: { key, digest: digest(JSON.stringify(body)) } };
};

/**
 * Takes feedback: 200 only when every item is durable.
 * @see https://cds-hooks.hl7.org/2.0/#feedback
 */
export const createFeedbackHandler = (deps: CallDeps): RequestHandler<{ id: string }> => {
  const validate = createFeedbackValidator();
  const limit = createItemLimit(() => performance.now());
  return async (request, response) => {
    const { id } = request.params;
    findService(deps.services, id);
    response.locals.isFeedback = true;
    const items = validate(request.body);
    const client = clientOf(response);
    limit(client.id, items.length, client.limits.feedbackPerMinute);
    const key = requestKey(request.get('idempotency-key'), request.body, deps.digest);
    const { receipt, isAgain } = await recordFeedback(
      items,
      { client: client.id, service: id, receivedAt: new Date(), ...key },
      deps.evaluations,
    );
    // What was counted when it came first is not counted again.
    if (!isAgain) response.locals.receipt = receipt;
    response.json({ feedback: receipt });
  };
};
