// Which FHIR server a call may read, and with which token. Must not dial.
import type { HookRequest } from '../cds/cds-hooks.js';
import type { CdsClient } from '../cds/ports.js';
import { Forbidden, InvalidRequest } from '../errors.js';
import { isLoopbackHost } from '../net/address-policy.js';
import { type BaseUrl, parseBase, selectBase } from '../net/base-url.js';

/** A server that may be read for one call. */
export interface SelectedServer {
  readonly base: BaseUrl;
  /** Undefined only for the demo client. */
  readonly token: string | undefined;
  /** How long the token lasts, milliseconds. */
  readonly tokenEndsInMs: number;
}

/** A server, or the word that says why there is none. `base` is the one that absolute references are about. */
export type Selection =
  | { readonly server: SelectedServer; readonly base: string }
  | { readonly server?: undefined; readonly reason: string; readonly base: string | undefined };

const LONGEST_TOKEN = 8192;
const TOKEN = /^[\x21-\x7e]+$/;

const baseOf = (fhirServer: string, client: CdsClient): BaseUrl | undefined => {
  if (client.kind === 'demo') {
    const base = parseBase(fhirServer);
    return base && isLoopbackHost(base.hostname) ? base : undefined;
  }
  const registered = client.fhirServers.flatMap((server) => parseBase(server) ?? []);
  const base = selectBase(registered, fhirServer);
  if (!base) throw new Forbidden('This fhirServer is not registered for the client.');
  return base;
};

/** Why a token may not be used; undefined when it may. */
const tokenFault = (
  { access_token, expires_in, subject }: NonNullable<HookRequest['fhirAuthorization']>,
  client: CdsClient,
): string | undefined => {
  if (!TOKEN.test(access_token) || access_token.length > LONGEST_TOKEN) return 'token-malformed';
  if (expires_in !== undefined && expires_in <= 0) return 'token-expired';
  return client.fhirClientId !== undefined && subject !== client.fhirClientId
    ? 'token-for-another-service'
    : undefined;
};

/**
 * Selects the server of a call: `fhirServer` is a selector into what is registered for the client, never an address.
 * The scope is not parsed: what it does not cover is answered 403 by the server (conformance DAT-17).
 * @throws {Forbidden} when the client is registered and the server is not
 * @throws {InvalidRequest} when the token is for another patient than the context
 * @see https://cds-hooks.hl7.org/2.0/#fhir-resource-access
 */
export const selectServer = (request: HookRequest, client: CdsClient): Selection => {
  const { fhirServer, fhirAuthorization, context } = request;
  if (fhirAuthorization?.patient !== undefined && fhirAuthorization.patient !== context.patientId) {
    throw new InvalidRequest([
      {
        pointer: '/fhirAuthorization/patient',
        message: 'the access token is for another patient than the context',
      },
    ]);
  }
  if (fhirServer === undefined) return { reason: 'no-fhir-access', base: undefined };
  const base = baseOf(fhirServer, client);
  if (!base) return { reason: 'no-fhir-access', base: fhirServer.replace(/\/+$/, '') };
  if (!fhirAuthorization) {
    return client.kind === 'demo'
      ? {
          server: { base, token: undefined, tokenEndsInMs: Number.POSITIVE_INFINITY },
          base: base.href,
        }
      : { reason: 'no-fhir-access', base: base.href };
  }
  const reason = tokenFault(fhirAuthorization, client);
  if (reason !== undefined) return { reason, base: base.href };
  const { access_token, expires_in = Number.POSITIVE_INFINITY } = fhirAuthorization;
  return {
    server: { base, token: access_token, tokenEndsInMs: expires_in * 1000 },
    base: base.href,
  };
};
