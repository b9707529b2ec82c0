// Body -> HookRequest: every fault with its JSON pointer. Must not look inside prefetch values.
import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import type { HookContext, HookRequest } from '../cds/cds-hooks.js';
import { type Fault, InvalidRequest } from '../errors.js';

const text = { type: 'string', minLength: 1 } as const;

/** The envelope of a call; unknown fields are ignored (REQ-5). */
const REQUEST = {
  type: 'object',
  required: ['hook', 'hookInstance', 'context'],
  properties: {
    hook: text,
    hookInstance: { type: 'string', minLength: 1, maxLength: 256 },
    fhirServer: { type: 'string', pattern: '^https?://[^\\s?#@]+$', maxLength: 2048 },
    fhirAuthorization: {
      type: 'object',
      required: ['access_token', 'token_type', 'expires_in', 'scope', 'subject'],
      properties: {
        access_token: text,
        token_type: { const: 'Bearer' },
        expires_in: { type: 'integer' },
        scope: { type: 'string' },
        subject: text,
        patient: text,
      },
    },
    context: {
      type: 'object',
      required: ['userId', 'patientId'],
      properties: {
        userId: {
          type: 'string',
          pattern: '^(Practitioner|PractitionerRole|Patient|RelatedPerson)/.+$',
          maxLength: 512,
        },
        patientId: { type: 'string', pattern: '^(Patient/)?(?!\\.{1,2}$)[A-Za-z0-9\\-.]{1,256}$' },
        encounterId: text,
      },
    },
    prefetch: { type: ['object', 'null'] },
  },
  dependentRequired: { fhirAuthorization: ['fhirServer'] },
} as const;

/** A fault of ajv in our terms. */
export const toFault = ({ instancePath, keyword, message, params }: ErrorObject): Fault => {
  const missing = 'missingProperty' in params ? String(params.missingProperty) : undefined;
  if (keyword === 'required' || keyword === 'dependentRequired') {
    return {
      pointer: `${instancePath}/${missing}`,
      message: keyword === 'required' ? 'is required' : 'is required with fhirAuthorization',
    };
  }
  return { pointer: instancePath, message: message ?? 'is not valid' };
};

/** Deeper bodies are refused before anything walks them. */
const MAX_DEPTH = 64;

const isNested = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** Whether a JSON value nests deeper than allowed; it goes no deeper itself, because the value may be hostile. */
export const isTooDeep = (value: unknown, depth = 0): boolean => {
  if (!isNested(value)) return false;
  if (depth > MAX_DEPTH) return true;
  if (Array.isArray(value)) {
    for (const child of value) if (isNested(child) && isTooDeep(child, depth + 1)) return true;
    return false;
  }
  for (const key in value) {
    const child = (value as Record<string, unknown>)[key];
    if (isNested(child) && isTooDeep(child, depth + 1)) return true;
  }
  return false;
};

const bareId = (patientId: string): string => patientId.replace(/^Patient\//, '');

/** Creates the validator of service calls; compiled once. */
export const createHookRequestValidator = (): ((body: unknown, hook: string) => HookRequest) => {
  const check = new Ajv2020({ allErrors: true, strict: false }).compile<
    HookRequest & { prefetch?: Record<string, unknown> | null }
  >(REQUEST);
  return (body, hook) => {
    const isValid = check(body);
    const faults = (check.errors ?? []).map(toFault);
    const given = typeof body === 'object' && body !== null && 'hook' in body ? body.hook : hook;
    if (typeof given === 'string' && given !== '' && given !== hook) {
      faults.push({ pointer: '/hook', message: `this service answers the hook ${hook}` });
    }
    if (!isValid || faults.length > 0) throw new InvalidRequest(faults);
    const { encounterId, userId, patientId } = body.context;
    const context: HookContext = {
      ...(userId && { userId }),
      patientId: bareId(patientId),
      ...(encounterId && { encounterId }),
    };
    const { hookInstance, fhirServer, fhirAuthorization, prefetch } = body;
    return {
      hook,
      hookInstance,
      context,
      ...(fhirServer !== undefined && { fhirServer }),
      ...(fhirAuthorization && {
        fhirAuthorization: {
          ...fhirAuthorization,
          ...(fhirAuthorization.patient && { patient: bareId(fhirAuthorization.patient) }),
        },
      }),
      ...(prefetch && { prefetch }),
    };
  };
};
