// Whether a search answer is the answer to what was asked, by its `self` link. Must not look at resources.
import type { InputType } from '../pain/patient-record.js';

const PATIENT_PARAMETER = /^(patient|subject)(:Patient)?(\._id)?$/;

/**
 * Whether the `self` link of a search on a type still names the patient. FHIR servers may leave out parameters they do not
 * know and answer the wider search; the link tells which ones they used. A link that is no search on the type, or lists no
 * parameter at all, tells nothing.
 * @see https://hl7.org/fhir/R4/search.html#conformance
 */
export const namesPatient = (self: string, type: InputType, patientId: string): boolean => {
  if (!URL.canParse(self, 'https://relative.invalid/')) return true;
  const url = new URL(self, 'https://relative.invalid/');
  const isSearch = new RegExp(`/${type}(/_search)?/?$`).test(url.pathname);
  const parameters = [...url.searchParams];
  if (!isSearch || parameters.length === 0) return true;
  return parameters.some(
    ([name, value]) =>
      PATIENT_PARAMETER.test(name) &&
      (value === patientId || value.endsWith(`Patient/${patientId}`)),
  );
};
