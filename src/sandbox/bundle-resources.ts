// A Bundle of any type -> its resources, identified and linked. Knows fullUrl and references; must not know files.
import type { FhirResource } from 'fhir/r4.js';
import { isObject, isResource, type JsonObject, own, ownText } from './json.js';
import { rewriteReferences } from './rewrite-references.js';
import { isLogicalId } from './store.js';

/** The resources of a Bundle; `faults` name the entries that cannot be used. */
export interface BundleContent {
  readonly resources: readonly FhirResource[];
  readonly faults: readonly string[];
}

/**
 * Takes the resources out of a Bundle and turns references to its `fullUrl`s into `Type/id`.
 * An id is the resource's own, else the one its `fullUrl` ends in. A reference out of the Bundle stays as it is.
 */
export function bundleResources(bundle: unknown): BundleContent {
  const entries = isObject(bundle) ? (own(bundle, 'entry') ?? []) : undefined;
  if (!Array.isArray(entries)) return { resources: [], faults: ['Bundle.entry is not a list'] };
  const faults: string[] = [];
  const identified: FhirResource[] = [];
  const targets = new Map<string, string>();
  entries.forEach((entry: unknown, i) => {
    const read = isObject(entry) ? identify(entry) : undefined;
    if (!read) {
      faults.push(`Bundle.entry[${i}] has no resource with an id`);
      return;
    }
    identified.push(read.resource);
    if (read.fullUrl)
      targets.set(read.fullUrl, `${read.resource.resourceType}/${read.resource.id}`);
  });
  const resources = identified.map((resource) => rewriteReferences(resource, targets));
  return { resources, faults };
}

function identify(
  entry: JsonObject,
): { resource: FhirResource; fullUrl: string | undefined } | undefined {
  const resource = own(entry, 'resource');
  if (!isResource(resource)) return undefined;
  const fullUrl = ownText(entry, 'fullUrl');
  if (isLogicalId(resource.id)) return { resource, fullUrl };
  const id = fullUrl?.split(/[/:]/).at(-1);
  if (resource.id !== undefined || !isLogicalId(id)) return undefined;
  return { resource: { ...resource, id }, fullUrl };
}
