// Used tokens in memory: claimed once, forgotten only when too old to be used, never more than is allowed.
import assert from 'node:assert/strict';
import { createDurableReplayGuard, createMemoryReplayGuard } from '../../src/auth/replay-guard.js';
import type { ReplayGuard } from '../../src/cds/ports.js';
import { Overloaded, StoreUnavailable } from '../../src/errors.js';
import { aLog } from '../support/tokens.js';

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

describe('the replay guard over a store', () => {
  const now = () => new Date('2026-11-24T12:00:00Z');
  const until = new Date('2026-11-24T12:05:00Z');

  it('T12 refuses what another replica, or the process before, has claimed', async () => {
    const shared = createMemoryReplayGuard(now);
    const [one, other] = [1, 2].map(() => createDurableReplayGuard(shared, now, aLog()));

    assert.equal(await one?.claim('a', until), true);
    assert.equal(await other?.claim('a', until), false);
    assert.equal(await one?.claim('a', until), false);
  });

  const failing: readonly (readonly [string, ReplayGuard['claim']])[] = [
    ['fails', () => Promise.reject(new StoreUnavailable())],
    ['does not answer', () => new Promise(() => undefined)],
  ];
  for (const [name, claim] of failing) {
    it(`R9 remembers alone while the store ${name}, says so, and does not wait for it each time`, async () => {
      const log = aLog();
      let asked = 0;
      const guard = createDurableReplayGuard(
        {
          claim: (...given) => {
            asked += 1;
            return claim(...given);
          },
        },
        now,
        log,
      );
      const started = performance.now();

      assert.equal(await guard.claim('a', until), true);
      assert.equal(await guard.claim('a', until), false);
      for (let at = 0; at < 20; at += 1) assert.equal(await guard.claim(`t${at}`, until), true);

      assert.ok(performance.now() - started < 1_000);
      assert.equal(asked, 1);
      assert.deepEqual(log.lines, [
        { event: 'replay-guard-in-process-only', error: 'STORE_UNAVAILABLE' },
      ]);
    });
  }

  it('lets a defect through', async () => {
    const broken = { claim: () => Promise.reject(new TypeError('defect')) };

    await assert.rejects(
      createDurableReplayGuard(broken, now, aLog()).claim('a', until),
      TypeError,
    );
  });
});
