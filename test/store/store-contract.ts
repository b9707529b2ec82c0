// What every EvaluationStore must do; run against memory, SQLite and PostgreSQL.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { EvaluationStore } from '../../src/cds/ports.js';
import type {
  ChainedAuditEvent,
  StoredEvaluation,
  StoredFeedback,
} from '../../src/cds/stored-evaluation.js';
import { IdempotencyKeyReused } from '../../src/errors.js';
import { chainChecker } from '../../src/store/audit-chain.js';

/** An evaluation with one card. */
export const anEvaluation = (change: Partial<StoredEvaluation> = {}): StoredEvaluation => ({
  id: randomUUID(),
  client: 'general',
  patient: 'hash-1',
  service: 'pain-patient-view',
  hook: 'patient-view',
  hookInstance: randomUUID(),
  evaluatedAt: '2026-11-22T10:00:00.000Z',
  receivedAt: '2026-11-22T10:00:00.100Z',
  knowledge: { version: '2026.11.0', digest: 'sha256-abc' },
  completeness: 'complete',
  durationMs: 3.5,
  cards: [
    {
      uuid: randomUUID(),
      topic: 'painNeuropathic',
      indicator: 'info',
      rules: ['NEU-1', 'TC-8'],
      facts: 'facts-1',
      digest: 'card-1',
      suggestions: [randomUUID()],
    },
  ],
  problems: [{ region: 'face', categories: ['neuropathic:definite'], intensity: { nrs: 8 } }],
  inputs: [{ reference: 'Condition/1', version: '2' }],
  states: [{ type: 'Condition', state: 'read' }],
  snapshot: '{"resources":[]}',
  ...change,
});

/** Feedback on the first card of an evaluation. */
export const feedbackOn = (
  evaluation: StoredEvaluation,
  change: Partial<StoredFeedback> = {},
): StoredFeedback => ({
  client: evaluation.client,
  service: evaluation.service,
  card: evaluation.cards[0]?.uuid ?? '',
  outcome: 'overridden',
  outcomeTimestamp: '2026-11-22T10:05:00Z',
  receivedAt: '2026-11-22T10:05:01Z',
  acceptedSuggestions: [],
  reason: { code: 'patient-refuses', system: 'http://example.org/reasons' },
  ...change,
});

const auditOf = async (store: EvaluationStore): Promise<readonly ChainedAuditEvent[]> => {
  const events: ChainedAuditEvent[] = [];
  for await (const event of store.readAudit()) events.push(event);
  return events;
};

/** The first event that is no next link. */
const findBrokenLink = (events: readonly ChainedAuditEvent[]): ChainedAuditEvent | undefined => {
  const isLinked = chainChecker();
  return events.find((event) => !isLinked(event));
};

/** Runs the contract; `open` gives a store on an empty database, `reopen` another on the same one. */
export const describeStoreContract = (
  name: string,
  open: () => Promise<EvaluationStore>,
  reopen: (() => Promise<EvaluationStore>) | undefined,
): void => {
  describe(`the store on ${name}`, () => {
    let store: EvaluationStore;
    beforeEach(async () => {
      store = await open();
    });
    afterEach(() => store.close());

    it('finds an evaluation by its id, as it was appended', async () => {
      const evaluation = anEvaluation();

      store.append(() => evaluation);
      await store.flush();

      assert.deepEqual(await store.find(evaluation.id), evaluation);
      assert.equal(await store.find(randomUUID()), undefined);
    });

    it('keeps one of two evaluations with the same id', async () => {
      const evaluation = anEvaluation();
      store.append(() => evaluation);
      store.append(() => ({ ...evaluation, durationMs: 99 }));
      await store.flush();

      assert.equal((await store.find(evaluation.id))?.durationMs, 3.5);
    });

    it('finds the previous evaluation of the same patient and client, with a problem, before the instant', async () => {
      const older = anEvaluation({ evaluatedAt: '2026-10-01T00:00:00.000Z' });
      const newer = anEvaluation({ evaluatedAt: '2026-11-01T00:00:00.000Z' });
      for (const evaluation of [
        older,
        newer,
        anEvaluation({ evaluatedAt: '2026-11-10T00:00:00.000Z', problems: [] }),
        anEvaluation({ evaluatedAt: '2026-11-11T00:00:00.000Z', patient: 'hash-2' }),
        anEvaluation({ evaluatedAt: '2026-11-12T00:00:00.000Z', client: 'other' }),
      ])
        store.append(() => evaluation);
      await store.flush();

      const beforeThe = (instant: string) => store.findPrevious('general', 'hash-1', instant);
      assert.equal((await beforeThe('2026-11-22T00:00:00.000Z'))?.id, newer.id);
      assert.equal((await beforeThe('2026-11-01T00:00:00.000Z'))?.id, older.id);
      assert.equal(await beforeThe('2026-10-01T00:00:00.000Z'), undefined);
    });

    it('T30 FBK-4 FBK-5 tells stored, repeated and unmatched feedback apart', async () => {
      const evaluation = anEvaluation();
      store.append(() => evaluation);
      const item = feedbackOn(evaluation);

      const first = await store.recordFeedback([item, feedbackOn(evaluation, { card: 'none' })]);
      const again = await store.recordFeedback([
        {
          ...item,
          receivedAt: '2026-11-22T11:00:00Z',
          outcomeTimestamp: '2026-11-22T11:05:00+01:00',
        },
      ]);

      assert.deepEqual(first, { stored: 1, repeated: 0, unmatched: 1 });
      assert.deepEqual(again, { stored: 0, repeated: 1, unmatched: 0 });
    });

    it('T10 T30 does not match the card of another client, nor a suggestion that was never offered', async () => {
      const evaluation = anEvaluation();
      store.append(() => evaluation);
      const accepted = { outcome: 'accepted' as const, acceptedSuggestions: [randomUUID()] };

      const receipt = await store.recordFeedback([
        feedbackOn(evaluation, { client: 'other' }),
        feedbackOn(evaluation, accepted),
      ]);

      assert.deepEqual(receipt, { stored: 0, repeated: 0, unmatched: 2 });
      assert.deepEqual(await store.countFeedback(), []);
    });

    it('FBK-4 does a request with a key once, beside others and with nothing of another body', async () => {
      const evaluation = anEvaluation();
      store.append(() => evaluation);
      const named = { key: 'k-1', digest: 'a' };
      const record = () => store.recordFeedback([feedbackOn(evaluation)], named);

      const answers = await Promise.all([record(), record(), record()]);

      const receipts = answers.map(({ isAgain: _, ...receipt }) => receipt);
      assert.deepEqual(receipts, Array(3).fill({ stored: 1, repeated: 0, unmatched: 0 }));
      assert.equal(answers.filter(({ isAgain }) => isAgain).length, 2);
      const later = feedbackOn(evaluation, { outcomeTimestamp: '2026-11-22T12:00:00Z' });
      await assert.rejects(
        store.recordFeedback([later], { ...named, digest: 'b' }),
        IdempotencyKeyReused,
      );
      assert.equal((await store.countFeedback())[0]?.count, 1);
      const other = feedbackOn(evaluation, { client: 'other' });
      assert.equal((await store.recordFeedback([other], { ...named, digest: 'b' })).unmatched, 1);
    });

    it('counts a later, different outcome as a new one', async () => {
      const evaluation = anEvaluation();
      store.append(() => evaluation);
      const [suggestion = ''] = evaluation.cards[0]?.suggestions ?? [];
      await store.recordFeedback([
        feedbackOn(evaluation),
        feedbackOn(evaluation, {
          outcome: 'accepted',
          acceptedSuggestions: [suggestion],
          outcomeTimestamp: '2026-11-22T12:00:00Z',
        }),
      ]);

      const counts = await store.countFeedback();

      assert.equal(
        counts.reduce((sum, { count }) => sum + count, 0),
        2,
      );
    });

    it('finds reasoned overrides of the patient since the instant, newest first', async () => {
      const evaluation = anEvaluation();
      store.append(() => evaluation);
      const at = (instant: string) =>
        feedbackOn(evaluation, { outcomeTimestamp: instant, receivedAt: instant });
      const { reason: _, ...unreasoned } = at('2026-11-22T11:00:00Z');
      await store.recordFeedback([feedbackOn(evaluation), at('2026-11-22T12:00:00Z'), unreasoned]);

      const since = (instant: string) => store.findOverrides('general', 'hash-1', instant);
      assert.deepEqual(
        (await since('2026-11-22T10:00:00Z')).map(({ at }) => at),
        ['2026-11-22T12:00:00.000Z', '2026-11-22T10:05:00.000Z'],
      );
      assert.equal((await since('2026-11-22T11:30:00Z')).length, 1);
      assert.deepEqual(await store.findOverrides('other', 'hash-1', '2026-11-22T10:00:00Z'), []);
    });

    it('T30 dates an override that is reported from the future by its arrival, and one of long ago as it says', async () => {
      const evaluation = anEvaluation();
      store.append(() => evaluation);
      await store.recordFeedback([
        feedbackOn(evaluation, { outcomeTimestamp: '9999-12-31T23:59:59Z' }),
        feedbackOn(evaluation, { outcomeTimestamp: '1970-01-01T00:00:00Z' }),
      ]);

      const since = (instant: string) => store.findOverrides('general', 'hash-1', instant);
      assert.deepEqual(
        (await since('2026-11-22T10:00:00Z')).map(({ at }) => at),
        ['2026-11-22T10:05:01.000Z'],
      );
      assert.deepEqual(await since('2026-11-23T00:00:00Z'), []);
    });

    it('T32 T38 keeps text that databases stumble over', async () => {
      const comment = `'); DROP TABLE feedback; -- % _ \0 \uD800 ${'x'.repeat(4000)}`;
      const evaluation = anEvaluation({ snapshot: '{"text":"a\0b"}' });
      store.append(() => evaluation);

      const receipt = await store.recordFeedback([feedbackOn(evaluation, { comment })]);

      assert.equal(receipt.stored, 1);
      assert.equal((await store.find(evaluation.id))?.snapshot, '{"text":"a\uFFFDb"}');
    });

    it('lets a token id be claimed once per issuer', async () => {
      const claim = (issuer: string, jti: string) =>
        store.claimToken(issuer, jti, '2026-11-22T11:00:00Z');

      const race = await Promise.all([claim('a', '1'), claim('a', '1'), claim('a', '1')]);

      assert.equal(race.filter(Boolean).length, 1);
      assert.equal(await claim('b', '1'), true);
      assert.equal(await claim('a', '1'), false);
    });

    it('T45 keeps audit events in order as an unbroken chain', async () => {
      for (let at = 0; at < 1100; at += 1)
        store.audit({
          recorded: '2026-11-22T10:00:00.000Z',
          type: 'hook',
          subtype: 'patient-view',
          outcome: 'success',
          agent: 'general',
          detail: String(at),
        });
      await store.flush();

      const events = await auditOf(store);

      assert.deepEqual(
        events.map(({ detail }) => detail),
        Array.from({ length: 1100 }, (_, at) => String(at)),
      );
      assert.equal(findBrokenLink(events), undefined);
      const changed = events.map((event) =>
        event.sequence === 500 ? { ...event, agent: 'somebody else' } : event,
      );
      assert.equal(findBrokenLink(changed)?.sequence, 500);
      assert.equal(findBrokenLink(events.filter(({ sequence }) => sequence !== 7))?.sequence, 8);
    });

    it('removes what was received before the instant, with its cards, and expired token ids', async () => {
      const old = anEvaluation({ receivedAt: '2025-01-01T00:00:00.000Z' });
      const recent = anEvaluation();
      store.append(() => old);
      store.append(() => recent);
      await store.recordFeedback([
        feedbackOn(old, { receivedAt: '2025-01-02T00:00:00Z' }),
        feedbackOn(recent),
      ]);
      await store.claimToken('a', '1', '2025-01-01T00:05:00Z');

      const removed = await store.removeBefore('2026-01-01T00:00:00Z', '2026-11-22T10:00:00Z');

      assert.equal(removed, 1);
      assert.equal(await store.find(old.id), undefined);
      assert.equal((await store.find(recent.id))?.id, recent.id);
      assert.equal(
        (await store.countFeedback()).reduce((sum, { count }) => sum + count, 0),
        1,
      );
      assert.equal(await store.claimToken('a', '1', '2026-11-22T11:00:00Z'), true);
    });

    it('is up with nothing waiting once flushed', async () => {
      store.append(() => anEvaluation());
      await store.flush();

      assert.deepEqual(await store.state(), { state: 'up', waiting: 0, dropped: 0 });
    });

    if (reopen) {
      it('finds everything again after it was closed and opened', async () => {
        const evaluation = anEvaluation();
        store.append(() => evaluation);
        const named = { key: 'k-1', digest: 'a' };
        await store.recordFeedback([feedbackOn(evaluation)], named);
        await store.close();

        store = await reopen();

        assert.deepEqual(await store.find(evaluation.id), evaluation);
        assert.equal((await store.recordFeedback([feedbackOn(evaluation)])).repeated, 1);
        assert.equal((await store.recordFeedback([feedbackOn(evaluation)], named)).isAgain, true);
      });

      it('serves two processes that start at once on an empty database', async () => {
        const [a, b] = await Promise.all([reopen(), reopen()]);
        const evaluation = anEvaluation();
        a.append(() => evaluation);
        await a.flush();

        assert.equal((await b.find(evaluation.id))?.id, evaluation.id);
        const claims = await Promise.all([
          a.claimToken('a', 'x', '2026-11-22T11:00:00Z'),
          b.claimToken('a', 'x', '2026-11-22T11:00:00Z'),
        ]);
        assert.deepEqual([...claims].sort(), [false, true]);
        a.audit({
          recorded: '2026-11-22T10:00:00.000Z',
          type: 'admin',
          subtype: 'x',
          outcome: 'success',
          agent: 'a',
        });
        b.audit({
          recorded: '2026-11-22T10:00:00.000Z',
          type: 'admin',
          subtype: 'y',
          outcome: 'success',
          agent: 'b',
        });
        await Promise.all([a.flush(), b.flush()]);
        assert.equal(findBrokenLink(await auditOf(a)), undefined);
        await Promise.all([a.close(), b.close()]);
      });
    }
  });
};
