// The languages cards are written in. Must not know HTTP or files.
import type { ComposeOptions } from './card-frame.js';

/** The language `cards/` is written in; what was stored before evaluations kept their language was shown in it. */
export const OWN_LANGUAGE = 'en';

/** What cards are composed with, by BCP 47 tag. */
export interface CardLanguages {
  /** The language of the site, for callers who ask for none of these. */
  readonly fallback: string;
  readonly byTag: ReadonlyMap<string, ComposeOptions>;
}

/** What cards of a language are composed with; those of the site's where it is not spoken here. */
export const optionsIn = (
  { byTag, fallback }: CardLanguages,
  tag: string = fallback,
): ComposeOptions => {
  const options = byTag.get(tag) ?? byTag.get(fallback);
  if (!options) throw new RangeError(`no cards in ${fallback}`);
  return options;
};
