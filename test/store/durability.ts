// kill -9 in the middle of feedback: nothing acknowledged is lost, nothing is doubled. Must not know which database it is.
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { openStore } from '../../src/store/open-store.js';

const WRITER = new URL('feedback-writer.js', import.meta.url).pathname;
/** In CI as often as promised; a few times on a developer's machine. */
const ROUNDS = process.env.CI === 'true' ? 50 : 3;
const LONGEST_RUN_MS = 120;

/** Lets a writer run for a while after its first item and kills it without warning; the items it acknowledged. */
const killedWriter = async (
  url: string,
  run: number,
  runMs: number,
): Promise<readonly string[]> => {
  const writer: ChildProcess = spawn(process.execPath, [WRITER, url, String(run)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  assert.ok(writer.stdout);
  const acknowledged: string[] = [];
  const lines = createInterface({ input: writer.stdout });
  const exited = once(writer, 'exit');
  lines.on('line', (line) => {
    acknowledged.push(line);
    if (acknowledged.length === 1) setTimeout(() => writer.kill('SIGKILL'), runMs);
  });
  await Promise.all([exited, once(lines, 'close')]);
  return acknowledged;
};

/** The check for one store; `url` names an empty database. */
export const describeDurability = (name: string, url: () => string): void => {
  it(`loses and doubles nothing on ${name} when it is killed in the middle of feedback, ${ROUNDS} times`, async () => {
    const where = url();
    const acknowledged: string[] = [];
    for (let run = 0; run < ROUNDS; run += 1)
      acknowledged.push(...(await killedWriter(where, run, 20 + ((run * 37) % LONGEST_RUN_MS))));
    assert.ok(acknowledged.length >= ROUNDS, `only ${acknowledged.length} acknowledged`);

    const store = openStore(where, { onFailure: () => undefined });
    const at = '2026-11-22T10:00:00.000Z';
    for (const card of acknowledged) {
      const receipt = await store.recordFeedback([
        {
          client: 'general',
          service: 'pain-patient-view',
          card,
          outcome: 'overridden',
          outcomeTimestamp: at,
          receivedAt: at,
          acceptedSuggestions: [],
        },
      ]);
      assert.deepEqual(receipt, { stored: 0, repeated: 1, unmatched: 0 }, card);
    }
    const counted = (await store.countFeedback()).reduce((sum, { count }) => sum + count, 0);
    // What was durable but not yet acknowledged may be there too, at most one a run.
    assert.ok(counted >= acknowledged.length && counted <= acknowledged.length + ROUNDS);
    await store.close();
  }).timeout(300_000);
};
