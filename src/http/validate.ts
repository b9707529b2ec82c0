// Body -> HookRequest: every fault with its JSON pointer. Must not look inside prefetch values.
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import type { HookRequest } from '../cds/cds-hooks.js';
import { type Fault, InvalidRequest } from '../errors.js';
import { bareId, contextSchema, keptContext } from './hook-contexts.js';

const text = { type: 'string', minLength: 1 } as const;

/** JSON Schema of the body of a call to a hook, the document of our HTTP surface shows it; unknown fields are ignored (REQ-5). */
export const requestSchema = (hook: string) => ({
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
    context: contextSchema(hook),
    prefetch: { type: ['object', 'null'] },
  },
  dependentRequired: { fhirAuthorization: ['fhirServer'] },
});

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

type Checked = HookRequest & { prefetch?: Record<string, unknown> | null };

/** Creates the validator of service calls; each hook's is compiled once, when it is first called. */
export const createHookRequestValidator = (): ((body: unknown, hook: string) => HookRequest) => {
  const ajv = new Ajv2020({ allErrors: true, strict: false });
  const compiled = new Map<string, ValidateFunction<Checked>>();
  const checkOf = (hook: string): ValidateFunction<Checked> => {
    const known = compiled.get(hook) ?? ajv.compile<Checked>(requestSchema(hook));
    compiled.set(hook, known);
    return known;
  };
  return (body, hook) => {
    const check = checkOf(hook);
    const isValid = check(body);
    const faults = (check.errors ?? []).map(toFault);
    const given = typeof body === 'object' && body !== null && 'hook' in body ? body.hook : hook;
    if (typeof given === 'string' && given !== '' && given !== hook) {
      faults.push({ pointer: '/hook', message: `this service answers the hook ${hook}` });
    }
    if (!isValid || faults.length > 0) throw new InvalidRequest(faults);
    const { hookInstance, fhirServer, fhirAuthorization, prefetch } = body;
    return {
      hook,
      hookInstance,
      context: keptContext(hook, body.context),
      ...(fhirServer !== undefined && { fhirServer }),
      ...(fhirAuthorization && {
        fhirAuthorization: {
          ...fhirAuthorization,
          ...(fhirAuthorization.patient && {
            patient: bareId(fhirAuthorization.patient, 'Patient'),
          }),
        },
      }),
      ...(prefetch && { prefetch }),
    };
  };
};
