// An evaluation as CDS Hooks cards: which, in what order, how long. Must not know the engine or the clock.
import type { Evaluation } from '../pain/evaluation.js';
import type { CardTexts } from './card-texts.js';
import type { Card } from './cds-hooks.js';
import { markdownOwnText, plainChartText } from './chart-text.js';
import { type DetailSection, fitDetail } from './fit-detail.js';
import { painSections, painSummary } from './pain-card.js';

/** What composing needs from outside. */
export interface ComposeOptions {
  readonly newId: () => string;
  /** Absolute, without a trailing slash. */
  readonly baseUrl: string;
  readonly texts: CardTexts;
}

const MAX_SUMMARY = 139;
const MAX_DETAIL = 1990;
const MAX_PAIN_CARDS = 3;

/** At most five cards, most urgent first; none when there is no pain problem and no red flag. */
export function composeCards(evaluation: Evaluation, options: ComposeOptions): Card[] {
  if (evaluation.problems.length === 0 && evaluation.redFlags.length === 0) return [];
  const cards: Card[] = [];
  if (evaluation.redFlags.length > 0) cards.push(redFlagCard(evaluation, options));
  for (const problem of evaluation.problems.slice(0, MAX_PAIN_CARDS)) {
    const lead = problem.classifications[0];
    const sources = unique(problem.principles.flatMap((p) => p.sources)).slice(0, 4);
    cards.push(
      card(options, {
        summary: painSummary(problem, options.texts, MAX_SUMMARY),
        indicator: 'info',
        sections: painSections(evaluation, problem, options.texts),
        footer: footer(evaluation, sources, options.texts, 'footer'),
        sources,
        topic: `pain${lead ? `${lead.category}${lead.subtype ?? ''}` : 'unclassified'}`,
      }),
    );
  }
  const ask = askCard(evaluation, options);
  if (ask) cards.push(ask);
  return cards;
}

function redFlagCard(evaluation: Evaluation, options: ComposeOptions): Card {
  const { texts } = options;
  const flags = evaluation.redFlags;
  const order = Object.keys(texts.urgencies);
  const sorted = [...flags].sort((a, b) => order.indexOf(a.urgency) - order.indexOf(b.urgency));
  const more = flags.length > 1 ? texts.say.more.plain({ count: `${flags.length - 1}` }) : '';
  const sources = unique(sorted.flatMap((f) => f.sources)).slice(0, 4);
  const lines = sorted.map((flag, i) => ({
    short: texts.say.redFlag.markdown({
      urgency: { safe: texts.urgencies[flag.urgency] ?? flag.urgency },
      label: { safe: markdownOwnText(flag.label) },
      action: { safe: markdownOwnText(flag.action) },
    }),
    rank: i === 0 ? 0 : i,
  }));
  return card(options, {
    summary: texts.say.summaryRedFlags.plain({
      first: plainChartText(sorted[0]?.label ?? '', 100),
      more,
    }),
    indicator: flags.some((f) => f.urgency === 'emergency') ? 'critical' : 'warning',
    sections: [{ heading: texts.headings['redFlags'] ?? '', lines }],
    footer: footer(evaluation, sources, texts, 'footerRedFlags'),
    sources,
    topic: 'painredflags',
  });
}

function askCard(evaluation: Evaluation, options: ComposeOptions): Card | undefined {
  const { texts } = options;
  const asks = [
    ...new Map(evaluation.problems.flatMap((p) => p.ask).map((a) => [a.id, a])).values(),
  ];
  const first = asks[0];
  if (!first) return undefined;
  const more = asks.length > 1 ? texts.say.more.plain({ count: `${asks.length - 1}` }) : '';
  const lines = asks.map((ask, i) => {
    const text = { safe: markdownOwnText(ask.text) };
    return {
      short:
        ask.unlocks === undefined
          ? text.safe
          : texts.say.unlocks.markdown({ text, unlocks: { safe: markdownOwnText(ask.unlocks) } }),
      rank: i,
    };
  });
  return card(options, {
    summary: texts.say.summaryAsk.plain({ first: plainChartText(first.text, 90), more }),
    indicator: 'info',
    sections: [{ heading: texts.headings['next'] ?? '', lines }],
    footer: footer(evaluation, [], texts, 'footer'),
    sources: [],
    topic: 'painrecordnext',
  });
}

interface CardParts {
  readonly summary: string;
  readonly indicator: Card['indicator'];
  readonly sections: readonly DetailSection[];
  readonly footer: string;
  readonly sources: readonly string[];
  readonly topic: string;
}

function card({ newId, baseUrl, texts }: ComposeOptions, parts: CardParts): Card {
  const more = texts.say['more-link'].markdown({ url: { safe: `${baseUrl}/about/knowledge` } });
  return {
    uuid: newId(),
    summary: fitPlain(parts.summary),
    indicator: parts.indicator,
    detail: fitDetail(parts.sections, parts.footer, more, MAX_DETAIL),
    source: {
      label: texts.sourceLabel.plain({ sources: { safe: parts.sources.join(', ') || '–' } }),
      url: `${baseUrl}/about/article`,
      topic: {
        system: texts.source.topicSystem,
        code: parts.topic.replace(/[^A-Za-z0-9]/g, '').slice(0, 100),
        display: parts.topic,
      },
    },
    overrideReasons: texts.overrideReasons.map(({ code, system, display }) => ({
      code,
      system,
      display,
    })),
    links: [
      { label: texts.link.article, url: `${baseUrl}/about/article`, type: 'absolute' },
      { label: texts.link.knowledge, url: `${baseUrl}/about/knowledge`, type: 'absolute' },
    ],
  };
}

function footer(
  evaluation: Evaluation,
  sources: readonly string[],
  texts: CardTexts,
  name: 'footer' | 'footerRedFlags',
): string {
  return texts.say[name].markdown({
    sources: { safe: markdownOwnText(plainChartText(sources.join(', '))) || '–' },
    version: { safe: evaluation.knowledge.version },
  });
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
