// Process entry: config -> wire -> listen -> graceful stop. Must not know routes or medicine.
import { createServer, type RequestListener, type Server, type ServerOptions } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type Config, readConfig, type Tls } from './config.js';
import { type Wired, wire } from './wire.js';

const HEADERS_TIMEOUT_MS = 5_000;
const REQUEST_TIMEOUT_MS = 10_000;
const KEEP_ALIVE_MS = 65_000;
const CHECK_MS = 1_000;
const STOP_AFTER_MS = 9_000;
/** Longest wait for those who have connected and were not accepted yet. */
const BACKLOG_MS = 5_000;
const MOST_CONNECTIONS = 4_096;

const productionBanner = ({ baseUrl, tls }: Config): string =>
  `pain-cds, production mode: registered clients only${tls ? ', TLS in this process' : ''}. Discovery ${baseUrl}/cds-services\n`;

const demoBanner = (
  config: Config,
  { knowledge, patientIds, ignored }: Wired,
  example: string | undefined,
): string => {
  const time = config.evaluationTime
    ? `fixed at ${config.evaluationTime.toISOString()}`
    : 'the real time';
  const { baseUrl } = config;
  return [
    'pain-cds, demo mode: loopback only, callers are not authenticated, synthetic data only.',
    knowledge.engineTexts.intendedUse,
    `  all parts            ${baseUrl}/`,
    `  CDS Hooks discovery  ${baseUrl}/cds-services`,
    `  FHIR R4 sandbox      ${baseUrl}/fhir  (${patientIds.length} patients)`,
    ...(ignored.size > 0
      ? [
          `  not served           ${[...ignored].map(([type, count]) => `${count} ${type}`).join(', ')}`,
        ]
      : []),
    `  evaluation time      ${time}`,
    ...(example === undefined
      ? []
      : [
          'Try:',
          `  curl -s ${baseUrl}/cds-services/pain-patient-view -H 'content-type: application/json' -d '{"hook":"patient-view","hookInstance":"d1577c69-dfbe-44ad-ba6d-3e05e953b2ea","fhirServer":"${baseUrl}/fhir","context":{"userId":"Practitioner/demo","patientId":"${example}"}}'`,
        ]),
    '',
  ].join('\n');
};

const OPTIONS: ServerOptions = {
  headersTimeout: HEADERS_TIMEOUT_MS,
  requestTimeout: REQUEST_TIMEOUT_MS,
  keepAliveTimeout: KEEP_ALIVE_MS,
  connectionsCheckingInterval: CHECK_MS,
};

/** Creates the server of an application, with TLS when there is a certificate; does not listen yet. */
export const createListener = (tls: Tls | undefined, app: RequestListener): Server => {
  if (!tls) return createServer(OPTIONS, app);
  const { cert, key, clientCa } = tls;
  const mutual = clientCa && { ca: clientCa, requestCert: true, rejectUnauthorized: true };
  return createTlsServer({ ...OPTIONS, cert, key, minVersion: 'TLSv1.2', ...mutual }, app);
};

/**
 * Calls back when nobody waits to be accepted. Node accepts one connection in a turn of its event loop, and closing a
 * listener resets those the system still holds for it: so it is closed right after a turn in which nobody came.
 */
const whenAllAccepted = (server: Server, then: () => void): void => {
  const until = performance.now() + BACKLOG_MS;
  let hasAccepted = true;
  const accepted = (): void => {
    hasAccepted = true;
  };
  const look = (): void => {
    if (hasAccepted && performance.now() < until) {
      hasAccepted = false;
      setImmediate(look);
      return;
    }
    server.off('connection', accepted);
    then();
  };
  server.on('connection', accepted);
  setImmediate(look);
};

/** Not ready first, then no new connections, then the idle ones, at last whatever is left. A second signal ends it at once. */
const stopGracefully = (
  server: Server,
  { stopping, log, close }: Wired,
  delayMs: number,
): (() => void) => {
  let isStopping = false;
  return () => {
    if (isStopping) process.exit(1);
    isStopping = true;
    stopping();
    const deadline = setTimeout(() => server.closeAllConnections(), STOP_AFTER_MS);
    const closed = (): void => {
      clearTimeout(deadline);
      void close().finally(() => {
        log.info({ event: 'stopped' });
        process.exitCode = 0;
      });
    };
    setTimeout(() => {
      whenAllAccepted(server, () => {
        // After what has arrived was read: a request in flight does not make its connection an idle one.
        const closing = setInterval(() => setImmediate(() => server.closeIdleConnections()), 100);
        server.close(() => {
          clearInterval(closing);
          closed();
        });
      });
    }, delayMs);
  };
};

/** The counts of this process on a port of their own, without TLS: for a scraper inside the site. */
const startMetricsServer = async ({ host, metricsPort }: Config, { metrics }: Wired) => {
  const server = createServer(OPTIONS, (request, response) => {
    const isKnown = request.method === 'GET' && request.url === '/metrics';
    response.writeHead(isKnown ? 200 : 404, { 'content-type': 'text/plain; version=0.0.4' });
    response.end(isKnown ? metrics.text() : '');
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(metricsPort, host, resolve);
  });
  // Neither it nor a scraper that stays connected keeps anything alive: the process ends with its calls.
  server.unref().on('connection', (socket) => socket.unref());
};

/** Starts the server of a configuration; resolves once it listens. */
export const startServer = async (env: NodeJS.ProcessEnv): Promise<void> => {
  const config = readConfig(env);
  const wired = wire(config);
  const { patientIds } = wired;
  const server = createListener(config.tls, wired.app);
  server.maxConnections = MOST_CONNECTIONS;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(config.port, config.host, resolve);
  });
  if (config.metricsPort !== 0) await startMetricsServer(config, wired);
  // Before anybody can know that it listens.
  const stop = stopGracefully(server, wired, config.stopDelayMs);
  process.on('SIGTERM', stop).on('SIGINT', stop).on('SIGHUP', wired.reload);
  const example = patientIds.find((id) => id.includes('trigeminal-neuralgia')) ?? patientIds[0];
  process.stdout.write(
    config.mode === 'demo' ? demoBanner(config, wired, example) : productionBanner(config),
  );
};
