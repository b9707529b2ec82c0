// Evaluation: the whole answer of the core for one patient at one moment. Must not know CDS Hooks or JSON.

import type { Urgency } from './expression.js';
import type { FhirDate, Finding } from './finding.js';
import type {
  Change,
  NextEvaluation,
  OpioidLoad,
  OrderingRemark,
  Stepwise,
  Trial,
} from './progress.js';
import type { Basis, BodyRegion, Category, EvidenceKind, Grade, Principle, Side } from './terms.js';

/** A criterion's result with the findings that decided it. */
export interface Evidence {
  readonly criterion: string;
  readonly label: string;
  readonly kind: EvidenceKind;
  readonly result: 'met' | 'notMet' | 'unknown';
  readonly weight: number;
  readonly findings: readonly Finding[];
}

/** Intensity of a pain, 0–10 numeric rating scale. */
export interface Intensity {
  readonly nrs: number;
  readonly finding: Finding;
  readonly trend?: 'worsening' | 'improving' | 'stable' | undefined;
}

/** One pain of the patient with region and onset. */
export interface PainProblem {
  /** `p1`, `p2`, ... in the order shown. */
  readonly id: string;
  readonly label: string;
  /** True when the label is text of the chart, to be escaped and quoted. */
  readonly labelFromChart: boolean;
  /** Absent when the pain cannot be placed. */
  readonly region?: BodyRegion | undefined;
  readonly side?: Side | undefined;
  /** The findings that make it up. */
  readonly members: readonly Finding[];
  readonly onset?: FhirDate | undefined;
  readonly course?: 'acute' | 'subacute' | 'chronic' | undefined;
  readonly intensity?: Intensity | undefined;
}

/** A category with the certainty that this pain belongs to it, and why. */
export interface Classification {
  readonly category: Category;
  readonly subtype?: string | undefined;
  readonly syndrome?: string | undefined;
  readonly grade: Grade;
  readonly basis: Basis;
  /** Criteria met, strongest first. */
  readonly evidence: readonly Evidence[];
  /** Contradicting findings, for example a refuted diagnosis or a normal result where the claim expects a raised one. */
  readonly against: readonly Evidence[];
  /** What would make the answer surer, in words of `cards/`. */
  readonly wouldRaise: readonly string[];
  /** Remarks of `cards/` a clinician must see with this category. */
  readonly notes: readonly string[];
  readonly clinicianDiagnosed: boolean;
  /** True when nothing but unconfirmed diagnoses or text holds the category (D5). */
  readonly tentative: boolean;
  /** Literal NeuPSIG grade of the recorded evidence; neuropathic only. */
  readonly neupsigGrade?: Grade | undefined;
  /** Cancer only. */
  readonly stages?: readonly string[] | undefined;
}

export type RecommendationStatus =
  | 'offered'
  | 'caution'
  | 'withheld'
  | 'not-advised'
  | 'source-only'
  | 'tried';

/** The result of one safety check for this patient. */
export interface CheckResult {
  readonly rule: string;
  readonly action: 'block' | 'adjust' | 'warn' | 'ask';
  readonly outcome: 'clear' | 'caution' | 'blocked' | 'unknown';
  /** What the rule says, in words of `cards/`; undefined for a clear check. */
  readonly message: string | undefined;
  /** The datum that would settle it; only where the outcome is unknown. */
  readonly needs: string | undefined;
  /** The one agent of the class it concerns; undefined where it concerns the class. */
  readonly agent: string | undefined;
  /** True when another quantity stood in for the one the rule asks for (D-4). */
  readonly standIn: boolean;
  readonly findings: readonly Finding[];
}

/** What a line of guidance says, whoever the patient is. */
export interface Advice {
  readonly id: string;
  readonly principle: Principle;
  readonly step?: 'conservative' | 'minimally-invasive' | 'comprehensive' | undefined;
  readonly treatment?: string | undefined;
  readonly text: string;
  /** The same in plain words a patient can be given; education and self-management only. */
  readonly plain?: string | undefined;
  readonly certainty: string;
  readonly strength: string;
  readonly agreement: string;
  readonly sources: readonly string[];
}

/** One principle applied to one pain problem. */
export interface Recommendation extends Advice {
  /** The line itself: one frozen object for all patients, so that what follows from it alone is made but once. */
  readonly advice?: Advice;
  readonly status: RecommendationStatus;
  /** Why it is withheld or not advised, in words of `cards/`. */
  readonly reason?: string | undefined;
  /** Checks that are not clear, and clear ones that rest on a record; gravest first. */
  readonly checks: readonly CheckResult[];
  /** True where a check forbids it for more than being taken already. */
  readonly isForbidden?: boolean | undefined;
  /** How many rules were judged; absent where none concerns the line. */
  readonly checksEvaluated?: number | undefined;
  /** Rules that could not be tested, in part or at all. */
  readonly notAssessed?: readonly string[] | undefined;
  /** A treatment for the same pain that passes its checks, where this one is blocked (CO-5). */
  readonly alternative?: string | undefined;
}

/** One row of the article-beside-guideline table for the leading category. */
export interface PrincipleStatement {
  readonly principle: Principle;
  readonly article: string;
  readonly guidance: string;
  /** Which of the two the card follows, in words of `cards/`. */
  readonly follows: string;
  readonly agreement: string;
  readonly certainty: string;
  readonly strength: string;
  readonly sources: readonly string[];
}

/** A pain problem with its classification and what follows from it. */
export interface EvaluatedProblem {
  readonly problem: PainProblem;
  /** Leading category first; empty means unclassified. */
  readonly classifications: readonly Classification[];
  readonly principles: readonly PrincipleStatement[];
  readonly recommendations: readonly Recommendation[];
  /** What to ask or examine next for this pain, in words of `cards/`, most useful first. */
  readonly ask: readonly Ask[];
  /** What was looked at and could not be tied to one pain (for example a score without a site). */
  readonly notPlaced: readonly Finding[];
  /** Imaging already done of this region, newest first (O4). */
  readonly imagingDone: readonly Finding[];
  /** How each class was tried; classes without a record are not listed. */
  readonly trials?: readonly Trial[] | undefined;
  readonly stepwise?: Stepwise | undefined;
  /** Remarks on the order of procedures that were done (treatment.md 5.4). */
  readonly ordering?: readonly OrderingRemark[] | undefined;
  readonly change?: Change | undefined;
  readonly nextEvaluation?: NextEvaluation | undefined;
  /** What a clinician must know of the recommendations as a whole, in words of `cards/` (CO-6). */
  readonly remarks: readonly string[];
  /** What the scheme's source says of ozone, as information only, where a site enabled it. */
  readonly ozone?: string | undefined;
}

/** One datum to record next, with what it unlocks. */
export interface Ask {
  readonly id: string;
  readonly text: string;
  readonly unlocks?: string | undefined;
}

/** A condition to be considered and examined before any treatment principle; never a diagnosis (RF0). */
export interface RedFlag {
  readonly id: string;
  readonly label: string;
  readonly urgency: Urgency;
  /** What to do and within which time, in words of `cards/`. */
  readonly action: string;
  readonly sources: readonly string[];
  /** The triggers that are met, most urgent first. */
  readonly triggers: readonly string[];
  /** Treatments that wait until it is ruled out. */
  readonly withholds: readonly string[];
  /** The records that decided, those of the most urgent trigger first. */
  readonly findings: readonly Finding[];
}

/** A red flag that this patient's pain makes relevant and the record cannot rule in or out. */
export interface RedFlagNotAssessed {
  readonly id: string;
  readonly label: string;
  /** What is not recorded, in words of `cards/`. */
  readonly missing: string;
}

/** Something that changes how every category is read, for example psychological factors. */
export interface Modifier {
  readonly id: string;
  readonly label: string;
  readonly text: string;
  readonly findings: readonly Finding[];
}

/** An input that was not fully read, and what that does to the answer. */
export interface MissingInput {
  readonly input: string;
  readonly reason: string;
  readonly effect: string;
}

/** What is wrong with an order, gravest first. */
export const ORDER_REMARKS = [
  'contraindicated',
  'red-flag',
  'unknown',
  'order',
  'not-advised',
  'first-line',
  'duplicate',
  'no-pain',
  'caution',
  'unchecked',
] as const;

/** One thing to be said of an order. */
export interface OrderRemark {
  readonly kind: (typeof ORDER_REMARKS)[number];
  /** Id of the safety rule, red flag, line of guidance or remark; absent where nothing but the record says it. */
  readonly rule?: string;
  readonly indicator: 'info' | 'warning' | 'critical';
  /** In words of `cards/`; absent where the kind says all there is. */
  readonly text?: string;
  /** The records that decided. */
  readonly findings: readonly Finding[];
  readonly sources: readonly string[];
}

/** A selected order of a class this service knows, with what is to be said of it. */
export interface JudgedOrder {
  /** `Type/id`. */
  readonly reference: string;
  readonly label: string;
  readonly labelFromChart: boolean;
  readonly treatments: readonly string[];
  /** Id of the pain it is judged for. */
  readonly painProblem?: string;
  /** Gravest first; empty for an order that is fine. */
  readonly remarks: readonly OrderRemark[];
  /** Cautions that alone are no reason for a card. */
  readonly cautions: readonly OrderRemark[];
  /** How many safety rules were judged. */
  readonly checksEvaluated: number;
}

/** What came of the orders a call is about. */
export interface JudgedOrders {
  readonly orders: readonly JudgedOrder[];
  /** Selected medicines that could not be recognised, in whole or in part: not checked. */
  readonly unrecognised: number;
  /** Selected orders not proven to be about the patient, or not to be read as they stand: not checked. */
  readonly unusable: number;
}

export interface Evaluation {
  /** For a call about orders only. */
  readonly orders?: JudgedOrders | undefined;
  readonly knowledge: { readonly version: string; readonly digest: string };
  /** ISO instant, UTC. */
  readonly evaluatedAt: string;
  readonly completeness: 'complete' | 'partial';
  readonly missing: readonly MissingInput[];
  /** Whole years; absent when the birth date is unknown. */
  readonly ageYears?: number | undefined;
  readonly problems: readonly EvaluatedProblem[];
  /** Most urgent first. */
  readonly redFlags: readonly RedFlag[];
  readonly redFlagsNotAssessed: readonly RedFlagNotAssessed[];
  readonly modifiers: readonly Modifier[];
  /** Diagnoses recorded as refuted or entered as absent that a category would otherwise have used. */
  readonly refuted: readonly Finding[];
  /** Current medicines that could not be recognised, in whole or in part: what concerns them was not checked. */
  readonly unrecognisedMedicines: number;
  /** Morphine equivalents of the opioids taken now; absent where none is taken or no dose can be told. */
  readonly opioids?: OpioidLoad | undefined;
  /** Remarks on the data: future dates, unreadable units, foreign resources, unrecognised medicines. */
  readonly dataNotes: readonly string[];
  /** What broke while pains were judged, for the log only: each cost one pain, which `missing` says. */
  readonly defects?: readonly unknown[] | undefined;
  /** Statements every card carries, in words of `cards/` (under 18, not reviewed, ...). */
  readonly notes: readonly string[];
}
