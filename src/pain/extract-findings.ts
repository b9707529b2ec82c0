// FHIR R4 resources -> Finding[]: coded, dated, unit-converted facts; void data dropped. Must not know pains, criteria or categories.
import type {
  AllergyIntolerance,
  CodeableConcept,
  Coding,
  Condition,
  DiagnosticReport,
  Encounter,
  FhirResource,
  ImagingStudy,
  Medication,
  MedicationRequest,
  MedicationStatement,
  Observation,
  ObservationComponent,
  Period,
  Procedure,
  QuestionnaireResponse,
  QuestionnaireResponseItem,
} from 'fhir/r4.js';
import { isFuture, isWithin, parseFhirDate } from './fhir-date.js';
import type { FhirDate, Finding, FindingSource, Presence } from './finding.js';
import type { Analyte, CodeMatch, Place, Vocabulary } from './knowledge.js';
import { flagOf, hasNumber, measureOf, type ResultHolder } from './measure.js';
import type { PatientRecord } from './patient-record.js';

/** What extraction needs to know. */
export interface ExtractionKnowledge {
  readonly vocabulary: Vocabulary;
  readonly analytes: ReadonlyMap<string, Analyte>;
  /** Category codes that make a DiagnosticReport an imaging report. */
  readonly reportCategories: ReadonlySet<string>;
  /** Days for which an Encounter's reason counts as a current complaint. */
  readonly encounterReasonDays: number;
}

/** The findings of a record, with what could not be used and must be said. */
export interface Extraction {
  readonly findings: readonly Finding[];
  readonly futureDated: number;
  readonly unreadableValues: readonly string[];
  readonly medicinesWithoutName: number;
}

const NO_MATCHES: readonly CodeMatch[] = [];
const NO_PLACE: Place = { regions: [] };
const IMAGING = new Set(['final', 'amended', 'corrected', 'appended', 'preliminary', 'partial']);
const READABLE_OBSERVATION = new Set(['final', 'amended', 'corrected', 'preliminary']);
const PLANNED_INTENT = new Set(['proposal', 'plan', 'option']);
const PAST_CLINICAL_STATUS = new Set(['inactive', 'remission', 'resolved']);
const UNCONFIRMED = new Set(['unconfirmed', 'provisional', 'differential']);

const firstCode = (concept: CodeableConcept | undefined): string | undefined =>
  concept?.coding?.[0]?.code;

const periodDate = (period: Period | undefined): FhirDate | undefined => {
  const start = parseFhirDate(period?.start);
  const end = parseFhirDate(period?.end);
  if (!start || !end) return start ?? end;
  return end.endMs >= start.startMs ? { text: end.text, startMs: end.startMs, endMs: end.endMs } : start;
};

const matchesOf = (vocabulary: Vocabulary, codings: readonly Coding[] | undefined): readonly CodeMatch[] => {
  let found: readonly CodeMatch[] = NO_MATCHES;
  for (const { system, code } of codings ?? []) {
    if (typeof code !== 'string') continue;
    const matches = vocabulary.find(system, code);
    if (matches.length > 0) found = found.length === 0 ? matches : [...found, ...matches];
  }
  return found;
};

const impliedPlace = (
  vocabulary: Vocabulary,
  codings: readonly Coding[] | undefined,
  matches: readonly CodeMatch[],
): Place => {
  for (const { system, code } of codings ?? []) {
    const place = code === undefined ? undefined : vocabulary.placeOfCode(system, code);
    if (place) return place;
  }
  return matches.find((match) => match.regions.length > 0) ?? NO_PLACE;
};

const bestMatch = (matches: readonly CodeMatch[]): CodeMatch | undefined =>
  matches.reduce<CodeMatch | undefined>(
    (best, match) => (best === undefined || (match.weight ?? 0) > (best.weight ?? 0) ? match : best),
    undefined,
  );

interface Draft {
  readonly reference: string;
  readonly source: FindingSource;
  readonly matches: readonly CodeMatch[];
  readonly codings?: readonly Coding[] | undefined;
  readonly bodySite?: readonly CodeableConcept[] | undefined;
  readonly place?: Place | undefined;
  readonly presence?: Presence | undefined;
  readonly current?: boolean | undefined;
  readonly verification?: Finding['verification'] | undefined;
  readonly basis?: Finding['basis'] | undefined;
  readonly chartText?: string | undefined;
  readonly onset?: FhirDate | undefined;
  readonly effective?: FhirDate | undefined;
  readonly measure?: Finding['measure'] | undefined;
  readonly flag?: Finding['flag'] | undefined;
  readonly encounter?: string | undefined;
}

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
  return side === undefined ? { regions } : { regions, side };
};

const toFinding = (draft: Draft, vocabulary: Vocabulary): Finding => {
  const recorded = recordedPlace(vocabulary, draft.bodySite);
  const implied = draft.place ?? impliedPlace(vocabulary, draft.codings, draft.matches);
  const isPlaced = recorded !== undefined && recorded.regions.length > 0;
  const regions = isPlaced ? recorded.regions : implied.regions;
  const side = recorded?.side ?? implied.side;
  const best = bestMatch(draft.matches);
  const { onset, effective, measure, flag, encounter } = draft;
  return {
    reference: draft.reference,
    source: draft.source,
    matches: draft.matches,
    label: draft.chartText ?? best?.display ?? '',
    labelFromChart: draft.chartText !== undefined,
    presence: draft.presence ?? 'present',
    current: draft.current ?? true,
    verification: draft.verification ?? 'unstated',
    basis: draft.basis ?? 'coded',
    regions,
    siteRecorded: isPlaced,
    ...(side && { side }),
    ...(onset && { onset }),
    ...(effective && { effective }),
    ...(measure && { measure }),
    ...(flag && { flag }),
    ...(encounter && { encounter }),
  };
};

/**
 * Extracts every fact the knowledge can use from a patient's record at a moment in time.
 * One pass over the resources; the cost of a resource does not depend on the number of rules.
 * @param nowMs - evaluation time, milliseconds since the epoch; what is dated later is left out and counted
 */
export const extractFindings = (
  record: PatientRecord,
  knowledge: ExtractionKnowledge,
  nowMs: number,
): Extraction => {
  const { vocabulary, analytes } = knowledge;
  const findings: Finding[] = [];
  const unreadableValues: string[] = [];
  const studies = new Map<string, ImagingStudy>();
  const medications = new Map<string, Medication>();
  let futureDated = 0;
  let medicinesWithoutName = 0;

  const add = (draft: Draft): void => {
    const dated = draft.onset ?? draft.effective;
    if ((dated && isFuture(dated, nowMs)) || (draft.effective && isFuture(draft.effective, nowMs))) {
      futureDated += 1;
      return;
    }
    findings.push(toFinding(draft, vocabulary));
  };

  const isAcuteAndOver = (matches: readonly CodeMatch[], date: FhirDate | undefined): boolean => {
    const days = matches.find((match) => match.acuteDays !== undefined)?.acuteDays;
    return days !== undefined && date !== undefined && isWithin(date, nowMs, days) === 'notMet';
  };

  const hasAbated = (condition: Condition): boolean => {
    if (condition.abatementString !== undefined || condition.abatementAge || condition.abatementRange) return true;
    const abated = parseFhirDate(condition.abatementDateTime) ?? periodDate(condition.abatementPeriod);
    return abated !== undefined && !isFuture(abated, nowMs);
  };

  const condition = (resource: Condition, reference: string): void => {
    const verification = firstCode(resource.verificationStatus);
    if (verification === 'entered-in-error') return;
    const { code } = resource;
    const coded = matchesOf(vocabulary, code?.coding);
    const hasKnownCode = (code?.coding ?? []).some(
      (coding) => coding.code !== undefined && vocabulary.knowsSystem(coding.system),
    );
    const phrases = coded.length === 0 && !hasKnownCode && code?.text ? vocabulary.findPhrases(code.text) : [];
    const matches = coded.length > 0 ? coded : phrases.map((phrase) => phrase.match);
    if (matches.length === 0) return;
    const onset = parseFhirDate(resource.onsetDateTime) ?? periodDate(resource.onsetPeriod);
    const recorded = parseFhirDate(resource.recordedDate);
    const clinical = firstCode(resource.clinicalStatus);
    add({
      reference,
      source: 'condition',
      matches,
      codings: code?.coding,
      bodySite: resource.bodySite,
      place: coded.length > 0 ? undefined : phrases.find((p) => p.place.regions.length > 0)?.place,
      presence: verification === 'refuted' ? 'absent' : 'present',
      current:
        !(clinical !== undefined && PAST_CLINICAL_STATUS.has(clinical)) &&
        !hasAbated(resource) &&
        !isAcuteAndOver(matches, onset ?? recorded),
      verification:
        verification === 'confirmed'
          ? 'confirmed'
          : verification !== undefined && UNCONFIRMED.has(verification)
            ? 'unconfirmed'
            : 'unstated',
      basis: coded.length > 0 ? 'coded' : 'text',
      chartText: coded.length > 0 ? undefined : code?.text,
      onset,
      effective: recorded,
      encounter: resource.encounter?.reference,
    });
  };

  const encounter = (resource: Encounter, reference: string): void => {
    if (resource.status === 'cancelled' || resource.status === 'entered-in-error' || resource.status === 'planned') return;
    for (const reason of resource.reasonCode ?? []) {
      const matches = matchesOf(vocabulary, reason.coding);
      if (matches.length === 0) continue;
      const effective = periodDate(resource.period);
      add({
        reference,
        source: 'encounter',
        matches,
        codings: reason.coding,
        current: isWithin(effective, nowMs, knowledge.encounterReasonDays) === 'met',
        effective,
        encounter: reference,
      });
    }
  };

  /** Adds what one Observation or component says: its code with the result, or the finding its value names. */
  const result = (
    holder: ResultHolder & Pick<Observation & ObservationComponent, 'valueBoolean' | 'valueCodeableConcept' | 'valueString' | 'dataAbsentReason'>,
    concept: CodeableConcept | undefined,
    base: Omit<Draft, 'matches'>,
  ): void => {
    const codeMatches = matchesOf(vocabulary, concept?.coding);
    const valueCodings = holder.valueCodeableConcept?.coding;
    const named = matchesOf(vocabulary, valueCodings);
    if ((codeMatches.length === 0 && named.length === 0) || holder.dataAbsentReason) return;
    let denies = false;
    for (const { system, code } of concept?.coding ?? []) {
      if (code !== undefined && vocabulary.presenceOf(system, code) === 'absent') denies = true;
    }
    if (named.length > 0) {
      add({ ...base, matches: named, codings: valueCodings, presence: denies ? 'absent' : 'present' });
      if (codeMatches.length === 0 || denies) return;
    }
    const analyteSet = codeMatches.find((match) => analytes.has(match.set))?.set;
    const analyte = analyteSet === undefined ? undefined : analytes.get(analyteSet);
    const measure = analyte && measureOf(holder, analyte);
    if (analyte && !measure && (hasNumber(holder) || holder.valueString !== undefined)) {
      unreadableValues.push(base.reference);
      return;
    }
    add({
      ...base,
      matches: codeMatches,
      codings: concept?.coding,
      presence: presenceOf(holder, valueCodings),
      measure,
      flag: flagOf(holder),
    });
  };

  const presenceOf = (
    holder: ResultHolder & Pick<Observation, 'valueBoolean'>,
    valueCodings: readonly Coding[] | undefined,
  ): Presence => {
    if (holder.valueBoolean === false) return 'absent';
    for (const { system, code } of valueCodings ?? []) {
      const presence = code === undefined ? undefined : vocabulary.presenceOf(system, code);
      if (presence) return presence;
    }
    return !hasNumber(holder) && flagOf(holder) === 'normal' ? 'absent' : 'present';
  };

  const observation = (resource: Observation, reference: string): void => {
    if (!READABLE_OBSERVATION.has(resource.status)) return;
    if (
      resource.component === undefined &&
      resource.valueCodeableConcept === undefined &&
      matchesOf(vocabulary, resource.code?.coding).length === 0
    ) {
      return;
    }
    const effective =
      parseFhirDate(resource.effectiveDateTime) ??
      parseFhirDate(resource.effectiveInstant) ??
      periodDate(resource.effectivePeriod);
    const base = {
      reference,
      source: 'observation' as const,
      bodySite: resource.bodySite && [resource.bodySite],
      effective,
      encounter: resource.encounter?.reference,
    };
    result(resource, resource.code, base);
    for (const component of resource.component ?? []) result(component, component.code, base);
  };

  const studyPlace = (study: ImagingStudy): Place | undefined => {
    const codings = (study.series ?? []).flatMap((series) => (series.bodySite ? [series.bodySite] : []));
    const bySeries = codings.length > 0 ? vocabulary.placeOfSite(codings, undefined) : undefined;
    if (bySeries && bySeries.regions.length > 0) return bySeries;
    for (const concept of [...(study.procedureCode ?? []), ...(study.reasonCode ?? [])]) {
      for (const { system, code } of concept.coding ?? []) {
        const place = code === undefined ? undefined : vocabulary.placeOfCode(system, code);
        if (place) return place;
      }
    }
    return undefined;
  };

  const imagingStudy = (resource: ImagingStudy, reference: string): void => {
    if (resource.status !== 'available') return;
    const modalities = [...(resource.modality ?? []), ...(resource.series ?? []).map((series) => series.modality)];
    add({
      reference,
      source: 'imaging-study',
      matches: matchesOf(vocabulary, modalities.slice(0, 1)),
      place: studyPlace(resource) ?? NO_PLACE,
      effective: parseFhirDate(resource.started),
      encounter: resource.encounter?.reference,
    });
  };

  const report = (resource: DiagnosticReport, reference: string): void => {
    if (!IMAGING.has(resource.status)) return;
    const linked = (resource.imagingStudy ?? [])
      .map((study) => studies.get(study.reference ?? ''))
      .find((study) => study !== undefined);
    const isImaging =
      resource.imagingStudy !== undefined ||
      (resource.category ?? []).some((category) =>
        (category.coding ?? []).some(({ code }) => code !== undefined && knowledge.reportCategories.has(code)),
      );
    const effective = parseFhirDate(resource.effectiveDateTime) ?? periodDate(resource.effectivePeriod);
    for (const conclusion of resource.conclusionCode ?? []) {
      const matches = matchesOf(vocabulary, conclusion.coding);
      if (matches.length === 0) continue;
      const own = impliedPlace(vocabulary, conclusion.coding, matches);
      const ofCode = own.regions.length > 0 ? own : impliedPlace(vocabulary, resource.code?.coding, NO_MATCHES);
      add({
        reference,
        source: isImaging ? 'report' : 'observation',
        matches,
        codings: conclusion.coding,
        place: ofCode.regions.length > 0 ? ofCode : ((linked && studyPlace(linked)) ?? NO_PLACE),
        effective,
        encounter: resource.encounter?.reference,
      });
    }
  };

  const procedure = (resource: Procedure, reference: string): void => {
    if (resource.status !== 'completed' && resource.status !== 'in-progress') return;
    const matches = matchesOf(vocabulary, resource.code?.coding);
    if (matches.length === 0) return;
    add({
      reference,
      source: 'procedure',
      matches,
      codings: resource.code?.coding,
      bodySite: resource.bodySite,
      effective: parseFhirDate(resource.performedDateTime) ?? periodDate(resource.performedPeriod),
      encounter: resource.encounter?.reference,
    });
  };

  const medicationConcept = (
    resource: MedicationRequest | MedicationStatement,
  ): CodeableConcept | undefined => {
    const reference = resource.medicationReference?.reference;
    if (resource.medicationCodeableConcept || reference === undefined) return resource.medicationCodeableConcept;
    if (!reference.startsWith('#')) return medications.get(reference)?.code;
    const contained = resource.contained?.find((inner) => `#${inner.id}` === reference);
    return contained?.resourceType === 'Medication' ? (contained as Medication).code : undefined;
  };

  const medication = (
    resource: MedicationRequest | MedicationStatement,
    reference: string,
    current: boolean,
    effective: FhirDate | undefined,
  ): void => {
    const concept = medicationConcept(resource);
    const text = concept?.text ?? concept?.coding?.find((coding) => coding.display)?.display;
    const coded = matchesOf(vocabulary, concept?.coding);
    const matches = coded.length > 0 || !text ? coded : vocabulary.findDrugWords(text);
    if (!concept || (!text && (concept.coding ?? []).length === 0)) medicinesWithoutName += 1;
    if (matches.length === 0) return;
    add({ reference, source: 'medication', matches, current, effective });
  };

  const medicationRequest = (resource: MedicationRequest, reference: string): void => {
    const { status } = resource;
    if (resource.doNotPerform || PLANNED_INTENT.has(resource.intent)) return;
    if (status === 'entered-in-error' || status === 'cancelled' || status === 'draft') return;
    medication(resource, reference, status === 'active' || status === 'on-hold', parseFhirDate(resource.authoredOn));
  };

  const medicationStatement = (resource: MedicationStatement, reference: string): void => {
    const { status } = resource;
    if (status === 'entered-in-error' || status === 'not-taken' || status === 'intended') return;
    const effective =
      parseFhirDate(resource.effectiveDateTime) ??
      periodDate(resource.effectivePeriod) ??
      parseFhirDate(resource.dateAsserted);
    medication(resource, reference, status === 'active', effective);
  };

  const allergy = (resource: AllergyIntolerance, reference: string): void => {
    const verification = firstCode(resource.verificationStatus);
    if (verification === 'entered-in-error') return;
    const matches = matchesOf(vocabulary, resource.code?.coding);
    if (matches.length === 0) return;
    add({
      reference,
      source: 'allergy',
      matches,
      presence: verification === 'refuted' ? 'absent' : 'present',
      current: !PAST_CLINICAL_STATUS.has(firstCode(resource.clinicalStatus) ?? ''),
      effective: parseFhirDate(resource.recordedDate),
    });
  };

  const questionnaireItems = (
    items: readonly QuestionnaireResponseItem[] | undefined,
    base: Omit<Draft, 'matches'>,
    depth: number,
  ): void => {
    if (depth > 8) return;
    for (const item of items ?? []) {
      const code = item.linkId.startsWith('/') ? item.linkId.slice(item.linkId.lastIndexOf('/') + 1) : item.linkId;
      const [answer] = item.answer ?? [];
      const number = answer?.valueDecimal ?? answer?.valueInteger;
      if (number !== undefined) {
        const coding = [{ system: 'http://loinc.org', code }];
        result({ valueQuantity: answer?.valueQuantity ?? { value: number } }, { coding }, base);
      }
      questionnaireItems(item.item, base, depth + 1);
    }
  };

  const questionnaire = (resource: QuestionnaireResponse, reference: string): void => {
    if (resource.status !== 'completed' && resource.status !== 'amended') return;
    const base = { reference, source: 'questionnaire' as const, effective: parseFhirDate(resource.authored) };
    questionnaireItems(resource.item, base, 0);
  };

  const extract = (resource: FhirResource, reference: string): void => {
    switch (resource.resourceType) {
      case 'Condition':
        return condition(resource, reference);
      case 'Observation':
        return observation(resource, reference);
      case 'Encounter':
        return encounter(resource, reference);
      case 'DiagnosticReport':
        return report(resource, reference);
      case 'ImagingStudy':
        return imagingStudy(resource, reference);
      case 'Procedure':
        return procedure(resource, reference);
      case 'MedicationRequest':
        return medicationRequest(resource, reference);
      case 'MedicationStatement':
        return medicationStatement(resource, reference);
      case 'AllergyIntolerance':
        return allergy(resource, reference);
      case 'QuestionnaireResponse':
        return questionnaire(resource, reference);
      default:
        return undefined;
    }
  };

  for (const resource of record.resources) {
    if (resource.resourceType === 'ImagingStudy') studies.set(`ImagingStudy/${resource.id}`, resource);
    else if (resource.resourceType === 'Medication') medications.set(`Medication/${resource.id}`, resource);
  }
  for (const resource of record.resources) extract(resource, `${resource.resourceType}/${resource.id ?? ''}`);
  return { findings, futureDated, unreadableValues, medicinesWithoutName };
};
