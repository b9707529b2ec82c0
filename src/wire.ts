// The composition root; the only file that knows every adapter. Must not hold logic.
import { createHash, randomUUID } from 'node:crypto';
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
import { findSetupClient } from './auth/setup-client.js';
import { composeAboutPages, PAGE_NAMES } from './cds/about-pages.js';
import type { CallDeps } from './cds/call-service.js';
import { checkCanaries } from './cds/canary.js';
import { optionsIn } from './cds/card-languages.js';
import { cardTopics } from './cds/card-topics.js';
import { createContractText } from './cds/contract-text.js';
import type { Authenticate, EvaluationStore, Log, ReplayGuard } from './cds/ports.js';
import { type Replay, replay } from './cds/replay.js';
import { createServices } from './cds/services.js';
import { composeSetupSheet, type SetupSheet } from './cds/setup-sheet.js';
import type { StoredEvaluation } from './cds/stored-evaluation.js';
import type { Config } from './config.js';
import { placeOf, StoreUnavailable } from './errors.js';
import { createPatientRecordReader } from './fhir/read-patient-record.js';
import { createApp } from './http/app.js';
import { watchEventLoop } from './http/limit-calls.js';
import { createMetrics, type Metrics } from './http/metrics.js';
import { watchCanaries } from './http/watch-canaries.js';
import { loadKnowledge } from './knowledge/load.js';
import { loadAbout } from './knowledge/load-about.js';
import { loadCanaries } from './knowledge/load-canaries.js';
import { loadCardLanguages } from './knowledge/load-languages.js';
import { loadCardTexts, loadServiceTexts } from './knowledge/load-texts.js';
import { isLoopbackHost } from './net/address-policy.js';
import type { Knowledge } from './pain/knowledge.js';
import { createSandbox } from './sandbox/create-sandbox.js';
import { loadFixtures } from './sandbox/load-fixtures.js';
import { chainChecker } from './store/audit-chain.js';
import { openStore, pathOf, storeKindOf } from './store/open-store.js';
import { createPatientHash, demoHashKey, readHashKey } from './store/patient-hash.js';
import { createPatientHistoryReader } from './store/patient-history.js';

const DAY_MS = 86_400_000;
const HISTORY_WAIT_MS = 60;
const RETENTION_EVERY_MS = 6 * 3_600_000;
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
  readonly evaluations: EvaluationStore;
  readonly metrics: Metrics;
  /** Ends timers and the store, once what it took is durable. */
  readonly close: () => Promise<void>;
}

/** So many times the delay of overload: calls are then refused before anybody asks whose they are. */
const SWAMPED_AT = 2;

const isLoopbackUrl = (text: string): boolean =>
  URL.canParse(text) && isLoopbackHost(new URL(text).hostname);

const createLog = (config: Config): Log =>
  pino(
    { level: config.logLevel, base: null, timestamp: pino.stdTimeFunctions.isoTime },
    destination({ dest: config.logFile ?? 2, sync: false }),
  );

/** Loads the knowledge of a folder, for every way in that needs no HTTP. */
export { chainChecker, loadKnowledge };

const openEvaluations = (config: Config, log: Log): EvaluationStore =>
  openStore(config.databaseUrl, {
    onFailure: (error) =>
      log.error(
        error instanceof StoreUnavailable
          ? {
              error: error.code,
              cause: error.cause instanceof Error ? error.cause.name : 'unknown',
            }
          : { error: 'INTERNAL', stack: placeOf(error) },
      ),
  });

const languagesOf = ({ cardsFolder, language, baseUrl }: Config, knowledge: Knowledge) =>
  loadCardLanguages(cardsFolder, knowledge, language, { newId: randomUUID, baseUrl });

const digest = (text: string): string => createHash('sha256').update(text).digest('base64url');

/** The store of a configuration with what a re-run needs, for the command line. */
export const wireStore = (
  config: Config,
): {
  readonly evaluations: EvaluationStore;
  readonly replay: (stored: StoredEvaluation) => Replay;
} => {
  const evaluations = openEvaluations(config, createLog(config));
  return {
    evaluations,
    replay: (stored) => {
      const knowledge = loadKnowledge(config.cardsFolder, config.siteFolder);
      return replay(stored, knowledge, languagesOf(config, knowledge), digest);
    },
  };
};

/**
 * The setup sheets of a configuration, for the command line.
 * @param clientsFile - the registry; undefined for demo mode
 * @throws {ConfigInvalid} when the registry is faulty
 */
export const wireSetupSheets = (
  config: Config,
  clientsFile: string | undefined,
): ((client: string) => SetupSheet | undefined) => {
  const registry = clientsFile === undefined ? undefined : readClientsFile(clientsFile);
  const knowledge = loadKnowledge(config.cardsFolder, config.siteFolder);
  const texts = loadCardTexts(config.cardsFolder, knowledge);
  const services = createServices(knowledge.reads, loadServiceTexts(config.cardsFolder));
  return (id) => {
    const client = findSetupClient(registry, id);
    return (
      client &&
      composeSetupSheet({
        baseUrl: config.baseUrl,
        isDiscoveryOpen: config.isDiscoveryOpen,
        needsClientCertificate: config.tls?.clientCa !== undefined,
        knowledge,
        services,
        topics: cardTopics(knowledge.categories, texts),
        overrideReasons: texts.overrideReasons,
        pages: PAGE_NAMES,
        client,
      })
    );
  };
};

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
  evaluations: EvaluationStore,
  log: Log,
): Trust => {
  const registry: ClientRegistry = createClientRegistry(() => readClientsFile(clientsFile), log);
  // Issuer, tenant and `jti` are one hash already.
  const replays: ReplayGuard = {
    claim: (tokenId, until) => evaluations.claimToken('', tokenId, until.toISOString()),
  };
  const authenticate = createAuthenticate({
    registry,
    fetchKeySet: createKeySetFetcher(),
    replays,
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

const hashKeyOf = ({ mode, hashKeyFile, databaseUrl }: Config): Buffer => {
  if (hashKeyFile !== undefined) return readHashKey(hashKeyFile);
  if (mode === 'production') throw new TypeError('production mode without a key');
  return demoHashKey(
    storeKindOf(databaseUrl) === 'sqlite' ? `${pathOf(databaseUrl)}.key` : undefined,
  );
};

/** Deletes what is older than the retention time, at once and now and then; says how much. */
const startRetention = (
  evaluations: EvaluationStore,
  { retentionDays }: Config,
  log: Log,
): NodeJS.Timeout => {
  const remove = async (): Promise<void> => {
    const now = new Date();
    const before = new Date(now.getTime() - retentionDays * DAY_MS).toISOString();
    try {
      const removed = await evaluations.removeBefore(before, now.toISOString());
      if (removed === 0) return;
      log.info({ event: 'retention', removed });
      evaluations.audit({
        recorded: now.toISOString(),
        type: 'admin',
        subtype: 'retention',
        outcome: 'success',
        agent: 'pain-cds',
        detail: `removed ${removed} before ${before}`,
      });
    } catch {
      log.error({ event: 'retention', error: 'STORE_UNAVAILABLE' });
    }
  };
  void remove();
  return setInterval(() => void remove(), RETENTION_EVERY_MS).unref();
};

/**
 * Builds the application of a configuration.
 * @throws {ConfigInvalid} when the client registry, the hash key or the language is faulty
 */
export const wire = (config: Config): Wired => {
  const log = createLog(config);
  const evaluations = openEvaluations(config, log);
  const hashPatient = createPatientHash(hashKeyOf(config));
  const trust =
    config.mode === 'production' ? registeredTrust(config, evaluations, log) : demoTrust();
  const knowledge = loadKnowledge(config.cardsFolder, config.siteFolder);
  const languages = languagesOf(config, knowledge);
  const retention = startRetention(evaluations, config, log);
  const { texts } = optionsIn(languages);
  const canaries = loadCanaries(config.cardsFolder);
  const watch = watchCanaries(() => checkCanaries(canaries, knowledge, texts, new Date()), log);
  const metrics = createMetrics();
  let isStopping = false;
  const deps: CallDeps = {
    knowledge,
    services: createServices(knowledge.reads, loadServiceTexts(config.cardsFolder)),
    languages,
    patientRecord: createPatientRecordReader({
      limits: {
        readTimeoutMs: config.readTimeoutMs,
        maxPages: MAX_PAGES,
        maxResources: MAX_RESOURCES,
        maxResponseBytes: MAX_RESPONSE_BYTES,
      },
      clock: { wallMs: Date.now, steadyMs: () => performance.now(), random: Math.random },
      prefetchBudgetMs: config.prefetchBudgetMs,
      readBudgetMs: config.readBudgetMs,
      log,
      onRead: ({ client, patientId, type, state, reason }) =>
        evaluations.audit({
          recorded: new Date().toISOString(),
          type: 'read',
          subtype: type,
          outcome: state === 'failed' || state === 'truncated' ? 'minor-failure' : 'success',
          agent: client,
          patient: hashPatient(client, patientId),
          detail: reason ?? state,
        }),
    }),
    contractText: createContractText(),
    evaluations,
    patientHistory: createPatientHistoryReader(evaluations, HISTORY_WAIT_MS),
    hashPatient,
    digest,
    keepsSnapshots: config.keepsSnapshots,
    now: () => config.evaluationTime ?? new Date(),
    newId: randomUUID,
    baseUrl: config.baseUrl,
    log,
  };
  const { mounts, patientIds, ignored } = sandboxOf(config);
  const app = createApp({
    ...deps,
    bodyLimitBytes: config.bodyLimitBytes,
    aboutPages: composeAboutPages(knowledge, loadAbout(config.cardsFolder)),
    authenticate: trust.authenticate,
    isAllowedOrigin: trust.isAllowedOrigin,
    isDiscoveryOpen: config.isDiscoveryOpen,
    isOverloaded: watchEventLoop(config.longestLoopDelayMs),
    isSwamped: watchEventLoop(config.longestLoopDelayMs * SWAMPED_AT),
    isStopping: () => isStopping,
    isDemo: config.mode === 'demo',
    canaries: watch.state,
    metrics,
    mounts,
  });
  const stopping = (): void => {
    isStopping = true;
  };
  const close = (): Promise<void> => {
    clearInterval(retention);
    watch.stop();
    return evaluations.close();
  };
  const { reload } = trust;
  return {
    app,
    knowledge,
    log,
    patientIds,
    ignored,
    reload,
    stopping,
    evaluations,
    metrics,
    close,
  };
};
