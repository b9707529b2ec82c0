// What a prefetch value or a search answer says: its resources and read state. Must not do IO or know whose they are.
import type { Bundle, FhirResource, OperationOutcome } from 'fhir/r4.js';
import type { InputType } from '../pain/patient-record.js';
import { isObject, isResource } from './json.js';

/** The result of looking at one value, before it is known whether more can be fetched. */
export interface ReadValue {
  /** `unknown` is a value the client could not give (null, absent): the server may be asked. */
  readonly state: 'read' | 'none-recorded' | 'failed' | 'unknown';
  readonly reason?: string;
  readonly resources: readonly FhirResource[];
  /** The `next` link of a paged answer, as sent. */
  readonly next?: string;
  /** The `self` link of an answer: the search as the server understood it. */
  readonly self?: string;
  /** Matches in this answer, of any type, as the server counts them: without what came along. */
  readonly matches?: number;
  /** Matches of the whole search, as the server says. */
  readonly total?: number;
}

/** Why a search whose last page was read is not complete. */
export const FEWER_THAN_TOTAL = 'fewer-than-total';

/** Whether an answer without further pages holds fewer matches than its search found. */
export const isShort = ({ state, next, matches = 0, total = 0 }: ReadValue): boolean =>
  state === 'read' && next === undefined && matches < total;

const NONE: readonly FhirResource[] = [];

const failed = (reason: string): ReadValue => ({ state: 'failed', reason, resources: NONE });

const isFatal = ({ issue }: OperationOutcome): boolean =>
  !Array.isArray(issue) ||
  issue.some((one) => one?.severity !== 'warning' && one?.severity !== 'information');

/** Types that may ride along with a search for another type. */
const RIDES_ALONG = new Set(['Medication']);

const linkOf = (bundle: Bundle, relation: 'next' | 'self'): string | undefined => {
  const links: unknown = bundle.link;
  if (!Array.isArray(links)) return undefined;
  const url: unknown = links.find((link) => isObject(link) && link.relation === relation)?.url;
  return typeof url === 'string' ? url : undefined;
};

const isMatch = ({ search }: { readonly search?: unknown }): boolean => {
  const mode = isObject(search) ? search.mode : undefined;
  return mode === undefined || mode === 'match';
};

const totalOf = ({ total }: { readonly total?: unknown }): number =>
  typeof total === 'number' || typeof total === 'string' ? Number(total) || 0 : 0;

const fromBundle = (bundle: Bundle, type: InputType): ReadValue => {
  if (bundle.type !== undefined && bundle.type !== 'searchset' && bundle.type !== 'collection') {
    return failed('wrong-type');
  }
  const resources: FhirResource[] = [];
  const total = totalOf(bundle);
  let matches = 0;
  let isNone = true;
  for (const entry of Array.isArray(bundle.entry) ? bundle.entry : []) {
    const resource: unknown = isObject(entry) ? entry.resource : undefined;
    if (!isResource(resource)) continue;
    const isAsked = resource.resourceType === type;
    if (!isAsked && resource.resourceType === 'OperationOutcome') {
      if (isFatal(resource)) return failed('operation-outcome');
      continue;
    }
    if (isMatch(entry)) matches += 1;
    if (isAsked) isNone = false;
    if (isAsked || RIDES_ALONG.has(resource.resourceType)) resources.push(resource);
  }
  const [next, self] = [linkOf(bundle, 'next'), linkOf(bundle, 'self')];
  const links = { ...(next !== undefined && { next }), ...(self !== undefined && { self }) };
  if (isNone && next === undefined) {
    return {
      state: total > 0 ? 'failed' : 'none-recorded',
      resources,
      ...links,
      ...(total > 0 && { reason: 'total-without-entries' }),
    };
  }
  return { state: 'read', resources, ...links, matches, total };
};

/**
 * Reads one prefetch value or search answer. Nothing about it is trusted: HTML, arrays, other types and error
 * outcomes are failures, null is unknown, an empty searchset is none recorded.
 * @see https://cds-hooks.hl7.org/2.0/#prefetch-template, conformance DAT-6 to DAT-12
 */
export const readValue = (value: unknown, type: InputType): ReadValue => {
  if (value === undefined) return { state: 'unknown', reason: 'not-sent', resources: NONE };
  if (value === null) return { state: 'unknown', reason: 'null', resources: NONE };
  if (Array.isArray(value))
    return value.length === 1 ? readValue(value[0], type) : failed('wrong-type');
  if (!isObject(value)) return failed('wrong-type');
  if (!isResource(value)) {
    const isWrapper = 'resource' in value && 'response' in value;
    return isWrapper ? readValue(value.resource, type) : failed('wrong-type');
  }
  if (value.resourceType === 'OperationOutcome') {
    return isFatal(value)
      ? failed('operation-outcome')
      : { state: 'none-recorded', resources: NONE };
  }
  if (value.resourceType === type) return { state: 'read', resources: [value] };
  return value.resourceType === 'Bundle' && type !== 'Patient'
    ? fromBundle(value, type)
    : failed('wrong-type');
};
