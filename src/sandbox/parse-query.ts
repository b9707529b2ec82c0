// Query text -> a checked query. Knows parameters, prefixes and result controls; must not know stored resources.
import { type DatePrefix, type DateRange, datePrefixes, parseDateRange } from './date-range.js';
import { normaliseReference, normaliseText, tokenKey } from './index-resource.js';
import { Refusal } from './refusal.js';
import { findParameter, type SearchParameter } from './search-parameters.js';

/** One parameter of a query; its alternatives are joined by "or", several criteria by "and". */
export type Criterion =
  | { readonly kind: 'keys'; readonly name: string; readonly keys: ReadonlySet<string> }
  | { readonly kind: 'date'; readonly name: string; readonly tests: readonly DateTest[] }
  | { readonly kind: 'string'; readonly name: string; readonly prefixes: readonly string[] };

/** One searched date. */
export interface DateTest {
  readonly prefix: DatePrefix;
  readonly range: DateRange;
}

/** One level of order. */
export interface SortKey {
  readonly name: string;
  readonly descending: boolean;
}

/** A search that can be run as it stands. */
export interface Query {
  readonly criteria: readonly Criterion[];
  readonly sort: readonly SortKey[];
  /** Reference parameters to follow, with the target type when one is asked for. */
  readonly includes: readonly { readonly name: string; readonly target?: string }[];
  /** Absent when the client leaves the page size to the server. */
  readonly count?: number;
  readonly offset: number;
}

/** The largest page a client gets. */
export const maxPageSize = 1000;

/**
 * Checks every parameter of a search.
 * @throws {Refusal} 400 at the first parameter, modifier or value the sandbox does not support
 * @see https://hl7.org/fhir/R4/search.html
 */
export function parseQuery(type: string, parameters: URLSearchParams, baseUrl: string): Query {
  const once = (name: string) => singleValue(parameters, name);
  const criteria: Criterion[] = [];
  for (const [name, value] of parameters) {
    if (value === '') throw invalid(`${quote(name)} has no value`);
    if (!controls.has(name)) criteria.push(parseCriterion(type, name, value, baseUrl));
  }
  checkFormat(once('_format'));
  if ((once('_total') ?? 'accurate') !== 'accurate')
    throw invalid('_total: only accurate is supported');
  const count = wholeNumber('_count', once('_count'));
  return {
    criteria,
    sort: parseSort(type, once('_sort')),
    includes: parameters.getAll('_include').map((value) => parseInclude(type, value)),
    offset: wholeNumber('_offset', once('_offset')) ?? 0,
    ...(count === undefined ? {} : { count: Math.min(count, maxPageSize) }),
  };
}

/** The parameters that shape the answer instead of choosing resources. */
export const controls: ReadonlySet<string> = new Set([
  '_count',
  '_format',
  '_include',
  '_offset',
  '_sort',
  '_total',
]);

/** Refuses every format but JSON. @throws {Refusal} 406 */
export function checkFormat(format: string | undefined): void {
  if (format === undefined) return;
  if (['json', 'application/json', 'application/fhir+json'].includes(format.replace(' ', '+')))
    return;
  throw new Refusal(406, 'not-supported', 'Only JSON is supported: application/fhir+json.');
}

function parseCriterion(type: string, name: string, value: string, baseUrl: string): Criterion {
  const parameter = findParameter(type, name);
  if (!parameter) throw unknownParameter(type, name);
  const alternatives = split(value, ',');
  if (alternatives.includes('')) throw invalid(`${name} has an empty alternative`);
  if (parameter.kind === 'date') {
    return { kind: 'date', name, tests: alternatives.map((text) => parseDateTest(name, text)) };
  }
  if (parameter.kind === 'string') {
    const prefixes = alternatives.map((text) => normaliseText(unescapeValue(text)));
    return { kind: 'string', name, prefixes };
  }
  const keys = alternatives.map((text) => parseKey(parameter, text, baseUrl));
  return { kind: 'keys', name, keys: new Set(keys) };
}

function unknownParameter(type: string, name: string): Refusal {
  const colon = name.indexOf(':');
  const base = colon < 0 ? name : name.slice(0, colon);
  if (colon >= 0 && (findParameter(type, base) || controls.has(base))) {
    return invalid(`modifier ${quote(name.slice(colon))} of ${base} is not supported`);
  }
  return invalid(`${type} has no search parameter ${quote(name)} here; see metadata`);
}

function parseKey(parameter: SearchParameter, text: string, baseUrl: string): string {
  if (parameter.kind === 'reference')
    return parseReferenceKey(parameter, unescapeValue(text), baseUrl);
  const parts = split(text, '|').map(unescapeValue);
  const [first = '', second] = parts;
  if (parts.length > 2 || (first === '' && !second)) {
    throw invalid(`${parameter.name}: ${quote(text)} is not code, system|code, |code or system|`);
  }
  if (second === undefined) return tokenKey(undefined, first);
  if (parameter.kind === 'code') throw invalid(`${parameter.name} takes a code without a system`);
  return tokenKey(first, second);
}

function parseReferenceKey(parameter: SearchParameter, text: string, baseUrl: string): string {
  const key = normaliseReference(text, baseUrl);
  const [type] = key.split('/');
  if (parameter.target && key.includes('/') && !key.includes(':') && type !== parameter.target) {
    throw invalid(`${parameter.name} refers to a ${parameter.target}, not to ${quote(text)}`);
  }
  return key;
}

function parseDateTest(name: string, text: string): DateTest {
  const prefix = datePrefixes.find((candidate) => text.startsWith(candidate));
  const range = parseDateRange(prefix ? text.slice(2) : text);
  if (range) return { prefix: prefix ?? 'eq', range };
  const hint = text.includes(' ') ? '; a "+" in a URL must be written %2B' : '';
  throw invalid(
    `${name}: ${quote(text)} is not a date with one of the prefixes ${datePrefixes.join(', ')}${hint}`,
  );
}

function parseSort(type: string, value: string | undefined): readonly SortKey[] {
  return (value?.split(',') ?? []).map((key) => {
    const descending = key.startsWith('-');
    const name = descending ? key.slice(1) : key;
    const kind = findParameter(type, name)?.kind;
    if (kind === 'date' || kind === 'string' || name === '_id') return { name, descending };
    throw invalid(`${type} cannot be sorted by ${quote(name)}`);
  });
}

function parseInclude(type: string, value: string): { name: string; target?: string } {
  const [source, name = '', target, ...rest] = value.split(':');
  if (source !== type || findParameter(type, name)?.kind !== 'reference' || rest.length > 0) {
    throw invalid(`_include=${quote(value)} is not supported for ${type}`);
  }
  return target ? { name, target } : { name };
}

function singleValue(parameters: URLSearchParams, name: string): string | undefined {
  const values = parameters.getAll(name);
  if (values.length > 1) throw invalid(`${name} is given ${values.length} times`);
  return values[0];
}

function wholeNumber(name: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (/^\d{1,9}$/.test(value)) return Number(value);
  throw invalid(`${name}: ${quote(value)} is not a whole number from 0`);
}

function split(text: string, separator: ',' | '|'): string[] {
  return text.split(separator === ',' ? /(?<!\\),/ : /(?<!\\)\|/);
}

function unescapeValue(text: string): string {
  return text.replace(/\\([,|$\\])/g, '$1');
}

function invalid(message: string): Refusal {
  return new Refusal(400, 'invalid', message);
}

function quote(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}...` : text);
}
