// Every source key a document cites must be in the bibliography, and no list of them may be empty. Must not know what the documents mean.
import type { KnowledgeFault } from '../errors.js';
import type { SourcesDocument } from './documents.js';
import type { YamlFile } from './knowledge-files.js';

/** Keys a document cites that `sources.yaml` does not resolve, and statements that cite nothing. */
export const checkSources = (
  file: YamlFile,
  value: unknown,
  known: ReadonlySet<string>,
  faults: KnowledgeFault[],
  path: readonly (string | number)[] = [],
): void => {
  if (Array.isArray(value)) {
    for (const [at, item] of value.entries())
      checkSources(file, item, known, faults, [...path, at]);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  for (const [key, item] of Object.entries(value)) {
    if (key === 'sources' && Array.isArray(item)) {
      if (item.length === 0) faults.push(file.faultAt([...path, key], 'names no source'));
      for (const [at, source] of item.entries()) {
        if (typeof source === 'string' && !known.has(source))
          faults.push(file.faultAt([...path, key, at], `source "${source}" does not exist`));
      }
    } else checkSources(file, item, known, faults, [...path, key]);
  }
};

/** The keys of the bibliography; one that stands twice is a fault. */
export const sourceKeys = (
  { file, document }: { readonly file: YamlFile; readonly document: SourcesDocument },
  faults: KnowledgeFault[],
): ReadonlySet<string> => {
  const keys = new Set<string>();
  for (const [at, { key }] of document.sources.entries()) {
    if (keys.has(key))
      faults.push(file.faultAt(['sources', at, 'key'], `source "${key}" stands twice`));
    keys.add(key);
  }
  return keys;
};
