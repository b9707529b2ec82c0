// The sandbox over HTTP. Knows Express, routes and statuses; must not know how resources are stored or searched.
import cors from 'cors';
import express, { type ErrorRequestHandler, type Request, type Response, Router } from 'express';
import type { CapabilityStatement, FhirResource } from 'fhir/r4.js';
import { capabilityStatement } from './capability.js';
import { checkFormat } from './parse-query.js';
import { operationOutcome, Refusal } from './refusal.js';
import { searchParameters } from './search-parameters.js';
import { composeSearchset } from './searchset.js';
import type { Store } from './store.js';
import { uploadBundle } from './transaction.js';

/** What the routes need. */
export interface RouterDeps {
  readonly store: Store;
  readonly baseUrl: () => string;
  readonly newId: () => string;
  readonly now: () => Date;
  /** Largest body, in the notation of body-parser. */
  readonly bodyLimit: string;
  readonly logFailure: (error: unknown) => void;
}

/** Creates the routes; whatever they do not serve is refused with an OperationOutcome. */
export function createRouter(deps: RouterDeps): Router {
  const { store, baseUrl } = deps;
  const started = deps.now();
  const router = Router();
  const json = express.json({ limit: deps.bodyLimit, type: jsonTypes });
  const form = express.text({ limit: deps.bodyLimit, type: formType });

  router.use(cors({ exposedHeaders: ['Location'] }));
  router.use((request, _response, next) => {
    if (!request.accepts(jsonTypes)) checkFormat('other');
    next();
  });

  router.get('/metadata', (request, response) => {
    // `mode` is defined by FHIR for this route; full is the only one there is.
    onlyFormat(queryOf(request), ['mode=full']);
    send(response, capabilityStatement(baseUrl(), started));
  });
  router.all('/metadata', only('GET'));

  router.post('/', json, (request, response) => {
    onlyFormat(queryOf(request));
    expectBody(request, jsonTypes);
    send(response, uploadBundle({ ...deps, baseUrl: baseUrl() }, request.body));
  });
  router.all('/', only('POST'));

  router.param('type', (_request, _response, next, type) => {
    if (!searchParameters.has(type))
      throw notFound(`There is no resource type ${quote(type)} here.`);
    next();
  });
  router.get('/:type', (request, response) => {
    send(response, composeSearchset(store, baseUrl(), request.params.type, queryOf(request)));
  });
  router.all('/:type', only('GET'));

  router.post('/:type/_search', form, (request, response) => {
    expectBody(request, [formType]);
    const parameters = queryOf(request);
    for (const [name, value] of new URLSearchParams(request.body)) parameters.append(name, value);
    send(response, composeSearchset(store, baseUrl(), request.params.type, parameters));
  });
  router.all('/:type/_search', only('POST'));

  router.get('/:type/:id', (request, response) => {
    const { type, id } = request.params;
    onlyFormat(queryOf(request));
    const entry = store.find(type, id);
    if (!entry) throw notFound(`${type}/${quote(id)} is not known.`);
    send(response, entry.resource);
  });
  router.all('/:type/:id', only('GET'));

  router.use((request) => {
    throw new Refusal(404, 'not-supported', `${quote(request.path)} is not served here.`);
  });
  router.use(answerErrors(deps.logFailure));
  return router;
}

const jsonTypes = ['application/fhir+json', 'application/json'];
const formType = 'application/x-www-form-urlencoded';

function queryOf(request: Request): URLSearchParams {
  const at = request.originalUrl.indexOf('?');
  return new URLSearchParams(at < 0 ? '' : request.originalUrl.slice(at + 1));
}

function onlyFormat(parameters: URLSearchParams, alsoAllowed: readonly string[] = []): void {
  for (const [name, value] of parameters) {
    if (name === '_format') checkFormat(value);
    else if (!alsoAllowed.includes(`${name}=${value}`)) {
      throw new Refusal(400, 'invalid', `Parameter ${quote(name)} is not supported here.`);
    }
  }
}

function expectBody(request: Request, types: readonly string[]): void {
  if (request.is([...types])) return;
  throw new Refusal(415, 'not-supported', `The body must be ${types.join(' or ')}.`);
}

function only(...allow: readonly string[]): () => never {
  return () => {
    const hint = allow.includes('POST') ? '' : '; resources are written by POST of a transaction';
    throw new Refusal(405, 'not-supported', `Only ${allow.join(', ')} here${hint}.`, allow);
  };
}

function notFound(message: string): Refusal {
  return new Refusal(404, 'not-found', message);
}

function send(response: Response, resource: FhirResource | CapabilityStatement): void {
  response.type('application/fhir+json').send(JSON.stringify(resource));
}

function answerErrors(logFailure: (error: unknown) => void): ErrorRequestHandler {
  // Express knows an error handler by its four parameters.
  return (error: unknown, _request, response, _next) => {
    const refusal = toRefusal(error);
    if (refusal.status === 500) logFailure(error);
    if (refusal.allow.length > 0) response.set('Allow', refusal.allow.join(', '));
    response.status(refusal.status);
    send(response, operationOutcome(refusal.issueCode, refusal.message));
  };
}

function toRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  // Body errors inherit their status from a prototype: an own-property read would miss it.
  const status = error instanceof Error && 'status' in error ? error.status : undefined;
  if (status === 413) return new Refusal(413, 'too-long', 'The body is too large.');
  if (status === 415)
    return new Refusal(415, 'not-supported', 'The body encoding is not supported.');
  if (status === 400) return new Refusal(400, 'invalid', 'The request could not be read.');
  return new Refusal(500, 'exception', 'The sandbox failed.');
}

function quote(text: string): string {
  return JSON.stringify(text.slice(0, 80));
}
