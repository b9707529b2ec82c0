// The sentences of `cards/` have places to fill. Must not hold a sentence.

/** Puts values in the `{places}` of a sentence; a place without a value stays as it is. */
export const fillText = (text: string, values: Readonly<Record<string, string>>): string =>
  text.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
