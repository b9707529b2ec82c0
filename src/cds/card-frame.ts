// One card around its sections: footer, source, links, override reasons, sizes. Must not know what it is about.
import type { Evaluation } from '../pain/evaluation.js';
import type { CardBasis } from './card-basis.js';
import type { CardTexts } from './card-texts.js';
import type { Card, Suggestion } from './cds-hooks.js';
import { plainChartText } from './chart-text.js';
import { type DetailSection, detailSize, fitDetail } from './fit-detail.js';
import type { SuggestionDeps } from './suggestions.js';

/** What composing needs from outside. */
export interface ComposeOptions extends SuggestionDeps {
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

/** Longest summary, in UTF-16 units. */
export const MAX_SUMMARY = 139;
const MAX_DETAIL = 1990;
const MAX_SOURCES = 4;

/** What one card says. */
export interface CardParts {
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
  /** True when it rests on red flags or safety rules, not on the scheme. */
  readonly isOfRules?: boolean;
  /** True when the card speaks of ozone: it then links to the page on it. */
  readonly hasOzone?: boolean;
  readonly basis: () => CardBasis;
  /** What can be done about what the detail says: one action each, most useful first. */
  readonly suggestions?: (detail: string) => readonly Suggestion[];
}

/** Composes a card; its detail is shortened by rank to what a side panel holds. */
export function composeCard(
  evaluation: Evaluation,
  options: ComposeOptions,
  parts: CardParts,
): ComposedCard {
  const { newId, baseUrl, texts } = options;
  const article = `${baseUrl}/about/article`;
  const knowledge = `${baseUrl}/about/knowledge${parts.category ? `#${parts.category}` : ''}`;
  const sources = {
    safe: plainChartText(namesOf(parts.sources, texts).join(texts.separators.list)),
  };
  const version = { safe: evaluation.knowledge.version.replace(/[^\w.+-]/g, '').slice(0, 40) };
  const footer = texts.say[parts.isOfRules ? 'footerRules' : 'footer'].markdown({ version });
  const more = parts.category ? texts.say.moreLink.markdown({ url: { safe: knowledge } }) : '';
  const fits = (some: readonly DetailSection[]): boolean =>
    detailSize(some, more + footer) <= MAX_DETAIL;
  const sections = typeof parts.sections === 'function' ? parts.sections(fits) : parts.sections;
  const detail = fitDetail(sections, more + footer, MAX_DETAIL);
  const suggestions = parts.suggestions?.(detail) ?? [];
  const composed: Card = {
    uuid: newId(),
    summary: fitPlain(parts.summary),
    indicator: parts.indicator,
    detail,
    source: {
      label: parts.isOfRules
        ? texts.rulesLabel.plain({ sources })
        : sources.safe === ''
          ? texts.source.labelPlain
          : texts.sourceLabel.plain({ sources }),
      url: article,
      topic: {
        system: texts.source.topicSystem,
        code: parts.topic.replace(/[^A-Za-z0-9]/g, '').slice(0, 100),
        display: parts.display,
      },
    },
    ...(suggestions.length > 0 && { suggestions, selectionBehavior: 'any' as const }),
    overrideReasons: texts.overrideReasons,
    links: [
      { label: texts.link.article, url: article, type: 'absolute' },
      { label: texts.link.knowledge, url: knowledge, type: 'absolute' },
      ...(parts.hasOzone
        ? [{ label: texts.link.ozone, url: `${baseUrl}/about/ozone`, type: 'absolute' as const }]
        : []),
    ],
  };
  return { card: composed, basis: parts.basis };
}

/** Sources as people name them, each once. */
function namesOf(sources: readonly string[], { sourceNames }: CardTexts): readonly string[] {
  return [...new Set(sources.map((source) => sourceNames[source] ?? source))].slice(0, MAX_SOURCES);
}

function fitPlain(text: string): string {
  if (text.length <= MAX_SUMMARY) return text;
  for (let limit = MAX_SUMMARY; ; limit -= 10) {
    const clipped = plainChartText(text, limit);
    if (clipped.length <= MAX_SUMMARY || limit <= 10) return clipped;
  }
}
