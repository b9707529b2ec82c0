// Reads YAML documents of cards/ and validates each against the schema of its format. Must not interpret them.
import { Ajv2020 } from 'ajv/dist/2020.js';
import { KnowledgeInvalid } from '../errors.js';
import type { KnowledgeFiles, YamlFile } from './knowledge-files.js';

/** Schema of each YAML file by the folder or name it stands in. */
const SCHEMAS: readonly (readonly [string, string])[] = [
  ['categories/', 'category'],
  ['guidance/', 'guidance'],
  ['safety/', 'safety'],
  ['canaries/', 'canary'],
  ['freshness.yaml', 'freshness'],
  ['definitions.yaml', 'definitions'],
  ['sets.yaml', 'sets'],
  ['settings.yaml', 'settings'],
  ['code-systems.yaml', 'code-systems'],
  ['coexistence.yaml', 'coexistence'],
  ['modifiers.yaml', 'modifiers'],
  ['red-flags.yaml', 'red-flags'],
  ['ask-next.yaml', 'ask-next'],
  ['treatments.yaml', 'treatments'],
  ['orders.yaml', 'orders'],
  ['suggestions.yaml', 'suggestions'],
  ['medicines.yaml', 'medicines'],
  ['allergies.yaml', 'allergies'],
  ['derived.yaml', 'derived'],
  ['opioid-equivalents.yaml', 'opioid-equivalents'],
  ['trials.yaml', 'trials'],
  ['stepwise.yaml', 'stepwise'],
  ['dynamic.yaml', 'dynamic'],
  ['sources.yaml', 'sources'],
  ['article.yaml', 'article'],
  ['ozone.yaml', 'ozone'],
  ['site.yaml', 'site'],
  ['source-attributes.yaml', 'source-attributes'],
  ['open-points.yaml', 'open-points'],
  ['texts/engine.', 'engine-texts'],
  ['texts/service.', 'service-texts'],
  ['translations/', 'translations'],
];

/** Reads a document of a known format. @throws {KnowledgeInvalid} with every fault of the file */
export type DocumentReader = <T>(file: string) => { readonly file: YamlFile; readonly document: T };

/** Reads YAML files and validates each against the schema of its format. */
export const createDocumentReader = (files: KnowledgeFiles): DocumentReader => {
  const ajv = new Ajv2020({ allErrors: true, strict: false });
  const compiled = new Map<string, ReturnType<typeof ajv.compile>>();
  const validatorFor = (file: string) => {
    const name = SCHEMAS.find(([start]) => file.startsWith(start))?.[1];
    if (name === undefined) return undefined;
    const schema = files.json(`schema/${name}.schema.json`);
    if (typeof schema !== 'object' || schema === null) return undefined;
    const known = compiled.get(name) ?? ajv.compile(schema);
    compiled.set(name, known);
    return known;
  };
  return <T>(name: string) => {
    const file = files.yaml(name);
    if (!file) throw new KnowledgeInvalid(files.faults);
    const validate = validatorFor(name);
    if (validate && !validate(file.value)) {
      for (const { instancePath, message, params } of validate.errors ?? []) {
        const path = instancePath
          .split('/')
          .slice(1)
          .map((part) => (/^\d+$/.test(part) ? Number(part) : part.replaceAll('~1', '/')));
        const extra =
          'additionalProperty' in params ? ` (${String(params.additionalProperty)})` : '';
        files.faults.push(file.faultAt(path, `${message ?? 'is not valid'}${extra}`));
      }
      throw new KnowledgeInvalid(files.faults);
    }
    return { file, document: file.value as T };
  };
};
