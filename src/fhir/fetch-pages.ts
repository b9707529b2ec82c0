// All pages of one search, within limits. Must not know whose resources they are.
import type { FhirResource } from 'fhir/r4.js';
import type { InputType } from '../pain/patient-record.js';
import type { FhirReader, ReadLimits } from './guarded-client.js';
import { FEWER_THAN_TOTAL, isShort, type ReadValue, readValue } from './prefetch-value.js';
import { ReadFailed } from './read-failed.js';

/** A search answer with the pages that could be followed. */
export interface Pages extends ReadValue {
  /** Why there is more than was read. */
  readonly truncated?: string;
}

/**
 * Fetches the answer to a relative URL with all its pages; what it could not follow is `truncated`.
 * @param isAnswerTo - whether the `self` link of the answer names the search that was asked for
 */
export const fetchPages = async (
  server: FhirReader,
  first: { readonly url?: string; readonly value?: ReadValue },
  type: InputType,
  limits: ReadLimits,
  isAnswerTo: (selfLink: string) => boolean = () => true,
): Promise<Pages> => {
  const resources: FhirResource[] = [];
  let [matches, total] = [0, 0];
  const seen = new Set<string | undefined>(
    first.url === undefined ? [] : [server.below(first.url)],
  );
  let page = first.value ?? readValue(await server.get(first.url ?? ''), type);
  if (first.value === undefined && page.self !== undefined && !isAnswerTo(page.self))
    return { state: 'failed', reason: 'filter-ignored', resources: [] };
  for (let pages = 1; ; pages += 1) {
    if (page.state === 'failed')
      return resources.length > 0
        ? { state: 'read', resources, truncated: page.reason ?? 'failed' }
        : page;
    for (const resource of page.resources) resources.push(resource);
    matches += page.matches ?? 0;
    total = Math.max(total, page.total ?? 0);
    if (page.next === undefined) {
      const read: Pages = { state: 'read', resources };
      if (isShort({ ...read, matches, total })) return { ...read, truncated: FEWER_THAN_TOTAL };
      return resources.length > 0 ? read : page;
    }
    const url = server.below(page.next);
    const stop =
      url === undefined
        ? 'next-refused'
        : seen.has(url)
          ? 'next-loop'
          : pages >= limits.maxPages || resources.length >= limits.maxResources
            ? 'page-limit'
            : undefined;
    if (url === undefined || stop !== undefined)
      return { state: 'read', resources, truncated: stop ?? 'next-refused' };
    seen.add(url);
    try {
      page = readValue(await server.get(url), type);
    } catch (error) {
      if (!(error instanceof ReadFailed)) throw error;
      return { state: 'read', resources, truncated: error.reason };
    }
  }
};
