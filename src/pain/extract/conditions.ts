// Condition and Encounter reason -> findings. Must not know what the conditions mean for pain.
import type { Coding, Condition, Encounter } from 'fhir/r4.js';
import { isFuture, isWithin } from '../fhir-date.js';
import type { FhirDate } from '../finding.js';
import type { Vocabulary } from '../knowledge.js';
import type { CodeMatch } from '../terms.js';
import {
  addFinding,
  type Extractor,
  firstCode,
  isAcuteAndOver,
  matchesOf,
  readDate,
  readPeriod,
  verificationOf,
} from './extractor.js';

const PAST_CLINICAL_STATUS = new Set(['inactive', 'remission', 'resolved']);
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

const episodeOf = (vocabulary: Vocabulary, codings: readonly Coding[] | undefined) =>
  (codings ?? [])
    .map(({ system, code }) =>
      code === undefined ? undefined : vocabulary.episodeOf(system, code),
    )
    .find((episode) => episode !== undefined);

/** A sequela is history; an injury in healing counts by its date, so without one it is no present injury. */
const isHealedOrSequela = (
  vocabulary: Vocabulary,
  codings: readonly Coding[] | undefined,
  matches: readonly CodeMatch[],
  date: FhirDate | undefined,
): boolean => {
  const episode = episodeOf(vocabulary, codings);
  if (episode === 'sequela') return true;
  const isAcute = matches.some(({ acuteDays }) => acuteDays !== undefined);
  return episode === 'subsequent' && isAcute && date === undefined;
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
  const hasKnownCode =
    coded.length > 0 ||
    (code?.coding ?? []).some(
      (coding) => coding.code !== undefined && vocabulary.knowsSystem(coding.system),
    );
  const phrases =
    !hasKnownCode && typeof code?.text === 'string' ? vocabulary.findPhrases(code.text) : [];
  const matches = coded.length > 0 ? coded : phrases.map((phrase) => phrase.match);
  if (matches.length === 0) return;
  const isText = coded.length === 0;
  const onset = readDate(resource.onsetDateTime) ?? readPeriod(resource.onsetPeriod);
  const recorded = readDate(resource.recordedDate);
  const abated = abatementOf(resource);
  const { nowMs } = extractor;
  const isOldInjury = isHealedOrSequela(vocabulary, code?.coding, matches, onset ?? recorded);
  addFinding(extractor, {
    reference,
    source: 'condition',
    matches,
    codings: code?.coding,
    bodySite: resource.bodySite,
    place: isText ? phrases.find((phrase) => phrase.place.regions.length > 0)?.place : undefined,
    presence: verification === 'refuted' ? 'absent' : 'present',
    current:
      !isPast(resource, abated, nowMs) &&
      !isOldInjury &&
      !isAcuteAndOver(matches, onset ?? recorded, nowMs),
    verification: verificationOf(verification),
    basis: isText ? 'text' : 'coded',
    chartText: isText ? code?.text : undefined,
    onset,
    effective: recorded,
    encounter: resource.encounter?.reference,
    until: abated,
  });
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
    addFinding(extractor, {
      reference,
      source: 'encounter',
      matches,
      codings: reason.coding,
      current:
        episodeOf(vocabulary, reason.coding) !== 'sequela' &&
        isWithin(effective, extractor.nowMs, encounterReasonDays) === 'met',
      effective,
      encounter: reference,
    });
  }
};
