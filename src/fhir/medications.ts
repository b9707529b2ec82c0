// The Medication resources that requests and statements refer to. Must not know which drugs they are.
import type { FhirResource } from 'fhir/r4.js';
import type { InputRead } from '../pain/patient-record.js';
import { fetchPages } from './fetch-pages.js';
import type { FhirReader, ReadLimits } from './guarded-client.js';
import { ReadFailed } from './read-failed.js';

/** Types whose medication may be a resource of its own. */
export const MEDICATION_TYPES: ReadonlySet<string> = new Set([
  'MedicationRequest',
  'MedicationStatement',
]);

const RESOURCE_ID = /^Medication\/([A-Za-z0-9\-.]{1,256})(?:\/_history\/[^/]+)?$/;
const BARE_ID = /^[A-Za-z0-9\-.]{1,256}$/;

/** A Medication reference as `Medication/id`; undefined when it leads elsewhere than this server. */
const medicationId = (reference: string, base: string | undefined): string | undefined => {
  const isBelow = base !== undefined && reference.startsWith(`${base}/`);
  const relative = isBelow ? reference.slice(base.length + 1) : reference;
  return RESOURCE_ID.exec(relative)?.[1];
};

/** The resource with its medication named as `Medication/id`, the one form the core looks up. */
export const withPlainMedication = (
  resource: FhirResource,
  base: string | undefined,
): FhirResource => {
  const { resourceType } = resource;
  if (resourceType !== 'MedicationRequest' && resourceType !== 'MedicationStatement')
    return resource;
  const target: unknown = resource.medicationReference?.reference;
  const id = typeof target === 'string' ? medicationId(target, base) : undefined;
  if (id === undefined || target === `Medication/${id}`) return resource;
  return { ...resource, medicationReference: { reference: `Medication/${id}` } };
};

/** References to Medication resources that came neither contained nor along. */
export const unresolvedMedications = (
  resources: readonly FhirResource[],
  base: string | undefined,
): string[] => {
  const known = new Set<string | undefined>();
  for (const { resourceType, id } of resources) if (resourceType === 'Medication') known.add(id);
  const wanted = new Set<string>();
  for (const resource of resources) {
    const { resourceType } = resource;
    if (resourceType !== 'MedicationRequest' && resourceType !== 'MedicationStatement') continue;
    const target: unknown = resource.medicationReference?.reference;
    if (typeof target !== 'string' || target.startsWith('#')) continue;
    const id = medicationId(target, base);
    if (id === undefined || !known.has(id)) wanted.add(id === undefined ? target : id);
  }
  return [...wanted].sort();
};

/** Medications that were asked for. */
interface FoundMedications {
  readonly resources: readonly FhirResource[];
  /** Present when some are missing. */
  readonly input?: InputRead;
  /** How the read of the server ended, when one was asked. */
  readonly read?: InputRead;
}

/** Fetches the medications a template could not ask for, or says that they are missing. */
export const readMedications = async (
  wanted: readonly string[],
  server: FhirReader | undefined,
  limits: ReadLimits,
): Promise<FoundMedications> => {
  if (wanted.length === 0) return { resources: [] };
  const missing = (reason: string): InputRead => ({ type: 'Medication', state: 'failed', reason });
  if (!server) return { resources: [], input: missing('no-fhir-access') };
  const ids = new Set(wanted.filter((one) => BARE_ID.test(one)));
  if (ids.size === 0) return { resources: [], input: missing('not-below-base') };
  try {
    const first = { url: `Medication?_id=${[...ids].join(',')}` };
    const found = await fetchPages(server, first, 'Medication', limits);
    const resources = found.resources.filter(({ id }) => id !== undefined && ids.has(id));
    const isComplete = wanted.every((one) => resources.some(({ id }) => id === one));
    if (isComplete) return { resources, read: { type: 'Medication', state: 'read' } };
    const input = missing(found.reason ?? found.truncated ?? 'not-found');
    return { resources, input, read: input };
  } catch (error) {
    if (!(error instanceof ReadFailed)) throw error;
    const input = missing(error.reason);
    return { resources: [], input, read: input };
  }
};
