// The composition root; the only file that knows every adapter. Must not hold logic.
import { randomUUID } from 'node:crypto';
import type { Express } from 'express';
import { destination, pino } from 'pino';
import { composeAboutPages } from './cds/about-pages.js';
import type { CallDeps } from './cds/call-service.js';
import type { Log } from './cds/ports.js';
import { createServices } from './cds/services.js';
import { type Config, isLoopback } from './config.js';
import { createPatientRecordReader } from './fhir/read-patient-record.js';
import { createApp } from './http/app.js';
import { loadKnowledge } from './knowledge/load.js';
import { loadAbout } from './knowledge/load-about.js';
import { loadCardTexts, loadServiceTexts } from './knowledge/load-texts.js';
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
}

const isLoopbackUrl = (text: string): boolean => {
  return URL.canParse(text) && isLoopback(new URL(text).hostname);
};

const createLog = (config: Config): Log =>
  pino(
    { level: config.logLevel, base: null, timestamp: pino.stdTimeFunctions.isoTime },
    destination({ dest: config.logFile ?? 2, sync: false }),
  );

/** Loads the knowledge of a folder, for every way in that needs no HTTP. */
export { loadKnowledge };

/** Builds the application of a configuration. Demo mode only in this version. */
export const wire = (config: Config): Wired => {
  const knowledge = loadKnowledge(config.cardsFolder);
  const log = createLog(config);
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
      readBudgetMs: config.readBudgetMs,
      isAllowed: isLoopbackUrl,
      allowsAnonymous: config.mode === 'demo',
    }),
    now: () => config.evaluationTime ?? new Date(),
    newId: randomUUID,
    baseUrl: config.baseUrl,
  };
  const resources = loadFixtures(config.fixtures);
  const sandbox = createSandbox({ load: resources, baseUrl: `${config.baseUrl}/fhir` });
  const app = createApp({
    ...deps,
    log,
    bodyLimitBytes: config.bodyLimitBytes,
    aboutPages: composeAboutPages(knowledge, loadAbout(config.cardsFolder)),
    isAllowedOrigin: (origin) => origin === PUBLIC_SANDBOX || isLoopbackUrl(origin),
    mounts: [{ path: '/fhir', router: sandbox.router }],
  });
  const patientIds = resources.flatMap(({ resourceType, id }) =>
    resourceType === 'Patient' && id ? [id] : [],
  );
  return { app, knowledge, log, patientIds, ignored: sandbox.ignored };
};
