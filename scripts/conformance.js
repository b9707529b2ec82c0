// Prints which test shows which row of test/conformance/rows.yaml, with its result; fails on a row with neither test nor reason.
// Usage: node scripts/conformance.js [REPORT.json]   (a report of mocha's JSON reporter; without it the suite is run)
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

const root = fileURLToPath(new URL('..', import.meta.url));
const yaml = (name) => parse(readFileSync(join(root, 'test/conformance', name), 'utf8'));
const ID =
  /\b(?:(?:TRN|DIS|PFT|REQ|DAT|RES|CAR|SRC|SUG|LNK|OVR|SYS|FBK|SEC|COR|EXT|PER|SAF|DOC)-\d+|T\d+)\b/g;

const runSuite = () => {
  const file = join(mkdtempSync(join(tmpdir(), 'pain-cds-conformance-')), 'report.json');
  const { error } = spawnSync(
    process.execPath,
    [
      'node_modules/mocha/bin/mocha.js',
      'test/**/*.test.ts',
      '--reporter',
      'json',
      '--reporter-option',
      `output=${file}`,
    ],
    { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] },
  );
  if (error) throw error;
  return file;
};

/** Result of each test title, by the ids it names. */
const testsById = (report) => {
  const failed = new Set(report.failures.map(({ fullTitle }) => fullTitle));
  const pending = new Set(report.pending.map(({ fullTitle }) => fullTitle));
  const byId = new Map();
  for (const { fullTitle, file } of report.tests) {
    const result = failed.has(fullTitle) ? 'FAILED' : pending.has(fullTitle) ? 'skipped' : 'passed';
    for (const id of new Set(fullTitle.match(ID) ?? [])) {
      const known = byId.get(id) ?? [];
      known.push({ file: file.slice(file.indexOf('/test/') + 1), result });
      byId.set(id, known);
    }
  }
  return byId;
};

const count = (tests, result) => tests.filter((test) => test.result === result).length;

const line = (id, title, tests, reason) => {
  if (tests.length === 0)
    return `| ${id} | ${title} | ${reason === undefined ? '**nothing**' : `reason: ${reason}`} | - |`;
  const files = [...new Set(tests.map(({ file }) => file))].join(', ');
  const results = ['passed', 'FAILED', 'skipped']
    .map((result) => [count(tests, result), result])
    .filter(([number]) => number > 0)
    .map(([number, result]) => `${number} ${result}`)
    .join(', ');
  return `| ${id} | ${title} | ${files} | ${results} |`;
};

const report = JSON.parse(readFileSync(process.argv[2] ?? runSuite(), 'utf8'));
const [rows, reasons, byId] = [yaml('rows.yaml'), yaml('reasons.yaml'), testsById(report)];
const faults = [];
process.stdout.write('| id | what | tests | result |\n|---|---|---|---|\n');
for (const [id, title] of Object.entries(rows)) {
  const tests = byId.get(id) ?? [];
  if (tests.length === 0 && reasons[id] === undefined)
    faults.push(`${id}: neither test nor reason`);
  if (count(tests, 'FAILED') > 0) faults.push(`${id}: a test failed`);
  if (tests.length > 0 && count(tests, 'passed') === 0) faults.push(`${id}: no test ran`);
  process.stdout.write(`${line(id, title, tests, reasons[id])}\n`);
}
for (const id of Object.keys(reasons)) if (!(id in rows)) faults.push(`${id}: a reason for no row`);
const shown = Object.keys(rows).filter((id) => (byId.get(id) ?? []).length > 0).length;
process.stdout.write(
  `\n${Object.keys(rows).length} rows: ${shown} by tests, ${Object.keys(rows).length - shown} by reasons.\n`,
);
for (const id of Object.keys(reasons))
  if ((byId.get(id) ?? []).length > 0)
    process.stdout.write(`${id} has a test: its reason can go.\n`);
for (const fault of faults) process.stderr.write(`${fault}\n`);
process.exitCode = faults.length === 0 ? 0 : 1;
