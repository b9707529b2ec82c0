// Finding: one coded, dated, unit-converted patient fact and its FHIR reference. Must not know criteria or categories.

/** The FHIR source of a finding, as far as criteria tell them apart. */
export type FindingSource =
  | 'condition'
  | 'encounter'
  | 'observation'
  | 'report'
  | 'imaging-study'
  | 'medication'
  | 'procedure'
  | 'allergy'
  | 'questionnaire';

/**
 * A FHIR date, dateTime or instant with the precision it was recorded in.
 * `2026-03` covers all of March: nothing is invented. Milliseconds since the epoch, UTC; `endMs` is exclusive.
 */
export interface FhirDate {
  readonly text: string;
  readonly startMs: number;
  readonly endMs: number;
}

/** A numeric result in the canonical unit of its analyte, as the interval that the record supports (`<5` is 0 to 5, open). */
export interface Measure {
  readonly low: number;
  readonly high: number;
  readonly lowOpen: boolean;
  readonly highOpen: boolean;
  /** Canonical UCUM unit; `1` for scores. */
  readonly unit: string;
  /** What the record says, for people: `34 mg/L`. */
  readonly text: string;
}

/** What a result says about the thing its code names; `unknown`: a coded answer that says neither ("indeterminate"). */
export type Presence = 'present' | 'absent' | 'unknown';

/** The daily dose of a medicine as structured in the record, or lower trust: as its product name says. */
export interface DailyDose {
  /** Amount a day in `unit`; for patches (`ug/h`) the rate itself. */
  readonly perDay: number;
  /** UCUM: `mg`, or `ug/h` for what releases by the hour. */
  readonly unit: string;
  /** True when taken as needed or within a range: the amount is the most that is allowed. */
  readonly isMaximum: boolean;
  /** True when the strength of a unit (tablet, capsule) was read from the product's name: lower trust. */
  readonly strengthFromName: boolean;
}

/** Why a medicine was stopped, as far as its status reason says. */
export type StopReason = 'adverse-effect' | 'no-effect' | 'other';

/** What an allergy entry says of its severity: `severe` by criticality or reaction, `intolerance` by its type. */
export type AllergyKind = 'severe' | 'intolerance' | 'unspecified';

/** One fact about the patient taken from one FHIR resource. Every field is always there, so that all findings have one shape. */
export interface Finding {
  /** `Type/id` of the resource. */
  readonly reference: string;
  readonly source: FindingSource;
  /** Every code-set row this fact matched; never empty. */
  readonly matches: readonly CodeMatch[];
  /** Our display of the best match, or the record's own words when `labelFromChart`. */
  readonly label: string;
  readonly labelFromChart: boolean;
  /** `absent` for explicit negatives only: refuted, symptom absent, negative result. Never read `unknown` as either. */
  readonly presence: Presence;
  /** False for history: resolved, inactive, in remission, abated, or an acute condition past its time. */
  readonly current: boolean;
  readonly verification: 'confirmed' | 'unconfirmed' | 'unstated';
  /** `text` when only the record's words matched; `name` for a medicine or substance known by its name alone (lower trust than a code, but counted). */
  readonly basis: 'coded' | 'text' | 'name';
  readonly onset: FhirDate | undefined;
  /** Observation effective time, report or procedure date, else the recorded date of a Condition. */
  readonly effective: FhirDate | undefined;
  readonly measure: Measure | undefined;
  /** Set when the resource's own interpretation or reference range says so. */
  readonly flag: 'high' | 'low' | 'abnormal' | 'normal' | undefined;
  readonly regions: readonly BodyRegion[];
  readonly side: Side | undefined;
  /** True when the place was recorded (bodySite), not read from what the code implies. */
  readonly siteRecorded: boolean;
  /** `Encounter/id`. */
  readonly encounter: string | undefined;
  /** End of a medicine's supply or period, abatement of a Condition; may lie after the evaluation. */
  readonly until: FhirDate | undefined;
  /** Medicines only, and only when it can be told. */
  readonly dose: DailyDose | undefined;
  /** Medicines only: how the product's name says it is given; undefined says nothing. */
  readonly route: 'local' | 'injection' | 'patch' | undefined;
  /** Allergies only. */
  readonly allergy: AllergyKind | undefined;
  /** Medicines only: set when the record gives a reason. */
  readonly stopReason: StopReason | undefined;
  /** Reference of the organisation that gave the care: its own, else its encounter's. */
  readonly organisation: string | undefined;
}

import type { BodyRegion, CodeMatch, Side } from './terms.js';
