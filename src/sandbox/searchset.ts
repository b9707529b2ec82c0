// One search request -> one page as a Bundle. Knows paging and links; must not know Express.
import type { Bundle, BundleEntry } from 'fhir/r4.js';
import { maxPageSize, parseQuery } from './parse-query.js';
import { Refusal } from './refusal.js';
import { findIncluded, findMatches } from './search.js';
import type { Entry, Store } from './store.js';

// Node refuses request lines and headers beyond 16 kB; a link must stay well below.
const maxLinkLength = 8000;

/**
 * Runs a search and composes the page asked for, with total, `self` and, when more follows, `next`.
 * @param type - a type of the parameter table; the caller has refused any other
 * @throws {Refusal} 400 on what is not supported
 * @see https://hl7.org/fhir/R4/http.html#paging
 */
export function composeSearchset(
  store: Store,
  baseUrl: string,
  type: string,
  parameters: URLSearchParams,
): Bundle {
  const query = parseQuery(type, parameters, baseUrl);
  const matches = findMatches(store, type, query);
  let size = query.count ?? maxPageSize;
  const link = (offset: number) => pageLink(baseUrl, type, parameters, offset);
  const linkTooLong = link(matches.length).length > maxLinkLength;
  if (linkTooLong && size > 0 && query.offset + size < matches.length) {
    // Only a POST can ask so much that no GET link repeats it.
    if (query.count !== undefined) {
      throw new Refusal(400, 'too-long', 'This search is too long to page: leave out _count.');
    }
    size = matches.length;
  }
  const end = query.offset + size;
  const page = matches.slice(query.offset, end);
  const self = linkTooLong ? `${baseUrl}/${type}/_search` : link(query.offset);
  const more = size > 0 && end < matches.length;
  const entry = [
    ...page.map((match) => searchEntry(baseUrl, match, 'match')),
    ...findIncluded(store, query, page).map((found) => searchEntry(baseUrl, found, 'include')),
  ];
  return {
    resourceType: 'Bundle',
    type: 'searchset',
    total: matches.length,
    link: [
      { relation: 'self', url: self },
      ...(more ? [{ relation: 'next', url: link(end) }] : []),
    ],
    // An empty array is not valid FHIR.
    ...(entry.length > 0 ? { entry } : {}),
  };
}

function searchEntry(baseUrl: string, { resource }: Entry, mode: 'match' | 'include'): BundleEntry {
  return {
    fullUrl: `${baseUrl}/${resource.resourceType}/${resource.id}`,
    resource,
    search: { mode },
  };
}

function pageLink(
  baseUrl: string,
  type: string,
  parameters: URLSearchParams,
  offset: number,
): string {
  const page = new URLSearchParams(parameters);
  page.delete('_offset');
  if (offset > 0) page.set('_offset', String(offset));
  const text = page.toString();
  return `${baseUrl}/${type}${text === '' ? '' : `?${text}`}`;
}
