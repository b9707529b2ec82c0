// Our HTTP surface as an OpenAPI 3.1 document, made of the schemas the validators use. Must not know how a route works.
import type { RequestHandler } from 'express';
import type { PageName } from '../cds/about-pages.js';
import type { CdsService } from '../cds/services.js';
import type { EngineTexts } from '../pain/knowledge.js';
import { KEY } from './feedback.js';
import { SCHEMAS } from './openapi-schemas.js';
import { requestSchema } from './validate.js';
import { FEEDBACK_SCHEMA } from './validate-feedback.js';

/** What the document is made from. */
export interface OpenApiDeps {
  readonly services: ReadonlyMap<string, CdsService>;
  readonly knowledge: { readonly engineTexts: Pick<EngineTexts, 'intendedUse'> };
  readonly aboutPages: ReadonlyMap<PageName, unknown>;
  readonly baseUrl: string;
  readonly isDemo: boolean;
  readonly isDiscoveryOpen: boolean;
}

const ref = (name: string): object => ({ $ref: `#/components/schemas/${name}` });

const JSON_TYPE = 'application/json';
const FHIR_TYPE = 'application/fhir+json';

const answer = (description: string, type: string, schema: object): object => ({
  description,
  content: { [type]: { schema } },
});

const json = (description: string, schema: string): object =>
  answer(description, JSON_TYPE, ref(schema));

const WHY: Readonly<Record<number, string>> = {
  400: 'The body is not valid; every fault with its JSON pointer.',
  401: 'No valid token; the same for every cause.',
  403: 'The caller is known and may not do this.',
  404: 'There is no such service.',
  412: 'Required data could not be had; names the keys.',
  413: 'The body is over the limit.',
  415: 'The body is no JSON, or in an encoding that is not read.',
  422: 'The Idempotency-Key was sent with another body.',
  429: 'More than this client may; see Retry-After.',
  500: 'A defect; without detail.',
  503: 'Overloaded, feedback could not be made durable, or a rule broke; see Retry-After.',
};

const outcomes = (...statuses: readonly number[]): object =>
  Object.fromEntries(
    statuses.map((status) => [
      status,
      answer(WHY[status] ?? '', FHIR_TYPE, ref('OperationOutcome')),
    ]),
  );

const body = (schema: object): object => ({
  required: true,
  content: { [JSON_TYPE]: { schema }, [FHIR_TYPE]: { schema } },
});

const hookRequests = (services: OpenApiDeps['services']): object => {
  const hooks = [...new Set([...services.values()].map(({ definition }) => definition.hook))];
  return {
    anyOf: hooks.map((hook) => ({
      title: hook,
      allOf: [requestSchema(hook), { properties: { hook: { const: hook } } }],
    })),
  };
};

const IDEMPOTENCY_KEY = {
  name: 'Idempotency-Key',
  in: 'header',
  description: 'Sent again with the same body, the request is answered as before and done once.',
  schema: { type: 'string', pattern: KEY.source },
};

const cdsPaths = ({ services, isDemo, isDiscoveryOpen }: OpenApiDeps): object => {
  const parameters = [
    { name: 'id', in: 'path', required: true, schema: { enum: [...services.keys()] } },
  ];
  // Demo mode refuses by place, production mode by token; a registered caller may still name a server it may not.
  const unknown = isDemo ? 403 : 401;
  const refused = isDemo ? [403] : [401, 403];
  const security = isDemo ? [] : [{ hookToken: [] }];
  return {
    '/cds-services': {
      get: {
        operationId: 'discover',
        summary: 'The services of this server',
        ...(isDiscoveryOpen ? { security: [] } : { security }),
        responses: {
          200: json('The services.', 'Discovery'),
          304: { description: 'Not changed since the entity tag that was sent.' },
          ...(isDiscoveryOpen ? {} : outcomes(unknown)),
        },
      },
    },
    '/cds-services/{id}': {
      post: {
        operationId: 'call',
        summary: 'Calls a service on its hook',
        security,
        parameters,
        requestBody: body(hookRequests(services)),
        responses: {
          200: json('Cards, none when there is nothing to say.', 'ServiceResponse'),
          ...outcomes(400, ...refused, 404, 412, 413, 415, 429, 500, 503),
        },
      },
    },
    '/cds-services/{id}/feedback': {
      post: {
        operationId: 'feedback',
        summary: 'Reports what became of cards',
        security,
        parameters: [...parameters, IDEMPOTENCY_KEY],
        requestBody: body(FEEDBACK_SCHEMA),
        responses: {
          200: json('Every item is durable.', 'FeedbackReceipt'),
          ...outcomes(400, unknown, 404, 413, 415, 422, 429, 503),
        },
      },
    },
  };
};

const get = (operationId: string, summary: string, responses: object): object => ({
  get: { operationId, summary, security: [], responses },
});

const healthPaths = (): object => ({
  '/health/live': get('live', 'The process is up', { 200: json('It is.', 'Live') }),
  '/health/ready': get('ready', 'Calls are taken', {
    200: json('They are; `degraded` when the store is not up.', 'Ready'),
    503: json('The process stops, or answers a canary patient differently.', 'Ready'),
  }),
  '/health/clinical': get('clinical', 'Canary patients are answered as expected', {
    200: json('They were, at the last run.', 'Clinical'),
    503: json('One was not.', 'Clinical'),
  }),
});

const pagePaths = (pages: OpenApiDeps['aboutPages']): object => ({
  '/': get('root', 'Where the parts of this server are', {
    200: answer('A page of links.', 'text/html', { type: 'string' }),
  }),
  ...Object.fromEntries(
    [...pages.keys()].map((name) => [
      `/about/${name}`,
      get(`about-${name}`, 'What the cards rest on', {
        200: answer('The page.', 'text/html', { type: 'string' }),
      }),
    ]),
  ),
  '/about/about.css': get('about-style', 'How these pages look', {
    200: answer('The style sheet.', 'text/css', { type: 'string' }),
  }),
  '/openapi.json': get('document', 'This document', {
    200: answer('OpenAPI 3.1.', JSON_TYPE, { type: 'object' }),
  }),
});

const metricsPath = (): object => ({
  '/metrics': get('metrics', 'Counts of this process', {
    200: answer('Prometheus text format.', 'text/plain', { type: 'string' }),
  }),
});

const SANDBOX =
  ' Demo mode: callers are not authenticated, and /fhir is an embedded FHIR R4 server with a CapabilityStatement of its own at /fhir/metadata.';

const describe = ({ knowledge, isDemo }: OpenApiDeps): string =>
  `CDS Hooks 2.0.1 over FHIR R4. ${knowledge.engineTexts.intendedUse} ` +
  'Any other method is answered 405 with Allow, any other path 404: below /cds-services as an OperationOutcome, elsewhere as a problem document.' +
  (isDemo ? SANDBOX : '');

/** Composes the document of this server. @see https://spec.openapis.org/oas/v3.1.0 */
export const composeOpenApi = (deps: OpenApiDeps): object => ({
  openapi: '3.1.0',
  info: {
    title: 'pain-cds',
    version: '1',
    description: describe(deps),
    license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
  },
  servers: [{ url: deps.baseUrl }],
  paths: {
    ...cdsPaths(deps),
    ...healthPaths(),
    ...pagePaths(deps.aboutPages),
    ...(deps.isDemo ? metricsPath() : {}),
  },
  components: {
    securitySchemes: {
      hookToken: {
        type: 'http',
        scheme: 'bearer',
        bearerFormat: 'JWT',
        description: 'Signed by the CDS Client for each call; see docs/integration.md.',
      },
    },
    schemas: SCHEMAS,
  },
});

/** Answers the document; composed once. */
export const openApi = (deps: OpenApiDeps): RequestHandler => {
  const text = JSON.stringify(composeOpenApi(deps));
  return (_request, response) => {
    response.type(JSON_TYPE).send(text);
  };
};
