// Used tokens in memory: claimed once, forgotten only when too old to be used, never more than is allowed.
import assert from 'node:assert/strict';
import { createMemoryReplayGuard } from '../../src/auth/replay-guard.js';
import { Overloaded } from '../../src/errors.js';

describe('the replay guard in memory', () => {
  const start = Date.parse('2026-11-24T12:00:00Z');

  it('SEC-13 lets a token pass once until it ends', async () => {
    let now = start;
    const guard = createMemoryReplayGuard(() => new Date(now));
    const until = new Date(start + 360_000);

    assert.equal(await guard.claim('a', until), true);
    for (now = start; now < until.getTime(); now += 30_000)
      assert.equal(await guard.claim('a', until), false);
    assert.equal(await guard.claim('b', until), true);
  });

  it('SEC-13 refuses rather than forgets when it is full, and has room again when tokens end', async () => {
    let now = start;
    const guard = createMemoryReplayGuard(() => new Date(now), 2);
    const until = new Date(start + 60_000);
    await guard.claim('a', until);
    await guard.claim('b', until);

    await assert.rejects(guard.claim('c', until), Overloaded);
    assert.equal(await guard.claim('a', until), false);
    now = start + 180_000;
    assert.equal(await guard.claim('c', new Date(now + 60_000)), true);
  });
});
