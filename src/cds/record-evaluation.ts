// One call as it is stored, and which of its cards are quiet. Must not know a database or hash functions of its own.
import type { Evaluation } from '../pain/evaluation.js';
import type { PatientRecord } from '../pain/patient-record.js';
import type { ComposedCard } from './card-frame.js';
import type { Card, HookRequest } from './cds-hooks.js';
import type { PatientHistory } from './ports.js';
import { toSnapshot } from './snapshot.js';
import type { StoredCard, StoredEvaluation, StoredOverride } from './stored-evaluation.js';

/** SHA-256 of a text, base64url. */
export type Digest = (text: string) => string;

/** A call that was answered. */
export interface AnsweredCall {
  readonly id: string;
  readonly client: string;
  /** Keyed hash of the patient's id. */
  readonly patient: string;
  readonly service: string;
  /** Tag of the language of the cards. */
  readonly language: string;
  readonly request: Pick<HookRequest, 'hook' | 'hookInstance' | 'context'>;
  readonly record: PatientRecord;
  readonly evaluation: Evaluation;
  /** The cards that were shown. */
  readonly cards: readonly ComposedCard[];
  readonly receivedAt: Date;
  readonly durationMs: number;
  /** The previous evaluation the answer was compared with. */
  readonly previous?: PatientHistory['previous'];
}

/** What is put aside for a re-run. */
export interface Snapshot {
  readonly context: HookRequest['context'];
  readonly record: PatientRecord;
  readonly previous?: Omit<StoredEvaluation, 'snapshot'> | 'not-read';
}

const withoutSnapshot = (
  previous: StoredEvaluation | 'not-read',
): NonNullable<Snapshot['previous']> => {
  if (previous === 'not-read') return previous;
  const { snapshot: _, ...kept } = previous;
  return kept;
};

/** A card without what differs between two equal answers. */
const withoutIds = (card: Card): string =>
  JSON.stringify(card, (key, value: unknown) => (key === 'uuid' ? undefined : value));

/** Digest of a card's content: equal for equal cards whatever their ids. */
export const cardDigest = (card: Card, digest: Digest): string => digest(withoutIds(card));

const factsDigest = ({ basis }: ComposedCard, digest: Digest): string =>
  digest(JSON.stringify(basis().facts));

const storedCard = (composed: ComposedCard, digest: Digest): StoredCard => {
  const { card, basis } = composed;
  return {
    uuid: card.uuid ?? '',
    topic: card.source.topic?.code ?? '',
    indicator: card.indicator,
    rules: basis().rules,
    facts: factsDigest(composed, digest),
    digest: cardDigest(card, digest),
    suggestions: (card.suggestions ?? []).flatMap(({ uuid }) => uuid ?? []),
  };
};

/** The record of a call. @param keepsSnapshot - whether the site keeps what a re-run needs */
export const composeStoredEvaluation = (
  call: AnsweredCall,
  digest: Digest,
  keepsSnapshot: boolean,
): StoredEvaluation => {
  const { evaluation, record, request, previous } = call;
  const kept: Snapshot = {
    context: {
      patientId: request.context.patientId,
      ...(request.context.encounterId && { encounterId: request.context.encounterId }),
    },
    record: toSnapshot(record),
    ...(previous && { previous: withoutSnapshot(previous) }),
  };
  return {
    id: call.id,
    client: call.client,
    patient: call.patient,
    service: call.service,
    language: call.language,
    hook: request.hook,
    hookInstance: request.hookInstance,
    evaluatedAt: evaluation.evaluatedAt,
    receivedAt: call.receivedAt.toISOString(),
    knowledge: evaluation.knowledge,
    completeness: evaluation.completeness,
    durationMs: Math.round(call.durationMs * 10) / 10,
    cards: call.cards.map((card) => storedCard(card, digest)),
    // Without one of its pains it is nothing to compare the next evaluation with.
    problems: (evaluation.defects ? [] : evaluation.problems).map(
      ({ problem, classifications }) => ({
        ...(problem.region && { region: problem.region }),
        ...(problem.side && { side: problem.side }),
        categories: classifications.map(({ category, grade }) => `${category}:${grade}`),
        ...(problem.intensity && {
          intensity: {
            nrs: problem.intensity.nrs,
            ...(problem.intensity.finding.effective && {
              effective: problem.intensity.finding.effective.text,
            }),
          },
        }),
      }),
    ),
    ...(evaluation.opioids?.isExact && { mmePerDay: evaluation.opioids.mmePerDay }),
    inputs: record.resources.map(({ resourceType, id, meta }) => ({
      reference: `${resourceType}/${id ?? ''}`,
      ...(meta?.versionId !== undefined && { version: meta.versionId }),
    })),
    states: record.inputs.map(({ type, state }) => ({ type, state })),
    ...(keepsSnapshot && { snapshot: JSON.stringify(kept) }),
  };
};

/**
 * The cards to show: one that was overridden with a reason, for the same facts, is quiet.
 * What warns of danger is never silenced by one click: only `info` cards can be.
 */
export const withoutSilenced = (
  cards: readonly ComposedCard[],
  overrides: readonly StoredOverride[],
  digest: Digest,
): readonly ComposedCard[] => {
  if (overrides.length === 0) return cards;
  return cards.filter((composed) => {
    const { card } = composed;
    if (card.indicator !== 'info') return true;
    const topic = card.source.topic?.code ?? '';
    const same = overrides.filter((override) => override.topic === topic);
    return same.length === 0 || !same.some(({ facts }) => facts === factsDigest(composed, digest));
  });
};
