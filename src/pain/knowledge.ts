// The shape of the compiled knowledge that the pure core reads. Must not know files, YAML or CSV.

import type { ClearanceRules } from './derived/creatinine-clearance.js';
import type { GestationRules } from './derived/gestation-weeks.js';
import type { EquivalentRules } from './derived/morphine-equivalents.js';
import type { PrincipleStatement, Recommendation } from './evaluation.js';
import type { Urgency } from './expression.js';
import type { FreshnessWindow } from './judge-findings.js';
import type { AllergyRules, FindMedicine, MedicineRules } from './medicine.js';
import type { OrderKnowledge } from './order-knowledge.js';
import type { Candidate, Judge, RecordsRead } from './scope.js';
import type { StepwiseKnowledge } from './stepwise-knowledge.js';
import type { BodyRegion, Category, CodeMatch, EvidenceKind, Grade, Place } from './terms.js';

/** What a free-text phrase of the word lists matched (O7). */
export interface PhraseMatch {
  readonly match: CodeMatch;
  readonly place: Place;
}

/** The code and word tables of `cards/`; every look-up costs the same however many rules there are. */
export interface Vocabulary {
  /** All rows a recorded code matches: by its system only, the longest prefix of each set, ancestors as far as the data go. */
  readonly find: (system: string | undefined, code: string) => readonly CodeMatch[];
  /** True when the system is one the knowledge speaks. */
  readonly knowsSystem: (system: string | undefined) => boolean;
  /** The place a recorded code's own term says. */
  readonly placeOfCode: (system: string | undefined, code: string) => Place | undefined;
  /** Whether an injury code says first care, healing or sequela. */
  readonly episodeOf: (
    system: string | undefined,
    code: string,
  ) => 'initial' | 'subsequent' | 'sequela' | undefined;
  /** The place a bodySite concept names. */
  readonly placeOfSite: (
    codings: readonly {
      readonly system?: string | undefined;
      readonly code?: string | undefined;
    }[],
    text: string | undefined,
  ) => Place | undefined;
  /** Pain phrases in free text, negated ones left out. */
  readonly findPhrases: (text: string) => readonly PhraseMatch[];
  readonly findMedicine: FindMedicine;
  /** Whether a coded result says present or absent. */
  readonly presenceOf: (
    system: string | undefined,
    code: string,
  ) => 'present' | 'absent' | undefined;
}

/** What extraction needs to know. */
export interface ExtractionKnowledge {
  readonly vocabulary: Vocabulary;
  readonly analytes: ReadonlyMap<string, Analyte>;
  readonly medicines: MedicineRules;
  readonly allergies: AllergyRules;
  /** Category codes that make a DiagnosticReport an imaging report. */
  readonly reportCategories: ReadonlySet<string>;
  /** Days for which an Encounter's reason counts as a current complaint. */
  readonly encounterReasonDays: number;
}

/** How a set takes part in finding pains (`cards/sets.yaml`). */
export interface SetRole {
  /** `pain` opens or joins a pain problem; `site` is evidence bound to its place; `patient` holds for the whole patient. */
  readonly scope: 'pain' | 'site' | 'patient';
  readonly category?: Category;
  /** For `pain`: always opens a problem, only beside other evidence of pain (anywhere, or at its place), or only where no pain is recorded. */
  readonly opens: 'always' | 'with-pain' | 'at-place' | 'alone' | 'never';
  /** False where the code does not itself say that it hurts (O2). */
  readonly assertsPain: boolean;
  /** True for unspecified pain: it says that there is pain, not which. */
  readonly generic: boolean;
}

/** The analyte of a set with numeric values. */
export interface Analyte {
  readonly unit: string;
  readonly unitless: boolean;
  /** UCUM code or unit text -> factor and offset to the canonical unit. */
  readonly units: ReadonlyMap<string, { readonly factor: number; readonly offset: number }>;
  readonly plausible: readonly [number, number];
}

/** One declarative test over findings. */
export interface Criterion {
  readonly id: string;
  readonly kind: EvidenceKind;
  readonly label: string;
  readonly judge: Judge;
  /** Sets without any of which it is unknown; undefined where it may be decided without them. */
  readonly decidedBy?: readonly string[] | undefined;
  /** Weight when met; undefined means the weight of the matched code row. */
  readonly weight?: number | undefined;
}

/** A sentence of `cards/` shown when its expression holds. */
export interface ConditionalText {
  readonly id: string;
  readonly judge: Judge;
  readonly text: string;
  readonly unlocks?: string;
}

/** One of the six categories, compiled. */
export interface CategoryKnowledge {
  readonly id: Category;
  readonly criteria: readonly Criterion[];
  /** In the order possible, probable, definite; a category may lack the highest. */
  readonly grades: readonly { readonly grade: Grade; readonly judge: Judge }[];
  /** Sets whose confirmed diagnosis names the mechanism (O2); empty where a code alone never does. */
  readonly clinicianDiagnosisSets: ReadonlySet<string>;
  /** Expressions that lower a grade, each with the grade it lowers to. */
  readonly contradictions: readonly {
    readonly id: string;
    readonly label: string;
    readonly kind: EvidenceKind;
    readonly judge: Judge;
    readonly capAt?: Grade;
  }[];
  /** Subtypes by expression, first that holds; used when no matched code names one. */
  readonly subtypes: readonly { readonly id: string; readonly judge: Judge }[];
  /** Every subtype it may have, by expression or by code. */
  readonly subtypeIds: readonly string[];
  /** `mixes` is false for stages that do not make a cancer pain `mixed`. */
  readonly stages: readonly {
    readonly id: string;
    readonly judge: Judge;
    readonly mixes: boolean;
  }[];
  readonly wouldRaise: readonly ConditionalText[];
  readonly notes: readonly ConditionalText[];
  readonly literalGrades: boolean;
  /** Weight of a code that names this pain mechanism (O2). */
  readonly mechanismWeight: number;
  /** Weight from which a criterion that is denied speaks against the category. */
  readonly decisiveWeight: number;
  /** The most that a criterion weighs which rests on unconfirmed entries alone (G3). */
  readonly unconfirmedWeight: number;
  /** Every set its criteria read: a pain without any of them cannot belong here. */
  readonly reads: ReadonlySet<string>;
}

/** How a line of guidance can end for a patient apart from its safety checks. */
export type Outcome =
  | 'offered'
  | 'notAdvised'
  | 'sourceOnly'
  | 'redFlagFirst'
  | 'safetyChecksMissing'
  | 'underAgeDrug'
  | 'tentativeDrug';

/** A line of `cards/guidance`: one concrete option before safety checks. */
export interface GuidanceLine {
  /** The line as a recommendation, by outcome; composed once at load. */
  readonly as: Readonly<Record<Outcome, Recommendation>>;
  readonly strength: string;
  /** Place of its condition among those of its guidance. */
  readonly condition: number;
  readonly kind:
    | 'drug'
    | 'procedure'
    | 'non-drug'
    | 'education'
    | 'evaluation'
    | 'referral'
    | 'advice';
  readonly origin: string;
  /** True where the step of care does not hold the line back. */
  readonly isForAnyStep: boolean;
  /** Key of its plan in `SafetyKnowledge`; undefined for a line that names no treatment. */
  readonly plan: string | undefined;
  /** Place of the option in its pathway: 1 first line, 2 second, 3 third or last. */
  readonly order: 1 | 2 | 3;
}

export interface Guidance {
  /** What lines hold under, each condition once. */
  readonly conditions: readonly Judge[];
  readonly principles: readonly PrincipleStatement[];
  readonly lines: readonly GuidanceLine[];
}

/** One rule of `cards/safety`, compiled. */
export interface SafetyRule {
  readonly id: string;
  /** Its place among all rules, so that what is known of each can be kept in a list. */
  readonly at: number;
  readonly action: 'block' | 'adjust' | 'warn' | 'ask';
  readonly ifUnknown: 'ask' | 'note' | 'none';
  readonly message: string;
  /** The datum that would settle it; there wherever the rule can ask. */
  readonly needs?: string | undefined;
  /** The part of the trigger that records cannot answer. */
  readonly notAssessed?: string | undefined;
  /** True where a block says no more than that such a medicine is taken already. */
  readonly isDuplicate: boolean;
  readonly sources: readonly string[];
  readonly judge: Judge;
  /** The code sets it reads and the kinds of records their absence is proven by. */
  readonly reads: readonly string[];
  readonly records: readonly (keyof RecordsRead)[];
  /** What it comes to when nothing is recorded in its sets and all its records were read; undefined where more decides. */
  readonly whenEmpty?: 'met' | 'notMet' | 'unknown' | undefined;
  /** True when the answer differs between treatments or agents; else one judgement serves all. */
  readonly asksCandidate: boolean;
  /** True when the answer differs between the pains of a patient. */
  readonly asksPain: boolean;
}

/** One agent, or one class inside a wider class, with the rules that concern it alone. */
export interface SafetyMember {
  readonly label: string;
  readonly candidate: Candidate;
  readonly rules: readonly SafetyRule[];
}

/** Everything that has to be checked before a treatment is named. */
export interface SafetyPlan {
  readonly candidate: Candidate;
  /** Rules of the class whatever agent is meant. */
  readonly rules: readonly SafetyRule[];
  readonly members: readonly SafetyMember[];
  /** True when the members are all there is of the class. */
  readonly isComplete: boolean;
  /** False where no rule speaks of this treatment in particular: nothing was checked. */
  readonly isChecked: boolean;
}

/** `cards/safety`, by treatment and by rule. */
export interface SafetyKnowledge {
  /** By treatment, and by treatment and agents for lines of guidance that name agents. */
  readonly plans: ReadonlyMap<string, SafetyPlan>;
  readonly rules: ReadonlyMap<string, SafetyRule>;
  /** How long results stay valid, by set. */
  readonly freshness: ReadonlyMap<string, FreshnessWindow>;
}

/** One way a red flag shows, with what to say then. */
export interface RedFlagTrigger {
  readonly id: string;
  readonly urgency: Urgency;
  readonly label: string;
  readonly action: string;
  readonly judge: Judge;
  /** Groups of sets: without a finding in each of them it cannot hold. */
  readonly needs: readonly (readonly string[])[];
}

/** One red flag, compiled. */
export interface RedFlagKnowledge {
  readonly id: string;
  readonly label: string;
  readonly sources: readonly string[];
  readonly withholds: readonly string[];
  /** Most urgent first. */
  readonly triggers: readonly RedFlagTrigger[];
  /** When its absence must not be taken for granted, and what would assess it. */
  readonly notAssessed?: {
    readonly relevant: Judge;
    readonly needs: readonly (readonly string[])[];
    readonly parts: readonly { readonly name: string; readonly assessed: Judge }[];
  };
}

/** What computing numbers from several findings needs. */
export interface DerivedRules {
  readonly creatinineClearance: ClearanceRules;
  readonly gestation: GestationRules;
  readonly morphineEquivalents: EquivalentRules;
}

/** All of `cards/`, compiled and frozen. */
export interface Knowledge {
  readonly version: string;
  readonly digest: string;
  readonly extraction: ExtractionKnowledge;
  readonly derived: DerivedRules;
  readonly setRoles: ReadonlyMap<string, SetRole>;
  /** Whether findings that are no diagnosis tell of a pain of their own (O5). */
  readonly opensAlone: Judge;
  readonly regionLabels: ReadonlyMap<BodyRegion, string>;
  /** Where a disease of a set may show: by its own region, else under the empty string. */
  readonly territories: ReadonlyMap<string, ReadonlyMap<BodyRegion | '', readonly BodyRegion[]>>;
  readonly categories: readonly CategoryKnowledge[];
  /** Rules that add a category because of others (MX7, NEU-4, ...). */
  readonly coexistence: readonly {
    readonly id: string;
    readonly weight: number;
    readonly judge: Judge;
    readonly add: {
      readonly category: Category;
      readonly subtype?: string;
      readonly syndrome?: string;
    };
    readonly grade: Grade;
    readonly note?: string;
  }[];
  readonly modifiers: readonly {
    readonly id: string;
    readonly label: string;
    readonly text: string;
    readonly judge: Judge;
  }[];
  readonly redFlags: readonly RedFlagKnowledge[];
  readonly asks: readonly ConditionalText[];
  readonly guidance: ReadonlyMap<Category, Guidance>;
  readonly safety: SafetyKnowledge;
  /** The one line on ozone that a site may enable; absent by default. */
  readonly ozone?: {
    /** Steps of care at which it may show. */
    readonly steps: ReadonlySet<string>;
    /** The treatment whose safety checks are its gate. */
    readonly treatment: string;
    readonly judge: Judge;
    readonly text: string;
  };
  readonly orders: OrderKnowledge;
  readonly stepwise: StepwiseKnowledge;
  readonly settings: Settings;
  readonly engineTexts: EngineTexts;
  /** What the compiled expressions read, for the prefetch templates. */
  readonly reads: {
    readonly observationCodes: readonly string[];
    readonly reportCategories: readonly string[];
  };
}

/** Numbers of `cards/settings.yaml` that the engine itself works with. */
export interface Settings {
  readonly groupingWindowDays: number;
  readonly intensityWindowDays: number;
  /** NRS from which a score counts as pain at all (EX2). */
  readonly intensityCountsFrom: number;
  /** NRS from which a score without a place records a pain of its own. */
  readonly intensityAssertsFrom: number;
  readonly intensitySets: readonly string[];
  /** Sets whose positive finding tells of pain when nothing else is recorded. */
  readonly openingSets: readonly string[];
  readonly acuteBelowDays: number;
  readonly chronicFromDays: number;
  /** Change of NRS from which a trend is named. */
  readonly trendPoints: number;
  readonly adultAgeYears: number;
  readonly imagingWindowDays: number;
  /** How long a reasoned override silences the same card for the same facts. */
  readonly snoozeDays: number;
  /** Age in days of the newest entry from which a record is called old. */
  readonly staleRecordDays: number;
  /** Age from which a numeric self-report of pain is believed. */
  readonly selfReportFromYears: number;
}

/** Sentences of `cards/texts` that the engine itself puts into an evaluation. */
export interface EngineTexts {
  readonly separators: { readonly names: string; readonly needs: string };
  /** Said of the knowledge wherever it is named. */
  readonly notReviewed: string;
  /** What the server is for and what it is not, in one line. */
  readonly intendedUse: string;
  readonly painUnplacedLabel: string;
  readonly underAge: string;
  readonly ageUnknown: string;
  readonly safetyChecksMissing: string;
  readonly notAdvised: string;
  readonly redFlagFirst: string;
  /** `{names}` */
  readonly redFlagNotRecorded: string;
  readonly underAgeDrug: string;
  readonly tentativeDrug: string;
  readonly needs: string;
  readonly agentWithheld: string;
  readonly agentCaution: string;
  readonly egfrStandIn: string;
  readonly firstLineBlocked: string;
  readonly futureDated: string;
  readonly unreadableValue: string;
  readonly foreignResources: string;
  readonly unrecognisedMedicines: string;
  readonly unrecognisedAllergies: string;
  readonly childScore: string;
  readonly staleRecord: string;
  readonly painScoreZero: string;
  readonly inputEffects: ReadonlyMap<string, string>;
}
