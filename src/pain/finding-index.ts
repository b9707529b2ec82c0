// FindingIndex: findings by code set, newest first. Must not know what the sets mean.
import type { Finding } from './finding.js';
import type { FindingIndex } from './scope.js';

const dateMs = ({ effective, onset }: Finding): number => {
  const date = effective ?? onset;
  return date ? date.startMs : Number.NEGATIVE_INFINITY;
};

const byAge = (a: Finding, b: Finding): number => {
  const [aMs, bMs] = [dateMs(a), dateMs(b)];
  if (aMs !== bMs) return aMs > bMs ? -1 : 1;
  return a.reference < b.reference ? -1 : a.reference > b.reference ? 1 : 0;
};

/** The findings in the order of every index, those without a date last. */
export const newestFirst = (findings: readonly Finding[]): Finding[] => [...findings].sort(byAge);

const bySet = (newest: readonly Finding[]): Map<string, Finding[]> => {
  const index = new Map<string, Finding[]>();
  for (const finding of newest) {
    for (const { set } of finding.matches) {
      const list = index.get(set);
      if (!list) index.set(set, [finding]);
      else if (list[list.length - 1] !== finding) list.push(finding);
    }
  }
  return index;
};

/**
 * Builds the index that all expressions use: one pass over the findings.
 * @param newest - in the order of `newestFirst`
 */
export const indexFindings = (newest: readonly Finding[]): FindingIndex => bySet(newest);

/** The index with more findings, none of which is in it; lists that gain nothing stay the same. */
export const indexWith = (index: FindingIndex, more: readonly Finding[]): FindingIndex => {
  if (more.length === 0) return index;
  const whole = new Map(index);
  for (const [set, list] of bySet(newestFirst(more))) {
    const before = index.get(set);
    whole.set(set, before ? newestFirst([...before, ...list]) : list);
  }
  return whole;
};
