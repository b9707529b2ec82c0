// Guards and reading for parsed JSON. Knows own properties only (`__proto__` is data); must not know FHIR types' contents.
import type { FhirResource } from 'fhir/r4.js';

/** A parsed JSON object. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Says whether a parsed value is a JSON object. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Says whether a parsed value names itself a FHIR resource; its elements stay unproven. */
export function isResource(value: unknown): value is FhirResource {
  return isObject(value) && typeof own(value, 'resourceType') === 'string';
}

/** Reads an own property; inherited ones are absent. */
export function own(object: JsonObject, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** Reads an own property that must be text. */
export function ownText(object: JsonObject, key: string): string | undefined {
  const value = own(object, key);
  return typeof value === 'string' ? value : undefined;
}

/** Every value a dotted path leads to, arrays flattened. */
export function valuesAt(value: unknown, path: string): unknown[] {
  let level: unknown[] = [value];
  for (const step of path.split('.')) {
    level = level.flatMap((item) => (isObject(item) ? (own(item, step) ?? []) : []));
  }
  return level;
}
