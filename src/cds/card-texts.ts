// Every sentence and label of cards, compiled. Must not know YAML or the evaluation's content.
import { compileText, type TextTemplate } from './fill-text.js';

const PLACEHOLDERS = {
  summary: ['pain', 'intensity', 'grade', 'category'],
  summaryPsychogenic: ['pain', 'intensity', 'grade'],
  summaryUnclassified: ['pain', 'intensity'],
  summaryRedFlags: ['first', 'more'],
  summaryAsk: ['first', 'more'],
  more: ['count'],
  intensity: ['nrs', 'trend'],
  lead: ['grade', 'category', 'subtype', 'basis'],
  pain: ['pain', 'region'],
  alsoHolds: ['grade', 'category', 'basis'],
  scheme: [],
  psychogenic: [],
  tentative: [],
  unclassified: [],
  neupsig: ['grade'],
  record: ['label', 'value', 'date'],
  unknown: ['label'],
  missing: ['input', 'reason', 'effect'],
  refuted: ['label', 'date'],
  caution: ['text', 'reason'],
  withheld: ['reason', 'names'],
  principleShort: ['name', 'follows', 'agreement', 'certainty'],
  principleFull: ['name', 'article', 'guidance', 'follows', 'agreement', 'certainty'],
  redFlag: ['urgency', 'label', 'action'],
  unlocks: ['text', 'unlocks'],
  'more-link': ['url'],
  footer: ['sources', 'version'],
  footerRedFlags: ['sources', 'version'],
} as const;

/** Names of the sentences a text file must have. */
export type TemplateName = keyof typeof PLACEHOLDERS;

type Labels = Readonly<Record<string, string>>;

/** `cards/texts/<language>.yaml` as read and checked against `cards/schema/texts.schema.json`. */
export interface CardTextDocument {
  readonly language: string;
  readonly adultAgeYears: number;
  readonly months: readonly string[];
  readonly grades: Labels;
  readonly categories: Labels;
  readonly bases: Labels;
  readonly principles: Labels;
  readonly agreements: Labels;
  readonly trends: Labels;
  readonly urgencies: Labels;
  readonly sides: Labels;
  readonly headings: Labels;
  readonly templates: Labels;
  readonly source: { readonly label: string; readonly topicSystem: string };
  readonly link: { readonly article: string; readonly knowledge: string };
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
  readonly regionLabel: ReadonlyMap<string, string>;
  readonly treatmentLabel: ReadonlyMap<string, string>;
}

/**
 * Compiles a text file.
 * @throws {RangeError} naming the sentence that is missing or has an unknown placeholder
 */
export function compileCardTexts(document: CardTextDocument, borrowed: BorrowedLabels): CardTexts {
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
  return {
    ...rest,
    say: compileAll(compile),
    sourceLabel: compileText(document.source.label, ['sources']),
    regionLabel: borrowed.regions,
    treatmentLabel: borrowed.treatments ?? new Map(),
  };
}

function compileAll(compile: (name: TemplateName) => TextTemplate): CardTexts['say'] {
  return {
    summary: compile('summary'),
    summaryPsychogenic: compile('summaryPsychogenic'),
    summaryUnclassified: compile('summaryUnclassified'),
    summaryRedFlags: compile('summaryRedFlags'),
    summaryAsk: compile('summaryAsk'),
    more: compile('more'),
    intensity: compile('intensity'),
    lead: compile('lead'),
    pain: compile('pain'),
    alsoHolds: compile('alsoHolds'),
    scheme: compile('scheme'),
    psychogenic: compile('psychogenic'),
    tentative: compile('tentative'),
    unclassified: compile('unclassified'),
    neupsig: compile('neupsig'),
    record: compile('record'),
    unknown: compile('unknown'),
    missing: compile('missing'),
    refuted: compile('refuted'),
    caution: compile('caution'),
    withheld: compile('withheld'),
    principleShort: compile('principleShort'),
    principleFull: compile('principleFull'),
    redFlag: compile('redFlag'),
    unlocks: compile('unlocks'),
    'more-link': compile('more-link'),
    footer: compile('footer'),
    footerRedFlags: compile('footerRedFlags'),
  };
}
