import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { fixture, fixtureBundle, NOW } from './chart-files.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

const run = (
  args: readonly string[],
  input?: string | Buffer,
  change: Readonly<Record<string, string>> = {},
) => {
  const { EVALUATION_TIME: _, ...env } = process.env;
  const options = {
    cwd: ROOT,
    env: { ...env, ...change },
    encoding: 'utf8',
    ...(input !== undefined && { input }),
  } as const;
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', 'tsx', 'src/cli/main.ts', ...args],
    options,
  );
  return { code: status, out: stdout, err: stderr };
};

describe('pain-cds on the command line', function () {
  this.timeout(60_000);
  this.slow(20_000);

  it('evaluates a file at the time given by --now and exits 0', () => {
    const { code, out, err } = run([
      'evaluate',
      '--now',
      NOW,
      '--json',
      fixture('trigeminal-neuralgia'),
    ]);

    assert.equal(err, '');
    assert.equal(code, 0);
    assert.equal(JSON.parse(out).evaluatedAt, '2026-11-22T10:00:00.000Z');
  });

  it('reads a gzipped Bundle from standard input', () => {
    const { code, out } = run(
      ['evaluate', '--now', NOW, '-'],
      gzipSync(JSON.stringify(fixtureBundle('migraine'))),
    );

    assert.equal(code, 0);
    assert.match(out, /^Patient migraine,/);
  });

  const container = {
    PAIN_CDS_MODE: 'production',
    PAIN_CDS_CLIENTS: 'clients.json',
    HOST: '0.0.0.0',
    DATABASE_URL: 'memory:',
  };
  for (const [args, code, said] of [
    [['evaluate', '--now', NOW, '--summary', fixture('migraine')], 0, /^$/],
    [['audit'], 0, /^0 events, unbroken\n$/],
    [['feedback'], 0, /^$/],
    [['replay', 'nothing'], 1, /^There is no evaluation with this id\.\n$/],
  ] as const)
    it(`${args[0]} works in the environment of a production server`, () => {
      const done = run(args, undefined, container);

      assert.match(done.err, said);
      assert.equal(done.code, code);
    });

  it('exits 1 naming a file that is not there', () => {
    const { code, out, err } = run(['evaluate', 'no-such-file.json']);

    assert.equal(code, 1);
    assert.equal(out, '');
    assert.match(err, /^no-such-file\.json: ENOENT\n$/);
  });

  it('exits 1 when --now is no instant', () => {
    const { code, err } = run(['evaluate', '--now', 'yesterday', fixture('migraine')]);

    assert.equal(code, 1);
    assert.match(err, /ISO instant/);
    assert.ok(!err.includes('    at '));
  });

  for (const args of [
    ['evaluate'],
    ['evaluate', '--no-such-option', 'x.json'],
    ['no-such-command'],
  ]) {
    it(`exits 2 on wrong usage: ${args.join(' ')}`, () => {
      const { code, out, err } = run(args);

      assert.equal(code, 2);
      assert.equal(out, '');
      assert.match(err, /error: /);
    });
  }
});
