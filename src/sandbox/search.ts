// A checked query -> matching entries in order. Knows the index; must not know HTTP or query syntax.
import { matchesDate } from './date-range.js';
import type { Criterion, Query, SortKey } from './parse-query.js';
import type { Entry, Store } from './store.js';

/** Every match of a query, sorted; the smallest index posting is read first, the rest is tested on it. */
export function findMatches(store: Store, type: string, query: Query): readonly Entry[] {
  const matches = [...candidates(store, type, query.criteria)].filter((entry) =>
    query.criteria.every((criterion) => meets(entry, criterion)),
  );
  return matches.sort((a, b) => compareBy(query.sort, a, b));
}

/** The resources a page of matches refers to through the asked parameters, each once, matches left out. */
export function findIncluded(store: Store, query: Query, page: readonly Entry[]): readonly Entry[] {
  const found = new Set<Entry>();
  for (const { name, target } of query.includes) {
    for (const key of page.flatMap((entry) => entry.values.keys.get(name) ?? [])) {
      const [type = '', id] = key.split('/');
      const entry = id === undefined ? undefined : store.find(type, id);
      if (entry && (target === undefined || target === type) && !page.includes(entry)) {
        found.add(entry);
      }
    }
  }
  return [...found];
}

function candidates(store: Store, type: string, criteria: readonly Criterion[]): Iterable<Entry> {
  let best: readonly ReadonlySet<Entry>[] | undefined;
  let bestSize = Number.POSITIVE_INFINITY;
  for (const criterion of criteria) {
    if (criterion.kind !== 'keys') continue;
    const postings = [...criterion.keys].map((key) => store.posting(type, criterion.name, key));
    const size = postings.reduce((sum, posting) => sum + posting.size, 0);
    if (size < bestSize) {
      best = postings;
      bestSize = size;
    }
  }
  if (!best) return store.all(type);
  return new Set(best.flatMap((posting) => [...posting]));
}

function meets({ values }: Entry, criterion: Criterion): boolean {
  switch (criterion.kind) {
    case 'keys':
      return values.keys.get(criterion.name)?.some((key) => criterion.keys.has(key)) ?? false;
    case 'date':
      return (values.ranges.get(criterion.name) ?? []).some((range) =>
        criterion.tests.some((test) => matchesDate(range, test.prefix, test.range)),
      );
    case 'string':
      return (values.strings.get(criterion.name) ?? []).some((text) =>
        criterion.prefixes.some((prefix) => text.startsWith(prefix)),
      );
  }
}

function compareBy(sort: readonly SortKey[], a: Entry, b: Entry): number {
  for (const { name, descending } of sort) {
    const left = sortValue(a, name);
    const right = sortValue(b, name);
    if (left === right) continue;
    // What has no value comes last in either direction.
    if (left === undefined) return 1;
    if (right === undefined) return -1;
    return left < right === descending ? 1 : -1;
  }
  return a.sequence - b.sequence;
}

function sortValue({ resource, values }: Entry, name: string): number | string | undefined {
  if (name === '_id') return resource.id;
  const low = values.ranges.get(name)?.map((range) => range.low);
  if (low) return Math.min(...low);
  return values.strings.get(name)?.toSorted()[0];
}
