// Results that belong to an object that never changes. Must not know what they are.

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
