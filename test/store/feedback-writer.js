// A process that records feedback as fast as it can and prints each item only once it was acknowledged; made to be killed.
import { openStore } from '../../dist/store/open-store.js';

const [url, run] = process.argv.slice(2);
const store = openStore(url, { onFailure: () => undefined });
const at = '2026-11-22T10:00:00.000Z';
for (let count = 0; ; count += 1) {
  const card = `card-${run}-${count}`;
  store.append(() => ({
    id: `evaluation-${run}-${count}`,
    client: 'general',
    patient: 'hash',
    service: 'pain-patient-view',
    hook: 'patient-view',
    hookInstance: card,
    evaluatedAt: at,
    receivedAt: at,
    knowledge: { version: '1', digest: 'sha256-1' },
    completeness: 'complete',
    durationMs: 1,
    cards: [
      {
        uuid: card,
        topic: 'pain',
        indicator: 'info',
        rules: [],
        facts: 'f',
        digest: 'd',
        suggestions: [],
      },
    ],
    problems: [],
    inputs: [],
    states: [],
  }));
  await store.recordFeedback([
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
  process.stdout.write(`${card}\n`);
}
