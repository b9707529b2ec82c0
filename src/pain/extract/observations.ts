// Observation and QuestionnaireResponse scores -> findings. Must not know cut-offs.

import type {
  CodeableConcept,
  Coding,
  Observation,
  ObservationComponent,
  QuestionnaireResponse,
  QuestionnaireResponseItem,
} from 'fhir/r4.js';
import type { FhirDate, Finding, Presence } from '../finding.js';
import type { Analyte, ExtractionKnowledge, Vocabulary } from '../knowledge.js';
import { flagOf, hasNumber, measureOf, type ResultHolder } from '../measure.js';
import type { CodeMatch } from '../terms.js';
import {
  addFinding,
  draftFinding,
  type Extractor,
  matchesOf,
  NO_MATCHES,
  readDate,
  readPeriod,
} from './extractor.js';

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
  if (!codings) return undefined;
  for (const { system, code } of codings) {
    const presence = code === undefined ? undefined : vocabulary.presenceOf(system, code);
    if (presence) return presence;
  }
  return undefined;
};

/** @param said - what its coded value says */
const presenceOf = (
  holder: Holder,
  said: 'present' | 'absent' | undefined,
  isNumeric: boolean,
  flag: Finding['flag'],
): Presence => {
  if (holder.valueBoolean === false) return 'absent';
  if (said) return said;
  if (isNumeric) return 'present';
  if (flag !== undefined) return flag === 'normal' ? 'absent' : 'present';
  return holder.valueCodeableConcept === undefined ? 'present' : 'unknown';
};

/** True when the result stands in words alone ("none seen"), which are not read: they may deny as well as affirm. */
const isInWords = (holder: Holder, isNumeric: boolean, flag: Finding['flag']): boolean =>
  !isNumeric &&
  holder.valueBoolean === undefined &&
  flag === undefined &&
  (holder.valueString !== undefined ||
    (holder.valueCodeableConcept !== undefined && !holder.valueCodeableConcept.coding?.length));

const analyteOf = (
  matches: readonly CodeMatch[],
  analytes: ExtractionKnowledge['analytes'],
): Analyte | undefined => {
  for (const { set } of matches) {
    const analyte = analytes.get(set);
    if (analyte) return analyte;
  }
  return undefined;
};

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
  const named = said ? NO_MATCHES : matchesOf(vocabulary, valueCodings);
  if ((codeMatches.length === 0 && named.length === 0) || holder.dataAbsentReason) return;
  const { reference, source, bodySite, effective, encounter } = common;
  if (named.length > 0) {
    const denies = presenceIn(concept?.coding, vocabulary) === 'absent';
    const presence = denies ? 'absent' : 'present';
    const finding = draftFinding(source, reference, named);
    finding.presence = presence;
    finding.effective = effective;
    finding.encounter = encounter;
    addFinding(extractor, finding, valueCodings, bodySite);
    if (codeMatches.length === 0 || denies) return;
  }
  const analyte = analyteOf(codeMatches, analytes);
  const measure = analyte && measureOf(holder, analyte);
  const isNumeric = hasNumber(holder);
  const isUnread =
    analyte !== undefined && !measure && (isNumeric || holder.valueString !== undefined);
  const flag = isUnread ? undefined : flagOf(holder);
  if (isUnread || (!measure && isInWords(holder, isNumeric, flag))) {
    extractor.unreadableValues.push(reference);
    return;
  }
  const finding = draftFinding(source, reference, codeMatches);
  finding.presence = presenceOf(holder, said, isNumeric, flag);
  finding.effective = effective;
  finding.measure = measure;
  finding.flag = flag;
  finding.encounter = encounter;
  addFinding(extractor, finding, concept?.coding, bodySite);
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
  if (!component) return;
  for (const part of component) {
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
