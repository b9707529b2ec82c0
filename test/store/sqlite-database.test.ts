// Statements beside a transaction: each is durable or not by itself.
import assert from 'node:assert/strict';
import { openSqlite } from '../../src/store/sqlite-database.js';

describe('a statement beside an open transaction', () => {
  it('is not undone with it', async () => {
    const database = openSqlite(':memory:');
    await database.run('CREATE TABLE t (id INTEGER PRIMARY KEY)');
    let fail: () => void = () => undefined;
    const undone = database.transaction(undefined, async ({ run }) => {
      await run('INSERT INTO t (id) VALUES (1)');
      await new Promise<void>((_, reject) => {
        fail = () => reject(new Error('undone'));
      });
    });
    await new Promise((resolve) => setTimeout(resolve, 5));

    const beside = database.run('INSERT INTO t (id) VALUES (2)');
    const seen = database.all('SELECT id FROM t');
    fail();
    await assert.rejects(undone, /undone/);

    assert.equal(await beside, 1);
    assert.deepEqual(await seen, [{ id: 2 }]);
    assert.deepEqual(await database.all('SELECT id FROM t'), [{ id: 2 }]);
    await database.close();
  });

  it('that fails holds nothing up', async () => {
    const database = openSqlite(':memory:');

    await assert.rejects(database.run('INSERT INTO nothing VALUES (1)'));

    assert.deepEqual(await database.all('SELECT 1 AS one'), [{ one: 1 }]);
    await database.close();
  });
});
