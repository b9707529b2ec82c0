// One copy of each resource in one order. Must not know what they say.
import type { FhirResource } from 'fhir/r4.js';

const isNewer = (a: FhirResource, b: FhirResource): boolean => {
  const age = Date.parse(a.meta?.lastUpdated ?? '') - Date.parse(b.meta?.lastUpdated ?? '');
  if (age !== 0 && !Number.isNaN(age)) return age > 0;
  return Number(a.meta?.versionId ?? 0) > Number(b.meta?.versionId ?? 0);
};

/** One copy of each resource, in an order that does not depend on how it was read: by type, then id. */
export const orderResources = (resources: readonly FhirResource[]): FhirResource[] => {
  const byType = new Map<string, Map<string, FhirResource>>();
  for (const [at, resource] of resources.entries()) {
    const { resourceType, id = `#${at}` } = resource;
    let byId = byType.get(resourceType);
    if (!byId) {
      byId = new Map();
      byType.set(resourceType, byId);
    }
    const other = byId.get(id);
    if (!other || isNewer(resource, other)) byId.set(id, resource);
  }
  const ordered: FhirResource[] = [];
  for (const [, byId] of [...byType].sort(([a], [b]) => (a < b ? -1 : 1))) {
    for (const id of [...byId.keys()].sort()) {
      const resource = byId.get(id);
      if (resource) ordered.push(resource);
    }
  }
  return ordered;
};
