// Condition and Encounter reason -> findings. Must not know what the conditions mean for pain.
import type { Coding, Condition, Encounter } from 'fhir/r4.js';
import { isFuture, isWithin } from '../fhir-date.js';
import type { FhirDate } from '../finding.js';
import type { PhraseMatch, Vocabulary } from '../knowledge.js';
import type { CodeMatch } from '../terms.js';
import {
  addFinding,
  draftFinding,
  type Extractor,
  firstCode,
  isAcuteAndOver,
  matchesOf,
  readDate,
  readPeriod,
  verificationOf,
} from './extractor.js';

const PAST_CLINICAL_STATUS = new Set(['inactive', 'remission', 'resolved']);
const NO_PHRASES: readonly PhraseMatch[] = [];
const NOT_HAPPENED = new Set(['cancelled', 'entered-in-error', 'planned']);

const abatementOf = (condition: Condition): FhirDate | undefined =>
  readDate(condition.abatementDateTime) ?? readPeriod(condition.abatementPeriod);

/** Over by its status or abatement; a status set by an abatement after the evaluation did not hold yet. */
const isPast = (condition: Condition, abated: FhirDate | undefined, nowMs: number): boolean => {
  if (abated) return !isFuture(abated, nowMs);
  return (
    PAST_CLINICAL_STATUS.has(firstCode(condition.clinicalStatus) ?? '') ||
    condition.abatementString !== undefined ||
    condition.abatementAge !== undefined ||
    condition.abatementRange !== undefined
  );
};

const episodeOf = (
  vocabulary: Vocabulary,
  codings: readonly Coding[] | undefined,
): ReturnType<Vocabulary['episodeOf']> => {
  if (!codings) return undefined;
  for (const { system, code } of codings) {
    const episode = code === undefined ? undefined : vocabulary.episodeOf(system, code);
    if (episode !== undefined) return episode;
  }
  return undefined;
};

const hasKnownSystem = (vocabulary: Vocabulary, codings: readonly Coding[] | undefined): boolean =>
  codings?.some(({ system, code }) => code !== undefined && vocabulary.knowsSystem(system)) ??
  false;

/** A sequela is history; an injury in healing counts by its date, so without one it is no present injury. */
const isHealedOrSequela = (
  vocabulary: Vocabulary,
  codings: readonly Coding[] | undefined,
  matches: readonly CodeMatch[],
  date: FhirDate | undefined,
): boolean => {
  const episode = episodeOf(vocabulary, codings);
  if (episode === 'sequela') return true;
  if (episode !== 'subsequent' || date !== undefined) return false;
  return matches.some(({ acuteDays }) => acuteDays !== undefined);
};

/**
 * A Condition: current unless its clinicalStatus, abatement or acute nature says otherwise (G4); refuted ones deny,
 * those entered in error do not exist; free text counts only where no known code stands (O7).
 */
export const extractCondition = (
  extractor: Extractor,
  resource: Condition,
  reference: string,
): void => {
  const verification = firstCode(resource.verificationStatus);
  if (verification === 'entered-in-error') return;
  const { vocabulary } = extractor.knowledge;
  const { code } = resource;
  const coded = matchesOf(vocabulary, code?.coding);
  const isText = coded.length === 0;
  const phrases =
    isText && typeof code?.text === 'string' && !hasKnownSystem(vocabulary, code.coding)
      ? vocabulary.findPhrases(code.text)
      : NO_PHRASES;
  const matches = isText ? phrases.map((phrase) => phrase.match) : coded;
  if (matches.length === 0) return;
  const onset = readDate(resource.onsetDateTime) ?? readPeriod(resource.onsetPeriod);
  const recorded = readDate(resource.recordedDate);
  const abated = abatementOf(resource);
  const { nowMs } = extractor;
  const isOldInjury = isHealedOrSequela(vocabulary, code?.coding, matches, onset ?? recorded);
  const finding = draftFinding('condition', reference, matches);
  if (isText && code?.text !== undefined) {
    finding.label = code.text;
    finding.labelFromChart = true;
  }
  finding.presence = verification === 'refuted' ? 'absent' : 'present';
  finding.current =
    !isPast(resource, abated, nowMs) &&
    !isOldInjury &&
    !isAcuteAndOver(matches, onset ?? recorded, nowMs);
  finding.verification = verificationOf(verification);
  finding.basis = isText ? 'text' : 'coded';
  finding.onset = onset;
  finding.effective = recorded;
  finding.encounter = resource.encounter?.reference;
  finding.until = abated;
  const said = phrases.find((phrase) => phrase.place.regions.length > 0);
  addFinding(extractor, finding, code?.coding, resource.bodySite, said?.place);
};

/** The reasons of an Encounter: complaints for a short time, history afterwards. */
export const extractEncounter = (
  extractor: Extractor,
  resource: Encounter,
  reference: string,
): void => {
  if (resource.reasonCode === undefined || NOT_HAPPENED.has(resource.status)) return;
  const { vocabulary, encounterReasonDays } = extractor.knowledge;
  for (const reason of resource.reasonCode) {
    const matches = matchesOf(vocabulary, reason.coding);
    if (matches.length === 0) continue;
    const effective = readPeriod(resource.period);
    const finding = draftFinding('encounter', reference, matches);
    finding.current =
      episodeOf(vocabulary, reason.coding) !== 'sequela' &&
      isWithin(effective, extractor.nowMs, encounterReasonDays) === 'met';
    finding.effective = effective;
    finding.encounter = reference;
    addFinding(extractor, finding, reason.coding);
  }
};
