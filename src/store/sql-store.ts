// EvaluationStore over SQL: evaluations and audit events in batches, feedback durable before it is acknowledged. Must not know a database product.
import type { EvaluationStore, FeedbackReceipt, RequestKey } from '../cds/ports.js';
import type { AuditEvent, StoredEvaluation, StoredFeedback } from '../cds/stored-evaluation.js';
import { IdempotencyKeyReused, StoreUnavailable } from '../errors.js';
import { auditText, CHAIN_START, chainHash } from './audit-chain.js';
import { feedbackKey } from './feedback-key.js';
import { LOCKS, migrate } from './migrations.js';
import {
  evaluationOf,
  evaluationValues,
  feedbackValues,
  overrideOf,
  readAuditPages,
} from './rows.js';
import type { SqlDatabase, SqlSession } from './sql-database.js';
import { createWriteQueue, type WriteQueue } from './write-queue.js';

/** An evaluation that is composed at its first write; what it was composed from is let go then. */
interface PendingEvaluation {
  compose: (() => StoredEvaluation) | undefined;
  evaluation: StoredEvaluation | undefined;
}

type Write = { readonly pending: PendingEvaluation } | { readonly event: AuditEvent };

/** Limits of the write queue. */
export interface SqlStoreOptions {
  /** Told StoreUnavailable, or what a bug threw where an evaluation was composed. */
  readonly onFailure: (error: unknown) => void;
  readonly maxBatch?: number;
  readonly maxWaiting?: number;
  readonly gatherMs?: number;
  readonly retryMs?: number;
}

const ms = (instant: string): number => Date.parse(instant);

const insertEvaluation = async (
  { run }: SqlSession,
  evaluation: StoredEvaluation,
): Promise<void> => {
  const added = await run(
    `INSERT INTO evaluations (id, client, patient, service, evaluated_at, received_at,
       knowledge_version, knowledge_digest, has_problems, record, snapshot)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING`,
    evaluationValues(evaluation),
  );
  if (added === 0) return;
  for (const card of evaluation.cards) {
    await run(
      `INSERT INTO cards (client, uuid, evaluation, patient, topic, facts, suggestions)
       VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING`,
      [
        evaluation.client,
        card.uuid,
        evaluation.id,
        evaluation.patient,
        card.topic,
        card.facts,
        JSON.stringify(card.suggestions),
      ],
    );
  }
};

const insertEvents = async (
  { run, all }: SqlSession,
  events: readonly AuditEvent[],
): Promise<void> => {
  if (events.length === 0) return;
  const [last] = await all('SELECT sequence, hash FROM audit ORDER BY sequence DESC LIMIT 1');
  let sequence = Number(last?.sequence ?? 0);
  let hash = String(last?.hash ?? CHAIN_START);
  for (const event of events) {
    const text = auditText(event);
    sequence += 1;
    hash = chainHash(hash, text);
    await run('INSERT INTO audit (sequence, recorded_at, event, hash) VALUES ($1, $2, $3, $4)', [
      sequence,
      ms(event.recorded),
      text,
      hash,
    ]);
  }
};

const insertFeedback = async (
  { run, all }: SqlSession,
  item: StoredFeedback,
): Promise<keyof FeedbackReceipt> => {
  const [card] = await all('SELECT suggestions FROM cards WHERE client = $1 AND uuid = $2', [
    item.client,
    item.card,
  ]);
  const issued = card ? (JSON.parse(String(card.suggestions)) as readonly string[]) : [];
  const isMatched =
    card !== undefined && item.acceptedSuggestions.every((uuid) => issued.includes(uuid));
  const added = await run(
    `INSERT INTO feedback (key, client, service, card, matched, outcome, outcome_at, received_at,
       suggestions, reason_code, reason_system, comment)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT DO NOTHING`,
    [feedbackKey(item), ...feedbackValues(item, isMatched)],
  );
  if (added === 0) return 'repeated';
  return isMatched ? 'stored' : 'unmatched';
};

const insertAll = async (
  session: SqlSession,
  items: readonly StoredFeedback[],
): Promise<FeedbackReceipt> => {
  const receipt = { stored: 0, repeated: 0, unmatched: 0 };
  for (const item of items) receipt[await insertFeedback(session, item)] += 1;
  return receipt;
};

/** Does a request that has a key once: whoever comes second waits for the first and gets its receipt. */
const insertOnce = async (
  session: SqlSession,
  items: readonly StoredFeedback[],
  { key, digest }: RequestKey,
): Promise<FeedbackReceipt & { readonly isAgain?: true }> => {
  const { run, all } = session;
  const { client = '', service = '', receivedAt = '' } = items[0] ?? {};
  const named = [client, service, key];
  const added = await run(
    `INSERT INTO requests (client, service, key, digest, receipt, received_at)
     VALUES ($1, $2, $3, $4, '', $5) ON CONFLICT DO NOTHING`,
    [...named, digest, ms(receivedAt)],
  );
  const isIt = 'client = $1 AND service = $2 AND key = $3';
  if (added === 0) {
    const [known] = await all(`SELECT digest, receipt FROM requests WHERE ${isIt}`, named);
    if (known?.digest !== digest) throw new IdempotencyKeyReused();
    return { ...(JSON.parse(String(known.receipt)) as FeedbackReceipt), isAgain: true };
  }
  const receipt = await insertAll(session, items);
  await run(`UPDATE requests SET receipt = $4 WHERE ${isIt}`, [...named, JSON.stringify(receipt)]);
  return receipt;
};

const removeBefore = (database: SqlDatabase, before: string, now: string): Promise<number> =>
  database.transaction(undefined, async ({ run }) => {
    const limit = [ms(before)];
    await run(
      'DELETE FROM cards WHERE evaluation IN (SELECT id FROM evaluations WHERE received_at < $1)',
      limit,
    );
    await run('DELETE FROM feedback WHERE received_at < $1', limit);
    await run('DELETE FROM requests WHERE received_at < $1', limit);
    await run('DELETE FROM tokens WHERE expires_at < $1', [ms(now)]);
    return run('DELETE FROM evaluations WHERE received_at < $1', limit);
  });

/** Composes an evaluation once. @throws what composing throws, a bug; the evaluation is left out from then on */
const composeOnce = (pending: PendingEvaluation): void => {
  const { compose } = pending;
  pending.compose = undefined;
  if (compose) pending.evaluation = compose();
};

/** Failures of the database become StoreUnavailable; nothing of them is shown. */
const guarded = async <T>(work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    if (error instanceof IdempotencyKeyReused) throw error;
    throw new StoreUnavailable({ cause: error });
  }
};

/** Creates the store; its tables are brought up to date before the first use, and again after a failure. */
export const createSqlStore = (
  database: SqlDatabase,
  options: SqlStoreOptions,
): EvaluationStore => {
  let migrated: Promise<void> | undefined;
  const ready = (): Promise<void> => {
    migrated ??= migrate(database).catch((error: unknown) => {
      migrated = undefined;
      throw error;
    });
    return migrated;
  };
  const use = <T>(work: () => Promise<T>): Promise<T> =>
    guarded(async () => {
      await ready();
      return work();
    });
  let uncomposed = 0;
  const composeAll = (writes: readonly Write[]): void => {
    for (const write of writes) {
      try {
        if ('pending' in write) composeOnce(write.pending);
      } catch (error) {
        uncomposed += 1;
        options.onFailure(error);
      }
    }
  };
  const queue: WriteQueue<Write> = createWriteQueue<Write>({
    write: (writes) => {
      composeAll(writes);
      return use(() =>
        database.transaction(LOCKS.audit, async (session) => {
          const events: AuditEvent[] = [];
          for (const write of writes) {
            if ('event' in write) events.push(write.event);
            else if (write.pending.evaluation)
              await insertEvaluation(session, write.pending.evaluation);
          }
          await insertEvents(session, events);
        }),
      );
    },
    maxBatch: options.maxBatch ?? 100,
    maxWaiting: options.maxWaiting ?? 2_000,
    gatherMs: options.gatherMs ?? 25,
    retryMs: options.retryMs ?? 1000,
    onFailure: options.onFailure,
  });

  return {
    append: (compose) => queue.push({ pending: { compose, evaluation: undefined } }),
    audit: (event) => queue.push({ event }),
    flush: queue.flush,
    find: (id) =>
      use(async () => {
        const [row] = await database.all('SELECT record, snapshot FROM evaluations WHERE id = $1', [
          id,
        ]);
        return row && evaluationOf(row);
      }),
    findPrevious: (client, patient, before) =>
      use(async () => {
        const [row] = await database.all(
          `SELECT record, snapshot FROM evaluations
           WHERE client = $1 AND patient = $2 AND evaluated_at < $3 AND has_problems = 1
           ORDER BY evaluated_at DESC, received_at DESC LIMIT 1`,
          [client, patient, ms(before)],
        );
        return row && evaluationOf(row);
      }),
    findOverrides: (client, patient, since) =>
      use(async () => {
        const rows = await database.all(
          `SELECT c.topic, c.facts, f.reason_code,
             CASE WHEN f.outcome_at < f.received_at THEN f.outcome_at ELSE f.received_at END AS since
           FROM feedback f
           JOIN cards c ON c.client = f.client AND c.uuid = f.card
           WHERE c.client = $1 AND c.patient = $2 AND f.matched = 1 AND f.outcome = 'overridden'
             AND f.reason_code IS NOT NULL AND f.outcome_at >= $3 AND f.received_at >= $3
           ORDER BY since DESC`,
          [client, patient, ms(since)],
        );
        return rows.map(overrideOf);
      }),
    recordFeedback: (items, request) =>
      use(async () => {
        // A card shown a moment ago may still wait in the queue; its feedback must find it.
        await queue.flush();
        return database.transaction(undefined, (session) =>
          request ? insertOnce(session, items, request) : insertAll(session, items),
        );
      }),
    countFeedback: () =>
      use(async () => {
        const rows = await database.all(
          `SELECT c.topic, f.outcome, COALESCE(f.reason_code, '') AS reason, COUNT(*) AS total
           FROM feedback f JOIN cards c ON c.client = f.client AND c.uuid = f.card
           WHERE f.matched = 1 GROUP BY c.topic, f.outcome, COALESCE(f.reason_code, '')
           ORDER BY c.topic, f.outcome, reason`,
        );
        return rows.map((row) => ({
          topic: String(row.topic),
          outcome: String(row.outcome),
          reason: String(row.reason),
          count: Number(row.total),
        }));
      }),
    claimToken: (issuer, jti, expiresAt) =>
      use(
        async () =>
          (await database.run(
            'INSERT INTO tokens (issuer, jti, expires_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING',
            [issuer, jti, ms(expiresAt)],
          )) === 1,
      ),
    readAudit: () => readAuditPages((sql, values) => use(() => database.all(sql, values))),
    removeBefore: (before, now) => use(() => removeBefore(database, before, now)),
    state: async () => {
      const [waiting, dropped] = [queue.waiting(), queue.dropped() + uncomposed];
      try {
        await use(() => database.all('SELECT 1 AS one'));
      } catch {
        return { state: 'down', waiting, dropped };
      }
      return { state: dropped > 0 ? 'degraded' : 'up', waiting, dropped };
    },
    close: async () => {
      await queue.flush().catch(options.onFailure);
      await database.close();
    },
  };
};
