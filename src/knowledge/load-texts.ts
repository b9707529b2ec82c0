// cards/texts -> the sentences of cards and of discovery. Must not know evaluations.
import { Ajv2020 } from 'ajv/dist/2020.js';
import { type CardTextDocument, type CardTexts, compileCardTexts } from '../cds/card-texts.js';
import type { ServiceTexts } from '../cds/services.js';
import { KnowledgeInvalid } from '../errors.js';
import type { Knowledge } from '../pain/knowledge.js';
import type { ServiceTextsDocument, TreatmentsDocument } from './documents.js';
import { openKnowledgeFiles } from './knowledge-files.js';
import { createDocumentReader } from './read-documents.js';

const LANGUAGE = 'en';

/** The sentences cards are made of. @throws {KnowledgeInvalid} */
export const loadCardTexts = (
  folder: string,
  knowledge: Pick<Knowledge, 'regionLabels'>,
): CardTexts => {
  const files = openKnowledgeFiles(folder);
  const file = files.yaml(`texts/${LANGUAGE}.yaml`);
  const schema = files.json('schema/texts.schema.json');
  if (!file || typeof schema !== 'object' || schema === null)
    throw new KnowledgeInvalid(files.faults);
  const validate = new Ajv2020({ allErrors: true, strict: false }).compile(schema);
  if (!validate(file.value)) {
    throw new KnowledgeInvalid(
      (validate.errors ?? []).map(({ instancePath, message }) =>
        file.faultAt(instancePath.split('/').slice(1), message ?? 'is not valid'),
      ),
    );
  }
  const treatments = files.yaml('treatments.yaml')?.value as TreatmentsDocument | undefined;
  return compileCardTexts(file.value as CardTextDocument, {
    regions: knowledge.regionLabels,
    treatments: new Map((treatments?.treatments ?? []).map(({ id, label }) => [id, label])),
  });
};

/** The words discovery describes each service with. @throws {KnowledgeInvalid} */
export const loadServiceTexts = (folder: string): ServiceTexts => {
  const files = openKnowledgeFiles(folder);
  return createDocumentReader(files)<ServiceTextsDocument>(`texts/service.${LANGUAGE}.yaml`)
    .document.services;
};
