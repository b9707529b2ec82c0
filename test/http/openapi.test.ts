// The document of our HTTP surface against the routes that are there and the answers they give.
import assert from 'node:assert/strict';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { Express } from 'express';
import request, { type Response } from 'supertest';
import { composeAboutPages } from '../../src/cds/about-pages.js';
import type { CanaryState } from '../../src/cds/canary.js';
import type { CdsClient } from '../../src/cds/ports.js';
import type { AppDeps } from '../../src/http/app.js';
import { composeOpenApi } from '../../src/http/openapi.js';
import { loadAbout } from '../../src/knowledge/load-about.js';
import { openStore } from '../../src/store/open-store.js';
import { anApp, CARDS, shippedKnowledge } from '../support/app.js';
import { aClient, aRequest, oneOfEach, prefetchOf, services } from '../support/edge.js';
import { productionApp } from '../support/production.js';
import { AUDIENCE, anEntry, BASE_URL, bearer } from '../support/tokens.js';

interface Media {
  readonly schema: object;
}
interface Operation {
  readonly responses: Record<string, { readonly content?: Record<string, Media> }>;
  readonly security?: readonly object[];
}
interface Document {
  readonly openapi: string;
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { readonly schemas: Record<string, object> };
}

const aboutPages = composeAboutPages(shippedKnowledge(), loadAbout(CARDS));

const documentOf = (isDemo: boolean): Document =>
  JSON.parse(
    JSON.stringify(
      composeOpenApi({
        services,
        knowledge: shippedKnowledge(),
        aboutPages,
        baseUrl: BASE_URL,
        isDemo,
        isDiscoveryOpen: isDemo,
      }),
    ),
  );

const operations = ({ paths }: Document): [string, string, Operation][] =>
  Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]): [string, string, Operation] => [
      method.toUpperCase(),
      path,
      operation,
    ]),
  );

const CALL = '/cds-services/pain-patient-view';
const complete = aRequest({ prefetch: prefetchOf(oneOfEach) });
const feedback = {
  feedback: [{ card: 'x', outcome: 'overridden', outcomeTimestamp: '2026-11-22T10:00:00Z' }],
};
const different = (): CanaryState => ({
  status: 'different',
  checkedAt: '2026-11-22T10:00:00.000Z',
  canaries: [{ id: 'one', differs: ['cards'] }],
});

type Send = () => Promise<Response>;

/** How each documented answer of a service is brought about, by `METHOD path status`. */
const producers = (isDemo: boolean): ReadonlyMap<string, Send> => {
  const make = (change: Partial<AppDeps> = {}, entry: object = {}): Express =>
    (isDemo ? anApp(change) : productionApp([anEntry(entry)], change)).app;
  const limited = (limits: CdsClient['limits']): Express =>
    make({ authenticate: async () => aClient([], { limits }) });
  const tokenFor = async (path: string): Promise<Record<string, string>> =>
    isDemo ? {} : { authorization: await bearer({ claims: { aud: `${BASE_URL}${path}` } }) };
  const post = async (app: Express, path: string, body: object, headers: object = {}) =>
    request(app)
      .post(path)
      .set({ ...(await tokenFor(path)), ...headers })
      .send('content-type' in headers ? JSON.stringify(body) : body);
  const broken: Partial<AppDeps> = {
    newId: () => {
      throw new Error('a defect');
    },
  };
  const none = openStore('none:', { onFailure: () => undefined });
  const little = { concurrent: 0, feedbackPerMinute: 0 };
  const from = isDemo ? { origin: 'https://evil.test' } : { authorization: 'Bearer nothing' };
  const paths: [string, object, string][] = [
    [CALL, complete, 'POST /cds-services/{id}'],
    [`${CALL}/feedback`, feedback, 'POST /cds-services/{id}/feedback'],
  ];
  const both = paths.flatMap(([path, body, name]): [string, Send][] => [
    [`${name} 200`, () => post(make(), path, body)],
    [`${name} 400`, () => post(make(), path, {})],
    [`${name} ${isDemo ? 403 : 401}`, () => post(make(), path, body, from)],
    [`${name} 404`, () => post(make(), path.replace('patient-view', 'nobody'), body)],
    [`${name} 413`, () => post(make({ bodyLimitBytes: 20 }), path, body)],
    [`${name} 415`, () => post(make(), path, body, { 'content-type': 'text/plain' })],
    [`${name} 429`, () => post(limited(little), path, body)],
    [
      `${name} 503`,
      async () => {
        const app = make({ isOverloaded: () => true });
        // The first call of a client is let in whatever the load.
        await post(app, path, body);
        return post(app, path, body);
      },
    ],
  ]);
  const get = async (path: string, headers: object = {}, app = make()): Promise<Response> =>
    request(app)
      .get(path)
      .set({ ...(await tokenFor(path)), ...headers });
  const etag = async (): Promise<string> => (await get('/cds-services')).get('etag') ?? '';
  return new Map<string, Send>([
    ...both,
    [`POST /cds-services/{id} 412`, () => post(make(), CALL, aRequest())],
    [
      `POST /cds-services/{id}/feedback 422`,
      async () => {
        const [app, key] = [make(), { 'idempotency-key': 'k' }];
        const item = { ...feedback.feedback[0], card: 'y' };
        await post(app, `${CALL}/feedback`, feedback, key);
        return post(app, `${CALL}/feedback`, { feedback: [item] }, key);
      },
    ],
    [`POST /cds-services/{id} 500`, () => post(make(broken), CALL, complete)],
    ...(isDemo
      ? []
      : ([
          [
            'POST /cds-services/{id} 403',
            () => post(make(), CALL, { ...complete, fhirServer: 'https://other.test/fhir' }),
          ],
          ['GET /cds-services 401', () => get('/cds-services', from)],
        ] as [string, Send][])),
    ['GET /cds-services 200', () => get('/cds-services')],
    ['GET /cds-services 304', async () => get('/cds-services', { 'if-none-match': await etag() })],
    ['GET /health/live 200', () => get('/health/live')],
    ['GET /health/ready 200', () => get('/health/ready', {}, make({ evaluations: none }))],
    ['GET /health/ready 503', () => get('/health/ready', {}, make({ isStopping: () => true }))],
    ['GET /health/clinical 200', () => get('/health/clinical')],
    ['GET /health/clinical 503', () => get('/health/clinical', {}, make({ canaries: different }))],
    ...[
      '/',
      '/openapi.json',
      '/about/about.css',
      ...(isDemo ? ['/metrics'] : []),
      ...[...aboutPages.keys()].map((n) => `/about/${n}`),
    ].map((path): [string, Send] => [`GET ${path} 200`, () => get(path)]),
  ]);
};

interface Layer {
  readonly route?: { readonly path: string; readonly methods: Record<string, boolean> };
  readonly handle: { readonly stack?: readonly Layer[] };
  readonly match: (path: string) => boolean;
}

/** `METHOD path` of every route of an application, of its routers too. */
const routesOf = (app: Express, prefixes: readonly string[]): string[] => {
  const walk = (stack: readonly Layer[], prefix: string): string[] =>
    stack.flatMap(({ route, handle, match, ...rest }) => {
      if (route)
        return Object.keys(route.methods)
          .filter((method) => method !== '_all')
          .map((method) => {
            const joined = `${prefix}${route.path}`.replaceAll(/:(\w+)/g, '{$1}');
            const path = joined === '/' ? joined : joined.replace(/\/$/, '');
            return `${method.toUpperCase()} ${path}`;
          });
      if (!handle.stack) return [];
      const layer = { ...rest, match } as Layer & { path?: string };
      const mount = prefixes.find((one) => Reflect.apply(match, layer, [`${one}/x`]));
      assert.ok(mount !== undefined, 'a router is mounted where the document knows nothing');
      return walk(handle.stack, mount);
    });
  return walk((app as unknown as { router: { stack: readonly Layer[] } }).router.stack, '');
};

describe('GET /openapi.json', () => {
  it('is what the process is, in both modes', async () => {
    for (const { app } of [anApp(), productionApp()]) {
      const { body } = await request(app).get('/openapi.json').expect(200);

      assert.equal(body.openapi, '3.1.0');
      assert.ok(body.paths['/cds-services/{id}']);
    }
    const { body: demo } = await request(anApp().app).get('/openapi.json');
    assert.match(demo.info.description, /\/fhir\/metadata/);
    assert.deepEqual(demo.paths['/cds-services/{id}'].post.security, []);
    const { body: production } = await request(productionApp().app).get('/openapi.json');
    assert.doesNotMatch(production.info.description, /Demo mode/);
    assert.deepEqual(production.paths['/cds-services/{id}'].post.security, [{ hookToken: [] }]);
  });

  it('refuses other methods', () => request(anApp().app).post('/openapi.json').expect(405));

  it('names every route of the application, and no other', () => {
    const document = documentOf(true);
    const named = operations(document).map(([method, path]) => `${method} ${path}`);
    const prefixes = [
      ...new Set(Object.keys(document.paths).map((path) => `/${path.split('/')[1]}`)),
    ];

    const routes = routesOf(anApp().bare, prefixes);

    assert.ok(routes.length > 8);
    assert.deepEqual([...new Set(routes)].sort(), named.sort());
  });

  it('refers only to schemas that are there', () => {
    const document = documentOf(true);
    const text = JSON.stringify(document);

    for (const [, name = ''] of text.matchAll(/"#\/components\/schemas\/([^/"]+)/g))
      assert.ok(document.components.schemas[name], name);
    assert.ok(!text.includes('"#/$defs/'));
  });

  for (const isDemo of [true, false]) {
    describe(isDemo ? 'of demo mode' : 'of production mode', () => {
      const document = documentOf(isDemo);
      const ajv = new Ajv2020({ allErrors: true, strict: false });
      ajv.addSchema(document, 'document');
      const documented = operations(document).flatMap(([method, path, { responses }]) =>
        Object.entries(responses).map(([status, { content = {} }]) => ({
          name: `${method} ${path} ${status}`,
          pointer: `document#/paths/${path.replaceAll('/', '~1').replaceAll('{', '%7B').replaceAll('}', '%7D')}/${method.toLowerCase()}/responses/${status}/content`,
          status: Number(status),
          content,
        })),
      );
      const known = producers(isDemo);

      it('documents exactly the answers that are brought about here', () => {
        assert.deepEqual(documented.map(({ name }) => name).sort(), [...known.keys()].sort());
      });

      for (const { name, pointer, status, content } of documented)
        it(`${name} is answered as documented`, async () => {
          const answer = await known.get(name)?.();

          assert.equal(answer?.status, status);
          const [type] = Object.keys(content);
          if (type === undefined) return;
          assert.ok(answer?.get('content-type')?.startsWith(type), answer?.get('content-type'));
          const validate = ajv.compile({
            $ref: `${pointer}/${type.replaceAll('/', '~1').replaceAll('+', '%2B')}/schema`,
          });
          validate(type.endsWith('json') ? JSON.parse(answer?.text ?? '') : answer?.text);
          assert.deepEqual(
            (validate.errors ?? []).map(
              ({ instancePath, message }) => `${instancePath} ${message}`,
            ),
            [],
          );
        });
    });
  }
});

describe('the audience of tests', () => {
  it('is the address of the service', () => assert.equal(AUDIENCE, `${BASE_URL}${CALL}`));
});
