// The whole line, resources -> Evaluation; what HTTP, CLI and batch all call. Must not do IO: record, knowledge and moment are arguments.
import { classify, gradesOf, type PatientScope, refutedFindings } from './classify.js';
import type {
  Classification,
  EvaluatedProblem,
  Evaluation,
  Intensity,
  MissingInput,
  Modifier,
  RedFlag,
} from './evaluation.js';
import { type Extraction, extractFindings } from './extract-findings.js';
import { isWithin, parseFhirDate } from './fhir-date.js';
import type { Finding } from './finding.js';
import type { Knowledge, Settings } from './knowledge.js';
import { courseOf, type GroupedPain, type Grouping, groupPains } from './pain-problem.js';
import type { PatientRecord } from './patient-record.js';
import { recommend } from './recommend.js';
import { judgeRedFlags } from './red-flags.js';
import { GRADES, type Scope } from './scope.js';

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
  const youngest = years(born.endMs - 86_400_000);
  return oldest === youngest && oldest >= 0 ? oldest : undefined;
};

const patientScope = (record: PatientRecord, now: Date): PatientScope => {
  const ageYears = ageOf(record.patient?.birthDate, now);
  const gender = record.patient?.gender;
  return {
    nowMs: now.getTime(),
    ...(ageYears !== undefined && { ageYears }),
    ...((gender === 'female' || gender === 'male') && { sex: gender }),
  };
};

const intensityOf = (pain: GroupedPain, trendPoints: number): Intensity | undefined => {
  const [latest, previous] = pain.scores;
  const nrs = latest?.measure;
  if (!latest || !nrs || nrs.low !== nrs.high) return undefined;
  const before = previous?.measure;
  if (!before || before.low !== before.high) return { nrs: nrs.low, finding: latest };
  const change = nrs.low - before.low;
  const trend = Math.abs(change) < trendPoints ? 'stable' : change > 0 ? 'worsening' : 'improving';
  return { nrs: nrs.low, finding: latest, trend };
};

const rankOf = (classifications: readonly Classification[]): number => {
  const [leading] = classifications;
  return leading ? GRADES.indexOf(leading.grade) + 1 : 0;
};

/** The one region to name: what the leading finding says, else what all agree on; none for a pain spread over several. */
const mainRegion = ({ lead, regions }: GroupedPain): string | undefined => {
  const own = lead.regions.length > 0 ? lead.regions : regions;
  return own.length <= 2 ? own[0] : undefined;
};

/** The finding that names the pain: the strongest diagnosis of its leading category, else the one it was grouped by. */
const namingFinding = (pain: GroupedPain, leading: Classification | undefined): Finding => {
  const diagnosis = leading?.evidence.find(({ kind }) => kind === 'dx')?.findings[0];
  return diagnosis && pain.members.includes(diagnosis) ? diagnosis : pain.lead;
};

/** Whether a red flag leaves no time for treatment principles (treatment.md 5.3, step 0). */
const isPressing = ({ urgency }: RedFlag): boolean => urgency !== 'urgent';

interface Classified {
  readonly pain: GroupedPain;
  readonly classifications: readonly Classification[];
}

/** Surest first, then strongest evidence, then most intense, then newest; a stable order for equal facts. */
const mostCertainFirst = (a: Classified, b: Classified): number =>
  rankOf(b.classifications) - rankOf(a.classifications) ||
  (b.classifications[0]?.evidence[0]?.weight ?? 0) -
    (a.classifications[0]?.evidence[0]?.weight ?? 0) ||
  (b.pain.scope.intensityNrs ?? -1) - (a.pain.scope.intensityNrs ?? -1) ||
  (b.pain.onset?.startMs ?? 0) - (a.pain.onset?.startMs ?? 0) ||
  (a.pain.lead.reference < b.pain.lead.reference ? -1 : 1);

const evaluateProblem = (
  { pain, classifications }: Classified,
  id: string,
  grouping: Grouping,
  patient: PatientScope,
  redFlags: readonly RedFlag[],
  knowledge: Knowledge,
): EvaluatedProblem => {
  const { settings, engineTexts } = knowledge;
  const [leading] = classifications;
  const scope: Scope = {
    ...patient,
    findings: pain.findings,
    allFindings: grouping.allFindings,
    absence: 'unknown',
    pain: pain.scope,
    grades: gradesOf(classifications),
    ...(leading && { labels: leading }),
  };
  const guidance = leading && knowledge.guidance.get(leading.category);
  const { side, onset } = pain;
  const lead = namingFinding(pain, leading);
  const course = courseOf(onset, patient.nowMs, settings);
  const intensity = intensityOf(pain, settings.trendPoints);
  const region = mainRegion(pain);
  return {
    problem: {
      id,
      label:
        lead.source === 'observation' || !lead.label ? engineTexts.painUnplacedLabel : lead.label,
      labelFromChart: lead.labelFromChart && lead.source !== 'observation',
      ...(region && { region }),
      ...(side && { side }),
      members: pain.members,
      ...(onset && { onset }),
      ...(course && { course }),
      ...(intensity && { intensity }),
    },
    classifications,
    principles: guidance?.principles ?? [],
    recommendations:
      leading && guidance
        ? recommend(leading, guidance, scope, settings, redFlags.some(isPressing))
        : [],
    ask: knowledge.asks.flatMap(({ id: askId, judge, text, unlocks }) =>
      judge(scope).result === 'met' ? [{ id: askId, text, ...(unlocks && { unlocks }) }] : [],
    ),
    notPlaced: grouping.notPlaced,
    imagingDone: pain.imagingDone,
  };
};

const modifiersOf = (
  grouping: Grouping,
  classified: readonly Classified[],
  patient: PatientScope,
  knowledge: Knowledge,
): readonly Modifier[] => {
  const { allFindings } = grouping;
  const grades = gradesOf(classified.flatMap(({ classifications }) => classifications));
  const scope: Scope = {
    ...patient,
    findings: allFindings,
    allFindings,
    absence: 'unknown',
    grades,
  };
  return knowledge.modifiers.flatMap(({ judge, ...modifier }) => {
    const { result, findings } = judge(scope);
    return result === 'met' ? [{ ...modifier, findings }] : [];
  });
};

const missingOf = (record: PatientRecord, knowledge: Knowledge): readonly MissingInput[] =>
  record.inputs.flatMap(({ type, state, reason }) => {
    if (state === 'read' || state === 'none-recorded') return [];
    const effect = knowledge.engineTexts.inputEffects.get(type) ?? '';
    return [{ input: type, reason: reason ?? state, effect }];
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

/**
 * Evaluates one patient's record at a moment in time. Pure: the same arguments give the same answer.
 * A deceased patient has no pain problems and no red flags.
 * @param now - evaluation time; nothing below reads a clock
 */
export const evaluate = (record: PatientRecord, knowledge: Knowledge, now: Date): Evaluation => {
  const patient = patientScope(record, now);
  const extraction = extractFindings(record, knowledge.extraction, patient.nowMs);
  const findings: readonly Finding[] = isDeceased(record) ? [] : extraction.findings;
  const grouping = groupPains(findings, patient.nowMs, knowledge);
  const flags = judgeRedFlags(grouping, patient, knowledge);
  const classified = grouping.pains
    .map((pain) => ({
      pain,
      classifications: classify(pain, grouping.allFindings, patient, knowledge),
    }))
    // A disorder that does not hurt and fits no output of the scheme is no problem of this service (O6, OTH-8).
    .filter(({ pain, classifications }) => !pain.isNonPainful || classifications.length > 0)
    .sort(mostCertainFirst);
  const missing = missingOf(record, knowledge);
  const isPartial = missing.length > 0 || extraction.unreadableValues.length > 0;
  return {
    knowledge: { version: knowledge.version, digest: knowledge.digest },
    evaluatedAt: now.toISOString(),
    completeness: isPartial ? 'partial' : 'complete',
    missing,
    ...(patient.ageYears !== undefined && { ageYears: patient.ageYears }),
    problems: classified.map((item, at) =>
      evaluateProblem(item, `p${at + 1}`, grouping, patient, flags.open, knowledge),
    ),
    redFlags: flags.open,
    redFlagsNotAssessed: flags.notAssessed,
    modifiers: grouping.pains.some((pain) => !pain.isNonPainful)
      ? modifiersOf(grouping, classified, patient, knowledge)
      : [],
    refuted: refutedFindings(findings, knowledge.setRoles),
    unrecognisedMedicines: extraction.unrecognisedMedicines,
    dataNotes: dataNotesOf(record, extraction, grouping, patient.nowMs, knowledge),
    notes: notesOf(patient.ageYears, grouping, knowledge),
  };
};
