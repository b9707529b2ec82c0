// English sentences of cards/ -> another language, those that were filled by their template. Must not know which sentences there are.

/** Gives a sentence of `cards/` in the language of a card; what it does not know stays as it is. */
export type Translate = (text: string) => string;

/** A sentence or template of `cards/` with how it reads in another language; places in braces are the same in both. */
export interface Phrase {
  readonly en: string;
  readonly to: string;
}

/** How a language joins, and how it writes a date. */
export interface TranslateRules {
  /** Signs between the items of a list, the wider first. */
  readonly separators: readonly Phrase[];
  /** An ISO date as it is written. */
  readonly date: (text: string) => string;
}

/** The language of `cards/` itself. */
export const asWritten: Translate = (text) => text;

const PLACE = /\{(\w+)\}/;
const NUMBER = /^\d+(\.\d+)?$/;
const DATE = /^\d{4}(-\d\d(-\d\d(T.*)?)?)?$/;

/** A template as a pattern that finds again what its places were filled with. */
interface Pattern {
  readonly pattern: RegExp;
  readonly places: readonly string[];
  readonly to: readonly string[];
  /** Characters outside the places: the more, the surer the match. */
  readonly fixed: number;
}

const toPattern = ({ en, to }: Phrase): Pattern => {
  const parts = en.split(PLACE);
  const literals = parts.filter((_, i) => i % 2 === 0);
  const source = literals.map((text) => text.replace(/[^\w\s]/g, '\\$&')).join('(.*?)');
  return {
    pattern: new RegExp(`^${source}$`, 's'),
    places: parts.filter((_, i) => i % 2 === 1),
    to: to.split(PLACE),
    fixed: literals.join('').length,
  };
};

/**
 * Compiles phrases into a lookup. A sentence the engine filled is found by its template, its values are translated in
 * turn: numbers stay, dates are written anew, lists are taken apart. A sentence is translated whole or not at all.
 */
export function createTranslate(phrases: readonly Phrase[], rules: TranslateRules): Translate {
  const { separators, date } = rules;
  const known = new Map(phrases.map(({ en, to }) => [en, to]));
  const patterns = phrases
    .filter(({ en }) => PLACE.test(en))
    .map(toPattern)
    .sort((a, b) => b.fixed - a.fixed);

  const filled = (text: string): string | undefined => {
    for (const { pattern, places, to } of patterns) {
      const found = pattern.exec(text);
      if (!found) continue;
      const values = new Map(places.map((place, i) => [place, valueIn(found[i + 1] ?? '')]));
      if ([...values.values()].includes(undefined)) continue;
      return to.map((part, i) => (i % 2 === 0 ? part : (values.get(part) ?? ''))).join('');
    }
    return undefined;
  };
  /** The longest item first: items may hold the separator themselves. */
  const listed = (text: string): string | undefined => {
    for (const { en, to } of separators) {
      for (let at = text.lastIndexOf(en); at > 0; at = text.lastIndexOf(en, at - 1)) {
        const first = sentence(text.slice(0, at));
        const rest = first && whole(text.slice(at + en.length));
        if (rest) return `${first}${to}${rest}`;
      }
    }
    return undefined;
  };
  const sentence = (text: string): string | undefined => known.get(text) ?? filled(text);
  const whole = (text: string): string | undefined => sentence(text) ?? listed(text);
  const valueIn = (text: string): string | undefined => {
    if (text === '' || NUMBER.test(text)) return text;
    return DATE.test(text) ? date(text) : whole(text);
  };
  return (text) => whole(text) ?? text;
}
