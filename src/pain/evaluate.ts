// The whole line, resources -> Evaluation; what HTTP, CLI and batch all call. Must not do IO: record, knowledge and moment are arguments.
import { EvaluationFailed } from '../errors.js';
import { classify, gradesOf, type PatientScope, refutedFindings } from './classify.js';
import { type ClassifiedPain, evaluateProblem, type ProblemContext } from './evaluate-problem.js';
import type { Classification, Evaluation, MissingInput, Modifier } from './evaluation.js';
import { type Extraction, extractFindings } from './extract-findings.js';
import { DAY_MS, isWithin, parseFhirDate } from './fhir-date.js';
import type { Finding } from './finding.js';
import type { Knowledge, Settings } from './knowledge.js';
import { opioidLoadOf } from './opioid-load.js';
import { judgeOrders } from './orders.js';
import { type GroupedPain, type Grouping, groupPains } from './pain-problem.js';
import type { PatientRecord } from './patient-record.js';
import type { OpioidLoad, Previous, PreviousEvaluation } from './progress.js';
import { judgeRedFlags, type RedFlags } from './red-flags.js';
import { openSafetyChecks } from './safety-check.js';
import { recordsRead, safetyPatientOf } from './safety-patient.js';
import { GRADES, type RecordsRead, type Scope, scopeOver } from './scope.js';
import { openTrials } from './trials.js';

/** Whole years at the evaluation time; undefined when the birth date is missing or too coarse to tell. */
const ageOf = (birthDate: string | undefined, now: Date): number | undefined => {
  const born = parseFhirDate(birthDate);
  if (!born) return undefined;
  const years = (bornMs: number): number => {
    const birth = new Date(bornMs);
    const passed =
      now.getUTCMonth() > birth.getUTCMonth() ||
      (now.getUTCMonth() === birth.getUTCMonth() && now.getUTCDate() >= birth.getUTCDate());
    return now.getUTCFullYear() - birth.getUTCFullYear() - (passed ? 0 : 1);
  };
  const oldest = years(born.startMs);
  const youngest = years(born.endMs - DAY_MS);
  return oldest === youngest && oldest >= 0 ? oldest : undefined;
};

const patientScope = (record: PatientRecord, now: Date): PatientScope => {
  const gender = record.patient?.gender;
  return {
    nowMs: now.getTime(),
    ageYears: ageOf(record.patient?.birthDate, now),
    sex: gender === 'female' || gender === 'male' ? gender : undefined,
  };
};

const rankOf = (classifications: readonly Classification[]): number => {
  const [leading] = classifications;
  return leading ? GRADES.indexOf(leading.grade) + 1 : 0;
};

/** Surest first, then strongest evidence, then most intense, then newest; a stable order for equal facts. */
const mostCertainFirst = (a: ClassifiedPain, b: ClassifiedPain): number =>
  rankOf(b.classifications) - rankOf(a.classifications) ||
  (b.classifications[0]?.evidence[0]?.weight ?? 0) -
    (a.classifications[0]?.evidence[0]?.weight ?? 0) ||
  (b.pain.scope.intensityNrs ?? -1) - (a.pain.scope.intensityNrs ?? -1) ||
  (b.pain.onset?.startMs ?? 0) - (a.pain.onset?.startMs ?? 0) ||
  (a.pain.lead.reference < b.pain.lead.reference ? -1 : 1);

const modifiersOf = (
  grouping: Grouping,
  classified: readonly ClassifiedPain[],
  patient: PatientScope,
  knowledge: Knowledge,
): readonly Modifier[] => {
  const { allFindings } = grouping;
  const grades = gradesOf(classified.flatMap(({ classifications }) => classifications));
  const scope: Scope = { ...scopeOver(patient, allFindings, allFindings), grades };
  const holding: Modifier[] = [];
  for (const { id, label, text, judge } of knowledge.modifiers) {
    const { result, findings } = judge(scope);
    if (result === 'met') holding.push({ id, label, text, findings });
  }
  return holding;
};

/** Field of the answer that is named when one of its pains could not be judged. */
const PAINS = 'painProblems';

const missingOf = (
  record: PatientRecord,
  { engineTexts: { inputEffects } }: Knowledge,
  hasDefect: boolean,
  isHistoryRead: boolean,
): readonly MissingInput[] => {
  const missing = (input: string, reason: string): MissingInput[] => [
    { input, reason, effect: inputEffects.get(input) ?? '' },
  ];
  return [
    ...(hasDefect ? missing(PAINS, 'defect') : []),
    ...record.inputs.flatMap(({ type, state, reason }) =>
      state === 'read' || state === 'none-recorded' ? [] : missing(type, reason ?? state),
    ),
    ...(isHistoryRead ? [] : missing('previous-evaluation', 'not-read')),
  ];
};

/** Judges pain by pain: one on which a rule breaks is left out and told of, so that the others are not lost with it. */
const eachPain = <From, To>(
  pains: readonly From[],
  judge: (pain: From, at: number) => To,
  defects: unknown[],
): To[] =>
  pains.flatMap((pain, at) => {
    try {
      return [judge(pain, at)];
    } catch (error) {
      defects.push(error);
      return [];
    }
  });

/** Whether the newest score of a pain says that it does not hurt now (EX2): said, but it closes nothing and hides nothing. */
const hasScoreZero = ({ scores }: GroupedPain, settings: Settings): boolean => {
  const newest = scores[0]?.measure;
  return newest !== undefined && newest.high < settings.intensityCountsFrom;
};

const dataNotesOf = (
  record: PatientRecord,
  extraction: Extraction,
  grouping: Grouping,
  nowMs: number,
  knowledge: Knowledge,
): readonly string[] => {
  const { engineTexts: texts, settings } = knowledge;
  const notes: string[] = [];
  const note = (text: string, count: number): void => {
    if (count > 0) notes.push(text.replace('{count}', () => String(count)));
  };
  note(texts.futureDated, extraction.futureDated);
  note(texts.unreadableValue, extraction.unreadableValues.length);
  note(texts.unrecognisedMedicines, extraction.unrecognisedMedicines);
  note(texts.unrecognisedAllergies, extraction.unrecognisedAllergies);
  note(texts.foreignResources, record.foreignCount);
  note(texts.painScoreZero, grouping.pains.filter((pain) => hasScoreZero(pain, settings)).length);
  const { newestEntry } = extraction;
  const newest = parseFhirDate(newestEntry);
  if (newest && isWithin(newest, nowMs, settings.staleRecordDays) === 'notMet')
    notes.push(texts.staleRecord.replace('{date}', () => newest.text));
  return notes;
};

const notesOf = (
  ageYears: number | undefined,
  grouping: Grouping,
  knowledge: Knowledge,
): readonly string[] => {
  const { engineTexts, settings } = knowledge;
  if (ageYears === undefined) return [engineTexts.ageUnknown];
  if (ageYears >= settings.adultAgeYears) return [];
  const isDoubtful =
    ageYears < settings.selfReportFromYears &&
    grouping.pains.some(({ scores }) => scores.length > 0);
  return isDoubtful ? [engineTexts.underAge, engineTexts.childScore] : [engineTexts.underAge];
};

const isDeceased = ({ patient }: PatientRecord): boolean =>
  patient?.deceasedDateTime !== undefined || patient?.deceasedBoolean === true;

/** A record with its pains classified, and what they are judged with. */
export interface Prepared {
  readonly extraction: Extraction;
  readonly findings: readonly Finding[];
  readonly grouping: Grouping;
  readonly read: RecordsRead;
  readonly classified: readonly ClassifiedPain[];
  readonly context: ProblemContext;
  readonly flags: RedFlags;
  /** What broke while pains were classified. */
  readonly defects: readonly unknown[];
  readonly opioids: OpioidLoad | undefined;
}

/** Everything up to the classified pains and the opened safety checks. */
export const prepare = (
  record: PatientRecord,
  knowledge: Knowledge,
  now: Date,
  previous?: PreviousEvaluation,
): Prepared => {
  const patient = patientScope(record, now);
  const extraction = extractFindings(record, knowledge.extraction, patient.nowMs);
  const findings: readonly Finding[] = isDeceased(record) ? [] : extraction.findings;
  const grouping = groupPains(findings, patient.nowMs, knowledge);
  const defects: unknown[] = [];
  const classified = eachPain(
    grouping.pains,
    (pain) => ({
      pain,
      classifications: classify(pain, grouping.allFindings, patient, knowledge),
    }),
    defects,
  )
    // A disorder that does not hurt and fits no output of the scheme is no problem of this service (O6, OTH-8).
    .filter(({ pain, classifications }) => !pain.isNonPainful || classifications.length > 0)
    .sort(mostCertainFirst);
  const flags = judgeRedFlags(grouping, patient, knowledge);
  const redFlags = flags.open;
  const { allFindings } = grouping;
  const whole = scopeOver(patient, allFindings, allFindings);
  const read = recordsRead(record, extraction.unusable);
  const checked = safetyPatientOf(read, extraction.allergyRecorded, whole, redFlags, knowledge);
  const openPain = openSafetyChecks(knowledge.safety, checked);
  const context = {
    grouping,
    patient,
    redFlags,
    knowledge,
    openPain,
    history: openTrials(allFindings, knowledge.stepwise),
    previous,
  };
  const opioids = opioidLoadOf(
    checked.derived.morphineEquivalents(undefined),
    knowledge.stepwise,
    previous,
  );
  return {
    extraction,
    findings,
    grouping,
    read,
    classified,
    context,
    flags,
    defects,
    opioids,
  };
};

/**
 * Evaluates one patient's record at a moment in time. Pure: the same arguments give the same answer.
 * A deceased patient has no pain problems and no red flags. A pain on which a rule breaks is left out, which `missing` says.
 * @param now - evaluation time; nothing below reads a clock
 * @param previous - what the patient's previous evaluation is remembered by; without it nothing is said to have changed since, and when it was not read, `missing` says so
 * @throws {EvaluationFailed} when nothing would be left to say it on, or orders would be judged without that pain
 */
export const evaluate = (
  record: PatientRecord,
  knowledge: Knowledge,
  now: Date,
  previous?: Previous,
): Evaluation => {
  const isHistoryRead = previous !== 'not-read';
  const prepared = prepare(record, knowledge, now, isHistoryRead ? previous : undefined);
  const { extraction, findings, grouping, read, classified, context, flags, opioids } = prepared;
  const { patient } = context;
  const defects = [...prepared.defects];
  const problems = eachPain(
    classified,
    (item, at) => evaluateProblem(item, `p${at + 1}`, context),
    defects,
  );
  const hasDefect = defects.length > 0;
  const hasNothing = problems.length === 0 && flags.open.length === 0;
  if (hasDefect && (hasNothing || record.draftOrders))
    throw new EvaluationFailed({ cause: defects[0] });
  const { allergyRecorded } = extraction;
  const missing = missingOf(record, knowledge, hasDefect, isHistoryRead);
  const isPartial = missing.length > 0 || extraction.unreadableValues.length > 0;
  return {
    knowledge: { version: knowledge.version, digest: knowledge.digest },
    evaluatedAt: now.toISOString(),
    completeness: isPartial ? 'partial' : 'complete',
    missing,
    ageYears: patient.ageYears,
    problems,
    orders:
      record.draftOrders &&
      judgeOrders(record, { read, allergyRecorded, context, classified, problems }),
    redFlags: flags.open,
    redFlagsNotAssessed: flags.notAssessed,
    modifiers: grouping.pains.some((pain) => !pain.isNonPainful)
      ? modifiersOf(grouping, classified, patient, knowledge)
      : [],
    refuted: refutedFindings(findings, knowledge.setRoles),
    unrecognisedMedicines: extraction.unrecognisedMedicines,
    opioids,
    defects: hasDefect ? defects : undefined,
    dataNotes: dataNotesOf(record, extraction, grouping, patient.nowMs, knowledge),
    notes: notesOf(patient.ageYears, grouping, knowledge),
  };
};
