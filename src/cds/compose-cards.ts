// An evaluation as CDS Hooks cards: which, in what order, how long. Must not know the engine or the clock.
import type { EvaluatedProblem, Evaluation } from '../pain/evaluation.js';
import { askText } from './advice-lines.js';
import { askBasis, type CardBasis, problemBasis, redFlagBasis } from './card-basis.js';
import type { CardTexts } from './card-texts.js';
import { painTopic, RECORD_NEXT_TOPIC, RED_FLAGS_TOPIC } from './card-topics.js';
import type { Card } from './cds-hooks.js';
import { plainChartText } from './chart-text.js';
import { type CommonLines, commonLines } from './common-lines.js';
import { type DetailSection, detailSize, fitDetail } from './fit-detail.js';
import { painSections, painSummary } from './pain-card.js';
import { count, findingLabel, shortList } from './record-lines.js';
import { redFlagSections } from './red-flag-card.js';

/** What composing needs from outside. */
export interface ComposeOptions {
  readonly newId: () => string;
  /** Absolute, without a trailing slash. */
  readonly baseUrl: string;
  readonly texts: CardTexts;
}

/** A card with what it rests on. */
export interface ComposedCard {
  readonly card: Card;
  /** Composed when asked for: most answers are never looked at again. */
  readonly basis: () => CardBasis;
}

const MAX_SUMMARY = 139;
const MAX_DETAIL = 1990;
const MAX_PAIN_CARDS = 3;
const MAX_SOURCES = 4;

/** At most five cards, most urgent first; none when there is no pain problem and no red flag. */
export function composeCards(evaluation: Evaluation, options: ComposeOptions): ComposedCard[] {
  const { problems, redFlags } = evaluation;
  if (problems.length === 0 && redFlags.length === 0) return [];
  const shown = problems.slice(0, MAX_PAIN_CARDS);
  const common = commonLines(evaluation, options.texts);
  const cards = redFlags.length > 0 ? [redFlagCard(evaluation, common, options)] : [];
  shown.forEach((problem, i) => {
    const isLast = i === MAX_PAIN_CARDS - 1;
    const without = isLast ? problems.slice(MAX_PAIN_CARDS) : [];
    cards.push(painCard(evaluation, problem, common, without, cards.length === 0, options));
  });
  const ask = askCard(evaluation, options);
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
): ComposedCard {
  const { texts } = options;
  const lead = problem.classifications[0];
  const sections = painSections(evaluation, problem, common, texts);
  // Without a card of red flags, what nobody assessed is said before anything is advised.
  if (isFirst) sections.splice(2, 0, { lines: common.notAssessed });
  if (withoutCard.length > 0) {
    const labels = withoutCard.map((other) => findingLabel(other.problem, texts, 40));
    const pains = { safe: shortList(labels, 3, texts) };
    const text = texts.say.morePains.markdown({ ...count(withoutCard.length), pains });
    sections.push({ lines: [{ text, rank: 0 }] });
  }
  return card(evaluation, options, {
    summary: painSummary(problem, texts, MAX_SUMMARY),
    indicator: 'info',
    sections,
    sources: citedSources(problem, texts),
    topic: painTopic(lead?.category, lead?.subtype),
    display: (lead ? texts.categories[lead.category] : texts.headings.unclassified) ?? '',
    ...(lead && { category: lead.category }),
    basis: () => problemBasis(problem),
  });
}

/** Publications behind the lines of this pain first, then those behind the principles of its category. */
function citedSources(
  { recommendations, principles }: EvaluatedProblem,
  texts: CardTexts,
): readonly string[] {
  const cited = new Set<string>();
  const cite = ({ sources }: { readonly sources: readonly string[] }): void => {
    for (const source of sources) {
      if (cited.size === MAX_SOURCES) return;
      if (texts.sourceNames[source] === undefined) cited.add(source);
    }
  };
  for (const line of recommendations) if (line.status === 'offered') cite(line);
  recommendations.forEach(cite);
  principles.forEach(cite);
  return [...cited];
}

function redFlagCard(
  evaluation: Evaluation,
  common: CommonLines,
  options: ComposeOptions,
): ComposedCard {
  const { texts } = options;
  const order = Object.keys(texts.urgencies);
  const redFlags = [...evaluation.redFlags].sort(
    (a, b) => order.indexOf(a.urgency) - order.indexOf(b.urgency),
  );
  return card(evaluation, options, {
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
    footer: 'footerRedFlags',
    basis: () => redFlagBasis(redFlags),
  });
}

/** What to record next; an unclassified pain that stands alone says it on its own card. */
function askCard(evaluation: Evaluation, options: ComposeOptions): ComposedCard | undefined {
  const { texts } = options;
  const [only, ...others] = evaluation.problems;
  if (only && others.length === 0 && only.classifications.length === 0) return undefined;
  const asked = new Set<string>();
  const asks = evaluation.problems.flatMap((problem) =>
    problem.ask.flatMap((ask) => {
      if (asked.has(ask.id)) return [];
      asked.add(ask.id);
      const text = { safe: askText(ask.text, problem, texts) };
      const unlocks = { safe: texts.own(ask.unlocks ?? '', 100) };
      return [
        {
          plain: ask.text,
          text:
            ask.unlocks === undefined ? text.safe : texts.say.unlocks.markdown({ text, unlocks }),
        },
      ];
    }),
  );
  if (asks.length === 0) return undefined;
  return card(evaluation, options, {
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
  });
}

function firstOf(labels: readonly string[], texts: CardTexts) {
  const more = labels.length > 1 ? texts.say.more.plain(count(labels.length - 1)) : '';
  return { first: { safe: plainChartText(labels[0] ?? '', 90) }, more: { safe: more } };
}

interface CardParts {
  readonly summary: string;
  readonly indicator: Card['indicator'];
  /** Sections, or how to choose them by what fits beside the footer. */
  readonly sections:
    | readonly DetailSection[]
    | ((fits: (sections: readonly DetailSection[]) => boolean) => readonly DetailSection[]);
  readonly sources: readonly string[];
  readonly topic: string;
  readonly display: string;
  /** Section of the page of principles that the card links to. */
  readonly category?: string;
  readonly footer?: 'footerRedFlags';
  readonly basis: () => CardBasis;
}

function card(evaluation: Evaluation, options: ComposeOptions, parts: CardParts): ComposedCard {
  const { newId, baseUrl, texts } = options;
  const article = `${baseUrl}/about/article`;
  const knowledge = `${baseUrl}/about/knowledge${parts.category ? `#${parts.category}` : ''}`;
  const sources = plainChartText(parts.sources.slice(0, MAX_SOURCES).join(', '));
  const version = { safe: evaluation.knowledge.version.replace(/[^\w.+-]/g, '').slice(0, 40) };
  const footer =
    sources === ''
      ? texts.say.footerPlain.markdown({ version })
      : texts.say[parts.footer ?? 'footer'].markdown({
          sources: { safe: texts.own(sources, 120) },
          version,
        });
  const more = parts.category
    ? `${texts.say.moreLink.markdown({ url: { safe: knowledge } })}\n\n`
    : '';
  const fits = (some: readonly DetailSection[]): boolean =>
    detailSize(some, more + footer) <= MAX_DETAIL;
  const sections = typeof parts.sections === 'function' ? parts.sections(fits) : parts.sections;
  const composed: Card = {
    uuid: newId(),
    summary: fitPlain(parts.summary),
    indicator: parts.indicator,
    detail: fitDetail(sections, more + footer, MAX_DETAIL),
    source: {
      label:
        sources === ''
          ? texts.source.labelPlain
          : texts.sourceLabel.plain({ sources: { safe: sources } }),
      url: article,
      topic: {
        system: texts.source.topicSystem,
        code: parts.topic,
        display: parts.display,
      },
    },
    overrideReasons: texts.overrideReasons,
    links: [
      { label: texts.link.article, url: article, type: 'absolute' },
      { label: texts.link.knowledge, url: knowledge, type: 'absolute' },
    ],
  };
  return { card: composed, basis: parts.basis };
}

function fitPlain(text: string): string {
  if (text.length <= MAX_SUMMARY) return text;
  for (let limit = MAX_SUMMARY; ; limit -= 10) {
    const clipped = plainChartText(text, limit);
    if (clipped.length <= MAX_SUMMARY || limit <= 10) return clipped;
  }
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)];
}
