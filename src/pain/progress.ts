// What was tried, which step is next and what changed: the result types of following a pain over time. Must not compute them.
import type { Finding } from './finding.js';
import type { Category, Grade } from './terms.js';

/** How a treatment class was tried (treatment.md 5.2); `helped`: ended although it relieved. */
export type TrialStatus =
  | 'adequate-failed'
  | 'intolerance'
  | 'contraindicated'
  | 'inadequate'
  | 'ongoing'
  | 'not-documented'
  | 'helped';

/** What keeps a trial from being judged. */
export type TrialGap = 'dose' | 'duration' | 'relief';

/** What the record says of one treatment class for this pain. */
export interface Trial {
  readonly treatment: string;
  readonly status: TrialStatus;
  /** True while it is taken. */
  readonly isRunning: boolean;
  /** Our display of the agent or procedure that decided. */
  readonly agent?: string | undefined;
  /** First and last day as recorded. */
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  /** Fall of the pain score against the baseline, per cent; negative for a rise. */
  readonly reliefPercent?: number | undefined;
  /** What is not recorded, in the order dose, duration, relief. */
  readonly missing: readonly TrialGap[];
  /** What counts as an adequate trial, in words of `cards/`. */
  readonly adequate?: string | undefined;
  readonly sources: readonly string[];
  /** The records of the treatment, then the two scores. */
  readonly findings: readonly Finding[];
}

/** A class that is left out of the step because a check forbids it. */
export interface SkippedClass {
  readonly treatment: string;
  readonly reason: string;
}

/** The next step of care (treatment.md 5.3). */
export interface Stepwise {
  /** `0`, `1`, `1+`, `2`, `3` or `surgical`. */
  readonly step: string;
  /** Id of the row of `cards/stepwise.yaml`. */
  readonly row: string;
  /** What the row says, in words of `cards/`. */
  readonly because: string;
  /** What would have to be known to judge a later step. */
  readonly asks: readonly string[];
  readonly skipped: readonly SkippedClass[];
  /** Options of the first step that the record does not show as tried. */
  readonly notTried: readonly string[];
  readonly sources: readonly string[];
  readonly findings: readonly Finding[];
}

/** A remark of the ordering check (treatment.md 5.4). */
export interface OrderingRemark {
  readonly rule: string;
  readonly treatment: string;
  readonly level?: string | undefined;
  readonly message: string;
  readonly indicator?: 'info' | 'warning' | undefined;
  readonly sources: readonly string[];
  /** The recorded procedures it is about; none for one that is only proposed. */
  readonly findings: readonly Finding[];
}

/** One measured value with its day. */
export interface MeasuredPoint {
  readonly value: number;
  readonly date: string;
  readonly finding?: Finding;
}

/** How one measure changed (treatment.md 6). */
export interface MeasureChange {
  readonly measure: string;
  readonly label: string;
  /** What it is compared with. */
  readonly since: 'treatment-start' | 'previous-evaluation';
  readonly from: MeasuredPoint;
  readonly to: MeasuredPoint;
  /** Positive for a rise. */
  readonly points: number;
  readonly percent?: number | undefined;
  /** The word of the threshold that is reached, for example `moderate`; absent where none is. */
  readonly word?: string | undefined;
  /** What the word means and what follows, in words of `cards/`. */
  readonly says?: string | undefined;
  /** Whether the fall reaches the limits of response and of substantial response; absent where the measure has none. */
  readonly response?: { readonly reached30: boolean; readonly reached50: boolean } | undefined;
  readonly sources: readonly string[];
}

/** A category that is new, gone, surer or less sure than at the previous evaluation. */
export interface LabelChange {
  readonly category: Category;
  readonly change: 'new' | 'gone' | 'up' | 'down';
  readonly from?: Grade;
  readonly to?: Grade;
}

/** What changed for one pain. */
export interface Change {
  /** Instant of the evaluation it is compared with; absent without one. */
  readonly previousAt?: string | undefined;
  readonly measures: readonly MeasureChange[];
  readonly labels: readonly LabelChange[];
  /** True when pain and interference are both below the goal. */
  readonly isGoalReached: boolean;
  /** What a new label or a rise asks for, in words of `cards/`. */
  readonly advice?: string | undefined;
}

/** When to look again. */
export interface NextEvaluation {
  readonly id: string;
  readonly text: string;
  readonly fromDays: number;
  readonly toDays: number;
  readonly sources: readonly string[];
}

/** Morphine equivalents of all opioids taken now. */
export interface OpioidLoad {
  /** At least so many milligrams a day. */
  readonly mmePerDay: number;
  /** False where an opioid's dose is not structured: then it may be more. */
  readonly isExact: boolean;
  readonly source: string;
  /** At the previous evaluation, where it was known exactly. */
  readonly previousMmePerDay?: number | undefined;
  readonly findings: readonly Finding[];
}

/** The patient's previous evaluation; `not-read` where it is not known whether there is one. */
export type Previous = PreviousEvaluation | 'not-read';

/** What an earlier evaluation is remembered by. */
export interface PreviousEvaluation {
  /** ISO instant. */
  readonly evaluatedAt: string;
  readonly problems: readonly {
    readonly region?: string;
    readonly side?: string;
    /** As `category:grade`. */
    readonly categories: readonly string[];
  }[];
  /** Morphine equivalents then, where they were known exactly. */
  readonly mmePerDay?: number;
}
