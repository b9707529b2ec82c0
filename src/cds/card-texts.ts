// Every sentence and label of cards, compiled. Must not know YAML or the evaluation's content.
import { createOwnText, markdownOwnText, type OwnText } from './chart-text.js';
import { compileText, type TextTemplate } from './fill-text.js';
import { asWritten, type Translate } from './translate.js';
import { createDateWriters, type WriteDate } from './write-date.js';

const PLACEHOLDERS = {
  summary: ['pain', 'intensity', 'category', 'grade'],
  summaryUnclassified: ['pain', 'intensity'],
  summaryRedFlags: ['urgency', 'first', 'more'],
  summaryAsk: ['first', 'more'],
  more: ['count'],
  intensity: ['nrs', 'trend'],
  neupsigGrade: ['grade'],
  lead: ['subtype', 'basis'],
  subtype: ['name'],
  facts: ['pain', 'site', 'onset', 'intensity'],
  factsPain: ['pain'],
  onset: ['date', 'course'],
  score: ['nrs', 'date', 'trend'],
  dateDay: ['day', 'month', 'year'],
  dateMonth: ['month', 'year'],
  dated: ['date'],
  alsoHolds: ['category', 'grade', 'basis'],
  definite: [],
  tentative: [],
  unclassified: [],
  neupsigDiffers: ['grade'],
  record: ['label', 'value', 'status', 'date'],
  against: ['records'],
  imagingDone: ['records'],
  imaged: ['text', 'date'],
  imagedOn: ['date'],
  notPlaced: ['records'],
  refuted: ['records'],
  notKnown: ['items'],
  missing: ['input', 'reason', 'effect'],
  missingMany: ['count', 'inputs', 'effects'],
  missingInput: ['input', 'reason'],
  dataNotes: ['notes'],
  morePains: ['count', 'pains'],
  offered: ['principle', 'text', 'source', 'checked'],
  offeredSource: ['source'],
  offeredCertainty: ['source', 'certainty'],
  checked: ['count'],
  checkedPart: ['count', 'open'],
  caution: ['reason', 'records'],
  cautionAbove: [],
  withheld: ['reason', 'names', 'records', 'instead'],
  takenNow: ['name'],
  onRecord: ['records'],
  instead: ['name'],
  checksNeed: ['needs', 'names'],
  notInteractionCheck: [],
  withheldUnnamed: ['reason'],
  notAdvised: ['names'],
  tried: ['names'],
  step: ['step', 'because', 'running'],
  stepRunning: ['names'],
  takenSince: ['name', 'date'],
  order: ['message'],
  change: ['items'],
  measureChange: ['label', 'from', 'since', 'to', 'at', 'says'],
  changeSays: ['says'],
  labelChange: ['category', 'change', 'grade'],
  goalReached: [],
  nextEvaluation: ['text'],
  opioids: ['mme', 'source'],
  opioidsAtLeast: ['mme', 'source'],
  unclassifiedAsk: [],
  sourceOnly: ['text'],
  principleGroup: ['agreement', 'names', 'follows'],
  principleFollows: ['follows'],
  principles: ['items'],
  redFlag: ['urgency', 'label', 'action', 'records'],
  redFlagRecords: ['records'],
  redFlagsAlso: ['flags'],
  redFlagsNamed: ['urgency', 'labels'],
  redFlagsStand: [],
  redFlagsNotAssessed: ['items'],
  redFlagNotAssessed: ['label', 'missing'],
  unlocks: ['text', 'unlocks'],
  moreLink: ['url'],
  draftMedicine: ['name'],
  draftMedicineAction: ['name'],
  draftService: ['name'],
  draftServiceAction: ['name'],
  draftPlan: ['name'],
  draftPlanAction: ['name'],
  draftGoal: ['name'],
  draftGoalAction: ['name'],
  draftTask: ['name'],
  draftTaskAction: ['name'],
  orderSummary: ['order', 'kind', 'text'],
  orderText: ['text'],
  orderFor: ['order', 'pain'],
  orderOf: ['order'],
  orderRemark: ['kind', 'text', 'source', 'records'],
  ordersMore: ['count', 'orders'],
  ordersUnrecognised: ['count'],
  ordersUnusable: ['count'],
  orderDelete: ['order'],
  orderDeleteAction: ['order'],
  footer: ['version'],
  footerRules: ['version'],
} as const;

/** Names of the sentences a text file must have. */
export type TemplateName = keyof typeof PLACEHOLDERS;

const NAMES = Object.keys(PLACEHOLDERS) as TemplateName[];

type Labels = Readonly<Record<string, string>>;

/** What a text file separates. */
export type Separator = 'list' | 'clauses' | 'records' | 'sentences';

/** `cards/texts/<language>.yaml` as read and checked against `cards/schema/texts.schema.json`. */
export interface CardTextDocument {
  /** BCP 47 tag. */
  readonly language: string;
  /** Tags of `Accept-Language` that are answered in it, `language` among them. */
  readonly accepts: readonly string[];
  readonly adultAgeYears: number;
  readonly months: readonly string[];
  /** Signs between the items of a list, between clauses, records and sentences. */
  readonly separators: Readonly<Record<Separator, string>>;
  readonly grades: Labels;
  /** Grades as words of their own. */
  readonly gradeNames: Labels;
  readonly categories: Labels;
  /** What the card of a category says of it instead of its notes, by id. */
  readonly categoryRemarks: Labels;
  readonly bases: Labels;
  readonly principles: Labels;
  readonly agreements: Labels;
  readonly certainties: Labels;
  /** Endings of a record by its standing: confirmed, high, absent and the like. */
  readonly statuses: Labels;
  /** Short names of sources that are no publication. */
  readonly sourceNames: Labels;
  /** Names of resource types, and reasons for which they were not read. */
  readonly inputs: Labels;
  readonly reasons: Labels;
  /** Names of subtypes and syndromes. */
  readonly syndromeNames: Labels;
  readonly courses: Labels;
  readonly unknowns: Labels;
  /** Words by which a sentence is known to ask for imaging. */
  readonly imagingWords: readonly string[];
  readonly trends: Labels;
  /** How a category changed since the previous evaluation. */
  readonly labelChanges: Labels;
  readonly urgencies: Labels;
  readonly sides: Labels;
  readonly headings: Labels;
  /** What is said of an order in a few words, by kind of remark. */
  readonly orderKinds: Labels;
  readonly templates: Labels;
  readonly source: {
    readonly label: string;
    readonly labelPlain: string;
    /** For cards that rest on red flags or safety rules, not on the scheme. */
    readonly labelRules: string;
    readonly topicSystem: string;
  };
  readonly link: { readonly article: string; readonly knowledge: string; readonly ozone: string };
  readonly overrideReasons: readonly {
    readonly system: string;
    readonly code: string;
    readonly display: string;
  }[];
}

/** Labels that other files of `cards/` own. */
export interface BorrowedLabels {
  /** `cards/regions.yaml` */
  readonly regions: ReadonlyMap<string, string>;
  /** `cards/treatments.yaml`; an id without a label is shown with spaces for hyphens. */
  readonly treatments?: ReadonlyMap<string, string>;
}

/** Card texts ready for use. */
export interface CardTexts extends Omit<CardTextDocument, 'templates'> {
  readonly say: Readonly<Record<TemplateName, TextTemplate>>;
  readonly sourceLabel: TextTemplate;
  readonly rulesLabel: TextTemplate;
  readonly date: WriteDate;
  /** A date in brackets, as it stands behind a record. */
  readonly dated: WriteDate;
  /** Labels of regions and treatments, escaped for Markdown. */
  readonly regionLabel: ReadonlyMap<string, string>;
  readonly treatmentLabel: ReadonlyMap<string, string>;
  /** Sentences of `cards/` in the language of these texts. */
  readonly translate: Translate;
  /** The same, escaped for Markdown. */
  readonly own: OwnText;
  readonly asksForImaging: (text: string) => boolean;
}

/**
 * Compiles a text file.
 * @param translate - from the English of `cards/`; as it is written there when left out
 * @throws {RangeError} naming the sentence that is missing or has an unknown placeholder
 */
export function compileCardTexts(
  document: CardTextDocument,
  borrowed: BorrowedLabels,
  translate: Translate = asWritten,
): CardTexts {
  const compile = (name: TemplateName): TextTemplate => {
    const source = document.templates[name];
    if (source === undefined) throw new RangeError(`templates.${name} is missing`);
    try {
      return compileText(source, PLACEHOLDERS[name]);
    } catch (error) {
      throw new RangeError(`templates.${name}: ${error instanceof Error ? error.message : ''}`, {
        cause: error,
      });
    }
  };
  const { templates: _, ...rest } = document;
  const say = Object.fromEntries(NAMES.map((name) => [name, compile(name)])) as CardTexts['say'];
  return {
    ...rest,
    say,
    ...createDateWriters(document.months, say),
    sourceLabel: compileText(document.source.label, ['sources']),
    rulesLabel: compileText(document.source.labelRules, ['sources']),
    regionLabel: escaped(borrowed.regions, translate),
    treatmentLabel: escaped(borrowed.treatments ?? new Map(), translate),
    translate,
    own: createOwnText(translate),
    overrideReasons: document.overrideReasons.map(({ code, system, display }) =>
      Object.freeze({ code, system, display }),
    ),
    asksForImaging: wordTest(document.imagingWords, translate),
  };
}

function escaped(
  labels: ReadonlyMap<string, string>,
  translate: Translate,
): ReadonlyMap<string, string> {
  return new Map([...labels].map(([id, label]) => [id, markdownOwnText(translate(label))]));
}

/** Whole words of Latin letters; where words are not parted by spaces they may stand anywhere. */
function wordTest(words: readonly string[], translate: Translate): (text: string) => boolean {
  const parts = words.map((word) => {
    const source = word.replace(/[^\w]/g, '\\$&');
    return /^[\w -]+$/.test(word) ? `\\b${source}\\b` : source;
  });
  const pattern = new RegExp(parts.join('|'), 'i');
  return (text) => pattern.test(translate(text));
}
