// An evaluation made again from what was put aside for it. Must not know a database or a command line.
import { evaluate } from '../pain/evaluate.js';
import type { Knowledge } from '../pain/knowledge.js';
import { type CardLanguages, OWN_LANGUAGE, optionsIn } from './card-languages.js';
import type { Card } from './cds-hooks.js';
import { composeCards } from './compose-cards.js';
import { cardDigest, type Digest, type Snapshot } from './record-evaluation.js';
import type { StoredEvaluation } from './stored-evaluation.js';

/** How a re-run compares with what was shown. */
export interface Replay {
  /** `no-snapshot`: the site kept none. `other-knowledge`: the knowledge has changed since, so cards may differ. */
  readonly result: 'same' | 'different' | 'no-snapshot' | 'other-knowledge';
  readonly cards: readonly Card[];
  /** `uuid` of each shown card that the re-run does not give. */
  readonly missing: readonly string[];
}

/** Makes the cards of a stored evaluation again, at the moment it was made for and in the language it was shown in. */
export const replay = (
  stored: StoredEvaluation,
  knowledge: Knowledge,
  languages: CardLanguages,
  digest: Digest,
): Replay => {
  if (stored.snapshot === undefined) return { result: 'no-snapshot', cards: [], missing: [] };
  const snapshot = JSON.parse(stored.snapshot) as Snapshot;
  const evaluation = evaluate(
    snapshot.record,
    knowledge,
    new Date(stored.evaluatedAt),
    snapshot.previous,
  );
  const options = optionsIn(languages, stored.language ?? OWN_LANGUAGE);
  const composed = composeCards(evaluation, options, snapshot.context).map(({ card }) => card);
  const byDigest = new Map(composed.map((card) => [cardDigest(card, digest), card]));
  // Cards that were quiet are composed again here but were not shown.
  const cards = stored.cards.flatMap((card) => byDigest.get(card.digest) ?? []);
  const missing = stored.cards.filter((card) => !byDigest.has(card.digest)).map(({ uuid }) => uuid);
  if (missing.length === 0) return { result: 'same', cards, missing };
  const isSameKnowledge = stored.knowledge.digest === knowledge.digest;
  return { result: isSameKnowledge ? 'different' : 'other-knowledge', cards: composed, missing };
};
