// The store contract on memory and SQLite; the SQLite file is private to its user.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StoreUnavailable } from '../../src/errors.js';
import { openStore, storeKindOf } from '../../src/store/open-store.js';
import type { SqlDatabase } from '../../src/store/sql-database.js';
import { createSqlStore } from '../../src/store/sql-store.js';
import { openSqlite } from '../../src/store/sqlite-database.js';
import { describeDurability } from './durability.js';
import { anEvaluation, describeStoreContract, feedbackOn } from './store-contract.js';

const failing = (error: unknown): never => {
  throw error;
};

describeStoreContract(
  'memory',
  async () => openStore('memory:', { onFailure: failing }),
  undefined,
);

describe('SQLite', () => {
  let folder: string;
  const url = () => `file:${join(folder, 'nested', 'pain.db')}`;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'pain-cds-store-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const open = async () => openStore(url(), { onFailure: failing });

  it('keeps its file readable for its user only', async () => {
    const store = await open();
    await store.flush();

    assert.equal(statSync(join(folder, 'nested', 'pain.db')).mode & 0o777, 0o600);
    await store.close();
  });

  describeDurability('SQLite', url);
  describeStoreContract('SQLite', open, open);
});

describe('a store whose database fails', () => {
  const broken = (): { database: SqlDatabase; mend: () => void } => {
    const real = openSqlite(':memory:');
    let isDown = true;
    const when = <T>(work: () => Promise<T>): Promise<T> =>
      isDown ? Promise.reject(new Error('password=secret')) : work();
    return {
      mend: () => {
        isDown = false;
      },
      database: {
        run: (sql, values) => when(() => real.run(sql, values)),
        all: (sql, values) => when(() => real.all(sql, values)),
        transaction: (lock, work) => when(() => real.transaction(lock, work)),
        close: real.close,
      },
    };
  };

  it('refuses feedback, takes evaluations, and writes them once it is back', async () => {
    const { database, mend } = broken();
    const failures: unknown[] = [];
    const store = createSqlStore(database, {
      onFailure: (error) => failures.push(error),
      gatherMs: 1,
      retryMs: 5,
    });
    const evaluation = anEvaluation();

    store.append(() => evaluation);
    await assert.rejects(store.recordFeedback([feedbackOn(evaluation)]), StoreUnavailable);
    assert.deepEqual(await store.state(), { state: 'down', waiting: 1, dropped: 0 });

    mend();
    await store.flush();
    assert.deepEqual(await store.find(evaluation.id), evaluation);
    assert.equal((await store.recordFeedback([feedbackOn(evaluation)])).stored, 1);
    await store.close();
  });

  it('shows nothing of the failure', async () => {
    const { database } = broken();
    const store = createSqlStore(database, { onFailure: () => undefined });

    await assert.rejects(store.find('x'), ({ message }: Error) => !message.includes('secret'));
    await store.close();
  });

  it('drops the oldest evaluations beyond its limit and says so', async () => {
    const { database, mend } = broken();
    const store = createSqlStore(database, {
      onFailure: () => undefined,
      maxWaiting: 3,
      gatherMs: 1,
      retryMs: 100_000,
    });
    const evaluations = Array.from({ length: 5 }, () => anEvaluation());
    for (const evaluation of evaluations) store.append(() => evaluation);
    await new Promise((resolve) => setTimeout(resolve, 10));

    mend();
    await store.flush();

    assert.deepEqual(await store.state(), { state: 'degraded', waiting: 0, dropped: 2 });
    assert.equal(await store.find(evaluations[1]?.id ?? ''), undefined);
    assert.equal((await store.find(evaluations[4]?.id ?? ''))?.id, evaluations[4]?.id);
    await store.close();
  });
});

describe('an evaluation that cannot be composed', () => {
  it('is reported as the bug it is, counted as lost, and holds nothing up', async () => {
    const failures: unknown[] = [];
    const store = openStore('memory:', { onFailure: (error) => failures.push(error) });
    const bug = new TypeError('a bug');
    const evaluation = anEvaluation();

    store.append(() => {
      throw bug;
    });
    store.append(() => evaluation);
    await store.flush();

    assert.deepEqual(failures, [bug]);
    assert.deepEqual(await store.state(), { state: 'degraded', waiting: 0, dropped: 1 });
    assert.equal((await store.find(evaluation.id))?.id, evaluation.id);
    await store.close();
  });
});

describe('DATABASE_URL', () => {
  for (const [url, kind] of [
    ['memory:', 'memory'],
    ['file:/var/lib/pain.db', 'sqlite'],
    ['file:///var/lib/pain.db', 'sqlite'],
    ['postgresql://u@host/db', 'postgresql'],
    ['postgres://u@host/db', 'postgresql'],
    ['mysql://host', undefined],
    ['', undefined],
  ] as const)
    it(`"${url}" is ${kind ?? 'refused'}`, () => assert.equal(storeKindOf(url), kind));
});
