// The closed lists of cards/ against what uses them: a source nothing cites and a trait no rule names have no place.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { CARDS } from '../support/app.js';

const read = (file: string): unknown => parse(readFileSync(join(CARDS, file), 'utf8'));

/** What stands under a key, at any depth. */
const under = (key: string, value: unknown): unknown[] =>
  typeof value !== 'object' || value === null
    ? []
    : Object.entries(value).flatMap(([name, item]) =>
        name === key ? [item].flat() : under(key, item),
      );

const documents = readdirSync(CARDS, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.yaml') && file !== 'sources.yaml')
  .map((file) => ({ file, document: read(file) }));

describe('the closed lists of cards/', () => {
  it('hold no source that nothing cites', () => {
    const cited = new Set(documents.flatMap(({ document }) => under('sources', document)));
    const notes = documents.flatMap(({ document }) => under('note', document)).join('\n');
    const keys = under('key', read('sources.yaml'));

    assert.ok(keys.length > 100);
    assert.deepEqual(
      keys.filter((key) => !cited.has(key) && !notes.includes(String(key))),
      [],
    );
  });

  it('hold no trait that no rule names', () => {
    const named = new Set(
      documents
        .filter(({ file }) => file.startsWith('safety'))
        .flatMap(({ document }) => under('appliesTo', document))
        .flatMap((appliesTo) => under('traits', appliesTo)),
    );
    const traits = new Set(under('traits', read('treatments.yaml')));

    assert.ok(traits.size > 10);
    assert.deepEqual(
      [...traits].filter((trait) => !named.has(trait)),
      [],
    );
  });
});
