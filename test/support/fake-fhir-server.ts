// A FHIR server on loopback that answers from a list of resources and can fail in every way. Must not know the product.
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import type { Bundle, FhirResource } from 'fhir/r4.js';

/** One request as it arrived. */
export interface SeenRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
}

/** How one resource type, or one exact URL below the base, is answered instead. */
export type Fault =
  | {
      readonly kind: 'json';
      readonly status?: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body: unknown;
    }
  | {
      readonly kind: 'text';
      readonly status?: number;
      readonly type: string;
      readonly body: string;
    }
  | { readonly kind: 'redirect'; readonly to: string; readonly status?: number }
  | { readonly kind: 'drip' }
  | { readonly kind: 'hang' }
  | { readonly kind: 'gzip'; readonly body: unknown }
  | { readonly kind: 'reset' }
  | { readonly kind: 'late'; readonly ms: number }
  /** Answered when so many requests wait, not before. */
  | { readonly kind: 'together'; readonly count: number };

export interface FakeFhirServer {
  /** Base URL with a path prefix, without a trailing slash. */
  readonly base: string;
  readonly requests: SeenRequest[];
  /** Requests whose client hung up before the answer. */
  readonly abandoned: () => number;
  /** Answers the next request for this type, or URL, with a fault. */
  readonly failOnce: (typeOrUrl: string, fault: Fault) => void;
  /** Answers this type, or this URL relative to the base, with a fault. */
  readonly fail: (typeOrUrl: string, fault: Fault) => void;
  readonly close: () => Promise<void>;
}

/** A searchset of resources, with a `next` link when one is given. */
export const searchset = (resources: readonly FhirResource[], next?: string): Bundle => ({
  resourceType: 'Bundle',
  type: 'searchset',
  ...(next === undefined && { total: resources.length }),
  ...(next !== undefined && { link: [{ relation: 'next', url: next }] }),
  ...(resources.length > 0 && {
    entry: resources.map((resource) => ({ resource, search: { mode: 'match' } })),
  }),
});

/** An OperationOutcome of one issue. */
export const outcome = (severity: 'fatal' | 'error' | 'warning' | 'information'): FhirResource => ({
  resourceType: 'OperationOutcome',
  issue: [{ severity, code: 'processing' }],
});

const PREFIX = '/tenant/fhir';

const send = (response: ServerResponse, status: number, type: string, body: string): void => {
  response.writeHead(status, { 'content-type': type }).end(body);
};

const sendJson = (response: ServerResponse, status: number, body: unknown): void =>
  send(response, status, 'application/fhir+json', JSON.stringify(body));

/** One byte now and then, never the end. */
const drip = (response: ServerResponse): void => {
  response.writeHead(200, { 'content-type': 'application/fhir+json' }).write('{');
  const dripping = setInterval(() => response.write(' '), 20).unref();
  response.once('close', () => clearInterval(dripping));
};

const refuse = (response: ServerResponse, fault: Fault): boolean => {
  if (fault.kind === 'json') {
    for (const [name, value] of Object.entries(fault.headers ?? {}))
      response.setHeader(name, value);
    sendJson(response, fault.status ?? 200, fault.body);
  } else if (fault.kind === 'text') send(response, fault.status ?? 200, fault.type, fault.body);
  else if (fault.kind === 'gzip') {
    const headers = { 'content-type': 'application/fhir+json', 'content-encoding': 'gzip' };
    response.writeHead(200, headers).end(gzipSync(JSON.stringify(fault.body)));
  } else if (fault.kind === 'redirect')
    response.writeHead(fault.status ?? 307, { location: fault.to }).end();
  else if (fault.kind === 'drip') drip(response);
  else if (fault.kind === 'reset') response.socket?.destroy();
  return fault.kind !== 'late' && fault.kind !== 'together';
};

const answer = (
  response: ServerResponse,
  url: string,
  resources: readonly FhirResource[],
): void => {
  const [path = '', query] = url.split('?');
  const [type = '', id] = path.split('/');
  if (id !== undefined) {
    const found = resources.find((r) => r.resourceType === type && r.id === id);
    sendJson(response, found ? 200 : 404, found ?? outcome('error'));
    return;
  }
  const ids = new URLSearchParams(query).get('_id')?.split(',');
  const ofType = resources.filter((r) => r.resourceType === type);
  sendJson(response, 200, searchset(ids ? ofType.filter((r) => ids.includes(r.id ?? '')) : ofType));
};

/** Starts a server that holds the resources; it neither filters by patient nor by code, as some do. */
export const startFakeFhirServer = async (
  resources: readonly FhirResource[] = [],
): Promise<FakeFhirServer> => {
  const requests: SeenRequest[] = [];
  const faults = new Map<string, Fault>();
  const once = new Set<Fault>();
  const waiting: (() => void)[] = [];
  let abandoned = 0;
  const server = createServer((request, response) => {
    const { method = '', url = '', headers } = request;
    requests.push({ method, url, headers });
    response.once('close', () => {
      if (!response.writableFinished) abandoned += 1;
    });
    const relative = url.startsWith(`${PREFIX}/`) ? url.slice(PREFIX.length + 1) : url;
    const fault = faults.get(relative) ?? faults.get(relative.split(/[/?]/)[0] ?? '');
    if (fault && once.delete(fault))
      for (const [key, one] of faults) if (one === fault) faults.delete(key);
    if (fault && refuse(response, fault)) return;
    const reply = (): void => answer(response, relative, resources);
    if (fault?.kind === 'together') {
      if (waiting.push(reply) === fault.count) for (const one of waiting.splice(0)) one();
    } else setTimeout(reply, fault?.kind === 'late' ? fault.ms : 0).unref();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    base: `http://127.0.0.1:${port}${PREFIX}`,
    requests,
    abandoned: () => abandoned,
    failOnce: (typeOrUrl, fault) => {
      faults.set(typeOrUrl, fault);
      once.add(fault);
    },
    fail: (typeOrUrl, fault) => void faults.set(typeOrUrl, fault),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
