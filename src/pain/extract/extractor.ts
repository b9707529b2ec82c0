// What the extraction of every resource type shares: code matching, places and the list that findings go to. Must not know one resource type.

import type { CodeableConcept, Coding, Medication, Period, Reference } from 'fhir/r4.js';
import { isFuture, isWithin, parseFhirDate } from '../fhir-date.js';
import type { FhirDate, Finding, FindingSource } from '../finding.js';
import type { ExtractionKnowledge, Vocabulary } from '../knowledge.js';
import type { Medicine } from '../medicine.js';
import type { InputType } from '../patient-record.js';
import type { CodeMatch, Place } from '../terms.js';

/** `Medication/id` -> resource. */
export type ReferencedMedications = ReadonlyMap<string, Medication>;

/** The state of one extraction. */
export interface Extractor {
  readonly knowledge: ExtractionKnowledge;
  /** Evaluation time, milliseconds since the epoch. */
  readonly nowMs: number;
  readonly findings: Finding[];
  /** References of results whose value or unit was not understood. */
  readonly unreadableValues: string[];
  /** Medicines recognised so far, by codes and words: a chart repeats them. */
  readonly recognised: Map<string, Medicine | undefined>;
  /** `Encounter/id` -> reference of the organisation that gave the care. */
  readonly organisations: ReadonlyMap<string, string>;
  /** Types of which something recorded could not be used: what they do not say is not known to be absent. */
  readonly unusable: Set<InputType>;
  futureDated: number;
  /** Current medicines that could not be recognised, in whole or in part. */
  unrecognisedMedicines: number;
  /** Current drug allergies whose substance could not be recognised. */
  unrecognisedAllergies: number;
  /** True when any allergy entry exists, "no known allergy" included. */
  allergyRecorded: boolean;
}

/** A finding while it is being made. */
export type Draft = { -readonly [Field in keyof Finding]: Finding[Field] };

/** A finding of which nothing is known yet but what it was found in: present, current, coded. */
export const draftFinding = (
  source: FindingSource,
  reference: string,
  matches: readonly CodeMatch[],
): Draft => ({
  reference,
  source,
  matches,
  label: '',
  labelFromChart: false,
  presence: 'present',
  current: true,
  verification: 'unstated',
  basis: 'coded',
  onset: undefined,
  effective: undefined,
  measure: undefined,
  flag: undefined,
  regions: NO_PLACE.regions,
  side: undefined,
  siteRecorded: false,
  encounter: undefined,
  until: undefined,
  dose: undefined,
  route: undefined,
  allergy: undefined,
  stopReason: undefined,
  organisation: undefined,
});

/** What a code says that is in no set. */
export const NO_MATCHES: readonly CodeMatch[] = [];
/** The place of what says none. */
export const NO_PLACE: Place = { regions: [], side: undefined };

/** The code of a concept's first coding, for FHIR's own status value sets. */
export const firstCode = (concept: CodeableConcept | undefined): string | undefined =>
  concept?.coding?.[0]?.code;

const UNCONFIRMED = new Set(['unconfirmed', 'provisional', 'differential']);

/** What a code of `verificationStatus` says of an entry that is neither refuted nor an error. */
export const verificationOf = (code: string | undefined): Finding['verification'] => {
  if (code === 'confirmed') return code;
  return code !== undefined && UNCONFIRMED.has(code) ? 'unconfirmed' : 'unstated';
};

/** A date of the record; undefined when there is none or it is no real date. */
export const readDate = parseFhirDate;

/** A period as the interval of its end, or of what is known of it. */
export const readPeriod = (period: Period | undefined): FhirDate | undefined => {
  if (period === undefined) return undefined;
  const start = readDate(period.start);
  const end = readDate(period.end);
  if (!start || !end) return start ?? end;
  return end.endMs >= start.startMs ? end : start;
};

/** All code-set rows the codings match; one shared empty list when none does. */
export const matchesOf = (
  vocabulary: Vocabulary,
  codings: readonly Coding[] | undefined,
): readonly CodeMatch[] => {
  if (codings === undefined) return NO_MATCHES;
  let found: readonly CodeMatch[] = NO_MATCHES;
  for (let at = 0; at < codings.length; at += 1) {
    const coding = codings[at];
    if (coding === undefined || typeof coding.code !== 'string') continue;
    const matches = vocabulary.find(coding.system, coding.code);
    if (matches.length > 0) found = found.length === 0 ? matches : [...found, ...matches];
  }
  return found;
};

/** The first of the references that leads to an Organization. */
export const organisationOf = (
  ...references: readonly (Reference | undefined)[]
): string | undefined => {
  for (const one of references) {
    if (typeof one?.reference === 'string' && /(^|\/)Organization[/?]/.test(one.reference))
      return one.reference;
  }
  return undefined;
};

/** The place the codes themselves say. */
export const impliedPlace = (
  vocabulary: Vocabulary,
  codings: readonly Coding[] | undefined,
  matches: readonly CodeMatch[],
): Place => {
  if (codings !== undefined) {
    for (const { system, code } of codings) {
      const place = code === undefined ? undefined : vocabulary.placeOfCode(system, code);
      if (place) return place;
    }
  }
  for (const match of matches) if (match.regions.length > 0) return match;
  return NO_PLACE;
};

const recordedPlace = (
  vocabulary: Vocabulary,
  sites: readonly CodeableConcept[] | undefined,
): Place | undefined => {
  if (!sites || sites.length === 0) return undefined;
  const places = sites
    .map((site) => vocabulary.placeOfSite(site.coding ?? [], site.text))
    .filter((place) => place !== undefined);
  if (places.length === 0) return undefined;
  const side = places.find((place) => place.side !== undefined)?.side;
  const regions = [...new Set(places.flatMap((place) => place.regions))];
  return { regions, side };
};

const strongestDisplay = (matches: readonly CodeMatch[]): string => {
  let best: CodeMatch | undefined;
  for (const match of matches) if (!best || (match.weight ?? 0) > (best.weight ?? 0)) best = match;
  return best?.display ?? '';
};

const typeOf = (reference: string): InputType =>
  reference.slice(0, reference.indexOf('/')) as InputType;

/**
 * Adds a finding, unless it is dated after the evaluation: then it is counted, and what holds now leaves its type open.
 * @param place - overrides what the codes imply
 */
export const addFinding = (
  extractor: Extractor,
  finding: Draft,
  codings: readonly Coding[] | undefined,
  bodySite?: readonly CodeableConcept[] | undefined,
  place?: Place | undefined,
): void => {
  const { onset, effective, encounter } = finding;
  const { nowMs } = extractor;
  if ((onset && isFuture(onset, nowMs)) || (effective && isFuture(effective, nowMs))) {
    extractor.futureDated += 1;
    if (finding.current) extractor.unusable.add(typeOf(finding.reference));
    return;
  }
  const { vocabulary } = extractor.knowledge;
  const recorded = recordedPlace(vocabulary, bodySite);
  const implied = place ?? impliedPlace(vocabulary, codings, finding.matches);
  const isPlaced = recorded !== undefined && recorded.regions.length > 0;
  finding.regions = isPlaced ? recorded.regions : implied.regions;
  finding.side = recorded?.side ?? implied.side;
  finding.siteRecorded = isPlaced;
  if (!finding.labelFromChart) finding.label = strongestDisplay(finding.matches);
  if (encounter !== undefined) finding.organisation ??= extractor.organisations.get(encounter);
  extractor.findings.push(finding);
};

/** Whether an acute condition began so long ago that "active" is no longer believed. */
export const isAcuteAndOver = (
  matches: readonly CodeMatch[],
  date: FhirDate | undefined,
  nowMs: number,
): boolean => {
  if (date === undefined) return false;
  for (const { acuteDays } of matches) {
    if (acuteDays !== undefined) return isWithin(date, nowMs, acuteDays) === 'notMet';
  }
  return false;
};
