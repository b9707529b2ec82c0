// Procedure -> findings. Must not judge treatments.
import type { Procedure } from 'fhir/r4.js';
import {
  addFinding,
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
  addFinding(extractor, {
    reference,
    source: 'procedure',
    matches,
    codings: resource.code?.coding,
    bodySite: resource.bodySite,
    effective: readDate(resource.performedDateTime) ?? readPeriod(resource.performedPeriod),
    encounter: resource.encounter?.reference,
    organisation: organisationOf(
      ...(resource.performer ?? []).flatMap(({ onBehalfOf, actor }) => [onBehalfOf, actor]),
    ),
  });
};
