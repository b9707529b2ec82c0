// Recognition of the medicines of the 98 Synthea patients. The data set is not part of the project: read where it is there.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import type { MedicationRequest } from 'fhir/r4.js';
import { realKnowledge } from '../support/findings.js';

const DATA = fileURLToPath(
  new URL('../../../shared/data/synthea-r4-98.ndjson.gz', import.meta.url),
);
/** Share of orders that must be recognised in full; the rest would be said on every card. */
const LEAST_SHARE = 0.99;

const orders = (): MedicationRequest[] =>
  gunzipSync(readFileSync(DATA))
    .toString('utf8')
    .split('\n')
    .filter((line) => line.includes('"MedicationRequest"'))
    .map((line) => JSON.parse(line))
    .flatMap((read) =>
      read.resourceType === 'Bundle'
        ? read.entry.map(({ resource }: { resource: unknown }) => resource)
        : [read],
    )
    .filter(({ resourceType }) => resourceType === 'MedicationRequest');

describe('the medicines of the 98 Synthea patients of ../shared/data', function () {
  this.timeout(60_000);

  it('are recognised', function () {
    if (!existsSync(DATA) && process.env.CI === undefined) this.skip();
    const { findMedicine } = realKnowledge().extraction.vocabulary;
    const unknown = new Map<string, number>();
    const all = orders();
    for (const { medicationCodeableConcept: concept } of all) {
      const medicine = findMedicine(concept?.coding, concept?.text);
      const name = concept?.text ?? '';
      if (!medicine || medicine.isPartial) unknown.set(name, (unknown.get(name) ?? 0) + 1);
    }
    const missed = [...unknown.values()].reduce((sum, count) => sum + count, 0);
    assert.ok(all.length > 2000);
    assert.ok(1 - missed / all.length >= LEAST_SHARE, [...unknown.keys()].slice(0, 20).join('; '));
  });
});
