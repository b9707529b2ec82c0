// The closed lists that names in expressions are checked against. Must not parse.

import type { Expression } from '../pain/expression.js';

/** The closed lists an expression may name, and how a limit is brought to the canonical unit of its analyte. */
export interface ExpressionNames {
  readonly hasSet: (set: string) => boolean;
  readonly hasRegion: (region: string) => boolean;
  /** Ids of criteria the expression may refer to. */
  readonly hasCriterion: (id: string) => boolean;
  /** Subtypes, syndromes and stages of the closed lists. */
  readonly hasLabel: (op: 'syndrome' | 'subtype' | 'stage', id: string) => boolean;
  /** The limit in the canonical unit of the set's analyte; undefined when the unit is not listed for it. */
  readonly toCanonical: (set: string, limit: number, unit: string) => number | undefined;
  /** Whether a freshness window is known for the set. */
  readonly hasFreshness?: (set: string) => boolean;
  /** Ids of safety rules the expression may refer to. */
  readonly hasRule?: (id: string) => boolean;
  /** Treatments, agents and traits a candidate may be or have. */
  readonly hasCandidate?: (id: string) => boolean;
  /** The expression a word of `cards/definitions.yaml` stands for. */
  readonly definition?: (word: string) => Expression | undefined;
}
