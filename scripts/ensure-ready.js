// Makes a clone ready to run: installs what the lock file names and builds, each only when its stamp says so.
// Uses nothing but Node itself, because it runs before anything is installed.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const installStamp = join(root, 'node_modules', '.pain-cds-installed');
const buildStamp = join(root, 'dist', '.pain-cds-built');

const digest = (files) => {
  const hash = createHash('sha256').update(process.version.split('.')[0]);
  for (const file of files) hash.update(file).update(readFileSync(join(root, file)));
  return hash.digest('hex');
};

const filesBelow = (folder) =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(root.length + 1))
    .sort();

const isStamped = (stamp, value) => existsSync(stamp) && readFileSync(stamp, 'utf8') === value;

const run = (command, args, env = process.env) => {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 2, 2], env });
  if (status === 0) return;
  console.error(`${command} ${args.join(' ')} failed${error ? `: ${error.message}` : ''}`);
  process.exit(1);
};

/** Installs and, where asked, builds. Says on stderr what it does; silent when there is nothing to do. */
export const ensureReady = ({ build = false } = {}) => {
  const isClone = existsSync(join(root, 'src')) && existsSync(join(root, 'package-lock.json'));
  if (!isClone) return;
  const lock = digest(['package-lock.json']);
  if (!isStamped(installStamp, lock)) {
    console.error('pain-cds: installing dependencies (npm ci --include=dev)');
    run('npm', ['ci', '--include=dev', '--no-audit', '--no-fund'], {
      ...process.env,
      NODE_ENV: '',
    });
    writeFileSync(installStamp, lock);
  }
  if (!build) return;
  const sources = digest(['package-lock.json', 'tsconfig.json', ...filesBelow('src')]);
  if (!isStamped(buildStamp, sources)) {
    console.error('pain-cds: building (tsc)');
    run(process.execPath, [
      join(root, 'node_modules', 'typescript', 'bin', 'tsc'),
      '-p',
      'tsconfig.json',
    ]);
    mkdirSync(dirname(buildStamp), { recursive: true });
    writeFileSync(buildStamp, sources);
  }
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  ensureReady({ build: process.argv.includes('--build') });
}
