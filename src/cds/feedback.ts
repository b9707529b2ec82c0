// Feedback as a CDS Client sends it, and what is kept of it. Must not know HTTP or a database.
import type { EvaluationStore, FeedbackReceipt, RequestKey } from './ports.js';
import type { StoredFeedback } from './stored-evaluation.js';

/** One outcome of one card, in the words of the specification; vendor dialects are brought to it at the edge. @see CDS Hooks 2.0 "Feedback" */
export interface Feedback {
  /** The `uuid` of the card. */
  readonly card: string;
  readonly outcome: 'accepted' | 'overridden';
  /** RFC 3339. */
  readonly outcomeTimestamp: string;
  /** `uuid` of each accepted suggestion; only with `accepted`. */
  readonly acceptedSuggestions: readonly { readonly id: string }[];
  readonly overrideReason?: {
    readonly reason?: { readonly code: string; readonly system?: string };
    readonly userComment?: string;
  };
}

/** Where a report came from and when. */
export interface FeedbackOrigin {
  /** Id of the registered CDS Client. */
  readonly client: string;
  readonly service: string;
  readonly receivedAt: Date;
  /** Where the client gave the request a key. */
  readonly request?: RequestKey;
}

const toStored = (
  { card, outcome, outcomeTimestamp, acceptedSuggestions, overrideReason }: Feedback,
  { client, service, receivedAt }: FeedbackOrigin,
): StoredFeedback => ({
  client,
  service,
  card,
  outcome,
  outcomeTimestamp: new Date(outcomeTimestamp).toISOString(),
  receivedAt: receivedAt.toISOString(),
  acceptedSuggestions: acceptedSuggestions.map(({ id }) => id),
  ...(overrideReason?.reason && { reason: overrideReason.reason }),
  ...(overrideReason?.userComment && { comment: overrideReason.userComment }),
});

/** What became of a batch. */
export interface RecordedFeedback {
  readonly receipt: FeedbackReceipt;
  /** Whether the request had come before and nothing was done. */
  readonly isAgain: boolean;
}

/**
 * Keeps a batch of feedback; resolves only when all of it is durable.
 * @throws {StoreUnavailable} | {IdempotencyKeyReused} when nothing of it was kept
 */
export const recordFeedback = async (
  items: readonly Feedback[],
  origin: FeedbackOrigin,
  evaluations: Pick<EvaluationStore, 'recordFeedback' | 'audit'>,
): Promise<RecordedFeedback> => {
  const { isAgain = false, ...receipt } = await evaluations.recordFeedback(
    items.map((item) => toStored(item, origin)),
    origin.request,
  );
  evaluations.audit({
    recorded: origin.receivedAt.toISOString(),
    type: 'feedback',
    subtype: origin.service,
    outcome: receipt.unmatched > 0 ? 'minor-failure' : 'success',
    agent: origin.client,
    detail: `${isAgain ? 'again: ' : ''}stored ${receipt.stored}, repeated ${receipt.repeated}, unmatched ${receipt.unmatched}`,
  });
  return { receipt, isAgain };
};
