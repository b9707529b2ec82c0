// Runs the coverage script on the whole code list where it is at hand, and on a small list everywhere.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const LISTS = [
  '../shared/data/icd10cm-2021.tsv.gz',
  '../../shared/data/icd10cm-2021.tsv.gz',
  process.env.PAIN_CDS_ICD10CM_LIST ?? '',
];

const run = (list: string): { readonly status: number | null; readonly text: string } => {
  const { status, stdout, stderr } = spawnSync('node', ['scripts/code-coverage.js', list], {
    encoding: 'utf8',
  });
  return { status, text: `${stdout}${stderr}` };
};

describe('the coverage of ICD-10-CM', () => {
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'coverage-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  const runRows = (rows: readonly string[]): { status: number | null; text: string } => {
    const path = join(folder, 'list.tsv');
    writeFileSync(path, `${['code\tbillable\tdescription', ...rows].join('\n')}\n`);
    return run(path);
  };

  it('is at least 97 % of the whole list', function () {
    this.timeout(60_000);
    const list = LISTS.find((path) => path !== '' && existsSync(path));
    if (list === undefined && process.env.CI === undefined) this.skip();
    assert.ok(list, 'the whole list is not at hand');
    const { status, text } = run(list);
    assert.match(text, /total +62999 /);
    assert.equal(status, 0, text);
  });

  it('fails for a relevant code in no set', () => {
    const { status, text } = runRows(['M54.5\t1\tLow back pain', 'K99.1\t1\tPain of a new kind']);
    assert.equal(status, 1);
    assert.match(text, /not covered \(in no set\): K99\.1/);
  });

  it('fails for a relevant code without a place', () => {
    const { status, text } = runRows(['M25.5Z\t1\tPain in joint of the new region']);
    assert.equal(status, 1);
    assert.match(text, /not covered \(no place\): M25\.5Z/);
  });

  it('counts what is left out apart, with the prefixes that stay in', () => {
    const { status, text } = runRows([
      'I25.10\t1\tAtherosclerotic heart disease without angina pectoris',
      'I25.110\t1\tAtherosclerotic heart disease with unstable angina pectoris',
      'B51.0\t1\tPlasmodium vivax malaria',
      'C91.01\t1\tAcute lymphoblastic leukemia, in remission',
      'K80.2\t0\tHeader',
    ]);
    assert.equal(status, 0);
    assert.match(text, /total +4 +3 +1 +1 +1 +0 +1 +100\.0 %/);
  });

  it('asks for a list', () => {
    assert.equal(spawnSync('node', ['scripts/code-coverage.js']).status, 2);
  });
});
