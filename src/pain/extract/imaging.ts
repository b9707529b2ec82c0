// ImagingStudy and DiagnosticReport -> findings. A study proves an examination, a report's coded conclusion a finding (K3, O4).

import type { DiagnosticReport, ImagingStudy } from 'fhir/r4.js';
import type { Vocabulary } from '../knowledge.js';
import type { Place } from '../terms.js';
import {
  addFinding,
  draftFinding,
  type Extractor,
  impliedPlace,
  matchesOf,
  NO_PLACE,
  readDate,
  readPeriod,
} from './extractor.js';

const READABLE_REPORT = new Set([
  'final',
  'amended',
  'corrected',
  'appended',
  'preliminary',
  'partial',
]);

const placeOfStudy = (study: ImagingStudy, vocabulary: Vocabulary): Place | undefined => {
  const sites = (study.series ?? []).flatMap((series) =>
    series.bodySite ? [series.bodySite] : [],
  );
  const bySeries = sites.length > 0 ? vocabulary.placeOfSite(sites, undefined) : undefined;
  if (bySeries && bySeries.regions.length > 0) return bySeries;
  for (const concept of [...(study.procedureCode ?? []), ...(study.reasonCode ?? [])]) {
    const place = impliedPlace(vocabulary, concept.coding, matchesOf(vocabulary, concept.coding));
    if (place.regions.length > 0) return place;
  }
  return undefined;
};

/** That a region was imaged, how and when: context, never evidence. */
export const extractImagingStudy = (
  extractor: Extractor,
  resource: ImagingStudy,
  reference: string,
): void => {
  if (resource.status !== 'available') return;
  const { vocabulary } = extractor.knowledge;
  const [modality] = [
    ...(resource.modality ?? []),
    ...(resource.series ?? []).map((series) => series.modality),
  ];
  const matches = matchesOf(vocabulary, modality && [modality]);
  const finding = draftFinding('imaging-study', reference, matches);
  finding.effective = readDate(resource.started);
  finding.encounter = resource.encounter?.reference;
  const place = placeOfStudy(resource, vocabulary) ?? NO_PLACE;
  addFinding(extractor, finding, undefined, undefined, place);
};

/** The coded conclusions of a report, placed by their own term, the report's code or the linked study. */
export const extractReport = (
  extractor: Extractor,
  resource: DiagnosticReport,
  reference: string,
  studies: ReadonlyMap<string, ImagingStudy>,
): void => {
  if (resource.conclusionCode === undefined || !READABLE_REPORT.has(resource.status)) return;
  const { vocabulary, reportCategories } = extractor.knowledge;
  const study = (resource.imagingStudy ?? [])
    .map((link) => studies.get(link.reference ?? ''))
    .find((linked) => linked !== undefined);
  const isImaging =
    resource.imagingStudy !== undefined ||
    (resource.category ?? []).some((category) =>
      (category.coding ?? []).some(({ code }) => code !== undefined && reportCategories.has(code)),
    );
  const effective = readDate(resource.effectiveDateTime) ?? readPeriod(resource.effectivePeriod);
  for (const conclusion of resource.conclusionCode) {
    const matches = matchesOf(vocabulary, conclusion.coding);
    if (matches.length === 0) continue;
    const own = impliedPlace(vocabulary, conclusion.coding, matches);
    const place =
      own.regions.length > 0 ? own : impliedPlace(vocabulary, resource.code?.coding, []);
    const finding = draftFinding(isImaging ? 'report' : 'observation', reference, matches);
    finding.effective = effective;
    finding.encounter = resource.encounter?.reference;
    const said =
      place.regions.length > 0 ? place : ((study && placeOfStudy(study, vocabulary)) ?? NO_PLACE);
    addFinding(extractor, finding, conclusion.coding, undefined, said);
  }
};
