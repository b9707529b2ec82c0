// Observation and QuestionnaireResponse scores -> findings. Must not know cut-offs.

import type {
  CodeableConcept,
  Coding,
  Observation,
  ObservationComponent,
  QuestionnaireResponse,
  QuestionnaireResponseItem,
} from 'fhir/r4.js';
import type { FhirDate, Presence } from '../finding.js';
import type { Vocabulary } from '../knowledge.js';
import { flagOf, hasNumber, measureOf, type ResultHolder } from '../measure.js';
import type { CodeMatch } from '../terms.js';
import { addFinding, type Extractor, matchesOf, readDate, readPeriod } from './extractor.js';

const READABLE_STATUS = new Set(['final', 'amended', 'corrected', 'preliminary']);
const LOINC = 'http://loinc.org';
const MAX_ITEM_DEPTH = 8;

type Holder = ResultHolder &
  Pick<
    Observation & ObservationComponent,
    'valueBoolean' | 'valueCodeableConcept' | 'valueString' | 'dataAbsentReason'
  >;

/** What all results of one resource share. */
interface Common {
  readonly reference: string;
  readonly source: 'observation' | 'questionnaire';
  readonly bodySite: readonly CodeableConcept[] | undefined;
  readonly effective: FhirDate | undefined;
  readonly encounter: string | undefined;
}

const presenceIn = (
  codings: readonly Coding[] | undefined,
  vocabulary: Vocabulary,
): 'present' | 'absent' | undefined => {
  for (const { system, code } of codings ?? []) {
    const presence = code === undefined ? undefined : vocabulary.presenceOf(system, code);
    if (presence) return presence;
  }
  return undefined;
};

const presenceOf = (holder: Holder, vocabulary: Vocabulary): Presence => {
  if (holder.valueBoolean === false) return 'absent';
  const coded = presenceIn(holder.valueCodeableConcept?.coding, vocabulary);
  if (coded) return coded;
  const flag = flagOf(holder);
  if (hasNumber(holder) || flag !== undefined)
    return !hasNumber(holder) && flag === 'normal' ? 'absent' : 'present';
  return holder.valueCodeableConcept === undefined ? 'present' : 'unknown';
};

/** True when the result stands in words alone ("none seen"), which are not read: they may deny as well as affirm. */
const isInWords = (holder: Holder): boolean =>
  !hasNumber(holder) &&
  holder.valueBoolean === undefined &&
  flagOf(holder) === undefined &&
  (holder.valueString !== undefined ||
    (holder.valueCodeableConcept !== undefined && !holder.valueCodeableConcept.coding?.length));

/**
 * Adds what one Observation or component says: its code with the result, or the finding its value names.
 * A code that means absence ("symptom absent") denies the finding its value names.
 */
const addResult = (
  extractor: Extractor,
  holder: Holder,
  concept: CodeableConcept | undefined,
  codeMatches: readonly CodeMatch[],
  common: Common,
): void => {
  const { vocabulary, analytes } = extractor.knowledge;
  const valueCodings = holder.valueCodeableConcept?.coding;
  const said = codeMatches.length > 0 ? presenceIn(valueCodings, vocabulary) : undefined;
  // A value that answers the code ("not pregnant") is no finding of its own.
  const named = said ? [] : matchesOf(vocabulary, valueCodings);
  if ((codeMatches.length === 0 && named.length === 0) || holder.dataAbsentReason) return;
  const { reference, source, bodySite, effective, encounter } = common;
  if (named.length > 0) {
    const denies = presenceIn(concept?.coding, vocabulary) === 'absent';
    const presence = denies ? 'absent' : 'present';
    addFinding(extractor, {
      reference,
      source,
      bodySite,
      effective,
      encounter,
      matches: named,
      codings: valueCodings,
      presence,
    });
    if (codeMatches.length === 0 || denies) return;
  }
  const set = codeMatches.find((match) => analytes.has(match.set))?.set;
  const analyte = set === undefined ? undefined : analytes.get(set);
  const measure = analyte && measureOf(holder, analyte);
  const isUnread = hasNumber(holder) || holder.valueString !== undefined;
  if (!measure && ((analyte && isUnread) || isInWords(holder))) {
    extractor.unreadableValues.push(reference);
    return;
  }
  addFinding(extractor, {
    reference,
    source,
    bodySite,
    effective,
    encounter,
    matches: codeMatches,
    codings: concept?.coding,
    presence: presenceOf(holder, vocabulary),
    measure,
    flag: flagOf(holder),
  });
};

/** An Observation and its components; void ones do not exist. */
export const extractObservation = (
  extractor: Extractor,
  resource: Observation,
  reference: string,
): void => {
  const { component, valueCodeableConcept, code } = resource;
  const { vocabulary } = extractor.knowledge;
  const matches = matchesOf(vocabulary, code?.coding);
  if (matches.length === 0 && component === undefined && valueCodeableConcept === undefined) return;
  if (!READABLE_STATUS.has(resource.status)) return;
  const common: Common = {
    reference,
    source: 'observation',
    bodySite: resource.bodySite && [resource.bodySite],
    effective:
      readDate(resource.effectiveDateTime) ??
      readDate(resource.effectiveInstant) ??
      readPeriod(resource.effectivePeriod),
    encounter: resource.encounter?.reference,
  };
  addResult(extractor, resource, code, matches, common);
  for (const part of component ?? []) {
    addResult(extractor, part, part.code, matchesOf(vocabulary, part.code?.coding), common);
  }
};

/** `/44261-6` and `44261-6` both mean the LOINC code. */
const codeOfLink = (linkId: string): string => linkId.slice(linkId.lastIndexOf('/') + 1);

const addItems = (
  extractor: Extractor,
  items: readonly QuestionnaireResponseItem[] | undefined,
  common: Common,
  depth: number,
): void => {
  if (depth > MAX_ITEM_DEPTH) return;
  for (const { linkId, answer, item } of items ?? []) {
    const [first] = answer ?? [];
    const value = first?.valueDecimal ?? first?.valueInteger;
    if (value !== undefined && typeof linkId === 'string') {
      const coding = [{ system: LOINC, code: codeOfLink(linkId) }];
      const matches = matchesOf(extractor.knowledge.vocabulary, coding);
      addResult(extractor, { valueQuantity: { value } }, { coding }, matches, common);
    }
    addItems(extractor, item, common, depth + 1);
  }
};

/** The scores of a completed questionnaire whose items are linked by LOINC code. */
export const extractQuestionnaire = (
  extractor: Extractor,
  resource: QuestionnaireResponse,
  reference: string,
): void => {
  if (resource.status !== 'completed' && resource.status !== 'amended') return;
  const effective = readDate(resource.authored);
  const common: Common = {
    reference,
    source: 'questionnaire',
    bodySite: undefined,
    effective,
    encounter: resource.encounter?.reference,
  };
  addItems(extractor, resource.item, common, 0);
};
