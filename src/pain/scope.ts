// Scope and Judgement: what an expression may look at and what it answers. Must not judge.

import type { Evidence } from './evaluation.js';
import type { Truth } from './fhir-date.js';
import type { FhirDate, Finding } from './finding.js';
import type { BodyRegion, Category, Grade } from './terms.js';

/** Findings by code set, each list newest first. */
export type FindingIndex = ReadonlyMap<string, readonly Finding[]>;

/** The part of a pain problem that expressions ask about. */
export interface PainScope {
  /** Recorded or implied place. */
  readonly regions: readonly BodyRegion[];
  /** The recorded place only. */
  readonly recordedRegions: readonly BodyRegion[];
  readonly isAtSite: (finding: Finding) => boolean;
  readonly intensityNrs?: number;
  readonly onset?: FhirDate;
  /** True for a disorder seen in pain clinics that does not hurt. */
  readonly isNonPainful?: boolean;
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
  /** What the absence of any finding means: `unknown` for criteria, `notMet` for checks over inputs that were read. */
  readonly absence: 'unknown' | 'notMet';
  readonly ageYears?: number;
  readonly sex?: 'female' | 'male';
  readonly pain?: PainScope;
  /** Results of the criteria and grades judged before. */
  readonly results?: ReadonlyMap<string, Judgement>;
  readonly evidence?: readonly Evidence[];
  readonly labels?: {
    readonly subtype?: string;
    readonly syndrome?: string;
    readonly stages?: readonly string[];
  };
  readonly grades?: ReadonlyMap<Category, Grade>;
}

/** The result of an expression with the findings that decided it and the weight of the strongest code row. */
export interface Judgement {
  readonly result: Truth;
  readonly findings: readonly Finding[];
  readonly weight: number;
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
