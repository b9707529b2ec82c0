// The application over a small knowledge and fixed clock, for supertest. Must not listen.
import { createHash } from 'node:crypto';
import type { Express } from 'express';
import { createDemoAuthenticate } from '../../src/auth/demo.js';
import { composeAboutPages } from '../../src/cds/about-pages.js';
import type { CardLanguages } from '../../src/cds/card-languages.js';
import { createContractText } from '../../src/cds/contract-text.js';
import { createPatientRecordReader } from '../../src/fhir/read-patient-record.js';
import { type AppDeps, createApp } from '../../src/http/app.js';
import { createMetrics } from '../../src/http/metrics.js';
import { loadKnowledge } from '../../src/knowledge/load.js';
import { loadAbout } from '../../src/knowledge/load-about.js';
import { loadCardLanguages } from '../../src/knowledge/load-languages.js';
import type { Knowledge } from '../../src/pain/knowledge.js';
import { openStore } from '../../src/store/open-store.js';
import { createPatientHistoryReader } from '../../src/store/patient-history.js';
import { checked } from './checked.js';
import { services, testClock } from './edge.js';

/** The folder of the knowledge this repository ships. */
export const CARDS = new URL('../../cards', import.meta.url).pathname;

/** The digest the process uses. */
export const digest = (text: string): string =>
  createHash('sha256').update(text).digest('base64url');

let loaded: Knowledge | undefined;

/** The shipped knowledge, loaded once for all suites: it is frozen. */
export const shippedKnowledge = (): Knowledge => {
  loaded ??= loadKnowledge(CARDS);
  return loaded;
};

export const BASE_URL = 'http://127.0.0.1:3000';

let spoken: CardLanguages | undefined;

/** All languages of the shipped knowledge, read once for all suites. */
export const languagesWith = (newId: () => string, fallback = 'en'): CardLanguages => {
  spoken ??= loadCardLanguages(CARDS, shippedKnowledge(), 'en', { newId, baseUrl: BASE_URL });
  const byTag = [...spoken.byTag].map(([tag, options]) => [tag, { ...options, newId }] as const);
  return { fallback, byTag: new Map(byTag) };
};

/** An application that checks its answers, the bare one inside it, and the log lines it wrote. */
export const anApp = (
  change: Partial<AppDeps> = {},
): { readonly app: Express; readonly bare: Express; readonly lines: object[] } => {
  const knowledge = shippedKnowledge();
  const newId = change.newId ?? (() => '11111111-1111-4111-8111-111111111111');
  const evaluations = change.evaluations ?? openStore('memory:', { onFailure: () => undefined });
  const isAllowedOrigin = (origin: string): boolean => origin === 'https://sandbox.cds-hooks.org';
  const lines: object[] = [];
  const app = createApp({
    services,
    knowledge,
    languages: languagesWith(newId),
    patientRecord: createPatientRecordReader({
      limits: { readTimeoutMs: 300, maxPages: 10, maxResources: 2000, maxResponseBytes: 1_000_000 },
      clock: testClock,
      prefetchBudgetMs: 1000,
      readBudgetMs: 1000,
    }),
    contractText: createContractText(),
    evaluations,
    patientHistory: createPatientHistoryReader(evaluations, 1000),
    hashPatient: (client, patientId) => `hash of ${client} ${patientId}`,
    digest,
    keepsSnapshots: true,
    now: () => new Date('2026-11-22T10:00:00Z'),
    newId,
    baseUrl: BASE_URL,
    log: { info: (line) => void lines.push(line), error: (line) => void lines.push(line) },
    bodyLimitBytes: 1_000_000,
    authenticate: createDemoAuthenticate(isAllowedOrigin),
    isAllowedOrigin,
    isDiscoveryOpen: true,
    isOverloaded: () => false,
    isSwamped: () => false,
    isStopping: () => false,
    isDemo: true,
    canaries: () => ({
      status: 'as-expected',
      checkedAt: '2026-11-22T10:00:00.000Z',
      canaries: [],
    }),
    metrics: createMetrics(),
    mounts: [],
    aboutPages: composeAboutPages(knowledge, loadAbout(CARDS)),
    ...change,
  });
  return { app: checked(app), bare: app, lines };
};
