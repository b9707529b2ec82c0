// The parsed shapes of cards/trials.yaml, stepwise.yaml and dynamic.yaml, as their schemas check them. Must not interpret them.
import type { TrialStatus } from '../pain/progress.js';

/** `cards/trials.yaml` */
export interface TrialsDocument {
  readonly relief: {
    readonly scoreSets: readonly string[];
    readonly baselineDays: number;
    readonly respondedFrom: number;
    readonly substantialFrom: number;
  };
  readonly gapDays: number;
  readonly precedence: readonly TrialStatus[];
  readonly trials: readonly {
    readonly id: string;
    readonly treatments: readonly string[];
    readonly sets?: readonly string[];
    readonly routes?: readonly string[];
    readonly when?: string;
    readonly dose?: {
      readonly atLeast: number;
      readonly unit: string;
      readonly lowerMayDo?: string;
    };
    readonly regular?: true;
    readonly doseNotProvable?: true;
    readonly days: number;
    readonly daysAtDose: number;
    readonly sessions?: number;
    readonly differentAgents?: number;
    readonly judgedWithinDays?: number;
    readonly text: string;
    readonly sources: readonly string[];
  }[];
}

/** `cards/stepwise.yaml` */
export interface StepwiseDocument {
  readonly steps: readonly {
    readonly id: string;
    readonly step: string;
    readonly when: string;
    readonly opens: readonly string[];
    readonly closes?: readonly string[];
    readonly text: string;
    readonly asks?: readonly string[];
    readonly sources: readonly string[];
  }[];
  readonly asks: readonly { readonly id: string; readonly when: string; readonly text: string }[];
  readonly ordering: {
    readonly windowDays: number;
    readonly exceptions: string;
    readonly diagnostic: readonly string[];
    readonly rules: readonly {
      readonly id: string;
      readonly levels?: readonly string[];
      readonly treatments?: readonly string[];
      readonly destructive?: true;
      readonly excepted?: true;
      readonly when: string;
      readonly message: string;
      readonly indicator?: 'info' | 'warning';
      readonly sources: readonly string[];
    }[];
  };
}

/** `cards/dynamic.yaml` */
export interface DynamicDocument {
  readonly previousDays: number;
  readonly goal: string;
  readonly measures: readonly {
    readonly id: string;
    readonly label: string;
    readonly sets: readonly string[];
    readonly response?: true;
    readonly words: readonly {
      readonly word: string;
      readonly fallPercent?: number;
      readonly fallPoints?: number;
      readonly risePoints?: number;
      readonly reclassify?: true;
      readonly says: string;
      readonly sources: readonly string[];
    }[];
    readonly sources: readonly string[];
  }[];
  readonly intervals: readonly {
    readonly id: string;
    readonly when: string;
    readonly text: string;
    readonly fromDays: number;
    readonly toDays: number;
    readonly sources: readonly string[];
  }[];
}
