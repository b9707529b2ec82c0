// Who makes a request, before anything of it is read. Must not know tokens.
import { createHash } from 'node:crypto';
import type { Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { TLSSocket } from 'node:tls';
import type { RequestHandler, Response } from 'express';
import type { Authenticate, Caller, CdsClient } from '../cds/ports.js';
import { ClientGone, Unauthenticated } from '../errors.js';

/**
 * A refusal is answered so long after the request came, milliseconds: longer than a check takes, so that the time does not
 * tell a registered issuer from an unknown one, or a forged signature from a malformed token.
 */
export const REFUSED_AFTER_MS = 25;

/** What the connection itself proved; a header can name any certificate. @see RFC 8705 section 3.1 */
const thumbprintOf = (socket: Socket): string | undefined => {
  const certificate = socket instanceof TLSSocket ? socket.getPeerX509Certificate() : undefined;
  return certificate && createHash('sha256').update(certificate.raw).digest('base64url');
};

/**
 * Creates the step that lets registered clients pass and nobody else. It runs before the body is read, so that a caller
 * who is refused costs nothing.
 * @param paths - the addresses below the base URL that a token for this route may name as its audience
 */
export const createAuthentication =
  (authenticate: Authenticate, baseUrl: string) =>
  (paths: (id: string) => readonly string[]): RequestHandler =>
  async ({ headers, params, socket }, response, next) => {
    const arrived = performance.now();
    const id = typeof params.id === 'string' ? params.id : '';
    const client = await authenticate({
      authorization: headers.authorization,
      // From the configured address, never from the Host header.
      audiences: paths(id).map((path) => `${baseUrl}${path}`),
      origin: headers.origin,
      remoteAddress: socket.remoteAddress,
      certificate: () => thumbprintOf(socket),
    }).catch(async (error: unknown) => {
      if (error instanceof Unauthenticated)
        await setTimeout(arrived + REFUSED_AFTER_MS - performance.now());
      throw error;
    });
    const isRegistered = client.kind === 'registered';
    // Some client has this origin, or it would not have been allowed; it must be this client's own.
    if (isRegistered && !client.corsOrigins.includes(headers.origin ?? ''))
      response.removeHeader('access-control-allow-origin');
    response.locals.client = client;
    next();
  };

/** The client that `createAuthentication` let pass. */
export const clientOf = (response: Response): CdsClient => {
  const client: CdsClient | undefined = response.locals.client;
  if (!client) throw new Unauthenticated('not-authenticated');
  return client;
};

/** A signal that aborts when the caller hangs up before the answer. */
const hangUpOf = (response: Response): AbortSignal => {
  const gone = new AbortController();
  if (response.closed) gone.abort(new ClientGone());
  response.once('close', () => {
    if (!response.writableFinished) gone.abort(new ClientGone());
  });
  return gone.signal;
};

/** The caller of a request: its client, and a signal that aborts when it hangs up, made when first asked for. */
export const callerOf = (response: Response, language?: string): Caller => {
  let signal: AbortSignal | undefined;
  const started = performance.now();
  return {
    client: clientOf(response),
    ...(language !== undefined && { language }),
    get signal() {
      signal ??= hangUpOf(response);
      return signal;
    },
    receivedAt: new Date(),
    elapsedMs: () => performance.now() - started,
  };
};
