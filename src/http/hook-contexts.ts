// The context of each hook as JSON Schema, and which of its fields are kept. Must not look inside the resources it carries.
import type { HookContext } from '../cds/cds-hooks.js';

const text = { type: 'string', minLength: 1 } as const;

const userId = {
  type: 'string',
  pattern: '^(Practitioner|PractitionerRole|Patient|RelatedPerson)/.+$',
  maxLength: 512,
} as const;

/** A Bundle as clients send it: `type` may be missing, entries are looked at one by one later. */
const bundle = {
  type: 'object',
  required: ['resourceType'],
  properties: { resourceType: { const: 'Bundle' }, entry: { type: 'array' } },
} as const;

const common = {
  userId,
  patientId: { type: 'string', pattern: '^(Patient/)?(?!\\.{1,2}$)[A-Za-z0-9\\-.]{1,256}$' },
  encounterId: text,
};

interface Fields {
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, object>>;
}

/** What each hook asks for beside user and patient. @see CDS Hooks library, hook pages */
const BY_HOOK: Readonly<Record<string, Fields>> = {
  'encounter-start': { required: ['encounterId'] },
  'order-select': {
    required: ['selections', 'draftOrders'],
    properties: {
      selections: { type: 'array', maxItems: 1000, items: { ...text, maxLength: 2048 } },
      draftOrders: bundle,
    },
  },
  'order-sign': { required: ['draftOrders'], properties: { draftOrders: bundle } },
  'problem-list-item-create': { required: ['conditions'], properties: { conditions: bundle } },
};

/** The schema of a hook's context; a field no hook of ours knows is ignored (REQ-5). */
export const contextSchema = (hook: string): object => {
  const { required = [], properties = {} } = BY_HOOK[hook] ?? {};
  return {
    type: 'object',
    required: ['userId', 'patientId', ...required],
    properties: { ...common, ...properties },
  };
};

/** An id without the type in front that some clients send (REQ-10). */
export const bareId = (id: string, type: 'Patient' | 'Encounter'): string =>
  id.startsWith(`${type}/`) ? id.slice(type.length + 1) : id;

/** The fields of a valid context that the hook defines; nothing else gets in. */
export const keptContext = (hook: string, context: HookContext): HookContext => {
  const { userId: user, patientId, encounterId, selections, draftOrders, conditions } = context;
  const { properties = {} } = BY_HOOK[hook] ?? {};
  return {
    ...(user && { userId: user }),
    patientId: bareId(patientId, 'Patient'),
    ...(encounterId && { encounterId: bareId(encounterId, 'Encounter') }),
    ...('selections' in properties && selections && { selections }),
    ...('draftOrders' in properties && { draftOrders }),
    ...('conditions' in properties && { conditions }),
  };
};
