// An evaluation as CDS Hooks cards: which, in what order, how long. Must not know the engine or the clock.

import type { EvaluatedProblem, Evaluation } from '../pain/evaluation.js';
import { URGENCIES } from '../pain/expression.js';
import { askLine, isRedFlagFirst, isSaid } from './advice-lines.js';
import { adviceTextsIn } from './advice-texts.js';
import { askBasis, problemBasis, redFlagBasis } from './card-basis.js';
import {
  type ComposedCard,
  type ComposeOptions,
  composeCard,
  MAX_SOURCES,
  MAX_SUMMARY,
} from './card-frame.js';
import type { CardTexts } from './card-texts.js';
import { painTopic, RECORD_NEXT_TOPIC, RED_FLAGS_TOPIC } from './card-topics.js';
import { plainChartText } from './chart-text.js';
import { type CommonLines, commonLines } from './common-lines.js';
import { composeOrderCards } from './order-cards.js';
import { painSections, painSummary } from './pain-card.js';
import { count, findingLabel, shortList } from './record-lines.js';
import { redFlagSections } from './red-flag-card.js';
import { type SortedAdvice, sortAdvice } from './sort-advice.js';
import { askSuggestions, painSuggestions, type SuggestionTarget } from './suggestions.js';

const MAX_PAIN_CARDS = 3;

/**
 * At most five cards, most urgent first; none when there is no pain problem and no red flag.
 * A call about orders is answered about those orders alone.
 * @param target - whom drafts are for; without it cards suggest nothing
 */
export function composeCards(
  evaluation: Evaluation,
  options: ComposeOptions,
  target?: SuggestionTarget,
): ComposedCard[] {
  const { problems, redFlags, orders } = evaluation;
  if (orders) return composeOrderCards(evaluation, orders, options);
  if (problems.length === 0 && redFlags.length === 0) return [];
  const shown = problems.slice(0, MAX_PAIN_CARDS);
  const common = commonLines(evaluation, options.texts);
  const cards = redFlags.length > 0 ? [redFlagCard(evaluation, common, options)] : [];
  shown.forEach((problem, i) => {
    const isLast = i === MAX_PAIN_CARDS - 1;
    const without = isLast ? problems.slice(MAX_PAIN_CARDS) : [];
    cards.push(painCard(evaluation, problem, common, without, cards.length === 0, options, target));
  });
  const ask = askCard(evaluation, options, target);
  if (ask) cards.push(ask);
  return cards;
}

function painCard(
  evaluation: Evaluation,
  problem: EvaluatedProblem,
  common: CommonLines,
  withoutCard: readonly EvaluatedProblem[],
  isFirst: boolean,
  options: ComposeOptions,
  target: SuggestionTarget | undefined,
): ComposedCard {
  const { texts } = options;
  const lead = problem.classifications[0];
  const isAlone = evaluation.problems.length === 1;
  const advice = sortAdvice(problem);
  const place = { isAlone, isFirst };
  const sections = painSections(evaluation, problem, advice, common, place, texts);
  if (withoutCard.length > 0) {
    const labels = withoutCard.map((other) => findingLabel(other.problem, texts, 40));
    const pains = { safe: shortList(labels, 3, texts) };
    const text = texts.say.morePains.markdown({ ...count(withoutCard.length), pains });
    sections.push({ lines: [{ text, rank: 0 }] });
  }
  return composeCard(evaluation, options, {
    summary: painSummary(problem, texts, MAX_SUMMARY),
    indicator: 'info',
    sections,
    sources: citedSources(advice, problem, texts),
    topic: painTopic(lead?.category, lead?.subtype),
    display: (lead ? texts.categories[lead.category] : texts.headings.unclassified) ?? '',
    ...(lead && { category: lead.category }),
    hasOzone: problem.ozone !== undefined,
    basis: () => problemBasis(problem),
    suggestions: (detail) =>
      painSuggestions(problem, advice.offers, target, options, (text) =>
        isSaid(text, detail, texts),
      ),
  });
}

/** Publications behind what the card of this pain offers, then behind what it advises against. */
function citedSources(
  { offers, notAdvised }: SortedAdvice,
  evaluated: EvaluatedProblem,
  texts: CardTexts,
): readonly string[] {
  if (isRedFlagFirst(evaluated)) return [];
  const textsOf = adviceTextsIn(texts);
  const cited: string[] = [];
  for (const lines of [offers, notAdvised]) {
    for (const line of lines) {
      if (cited.length >= MAX_SOURCES) return cited;
      for (const source of textsOf(line.advice ?? line).publications)
        if (!cited.includes(source)) cited.push(source);
    }
  }
  return cited;
}

function redFlagCard(
  evaluation: Evaluation,
  common: CommonLines,
  options: ComposeOptions,
): ComposedCard {
  const { texts } = options;
  const redFlags = [...evaluation.redFlags].sort(
    (a, b) => URGENCIES.indexOf(a.urgency) - URGENCIES.indexOf(b.urgency),
  );
  return composeCard(evaluation, options, {
    summary: texts.say.summaryRedFlags.plain({
      urgency: { safe: texts.urgencies[redFlags[0]?.urgency ?? ''] ?? '' },
      ...firstOf(
        redFlags.map(({ label }) => label),
        texts,
      ),
    }),
    indicator: redFlags.some(({ urgency }) => urgency === 'emergency') ? 'critical' : 'warning',
    sections: (fits) => redFlagSections(redFlags, common, texts, fits),
    sources: unique(redFlags.flatMap(({ sources }) => sources)),
    topic: RED_FLAGS_TOPIC,
    display: texts.headings.redFlags ?? '',
    isOfRules: true,
    basis: () => redFlagBasis(redFlags),
  });
}

/** What to record next; a pain that stands alone says it on its own card. */
function askCard(
  evaluation: Evaluation,
  options: ComposeOptions,
  target: SuggestionTarget | undefined,
): ComposedCard | undefined {
  const { texts } = options;
  if (evaluation.problems.length === 1) return undefined;
  const asked = new Set<string>();
  const asks = evaluation.problems.flatMap((problem) =>
    problem.ask.flatMap((ask) => {
      if (asked.has(ask.id)) return [];
      asked.add(ask.id);
      return [{ plain: ask.text, text: askLine(ask, problem, texts) }];
    }),
  );
  if (asks.length === 0) return undefined;
  return composeCard(evaluation, options, {
    summary: texts.say.summaryAsk.plain(
      firstOf(
        asks.map(({ plain }) => plain),
        texts,
      ),
    ),
    indicator: 'info',
    sections: [
      {
        heading: texts.headings.next ?? '',
        lines: asks.map(({ text }, i) => ({ text, rank: i })),
      },
    ],
    sources: [],
    topic: RECORD_NEXT_TOPIC,
    display: texts.headings.next ?? '',
    basis: () => askBasis(evaluation.problems.flatMap((problem) => problem.ask)),
    suggestions: (detail) =>
      askSuggestions(evaluation.problems, target, options, (text) => isSaid(text, detail, texts)),
  });
}

function firstOf(labels: readonly string[], texts: CardTexts) {
  const more = labels.length > 1 ? texts.say.more.plain(count(labels.length - 1)) : '';
  return {
    first: { safe: plainChartText(texts.translate(labels[0] ?? ''), 90) },
    more: { safe: more },
  };
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)];
}
