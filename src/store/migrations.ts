// The tables, one step a version; a step never changes once it has been released. Must not know a database product.
import type { SqlDatabase } from './sql-database.js';

/** Statements that SQLite and PostgreSQL both understand. Instants are BIGINT milliseconds since the epoch. */
const STEPS: readonly (readonly string[])[] = [
  [
    `CREATE TABLE evaluations (
      id TEXT PRIMARY KEY, client TEXT NOT NULL, patient TEXT NOT NULL, service TEXT NOT NULL,
      evaluated_at BIGINT NOT NULL, received_at BIGINT NOT NULL,
      knowledge_version TEXT NOT NULL, knowledge_digest TEXT NOT NULL,
      has_problems INTEGER NOT NULL, record TEXT NOT NULL, snapshot TEXT)`,
    'CREATE INDEX evaluations_of_patient ON evaluations (client, patient, evaluated_at)',
    'CREATE INDEX evaluations_received ON evaluations (received_at)',
    `CREATE TABLE cards (
      client TEXT NOT NULL, uuid TEXT NOT NULL, evaluation TEXT NOT NULL, patient TEXT NOT NULL,
      topic TEXT NOT NULL, facts TEXT NOT NULL, suggestions TEXT NOT NULL,
      PRIMARY KEY (client, uuid))`,
    'CREATE INDEX cards_of_patient ON cards (client, patient)',
    'CREATE INDEX cards_of_evaluation ON cards (evaluation)',
    `CREATE TABLE feedback (
      key TEXT PRIMARY KEY, client TEXT NOT NULL, service TEXT NOT NULL, card TEXT NOT NULL,
      matched INTEGER NOT NULL, outcome TEXT NOT NULL, outcome_at BIGINT NOT NULL,
      received_at BIGINT NOT NULL, suggestions TEXT NOT NULL,
      reason_code TEXT, reason_system TEXT, comment TEXT)`,
    'CREATE INDEX feedback_of_card ON feedback (client, card)',
    `CREATE TABLE tokens (
      issuer TEXT NOT NULL, jti TEXT NOT NULL, expires_at BIGINT NOT NULL,
      PRIMARY KEY (issuer, jti))`,
    'CREATE INDEX tokens_expiry ON tokens (expires_at)',
    `CREATE TABLE audit (
      sequence BIGINT PRIMARY KEY, recorded_at BIGINT NOT NULL, event TEXT NOT NULL, hash TEXT NOT NULL)`,
  ],
  [
    `CREATE TABLE requests (
      client TEXT NOT NULL, service TEXT NOT NULL, key TEXT NOT NULL, digest TEXT NOT NULL,
      receipt TEXT NOT NULL, received_at BIGINT NOT NULL, PRIMARY KEY (client, service, key))`,
    'CREATE INDEX requests_received ON requests (received_at)',
  ],
];

/** Locks that keep two replicas out of each other's way. */
export const LOCKS = { migration: 7_421_001, audit: 7_421_002 } as const;

/** Brings the tables to the newest version; several processes may call it at once. */
export const migrate = async (database: SqlDatabase): Promise<void> => {
  await database.transaction(LOCKS.migration, async ({ run, all }) => {
    await run('CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL)');
    const [row] = await all('SELECT MAX(version) AS version FROM schema_version');
    const current = Number(row?.version ?? 0);
    if (current > STEPS.length) {
      throw new Error(`the store is of version ${current}, newer than this program`);
    }
    for (let version = current; version < STEPS.length; version += 1) {
      for (const statement of STEPS[version] ?? []) await run(statement);
      await run('INSERT INTO schema_version (version) VALUES ($1)', [version + 1]);
    }
  });
};
