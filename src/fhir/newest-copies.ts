// One copy of each resource. Must not know what they say.
import type { FhirResource } from 'fhir/r4.js';

const isNewer = (a: FhirResource, b: FhirResource): boolean => {
  const age = Date.parse(a.meta?.lastUpdated ?? '') - Date.parse(b.meta?.lastUpdated ?? '');
  if (age !== 0 && !Number.isNaN(age)) return age > 0;
  return Number(a.meta?.versionId ?? 0) > Number(b.meta?.versionId ?? 0);
};

/** Whether no id is met twice, whatever the types: quickly told, and so in nearly every record. */
const areIdsDistinct = (resources: readonly FhirResource[]): boolean => {
  const ids = new Set<string>();
  let named = 0;
  for (const { id } of resources) {
    if (id === undefined) continue;
    ids.add(id);
    named += 1;
  }
  return ids.size === named;
};

/** The newest copy of each resource, in the order they were met; one without an id is no copy of another. */
export const newestCopies = (resources: readonly FhirResource[]): readonly FhirResource[] => {
  if (areIdsDistinct(resources)) return resources;
  const places = new Map<string, Map<string, number>>();
  const copies: FhirResource[] = [];
  for (const resource of resources) {
    const { resourceType, id } = resource;
    if (id === undefined) {
      copies.push(resource);
      continue;
    }
    let byId = places.get(resourceType);
    if (!byId) {
      byId = new Map();
      places.set(resourceType, byId);
    }
    const at = byId.get(id);
    const other = at === undefined ? undefined : copies[at];
    if (at === undefined || !other) {
      byId.set(id, copies.length);
      copies.push(resource);
    } else if (isNewer(resource, other)) copies[at] = resource;
  }
  return copies;
};
