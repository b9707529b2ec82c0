// The feedback route of a service. Must not know how feedback is kept.
import type { RequestHandler } from 'express';
import { type CallDeps, findService } from '../cds/call-service.js';
import { recordFeedback } from '../cds/feedback.js';
import { RateLimited } from '../errors.js';
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
    const receivedAt = new Date();
    const receipt = await recordFeedback(
      items,
      { client: client.id, service: id, receivedAt },
      deps.evaluations,
    );
    response.locals.receipt = receipt;
    response.json({ feedback: receipt });
  };
};
