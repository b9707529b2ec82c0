// One resource -> what searches compare. Knows the parameter table and element shapes; must not know queries.
import type { FhirResource } from 'fhir/r4.js';
import { type DateRange, rangeOf } from './date-range.js';
import { isObject, ownText, valuesAt } from './json.js';
import { type SearchParameter, searchParameters } from './search-parameters.js';

/** The searchable values of one resource, by parameter name. */
export interface IndexedValues {
  /** Token and reference keys, see {@link tokenKey}. */
  readonly keys: ReadonlyMap<string, readonly string[]>;
  readonly ranges: ReadonlyMap<string, readonly DateRange[]>;
  readonly strings: ReadonlyMap<string, readonly string[]>;
}

/** What indexing one resource gives; `faults` name the elements that cannot be read. */
export interface IndexResult {
  readonly values: IndexedValues;
  readonly faults: readonly string[];
}

/** Index key of a token: `system|code`, `|code` without a system, `system|` for any code, `=code` for any system. */
export function tokenKey(system: string | undefined, code: string | undefined): string {
  return system === undefined ? `=${code ?? ''}` : `${system}|${code ?? ''}`;
}

/** Folds case and accents, as FHIR string search asks. */
export function normaliseText(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}

/** `Type/id` of a reference, its version dropped and the server's own base removed; other text is kept whole. */
export function normaliseReference(reference: string, baseUrl = ''): string {
  const relative =
    baseUrl !== '' && reference.startsWith(`${baseUrl}/`)
      ? reference.slice(baseUrl.length + 1)
      : reference;
  return relative.replace(/\/_history\/[^/]+$/, '');
}

/** Reads every searchable value of a resource once, at write time. */
export function indexResource(resource: FhirResource, baseUrl: string): IndexResult {
  const keys = new Map<string, readonly string[]>();
  const ranges = new Map<string, readonly DateRange[]>();
  const strings = new Map<string, readonly string[]>();
  const faults: string[] = [];
  for (const parameter of searchParameters.get(resource.resourceType) ?? []) {
    const found = parameter.paths.flatMap((path) => valuesAt(resource, path));
    if (found.length === 0) continue;
    if (parameter.kind === 'date') {
      const read = found.map(rangeOf);
      if (read.includes(undefined)) faults.push(`${parameter.paths.join(' or ')} is not a date`);
      ranges.set(
        parameter.name,
        read.filter((range) => range !== undefined),
      );
    } else if (parameter.kind === 'string') {
      strings.set(parameter.name, found.flatMap(texts).map(normaliseText));
    } else {
      const read = found.map((value) => keysOf(value, parameter, baseUrl));
      if (read.includes(undefined)) {
        faults.push(`${parameter.paths.join(' or ')} is not of its FHIR type`);
      }
      keys.set(parameter.name, [...new Set(read.flatMap((list) => list ?? []))]);
    }
  }
  return { values: { keys, ranges, strings }, faults };
}

function texts(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (!isObject(value)) return [];
  return ['text', 'family', 'given', 'prefix', 'suffix']
    .flatMap((part) => valuesAt(value, part))
    .filter((part) => typeof part === 'string');
}

function keysOf(value: unknown, parameter: SearchParameter, baseUrl: string): string[] | undefined {
  if (parameter.kind === 'code') {
    return typeof value === 'string' ? [tokenKey(undefined, value)] : undefined;
  }
  if (!isObject(value)) return undefined;
  return parameter.kind === 'reference'
    ? referenceKeys(ownText(value, 'reference'), parameter.target, baseUrl)
    : tokenKeys(value);
}

function tokenKeys(value: Readonly<Record<string, unknown>>): string[] {
  const codings = [value, ...valuesAt(value, 'coding')].filter(isObject);
  return codings.flatMap((coding) => {
    const code = ownText(coding, 'code') ?? ownText(coding, 'value');
    if (code === undefined) return [];
    const system = ownText(coding, 'system') ?? '';
    return [tokenKey(undefined, code), tokenKey(system, code), tokenKey(system, undefined)];
  });
}

function referenceKeys(
  reference: string | undefined,
  target: string | undefined,
  baseUrl: string,
): string[] {
  if (reference === undefined) return [];
  const normal = normaliseReference(reference, baseUrl);
  const [type, id, ...rest] = normal.split('/');
  if (target !== undefined && type !== target) return [];
  return id !== undefined && rest.length === 0 ? [normal, id] : [normal];
}
