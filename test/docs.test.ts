// The documentation as far as it can be run: the registry of docs/integration.md is one.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { parseClients } from '../src/auth/parse-clients.js';

const read = (path: string): string => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');

describe('docs/integration.md', () => {
  it('shows a client registry that can be used, and explains all its fields', () => {
    const text = read('docs/integration.md');
    const [, example = ''] = /```json\n(\{\n {2}"clients"[\s\S]*?)```/.exec(text) ?? [];

    const [client] = parseClients(example);

    assert.equal(client?.id, 'general-hospital');
    for (const field of Object.keys(JSON.parse(example).clients[0]))
      if (field !== 'name') assert.ok(text.includes(`\`${field}\``), field);
  });
});

describe('cards/README.md', () => {
  it('says what each file and folder holds', () => {
    const rows =
      read('cards/README.md')
        .match(/^\|.*$/gm)
        ?.join('\n') ?? '';

    assert.deepEqual(
      readdirSync(new URL('../cards', import.meta.url)).filter(
        (name) => name !== 'README.md' && !rows.includes(`\`${name}`),
      ),
      [],
    );
  });
});

describe('DECISIONS.md', () => {
  const text = read('DECISIONS.md');

  it('stands newest first', () => {
    const dates = [...text.matchAll(/^## (\d{4}-\d\d-\d\d) /gm)].map(([, date = '']) => date);

    assert.ok(dates.length > 10);
    assert.deepEqual(dates, dates.toSorted().reverse());
  });

  it('names every package the service runs on', () => {
    const [, dependencies = ''] = text.split('\n## Dependencies\n');

    assert.deepEqual(
      Object.keys(JSON.parse(read('package.json')).dependencies).filter(
        (name) => !new RegExp(`\\b${name}\\b`).test(dependencies),
      ),
      [],
    );
  });
});

describe('SECURITY.md', () => {
  it('names tests that are there', () => {
    const paths = [...read('SECURITY.md').matchAll(/`(test\/[^`]+)`/g)].map(
      ([, path = '']) => path,
    );

    assert.ok(paths.length > 5);
    assert.deepEqual(
      paths.filter((path) => !existsSync(new URL(`../${path}`, import.meta.url))),
      [],
    );
  });
});
