// The statements behind the pages cards link to: loaded, validated, every home and source resolved. Must not know HTML.
import type {
  AboutLabels,
  AboutStatements,
  AboutTexts,
  ArticleStatement,
  KnowledgeFile,
  OzoneStatements,
} from '../cds/about-pages.js';
import { KnowledgeInvalid } from '../errors.js';
import { CATEGORIES } from '../pain/terms.js';
import { checkSources } from './check-sources.js';
import type {
  CategoryDocument,
  CoexistenceDocument,
  GuidanceDocument,
  ModifiersDocument,
  RedFlagsDocument,
  SettingsDocument,
  SourcesDocument,
} from './documents.js';
import { type KnowledgeFiles, openKnowledgeFiles, type YamlFile } from './knowledge-files.js';
import { createDocumentReader, type DocumentReader } from './read-documents.js';

const EVIDENCE_KINDS = ['dx', 'source', 'history', 'exam', 'imaging', 'lab', 'scale', 'course'];

/** Folders whose YAML files carry a version and a review status of their own. */
const VERSIONED = ['', 'categories', 'guidance', 'safety', 'texts', 'words'];

interface SourceAttributes {
  readonly attributes: AboutStatements['attributes'];
  readonly device: AboutStatements['device'];
  readonly deviceNote: string;
}

interface Review {
  readonly status?: string;
  readonly reviewer?: string;
}

const knowledgeFilesOf = (files: KnowledgeFiles): KnowledgeFile[] =>
  [...VERSIONED, ...files.folders('translations')]
    .flatMap((folder) => files.list(folder, '.yaml'))
    .map((file) => {
      const value = files.yaml(file)?.value as { version?: string; review?: Review } | undefined;
      const { status, reviewer } = value?.review ?? {};
      if (value?.version === undefined || status === undefined)
        files.faults.push({ file, message: 'names no version or no review status' });
      return {
        file,
        version: value?.version ?? '',
        review: status ?? '',
        ...(reviewer && { reviewer }),
      };
    });

/** Every place a statement may live in, written as in `article.yaml`. */
const homesOf = (read: DocumentReader, ozone: OzoneStatements): ReadonlySet<string> => {
  const homes = new Set<string>(['ozone:vendor', 'text:about/scheme']);
  const add = (kind: string, ids: Iterable<string>): void => {
    for (const id of ids) homes.add(`${kind}:${id}`);
  };
  for (const category of CATEGORIES) {
    const { document } = read<CategoryDocument>(`categories/${category}.yaml`);
    add('category', [category]);
    add(
      'criterion',
      document.criteria.map(({ id }) => id),
    );
    add('subtype', document.subtypes);
    add('syndrome', document.syndromes);
    add('stage', [...document.stages.map(({ id }) => id), 'mixed']);
    add(
      'note',
      document.notes.map(({ id }) => `${category}/${id}`),
    );
    const guidance = read<GuidanceDocument>(`guidance/${category}.yaml`).document;
    add(
      'line',
      guidance.lines.map(({ id }) => id),
    );
    add(
      'principle',
      guidance.principles.map(({ principle }) => `${category}/${principle}`),
    );
  }
  add('kind', EVIDENCE_KINDS);
  add('setting', Object.keys(read<SettingsDocument>('settings.yaml').document));
  add(
    'ozone',
    ozone.claims.map(({ id }) => id),
  );
  add(
    'flag',
    read<RedFlagsDocument>('red-flags.yaml').document.redFlags.map(({ id }) => id),
  );
  add(
    'modifier',
    read<ModifiersDocument>('modifiers.yaml').document.modifiers.map(({ id }) => id),
  );
  add(
    'coexistence',
    read<CoexistenceDocument>('coexistence.yaml').document.rules.map(({ id }) => id),
  );
  return homes;
};

const checkHomes = (
  file: YamlFile,
  statements: readonly ArticleStatement[],
  homes: ReadonlySet<string>,
  faults: KnowledgeFiles['faults'],
): void => {
  const seen = new Set<string>();
  for (const [at, { id, homes: named = [] }] of statements.entries()) {
    if (seen.has(id))
      faults.push(file.faultAt(['statements', at, 'id'], `"${id}" stands here twice`));
    seen.add(id);
    for (const [index, home] of named.entries()) {
      if (!homes.has(home))
        faults.push(
          file.faultAt(['statements', at, 'homes', index], `home "${home}" does not exist`),
        );
    }
  }
};

/**
 * Loads what the pages below `/about` say.
 * @throws {KnowledgeInvalid} with every fault: a home or a source that does not exist, a file without version or review status
 */
export const loadAbout = (folder: string): AboutStatements => {
  const files = openKnowledgeFiles(folder);
  const read = createDocumentReader(files);
  const article = read<{ readonly statements: readonly ArticleStatement[] }>('article.yaml');
  const ozone = read<OzoneStatements>('ozone.yaml');
  const attributes = read<SourceAttributes>('source-attributes.yaml').document;
  const points = read<Pick<AboutStatements, 'openPoints' | 'changes'>>('open-points.yaml');
  const settings = read<SettingsDocument>('settings.yaml').document;
  const { sources } = read<SourcesDocument>('sources.yaml').document;
  const texts = read<AboutTexts>('texts/about.en.yaml').document;
  const labels = read<AboutLabels>('texts/en.yaml').document;
  const keys = new Set(sources.map(({ key }) => key));
  checkHomes(
    article.file,
    article.document.statements,
    homesOf(read, ozone.document),
    files.faults,
  );
  for (const { file, document } of [article, ozone])
    checkSources(file, document, keys, files.faults);
  if (points.document.changes[0]?.version !== settings.version)
    files.faults.push(
      points.file.faultAt(['changes', 0, 'version'], `is not the version ${settings.version}`),
    );
  const about: AboutStatements = {
    texts,
    labels,
    article: article.document.statements,
    ozone: ozone.document,
    attributes: attributes.attributes,
    device: attributes.device,
    deviceNote: attributes.deviceNote,
    openPoints: points.document.openPoints,
    changes: points.document.changes,
    sources,
    files: knowledgeFilesOf(files),
  };
  if (files.faults.length > 0) throw new KnowledgeInvalid(files.faults);
  return Object.freeze(about);
};
