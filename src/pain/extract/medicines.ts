// MedicationRequest and MedicationStatement -> findings, one for each ingredient (D-7). Must not judge treatments.

import type { CodeableConcept, Dosage, MedicationRequest, MedicationStatement } from 'fhir/r4.js';
import { DAY_MS, isFuture, isWithin } from '../fhir-date.js';
import type { FhirDate, StopReason } from '../finding.js';
import { dailyDose } from './daily-dose.js';
import { DAYS_PER_UNIT } from './days-per-unit.js';
import {
  addFinding,
  draftFinding,
  type Extractor,
  organisationOf,
  type ReferencedMedications,
  readDate,
  readPeriod,
} from './extractor.js';
import { type NamedMedicine, nameMedicine } from './medicine-names.js';

const PLANNED_INTENT = new Set(['proposal', 'plan', 'option']);
const VOID_REQUEST = new Set(['entered-in-error', 'cancelled', 'draft']);
const VOID_STATEMENT = new Set(['entered-in-error', 'not-taken', 'intended']);
/** A status that does not say whether it is taken; R4 requires one, charts may lack it. */
const isUnsaid = (status: string | undefined): boolean =>
  status === undefined || status === 'unknown';

/** What one medicine record says beside its name. */
interface Course {
  readonly reference: string;
  readonly current: boolean;
  readonly effective: FhirDate | undefined;
  /** First day, where `effective` is another one. */
  readonly onset: FhirDate | undefined;
  readonly until: FhirDate | undefined;
  readonly dosages: readonly Dosage[] | undefined;
  readonly stopReason: StopReason | undefined;
  readonly encounter: string | undefined;
  readonly organisation: string | undefined;
}

const addCourse = (
  extractor: Extractor,
  named: NamedMedicine | 'missing',
  course: Course,
): void => {
  if (named === 'missing') return;
  const { medicine, strengths } = named;
  if (course.current && (medicine === undefined || medicine.isPartial)) {
    extractor.unrecognisedMedicines += 1;
    extractor.unusable.add('MedicationRequest');
  }
  if (!medicine) return;
  const { ingredients } = medicine;
  const { medicines } = extractor.knowledge;
  const isOnly = ingredients.filter(({ matches }) => matches.length > 0).length === 1;
  for (const ingredient of ingredients) {
    const { matches, isByName, label } = ingredient;
    if (matches.length === 0) continue;
    const finding = draftFinding('medication', course.reference, matches);
    finding.basis = isByName ? 'name' : 'coded';
    finding.current = course.current;
    finding.onset = course.onset;
    finding.effective = course.effective;
    finding.until = course.until;
    finding.dose = dailyDose(
      course.dosages,
      ingredient,
      isOnly && !medicine.isPartial,
      strengths?.get(label),
      medicines,
    );
    finding.route = medicine.form;
    finding.stopReason = course.stopReason;
    finding.encounter = course.encounter;
    finding.organisation = course.organisation;
    addFinding(extractor, finding, undefined);
  }
};

const stopReasonOf = (
  extractor: Extractor,
  reasons: readonly CodeableConcept[] | undefined,
): StopReason | undefined => {
  if (!reasons) return undefined;
  const { stopReasons, stopReasonOfText } = extractor.knowledge.medicines;
  let reason: StopReason | undefined;
  for (const { coding, text } of reasons) {
    for (const { system, code, display } of coding ?? []) {
      const known = stopReasons.get(`${system}|${code}`);
      if (known !== undefined) return known;
      reason ??= typeof display === 'string' ? stopReasonOfText(display) : undefined;
    }
    if (reason === undefined || reason === 'other')
      reason = typeof text === 'string' ? (stopReasonOfText(text) ?? reason) : reason;
  }
  return reason;
};

const later = (a: FhirDate | undefined, b: FhirDate | undefined): FhirDate | undefined =>
  a && b ? (a.endMs >= b.endMs ? a : b) : (a ?? b);

/** The end of what was supplied: of the period in which it may be dispensed or of its expected duration, the later one. */
const supplyEnd = (
  { dispenseRequest }: MedicationRequest,
  authored: FhirDate | undefined,
): FhirDate | undefined => {
  if (!dispenseRequest) return undefined;
  const { validityPeriod, expectedSupplyDuration, numberOfRepeatsAllowed } = dispenseRequest;
  const end = readDate(validityPeriod?.end);
  const start = readDate(validityPeriod?.start) ?? authored;
  const unit = expectedSupplyDuration?.code ?? expectedSupplyDuration?.unit ?? '';
  const length = DAYS_PER_UNIT.get(unit);
  const value = expectedSupplyDuration?.value;
  if (!start || length === undefined || typeof value !== 'number' || !(value > 0)) return end;
  const repeats = typeof numberOfRepeatsAllowed === 'number' ? numberOfRepeatsAllowed : 0;
  const ms = value * length * (1 + Math.max(0, repeats)) * DAY_MS;
  if (!(ms < 100 * 365 * DAY_MS)) return end;
  const [startMs, endMs] = [start.startMs + ms, start.endMs + ms];
  return later(end, { text: new Date(startMs).toISOString().slice(0, 10), startMs, endMs });
};

/** A prescription; proposals, drafts and what must not be done are none. */
export const extractMedicationRequest = (
  extractor: Extractor,
  resource: MedicationRequest,
  reference: string,
  medications: ReferencedMedications,
): void => {
  const { status } = resource;
  if (resource.doNotPerform || PLANNED_INTENT.has(resource.intent) || VOID_REQUEST.has(status))
    return;
  const { nowMs, knowledge } = extractor;
  const authored = readDate(resource.authoredOn);
  const until = supplyEnd(resource, authored);
  const isSupplied = until !== undefined && until.endMs > nowMs;
  const isRecent = isWithin(authored, nowMs, knowledge.medicines.statementDays) !== 'notMet';
  addCourse(extractor, nameMedicine(extractor, resource, medications), {
    reference,
    current:
      status === 'active' ||
      status === 'on-hold' ||
      (status !== 'stopped' && isSupplied) ||
      (isUnsaid(status) && isRecent),
    effective: authored,
    onset: undefined,
    until,
    dosages: resource.dosageInstruction,
    stopReason: stopReasonOf(extractor, resource.statusReason && [resource.statusReason]),
    encounter: resource.encounter?.reference,
    organisation: organisationOf(resource.requester),
  });
};

/** What somebody says is taken, over-the-counter medicines included; believed for as long as `statementDays`. */
export const extractMedicationStatement = (
  extractor: Extractor,
  resource: MedicationStatement,
  reference: string,
  medications: ReferencedMedications,
): void => {
  const { status } = resource;
  if (VOID_STATEMENT.has(status)) return;
  const { nowMs, knowledge } = extractor;
  const asserted = readDate(resource.dateAsserted);
  const until = readDate(resource.effectivePeriod?.end);
  const hasEnded = until !== undefined && until.endMs <= nowMs;
  const effective =
    readDate(resource.effectiveDateTime) ??
    (hasEnded ? readPeriod(resource.effectivePeriod) : readDate(resource.effectivePeriod?.start)) ??
    asserted;
  const said = later(asserted, effective);
  const isRecent = isWithin(said, nowMs, knowledge.medicines.statementDays) !== 'notMet';
  const isTaken = status === 'active' || status === 'on-hold' || isUnsaid(status);
  addCourse(extractor, nameMedicine(extractor, resource, medications), {
    reference,
    current: isTaken && !hasEnded && (isRecent || (until !== undefined && isFuture(until, nowMs))),
    effective,
    onset: hasEnded ? readDate(resource.effectivePeriod?.start) : undefined,
    until,
    dosages: resource.dosage,
    stopReason: stopReasonOf(extractor, resource.statusReason),
    encounter: resource.context?.reference,
    organisation: organisationOf(resource.informationSource),
  });
};
