// Files -> FHIR resources. Knows folders, JSON, NDJSON and gzip; must not know the store or HTTP.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { FhirResource } from 'fhir/r4.js';
import { ConfigInvalid } from '../errors.js';
import { bundleResources } from './bundle-resources.js';
import { isResource } from './json.js';
import { isLogicalId } from './store.js';

const fileName = /\.(json|ndjson)(\.gz)?$/i;

/**
 * Reads resources from a folder of Bundle files, one Bundle, or NDJSON of Bundles or resources, each also as `.gz`.
 * References by `urn:uuid` become `Type/id`. A folder is not searched below its own files.
 * @throws {ConfigInvalid} listing every fault with file and line
 */
export function loadFixtures(path: string): readonly FhirResource[] {
  const faults: string[] = [];
  const resources = new Map<string, { resource: FhirResource; where: string }>();
  for (const file of listFiles(path)) {
    for (const { where, value, fault } of readDocuments(file)) {
      const content = fault === undefined ? contentOf(value) : { resources: [], faults: [fault] };
      faults.push(...content.faults.map((text) => `${where}: ${text}`));
      for (const resource of content.resources) {
        const key = `${resource.resourceType}/${resource.id}`;
        const before = resources.get(key);
        if (!before) resources.set(key, { resource, where });
        else if (JSON.stringify(before.resource) !== JSON.stringify(resource)) {
          faults.push(`${where}: ${key} differs from the one in ${before.where}`);
        }
      }
    }
  }
  if (faults.length > 0) throw new ConfigInvalid(faults);
  return [...resources.values()].map(({ resource }) => resource);
}

function listFiles(path: string): readonly string[] {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats) throw new ConfigInvalid([`${path}: no such file or folder`]);
  if (!stats.isDirectory()) {
    if (fileName.test(path)) return [path];
    throw new ConfigInvalid([`${path}: not .json or .ndjson, with or without .gz`]);
  }
  const files = readdirSync(path)
    .filter((name) => fileName.test(name))
    .sort();
  if (files.length === 0) throw new ConfigInvalid([`${path}: holds no .json or .ndjson file`]);
  return files.map((name) => join(path, name));
}

interface Document {
  readonly where: string;
  readonly value?: unknown;
  readonly fault?: string;
}

function* readDocuments(file: string): Iterable<Document> {
  let text: string;
  try {
    const bytes = readFileSync(file);
    text = (/\.gz$/i.test(file) ? gunzipSync(bytes) : bytes)
      .toString('utf8')
      .replace(/^\uFEFF/, '');
  } catch (cause) {
    yield { where: file, fault: `cannot be read: ${messageOf(cause)}` };
    return;
  }
  if (!/\.ndjson(\.gz)?$/i.test(file)) {
    yield parseDocument(text, (position) => `${file}:${lineAt(text, position)}`);
    return;
  }
  for (const [i, line] of text.split('\n').entries()) {
    if (line.trim() !== '') yield parseDocument(line, () => `${file}:${i + 1}`);
  }
}

function parseDocument(text: string, where: (position: number) => string): Document {
  try {
    const value: unknown = JSON.parse(text);
    return { where: where(0), value };
  } catch (error) {
    const message = messageOf(error);
    const position = /position (\d+)/.exec(message)?.[1];
    // Without a position the text ended too early.
    return { where: where(position ? Number(position) : text.length), fault: 'is not JSON' };
  }
}

function contentOf(value: unknown): {
  resources: readonly FhirResource[];
  faults: readonly string[];
} {
  if (!isResource(value)) return { resources: [], faults: ['is not a FHIR resource'] };
  if (value.resourceType === 'Bundle') return bundleResources(value);
  if (isLogicalId(value.id)) return { resources: [value], faults: [] };
  return { resources: [], faults: [`${value.resourceType} has no valid id`] };
}

function lineAt(text: string, position: number): number {
  return text.slice(0, position).split('\n').length;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
