// Synthetic patients whose answer is known, put through the whole engine: a silent change of advice is seen. Must not know files or a clock.
import type { FhirResource, Patient } from 'fhir/r4.js';
import { evaluate } from '../pain/evaluate.js';
import type { Evaluation } from '../pain/evaluation.js';
import type { Knowledge } from '../pain/knowledge.js';
import { type PatientRecord, RECORD_TYPES } from '../pain/patient-record.js';
import type { CardTexts } from './card-texts.js';
import { composeCards } from './compose-cards.js';

/** What a canary patient must be answered. */
export interface CanaryExpectation {
  /** `indicator topic` of each card in order. */
  readonly cards: readonly string[];
  /** `category grade basis` of the leading classification of each pain problem. */
  readonly problems: readonly string[];
  readonly redFlags: readonly string[];
  /** `treatment status` lines that must be there; others may be too. */
  readonly recommendations: readonly string[];
}

/** One patient of `cards/canaries`. */
export interface Canary {
  readonly id: string;
  readonly now: Date;
  readonly resources: readonly FhirResource[];
  readonly expected: CanaryExpectation;
}

/** How a run ended; `different` names the canaries that were not answered as expected, with where they differ. */
export interface CanaryState {
  readonly status: 'as-expected' | 'different';
  readonly checkedAt: string;
  readonly canaries: readonly { readonly id: string; readonly differs: readonly string[] }[];
}

const recordOf = ({ resources }: Canary): PatientRecord => {
  const isPatient = (one: FhirResource): one is Patient => one.resourceType === 'Patient';
  const patient = resources.find(isPatient);
  return {
    patientId: patient?.id ?? '',
    ...(patient && { patient }),
    resources: resources.filter((one) => !isPatient(one)),
    inputs: RECORD_TYPES.map((type) => ({ type, state: 'read' as const })),
    foreignCount: 0,
  };
};

const answerOf = (evaluation: Evaluation, cards: readonly string[]): CanaryExpectation => ({
  cards,
  problems: evaluation.problems.map(({ classifications: [lead] }) =>
    lead ? `${lead.category} ${lead.grade} ${lead.basis}` : 'unclassified',
  ),
  redFlags: evaluation.redFlags.map(({ id }) => id),
  recommendations: evaluation.problems.flatMap(({ recommendations }) =>
    recommendations.flatMap(({ treatment, status }) =>
      treatment === undefined ? [] : [`${treatment} ${status}`],
    ),
  ),
});

const isSame = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((item, at) => item === b[at]);

/** What the engine answers a canary, in the terms of its expectation. */
const canaryAnswer = (
  canary: Canary,
  knowledge: Knowledge,
  texts: CardTexts,
): CanaryExpectation => {
  const evaluation = evaluate(recordOf(canary), knowledge, canary.now);
  const composed = composeCards(evaluation, { newId: () => 'canary', baseUrl: '', texts });
  return answerOf(
    evaluation,
    composed.map(({ card }) => `${card.indicator} ${card.source.topic?.code}`),
  );
};

/** Where an answer is not the one expected: names of fields, `failed` when there was none. */
const differences = (canary: Canary, knowledge: Knowledge, texts: CardTexts): readonly string[] => {
  try {
    const answer = canaryAnswer(canary, knowledge, texts);
    const { expected } = canary;
    const found = new Set(answer.recommendations);
    return [
      ...(isSame(answer.cards, expected.cards) ? [] : ['cards']),
      ...(isSame(answer.problems, expected.problems) ? [] : ['problems']),
      ...(isSame(answer.redFlags, expected.redFlags) ? [] : ['redFlags']),
      ...(expected.recommendations.every((line) => found.has(line)) ? [] : ['recommendations']),
    ];
  } catch {
    return ['failed'];
  }
};

/** Puts every canary through evaluation and cards. @param at - when the run is made, real time */
export const checkCanaries = (
  canaries: readonly Canary[],
  knowledge: Knowledge,
  texts: CardTexts,
  at: Date,
): CanaryState => {
  const results = canaries.map((canary) => ({
    id: canary.id,
    differs: differences(canary, knowledge, texts),
  }));
  return {
    // No canary is no proof.
    status:
      results.length > 0 && results.every(({ differs }) => differs.length === 0)
        ? 'as-expected'
        : 'different',
    checkedAt: at.toISOString(),
    canaries: results,
  };
};
