// PostgreSQL through pg as a SqlDatabase. Must not know tables.
import { Pool, type PoolClient } from 'pg';
import type { SqlDatabase, SqlSession } from './sql-database.js';

const CONNECT_TIMEOUT_MS = 2000;
const STATEMENT_TIMEOUT_MS = 5000;
const MAX_CONNECTIONS = 8;

const sessionOn = (client: Pick<PoolClient, 'query'>): SqlSession => ({
  run: async (sql, values = []) => (await client.query(sql, [...values])).rowCount ?? 0,
  all: async (sql, values = []) => (await client.query(sql, [...values])).rows,
});

/** Opens a pool; nothing is connected before it is used. */
export const openPostgres = (url: string, onIdleError: (error: unknown) => void): SqlDatabase => {
  const pool = new Pool({
    connectionString: url,
    max: MAX_CONNECTIONS,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    query_timeout: STATEMENT_TIMEOUT_MS,
    application_name: 'pain-cds',
  });
  pool.on('error', onIdleError);
  return {
    ...sessionOn(pool as Pick<PoolClient, 'query'>),
    transaction: async (lock, work) => {
      const client = await pool.connect();
      let broken: unknown;
      try {
        await client.query('BEGIN');
        if (lock !== undefined) await client.query('SELECT pg_advisory_xact_lock($1)', [lock]);
        const result = await work(sessionOn(client));
        await client.query('COMMIT');
        return result;
      } catch (error) {
        broken = error;
        await client.query('ROLLBACK').catch(() => undefined);
        throw error;
      } finally {
        client.release(broken instanceof Error);
      }
    },
    close: () => pool.end(),
  };
};
