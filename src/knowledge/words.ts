// Words and phrases: splitting text and finding phrases in it at a cost that does not grow with the list. Must not know what they mean.

const ASCII = /^[\0-\x7f]*$/;
const ASCII_WORD = /[a-z0-9]+/g;

/** The words of a text in lower case. Most texts are ASCII, where letters and digits are quickly told. */
export const wordsOf = (text: string): string[] => {
  const lower = text.toLowerCase();
  if (ASCII.test(lower)) return lower.match(ASCII_WORD) ?? [];
  return lower.split(/[^\p{L}\p{N}]+/u).filter((word) => word.length > 0);
};

/** Items with longer phrases first. */
export const longestFirst = <T extends { readonly phrase: string }>(
  items: readonly T[],
): readonly T[] => [...items].sort((a, b) => b.phrase.length - a.phrase.length);

/** Phrases by their first word. */
export type PhraseIndex<T> = ReadonlyMap<
  string,
  readonly (T & { readonly words: readonly string[] })[]
>;

/** Phrases indexed by their first word, so that a text costs its own length, not the length of the list. */
export const phraseIndex = <T extends { readonly phrase: string }>(
  items: readonly T[],
): PhraseIndex<T> => {
  const index = new Map<string, (T & { readonly words: readonly string[] })[]>();
  for (const item of longestFirst(items)) {
    const words = wordsOf(item.phrase);
    const [first] = words;
    if (!first) continue;
    const list = index.get(first);
    if (list) list.push({ ...item, words });
    else index.set(first, [{ ...item, words }]);
  }
  return index;
};

const startsAt = (words: readonly string[], at: number, phrase: readonly string[]): boolean =>
  phrase.every((word, offset) => words[at + offset] === word);

/** Calls `found` for each phrase in the words, the longest at each place, without overlap. */
export const scan = <T extends { readonly phrase: string }>(
  index: PhraseIndex<T>,
  words: readonly string[],
  found: (item: T & { readonly words: readonly string[] }, at: number) => void,
): void => {
  for (let at = 0; at < words.length; at += 1) {
    const hit = index.get(words[at] ?? '')?.find((item) => startsAt(words, at, item.words));
    if (!hit) continue;
    found(hit, at);
    at += hit.words.length - 1;
  }
};
