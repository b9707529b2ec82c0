// Procedure -> findings. Must not judge treatments.
import type { Procedure } from 'fhir/r4.js';
import {
  addFinding,
  draftFinding,
  type Extractor,
  matchesOf,
  organisationOf,
  readDate,
  readPeriod,
} from './extractor.js';

/** A procedure that was or is being done. */
export const extractProcedure = (
  extractor: Extractor,
  resource: Procedure,
  reference: string,
): void => {
  if (resource.status !== 'completed' && resource.status !== 'in-progress') return;
  const matches = matchesOf(extractor.knowledge.vocabulary, resource.code?.coding);
  if (matches.length === 0) return;
  const finding = draftFinding('procedure', reference, matches);
  finding.effective = readDate(resource.performedDateTime) ?? readPeriod(resource.performedPeriod);
  finding.encounter = resource.encounter?.reference;
  finding.organisation = organisationOf(
    ...(resource.performer ?? []).flatMap(({ onBehalfOf, actor }) => [onBehalfOf, actor]),
  );
  addFinding(extractor, finding, resource.code?.coding, resource.bodySite);
};
