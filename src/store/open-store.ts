// DATABASE_URL -> EvaluationStore. Must not know what is stored.
import { fileURLToPath } from 'node:url';
import type { EvaluationStore } from '../cds/ports.js';
import { StoreUnavailable } from '../errors.js';
import { noStore } from './no-store.js';
import { openPostgres } from './postgres-database.js';
import { createSqlStore, type SqlStoreOptions } from './sql-store.js';
import { openSqlite } from './sqlite-database.js';

/** Kinds of `DATABASE_URL`. */
export type StoreKind = 'none' | 'memory' | 'sqlite' | 'postgresql';

/** The kind of a `DATABASE_URL`; undefined when it is none of ours. */
export const storeKindOf = (url: string): StoreKind | undefined => {
  if (url === 'none:') return 'none';
  if (url === 'memory:') return 'memory';
  if (url.startsWith('file:')) return 'sqlite';
  return /^postgres(ql)?:\/\//.test(url) ? 'postgresql' : undefined;
};

/** The path of a `file:` URL, also of one that is not absolute. */
export const pathOf = (url: string): string =>
  url.startsWith('file://') ? fileURLToPath(url) : url.slice('file:'.length);

/**
 * Opens the store of a `DATABASE_URL`: `none:` (keeps nothing), `memory:` (kept as long as the process), `file:PATH` (SQLite) or `postgresql://...`.
 * A database that is down does not stop it: cards still come, feedback waits for it.
 */
export const openStore = (url: string, options: SqlStoreOptions): EvaluationStore => {
  const kind = storeKindOf(url);
  if (kind === undefined) throw new TypeError('not a store URL');
  if (kind === 'none') return noStore;
  const database =
    kind === 'postgresql'
      ? openPostgres(url, (cause) => options.onFailure(new StoreUnavailable({ cause })))
      : openSqlite(kind === 'memory' ? ':memory:' : pathOf(url));
  return createSqlStore(database, options);
};
