// The store contract on a real PostgreSQL server that this suite starts itself; in CI its absence is a failure.
import assert from 'node:assert/strict';
import { StoreUnavailable } from '../../src/errors.js';
import { openStore } from '../../src/store/open-store.js';
import { describeDurability } from './durability.js';
import { hasPostgres, type PostgresServer, startPostgres } from './postgres-server.js';
import { anEvaluation, describeStoreContract, feedbackOn } from './store-contract.js';

describe('PostgreSQL', () => {
  let server: PostgresServer;
  let url: string;

  before(async function () {
    this.timeout(30_000);
    if (!hasPostgres()) {
      assert.notEqual(process.env.CI, 'true', 'PostgreSQL is missing in CI');
      this.skip();
    }
    server = await startPostgres();
  });
  after(async function () {
    this.timeout(30_000);
    await server?.stop();
  });

  const open = async () => openStore(url, { onFailure: () => undefined });
  const openEmpty = async () => {
    url = server.newDatabase();
    return open();
  };

  it('refuses feedback while it is down and loses nothing it acknowledged', async () => {
    const store = await openEmpty();
    const [before, during] = [anEvaluation(), anEvaluation()];
    store.append(() => before);
    assert.equal((await store.recordFeedback([feedbackOn(before)])).stored, 1);

    await server.kill();
    store.append(() => during);
    await assert.rejects(store.recordFeedback([feedbackOn(during)]), StoreUnavailable);
    assert.equal((await store.state()).state, 'down');

    await server.start();
    await store.flush();
    assert.equal((await store.find(during.id))?.id, during.id);
    assert.deepEqual(await store.recordFeedback([feedbackOn(before), feedbackOn(during)]), {
      stored: 1,
      repeated: 1,
      unmatched: 0,
    });
    await store.close();
  }).timeout(30_000);

  describeDurability('PostgreSQL', () => server.newDatabase());
  describeStoreContract('PostgreSQL', openEmpty, open);
});
