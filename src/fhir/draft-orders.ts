// The orders a hook's context carries, each proven to be about the patient. Must not know what they order.
import type {
  FhirResource,
  Identifier,
  Medication,
  MedicationRequest,
  ServiceRequest,
} from 'fhir/r4.js';
import type { HookContext } from '../cds/cds-hooks.js';
import { ADVICE_SYSTEM } from '../cds/services.js';
import type { DraftOrders, DraftResource } from '../pain/patient-record.js';
import type { SubjectTest } from '../pain/subject.js';
import { type ContextEntry, entriesOf } from './context-resources.js';
import { withPlainMedication } from './medications.js';
import { unusableReason } from './usable-resource.js';

/** Orders of other FHIR releases: what they order cannot be read, which has to be said (REQ-15). */
const OTHER_RELEASES: ReadonlySet<string> = new Set([
  'MedicationOrder',
  'ProcedureRequest',
  'DiagnosticOrder',
]);

/** Orders that are not to be carried out, whatever moment they are signed again. */
const VOID = new Set(['entered-in-error', 'cancelled', 'revoked', 'stopped', 'completed']);

/** The drafts of a call with the Medication resources that came along. */
export interface ReadDrafts {
  readonly draftOrders?: DraftOrders;
  readonly medications: readonly Medication[];
}

const isOrder = (resource: FhirResource): resource is MedicationRequest | ServiceRequest =>
  resource.resourceType === 'MedicationRequest' || resource.resourceType === 'ServiceRequest';

const referenceOf = ({ resource, fullUrl }: ContextEntry, at: number): string =>
  resource.id === undefined
    ? (fullUrl ?? `${resource.resourceType}/draft-${at + 1}`)
    : `${resource.resourceType}/${resource.id}`;

/** Whether a selection means the order: `Type/id`, the same below a server, a version of it, or its `fullUrl`. */
const isSelection = (
  selection: string,
  reference: string,
  fullUrl: string | undefined,
): boolean => {
  const plain = selection.replace(/\/_history\/[^/]+$/, '');
  return plain === reference || plain === fullUrl || plain.endsWith(`/${reference}`);
};

const adviceOf = (resource: MedicationRequest | ServiceRequest): string | undefined => {
  const identifiers: unknown = resource.identifier;
  if (!Array.isArray(identifiers)) return undefined;
  const own = identifiers.find((one: Identifier | null) => one?.system === ADVICE_SYSTEM);
  return typeof own?.value === 'string' ? own.value : undefined;
};

/**
 * Reads `draftOrders`: medicines and services in any mix and any status, Medication entries beside them.
 * @see https://cds-hooks.hl7.org/hooks/order-select/, conformance REQ-11 to REQ-15
 */
export const readDraftOrders = (
  { draftOrders, selections }: HookContext,
  isAbout: SubjectTest,
  base: string | undefined,
): ReadDrafts => {
  if (draftOrders === undefined) return { medications: [] };
  const drafts: DraftResource[] = [];
  const medications: Medication[] = [];
  let unusable = 0;
  for (const [at, entry] of entriesOf(draftOrders).entries()) {
    const { resource, fullUrl } = entry;
    if (resource.resourceType === 'Medication') {
      medications.push(resource);
      continue;
    }
    const reference = referenceOf(entry, at);
    const isSelected = selections?.some((one) => isSelection(one, reference, fullUrl)) ?? true;
    const isForeign = isOrder(resource) && !isAbout(resource);
    if (isForeign || OTHER_RELEASES.has(resource.resourceType)) {
      if (isSelected) unusable += 1;
      continue;
    }
    if (!isOrder(resource) || resource.doNotPerform || VOID.has(resource.status)) continue;
    if (unusableReason(resource) !== undefined) {
      if (isSelected) unusable += 1;
      continue;
    }
    const advice = adviceOf(resource);
    drafts.push({
      resource: withPlainMedication(resource, base) as MedicationRequest | ServiceRequest,
      reference,
      isSelected,
      ...(advice !== undefined && { advice }),
    });
  }
  return { draftOrders: { drafts, unusable }, medications };
};
