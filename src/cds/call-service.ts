// One service call, start to end. Must not know HTTP, FHIR servers or files.
import { AppError, EvaluationFailed, placeOf, ServiceNotFound } from '../errors.js';
import { evaluate } from '../pain/evaluate.js';
import type { Evaluation } from '../pain/evaluation.js';
import type { Knowledge } from '../pain/knowledge.js';
import { type CardLanguages, optionsIn } from './card-languages.js';
import type { Card, HookRequest } from './cds-hooks.js';
import { composeCards } from './compose-cards.js';
import type { ContractText, Part } from './contract-text.js';
import type {
  Caller,
  EvaluationStore,
  Log,
  PatientHistoryReader,
  PatientRecordReader,
} from './ports.js';
import { composeStoredEvaluation, type Digest, withoutSilenced } from './record-evaluation.js';
import type { CdsService } from './services.js';

/** What a call needs, built once in `wire.ts`. */
export interface CallDeps {
  readonly services: ReadonlyMap<string, CdsService>;
  readonly knowledge: Knowledge;
  readonly languages: CardLanguages;
  readonly patientRecord: PatientRecordReader;
  readonly contractText: ContractText;
  readonly evaluations: EvaluationStore;
  readonly patientHistory: PatientHistoryReader;
  /** Keyed hash of a patient's id at a client: the same patient has the same hash, nobody without the key can tell whose. */
  readonly hashPatient: (client: string, patientId: string) => string;
  readonly digest: Digest;
  /** Whether the site keeps what a re-run of an evaluation needs. */
  readonly keepsSnapshots: boolean;
  readonly now: () => Date;
  readonly newId: () => string;
  /** Public base URL, absolute, without a trailing slash. */
  readonly baseUrl: string;
  readonly log: Log;
}

/** Extension key of the machine-readable answer (design section 4). */
const EVALUATION_EXTENSION = 'org.pain-cds.evaluation';

/** What a call is answered with. */
export interface ServiceAnswer {
  readonly cards: readonly Card[];
  /** The machine-readable answer as JSON text, in parts; empty for callers who are no clinicians. */
  readonly contract: readonly Part[];
  /** Id of the stored evaluation; absent where nothing was evaluated. */
  readonly evaluationId?: string;
  /** What is counted of the evaluation; absent where nothing was evaluated. */
  readonly counted?: {
    readonly topics: readonly string[];
    readonly completeness: Evaluation['completeness'];
    readonly withheld: number;
    /** Pains left out because a rule broke. */
    readonly defects: number;
  };
}

const DAY_MS = 86_400_000;

/** The answer as the JSON text of a CDS Hooks response, in parts. @see CDS Hooks 2.0 "CDS Service Response" */
export const toJsonParts = ({ cards, contract }: ServiceAnswer): readonly Part[] => {
  const start = `{"cards":${JSON.stringify(cards)}`;
  return contract.length === 0
    ? [`${start}}`]
    : [`${start},"extension":{"${EVALUATION_EXTENSION}":`, ...contract, '}}'];
};

/** Finds a service; own ids only, so that `constructor` is not one. */
export const findService = (services: CallDeps['services'], id: string): CdsService => {
  const service = services.get(id);
  if (!service) throw new ServiceNotFound(id);
  return service;
};

/** Cards are for clinicians: a patient or relative who opens the chart gets none. */
const isClinician = (userId = ''): boolean =>
  !userId.startsWith('Patient/') && !userId.startsWith('RelatedPerson/');

const withheldOf = ({ problems }: Evaluation): number =>
  problems.reduce(
    (sum, { recommendations }) =>
      sum + recommendations.filter(({ status }) => status === 'withheld').length,
    0,
  );

/** Runs what must not fail: where it does, that is a fault of ours, and no part of its work is an answer. */
const withoutFail = <T>(work: () => T): T => {
  try {
    return work();
  } catch (error) {
    throw error instanceof AppError ? error : new EvaluationFailed({ cause: error });
  }
};

/**
 * Answers a service call.
 * @throws {ServiceNotFound} | {InvalidRequest} | {PrefetchUnavailable} | {Forbidden} | {ClientGone} | {EvaluationFailed}
 * @see https://cds-hooks.hl7.org/2.0/#calling-a-cds-service
 */
export const callService = async (
  serviceId: string,
  request: HookRequest,
  deps: CallDeps,
  caller: Caller,
): Promise<ServiceAnswer> => {
  const service = findService(deps.services, serviceId);
  if (!isClinician(request.context.userId)) return { cards: [], contract: [] };
  const { id: client } = caller.client;
  const now = deps.now();
  const patient = deps.hashPatient(client, request.context.patientId);
  const snoozedSince = new Date(now.getTime() - deps.knowledge.settings.snoozeDays * DAY_MS);
  const [record, history] = await Promise.all([
    deps.patientRecord.read(request, service, caller),
    deps.patientHistory(client, patient, now, snoozedSince),
  ]);
  const language = caller.language ?? deps.languages.fallback;
  const { evaluation, cards, contract } = withoutFail(() => {
    const done = evaluate(record, deps.knowledge, now, history.previous);
    const composed = composeCards(done, optionsIn(deps.languages, language), request.context);
    // Where a pain is missing, no card that says so is quiet.
    const overrides = done.defects ? [] : history.overrides;
    return {
      evaluation: done,
      cards: withoutSilenced(composed, overrides, deps.digest),
      contract: deps.contractText(done),
    };
  });
  const { defects = [] } = evaluation;
  for (const defect of defects)
    deps.log.error({ error: 'EVALUATION_FAILED', stack: placeOf(defect) });
  const id = deps.newId();
  const durationMs = caller.elapsedMs();
  deps.evaluations.append(() =>
    composeStoredEvaluation(
      {
        id,
        client,
        patient,
        service: serviceId,
        language,
        request,
        record,
        evaluation,
        cards,
        receivedAt: caller.receivedAt,
        durationMs,
        ...(history.previous && { previous: history.previous }),
      },
      deps.digest,
      deps.keepsSnapshots,
    ),
  );
  return {
    cards: cards.map(({ card }) => card),
    contract,
    evaluationId: id,
    counted: {
      topics: cards.map(({ card }) => card.source.topic?.code ?? ''),
      completeness: evaluation.completeness,
      withheld: withheldOf(evaluation),
      defects: defects.length,
    },
  };
};
