// The whole service on a loopback port, sandbox included, called as a CDS Client calls it. Must not judge answers.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { readConfig } from '../../src/config.js';
import { wire } from '../../src/wire.js';
import { checked } from '../support/checked.js';

/** An answer of the hook route. */
export interface HookAnswer {
  readonly status: number;
  readonly body: {
    readonly cards: readonly Record<string, unknown>[];
    readonly extension?: Readonly<Record<string, unknown>>;
  };
}

/** A running service and how a client speaks to it. */
export interface RunningService {
  readonly fhirServer: string;
  readonly patientIds: readonly string[];
  /** Prefetch templates by key, from discovery. */
  readonly templates: () => Promise<Readonly<Record<string, string>>>;
  readonly call: (patientId: string, extra: object) => Promise<HookAnswer>;
  readonly readFhir: (relativeUrl: string) => Promise<unknown>;
  readonly stop: () => void;
}

/** Starts the service in demo mode. The port comes first, because answers name it. */
export const startService = async (
  env: Readonly<Record<string, string>>,
): Promise<RunningService> => {
  const server = createServer().unref();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const base = `http://127.0.0.1:${address.port}`;
  const { app, patientIds } = wire(
    readConfig({
      DATABASE_URL: 'memory:',
      ...env,
      PORT: String(address.port),
      LOG_LEVEL: 'silent',
    }),
  );
  server.on('request', checked(app));
  const json = async (url: string, init?: RequestInit) => {
    const response = await fetch(url, init);
    return { status: response.status, body: JSON.parse(await response.text()) };
  };
  return {
    fhirServer: `${base}/fhir`,
    patientIds,
    templates: async () => (await json(`${base}/cds-services`)).body.services[0].prefetch,
    call: (patientId, extra) =>
      json(`${base}/cds-services/pain-patient-view`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          hook: 'patient-view',
          hookInstance: 'd1577c69-dfbe-44ad-ba6d-3e05e953b2ea',
          context: { userId: 'Practitioner/test', patientId },
          ...extra,
        }),
      }),
    readFhir: async (relativeUrl) => (await json(`${base}/fhir/${relativeUrl}`)).body,
    stop: () => {
      server.close();
      server.closeAllConnections();
    },
  };
};
