// What the SQL store needs from a database; SQLite and PostgreSQL fulfil it. Must not know tables.

/** A value of a column. Instants are milliseconds since the epoch. */
export type SqlValue = string | number | null;

/** Runs statements with `$1`, `$2`, ... for values. */
export interface SqlSession {
  /** Rows changed. */
  readonly run: (sql: string, values?: readonly SqlValue[]) => Promise<number>;
  readonly all: (sql: string, values?: readonly SqlValue[]) => Promise<readonly SqlRow[]>;
}

/** A row by column name. */
export type SqlRow = Readonly<Record<string, unknown>>;

export interface SqlDatabase extends SqlSession {
  /** All or nothing; with a `lock`, one at a time among all processes that ask with the same number. */
  readonly transaction: <T>(
    lock: number | undefined,
    work: (session: SqlSession) => Promise<T>,
  ) => Promise<T>;
  readonly close: () => Promise<void>;
}
