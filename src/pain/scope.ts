// Scope and Judgement: what an expression may look at and what it answers. Must not judge.

import type { Evidence, RedFlag } from './evaluation.js';
import type { TriedAs } from './expression.js';
import type { Truth } from './fhir-date.js';
import type { FhirDate, Finding, Measure } from './finding.js';
import type { BodyRegion, Category, Grade } from './terms.js';

/** Findings by code set, each list newest first. */
export type FindingIndex = ReadonlyMap<string, readonly Finding[]>;

/** Whether anything of the sets is recorded. */
export const hasAny = (findings: FindingIndex, sets: readonly string[]): boolean => {
  for (const set of sets) if (findings.has(set)) return true;
  return false;
};

/** The part of a pain problem that expressions ask about. */
export interface PainScope {
  /** Recorded or implied place. */
  readonly regions: readonly BodyRegion[];
  /** The recorded place only. */
  readonly recordedRegions: readonly BodyRegion[];
  readonly isAtSite: (finding: Finding) => boolean;
  readonly intensityNrs?: number | undefined;
  readonly onset?: FhirDate | undefined;
  /** True for a disorder seen in pain clinics that does not hurt. */
  readonly isNonPainful?: boolean | undefined;
  /** Dates of the findings that show this pain. */
  readonly painDates: readonly (FhirDate | undefined)[];
}

/** Everything a judge may look at. */
export interface Scope {
  readonly nowMs: number;
  /** Findings that count here: of one pain and of the patient as a whole. */
  readonly findings: FindingIndex;
  /** All findings of the patient, whatever pain they belong to. */
  readonly allFindings: FindingIndex;
  /** What finding nothing means: `unknown` for criteria; for checks `notMet`, but only of a kind of record that was read. */
  readonly absence: 'unknown' | RecordsRead;
  readonly ageYears?: number | undefined;
  readonly sex?: 'female' | 'male' | undefined;
  readonly pain?: PainScope | undefined;
  /** Results of the criteria and grades judged before. */
  readonly results?: ReadonlyMap<string, Judgement> | undefined;
  readonly evidence?: readonly Evidence[] | undefined;
  readonly labels?:
    | {
        readonly subtype?: string | undefined;
        readonly syndrome?: string | undefined;
        readonly stages?: readonly string[] | undefined;
      }
    | undefined;
  readonly grades?: ReadonlyMap<Category, Grade> | undefined;
  /** The category the pain's classification leads with. */
  readonly leading?: Category | undefined;
  /** What only safety checks ask about. */
  readonly safety?: SafetyScope | undefined;
  /** What only step rules ask about. */
  readonly steps?: StepScope | undefined;
}

/** A scope that grows as its parts are judged. */
export type OpenScope = { -readonly [Field in keyof Scope]: Scope[Field] };

/** What step rules look at beside findings. */
export interface StepScope {
  readonly openFlags: readonly RedFlag[];
  /** How many classes, or procedures, were tried with one of these results: surely, and at most. */
  readonly tried: (
    what: readonly TriedAs[],
    of: 'class' | 'procedure',
  ) => { readonly low: number; readonly high: number; readonly findings: readonly Finding[] };
  /** Organisations that are known to have cared for this pain. */
  readonly organisations: ReadonlySet<string>;
}

/**
 * A scope that looks at findings alone. Every field is there, so that all scopes have one shape: a copy with other
 * values of its fields is cheap, one with more fields than it had costs fifty times as much.
 */
export const scopeOver = (
  { nowMs, ageYears, sex }: Pick<Scope, 'nowMs' | 'ageYears' | 'sex'>,
  findings: FindingIndex,
  allFindings: FindingIndex,
): Scope => ({
  nowMs,
  findings,
  allFindings,
  absence: 'unknown',
  ageYears,
  sex,
  pain: undefined,
  results: undefined,
  evidence: undefined,
  labels: undefined,
  grades: undefined,
  leading: undefined,
  safety: undefined,
  steps: undefined,
});

/** Kinds of records whose absence can be proven, each true when all of its inputs were read in full. */
export interface RecordsRead {
  readonly condition: boolean;
  /** Orders, statements and the medicines they refer to. */
  readonly medication: boolean;
  readonly procedure: boolean;
  readonly report: boolean;
  readonly allergy: boolean;
}

/** The treatment, or the agent of its class, that is being checked. */
export interface Candidate {
  /** The treatment, its agent, every class and set it belongs to and its traits. */
  readonly names: ReadonlySet<string>;
  /** Code sets that recognise its class in a record. */
  readonly classSets: readonly string[];
  /** Code sets an allergy to which is an allergy to it. */
  readonly allergySets: readonly string[];
}

/** A number computed from several findings; undefined limits mean that it cannot be told. */
export interface Derived {
  readonly measure: Measure;
  readonly findings: readonly Finding[];
  /** True when another quantity stands in for the one asked for (D-4). */
  readonly standIn: boolean;
}

/** What safety checks look at beside findings. */
export interface SafetyScope {
  readonly candidate: Candidate;
  readonly openFlags: readonly RedFlag[];
  /** True when any allergy entry exists, "no known allergy" included. */
  readonly allergyRecorded: boolean;
  /** The judgement of another rule for the same candidate. */
  readonly rule: (id: string) => Judgement;
  /** Undefined where the data do not suffice. */
  readonly creatinineClearance: () => Derived | undefined;
  readonly morphineEquivalents: (overDays: number | undefined) => Derived | undefined;
  readonly gestationWeeks: () => Derived | undefined;
}

/** The result of an expression with the findings that decided it and the weight of the strongest code row. */
export interface Judgement {
  readonly result: Truth;
  readonly findings: readonly Finding[];
  readonly weight: number;
  /** True when a stand-in decided it, which has to be said (D-4). */
  readonly standIn?: true;
}

export type Judge = (scope: Scope) => Judgement;

/** The grades in rising order; the index orders them. */
export const GRADES: readonly Grade[] = ['possible', 'probable', 'definite'];

/** No findings. */
export const NONE: readonly Finding[] = [];
/** Met by nothing that has a reference, for example an age. */
export const MET: Judgement = { result: 'met', findings: NONE, weight: 0 };
export const NOT_MET: Judgement = { result: 'notMet', findings: NONE, weight: 0 };
export const UNKNOWN: Judgement = { result: 'unknown', findings: NONE, weight: 0 };
/** Judgements without findings, by result. */
export const plain = { met: MET, notMet: NOT_MET, unknown: UNKNOWN };
