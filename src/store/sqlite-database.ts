// SQLite through libsql as a SqlDatabase: WAL, every commit synced. Must not know tables.
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { performance } from 'node:perf_hooks';
import Database from 'libsql';
import type { SqlDatabase, SqlRow, SqlSession } from './sql-database.js';

/** SQLite itself waits this long, blocking; then we wait without blocking. */
const BUSY_TIMEOUT_MS = 20;
const BUSY_PAUSE_MS = 10;
const MOST_BUSY_MS = 5000;

/** `$1` of our statements is SQLite's `?1`. */
const numbered = (sql: string): string => sql.replaceAll(/\$(\d+)/g, '?$1');

const withoutMetadata = (row: unknown): SqlRow => {
  const { _metadata, ...columns } = row as Record<string, unknown>;
  return columns;
};

const isBusy = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_BUSY');

/** Tries again while another connection writes, up to a limit. */
const whenFree = async <T>(work: () => T): Promise<T> => {
  const until = performance.now() + MOST_BUSY_MS;
  for (;;) {
    try {
      return work();
    } catch (error) {
      if (!isBusy(error) || performance.now() > until) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, BUSY_PAUSE_MS));
  }
};

/** Opens or creates a database file that only its user may read. `:memory:` keeps nothing. */
export const openSqlite = (path: string): SqlDatabase => {
  if (path !== ':memory:') {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    if (!existsSync(path)) writeFileSync(path, '', { mode: 0o600 });
    chmodSync(path, 0o600);
  }
  const database = new Database(path);
  database.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
  database.exec('PRAGMA journal_mode = WAL');
  database.exec('PRAGMA synchronous = FULL');
  const statements = new Map<string, ReturnType<typeof database.prepare>>();
  const prepared = (sql: string) => {
    const known = statements.get(sql);
    if (known) return known;
    const statement = database.prepare(numbered(sql));
    statements.set(sql, statement);
    return statement;
  };
  const session: SqlSession = {
    run: (sql, values = []) => whenFree(() => prepared(sql).run(...values).changes),
    all: (sql, values = []) =>
      whenFree(() =>
        prepared(sql)
          .all(...values)
          .map(withoutMetadata),
      ),
  };
  let last: Promise<unknown> = Promise.resolve();
  // One connection: whatever runs between two steps of a transaction would be part of it.
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = last.then(work);
    last = turn.catch(() => undefined);
    return turn;
  };
  return {
    run: (sql, values) => inTurn(() => session.run(sql, values)),
    all: (sql, values) => inTurn(() => session.all(sql, values)),
    transaction: (_lock, work) =>
      inTurn(async () => {
        await whenFree(() => database.exec('BEGIN IMMEDIATE'));
        try {
          const result = await work(session);
          database.exec('COMMIT');
          return result;
        } catch (error) {
          database.exec('ROLLBACK');
          throw error;
        }
      }),
    close: async () => {
      await last;
      database.close();
    },
  };
};
