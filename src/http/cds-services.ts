// The CDS Hooks routes: discovery and call. Must not know how a call is answered.
import { createHash } from 'node:crypto';
import { type RequestHandler, type Response, Router } from 'express';
import { type CallDeps, callService, findService, toJsonParts } from '../cds/call-service.js';
import type { DiscoveryResponse } from '../cds/cds-hooks.js';
import type { Part } from '../cds/contract-text.js';
import type { Authenticate } from '../cds/ports.js';
import { MethodNotAllowed } from '../errors.js';
import { createLanguageChoice } from './answer-language.js';
import { auditCalls } from './audit-calls.js';
import { callerOf, clientOf, createAuthentication } from './authenticate.js';
import { createFeedbackHandler } from './feedback.js';
import { limitCalls, shedLoad } from './limit-calls.js';
import { createHookRequestValidator } from './validate.js';

const discovery = (services: CallDeps['services']): RequestHandler => {
  const answer: DiscoveryResponse = {
    services: [...services.values()].map(({ definition }) => definition),
  };
  const body = JSON.stringify(answer);
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 27)}"`;
  return (request, response) => {
    response.set({ etag, 'cache-control': 'no-cache' });
    if (request.get('if-none-match') === etag) {
      response.status(304).end();
      return;
    }
    response.type('application/json').send(body);
  };
};

const refuse =
  (...allow: readonly string[]): RequestHandler =>
  () => {
    throw new MethodNotAllowed(allow);
  };

/** What the routes need beside what a call needs. */
export interface CdsServicesDeps extends CallDeps {
  readonly authenticate: Authenticate;
  /** Whether discovery is answered without a token. */
  readonly isDiscoveryOpen: boolean;
  /** Whether the process has more work than it can do in time. */
  readonly isOverloaded: () => boolean;
  /** Whether it cannot even tell in time who asks. */
  readonly isSwamped: () => boolean;
}

const open: RequestHandler = (_request, _response, next) => next();

/** The parts one after another in one buffer. */
const encoded = (parts: readonly Part[]): Buffer => {
  let size = 0;
  for (const part of parts)
    size += typeof part === 'string' ? Buffer.byteLength(part) : part.length;
  const buffer = Buffer.allocUnsafe(size);
  let at = 0;
  for (const part of parts) {
    if (typeof part === 'string') at += buffer.write(part, at);
    else {
      buffer.set(part, at);
      at += part.length;
    }
  }
  return buffer;
};

/** Sends JSON text as it is; nobody caches the answer to a POST, so it gets no ETag. */
const sendJson = (response: Response, parts: readonly Part[]): void => {
  const body = encoded(parts);
  response
    .set({
      'content-type': 'application/json; charset=utf-8',
      'content-length': String(body.length),
    })
    .end(body);
};

/**
 * Routes below `/cds-services`.
 * @param readBody - parses the JSON body; runs only where a service exists, so that unknown ids cost nothing
 * @see https://cds-hooks.hl7.org/2.0/#http-request_1
 */
export const createCdsServicesRouter = (
  deps: CdsServicesDeps,
  readBody: readonly RequestHandler[],
): Router => {
  const router = Router();
  const validate = createHookRequestValidator();
  const languageOf = createLanguageChoice(deps.languages);
  const authenticated = createAuthentication(deps.authenticate, deps.baseUrl);
  router
    .route('/')
    .all(deps.isDiscoveryOpen ? open : authenticated(() => ['/cds-services']))
    .get(discovery(deps.services))
    .all(refuse('GET', 'HEAD', 'OPTIONS'));
  router
    .route('/:id')
    .post(shedLoad(deps.isSwamped))
    .all(authenticated((id) => [`/cds-services/${id}`]))
    .post(
      auditCalls(deps.evaluations),
      limitCalls(deps.isOverloaded),
      (request, response, next) => {
        const { id } = request.params;
        findService(deps.services, id);
        response.locals.serviceId = id;
        next();
      },
      ...readBody,
      async (request, response) => {
        const { id } = request.params;
        const service = findService(deps.services, id);
        const hookRequest = validate(request.body, service.definition.hook);
        // While the answer waits to be sent, nothing holds what was read: it need not outlive a collection.
        request.body = undefined;
        response.locals.hookInstance = hookRequest.hookInstance;
        response.locals.patient = deps.hashPatient(
          clientOf(response).id,
          hookRequest.context.patientId,
        );
        const answer = await callService(
          id,
          hookRequest,
          deps,
          callerOf(response, languageOf(request, response)),
        );
        response.locals.evaluationId = answer.evaluationId;
        response.locals.counted = answer.counted;
        sendJson(response, toJsonParts(answer));
      },
    )
    .all((request) => {
      findService(deps.services, request.params.id);
      throw new MethodNotAllowed(['POST', 'OPTIONS']);
    });
  router
    .route('/:id/feedback')
    .all(
      shedLoad(deps.isOverloaded),
      // Clients differ: some name the service, some the feedback route as the audience (FBK-8).
      authenticated((id) => [`/cds-services/${id}`, `/cds-services/${id}/feedback`]),
    )
    .post(
      (request, response, next) => {
        findService(deps.services, request.params.id);
        response.locals.serviceId = request.params.id;
        next();
      },
      ...readBody,
      createFeedbackHandler(deps),
    )
    .all((request) => {
      findService(deps.services, request.params.id);
      throw new MethodNotAllowed(['POST', 'OPTIONS']);
    });
  return router;
};
