// The shape of what cards/ says about trials, steps, order and change over time. Must not know files or patients.
import type { Recommendation } from './evaluation.js';
import type { TrialStatus } from './progress.js';
import type { Judge } from './scope.js';

/** What counts as an adequate trial of one agent or class (treatment.md 5.2). */
export interface TrialRule {
  readonly id: string;
  /** Treatment classes whose lines it answers. */
  readonly treatments: readonly string[];
  /** Records that count; absent: those of the treatment. */
  readonly sets?: readonly string[];
  /** Given ways of giving only; absent for any. */
  readonly routes?: readonly string[];
  /** Undefined where it holds for every pain. */
  readonly judge?: Judge;
  /** Least daily amount; `lowerMayDo` holds where a lower one may be the full one for this patient. */
  readonly dose?: { readonly atLeast: number; readonly unit: string; readonly lowerMayDo?: Judge };
  /** True where the dose has to be taken regularly, whatever the amount. */
  readonly isRegular: boolean;
  /** True where no record can prove that the dose was enough (highest tolerated dose). */
  readonly isDoseUnprovable: boolean;
  readonly days: number;
  readonly daysAtDose: number;
  readonly sessions?: number;
  readonly differentAgents?: number;
  /** Judged so many days after one application; undefined for what is taken for some time. */
  readonly judgedWithinDays?: number;
  readonly text: string;
  readonly sources: readonly string[];
}

/** How relief is measured (treatment.md 6). */
export interface ReliefRules {
  readonly scoreSets: readonly string[];
  readonly baselineDays: number;
  readonly respondedFrom: number;
  readonly substantialFrom: number;
}

/** What stepping needs to know of a treatment class. */
export interface SteppedTreatment {
  readonly codeSets: readonly string[];
  /** P1 (skin, joint, muscle) to P5 (cord, brain). */
  readonly level: string | undefined;
  readonly isDestructive: boolean;
}

/** One row of the step table (treatment.md 5.3). */
export interface StepRow {
  readonly id: string;
  readonly step: string;
  readonly judge: Judge;
  readonly opens: readonly string[];
  readonly closes: readonly string[];
  readonly text: string;
  /** Ids of questions that an unknown row leads to. */
  readonly asks: readonly string[];
  readonly sources: readonly string[];
}

/** One rule of the ordering check (treatment.md 5.4). */
export interface OrderRule {
  readonly id: string;
  readonly judge: Judge;
  /** Concerns these levels, these treatments, or what destroys tissue. */
  readonly levels: readonly string[];
  readonly treatments: readonly string[];
  readonly destructive: boolean;
  /** Whether the exceptions silence it. */
  readonly isExcepted: boolean;
  readonly message: string;
  /** How it is said of an order that is being written; without it only of what was done. */
  readonly indicator?: 'info' | 'warning';
  readonly sources: readonly string[];
}

/** The smallest change that has a name, for one measure. */
export interface ChangeWord {
  readonly word: string;
  readonly fallPercent?: number;
  readonly fallPoints?: number;
  readonly risePoints?: number;
  /** True where it asks to classify again. */
  readonly reclassifies: boolean;
  readonly says: string;
  readonly sources: readonly string[];
}

/** A measure that is followed over time (treatment.md 6). */
export interface MeasureRule {
  readonly id: string;
  readonly label: string;
  readonly sets: readonly string[];
  /** True where 30 and 50 per cent are the limits of response. */
  readonly hasResponse: boolean;
  /** Most telling first. */
  readonly words: readonly ChangeWord[];
  readonly sources: readonly string[];
}

/** One row of the table of intervals. */
export interface IntervalRow {
  readonly id: string;
  readonly judge: Judge;
  readonly text: string;
  readonly fromDays: number;
  readonly toDays: number;
  readonly sources: readonly string[];
}

/** Everything about following a pain over time, compiled. */
export interface StepwiseKnowledge {
  readonly treatments: ReadonlyMap<string, SteppedTreatment>;
  /** The treatments that a record in a set can be one of, by their code sets and those of their trials. */
  readonly treatmentsOfSet: ReadonlyMap<string, readonly string[]>;
  /** Drugs and non-drug treatments: what the trials of a first step are counted by. */
  readonly classes: ReadonlySet<string>;
  /** Those the ordering check is about: the ones with a level and the ones that destroy tissue. */
  readonly procedures: readonly string[];
  /** Those of them that have a level. */
  readonly levelled: ReadonlySet<string>;
  /** The rules that answer each treatment, the first that fits a record counts. */
  readonly trialsOf: ReadonlyMap<string, readonly TrialRule[]>;
  readonly relief: ReliefRules;
  /** Records of one treatment no further apart belong to one course. */
  readonly gapDays: number;
  /** The most advanced status of several agents is the status of their class. */
  readonly precedence: readonly TrialStatus[];
  readonly steps: readonly StepRow[];
  readonly asks: readonly { readonly id: string; readonly judge: Judge; readonly text: string }[];
  readonly order: {
    readonly exception: Judge;
    readonly rules: readonly OrderRule[];
    /** The steps whose documented contraindication excuses a more central one. */
    readonly diagnostic: readonly string[];
    readonly windowDays: number;
  };
  readonly measures: readonly MeasureRule[];
  readonly intervals: readonly IntervalRow[];
  readonly goal: Judge;
  /** Days before the previous evaluation in which a score still stands for it. */
  readonly previousDays: number;
  /** Lines as they are shown while their step is not reached, by id. */
  readonly held: ReadonlyMap<string, Recommendation>;
  readonly texts: StepwiseTexts;
}

/** Sentences the engine puts on recommendations. */
export interface StepwiseTexts {
  readonly laterStep: string;
  /** `{span}` `{relief}` */
  readonly triedFailed: string;
  readonly triedFailedRunning: string;
  readonly triedIntolerance: string;
  /** `{span}` */
  readonly running: string;
  /** `{since}` `{until}` */
  readonly span: string;
  readonly spanEnded: string;
  readonly remarkAnd: string;
  readonly reclassify: string;
  readonly opioidSource: string;
}
