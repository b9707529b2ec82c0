// Resources in memory with a write-time index. Knows identity and postings; must not know HTTP or query syntax.
import type { FhirResource } from 'fhir/r4.js';
import { type IndexedValues, indexResource } from './index-resource.js';
import { searchParameters } from './search-parameters.js';

/** One stored resource with its searchable values; `sequence` is the order it was first written in. */
export interface Entry {
  readonly resource: FhirResource;
  readonly sequence: number;
  readonly values: IndexedValues;
}

/** A checked write: applying it cannot fail, which is what makes a transaction all or nothing. */
export interface PreparedWrite {
  readonly type: string;
  readonly id: string;
  readonly resource: FhirResource;
  readonly values: IndexedValues;
}

/** The sandbox's memory. */
export interface Store {
  /** Checks and indexes a resource without writing it. @returns the faults when it cannot be stored */
  readonly prepare: (
    resource: FhirResource,
  ) => PreparedWrite | { readonly faults: readonly string[] };
  /** Writes; `true` when the resource is new. */
  readonly apply: (write: PreparedWrite) => boolean;
  readonly find: (type: string, id: string) => Entry | undefined;
  /** Every entry of a type. */
  readonly all: (type: string) => Iterable<Entry>;
  /** The entries that carry a token or reference key of a parameter. */
  readonly posting: (type: string, parameter: string, key: string) => ReadonlySet<Entry>;
}

interface TypeTable {
  readonly byId: Map<string, Entry>;
  readonly postings: Map<string, Set<Entry>>;
}

const idPattern = /^[A-Za-z0-9.-]{1,64}$/;
const nobody: ReadonlySet<Entry> = new Set();

/** Says whether text is a FHIR logical id. @see https://hl7.org/fhir/R4/datatypes.html#id */
export function isLogicalId(text: unknown): text is string {
  return typeof text === 'string' && idPattern.test(text);
}

/** Creates an empty store for the types of the parameter table. */
export function createStore(baseUrl: () => string): Store {
  const tables = new Map<string, TypeTable>(
    [...searchParameters.keys()].map((type) => [type, { byId: new Map(), postings: new Map() }]),
  );
  let sequence = 0;

  function prepare(resource: FhirResource): PreparedWrite | { faults: readonly string[] } {
    const { resourceType: type, id } = resource;
    if (!tables.has(type)) return { faults: [`resource type ${type} is not supported`] };
    if (!isLogicalId(id)) return { faults: [`${type} has no valid id`] };
    const { values, faults } = indexResource(resource, baseUrl());
    if (faults.length > 0) return { faults: faults.map((fault) => `${type}/${id}: ${fault}`) };
    return { type, id, resource, values };
  }

  function apply({ type, id, resource, values }: PreparedWrite): boolean {
    const table = tables.get(type);
    if (!table) return false;
    const before = table.byId.get(id);
    if (before) for (const key of postingKeys(before)) table.postings.get(key)?.delete(before);
    const entry: Entry = { resource, values, sequence: before?.sequence ?? sequence++ };
    table.byId.set(id, entry);
    for (const key of postingKeys(entry)) {
      const posting = table.postings.get(key);
      if (posting) posting.add(entry);
      else table.postings.set(key, new Set([entry]));
    }
    return before === undefined;
  }

  return {
    prepare,
    apply,
    find: (type, id) => tables.get(type)?.byId.get(id),
    all: (type) => tables.get(type)?.byId.values() ?? [],
    posting: (type, parameter, key) =>
      tables.get(type)?.postings.get(`${parameter} ${key}`) ?? nobody,
  };
}

function* postingKeys(entry: Entry): Iterable<string> {
  for (const [parameter, keys] of entry.values.keys) {
    for (const key of keys) yield `${parameter} ${key}`;
  }
}
