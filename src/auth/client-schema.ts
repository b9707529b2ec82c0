// The shape of the client registry file, and what the schema leaves typed. Must not read files or judge values across fields.
import type { JWK } from 'jose';

/** One entry of the registry file as its schema guarantees it. */
export interface ClientEntry {
  readonly id: string;
  readonly name?: string;
  readonly issuer: string;
  readonly tenant?: string;
  readonly subjects?: readonly string[];
  readonly jwksUrl?: string;
  readonly jwks?: { readonly keys: readonly JWK[] };
  readonly algorithms?: readonly string[];
  readonly audiences?: readonly string[];
  readonly certificates?: readonly string[];
  readonly fhirServers?: readonly string[];
  readonly fhirClientId?: string;
  readonly addresses?: readonly string[];
  readonly corsOrigins?: readonly string[];
  readonly limits?: { readonly concurrent?: number; readonly feedbackPerMinute?: number };
}

/** Signature algorithms that can be registered; symmetric ones and `none` do not exist here. */
const ALGORITHMS = ['RS384', 'ES384', 'RS256', 'ES256'] as const;

const text = { type: 'string', minLength: 1, maxLength: 2048 } as const;
const texts = { type: 'array', items: text, uniqueItems: true, maxItems: 64 } as const;

/** `x5t#S256` of RFC 8705: SHA-256 of a certificate, base64url. */
const thumbprint = { type: 'string', pattern: '^[A-Za-z0-9_-]{43}$' } as const;

/** Members of a private or symmetric key (RFC 7518): a registry that holds one is refused. */
const SECRET_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k', 'priv'] as const;

const publicKey = {
  type: 'object',
  required: ['kty', 'kid'],
  properties: {
    kty: { enum: ['RSA', 'EC'] },
    kid: text,
    ...Object.fromEntries(SECRET_MEMBERS.map((member) => [member, false])),
  },
} as const;

/** JSON Schema 2020-12 of the file that `PAIN_CDS_CLIENTS` names. */
export const CLIENTS_SCHEMA = {
  type: 'object',
  additionalProperties: false,
  required: ['clients'],
  properties: {
    clients: {
      type: 'array',
      minItems: 1,
      maxItems: 1000,
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['id', 'issuer'],
        anyOf: [{ required: ['jwksUrl'] }, { required: ['jwks'] }],
        properties: {
          id: { type: 'string', pattern: '^[a-z0-9][a-z0-9-]{0,63}$' },
          name: text,
          issuer: text,
          tenant: text,
          subjects: { ...texts, minItems: 1 },
          jwksUrl: text,
          jwks: {
            type: 'object',
            additionalProperties: false,
            required: ['keys'],
            properties: { keys: { type: 'array', items: publicKey, minItems: 1, maxItems: 50 } },
          },
          algorithms: {
            type: 'array',
            items: { enum: ALGORITHMS },
            minItems: 1,
            uniqueItems: true,
          },
          audiences: texts,
          certificates: { ...texts, items: thumbprint, minItems: 1 },
          fhirServers: texts,
          fhirClientId: text,
          addresses: texts,
          corsOrigins: texts,
          limits: {
            type: 'object',
            additionalProperties: false,
            properties: {
              concurrent: { type: 'integer', minimum: 1, maximum: 10_000 },
              feedbackPerMinute: { type: 'integer', minimum: 1, maximum: 1_000_000 },
            },
          },
        },
      },
    },
  },
} as const;
