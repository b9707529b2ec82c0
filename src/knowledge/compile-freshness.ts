// cards/freshness.yaml -> the window of each set. Must not read files or know what the sets mean.

import type { KnowledgeFault } from '../errors.js';
import type { FreshnessWindow } from '../pain/judge-findings.js';
import type { ExpressionCompiler } from './compile-expressions.js';
import type { FreshnessDocument, SetsDocument } from './documents.js';
import type { YamlFile } from './knowledge-files.js';

/** Fills the windows; a part of a set has the window of the whole unless it has its own. */
export const compileFreshness = (
  { file, document }: { readonly file: YamlFile; readonly document: FreshnessDocument },
  { parts }: Pick<SetsDocument, 'parts'>,
  setIds: ReadonlySet<string>,
  compiler: ExpressionCompiler,
  windows: Map<string, FreshnessWindow>,
  faults: KnowledgeFault[],
): void => {
  for (const [at, { sets, days, shorter = [] }] of document.windows.entries()) {
    const window: FreshnessWindow = {
      days,
      shorter: shorter.map((inner, place) => ({
        days: inner.days,
        judge: compiler.compile(file, ['windows', at, 'shorter', place, 'when'], inner.when),
      })),
    };
    for (const [place, set] of sets.entries()) {
      if (!setIds.has(set))
        faults.push(
          file.faultAt(['windows', at, 'sets', place], `code set "${set}" does not exist`),
        );
      else if (windows.has(set))
        faults.push(file.faultAt(['windows', at, 'sets', place], `"${set}" stands twice`));
      windows.set(set, window);
    }
  }
  for (const [part, { of }] of Object.entries(parts)) {
    const window = windows.get(of);
    if (window && !windows.has(part)) windows.set(part, window);
  }
};
