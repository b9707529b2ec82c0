// The pages that cards link to, as headings, sentences and tables. Must not know patients, HTML or files.
import type { Knowledge } from '../pain/knowledge.js';

/** One cell: plain text, or text that links to another place of the pages. */
export type Cell = string | { readonly text: string; readonly href: string };

/** A table with an anchor on each row that has an id. */
export interface Table {
  readonly id?: string;
  readonly heading: string;
  readonly columns: readonly string[];
  readonly rows: readonly { readonly id?: string; readonly cells: readonly (readonly Cell[])[] }[];
}

/** A page: its first lines are what a reader must not miss. */
export interface Page {
  readonly title: string;
  readonly lead: readonly string[];
  readonly paragraphs: readonly string[];
  readonly tables: readonly Table[];
}

/** A file of the knowledge with its own version and review status. */
export interface KnowledgeFile {
  readonly file: string;
  readonly version: string;
  readonly review: string;
  readonly reviewer?: string;
}

/** A statement of the article with the places of the product it lives in. */
export interface ArticleStatement {
  readonly id: string;
  readonly section: string;
  readonly says: string;
  readonly anchors: readonly string[];
  readonly reading: string;
  readonly guideline: string;
  readonly agreement: string;
  readonly sources?: readonly string[];
  readonly homes?: readonly string[];
  readonly notImplemented?: string;
}

/** What the literature says of one claim of the article. */
export interface OzoneClaim {
  readonly id: string;
  readonly kind: 'claim' | 'mechanism' | 'direction';
  readonly says: string;
  readonly finding: string;
  readonly supported: 'none' | 'mechanism' | 'weak';
  readonly certainty: string;
  readonly sources: readonly string[];
  readonly basis?: string;
}

/** `cards/ozone.yaml` */
export interface OzoneStatements {
  readonly vendor: string;
  readonly notRecommended: string;
  readonly claims: readonly OzoneClaim[];
  readonly harms: readonly {
    readonly says: string;
    readonly sources: readonly string[];
    readonly basis?: string;
  }[];
  readonly regulation: readonly {
    readonly region: string;
    readonly label: string;
    readonly position: string;
    readonly show: 'information' | 'never';
    readonly sources: readonly string[];
    readonly basis?: string;
  }[];
  readonly gate: string;
  readonly sites: Readonly<Record<'off' | 'information' | 'never', string>>;
}

interface Attribute {
  readonly id: string;
  readonly label: string;
  readonly value: string;
}

/** Everything the pages are made of. */
export interface AboutStatements {
  readonly texts: AboutTexts;
  readonly labels: AboutLabels;
  readonly article: readonly ArticleStatement[];
  readonly ozone: OzoneStatements;
  readonly attributes: readonly Attribute[];
  readonly device: readonly Attribute[];
  readonly deviceNote: string;
  readonly openPoints: readonly string[];
  readonly changes: readonly {
    readonly version: string;
    readonly date: string;
    readonly changes: readonly string[];
  }[];
  readonly sources: readonly {
    readonly key: string;
    readonly reference: string;
    readonly usedFor: string;
    readonly status: string;
    readonly note?: string;
  }[];
  readonly files: readonly KnowledgeFile[];
}

/** Words of the pages, from `cards/texts`. */
export interface AboutTexts {
  readonly titles: Readonly<Record<PageName, string>>;
  readonly notReviewed: string;
  /** Paragraphs on the scheme, its source and its limits. */
  readonly scheme: readonly string[];
  readonly columns: Readonly<Record<string, string>>;
  readonly headings: Readonly<Record<string, string>>;
  /** Headings by category or section of the article. */
  readonly sections: Readonly<Record<string, string>>;
  readonly strengths: Readonly<Record<string, string>>;
  readonly kinds: Readonly<Record<string, string>>;
  readonly words: Readonly<Record<string, string>>;
}

/** Words of cards that the pages use too. */
export interface AboutLabels {
  readonly principles: Readonly<Record<string, string>>;
  readonly agreements: Readonly<Record<string, string>>;
  readonly certainties: Readonly<Record<string, string>>;
}

/** The pages below `/about`. */
export const PAGE_NAMES = [
  'knowledge',
  'article',
  'ozone',
  'source-attributes',
  'sources',
] as const;
export type PageName = (typeof PAGE_NAMES)[number];

/** Anchor of a source key on the page of sources. */
const sourceAnchor = (key: string): string =>
  key
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');

const sourceCells = (keys: readonly string[] = [], basis?: string): readonly Cell[] => [
  ...keys.map((key) => ({ text: key, href: `sources#${sourceAnchor(key)}` })),
  ...(basis === 'memory' ? ['†'] : []),
];

const row = (id: string | undefined, ...cells: readonly (Cell | readonly Cell[])[]) => ({
  ...(id !== undefined && { id }),
  cells: cells.map((cell) => (Array.isArray(cell) ? (cell as readonly Cell[]) : [cell as Cell])),
});

/** Composes every page of a knowledge. */
export const composeAboutPages = (
  knowledge: Pick<Knowledge, 'version' | 'digest' | 'guidance'>,
  about: AboutStatements,
): ReadonlyMap<PageName, Page> =>
  new Map<PageName, Page>([
    ['knowledge', knowledgePage(knowledge, about)],
    ['article', articlePage(about)],
    ['ozone', ozonePage(about)],
    ['source-attributes', attributesPage(knowledge, about)],
    ['sources', sourcesPage(about)],
  ]);

const named =
  ({ texts }: AboutStatements) =>
  (...ids: readonly string[]): readonly string[] =>
    ids.map((id) => texts.columns[id] ?? id);

/** The words for ids; a dash where none says anything. */
const worded = (...words: readonly (string | undefined)[]): string =>
  words.filter((word) => word !== undefined).join(', ') || '-';

/** The certainty, where one is published. */
const certaintyOf = (certainty: string, { labels }: AboutStatements): string | undefined =>
  certainty === 'none' ? undefined : labels.certainties[certainty];

const headingOf = (section: string, { texts, labels }: AboutStatements): string =>
  texts.sections[section] ?? labels.principles[section] ?? section;

function knowledgePage(
  knowledge: Pick<Knowledge, 'version' | 'digest' | 'guidance'>,
  about: AboutStatements,
): Page {
  const { texts, labels } = about;
  const columns = named(about);
  const guidance = [...knowledge.guidance].map(
    ([category, { principles }]): Table => ({
      id: category,
      heading: headingOf(category, about),
      columns: columns(
        'principle',
        'article',
        'guidance',
        'follows',
        'agreement',
        'certainty',
        'sources',
      ),
      rows: principles.map((item) =>
        row(
          `${category}-${item.principle}`,
          labels.principles[item.principle] ?? item.principle,
          item.article,
          item.guidance,
          item.follows,
          worded(labels.agreements[item.agreement]),
          worded(certaintyOf(item.certainty, about), texts.strengths[item.strength]),
          sourceCells(item.sources),
        ),
      ),
    }),
  );
  return {
    title: texts.titles.knowledge,
    lead: [texts.notReviewed],
    paragraphs: [`${knowledge.version} · ${knowledge.digest}`],
    tables: [
      ...guidance,
      {
        id: 'open-points',
        heading: texts.headings.openPoints ?? '',
        columns: columns('point'),
        rows: about.openPoints.map((point) => row(undefined, point)),
      },
      {
        id: 'changes',
        heading: texts.headings.changes ?? '',
        columns: columns('version', 'date', 'change'),
        rows: about.changes.flatMap(({ version, date, changes }) =>
          changes.map((change) => row(undefined, version, date, change)),
        ),
      },
      {
        id: 'files',
        heading: texts.headings.files ?? '',
        columns: columns('file', 'version', 'review'),
        rows: about.files.map(({ file, version, review, reviewer }) =>
          row(file, file, version, reviewer ? `${review}, ${reviewer}` : review),
        ),
      },
    ],
  };
}

const homeCell = (home: string): Cell => {
  const [kind, id] = [home.slice(0, home.indexOf(':')), home.slice(home.indexOf(':') + 1)];
  if (kind === 'ozone')
    return { text: `ozone ${id}`, href: id === 'vendor' ? 'ozone' : `ozone#${id}` };
  if (kind === 'principle')
    return { text: `principle ${id}`, href: `knowledge#${id.replace('/', '-')}` };
  return `${kind} ${id}`;
};

function articlePage(about: AboutStatements): Page {
  const { texts } = about;
  const sections = [...new Set(about.article.map(({ section }) => section))];
  return {
    title: texts.titles.article,
    lead: [texts.notReviewed],
    paragraphs: texts.scheme,
    tables: sections.map((section) => ({
      id: section,
      heading: headingOf(section, about),
      columns: named(about)('id', 'article', 'reading', 'guidance', 'agreement', 'home', 'sources'),
      rows: about.article
        .filter((statement) => statement.section === section)
        .map((statement) =>
          row(
            statement.id,
            statement.id,
            statement.says,
            statement.reading,
            statement.guideline,
            worded(about.labels.agreements[statement.agreement]),
            statement.homes?.map(homeCell) ?? [
              `${texts.words.notImplemented ?? ''} ${statement.notImplemented ?? ''}`,
            ],
            sourceCells(statement.sources),
          ),
        ),
    })),
  };
}

function ozonePage(about: AboutStatements): Page {
  const { texts, ozone } = about;
  const columns = named(about);
  const support = (claim: OzoneClaim): string => texts.words[claim.supported] ?? claim.supported;
  return {
    title: texts.titles.ozone,
    lead: [ozone.vendor, ozone.notRecommended, texts.notReviewed],
    paragraphs: Object.entries(ozone.sites).map(([state, text]) => `${state}: ${text}`),
    tables: [
      {
        id: 'claims',
        heading: texts.headings.claims ?? '',
        columns: columns('kind', 'article', 'support', 'finding', 'certainty', 'sources'),
        rows: ozone.claims.map((claim) =>
          row(
            claim.id,
            texts.kinds[claim.kind] ?? claim.kind,
            claim.says,
            support(claim),
            claim.finding,
            worded(certaintyOf(claim.certainty, about)),
            sourceCells(claim.sources, claim.basis),
          ),
        ),
      },
      {
        id: 'harms',
        heading: texts.headings.harms ?? '',
        columns: columns('harm', 'sources'),
        rows: ozone.harms.map(({ says, sources, basis }) =>
          row(undefined, says, sourceCells(sources, basis)),
        ),
      },
      {
        id: 'regulation',
        heading: texts.headings.regulation ?? '',
        columns: columns('region', 'position', 'show', 'sources'),
        rows: ozone.regulation.map(({ region, label, position, show, sources, basis }) =>
          row(region, label, position, show, sourceCells(sources, basis)),
        ),
      },
    ],
  };
}

function attributesPage(
  knowledge: Pick<Knowledge, 'version' | 'digest'>,
  about: AboutStatements,
): Page {
  const { texts, files } = about;
  const reviewers = [...new Set(files.flatMap(({ reviewer }) => reviewer ?? []))];
  const values: Readonly<Record<string, string>> = {
    version: knowledge.version,
    digest: knowledge.digest,
    files: String(files.length),
    sources: String(about.sources.length),
    reviewed: reviewers.length > 0 ? reviewers.join(', ') : (texts.words.noReviewer ?? ''),
  };
  const filled = (text: string): string =>
    text.replaceAll(/\{(\w+)\}/g, (hole, name: string) => values[name] ?? hole);
  const table = (id: string, list: readonly Attribute[]): Table => ({
    id,
    heading: texts.headings[id] ?? '',
    columns: named(about)('attribute', 'value'),
    rows: list.map(({ id: rowId, label, value }) => row(`${id}-${rowId}`, label, filled(value))),
  });
  return {
    title: texts.titles['source-attributes'],
    lead: [texts.notReviewed],
    paragraphs: [about.deviceNote],
    tables: [table('attributes', about.attributes), table('device', about.device)],
  };
}

function sourcesPage(about: AboutStatements): Page {
  const { texts } = about;
  return {
    title: texts.titles.sources,
    lead: [],
    paragraphs: [texts.words.sourceStatus ?? ''],
    tables: [
      {
        heading: texts.headings.sources ?? '',
        columns: named(about)('key', 'reference', 'usedFor', 'status', 'note'),
        rows: about.sources.map(({ key, reference, usedFor, status, note }) =>
          row(
            sourceAnchor(key),
            key,
            reference,
            usedFor,
            status === 'memory' ? `${status} †` : status,
            note ?? '',
          ),
        ),
      },
    ],
  };
}
