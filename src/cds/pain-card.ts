// What the card of one pain says, most important first. Must not know the wire format or sizes of other cards.
import type {
  Classification,
  EvaluatedProblem,
  Evaluation,
  MissingInput,
} from '../pain/evaluation.js';
import {
  askText,
  heldBackLines,
  needsLine,
  offeredLines,
  principleLines,
  remarkLines,
} from './advice-lines.js';
import type { CardTexts } from './card-texts.js';
import { plainChartText } from './chart-text.js';
import type { DetailLine, DetailSection } from './fit-detail.js';
import {
  distinctRecords,
  imagingRecords,
  painFacts,
  recordList,
  shortList,
} from './record-lines.js';

const MAX_EVIDENCE = 5;
const MAX_ASKS = 6;
const MAX_NOTE = 200;
const MAX_EFFECTS = 130;

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
  const name = plainChartText(problem.label) === '' ? (texts.unknowns.pain ?? '') : problem.label;
  let size = room;
  let pain = plainChartText(name, size);
  while (pain.length > room && size > 8) {
    size -= 8;
    pain = plainChartText(name, size);
  }
  return say.plain({ pain: { safe: pain.length > room ? '…' : pain }, ...rest });
}

/** The sections of a pain card in reading order. */
export function painSections(
  evaluation: Evaluation,
  evaluated: EvaluatedProblem,
  texts: CardTexts,
): DetailSection[] {
  const { headings } = texts;
  const lead = evaluated.classifications[0];
  const isAdult = evaluation.ageYears === undefined || evaluation.ageYears >= texts.adultAgeYears;
  const mayName = isAdult && lead?.tentative !== true;
  return [
    { lines: patternLines(evaluation, evaluated, texts) },
    { heading: headings[lead ? 'why' : 'recorded'] ?? '', lines: evidenceLines(evaluated, texts) },
    { lines: aroundLines(evaluation, evaluated, texts) },
    { heading: headings.now ?? '', lines: offeredLines(evaluated, texts) },
    { lines: [...remarkLines(evaluated, texts), ...heldBackLines(evaluated, texts, mayName)] },
    { heading: headings.next ?? '', lines: nextLines(evaluated, texts) },
    { lines: principleLines(evaluated.principles, texts) },
  ];
}

/** Inputs that were not read and what that does to the answer: never dropped, summed up when there are many. */
export function missingLines({ missing }: Evaluation, texts: CardTexts): DetailLine[] {
  if (missing.length === 0) return [];
  const items = missing.length > 2 ? missingSummary(missing, texts) : missingEach(missing, texts);
  return [{ text: texts.say.notKnown.markdown({ items: { safe: items } }), rank: -1 }];
}

function missingEach(missing: readonly MissingInput[], texts: CardTexts): string {
  return missing
    .map(({ input, reason, effect }) =>
      texts.say.missing.markdown({
        input: { safe: texts.own(input, 40) },
        reason: { safe: texts.own(reason, 40) },
        effect: { safe: texts.own(effect, MAX_EFFECTS) },
      }),
    )
    .join(' · ');
}

function missingSummary(missing: readonly MissingInput[], texts: CardTexts): string {
  const inputs = missing.map(({ input, reason }) => `${input}: ${reason}`);
  const effects = [...new Set(missing.map(({ effect }) => effect))];
  return texts.say.missingMany.markdown({
    count: { safe: `${missing.length}` },
    inputs: { safe: texts.own(inputs.join(', '), 2 * MAX_EFFECTS) },
    effects: { safe: texts.own(effects.join('; '), MAX_EFFECTS) },
  });
}

function patternLines(
  evaluation: Evaluation,
  evaluated: EvaluatedProblem,
  texts: CardTexts,
): DetailLine[] {
  const { say } = texts;
  const [lead, ...others] = evaluated.classifications;
  const first = lead
    ? `${leadText(lead, texts)} ${say.scheme.markdown({})}`
    : say.unclassified.markdown({});
  const lines: DetailLine[] = [
    { text: first, rank: 0 },
    { text: painFacts(evaluated.problem, texts), rank: 0 },
    ...needsLine(evaluated, texts),
  ];
  if (lead?.category === 'psychogenic') lines.push({ text: say.psychogenic.markdown({}), rank: 0 });
  if (lead?.tentative) lines.push({ text: say.tentative.markdown({}), rank: 0 });
  if (lead?.grade === 'definite') {
    lines.push({ text: say.definite.markdown({}), rank: 2 });
  }
  if (lead?.neupsigGrade && lead.neupsigGrade !== lead.grade) {
    const grade = { safe: lead.neupsigGrade };
    lines.push({ text: say.neupsigDiffers.markdown({ grade }), rank: 2 });
  }
  for (const also of others) {
    lines.push({ text: say.alsoHolds.markdown(naming(also, texts)), rank: 1 });
  }
  const own = (text: string, rank: number) => ({ text: texts.own(text, MAX_NOTE), rank });
  // The psychogenic category has its own fixed sentence: PG3 keeps the scheme's word out of any other.
  const notes = lead?.category === 'psychogenic' ? [] : (lead?.notes ?? []);
  return [
    ...lines,
    ...evaluation.notes.map((text) => own(text, 1)),
    ...notes.map((text, i) => own(text, i > 0 ? 3 : lead?.basis === 'scheme' ? 1 : 2)),
    ...evaluation.modifiers.map(({ text }) => own(text, 3)),
  ];
}

function leadText(lead: Classification, texts: CardTexts): string {
  const id = lead.syndrome ?? lead.subtype;
  const subtype = texts.syndromeNames[id ?? ''] ?? id;
  return texts.say.lead.markdown({
    ...naming(lead, texts),
    subtype: { safe: subtype ? `, ${texts.own(subtype.replace(/[.-]/g, ' '), 60)}` : '' },
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
    ? lead.evidence.flatMap((e) =>
        e.findings.length > 0 ? distinctRecords(e.findings, texts) : [texts.own(e.label, MAX_NOTE)],
      )
    : distinctRecords(evaluated.problem.members, texts);
  return [...new Set(lines)]
    .slice(0, MAX_EVIDENCE)
    .map((text, i) => ({ text, rank: i < 2 ? 0 : i === 2 ? 2 : 4 }));
}

/** What stands against the pattern, what is not known, done, not placed, refuted. */
function aroundLines(
  evaluation: Evaluation,
  evaluated: EvaluatedProblem,
  texts: CardTexts,
): DetailLine[] {
  const { say } = texts;
  const against = evaluated.classifications[0]?.against ?? [];
  const { imagingDone, notPlaced } = evaluated;
  const lines: DetailLine[] = [];
  if (against.length > 0) {
    const items = against.flatMap((e) =>
      e.findings.length > 0 ? distinctRecords(e.findings, texts) : [texts.own(e.label, MAX_NOTE)],
    );
    const records = { safe: shortList([...new Set(items)], 3, texts, ' · ') };
    lines.push({ text: say.against.markdown({ records }), rank: 1 });
  }
  lines.push(...missingLines(evaluation, texts));
  const add = (text: string, rank: number) => lines.push({ text, rank });
  if (imagingDone.length > 0) {
    add(say.imagingDone.markdown({ records: imagingRecords(imagingDone, texts, 2) }), 1);
  }
  if (notPlaced.length > 0) {
    add(say.notPlaced.markdown({ records: recordList(notPlaced, texts, 3) }), 2);
  }
  if (evaluation.refuted.length > 0) {
    add(say.refuted.markdown({ records: recordList(evaluation.refuted, texts, 2) }), 2);
  }
  if (evaluation.dataNotes.length > 0) {
    const notes = evaluation.dataNotes.map((note) => texts.own(note, 100));
    add(say.dataNotes.markdown({ notes: { safe: shortList(notes, 3, texts, '; ') } }), 3);
  }
  return lines;
}

function nextLines(evaluated: EvaluatedProblem, texts: CardTexts): DetailLine[] {
  const lead = evaluated.classifications[0];
  if (lead) {
    return lead.wouldRaise
      .slice(0, 2)
      .map((text, i) => ({ text: askText(text, evaluated, texts), rank: i === 0 ? 2 : 6 }));
  }
  if (evaluated.ask.length === 0) {
    return [{ text: texts.say.unclassifiedAsk.markdown({}), rank: 0 }];
  }
  return evaluated.ask.slice(0, MAX_ASKS).map((ask, i) => {
    const text = { safe: askText(ask.text, evaluated, texts) };
    const unlocks = { safe: texts.own(ask.unlocks ?? '', 100) };
    return {
      text: ask.unlocks === undefined ? text.safe : texts.say.unlocks.markdown({ text, unlocks }),
      rank: i < 3 ? 0 : 1,
    };
  });
}
