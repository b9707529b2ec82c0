// FindingIndex: findings by code set, newest first. Must not know what the sets mean.
import type { Finding } from './finding.js';
import type { FindingIndex } from './scope.js';

const dateMs = ({ effective, onset }: Finding): number => {
  const date = effective ?? onset;
  return date ? date.startMs : Number.NEGATIVE_INFINITY;
};

/** Newest first, equal dates by reference, those without a date last. */
const byAge = (a: Finding, b: Finding): number => {
  const aMs = dateMs(a);
  const bMs = dateMs(b);
  if (aMs !== bMs) return aMs > bMs ? -1 : 1;
  return a.reference < b.reference ? -1 : a.reference > b.reference ? 1 : 0;
};

const bySet = (findings: readonly Finding[]): Map<string, Finding[]> => {
  const index = new Map<string, Finding[]>();
  for (const finding of findings) {
    for (const { set } of finding.matches) {
      const list = index.get(set);
      if (!list) index.set(set, [finding]);
      else if (list[list.length - 1] !== finding) list.push(finding);
    }
  }
  return index;
};

/** Builds the index that all expressions use, of findings in any order: many short lists are sorted sooner than one long one. */
export const indexFindings = (findings: readonly Finding[]): FindingIndex => {
  const index = bySet(findings);
  for (const list of index.values()) if (list.length > 1) list.sort(byAge);
  return index;
};

/** The index without some of its findings; lists that lose nothing stay the same. */
export const indexWithout = (index: FindingIndex, left: ReadonlySet<Finding>): FindingIndex => {
  const rest = new Map<string, readonly Finding[]>();
  for (const [set, list] of index) {
    const kept = list.some((finding) => left.has(finding))
      ? list.filter((finding) => !left.has(finding))
      : list;
    if (kept.length > 0) rest.set(set, kept);
  }
  return rest;
};

/** The index with more findings, none of which is in it; lists that gain nothing stay the same. */
export const indexWith = (index: FindingIndex, more: readonly Finding[]): FindingIndex => {
  if (more.length === 0) return index;
  const whole = new Map(index);
  for (const [set, added] of bySet(more)) {
    const before = index.get(set);
    const list = before ? [...before, ...added] : added;
    whole.set(set, list.sort(byAge));
  }
  return whole;
};
