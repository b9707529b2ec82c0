// Words of the closed lists, and what a matched code says. Imports nothing, so that everything else can.

/** The six categories of the scheme, in its order. */
export const CATEGORIES = [
  'inflammatory',
  'neuropathic',
  'cancer',
  'spasmodic',
  'psychogenic',
  'other',
] as const;

export type Category = (typeof CATEGORIES)[number];

export type Grade = 'possible' | 'probable' | 'definite';

/** Strongest first: the one reported when several hold (O8). */
export type Basis = 'evidence' | 'clinician-diagnosis' | 'scheme' | 'text';

/** Kinds of evidence that count as independent of each other (`knowledge.md` 3.1). */
export type EvidenceKind =
  | 'dx'
  | 'source'
  | 'history'
  | 'exam'
  | 'imaging'
  | 'lab'
  | 'scale'
  | 'course';

export type Principle =
  | 'target-cause'
  | 'relieve-symptoms'
  | 'restore-function'
  | 'dynamic-evaluation'
  | 'delay-progression'
  | 'prevention'
  | 'stepwise-care'
  | 'peripheral-before-central';

/** A body region of the closed list of `cards/regions.yaml`. */
export type BodyRegion = string;

export type Side = 'left' | 'right' | 'bilateral';

/** One row of a code set that a recorded code matched. */
export interface CodeMatch {
  /** Id of the code set, for example `cond-neuropathic-trigeminal`. */
  readonly set: string;
  /** Our display of the matched row. */
  readonly display: string;
  /** Evidence weight 0 to 4; undefined for sets that carry no evidence weight (scales, safety classes). */
  readonly weight?: number | undefined;
  readonly category?: Category | undefined;
  readonly subtype?: string | undefined;
  readonly syndrome?: string | undefined;
  /** Category (or `other.non-painful`) the article itself gives this condition (O1). */
  readonly schemeMember?: string | undefined;
  readonly regions: readonly BodyRegion[];
  readonly side?: Side | undefined;
  /** Days after onset beyond which an "active" acute condition no longer counts as current. */
  readonly acuteDays?: number | undefined;
}

/** What a row or a phrase says. Every field is there, so that all matches have one shape: nothing is looked at more often. */
export const codeMatch = (
  set: string,
  display: string,
  regions: CodeMatch['regions'],
  more: Omit<CodeMatch, 'set' | 'display' | 'regions'> = {},
): CodeMatch =>
  Object.freeze({
    set,
    display,
    weight: more.weight,
    category: more.category,
    subtype: more.subtype,
    syndrome: more.syndrome,
    schemeMember: more.schemeMember,
    regions,
    side: more.side,
    acuteDays: more.acuteDays,
  });

/** Where a code or phrase lies on the body. */
export interface Place {
  readonly regions: readonly BodyRegion[];
  readonly side?: Side | undefined;
}
