// Results that belong to what never changes: an object, or a sentence of the knowledge. Must not know what they are.

/** More sentences than `cards/` has; what is filled with values of a patient must not grow a memory without end. */
const MAX_REMEMBERED = 4096;

/**
 * Computes once for each object and remembers as long as the object lives.
 * For objects that are asked about again: those of the knowledge, or those of one answer.
 */
export function rememberByObject<K extends object, V>(compute: (of: K) => V): (of: K) => V {
  const known = new WeakMap<K, V>();
  return (of) => {
    const before = known.get(of);
    if (before !== undefined) return before;
    const value = compute(of);
    known.set(of, value);
    return value;
  };
}

/** The same for what differs with a second object, the texts of a language for example. */
export function rememberByPair<K extends object, By extends object, V>(
  compute: (of: K, by: By) => V,
): (by: By) => (of: K) => V {
  return rememberByObject((by: By) => rememberByObject((of: K) => compute(of, by)));
}

/** Computes once for each sentence or name of the knowledge, as far as memory is set aside. */
export function rememberByText<V>(compute: (text: string) => V): (text: string) => V {
  const known = new Map<string, V>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const value = compute(text);
    if (known.size < MAX_REMEMBERED) known.set(text, value);
    return value;
  };
}

/** The same for two of them together. */
export function rememberByTexts<V>(
  compute: (first: string, second: string) => V,
): (first: string, second: string) => V {
  const byFirst = rememberByText((first) => rememberByText((second) => compute(first, second)));
  return (first, second) => byFirst(first)(second);
}

/** A text as one run of characters instead of the pieces it was put together of: what is remembered is copied with every answer. */
export function flat(text: string): string {
  return [...text].join('');
}
