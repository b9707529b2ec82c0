// Whether a resource may be read as it stands, by what FHIR says about itself. Must not know what it means clinically.
import type { Coding, FhirResource } from 'fhir/r4.js';

/** Labels of content that was taken out. @see http://terminology.hl7.org/CodeSystem/v3-ObservationValue */
const INCOMPLETE = new Set(['SUBSETTED', 'REDACTED', 'MASKED']);

const hasLabel = (codings: unknown): boolean =>
  Array.isArray(codings) && codings.some((one: Coding | null) => INCOMPLETE.has(one?.code ?? ''));

/**
 * Why a resource must not be read: `redacted` when parts were taken out, `cannot-interpret` when it says that it means
 * something else than its elements do. Undefined for every other resource. A Patient is read with the parts it has.
 * @see https://hl7.org/fhir/R4/extensibility.html#modifierExtension
 */
export const unusableReason = (resource: FhirResource): string | undefined => {
  const { modifierExtension } = resource as { modifierExtension?: unknown };
  if (Array.isArray(modifierExtension) && modifierExtension.length > 0) return 'cannot-interpret';
  if (resource.implicitRules !== undefined) return 'cannot-interpret';
  const { meta } = resource;
  if (!meta || !(hasLabel(meta.security) || hasLabel(meta.tag))) return undefined;
  return resource.resourceType === 'Patient' ? undefined : 'redacted';
};
