// Reads one clinical case from YAML and states its shape; must not know FHIR elements or the engine.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { Entry, Fields } from './case-record.js';

/** What a case shows: every category needs all four. */
export type CaseKind = 'clear-yes' | 'clear-no' | 'missing-data' | 'look-alike';

/** The kinds in the order reports use. */
export const CASE_KINDS: readonly CaseKind[] = [
  'clear-yes',
  'clear-no',
  'missing-data',
  'look-alike',
];

/** Expected classification; only the fields given are compared. */
export type ExpectedClassification = Readonly<Record<string, unknown>> & {
  readonly category: string;
};

/** Expected pain problem. */
export interface ExpectedProblem {
  readonly region?: string;
  readonly side?: string;
  readonly course?: string;
  /** Words the label must contain. */
  readonly label?: string;
  /** Exact list, leading category first; empty = unclassified. */
  readonly classification?: readonly ExpectedClassification[];
  /** Each must be there, in any order. */
  readonly includes?: readonly ExpectedClassification[];
  /** Categories that must not be there. */
  readonly excludes?: readonly string[];
  /** Criterion id to result, looked up in the problem's evidence. */
  readonly evidence?: Readonly<Record<string, 'met' | 'notMet' | 'unknown' | 'not met'>>;
}

/** One clinical situation with its expected answer. */
export interface ClinicalCase {
  readonly file: string;
  readonly situation: string;
  readonly kind: CaseKind;
  readonly category: string;
  readonly covers: readonly string[];
  readonly now: string;
  readonly patient: Fields;
  readonly record: readonly Entry[];
  readonly inputs: Readonly<Record<string, string>>;
  readonly expect: {
    /** Exact number and order. */
    readonly problems?: readonly ExpectedProblem[];
    /** Each fits some problem; the number is left open. */
    readonly someProblem?: readonly ExpectedProblem[];
    /** Categories no problem has. */
    readonly noCategory?: readonly string[];
    readonly modifiers?: readonly string[];
    readonly noModifiers?: readonly string[];
    readonly redFlags?: readonly string[];
    readonly noRedFlags?: readonly string[];
    readonly refuted?: readonly string[];
    readonly completeness?: string;
    /** Some data note is given. */
    readonly dataNotes?: boolean;
  };
}

const isCase = (value: unknown): value is Omit<ClinicalCase, 'file' | 'inputs'> => {
  if (typeof value !== 'object' || value === null) return false;
  const needed = ['situation', 'kind', 'category', 'covers', 'now', 'patient', 'record', 'expect'];
  return needed.every((key) => key in value);
};

/** Reads every case of a folder, sorted by file name. */
export const readCases = (folder: string): readonly ClinicalCase[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .map((file) => {
      const value: unknown = parse(readFileSync(join(folder, file), 'utf8'));
      if (!isCase(value)) throw new Error(`${file} is not a clinical case`);
      return { inputs: {}, ...value, file };
    });

/** Ids of the criteria that the category files of a folder define; empty when there is none yet. */
export const readCriterionIds = (folder: string): readonly string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .flatMap((name) => {
      const value: { criteria?: readonly { id?: string }[] } | null = parse(
        readFileSync(join(folder, name), 'utf8'),
      );
      return (value?.criteria ?? []).flatMap((c) => (c.id ? [c.id] : []));
    });
