// A PostgreSQL server of its own for one suite: own folder, own port, loopback only. Must not be used outside tests.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where Debian and others put the server's programs. */
const binaryFolder = (): string | undefined => {
  const root = '/usr/lib/postgresql';
  const versions = existsSync(root) ? readdirSync(root).sort((a, b) => Number(b) - Number(a)) : [];
  const found = versions.map((version) => join(root, version, 'bin'));
  return found.find((folder) => existsSync(join(folder, 'initdb')));
};

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject).listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });

/** A running server. */
export interface PostgresServer {
  /** URL of a new, empty database. */
  readonly newDatabase: () => string;
  /** Kills the server without warning, as a power cut would. */
  readonly kill: () => Promise<void>;
  readonly start: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** True when the server's programs are on this machine. */
export const hasPostgres = (): boolean => binaryFolder() !== undefined;

/** Starts a server; it refuses to run as root, so root lends it to the user `postgres`. */
export const startPostgres = async (): Promise<PostgresServer> => {
  const bin = binaryFolder();
  if (bin === undefined) throw new Error('PostgreSQL is not installed');
  const folder = mkdtempSync(join(tmpdir(), 'pain-cds-postgres-'));
  const isRoot = process.getuid?.() === 0;
  const ids = isRoot
    ? ['-u', '-g'].map((flag) =>
        Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' })),
      )
    : undefined;
  const [uid, gid] = ids ?? [];
  if (uid !== undefined && gid !== undefined) chownSync(folder, uid, gid);
  const as = { cwd: folder, ...(uid !== undefined && { uid }), ...(gid !== undefined && { gid }) };
  const run = (program: string, args: readonly string[]) => {
    const { status, stderr } = spawnSync(join(bin, program), args, { ...as, encoding: 'utf8' });
    if (status !== 0) throw new Error(`${program}: ${stderr}`);
  };
  const data = join(folder, 'data');
  run('initdb', ['-D', data, '-U', 'pain', '-A', 'trust', '-E', 'UTF8', '--no-sync']);
  const port = await freePort();
  const admin = ['-h', '127.0.0.1', '-p', String(port), '-U', 'pain'];
  let server: ReturnType<typeof spawn> | undefined;
  let count = 0;
  const exited = (): Promise<void> =>
    new Promise((resolve) => {
      if (!server || server.exitCode !== null || server.signalCode !== null) resolve();
      else server.once('exit', () => resolve());
    });
  const start = async (): Promise<void> => {
    server = spawn(
      join(bin, 'postgres'),
      ['-D', data, '-h', '127.0.0.1', '-p', String(port), '-k', folder],
      { ...as, stdio: 'ignore' },
    );
    for (let attempt = 0; attempt < 200; attempt += 1) {
      if (spawnSync(join(bin, 'pg_isready'), admin.slice(0, 4)).status === 0) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error('PostgreSQL did not start');
  };
  await start();
  return {
    start,
    newDatabase: () => {
      count += 1;
      run('createdb', [...admin, `pain${count}`]);
      return `postgresql://pain@127.0.0.1:${port}/pain${count}`;
    },
    kill: async () => {
      server?.kill('SIGQUIT');
      await exited();
    },
    stop: async () => {
      server?.kill('SIGQUIT');
      await exited();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
