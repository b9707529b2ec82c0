// What the card of one pain says, most important first. Must not know the wire format or sizes of other cards.
import type { Classification, EvaluatedProblem, Evaluation, Evidence } from '../pain/evaluation.js';
import {
  askLine,
  askText,
  isRedFlagFirst,
  offeredLines,
  ozoneLines,
  principleLines,
  remarkLines,
} from './advice-lines.js';
import type { CardTexts } from './card-texts.js';
import { plainChartText } from './chart-text.js';
import type { CommonLines } from './common-lines.js';
import { courseLines, stepLines } from './course-lines.js';
import type { DetailLine, DetailSection } from './fit-detail.js';
import { heldBackLines, needsLine } from './held-back-lines.js';
import {
  distinctRecords,
  imagingRecords,
  painFacts,
  plainLabel,
  record,
  shortList,
} from './record-lines.js';
import { flat, rememberByObject, rememberByTexts } from './remember.js';
import type { SortedAdvice } from './sort-advice.js';

const MAX_EVIDENCE = 5;
const MAX_ASKS = 6;
const MAX_SURER = 2;
const MAX_STEP_ASKS = 2;
const MAX_NOTE = 200;
const NO_LINES: readonly DetailLine[] = [];

/** Pain, intensity, pattern and grade in fewer than `limit + 1` UTF-16 units; only the pain's name is ever shortened. */
export function painSummary(evaluated: EvaluatedProblem, texts: CardTexts, limit: number): string {
  const { problem } = evaluated;
  const lead = evaluated.classifications[0];
  const intensity = problem.intensity
    ? texts.say.intensity.plain({
        nrs: { safe: `${problem.intensity.nrs}` },
        trend: { safe: texts.trends[problem.intensity.trend ?? ''] ?? '' },
      })
    : '';
  const say = lead ? texts.say.summary : texts.say.summaryUnclassified;
  const rest = { intensity: { safe: intensity }, ...(lead && naming(lead, texts)) };
  const name = plainLabel(problem, texts) || (texts.unknowns.pain ?? '');
  const whole = say.plain({ pain: { safe: plainChartText(name, limit) }, ...rest });
  if (whole.length <= limit) return whole;
  const room = limit - say.plain({ pain: { safe: '' }, ...rest }).length;
  let size = room;
  let pain = plainChartText(name, size);
  while (pain.length > room && size > 8) {
    size -= 8;
    pain = plainChartText(name, size);
  }
  return say.plain({ pain: { safe: pain.length > room ? '…' : pain }, ...rest });
}

/** Where a card stands among the others. */
export interface PlaceOfCard {
  /** True when no other pain stands beside it: it then asks on its own card for what to record. */
  readonly isAlone: boolean;
  /** True when no card of red flags stands before it: what nobody assessed is then said before anything is advised. */
  readonly isFirst: boolean;
}

/** The sections of a pain card in reading order. */
export function painSections(
  evaluation: Evaluation,
  evaluated: EvaluatedProblem,
  advice: SortedAdvice,
  common: CommonLines,
  { isAlone, isFirst }: PlaceOfCard,
  texts: CardTexts,
): DetailSection[] {
  const { headings } = texts;
  const { notPlaced, principles } = evaluated;
  const lead = evaluated.classifications[0];
  const isAdult = evaluation.ageYears === undefined || evaluation.ageYears >= texts.adultAgeYears;
  const mayName = isAdult && lead?.tentative !== true;
  const section = (lines: readonly DetailLine[], heading?: string): DetailSection => ({
    heading,
    lines,
  });
  return [
    section(patternLines(evaluated, texts)),
    section(needsLine(advice, evaluated, texts, mayName)),
    section(remarksOnPattern(evaluated, texts)),
    section(common.notes),
    section(noteLines(evaluated, texts)),
    section(common.modifiers),
    section(evidenceLines(evaluated, texts), headings[lead ? 'why' : 'recorded'] ?? ''),
    section(isFirst ? common.notAssessed : NO_LINES),
    section(againstLines(evaluated, texts)),
    section(common.missing),
    section(imagingLines(evaluated, texts)),
    section(notPlaced.length > 0 ? [common.notPlaced(notPlaced)] : NO_LINES),
    section(common.data),
    section(stepLines(evaluated, texts, mayName)),
    section(offeredLines(advice, evaluated, texts), headings.now ?? ''),
    section(remarkLines(advice, evaluated, texts)),
    section(ozoneLines(evaluated, texts)),
    section(courseLines(evaluation, evaluated, advice, texts)),
    section(heldBackLines(advice, evaluated, texts, mayName)),
    section(nextLines(evaluated, isAlone, texts), headings.next ?? ''),
    section(principleLines(principles, texts)),
  ];
}

/** The pain with its facts, and what it is taken for. */
function patternLines(evaluated: EvaluatedProblem, texts: CardTexts): DetailLine[] {
  const lead = evaluated.classifications[0];
  return [
    { text: painFacts(evaluated, texts), rank: 0 },
    { text: lead ? leadText(lead, texts) : texts.say.unclassified.markdown({}), rank: 0 },
  ];
}

function remarksOnPattern(
  { classifications: [lead, ...others] }: EvaluatedProblem,
  texts: CardTexts,
): DetailLine[] {
  const { say } = texts;
  const lines: DetailLine[] = [];
  const remark = texts.categoryRemarks[lead?.category ?? ''];
  if (remark !== undefined) lines.push({ text: texts.own(remark, MAX_NOTE), rank: 0 });
  if (lead?.tentative) lines.push({ text: say.tentative.markdown({}), rank: 0 });
  if (lead?.grade === 'definite') {
    lines.push({ text: say.definite.markdown({}), rank: 2 });
  }
  if (lead?.neupsigGrade && lead.neupsigGrade !== lead.grade) {
    const grade = { safe: texts.gradeNames[lead.neupsigGrade] ?? '' };
    lines.push({ text: say.neupsigDiffers.markdown({ grade }), rank: 2 });
  }
  for (const also of others) {
    lines.push({ text: say.alsoHolds.markdown(naming(also, texts)), rank: 1 });
  }
  return lines;
}

/** The notes of the category, where no remark stands for them. */
function noteLines(
  { classifications: [lead] }: EvaluatedProblem,
  texts: CardTexts,
): readonly DetailLine[] {
  if (!lead || texts.categoryRemarks[lead.category] !== undefined) return NO_LINES;
  return lead.notes.map((text, i) => ({
    text: texts.own(text, MAX_NOTE),
    rank: i > 0 ? 3 : lead.basis === 'scheme' ? 1 : 2,
  }));
}

function leadText({ syndrome, subtype, basis }: Classification, texts: CardTexts): string {
  return leadIn(texts)(syndrome ?? subtype ?? '', basis);
}

/** How a pattern was graded, by the subtype it is narrowed to and what it rests on. */
const leadIn = rememberByObject((texts: CardTexts) =>
  rememberByTexts((id, basis) => {
    const { say, syndromeNames, bases, own } = texts;
    const name = syndromeNames[id] ?? (id && own(id.replace(/[.-]/g, ' '), 60));
    return flat(
      say.lead.markdown({
        subtype: { safe: name && say.subtype.markdown({ name: { safe: name } }) },
        basis: { safe: bases[basis] ?? basis },
      }),
    );
  }),
);

function naming(of: Classification, texts: CardTexts) {
  const grade = { safe: texts.grades[of.grade] ?? of.grade };
  const isLiteral = of.neupsigGrade !== undefined && of.neupsigGrade === of.grade;
  return {
    category: { safe: texts.categories[of.category] ?? of.category },
    grade: isLiteral ? { safe: texts.say.neupsigGrade.plain({ grade }) } : grade,
    basis: { safe: texts.bases[of.basis] ?? of.basis },
  };
}

function evidenceLines(evaluated: EvaluatedProblem, texts: CardTexts): DetailLine[] {
  const lead = evaluated.classifications[0];
  const lines = lead
    ? evidenceRecords(lead.evidence, texts, MAX_EVIDENCE)
    : distinctRecords(evaluated.problem.members, texts).slice(0, MAX_EVIDENCE);
  return lines.map((text, i) => ({ text, rank: i < 2 ? 0 : i === 2 ? 2 : 4 }));
}

/** The records behind the criteria, each once, up to `most`; a criterion without records stands for itself. */
function evidenceRecords(evidence: readonly Evidence[], texts: CardTexts, most: number): string[] {
  const lines: string[] = [];
  const add = (line: string): void => {
    if (!lines.includes(line)) lines.push(line);
  };
  for (const { findings, label } of evidence) {
    if (findings.length === 0) add(texts.own(label, MAX_NOTE));
    for (const finding of findings) {
      if (lines.length >= most) break;
      add(record(finding, texts));
    }
    if (lines.length >= most) break;
  }
  return lines;
}

/** What stands against the pattern. */
function againstLines(
  { classifications: [lead] }: EvaluatedProblem,
  texts: CardTexts,
): readonly DetailLine[] {
  if (!lead || lead.against.length === 0) return NO_LINES;
  const items = evidenceRecords(lead.against, texts, Number.POSITIVE_INFINITY);
  const records = { safe: shortList(items, 3, texts, 'records') };
  return [{ text: texts.say.against.markdown({ records }), rank: 1 }];
}

function imagingLines({ imagingDone }: EvaluatedProblem, texts: CardTexts): readonly DetailLine[] {
  if (imagingDone.length === 0) return NO_LINES;
  const records = imagingRecords(imagingDone, texts, 2);
  return [{ text: texts.say.imagingDone.markdown({ records }), rank: 1 }];
}

/** What to ask or examine: what the answer lacks, else what would make it surer, then what the next step depends on. */
function nextLines(
  evaluated: EvaluatedProblem,
  isAlone: boolean,
  texts: CardTexts,
): readonly DetailLine[] {
  if (isRedFlagFirst(evaluated)) return NO_LINES;
  const { ask, stepwise } = evaluated;
  const lead = evaluated.classifications[0];
  const isNamed = lead !== undefined && !(isAlone && ask.length > 0);
  const lines = isNamed
    ? lead.wouldRaise.slice(0, MAX_SURER).map((text, i) => ({
        text: askText(text, evaluated, texts),
        rank: i === 0 ? 2 : 6,
      }))
    : ask.slice(0, MAX_ASKS).map((one, i) => ({
        text: askLine(one, evaluated, texts),
        rank: i < 3 ? (lead ? 1 : 0) : 2,
      }));
  if (!isNamed && ask.length === 0)
    return [{ text: texts.say.unclassifiedAsk.markdown({}), rank: 0 }];
  const most = lines.length + MAX_STEP_ASKS;
  for (const text of stepwise?.asks ?? []) {
    if (lines.length === most) break;
    if (ask.every((one) => one.text !== text))
      lines.push({ text: texts.own(text, MAX_NOTE), rank: 5 });
  }
  return lines;
}
