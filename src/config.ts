// Environment -> frozen Config; the only reader of process.env. Must not start anything.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ConfigInvalid } from './errors.js';

/** How this process runs. Durations in milliseconds, sizes in bytes. */
export interface Config {
  readonly mode: 'demo' | 'production';
  readonly host: string;
  readonly port: number;
  readonly baseUrl: string;
  readonly cardsFolder: string;
  /** What the sandbox holds: our fixtures, or what the operator names. */
  readonly fixtures: string;
  /** Fixes the clock for demos, tests and replays; undefined means the real time. */
  readonly evaluationTime: Date | undefined;
  readonly logLevel: string;
  readonly logFile: string | undefined;
  readonly bodyLimitBytes: number;
  readonly readBudgetMs: number;
  readonly readTimeoutMs: number;
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
const READ_TIMEOUT: WholeNumber = { fallback: 800, least: 1, most: 4500 };

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

/**
 * Reads the configuration.
 * @throws {ConfigInvalid} with every fault; names keys, never values
 */
export const readConfig = (env: NodeJS.ProcessEnv): Config => {
  const faults: string[] = [];
  const mode = env.PAIN_CDS_MODE || 'demo';
  if (mode !== 'demo' && mode !== 'production')
    faults.push('PAIN_CDS_MODE must be demo or production');
  if (mode === 'production') {
    faults.push(
      'production mode is refused by this version: it has no registered clients and no token check yet, and nothing may run open',
    );
    if (env.EVALUATION_TIME) faults.push('EVALUATION_TIME is refused in production');
  }
  const host = env.HOST || '127.0.0.1';
  if (mode === 'demo' && !isLoopback(host))
    faults.push('HOST must be a loopback address in demo mode');
  const port = wholeNumber('PORT', env.PORT, PORT, faults);
  const ownFixtures = fileURLToPath(new URL('fhir-fixtures/patients', ROOT));
  const fixtures = env.PAIN_CDS_FIXTURES || ownFixtures;
  if (!existsSync(fixtures)) faults.push('PAIN_CDS_FIXTURES names nothing that exists');
  const logLevel = env.LOG_LEVEL || 'info';
  if (!LEVELS.has(logLevel)) faults.push(`LOG_LEVEL must be one of ${[...LEVELS].join(', ')}`);
  const fixed = env.EVALUATION_TIME ?? (fixtures === ownFixtures ? FIXTURE_TIME : undefined);
  const config: Config = {
    mode: mode === 'production' ? 'production' : 'demo',
    host,
    port,
    baseUrl: absoluteUrl(
      env.PAIN_CDS_BASE_URL || `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
      faults,
    ),
    cardsFolder: fileURLToPath(new URL('cards', ROOT)),
    fixtures,
    evaluationTime: instant(fixed, faults),
    logLevel,
    logFile: env.LOG_FILE || undefined,
    bodyLimitBytes: wholeNumber('PAIN_CDS_BODY_LIMIT', env.PAIN_CDS_BODY_LIMIT, BODY_LIMIT, faults),
    readBudgetMs: wholeNumber(
      'PAIN_CDS_READ_BUDGET_MS',
      env.PAIN_CDS_READ_BUDGET_MS,
      READ_BUDGET,
      faults,
    ),
    readTimeoutMs: wholeNumber(
      'PAIN_CDS_READ_TIMEOUT_MS',
      env.PAIN_CDS_READ_TIMEOUT_MS,
      READ_TIMEOUT,
      faults,
    ),
  };
  if (faults.length > 0) throw new ConfigInvalid(faults);
  return Object.freeze(config);
};

/** Whether a host name means this machine only. */
export function isLoopback(host: string): boolean {
  return (
    host === 'localhost' || host === '::1' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host)
  );
}
