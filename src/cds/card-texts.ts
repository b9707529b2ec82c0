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
  lead: ['category', 'grade', 'subtype', 'basis'],
  facts: ['pain', 'site', 'onset', 'intensity'],
  factsPain: ['pain'],
  onset: ['date', 'course'],
  score: ['nrs', 'date', 'trend'],
  dateDay: ['day', 'month', 'year'],
  dateMonth: ['month', 'year'],
  dated: ['date'],
  subtype: ['name'],
  alsoHolds: ['category', 'grade', 'basis'],
  scheme: [],
  definite: [],
  psychogenic: [],
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
  sourced: ['source'],
  checked: ['count'],
  checkedPart: ['count', 'open'],
  caution: ['text', 'reason', 'records'],
  withheld: ['reason', 'count', 'names', 'records', 'instead'],
  onRecord: ['records'],
  instead: ['name'],
  checksNeed: ['needs', 'count'],
  notInteractionCheck: [],
  withheldUnnamed: ['reason'],
  notAdvised: ['names'],
  tried: ['names'],
  step: ['step', 'because', 'running', 'skipped'],
  stepRunning: ['names'],
  stepSkipped: ['names'],
  stepAsks: ['asks'],
  order: ['message'],
  change: ['items'],
  measureChange: ['label', 'from', 'to', 'since', 'says'],
  changeSays: ['says'],
  labelChange: ['category', 'change', 'grade'],
  goalReached: [],
  nextEvaluation: ['text'],
  opioids: ['mme', 'source'],
  opioidsAtLeast: ['mme', 'source'],
  unclassifiedAsk: [],
  sourceOnly: ['text'],
  principle: ['name', 'follows', 'agreement', 'certainty'],
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
  footer: ['sources', 'version'],
  footerPlain: ['version'],
  footerRedFlags: ['sources', 'version'],
} as const;

/** Names of the sentences a text file must have. */
export type TemplateName = keyof typeof PLACEHOLDERS;

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
  const say = compileAll(compile);
  return {
    ...rest,
    say,
    ...createDateWriters(document.months, say),
    sourceLabel: compileText(document.source.label, ['sources']),
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

function compileAll(compile: (name: TemplateName) => TextTemplate): CardTexts['say'] {
  return {
    summary: compile('summary'),
    summaryUnclassified: compile('summaryUnclassified'),
    summaryRedFlags: compile('summaryRedFlags'),
    summaryAsk: compile('summaryAsk'),
    more: compile('more'),
    intensity: compile('intensity'),
    neupsigGrade: compile('neupsigGrade'),
    lead: compile('lead'),
    facts: compile('facts'),
    factsPain: compile('factsPain'),
    onset: compile('onset'),
    score: compile('score'),
    dateDay: compile('dateDay'),
    dateMonth: compile('dateMonth'),
    dated: compile('dated'),
    subtype: compile('subtype'),
    alsoHolds: compile('alsoHolds'),
    scheme: compile('scheme'),
    definite: compile('definite'),
    psychogenic: compile('psychogenic'),
    tentative: compile('tentative'),
    unclassified: compile('unclassified'),
    neupsigDiffers: compile('neupsigDiffers'),
    record: compile('record'),
    against: compile('against'),
    imagingDone: compile('imagingDone'),
    imaged: compile('imaged'),
    imagedOn: compile('imagedOn'),
    notPlaced: compile('notPlaced'),
    refuted: compile('refuted'),
    notKnown: compile('notKnown'),
    missing: compile('missing'),
    missingMany: compile('missingMany'),
    missingInput: compile('missingInput'),
    dataNotes: compile('dataNotes'),
    morePains: compile('morePains'),
    offered: compile('offered'),
    sourced: compile('sourced'),
    caution: compile('caution'),
    withheld: compile('withheld'),
    withheldUnnamed: compile('withheldUnnamed'),
    notAdvised: compile('notAdvised'),
    tried: compile('tried'),
    step: compile('step'),
    stepRunning: compile('stepRunning'),
    stepSkipped: compile('stepSkipped'),
    stepAsks: compile('stepAsks'),
    order: compile('order'),
    change: compile('change'),
    measureChange: compile('measureChange'),
    changeSays: compile('changeSays'),
    labelChange: compile('labelChange'),
    goalReached: compile('goalReached'),
    nextEvaluation: compile('nextEvaluation'),
    opioids: compile('opioids'),
    opioidsAtLeast: compile('opioidsAtLeast'),
    unclassifiedAsk: compile('unclassifiedAsk'),
    sourceOnly: compile('sourceOnly'),
    principle: compile('principle'),
    principles: compile('principles'),
    redFlag: compile('redFlag'),
    redFlagRecords: compile('redFlagRecords'),
    redFlagsAlso: compile('redFlagsAlso'),
    redFlagsNamed: compile('redFlagsNamed'),
    redFlagsStand: compile('redFlagsStand'),
    redFlagsNotAssessed: compile('redFlagsNotAssessed'),
    redFlagNotAssessed: compile('redFlagNotAssessed'),
    unlocks: compile('unlocks'),
    moreLink: compile('moreLink'),
    checked: compile('checked'),
    checkedPart: compile('checkedPart'),
    checksNeed: compile('checksNeed'),
    onRecord: compile('onRecord'),
    instead: compile('instead'),
    notInteractionCheck: compile('notInteractionCheck'),
    draftMedicine: compile('draftMedicine'),
    draftMedicineAction: compile('draftMedicineAction'),
    draftService: compile('draftService'),
    draftServiceAction: compile('draftServiceAction'),
    draftPlan: compile('draftPlan'),
    draftPlanAction: compile('draftPlanAction'),
    draftGoal: compile('draftGoal'),
    draftGoalAction: compile('draftGoalAction'),
    draftTask: compile('draftTask'),
    draftTaskAction: compile('draftTaskAction'),
    orderSummary: compile('orderSummary'),
    orderText: compile('orderText'),
    orderFor: compile('orderFor'),
    orderOf: compile('orderOf'),
    orderRemark: compile('orderRemark'),
    ordersMore: compile('ordersMore'),
    ordersUnrecognised: compile('ordersUnrecognised'),
    ordersUnusable: compile('ordersUnusable'),
    orderDelete: compile('orderDelete'),
    orderDeleteAction: compile('orderDeleteAction'),
    footer: compile('footer'),
    footerPlain: compile('footerPlain'),
    footerRedFlags: compile('footerRedFlags'),
  };
}
