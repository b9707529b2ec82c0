// One service call, start to end. Must not know HTTP, FHIR servers or files.
import { ServiceNotFound } from '../errors.js';
import { evaluate } from '../pain/evaluate.js';
import type { Knowledge } from '../pain/knowledge.js';
import type { CardTexts } from './card-texts.js';
import type { Card, HookRequest } from './cds-hooks.js';
import { composeCards } from './compose-cards.js';
import type { ContractText } from './contract-text.js';
import type { Caller, PatientRecordReader } from './ports.js';
import type { CdsService } from './services.js';

/** What a call needs, built once in `wire.ts`. */
export interface CallDeps {
  readonly services: ReadonlyMap<string, CdsService>;
  readonly knowledge: Knowledge;
  readonly texts: CardTexts;
  readonly patientRecord: PatientRecordReader;
  readonly contractText: ContractText;
  readonly now: () => Date;
  readonly newId: () => string;
  /** Public base URL, absolute, without a trailing slash. */
  readonly baseUrl: string;
}

/** Extension key of the machine-readable answer (design section 4). */
const EVALUATION_EXTENSION = 'org.pain-cds.evaluation';

/** What a call is answered with. */
export interface ServiceAnswer {
  readonly cards: readonly Card[];
  /** The machine-readable answer as JSON text, in parts; empty for callers who are no clinicians. */
  readonly contract: readonly string[];
}

/** The answer as the JSON text of a CDS Hooks response, in parts. @see CDS Hooks 2.0 "CDS Service Response" */
export const toJsonParts = ({ cards, contract }: ServiceAnswer): readonly string[] => {
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

/**
 * Answers a service call.
 * @throws {ServiceNotFound} | {InvalidRequest} | {PrefetchUnavailable} | {Forbidden} | {ClientGone}
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
  const record = await deps.patientRecord.read(request, service, caller);
  const evaluation = evaluate(record, deps.knowledge, deps.now());
  const cards = composeCards(evaluation, deps);
  return { cards, contract: deps.contractText(evaluation) };
};
