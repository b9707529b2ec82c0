// The natural key of a feedback item: the same report again has the same key. Must not know a database.
import { createHash } from 'node:crypto';
import type { StoredFeedback } from '../cds/stored-evaluation.js';

/** SHA-256 over what makes a report the same report; the time it was received is not part of it. */
export const feedbackKey = (item: StoredFeedback): string =>
  createHash('sha256')
    .update(
      JSON.stringify([
        item.client,
        item.card,
        item.outcome,
        new Date(item.outcomeTimestamp).toISOString(),
        [...item.acceptedSuggestions].sort(),
        item.reason?.system ?? '',
        item.reason?.code ?? '',
        item.comment ?? '',
      ]),
    )
    .digest('hex');
