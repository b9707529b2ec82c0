// `pain-cds setup-sheet` as a process: exit codes, both forms, no secret.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { anEntry, registryText } from '../support/tokens.js';

describe('pain-cds setup-sheet', function () {
  this.timeout(60_000);
  this.slow(20_000);
  const folder = mkdtempSync(join(tmpdir(), 'setup-sheet-'));
  const clients = join(folder, 'clients.json');
  writeFileSync(clients, registryText(anEntry({ name: 'General Hospital' })), { mode: 0o600 });
  after(() => rmSync(folder, { recursive: true }));

  const run = (args: readonly string[], change: Record<string, string> = {}) => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ['--import', 'tsx', 'src/cli/main.ts', 'setup-sheet', ...args],
      {
        encoding: 'utf8',
        env: {
          ...process.env,
          PAIN_CDS_CLIENTS: clients,
          PAIN_CDS_BASE_URL: 'https://cds.test',
          DATABASE_URL: 'postgresql://pain:CANARY-SECRET@db.test/pain',
          ...change,
        },
      },
    );
    return { code: status, out: stdout, err: stderr };
  };

  it('prints JSON of a registered client and exits 0, without any secret', () => {
    const { code, out, err } = run(['--client', 'hospital', '--json']);

    assert.equal(err, '');
    assert.equal(code, 0);
    const sheet = JSON.parse(out);
    assert.equal(sheet.client.name, 'General Hospital');
    assert.equal(sheet.discovery.needsToken, true);
    assert.equal(sheet.services[0].url, 'https://cds.test/cds-services/pain-patient-view');
    assert.ok(!out.includes('CANARY-SECRET'));
  });

  it('prints Markdown and exits 0', () => {
    const { code, out } = run(['--client', 'hospital']);

    assert.equal(code, 0);
    assert.match(out, /^# pain-cds, setup sheet for General Hospital\n/);
    assert.ok(!out.includes('CANARY-SECRET'));
  });

  it('exits 1 for a client that is not registered', () => {
    const { code, out, err } = run(['--client', 'nobody']);

    assert.equal(code, 1);
    assert.equal(out, '');
    assert.match(err, /No client of this id/);
  });

  it('exits 1 naming the fault of a faulty registry, not its values', () => {
    writeFileSync(join(folder, 'faulty.json'), '{"clients": [{"id": "CANARY-VALUE"}]}', {
      mode: 0o600,
    });
    const { code, err } = run(['--client', 'x'], {
      PAIN_CDS_CLIENTS: join(folder, 'faulty.json'),
    });

    assert.equal(code, 1);
    assert.match(err, /\/clients\/0/);
    assert.ok(!err.includes('CANARY-VALUE'));
  });

  it('exits 2 without --client', () => {
    const { code, err } = run([]);

    assert.equal(code, 2);
    assert.match(err, /--client/);
  });
});
