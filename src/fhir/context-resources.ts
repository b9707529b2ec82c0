// The resources a hook's context carries: whose they are and whether they may be read. Must not know what they mean.
import type { Condition, FhirResource } from 'fhir/r4.js';
import type { SubjectTest } from '../pain/subject.js';
import { isObject, isResource } from './json.js';
import { unusableReason } from './usable-resource.js';

/** One entry of a context's Bundle. */
export interface ContextEntry {
  readonly resource: FhirResource;
  readonly fullUrl: string | undefined;
}

/** The resources of a Bundle, whatever its type says; entries without a resource are skipped. */
export const entriesOf = (bundle: unknown): readonly ContextEntry[] => {
  const entries: unknown = isObject(bundle) ? bundle.entry : undefined;
  if (!Array.isArray(entries)) return [];
  return entries.flatMap((entry: unknown): ContextEntry[] => {
    const resource: unknown = isObject(entry) ? entry.resource : undefined;
    if (!isResource(resource)) return [];
    const fullUrl =
      isObject(entry) && typeof entry.fullUrl === 'string' ? entry.fullUrl : undefined;
    return [{ resource, fullUrl }];
  });
};

/** Problems just added to the problem list, and how many could not be proven to be this patient's. */
export interface AddedConditions {
  readonly conditions: readonly Condition[];
  readonly foreignCount: number;
}

/**
 * The problems of problem-list-item-create. What is not proven to be about the patient, or says that it must not be
 * read as it stands, is left out and counted.
 * @see https://cds-hooks.hl7.org/hooks/problem-list-item-create/
 */
export const readAddedConditions = (bundle: unknown, isAbout: SubjectTest): AddedConditions => {
  const conditions: Condition[] = [];
  let foreignCount = 0;
  for (const [at, { resource, fullUrl }] of entriesOf(bundle).entries()) {
    if (resource.resourceType !== 'Condition') continue;
    if (!isAbout(resource) || unusableReason(resource) !== undefined) foreignCount += 1;
    // Evidence is named by reference, so a problem without an id gets the one its entry has.
    else conditions.push({ ...resource, id: resource.id ?? fullUrl ?? `added-${at + 1}` });
  }
  return { conditions, foreignCount };
};

/** The record without what the context brings in a newer form; one without an id is no form of another. */
export const withoutReplaced = (
  resources: readonly FhirResource[],
  newer: readonly FhirResource[],
): readonly FhirResource[] => {
  if (newer.length === 0) return resources;
  const replaced = new Set(newer.map(({ resourceType, id }) => `${resourceType}/${id}`));
  return resources.filter(
    ({ resourceType, id }) => id === undefined || !replaced.has(`${resourceType}/${id}`),
  );
};
