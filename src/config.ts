// Environment -> frozen Config; the only reader of process.env. Must not start anything.
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ConfigInvalid } from './errors.js';
import { isLoopbackHost } from './net/address-policy.js';

/** Certificate and key of the listener, PEM. */
export interface Tls {
  readonly cert: Buffer;
  readonly key: Buffer;
  /** Authorities of client certificates; given, every client needs one (mutual TLS). */
  readonly clientCa: Buffer | undefined;
}

/** How this process runs. Durations in milliseconds, sizes in bytes. */
export interface Config {
  readonly mode: 'demo' | 'production';
  readonly host: string;
  readonly port: number;
  readonly baseUrl: string;
  readonly cardsFolder: string;
  /** A site's own folder: what it decides stands in its `site.yaml`. */
  readonly siteFolder: string | undefined;
  /** Tag of the language of cards where a call asks for none. */
  readonly language: string;
  /** What the sandbox holds: our fixtures, or what the operator names. */
  readonly fixtures: string;
  /** Fixes the clock for demos, tests and replays; undefined means the real time. */
  readonly evaluationTime: Date | undefined;
  readonly logLevel: string;
  readonly logFile: string | undefined;
  readonly bodyLimitBytes: number;
  /** For all reads of a call that was sent every prefetch key. */
  readonly prefetchBudgetMs: number;
  /** For all reads of a call that was not. */
  readonly readBudgetMs: number;
  readonly readTimeoutMs: number;
  /** The registry of clients; production mode only. */
  readonly clientsFile: string | undefined;
  /** Where evaluations, feedback and used tokens are kept: `memory:`, `file:PATH`, `postgresql://...`, or `none:`. */
  readonly databaseUrl: string;
  /** Key of the hashes that stand for patients in the store; created in demo mode. */
  readonly hashKeyFile: string | undefined;
  /** Whether what a re-run of an evaluation needs is kept. */
  readonly keepsSnapshots: boolean;
  /** Evaluations and feedback older than this are deleted. */
  readonly retentionDays: number;
  readonly isDiscoveryOpen: boolean;
  readonly tls: Tls | undefined;
  /** Mean event loop delay that counts as overload; 0 for never. */
  readonly longestLoopDelayMs: number;
  /** From the stop signal to closing the listener: balancers see that the process is not ready. */
  readonly stopDelayMs: number;
  /** Port of the listener of `/metrics`; 0 for none. Demo mode shows them on its one port. */
  readonly metricsPort: number;
}

const ROOT = new URL('..', import.meta.url);

/** The moment our own fixtures are written for. */
const FIXTURE_TIME = '2026-11-22T10:00:00Z';
const DEFAULT_BODY_LIMIT = 10 * 1024 * 1024;
const LEVELS = new Set(['silent', 'fatal', 'error', 'warn', 'info', 'debug']);

interface WholeNumber {
  readonly fallback: number;
  readonly least: number;
  readonly most: number;
}

const PORT: WholeNumber = { fallback: 3000, least: 0, most: 65_535 };
const BODY_LIMIT: WholeNumber = {
  fallback: DEFAULT_BODY_LIMIT,
  least: 1024,
  most: 100 * 1024 * 1024,
};
/** A call must end within the 5 s that clients grant at most. */
const READ_BUDGET: WholeNumber = { fallback: 2000, least: 1, most: 4500 };
const PREFETCH_BUDGET: WholeNumber = { fallback: 450, least: 1, most: 4500 };
const READ_TIMEOUT: WholeNumber = { fallback: 800, least: 1, most: 4500 };
const LOOP_DELAY: WholeNumber = { fallback: 100, least: 0, most: 10_000 };
const RETENTION: WholeNumber = { fallback: 400, least: 1, most: 36_500 };
const METRICS_PORT: WholeNumber = { fallback: 0, least: 0, most: 65_535 };
const STOP_DELAY: WholeNumber = { fallback: 1000, least: 0, most: 5000 };

const wholeNumber = (
  name: string,
  text: string | undefined,
  { fallback, least, most }: WholeNumber,
  faults: string[],
): number => {
  if (text === undefined || text === '') return fallback;
  const value = Number(text);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  faults.push(`${name} must be a whole number from ${least} to ${most}`);
  return fallback;
};

const instant = (text: string | undefined, faults: string[]): Date | undefined => {
  if (text === undefined || text === '') return undefined;
  const ms = Date.parse(text);
  if (/^\d{4}-\d\d-\d\dT.*(Z|[+-]\d\d:\d\d)$/.test(text) && !Number.isNaN(ms)) return new Date(ms);
  faults.push(
    'EVALUATION_TIME must be an ISO instant with a zone, for example 2026-11-22T10:00:00Z',
  );
  return undefined;
};

const absoluteUrl = (text: string, faults: string[]): string => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.search || url.hash || url.username) {
    faults.push('PAIN_CDS_BASE_URL must be an absolute http(s) URL without query');
  }
  return text.replace(/\/+$/, '');
};

const file = (name: string, path: string | undefined, faults: string[]): Buffer | undefined => {
  if (path === undefined || path === '') return undefined;
  try {
    return readFileSync(path);
  } catch {
    faults.push(`${name} names no file that can be read`);
    return undefined;
  }
};

const readTls = (env: NodeJS.ProcessEnv, faults: string[]): Tls | undefined => {
  const cert = file('PAIN_CDS_TLS_CERT', env.PAIN_CDS_TLS_CERT, faults);
  const key = file('PAIN_CDS_TLS_KEY', env.PAIN_CDS_TLS_KEY, faults);
  const clientCa = file('PAIN_CDS_TLS_CLIENT_CA', env.PAIN_CDS_TLS_CLIENT_CA, faults);
  if (cert && key) return { cert, key, clientCa };
  if (env.PAIN_CDS_TLS_CERT || env.PAIN_CDS_TLS_KEY || env.PAIN_CDS_TLS_CLIENT_CA)
    faults.push('PAIN_CDS_TLS_CERT and PAIN_CDS_TLS_KEY are both needed for TLS');
  return undefined;
};

/** The releases of `engines`: the first of each line without the holes of March 2026 (T28: colliding keys, and others). */
const patchedReleases = (): readonly (readonly number[])[] => {
  const { engines } = JSON.parse(readFileSync(new URL('package.json', ROOT), 'utf8')) as {
    readonly engines: { readonly node: string };
  };
  return engines.node.split('||').map((range) =>
    range
      .replace(/[^\d.]/g, '')
      .split('.')
      .map(Number),
  );
};

/** Whether a release of Node is as new as the patched one of its line, or of a line after all of them. */
export const isPatched = (version: string): boolean => {
  const [major = 0, minor = 0, patch = 0] = version.replace(/^v/, '').split('.').map(Number);
  const lines = patchedReleases();
  const line = lines.find(([own]) => own === major);
  if (!line) return lines.every(([own = 0]) => own < major);
  const [, leastMinor = 0, leastPatch = 0] = line;
  return minor > leastMinor || (minor === leastMinor && patch >= leastPatch);
};

/** What production mode must have, and what it must not: it never starts open. */
const checkProduction = (env: NodeJS.ProcessEnv, faults: string[]): void => {
  if (!isPatched(process.version))
    faults.push('this release of Node has known holes: use one that package.json names');
  if (env.EVALUATION_TIME) faults.push('EVALUATION_TIME is refused in production');
  if (env.PAIN_CDS_FIXTURES) faults.push('PAIN_CDS_FIXTURES is for demo mode: no sandbox here');
  if (!env.PAIN_CDS_CLIENTS)
    faults.push('PAIN_CDS_CLIENTS is required in production: the file of registered clients');
  const base = env.PAIN_CDS_BASE_URL ?? '';
  if (base === '') faults.push('PAIN_CDS_BASE_URL is required in production');
  else if (
    URL.canParse(base) &&
    new URL(base).protocol !== 'https:' &&
    !isLoopbackHost(new URL(base).hostname)
  )
    faults.push('PAIN_CDS_BASE_URL must be https in production');
  if (!env.PAIN_CDS_HASH_KEY_FILE)
    faults.push('PAIN_CDS_HASH_KEY_FILE is required in production: at least 32 random bytes');
  if (!/^(file:.|postgres(ql)?:\/\/.)/.test(env.DATABASE_URL ?? ''))
    faults.push('DATABASE_URL must be file:PATH or postgresql://... in production');
};

const checkDemo = (env: NodeJS.ProcessEnv, host: string, faults: string[]): void => {
  if (!isLoopbackHost(host)) faults.push('HOST must be a loopback address in demo mode');
  if (env.PAIN_CDS_CLIENTS)
    faults.push('PAIN_CDS_CLIENTS needs PAIN_CDS_MODE=production: demo mode authenticates nobody');
};

/**
 * Reads the configuration.
 * @throws {ConfigInvalid} with every fault; names keys, never values
 */
export const readConfig = (env: NodeJS.ProcessEnv): Config => {
  const faults: string[] = [];
  const mode = env.PAIN_CDS_MODE === 'production' ? 'production' : 'demo';
  if (!['', 'demo', 'production'].includes(env.PAIN_CDS_MODE ?? ''))
    faults.push('PAIN_CDS_MODE must be demo or production');
  const isDemo = mode === 'demo';
  const host = env.HOST || '127.0.0.1';
  if (isDemo) checkDemo(env, host, faults);
  else checkProduction(env, faults);
  const number = (name: string, bounds: WholeNumber): number =>
    wholeNumber(name, env[name], bounds, faults);
  const port = number('PORT', PORT);
  const ownFixtures = fileURLToPath(new URL('fhir-fixtures/patients', ROOT));
  const fixtures = env.PAIN_CDS_FIXTURES || ownFixtures;
  if (isDemo && !existsSync(fixtures)) faults.push('PAIN_CDS_FIXTURES names nothing that exists');
  if (env.PAIN_CDS_SITE && !existsSync(env.PAIN_CDS_SITE))
    faults.push('PAIN_CDS_SITE names nothing that exists');
  const logLevel = env.LOG_LEVEL || 'info';
  if (!LEVELS.has(logLevel)) faults.push(`LOG_LEVEL must be one of ${[...LEVELS].join(', ')}`);
  const discovery = env.PAIN_CDS_DISCOVERY || (isDemo ? 'open' : 'closed');
  if (discovery !== 'open' && discovery !== 'closed')
    faults.push('PAIN_CDS_DISCOVERY must be open or closed');
  const snapshots = env.PAIN_CDS_SNAPSHOTS || 'on';
  if (snapshots !== 'on' && snapshots !== 'off')
    faults.push('PAIN_CDS_SNAPSHOTS must be on or off');
  if (
    isDemo &&
    env.DATABASE_URL &&
    !/^(memory:|none:)$|^file:.|^postgres(ql)?:\/\/./.test(env.DATABASE_URL)
  )
    faults.push('DATABASE_URL must be memory:, none:, file:PATH or postgresql://...');
  const cache = join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'pain-cds');
  const demoTime = isDemo && fixtures === ownFixtures ? FIXTURE_TIME : undefined;
  const tls = readTls(env, faults);
  const scheme = tls ? 'https' : 'http';
  const config: Config = {
    mode,
    host,
    port,
    baseUrl: absoluteUrl(
      env.PAIN_CDS_BASE_URL || `${scheme}://${host.includes(':') ? `[${host}]` : host}:${port}`,
      faults,
    ),
    cardsFolder: fileURLToPath(new URL('cards', ROOT)),
    siteFolder: env.PAIN_CDS_SITE || undefined,
    language: env.PAIN_CDS_LANGUAGE || 'en',
    fixtures,
    evaluationTime: instant(env.EVALUATION_TIME ?? demoTime, faults),
    logLevel,
    logFile: env.LOG_FILE || undefined,
    bodyLimitBytes: number('PAIN_CDS_BODY_LIMIT', BODY_LIMIT),
    prefetchBudgetMs: number('PAIN_CDS_PREFETCH_BUDGET_MS', PREFETCH_BUDGET),
    readBudgetMs: number('PAIN_CDS_READ_BUDGET_MS', READ_BUDGET),
    readTimeoutMs: number('PAIN_CDS_READ_TIMEOUT_MS', READ_TIMEOUT),
    clientsFile: env.PAIN_CDS_CLIENTS || undefined,
    databaseUrl: env.DATABASE_URL || `file:${join(cache, 'demo.db')}`,
    hashKeyFile: env.PAIN_CDS_HASH_KEY_FILE || undefined,
    keepsSnapshots: snapshots === 'on',
    retentionDays: number('PAIN_CDS_RETENTION_DAYS', RETENTION),
    isDiscoveryOpen: discovery === 'open',
    tls,
    longestLoopDelayMs: number(
      'PAIN_CDS_LOOP_DELAY_MS',
      isDemo ? { ...LOOP_DELAY, fallback: 0 } : LOOP_DELAY,
    ),
    stopDelayMs: number(
      'PAIN_CDS_STOP_DELAY_MS',
      isDemo ? { ...STOP_DELAY, fallback: 0 } : STOP_DELAY,
    ),
    metricsPort: number('PAIN_CDS_METRICS_PORT', METRICS_PORT),
  };
  if (faults.length > 0) throw new ConfigInvalid(faults);
  return Object.freeze(config);
};
