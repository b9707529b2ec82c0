// The composition root; the only file that knows every adapter. Must not hold logic.
import { randomUUID } from 'node:crypto';
import type { Express } from 'express';
import { destination, pino } from 'pino';
import { createAuthenticate } from './auth/authenticate.js';
import {
  type ClientRegistry,
  createClientRegistry,
  readClientsFile,
} from './auth/client-registry.js';
import { createDemoAuthenticate } from './auth/demo.js';
import { createKeySetFetcher } from './auth/fetch-key-set.js';
import { composeAboutPages } from './cds/about-pages.js';
import type { CallDeps } from './cds/call-service.js';
import { createContractText } from './cds/contract-text.js';
import type { Authenticate, Log, ReplayGuard } from './cds/ports.js';
import { createServices } from './cds/services.js';
import type { Config } from './config.js';
import { ConfigInvalid } from './errors.js';
import { createPatientRecordReader } from './fhir/read-patient-record.js';
import { createApp } from './http/app.js';
import { watchEventLoop } from './http/limit-calls.js';
import { loadKnowledge } from './knowledge/load.js';
import { loadAbout } from './knowledge/load-about.js';
import { loadCardTexts, loadServiceTexts } from './knowledge/load-texts.js';
import { isLoopbackHost } from './net/address-policy.js';
import type { Knowledge } from './pain/knowledge.js';
import { createSandbox } from './sandbox/create-sandbox.js';
import { loadFixtures } from './sandbox/load-fixtures.js';

const MAX_PAGES = 10;
const MAX_RESOURCES = 2000;
const MAX_RESPONSE_BYTES = 5 * 1024 * 1024;

/** The public CDS Hooks sandbox, a browser client; allowed in demo mode only. */
const PUBLIC_SANDBOX = 'https://sandbox.cds-hooks.org';

/** Everything a running process holds. */
export interface Wired {
  readonly app: Express;
  readonly knowledge: Knowledge;
  readonly log: Log;
  readonly patientIds: readonly string[];
  /** Types of the loaded data that the sandbox does not serve, with their counts. */
  readonly ignored: ReadonlyMap<string, number>;
  /** Reads the client registry again; nothing in demo mode. */
  readonly reload: () => void;
  /** From now on the process is not ready, and connections are closed after their answer. */
  readonly stopping: () => void;
}

/** What the store gives to other parts. */
export interface Stores {
  /** Used tokens, remembered across restarts and replicas. */
  readonly replays: ReplayGuard;
}

const isLoopbackUrl = (text: string): boolean =>
  URL.canParse(text) && isLoopbackHost(new URL(text).hostname);

const createLog = (config: Config): Log =>
  pino(
    { level: config.logLevel, base: null, timestamp: pino.stdTimeFunctions.isoTime },
    destination({ dest: config.logFile ?? 2, sync: false }),
  );

/** Loads the knowledge of a folder, for every way in that needs no HTTP. */
export { loadKnowledge };

/** Who may call, and from which browser origins. */
interface Trust {
  readonly authenticate: Authenticate;
  readonly isAllowedOrigin: (origin: string) => boolean;
  readonly reload: () => void;
}

const demoTrust = (): Trust => {
  const isAllowedOrigin = (origin: string): boolean =>
    origin === PUBLIC_SANDBOX || isLoopbackUrl(origin);
  return {
    authenticate: createDemoAuthenticate(isAllowedOrigin),
    isAllowedOrigin,
    reload: () => undefined,
  };
};

const registeredTrust = (
  { clientsFile = '' }: Config,
  stores: Stores | undefined,
  log: Log,
): Trust => {
  const registry: ClientRegistry = createClientRegistry(() => readClientsFile(clientsFile), log);
  // Registered last: a process that cannot remember used tokens across restarts must not start.
  if (!stores)
    throw new ConfigInvalid([
      'production mode is refused by this version: it has no durable store yet',
    ]);
  const authenticate = createAuthenticate({
    registry,
    fetchKeySet: createKeySetFetcher(),
    replays: stores.replays,
    now: () => new Date(),
    log,
  });
  return { authenticate, isAllowedOrigin: registry.hasOrigin, reload: registry.reload };
};

const sandboxOf = (config: Config) => {
  if (config.mode === 'production')
    return { mounts: [], patientIds: [], ignored: new Map<string, number>() };
  const resources = loadFixtures(config.fixtures);
  const sandbox = createSandbox({ load: resources, baseUrl: `${config.baseUrl}/fhir` });
  return {
    mounts: [{ path: '/fhir', router: sandbox.router }],
    patientIds: resources.flatMap(({ resourceType, id }) =>
      resourceType === 'Patient' && id ? [id] : [],
    ),
    ignored: sandbox.ignored,
  };
};

/**
 * Builds the application of a configuration.
 * @param stores - the durable store; production mode does not start without
 * @throws {ConfigInvalid} when the client registry is faulty
 */
export const wire = (config: Config, stores?: Stores): Wired => {
  const log = createLog(config);
  const trust = config.mode === 'production' ? registeredTrust(config, stores, log) : demoTrust();
  const knowledge = loadKnowledge(config.cardsFolder);
  let isStopping = false;
  const deps: CallDeps = {
    knowledge,
    services: createServices(knowledge.reads, loadServiceTexts(config.cardsFolder)),
    texts: loadCardTexts(config.cardsFolder, knowledge),
    patientRecord: createPatientRecordReader({
      limits: {
        readTimeoutMs: config.readTimeoutMs,
        maxPages: MAX_PAGES,
        maxResources: MAX_RESOURCES,
        maxResponseBytes: MAX_RESPONSE_BYTES,
      },
      prefetchBudgetMs: config.prefetchBudgetMs,
      readBudgetMs: config.readBudgetMs,
      log,
    }),
    contractText: createContractText(),
    now: () => config.evaluationTime ?? new Date(),
    newId: randomUUID,
    baseUrl: config.baseUrl,
  };
  const { mounts, patientIds, ignored } = sandboxOf(config);
  const app = createApp({
    ...deps,
    log,
    bodyLimitBytes: config.bodyLimitBytes,
    aboutPages: composeAboutPages(knowledge, loadAbout(config.cardsFolder)),
    authenticate: trust.authenticate,
    isAllowedOrigin: trust.isAllowedOrigin,
    isDiscoveryOpen: config.isDiscoveryOpen,
    isOverloaded: watchEventLoop(config.longestLoopDelayMs),
    isStopping: () => isStopping,
    mounts,
  });
  const stopping = (): void => {
    isStopping = true;
  };
  return { app, knowledge, log, patientIds, ignored, reload: trust.reload, stopping };
};
