// JSON Schemas of what we answer. Must not hold what we are sent: the validators own that.
import { readFileSync } from 'node:fs';

const text = { type: 'string', minLength: 1 } as const;
const uuid = {
  type: 'string',
  pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$',
} as const;
const url = { type: 'string', pattern: '^https?://[^/]' } as const;
const count = { type: 'integer', minimum: 0 } as const;
/** Vendor data under reverse-DNS names. */
const extension = {
  type: 'object',
  minProperties: 1,
  propertyNames: { pattern: '^[a-z0-9-]+(\\.[A-Za-z0-9-]+){1,}$' },
} as const;

const closed = (required: readonly string[], properties: object): object => ({
  type: 'object',
  additionalProperties: false,
  required,
  properties,
});

const some = (items: object): object => ({ type: 'array', minItems: 1, items });

const knowledge = closed(['version', 'digest'], { version: text, digest: text });

const SERVICE = closed(['hook', 'id', 'description'], {
  hook: text,
  id: { type: 'string', pattern: '^[A-Za-z0-9.-]+$' },
  title: text,
  description: text,
  usageRequirements: text,
  version: { type: 'string', pattern: '^\\d+\\.\\d+\\.\\d+' },
  prefetch: { type: 'object', minProperties: 1, additionalProperties: text },
  extension,
});

const CODING = closed(['system', 'code'], { system: text, code: text, display: text });

const ACTION = {
  ...closed(['type', 'description'], {
    type: { enum: ['create', 'update', 'delete'] },
    description: text,
    resource: { type: 'object', required: ['resourceType'] },
    resourceId: { type: 'string', pattern: '^[A-Z][A-Za-z]+/[A-Za-z0-9.-]+$' },
    extension,
  }),
  if: { properties: { type: { const: 'delete' } } },
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
  then: { required: ['resourceId'], not: { required: ['resource'] } },
  else: { required: ['resource'] },
};

const SUGGESTION = closed(['label', 'uuid'], {
  label: text,
  uuid,
  isRecommended: { type: 'boolean' },
  actions: some(ACTION),
});

const LINK = {
  ...closed(['label', 'url', 'type'], {
    label: text,
    url,
    type: { enum: ['absolute', 'smart'] },
    appContext: text,
    autolaunchable: { type: 'boolean' },
  }),
  if: { properties: { type: { const: 'absolute' } } },
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
  then: { not: { required: ['appContext'] } },
};

const CARD = {
  ...closed(['uuid', 'summary', 'indicator', 'source'], {
    uuid,
    summary: { type: 'string', minLength: 1, maxLength: 139 },
    detail: { type: 'string', minLength: 1, maxLength: 2000 },
    indicator: { enum: ['info', 'warning', 'critical'] },
    source: closed(['label', 'topic'], {
      label: text,
      url,
      icon: url,
      topic: closed(['system', 'code'], {
        system: text,
        code: { type: 'string', pattern: '^[A-Za-z0-9]{1,100}$' },
        display: text,
      }),
    }),
    suggestions: some(SUGGESTION),
    selectionBehavior: { enum: ['at-most-one', 'any'] },
    overrideReasons: some({ ...CODING, required: ['system', 'code', 'display'] }),
    links: some(LINK),
    extension,
  }),
  dependentRequired: {
    suggestions: ['selectionBehavior'],
    selectionBehavior: ['suggestions'],
  },
};

const EVALUATION_FILE = new URL('../../openapi/evaluation.schema.json', import.meta.url);

/** The contract of the machine-readable answer, with its inner references as a component of this document. */
const evaluationSchema = (): object => {
  const file = readFileSync(EVALUATION_FILE, 'utf8');
  const { $schema: _, ...schema } = JSON.parse(
    file.replaceAll('"#/$defs/', '"#/components/schemas/Evaluation/$defs/'),
  ) as { $schema: string };
  return schema;
};

const STORE = closed(['state', 'waiting', 'dropped'], {
  state: { enum: ['up', 'degraded', 'down'] },
  waiting: count,
  dropped: count,
});

/** Components of the document of our HTTP surface. */
export const SCHEMAS: Readonly<Record<string, object>> = {
  Discovery: closed(['services'], { services: { type: 'array', items: SERVICE } }),
  Card: CARD,
  Evaluation: evaluationSchema(),
  ServiceResponse: closed(['cards'], {
    cards: { type: 'array', maxItems: 5, items: { $ref: '#/components/schemas/Card' } },
    extension: {
      ...extension,
      properties: { 'org.pain-cds.evaluation': { $ref: '#/components/schemas/Evaluation' } },
    },
  }),
  FeedbackReceipt: closed(['feedback'], {
    feedback: closed(['stored', 'repeated', 'unmatched'], {
      stored: count,
      repeated: count,
      unmatched: count,
    }),
  }),
  OperationOutcome: closed(['resourceType', 'issue'], {
    resourceType: { const: 'OperationOutcome' },
    issue: some(
      closed(['severity', 'code'], {
        severity: { enum: ['fatal', 'error', 'warning', 'information'] },
        code: text,
        details: closed(['text'], { text }),
        diagnostics: text,
      }),
    ),
  }),
  Live: closed(['status'], { status: { const: 'up' } }),
  Ready: closed(['status', 'knowledge', 'store'], {
    status: { enum: ['ready', 'degraded', 'stopping', 'clinically-different'] },
    knowledge,
    store: STORE,
  }),
  Clinical: closed(['status', 'checkedAt', 'canaries', 'knowledge'], {
    status: { enum: ['as-expected', 'different'] },
    checkedAt: { type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\dT' },
    canaries: {
      type: 'array',
      items: closed(['id', 'differs'], {
        id: text,
        differs: { type: 'array', items: text },
      }),
    },
    knowledge,
  }),
};
