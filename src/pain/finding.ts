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

/** What a result says about the thing its code names. */
export type Presence = 'present' | 'absent';

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
  /** `absent` for explicit negatives only: refuted, symptom absent, negative result. */
  readonly presence: Presence;
  /** False for history: resolved, inactive, in remission, abated, or an acute condition past its time. */
  readonly current: boolean;
  readonly verification: 'confirmed' | 'unconfirmed' | 'unstated';
  /** `text` when only the record's words matched, without a code. */
  readonly basis: 'coded' | 'text';
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
}

import type { BodyRegion, CodeMatch, Side } from './terms.js';
