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

/** Deeper, wider and longer bodies are refused before anything else walks them. */
const MOST = { depth: 64, members: 1_000, entries: 20_000 } as const;

const isNested = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** What makes a JSON value one that nobody sends in good faith; it goes no deeper itself than it allows. */
export const shapeFault = (value: unknown, depth = 0): string | undefined => {
  if (!isNested(value)) return undefined;
  if (depth > MOST.depth) return 'nests too deep';
  if (Array.isArray(value)) {
    if (value.length > MOST.entries) return `has a list of more than ${MOST.entries} entries`;
    for (const child of value) {
      const fault = isNested(child) ? shapeFault(child, depth + 1) : undefined;
      if (fault !== undefined) return fault;
    }
    return undefined;
  }
  let members = 0;
  for (const key in value) {
    members += 1;
    if (members > MOST.members) return `has an object of more than ${MOST.members} members`;
    const child = (value as Record<string, unknown>)[key];
    const fault = isNested(child) ? shapeFault(child, depth + 1) : undefined;
    if (fault !== undefined) return fault;
  }
  return undefined;
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
