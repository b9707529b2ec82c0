// Replaces references inside a resource. Knows the element `reference`; must not know stores or bundles.
import type { FhirResource } from 'fhir/r4.js';
import { isObject, isResource } from './json.js';

/** A copy of the resource whose references follow the map; what is not in the map stays as it is. */
export function rewriteReferences(
  resource: FhirResource,
  targets: ReadonlyMap<string, string>,
): FhirResource {
  const rewritten = rewrite(resource, targets);
  return isResource(rewritten) ? rewritten : resource;
}

function rewrite(value: unknown, targets: ReadonlyMap<string, string>): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item) => rewrite(item, targets));
    return items.some((item, i) => item !== value[i]) ? items : value;
  }
  if (!isObject(value)) return value;
  let changed = false;
  const properties = Object.entries(value).map(([key, old]) => {
    const target = key === 'reference' && typeof old === 'string' ? targets.get(old) : undefined;
    const next = target ?? rewrite(old, targets);
    if (next !== old) changed = true;
    return [key, next] as const;
  });
  // fromEntries defines own properties: a key called __proto__ stays data.
  return changed ? Object.fromEntries(properties) : value;
}
