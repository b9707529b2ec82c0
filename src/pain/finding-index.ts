// FindingIndex: findings by code set, newest first. Must not know what the sets mean.
import type { Finding } from './finding.js';
import type { FindingIndex } from './scope.js';

const newestFirst = (a: Finding, b: Finding): number =>
  (b.effective?.startMs ?? b.onset?.startMs ?? Number.NEGATIVE_INFINITY) -
    (a.effective?.startMs ?? a.onset?.startMs ?? Number.NEGATIVE_INFINITY) ||
  (a.reference < b.reference ? -1 : a.reference > b.reference ? 1 : 0);

/** Builds the index that all expressions use: one pass over the findings. */
export const indexFindings = (findings: Iterable<Finding>): FindingIndex => {
  const index = new Map<string, Finding[]>();
  for (const finding of findings) {
    for (const { set } of finding.matches) {
      const list = index.get(set);
      if (!list) index.set(set, [finding]);
      else if (list[list.length - 1] !== finding) list.push(finding);
    }
  }
  for (const list of index.values()) if (list.length > 1) list.sort(newestFirst);
  return index;
};
