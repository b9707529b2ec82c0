// The shape of compiled `cards/orders.yaml`. Must not hold behaviour.
import type { Judge } from './scope.js';

/** A class of `cards/treatments.yaml`, with the agent a code set names inside it. */
export interface OrderedTreatment {
  readonly treatment: string;
  /** Key of its plan in `SafetyKnowledge`: of this agent alone where it is known. */
  readonly plan: string;
  /** True when the plan is that of one agent, not of the class as such. */
  readonly isAgent: boolean;
}

/** What a class is ordered for where no reason is given. */
export type OrderPurpose = 'pain' | 'mostly-pain' | 'also-pain' | 'gate';

/** How orders of one class are looked at. */
export interface OrderClass {
  readonly purpose: OrderPurpose;
  /** Code sets that recognise the class in the record, where two of it at once are one too many. */
  readonly duplicateSets: readonly string[];
}

/** A remark on orders that is no safety rule. */
export interface OrderRule {
  readonly id: string;
  readonly treatments: ReadonlySet<string>;
  /** True when a line of guidance that names the class first for this pain comes before the remark. */
  readonly unlessFirst: boolean;
  readonly judge: Judge;
  readonly indicator: 'info' | 'warning';
  readonly text: string;
  readonly sources: readonly string[];
}

/** `cards/orders.yaml`, compiled. */
export interface OrderKnowledge {
  /** Classes by the code set that names them or one of their agents. */
  readonly bySet: ReadonlyMap<string, readonly OrderedTreatment[]>;
  readonly classes: ReadonlyMap<string, OrderClass>;
  /** Safety rules whose block is an immediate danger. */
  readonly critical: ReadonlySet<string>;
  /** Safety rules whose caution is worth a card of its own. */
  readonly severe: ReadonlySet<string>;
  readonly rules: readonly OrderRule[];
}
