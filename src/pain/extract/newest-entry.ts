// The newest entry of a record, to say when a chart has gone quiet. Must not know what the entries mean.
import type { FhirResource } from 'fhir/r4.js';
import { firstCode } from './extractor.js';

/** When a resource says that something happened or was written; the text as recorded. */
const dateText = (resource: FhirResource): string | undefined => {
  switch (resource.resourceType) {
    case 'Observation':
      return resource.effectiveDateTime ?? resource.effectivePeriod?.start;
    case 'Condition':
      return resource.recordedDate ?? resource.onsetDateTime;
    case 'Encounter':
      return resource.period?.start;
    case 'DiagnosticReport':
      return resource.effectiveDateTime ?? resource.effectivePeriod?.start;
    case 'ImagingStudy':
      return resource.started;
    case 'Procedure':
      return resource.performedDateTime ?? resource.performedPeriod?.start;
    case 'MedicationRequest':
      return resource.authoredOn;
    case 'MedicationStatement':
      return resource.dateAsserted ?? resource.effectiveDateTime;
    case 'AllergyIntolerance':
      return resource.recordedDate;
    case 'QuestionnaireResponse':
      return resource.authored;
    default:
      return undefined;
  }
};

const isVoid = (resource: FhirResource): boolean => {
  if (resource.resourceType === 'Condition' || resource.resourceType === 'AllergyIntolerance')
    return firstCode(resource.verificationStatus) === 'entered-in-error';
  return 'status' in resource && resource.status === 'entered-in-error';
};

/**
 * The date of the newest entry up to `nowMs`, in the precision and words of the record; undefined without any date.
 * Text is compared as text: an offset may shift the order by hours, which does not matter for years.
 */
export const newestEntry = (
  resources: readonly FhirResource[],
  nowMs: number,
): string | undefined => {
  const limit = new Date(nowMs).toISOString();
  let newest = '';
  for (const resource of resources) {
    const text: unknown = dateText(resource);
    if (typeof text === 'string' && text > newest && text <= limit && !isVoid(resource))
      newest = text;
  }
  return /^\d{4}/.test(newest) ? newest.slice(0, 10) : undefined;
};
