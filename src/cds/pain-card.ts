// What the card of one pain says, most important first. Must not know the wire format or sizes of other cards.
import type {
  Classification,
  EvaluatedProblem,
  Evaluation,
  Evidence,
  Modifier,
} from '../pain/evaluation.js';
import {
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
  recordList,
  shortList,
} from './record-lines.js';
import type { SortedAdvice } from './sort-advice.js';

const MAX_EVIDENCE = 5;
const MAX_ASKS = 6;
const MAX_STEP_ASKS = 2;
const MAX_NOTE = 200;

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
  const room = limit - say.plain({ pain: { safe: '' }, ...rest }).length;
  const name = plainLabel(problem, texts) || (texts.unknowns.pain ?? '');
  let size = room;
  let pain = plainChartText(name, size);
  while (pain.length > room && size > 8) {
    size -= 8;
    pain = plainChartText(name, size);
  }
  return say.plain({ pain: { safe: pain.length > room ? '…' : pain }, ...rest });
}

/**
 * The sections of a pain card in reading order.
 * @param isAlone - true when no other pain stands beside it: it then asks on its own card for what to record
 */
export function painSections(
  evaluation: Evaluation,
  evaluated: EvaluatedProblem,
  advice: SortedAdvice,
  common: CommonLines,
  isAlone: boolean,
  texts: CardTexts,
): DetailSection[] {
  const { headings } = texts;
  const lead = evaluated.classifications[0];
  const isAdult = evaluation.ageYears === undefined || evaluation.ageYears >= texts.adultAgeYears;
  const mayName = isAdult && lead?.tentative !== true;
  return [
    { lines: patternLines(evaluation, evaluated, advice, texts, mayName) },
    { heading: headings[lead ? 'why' : 'recorded'] ?? '', lines: evidenceLines(evaluated, texts) },
    { lines: aroundLines(evaluated, common, texts) },
    { lines: stepLines(evaluated, texts, mayName) },
    { heading: headings.now ?? '', lines: offeredLines(advice, evaluated, texts) },
    {
      lines: [
        ...remarkLines(advice, evaluated, texts),
        ...ozoneLines(evaluated, texts),
        ...courseLines(evaluation, evaluated, advice, texts),
        ...heldBackLines(advice, evaluated, texts, mayName),
      ],
    },
    { heading: headings.next ?? '', lines: nextLines(evaluated, isAlone, texts) },
    { lines: principleLines(evaluated.principles, texts) },
  ];
}

function patternLines(
  evaluation: Evaluation,
  evaluated: EvaluatedProblem,
  advice: SortedAdvice,
  texts: CardTexts,
  mayName: boolean,
): DetailLine[] {
  const { say } = texts;
  const [lead, ...others] = evaluated.classifications;
  const lines: DetailLine[] = [
    { text: painFacts(evaluated, texts), rank: 0 },
    { text: lead ? leadText(lead, texts) : say.unclassified.markdown({}), rank: 0 },
    ...needsLine(advice, evaluated, texts, mayName),
  ];
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
  const own = (text: string, rank: number) => ({ text: texts.own(text, MAX_NOTE), rank });
  const notes = remark === undefined ? (lead?.notes ?? []) : [];
  return [
    ...lines,
    ...evaluation.notes.map((text) => own(text, 1)),
    ...notes.map((text, i) => own(text, i > 0 ? 3 : lead?.basis === 'scheme' ? 1 : 2)),
    ...evaluation.modifiers.map((modifier) => modifierLine(modifier, texts)),
  ];
}

/** What changes how the pain is read; a treatment that was done is named with its date. */
function modifierLine({ text, findings }: Modifier, texts: CardTexts): DetailLine {
  const said = texts.own(text, MAX_NOTE);
  const isDone = findings.length > 0 && findings.every(({ source }) => source === 'procedure');
  if (!isDone) return { text: said, rank: 3 };
  const records = recordList(findings, texts, 1);
  return { text: `${said}${texts.say.onRecord.markdown({ records })}`, rank: 1 };
}

function leadText(lead: Classification, texts: CardTexts): string {
  const { say, syndromeNames, bases, own } = texts;
  const id = lead.syndrome ?? lead.subtype;
  const name = syndromeNames[id ?? ''] ?? (id && own(id.replace(/[.-]/g, ' '), 60));
  return say.lead.markdown({
    subtype: { safe: name ? say.subtype.markdown({ name: { safe: name } }) : '' },
    basis: { safe: bases[lead.basis] ?? lead.basis },
  });
}

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

/** What stands against the pattern, what is not known, done, not placed, refuted. */
function aroundLines(
  { classifications: [lead], imagingDone, notPlaced }: EvaluatedProblem,
  common: CommonLines,
  texts: CardTexts,
): DetailLine[] {
  const { say } = texts;
  const lines: DetailLine[] = [];
  if (lead && lead.against.length > 0) {
    const items = evidenceRecords(lead.against, texts, Number.POSITIVE_INFINITY);
    const records = { safe: shortList(items, 3, texts, 'records') };
    lines.push({ text: say.against.markdown({ records }), rank: 1 });
  }
  lines.push(...common.missing);
  if (imagingDone.length > 0) {
    const records = imagingRecords(imagingDone, texts, 2);
    lines.push({ text: say.imagingDone.markdown({ records }), rank: 1 });
  }
  if (notPlaced.length > 0) lines.push(common.notPlaced(notPlaced));
  lines.push(...common.data);
  return lines;
}

/** What to ask or examine: what the answer lacks, else what would make it surer, then what the next step depends on. */
function nextLines(evaluated: EvaluatedProblem, isAlone: boolean, texts: CardTexts): DetailLine[] {
  if (isRedFlagFirst(evaluated)) return [];
  const lead = evaluated.classifications[0];
  const isAsked = (text: string): boolean => evaluated.ask.some((ask) => ask.text === text);
  const steps = (evaluated.stepwise?.asks ?? [])
    .filter((text) => !isAsked(text))
    .slice(0, MAX_STEP_ASKS)
    .map((text) => ({ text: texts.own(text, MAX_NOTE), rank: 5 }));
  if (lead && !(isAlone && evaluated.ask.length > 0)) {
    const surer = lead.wouldRaise
      .slice(0, 2)
      .map((text, i) => ({ text: askText(text, evaluated, texts), rank: i === 0 ? 2 : 6 }));
    return [...surer, ...steps];
  }
  if (evaluated.ask.length === 0) {
    return [{ text: texts.say.unclassifiedAsk.markdown({}), rank: 0 }];
  }
  const asks = evaluated.ask.slice(0, MAX_ASKS).map((ask, i) => {
    const text = { safe: askText(ask.text, evaluated, texts) };
    const unlocks = { safe: texts.own(ask.unlocks ?? '', 100) };
    return {
      text: ask.unlocks === undefined ? text.safe : texts.say.unlocks.markdown({ text, unlocks }),
      rank: i < 3 ? (lead ? 1 : 0) : 2,
    };
  });
  return [...asks, ...steps];
}
