// createApp: all middleware and routes in order, on one screen. Must not listen or read the environment.
import { performance } from 'node:perf_hooks';
import cors from 'cors';
import express, {
  type ErrorRequestHandler,
  type Express,
  type RequestHandler,
  type Router,
} from 'express';
import type { Page, PageName } from '../cds/about-pages.js';
import type { Log } from '../cds/ports.js';
import { AppError, EvaluationFailed, NotFound, placeOf } from '../errors.js';
import { createAboutRouter } from './about.js';
import { type CdsServicesDeps, createCdsServicesRouter } from './cds-services.js';
import { createHealthRouter, type HealthDeps, readOnly } from './health.js';
import { type Metrics, showMetrics } from './metrics.js';
import { openApi } from './openapi.js';
import { toOperationOutcome, toProblem, toProblemDetails } from './problem.js';
import { createBodyReader } from './read-body.js';
import { rootPage } from './root.js';

/** What the HTTP edge needs, built once in `wire.ts`. */
export interface AppDeps extends CdsServicesDeps, HealthDeps {
  readonly bodyLimitBytes: number;
  /** Whether callers are not authenticated and a sandbox is served. */
  readonly isDemo: boolean;
  /** Pages that cards link to. */
  readonly aboutPages: ReadonlyMap<PageName, Page>;
  /** Browser origins that may call. */
  readonly isAllowedOrigin: (origin: string) => boolean;
  /** Counts of this process; shown here in demo mode, by a listener of their own otherwise. */
  readonly metrics: Metrics;
  /** Extra routers, for example the sandbox in demo mode. */
  readonly mounts: readonly { readonly path: string; readonly router: Router }[];
}

const HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  vary: 'Origin',
  'x-content-type-options': 'nosniff',
};

const securityHeaders: RequestHandler = (_request, response, next) => {
  response.set(HEADERS);
  next();
};

/** While the process stops, each connection ends with its answer: what a client has open is never cut. */
const closeWhenStopping =
  (isStopping: () => boolean): RequestHandler =>
  (_request, response, next) => {
    if (isStopping()) response.set('connection', 'close');
    next();
  };

/** Logged when the client hung up before it was answered. */
const CLIENT_GONE = 499;

const isCdsRoute = (path: string): boolean => path.includes('/cds-services');

/** One line per request: route pattern, never the raw URL, ids or bodies. */
const logRequest =
  (log: Log): RequestHandler =>
  (request, response, next) => {
    const started = performance.now();
    response.once('close', () => {
      const { serviceId, hookInstance, errorCode, client } = response.locals;
      log.info({
        method: request.method,
        route:
          typeof serviceId === 'string'
            ? `/cds-services${request.route?.path ?? '/:id'}`
            : (request.route?.path ?? 'none'),
        status: response.writableFinished ? response.statusCode : CLIENT_GONE,
        ms: Math.round((performance.now() - started) * 10) / 10,
        ...(client !== undefined && { client: client.id }),
        ...(typeof serviceId === 'string' && { service: serviceId }),
        ...(typeof hookInstance === 'string' && {
          hookInstance: hookInstance.replace(/[^A-Za-z0-9-]/g, '').slice(0, 64),
        }),
        ...(typeof errorCode === 'string' && { error: errorCode }),
      });
    });
    next();
  };

const answerError =
  (log: Log): ErrorRequestHandler =>
  (error, request, response, _next) => {
    const problem = toProblem(error);
    response.locals.errorCode = problem.code;
    if (error instanceof EvaluationFailed)
      log.error({ error: error.code, stack: placeOf(error.cause) });
    else if (problem.status >= 500 && !(error instanceof AppError))
      log.error({ error: 'INTERNAL', stack: placeOf(error) });
    if (response.headersSent || response.closed) {
      response.destroy();
      return;
    }
    response.status(problem.status).set(problem.headers);
    if (isCdsRoute(request.path))
      response.type('application/fhir+json').send(JSON.stringify(toOperationOutcome(problem)));
    else
      response
        .type('application/problem+json')
        .send(JSON.stringify(toProblemDetails(problem, request.path)));
  };

const notFound: RequestHandler = () => {
  throw new NotFound();
};

/** Builds the application. Express 5 forwards what async handlers throw. */
export const createApp = (deps: AppDeps): Express => {
  const app = express();
  app.disable('x-powered-by').disable('etag').set('query parser', 'simple');
  const body = createBodyReader(deps.bodyLimitBytes);
  app.use(logRequest(deps.log), securityHeaders, closeWhenStopping(deps.isStopping));
  for (const { path, router } of deps.mounts) app.use(path, router);
  app.use(
    cors({
      origin: (origin, allow) => allow(null, origin !== undefined && deps.isAllowedOrigin(origin)),
      methods: ['GET', 'POST'],
      allowedHeaders: ['authorization', 'content-type', 'idempotency-key'],
      exposedHeaders: ['etag', 'location'],
      maxAge: 600,
    }),
  );
  if (deps.isDemo) app.route('/metrics').get(showMetrics(deps.metrics)).all(readOnly);
  app.use('/cds-services', deps.metrics.record, createCdsServicesRouter(deps, body.read));
  app.use('/health', createHealthRouter(deps));
  app.route('/openapi.json').get(openApi(deps)).all(readOnly);
  app.use('/about', createAboutRouter(deps.aboutPages));
  app.route('/').get(rootPage(deps)).all(readOnly);
  app.use(notFound, body.translate, answerError(deps.log));
  return app;
};
