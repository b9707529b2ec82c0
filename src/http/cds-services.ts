// The CDS Hooks routes: discovery and call. Must not know how a call is answered.
import { createHash } from 'node:crypto';
import { type RequestHandler, Router } from 'express';
import { type CallDeps, callService, findService } from '../cds/call-service.js';
import { MethodNotAllowed } from '../errors.js';
import { createHookRequestValidator } from './validate.js';

const discovery = (services: CallDeps['services']): RequestHandler => {
  const body = JSON.stringify({
    services: [...services.values()].map(({ definition }) => definition),
  });
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

/**
 * Routes below `/cds-services`.
 * @param readBody - parses the JSON body; runs only where a service exists, so that unknown ids cost nothing
 * @see https://cds-hooks.hl7.org/2.0/#http-request_1
 */
export const createCdsServicesRouter = (
  deps: CallDeps,
  readBody: readonly RequestHandler[],
): Router => {
  const router = Router();
  const validate = createHookRequestValidator();
  router
    .route('/')
    .get(discovery(deps.services))
    .all(refuse('GET', 'HEAD', 'OPTIONS'));
  router
    .route('/:id')
    .post(
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
        response.locals.hookInstance = hookRequest.hookInstance;
        const answer = await callService(id, hookRequest, deps);
        response.json(answer);
      },
    )
    .all((request) => {
      findService(deps.services, request.params.id);
      throw new MethodNotAllowed(['POST', 'OPTIONS']);
    });
  return router;
};
