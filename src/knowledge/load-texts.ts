// cards/texts, cards/translations -> the sentences of cards in each language, and of discovery. Must not know evaluations.
import { Ajv2020 } from 'ajv/dist/2020.js';
import { OWN_LANGUAGE } from '../cds/card-languages.js';
import { type CardTextDocument, type CardTexts, compileCardTexts } from '../cds/card-texts.js';
import type { ServiceTexts } from '../cds/services.js';
import { createTranslate, type Phrase, type Translate } from '../cds/translate.js';
import { KnowledgeInvalid } from '../errors.js';
import type { Knowledge } from '../pain/knowledge.js';
import type {
  EngineTextsDocument,
  ServiceTextsDocument,
  TranslationsDocument,
  TreatmentsDocument,
} from './documents.js';
import { type KnowledgeFiles, openKnowledgeFiles } from './knowledge-files.js';
import { createDocumentReader, type DocumentReader } from './read-documents.js';

const readCardTexts = (files: KnowledgeFiles, language: string): CardTextDocument => {
  const file = files.yaml(`texts/${language}.yaml`);
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
  return file.value as CardTextDocument;
};

/** The sentences of two documents with the same keys, side by side. */
const pairsOf = (en: unknown, to: unknown): readonly Phrase[] => {
  if (typeof en === 'string') return typeof to === 'string' ? [{ en, to }] : [];
  if (typeof en !== 'object' || en === null || typeof to !== 'object' || to === null) return [];
  const other = to as Readonly<Record<string, unknown>>;
  return Object.entries(en).flatMap(([key, value]) => pairsOf(value, other[key]));
};

const sentencesOf = ({ separators: _, ...sentences }: EngineTextsDocument): unknown => sentences;

/** How sentences of `cards/` read in a language; places in braces must be the same on both sides. */
const loadTranslate = (
  files: KnowledgeFiles,
  read: DocumentReader,
  language: string,
  date: (text: string) => string,
): Translate => {
  const [en, to] = [OWN_LANGUAGE, language].map(
    (tag) => read<EngineTextsDocument>(`texts/engine.${tag}.yaml`).document,
  ) as [EngineTextsDocument, EngineTextsDocument];
  const phrases = files
    .list(`translations/${language}`, '.yaml')
    .flatMap((file) => read<TranslationsDocument>(file).document.texts);
  return createTranslate([...pairsOf(sentencesOf(en), sentencesOf(to)), ...phrases], {
    separators: [
      { en: en.separators.needs, to: to.separators.needs },
      { en: en.separators.names, to: to.separators.names },
    ],
    date,
  });
};

/** The sentences cards are made of, in one language. @throws {KnowledgeInvalid} */
export const loadCardTexts = (
  folder: string,
  knowledge: Pick<Knowledge, 'regionLabels'>,
  language: string = OWN_LANGUAGE,
): CardTexts => {
  const files = openKnowledgeFiles(folder);
  const document = readCardTexts(files, language);
  const treatments = files.yaml('treatments.yaml')?.value as TreatmentsDocument | undefined;
  const labels = {
    regions: knowledge.regionLabels,
    treatments: new Map((treatments?.treatments ?? []).map(({ id, label }) => [id, label])),
  };
  if (language === OWN_LANGUAGE) return compileCardTexts(document, labels);
  const texts: CardTexts = compileCardTexts(
    document,
    labels,
    loadTranslate(files, createDocumentReader(files), language, (text) => texts.date(text)),
  );
  return texts;
};

/** The words discovery describes each service with: read by integrators, in English alone. @throws {KnowledgeInvalid} */
export const loadServiceTexts = (folder: string): ServiceTexts => {
  const files = openKnowledgeFiles(folder);
  return createDocumentReader(files)<ServiceTextsDocument>(`texts/service.${OWN_LANGUAGE}.yaml`)
    .document.services;
};
