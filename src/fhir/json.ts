// Whether a JSON value somebody sent is an object, or a FHIR resource as far as its type. Must not know what it means.
import type { FhirResource } from 'fhir/r4.js';

/** An object that is no array. */
export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** An object that says which type of resource it is. */
export const isResource = (value: unknown): value is FhirResource =>
  isObject(value) && typeof value.resourceType === 'string';
