// Sorts the few items a card has. Must not know what they are.

/** Sorts in place, lowest key first and stable; for lists so short that what `Array.sort` sets up costs more than the moves. */
export function sortFew<T>(items: T[], keyOf: (item: T) => number): T[] {
  if (items.length < 2) return items;
  const keys = items.map(keyOf);
  for (let i = 1; i < items.length; i += 1) {
    const item = items[i] as T;
    const key = keys[i] as number;
    let at = i - 1;
    for (; at >= 0 && (keys[at] as number) > key; at -= 1) {
      items[at + 1] = items[at] as T;
      keys[at + 1] = keys[at] as number;
    }
    items[at + 1] = item;
    keys[at + 1] = key;
  }
  return items;
}
