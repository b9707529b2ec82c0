// cards/canaries -> patients whose answer is known. Must not evaluate them.
import type { FhirResource } from 'fhir/r4.js';
import type { Canary, CanaryExpectation } from '../cds/canary.js';
import { openKnowledgeFiles } from './knowledge-files.js';
import { createDocumentReader } from './read-documents.js';

interface CanaryDocument {
  readonly now: string;
  readonly resources: readonly FhirResource[];
  readonly expect: CanaryExpectation;
}

/** The canary patients of a knowledge folder. @throws {KnowledgeInvalid} */
export const loadCanaries = (folder: string): readonly Canary[] => {
  const files = openKnowledgeFiles(folder);
  const read = createDocumentReader(files);
  return files.list('canaries', '.yaml').map((name) => {
    const { now, resources, expect } = read<CanaryDocument>(name).document;
    const id = name.slice('canaries/'.length, -'.yaml'.length);
    return { id, now: new Date(now), resources, expected: expect };
  });
};
