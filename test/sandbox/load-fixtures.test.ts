import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { ConfigInvalid } from '../../src/errors.js';
import { createSandbox } from '../../src/sandbox/create-sandbox.js';
import { loadFixtures } from '../../src/sandbox/load-fixtures.js';
import { baseUrl } from './sandbox-app.js';

const bundle = (n: number) => ({
  resourceType: 'Bundle',
  type: 'transaction',
  entry: [
    { fullUrl: `urn:uuid:p${n}`, resource: { resourceType: 'Patient' } },
    {
      fullUrl: `urn:uuid:x${n}`,
      resource: {
        resourceType: 'Condition',
        id: `c${n}`,
        subject: { reference: `urn:uuid:p${n}` },
        asserter: { reference: 'urn:uuid:elsewhere' },
      },
    },
  ],
});

describe('loadFixtures', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'pain-cds-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const write = (name: string, content: string | Buffer) => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  const names = (path: string) => loadFixtures(path).map((r) => `${r.resourceType}/${r.id}`);
  const faultsOf = (path: string) => {
    try {
      loadFixtures(path);
    } catch (error) {
      if (error instanceof ConfigInvalid) return error.faults.map((f) => f.replace(folder, ''));
    }
    return assert.fail('nothing was refused');
  };

  it('reads a Bundle, takes ids from fullUrl and rewrites its references only', () => {
    const [patient, condition] = loadFixtures(write('a.json', JSON.stringify(bundle(1))));

    assert.equal(patient?.id, 'p1');
    assert.deepEqual(condition, {
      resourceType: 'Condition',
      id: 'c1',
      subject: { reference: 'Patient/p1' },
      asserter: { reference: 'urn:uuid:elsewhere' },
    });
  });

  it('reads NDJSON of Bundles and of resources, with empty lines and CRLF', () => {
    const resource = { resourceType: 'Patient', id: 'q' };
    const lines = [bundle(1), bundle(2), resource].map((item) => JSON.stringify(item));

    assert.deepEqual(names(write('a.ndjson', `${lines.join('\r\n\r\n')}\r\n`)), [
      'Patient/p1',
      'Condition/c1',
      'Patient/p2',
      'Condition/c2',
      'Patient/q',
    ]);
  });

  it('reads every file of a folder in order of name, gzip too, and leaves others alone', () => {
    write('b.json.gz', gzipSync(JSON.stringify(bundle(2))));
    write('a.ndjson.gz', gzipSync(JSON.stringify(bundle(1))));
    write('README.md', '# not data');

    assert.deepEqual(names(folder), ['Patient/p1', 'Condition/c1', 'Patient/p2', 'Condition/c2']);
  });

  it('keeps one of two equal resources and refuses two that differ', () => {
    write('a.json', '{"resourceType":"Patient","id":"x"}');
    write('b.json', '{"resourceType":"Patient","id":"x"}');
    assert.deepEqual(names(folder), ['Patient/x']);

    write('c.json', '{"resourceType":"Patient","id":"x","gender":"male"}');
    assert.deepEqual(faultsOf(folder), [
      `/c.json:1: Patient/x differs from the one in ${join(folder, 'a.json')}:1`,
    ]);
  });

  it('names file and line of every fault', () => {
    write('a.json', '{\n "resourceType": "Bundle",\n oops\n}');
    write('b.ndjson', '{"resourceType":"Patient","id":"x"}\n{"resourceType":"Patient"}\n[]\n{');
    write('c.json.gz', 'not gzip');
    write('d.json', '{"resourceType":"Bundle","entry":[{"fullUrl":"urn:uuid:1"}]}');

    const faults = faultsOf(folder);

    assert.deepEqual(faults.slice(0, 4), [
      '/a.json:3: is not JSON',
      '/b.ndjson:2: Patient has no valid id',
      '/b.ndjson:3: is not a FHIR resource',
      '/b.ndjson:4: is not JSON',
    ]);
    assert.match(faults[4] ?? '', /^\/c\.json\.gz: cannot be read/);
    assert.equal(faults[5], '/d.json:1: Bundle.entry[0] has no resource with an id');
  });

  it('refuses a missing path, an empty folder and another kind of file', () => {
    assert.match(faultsOf(join(folder, 'none'))[0] ?? '', /no such file/);
    assert.match(faultsOf(folder)[0] ?? '', /holds no/);
    assert.match(faultsOf(write('a.txt', 'x'))[0] ?? '', /not \.json/);
  });
});

describe('createSandbox', () => {
  it('counts what it loads and what it has no type for', () => {
    const { loaded, ignored } = createSandbox({
      baseUrl,
      load: [
        { resourceType: 'Patient', id: 'a' },
        { resourceType: 'Basic', id: 'b', code: {} },
      ],
    });

    assert.deepEqual([...loaded], [['Patient', 1]]);
    assert.deepEqual([...ignored], [['Basic', 1]]);
  });

  it('refuses data it cannot index, naming the resource', () => {
    const load = [{ resourceType: 'Patient' as const, id: 'a', birthDate: 'May' }];

    assert.throws(() => createSandbox({ baseUrl, load }), /Patient\/a: birthDate is not a date/);
  });
});
