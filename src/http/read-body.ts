// Reads a JSON body within limits. Must not know what the body means.
import express, { type ErrorRequestHandler, type RequestHandler } from 'express';
import { InvalidRequest, PayloadTooLarge, UnsupportedMediaType } from '../errors.js';
import { shapeFault } from './validate.js';

const TYPES = ['application/json', 'application/fhir+json', 'application/*+json'];

const ENCODINGS = new Set(['identity', 'gzip']);

const hasBody = ({ headers }: Parameters<RequestHandler>[0]): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

const requireJson: RequestHandler = (request, _response, next) => {
  const type = request.get('content-type');
  if (!ENCODINGS.has((request.get('content-encoding') ?? 'identity').toLowerCase())) {
    throw new UnsupportedMediaType('Send the body as it is or as gzip.');
  }
  if (type === undefined ? hasBody(request) : !request.is(TYPES)) {
    throw new UnsupportedMediaType('Send application/json or application/fhir+json.');
  }
  if (type !== undefined && /charset\s*=/i.test(type) && !/charset\s*=\s*"?utf-?8"?/i.test(type)) {
    throw new UnsupportedMediaType('Send UTF-8.');
  }
  next();
};

const bounded: RequestHandler = (request, _response, next) => {
  if (request.body === undefined)
    throw new InvalidRequest([{ pointer: '', message: 'a JSON body is required' }]);
  const message = shapeFault(request.body);
  if (message !== undefined) throw new InvalidRequest([{ pointer: '', message }]);
  next();
};

/** Faults of the body parser in our own terms. The parser's error holds the raw body, so it is never kept as a cause. */
const translate: ErrorRequestHandler = (error, _request, _response, next) => {
  const { type, status } = error as { type?: unknown; status?: unknown };
  if (type === 'entity.too.large')
    next(new PayloadTooLarge('The body is larger than this server reads.'));
  else if (type === 'encoding.unsupported' || type === 'charset.unsupported')
    next(new UnsupportedMediaType('This content encoding is not read.'));
  else if (type === 'entity.parse.failed')
    next(new InvalidRequest([{ pointer: '', message: 'is not JSON' }]));
  else if (error instanceof URIError)
    next(new InvalidRequest([{ pointer: '', message: 'the address is not well formed' }]));
  else if (typeof type === 'string' || status === 400)
    next(new InvalidRequest([{ pointer: '', message: 'the body could not be read' }]));
  else next(error);
};

/** The handlers that read a JSON body of at most `limitBytes` decoded bytes. */
export const createBodyReader = (
  limitBytes: number,
): { readonly read: readonly RequestHandler[]; readonly translate: ErrorRequestHandler } => ({
  read: [requireJson, express.json({ limit: limitBytes, type: TYPES, strict: false }), bounded],
  translate,
});
