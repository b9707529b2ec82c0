// Batch and transaction upload. Knows Bundle entries and the store's prepare/apply; must not know Express.
import type { Bundle, BundleEntry, FhirResource } from 'fhir/r4.js';
import { isObject, isResource, own, ownText } from './json.js';
import { operationOutcome, Refusal } from './refusal.js';
import { rewriteReferences } from './rewrite-references.js';
import { searchParameters } from './search-parameters.js';
import { isLogicalId, type PreparedWrite, type Store } from './store.js';

/** What an upload needs from outside. */
export interface UploadDeps {
  readonly store: Store;
  readonly baseUrl: string;
  readonly newId: () => string;
  readonly now: () => Date;
}

interface PlannedEntry {
  readonly resource: FhirResource;
  readonly fullUrl: string | undefined;
  readonly target: string;
}

/**
 * Writes a Bundle: a transaction wholly or not at all, a batch entry by entry.
 * @throws {Refusal} when the body is no such Bundle or, in a transaction, when any entry cannot be written
 * @see https://hl7.org/fhir/R4/http.html#transaction
 */
export function uploadBundle(deps: UploadDeps, body: unknown): Bundle {
  const entries = isObject(body) ? (own(body, 'entry') ?? []) : undefined;
  if (!isObject(body) || own(body, 'resourceType') !== 'Bundle' || !Array.isArray(entries)) {
    throw new Refusal(400, 'invalid', 'The body is not a Bundle.');
  }
  const type = own(body, 'type');
  if (type !== 'transaction' && type !== 'batch') {
    throw new Refusal(400, 'invalid', 'Bundle.type is neither transaction nor batch.');
  }
  const entry = type === 'transaction' ? transact(deps, entries) : runBatch(deps, entries);
  return {
    resourceType: 'Bundle',
    type: `${type}-response`,
    ...(entry.length > 0 ? { entry } : {}),
  };
}

function transact(deps: UploadDeps, entries: readonly unknown[]): BundleEntry[] {
  const planned = entries.map((entry, i) => planEntry(deps, entry, i));
  const targets = new Map<string, string>();
  const written = new Set<string>();
  planned.forEach(({ fullUrl, target }, i) => {
    if (written.has(target)) throw atEntry(i, `${target} is written twice`);
    written.add(target);
    if (fullUrl === undefined) return;
    if (targets.has(fullUrl)) throw atEntry(i, `fullUrl ${fullUrl} is used twice`);
    targets.set(fullUrl, target);
  });
  // Everything is checked before anything is written: this is the rollback.
  const writes = planned.map((entry, i) => prepareEntry(deps, entry, targets, i));
  return writes.map((write) => answer(deps, write, deps.store.apply(write)));
}

function runBatch(deps: UploadDeps, entries: readonly unknown[]): BundleEntry[] {
  return entries.map((entry, i) => {
    try {
      const write = prepareEntry(deps, planEntry(deps, entry, i), new Map(), i);
      return answer(deps, write, deps.store.apply(write));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const outcome = operationOutcome(error.issueCode, error.message);
      return { response: { status: String(error.status), outcome } };
    }
  });
}

function planEntry({ newId }: UploadDeps, entry: unknown, i: number): PlannedEntry {
  const request = isObject(entry) ? own(entry, 'request') : undefined;
  if (!isObject(entry) || !isObject(request)) throw atEntry(i, 'it has no request');
  const method = own(request, 'method');
  if (method !== 'POST' && method !== 'PUT') {
    throw atEntry(i, 'only POST and PUT are supported', 405, 'not-supported');
  }
  const condition = ['ifMatch', 'ifNoneExist', 'ifNoneMatch', 'ifModifiedSince'].find((key) =>
    Object.hasOwn(request, key),
  );
  if (condition) throw atEntry(i, `${condition} is not supported`, 400, 'not-supported');
  const resource = own(entry, 'resource');
  if (!isResource(resource)) throw atEntry(i, 'it has no resource');
  const type = resource.resourceType;
  if (!searchParameters.has(type)) {
    throw atEntry(i, `resource type ${type} is not supported`, 404, 'not-supported');
  }
  const id = method === 'PUT' ? resource.id : newId();
  const url = method === 'PUT' ? `${type}/${id}` : type;
  if (!isLogicalId(id) || own(request, 'url') !== url) {
    throw atEntry(i, `request.url does not fit ${method} of this resource`);
  }
  return {
    resource: { ...resource, id },
    fullUrl: ownText(entry, 'fullUrl'),
    target: `${type}/${id}`,
  };
}

function prepareEntry(
  { store, now }: UploadDeps,
  { resource, target }: PlannedEntry,
  targets: ReadonlyMap<string, string>,
  i: number,
): PreparedWrite {
  if (/"reference":"[A-Za-z]+\?/.test(JSON.stringify(resource))) {
    throw atEntry(i, 'conditional references are not supported', 400, 'not-supported');
  }
  const prepared = store.prepare({
    ...rewriteReferences(resource, targets),
    meta: { ...resource.meta, lastUpdated: now().toISOString() },
  });
  if ('faults' in prepared) throw atEntry(i, `${target}: ${prepared.faults.join('; ')}`);
  return prepared;
}

function answer({ baseUrl, now }: UploadDeps, write: PreparedWrite, created: boolean): BundleEntry {
  const location = `${baseUrl}/${write.type}/${write.id}`;
  const status = created ? '201 Created' : '200 OK';
  return { response: { status, location, lastModified: now().toISOString() } };
}

function atEntry(
  i: number,
  message: string,
  status = 400,
  issueCode: Refusal['issueCode'] = 'invalid',
): Refusal {
  return new Refusal(status, issueCode, `Bundle.entry[${i}]: ${message}`);
}
