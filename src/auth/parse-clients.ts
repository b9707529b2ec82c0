// Text of the client registry -> registered clients, or every fault with its JSON pointer. Must not read files or verify tokens.
import { createPublicKey } from 'node:crypto';
import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import type { JWK } from 'jose';
import type { CdsClient } from '../cds/ports.js';
import { ConfigInvalid } from '../errors.js';
import {
  createAddressPolicy,
  isAddressRange,
  isLoopbackHost,
  isNeverAllowed,
  literalAddress,
} from '../net/address-policy.js';
import { parseBase } from '../net/base-url.js';
import { CLIENTS_SCHEMA, type ClientEntry } from './client-schema.js';

/** A client with what its tokens are checked against. */
export interface RegisteredClient extends CdsClient {
  /** For people. */
  readonly name?: string;
  readonly issuer: string;
  /** Tokens of this client carry exactly this tenant; undefined: none at all. */
  readonly tenant: string | undefined;
  /** Values of `sub` that are accepted; undefined: any. */
  readonly subjects: readonly string[] | undefined;
  /** Where its keys are published, and the only `jku` its tokens may name. */
  readonly jwksUrl: string | undefined;
  /** Keys given out of band; then nothing is fetched. */
  readonly jwks: { readonly keys: readonly JWK[] } | undefined;
  readonly algorithms: readonly string[];
  /** Values of `aud` accepted beside the address of the route. */
  readonly audiences: readonly string[];
  /** `x5t#S256` of the certificates its connections may have; undefined: any that TLS accepts. */
  readonly certificates: readonly string[] | undefined;
}

/** Its private key is published in its source code, so its signature proves nothing (SEC-21). */
const PUBLIC_SANDBOX = 'sandbox.cds-hooks.org';
const DEFAULT_ALGORITHMS = ['RS384', 'ES384'] as const;
const DEFAULT_LIMITS = { concurrent: 64, feedbackPerMinute: 600 } as const;
const LEAST_RSA_BITS = 2048;
const KEY_TYPE: Readonly<Record<string, string>> = {
  RS256: 'RSA',
  RS384: 'RSA',
  ES256: 'P-256',
  ES384: 'P-384',
};

type Report = (pointer: string, message: string) => void;

const describe = ({ instancePath, keyword, params, message }: ErrorObject): string | undefined => {
  const at = `/${instancePath.slice(1)}`;
  if (keyword === 'anyOf') return `${at}: jwksUrl or jwks is required`;
  if (keyword === 'required')
    return /jwksUrl|jwks$/.test(String(params.missingProperty))
      ? undefined
      : `${instancePath}/${params.missingProperty}: is required`;
  if (keyword === 'additionalProperties')
    return `${instancePath}/${params.additionalProperty}: is not a field of the registry`;
  if (keyword === 'false schema')
    return `${at}: a private or symmetric key must never be in the registry`;
  if (keyword === 'enum') return `${at}: must be one of ${params.allowedValues.join(', ')}`;
  return `${at}: ${message ?? 'is not valid'}`;
};

const validate = new Ajv2020({ allErrors: true, strict: false }).compile<{
  clients: readonly ClientEntry[];
}>(CLIENTS_SCHEMA);

const parseShape = (text: string): readonly ClientEntry[] => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's message quotes the text.
    throw new ConfigInvalid(['PAIN_CDS_CLIENTS: is not JSON']);
  }
  if (validate(value)) return value.clients;
  const faults = (validate.errors ?? []).flatMap((error) => describe(error) ?? []);
  throw new ConfigInvalid([...new Set(faults)].map((fault) => `PAIN_CDS_CLIENTS ${fault}`));
};

const checkUrls = (entry: ClientEntry, report: Report): void => {
  const { jwksUrl, fhirServers = [], addresses = [], corsOrigins = [] } = entry;
  const jwks = jwksUrl === undefined ? undefined : parseBase(jwksUrl);
  if (jwksUrl !== undefined) {
    if (!jwks)
      report('/jwksUrl', 'must be a plain absolute URL without userinfo, query or fragment');
    else if (!jwks.href.startsWith('https:') && !isLoopbackHost(jwks.hostname))
      report('/jwksUrl', 'must be https');
  }
  const bases = fhirServers.map((server) => parseBase(server));
  for (const [at, base] of bases.entries()) {
    if (!base)
      report(
        `/fhirServers/${at}`,
        'must be a plain absolute URL without userinfo, query or fragment',
      );
  }
  for (const [at, range] of addresses.entries()) {
    if (!isAddressRange(range)) report(`/addresses/${at}`, 'must be an IP address or a CIDR range');
  }
  if (!addresses.every(isAddressRange)) return;
  const hostnames = [...bases, jwks].flatMap((base) => base?.hostname ?? []);
  const isAllowed = createAddressPolicy(addresses, hostnames);
  const refuseLiteral = (pointer: string, hostname: string | undefined): void => {
    const literal = hostname === undefined ? undefined : literalAddress(hostname);
    if (literal === undefined) return;
    if (isNeverAllowed(literal)) report(pointer, 'is an address that is never read');
    else if (!isAllowed(literal)) report(pointer, 'is not among the addresses of this client');
  };
  refuseLiteral('/jwksUrl', jwks?.hostname);
  for (const [at, base] of bases.entries()) refuseLiteral(`/fhirServers/${at}`, base?.hostname);
  for (const [at, origin] of corsOrigins.entries()) {
    if (!URL.canParse(origin) || new URL(origin).origin !== origin)
      report(`/corsOrigins/${at}`, 'must be an origin as a browser sends it: no path, no wildcard');
  }
};

const checkKeys = (entry: ClientEntry, algorithms: readonly string[], report: Report): void => {
  for (const [at, key] of (entry.jwks?.keys ?? []).entries()) {
    try {
      const details = createPublicKey({ key: { ...key }, format: 'jwk' }).asymmetricKeyDetails;
      if ((details?.modulusLength ?? LEAST_RSA_BITS) < LEAST_RSA_BITS)
        report(`/jwks/keys/${at}`, `must have at least ${LEAST_RSA_BITS} bits`);
    } catch {
      report(`/jwks/keys/${at}`, 'is not a public key');
    }
    const fits = (algorithm: string): boolean =>
      KEY_TYPE[algorithm] === (key.kty === 'RSA' ? 'RSA' : key.crv) &&
      (key.alg === undefined || key.alg === algorithm);
    if (!algorithms.some(fits)) report(`/jwks/keys/${at}`, 'fits no algorithm of this client');
  }
};

const toClient = (entry: ClientEntry, report: Report): RegisteredClient => {
  const algorithms = entry.algorithms ?? DEFAULT_ALGORITHMS;
  checkUrls(entry, report);
  checkKeys(entry, algorithms, report);
  for (const [field, url] of Object.entries({ issuer: entry.issuer, jwksUrl: entry.jwksUrl })) {
    if (url !== undefined && URL.canParse(url) && new URL(url).hostname === PUBLIC_SANDBOX)
      report(`/${field}`, 'is the public sandbox, whose private key everybody has');
  }
  return Object.freeze({
    id: entry.id,
    kind: 'registered' as const,
    ...(entry.name !== undefined && { name: entry.name }),
    issuer: entry.issuer,
    tenant: entry.tenant,
    subjects: entry.subjects,
    jwksUrl: entry.jwksUrl,
    jwks: entry.jwks,
    algorithms,
    audiences: entry.audiences ?? [],
    certificates: entry.certificates,
    fhirServers: entry.fhirServers ?? [],
    addresses: entry.addresses ?? [],
    ...(entry.fhirClientId !== undefined && { fhirClientId: entry.fhirClientId }),
    corsOrigins: entry.corsOrigins ?? [],
    limits: { ...DEFAULT_LIMITS, ...entry.limits },
  });
};

/** Issuer and tenant as one key; JSON, because either may hold any character. */
export const tenancyOf = (issuer: string, tenant: string | undefined): string =>
  JSON.stringify([issuer, tenant ?? null]);

/**
 * Parses a client registry.
 * @throws {ConfigInvalid} with every fault and its JSON pointer; never repeats a value
 */
export const parseClients = (text: string): readonly RegisteredClient[] => {
  const faults: string[] = [];
  const ids = new Map<string, number>();
  const tenancies = new Map<string, number>();
  const clients = parseShape(text).map((entry, at) => {
    const report: Report = (pointer, message) =>
      void faults.push(`PAIN_CDS_CLIENTS /clients/${at}${pointer}: ${message}`);
    const tenancy = tenancyOf(entry.issuer, entry.tenant);
    const sameId = ids.get(entry.id);
    const sameTenancy = tenancies.get(tenancy);
    if (sameId !== undefined) report('/id', `is the id of /clients/${sameId} too`);
    if (sameTenancy !== undefined)
      report('/issuer', `has the issuer and tenant of /clients/${sameTenancy}`);
    ids.set(entry.id, at);
    tenancies.set(tenancy, at);
    return toClient(entry, report);
  });
  if (faults.length > 0) throw new ConfigInvalid(faults);
  return clients;
};
