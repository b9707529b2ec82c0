// Whose resource is it: proves that a resource is about one patient. Must not know where it came from.
import type { FhirResource, Reference } from 'fhir/r4.js';

/** Answers whether a resource is proven to be about the patient. */
export type SubjectTest = (resource: FhirResource) => boolean;

const withoutVersion = (reference: string): string => {
  const at = reference.indexOf('/_history/');
  return at < 0 ? reference : reference.slice(0, at);
};

/** The reference that says whose resource it is; resources without one are not about a patient. */
const subjectOf = (resource: FhirResource): string | undefined => {
  const { subject, patient } = resource as { subject?: Reference; patient?: Reference };
  const reference = (subject ?? patient)?.reference;
  return typeof reference === 'string' ? reference : undefined;
};

/**
 * Creates the test for one patient. A logical identifier, a display or a contained copy proves nothing.
 * @param base - FHIR base URL without a trailing slash; when known, absolute references must start with it
 * @param aliases - further references that mean this patient, for example its `urn:uuid` in a Bundle
 * @see https://hl7.org/fhir/R4/references.html
 */
export const createSubjectTest = (
  patientId: string,
  options: { readonly base?: string | undefined; readonly aliases?: readonly string[] } = {},
): SubjectTest => {
  const relative = `Patient/${patientId}`;
  const absolute = options.base === undefined ? undefined : `${options.base}/${relative}`;
  const aliases = new Set(options.aliases ?? []);
  const isSame = (reference: string): boolean => {
    if (reference === relative || reference === absolute || aliases.has(reference)) return true;
    if (!reference.includes('/_history/') && !reference.includes('://')) return false;
    const plain = withoutVersion(reference);
    if (plain === relative || plain === absolute) return true;
    return absolute === undefined && /^https?:\/\//.test(plain) && plain.endsWith(`/${relative}`);
  };
  return (resource) => {
    if (resource.resourceType === 'Patient') return resource.id === patientId;
    const reference = subjectOf(resource);
    return reference !== undefined && isSame(reference);
  };
};
