// One card around its sections: footer, source, links, override reasons, sizes. Must not know what it is about.
import type { Evaluation } from '../pain/evaluation.js';
import type { CardBasis } from './card-basis.js';
import type { CardTexts } from './card-texts.js';
import type { Card, Link, Suggestion } from './cds-hooks.js';
import { plainChartText } from './chart-text.js';
import type { TextTemplate } from './fill-text.js';
import { type DetailSection, detailSize, fitDetail } from './fit-detail.js';
import { flat, rememberByObject, rememberByText } from './remember.js';
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
/** Most publications that the source of a card names. */
export const MAX_SOURCES = 4;

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
  const { texts } = options;
  const { isOfRules = false, hasOzone = false, category = '' } = parts;
  const frame = frameIn(options)(category);
  const resting = restingIn(texts)[isOfRules ? 'rules' : 'scheme'];
  const footer = frame.more + resting.footer(evaluation.knowledge.version);
  const sections =
    typeof parts.sections === 'function'
      ? parts.sections((some) => detailSize(some, footer) <= MAX_DETAIL)
      : parts.sections;
  const detail = fitDetail(sections, footer, MAX_DETAIL);
  const suggestions = parts.suggestions?.(detail) ?? [];
  const uuid = options.newId();
  const { indicator } = parts;
  const summary = fitPlain(parts.summary);
  const source = {
    label: resting.label(namesOf(parts.sources, texts)),
    url: frame.article,
    topic: { system: texts.source.topicSystem, code: parts.topic, display: parts.display },
  };
  const { overrideReasons } = texts;
  const links = hasOzone ? frame.linksWithOzone : frame.links;
  const selectionBehavior = 'any';
  const card: Card =
    suggestions.length === 0
      ? { uuid, summary, indicator, detail, source, overrideReasons, links }
      : {
          uuid,
          summary,
          indicator,
          detail,
          source,
          suggestions,
          selectionBehavior,
          overrideReasons,
          links,
        };
  return { card, basis: parts.basis };
}

/** What the cards of a category have alike. */
interface CardFrame {
  readonly article: string;
  readonly links: readonly Link[];
  readonly linksWithOzone: readonly Link[];
  /** The last line but one: where the page says more. */
  readonly more: string;
}

/** The frame by category, and of cards of none; composed once for each. */
const frameIn = rememberByObject((options: ComposeOptions) =>
  rememberByText((category) => frameOf(options, category)),
);

function frameOf({ baseUrl, texts }: ComposeOptions, category: string): CardFrame {
  const { link, say } = texts;
  const type = 'absolute';
  const article = `${baseUrl}/about/article`;
  const url = `${baseUrl}/about/knowledge${category && `#${category}`}`;
  const links: readonly Link[] = [
    { label: link.article, url: article, type },
    { label: link.knowledge, url, type },
  ];
  return {
    article,
    links,
    linksWithOzone: [...links, { label: link.ozone, url: `${baseUrl}/about/ozone`, type }],
    more: flat(category && say.moreLink.markdown({ url: { safe: url } })),
  };
}

/** What cards say of what they rest on: at their end by the version of the knowledge, as their source by the publications named. */
const restingIn = rememberByObject(
  ({ say, source: { labelPlain }, sourceLabel, rulesLabel }: CardTexts) => {
    const footerOf = (footer: TextTemplate) =>
      rememberByText((version) =>
        flat(footer.markdown({ version: { safe: version.replace(/[^\w.+-]/g, '').slice(0, 40) } })),
      );
    const labelOf = (label: TextTemplate, plain?: string) =>
      rememberByText((names) =>
        names === '' && plain !== undefined
          ? plain
          : label.plain({ sources: { safe: plainChartText(names) } }),
      );
    return {
      scheme: { footer: footerOf(say.footer), label: labelOf(sourceLabel, labelPlain) },
      rules: { footer: footerOf(say.footerRules), label: labelOf(rulesLabel) },
    };
  },
);

/** Sources as people name them, each once, as a list. */
function namesOf(sources: readonly string[], { sourceNames, separators }: CardTexts): string {
  const names: string[] = [];
  for (const source of sources) {
    if (names.length === MAX_SOURCES) break;
    const name = sourceNames[source] ?? source;
    if (!names.includes(name)) names.push(name);
  }
  return names.join(separators.list);
}

function fitPlain(text: string): string {
  if (text.length <= MAX_SUMMARY) return text;
  for (let limit = MAX_SUMMARY; ; limit -= 10) {
    const clipped = plainChartText(text, limit);
    if (clipped.length <= MAX_SUMMARY || limit <= 10) return clipped;
  }
}
