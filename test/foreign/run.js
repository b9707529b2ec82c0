// Runs a foreign CDS client against this server: installs it and its own Node into a temporary folder, starts the server, lets it call.
// Not part of `npm test`: it needs the package registry. Exits with the client's exit code; never runs longer than three minutes.
import { spawn, spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PACKAGES = ['node@22', '@medplum/core@5'];
const INSTALL_MS = 90_000;
const START_MS = 45_000;
const CLIENT_MS = 40_000;

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'pain-cds-foreign-'));

const freePort = () =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

const untilReady = async (base) => {
  const until = Date.now() + START_MS;
  while (Date.now() < until) {
    const isReady = await fetch(`${base}/health/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isReady) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error('the server is not ready in time');
};

const install = () => {
  writeFileSync(join(folder, 'package.json'), '{"private":true,"type":"module"}');
  const { status } = spawnSync('npm', ['install', '--no-audit', '--no-fund', ...PACKAGES], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
    timeout: INSTALL_MS,
  });
  if (status !== 0) throw new Error(`npm install ${PACKAGES.join(' ')} failed`);
};

const main = async () => {
  install();
  const port = await freePort();
  const server = spawn(process.execPath, ['bin/pain-cds.js', 'serve'], {
    cwd: root,
    env: { ...process.env, PORT: String(port), DATABASE_URL: 'memory:', LOG_LEVEL: 'error' },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  try {
    const base = `http://127.0.0.1:${port}`;
    await untilReady(base);
    // Beside the installed package, which is looked for from where the file lies.
    copyFileSync(new URL('medplum-client.mjs', import.meta.url), join(folder, 'client.mjs'));
    const node = join(folder, 'node_modules', '.bin', 'node');
    const { status } = spawnSync(node, ['client.mjs', base], {
      cwd: folder,
      stdio: ['ignore', 'inherit', 'inherit'],
      timeout: CLIENT_MS,
    });
    return status ?? 1;
  } finally {
    server.kill();
  }
};

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${error.message}\n0 passed, 1 failed\n`);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
