// How fields of the contract are made: what is empty is left out, a record is named once. Must not know what they say.
import type { Finding } from '../pain/finding.js';

/** A JSON object of the contract; a field that is `undefined` is one that JSON leaves out. */
export type Fields = { [key: string]: unknown };

/** The items; undefined when there are none. */
export function some<T>(items: readonly T[]): readonly T[] | undefined {
  return items.length === 0 ? undefined : items;
}

/** What is composed of each item; undefined when there are none. */
export function listOf<T>(items: readonly T[], compose: (item: T) => Fields): Fields[] | undefined {
  return items.length === 0 ? undefined : items.map(compose);
}

/** `Type/id` of the records, each once; undefined when there are none. */
export function references(findings: readonly Finding[]): string[] | undefined {
  if (findings.length === 0) return undefined;
  const found = findings.map(({ reference }) => reference);
  return found.length === 1 ? found : [...new Set(found)];
}
