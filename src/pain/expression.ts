// The expression language of cards/ as data: what criteria, grades, red flags and safety checks are made of. Must not know its text form.

import type { TrialStatus } from './progress.js';
import type { BodyRegion, Category, EvidenceKind, Grade } from './terms.js';

export type Comparison = '<' | '<=' | '>' | '>=' | '=';

/** Operators that look findings up by code set. */
export type SetOperator =
  | 'has'
  | 'had'
  | 'positive'
  | 'report'
  | 'med'
  | 'procedure'
  | 'undated'
  | 'started'
  | 'sameSite';

/** One parsed expression; every name in it has been checked against the closed lists of cards/. */
export type Expression =
  | { readonly op: 'and' | 'or'; readonly terms: readonly Expression[] }
  | { readonly op: 'not' | 'missing'; readonly term: Expression }
  | { readonly op: 'true' }
  | {
      readonly op: SetOperator;
      readonly sets: readonly string[];
      readonly withinDays?: number;
      /** Dated longer ago than that. */
      readonly olderThanDays?: number;
      /** Inside the freshness window of its set (`cards/freshness.yaml`). */
      readonly fresh?: true;
    }
  | {
      readonly op: 'value';
      readonly sets: readonly string[];
      readonly compare: Comparison;
      /** In the canonical unit of the analyte. */
      readonly limit: number;
      readonly withinDays?: number;
      readonly olderThanDays?: number;
      readonly fresh?: true;
    }
  | {
      readonly op: 'high' | 'low';
      readonly sets: readonly string[];
      /** Default limit in the canonical unit, used when the result brings no range or interpretation of its own. */
      readonly limit?: number;
      readonly withinDays?: number;
      readonly olderThanDays?: number;
      readonly fresh?: true;
    }
  | { readonly op: 'site' | 'region'; readonly regions: readonly BodyRegion[] }
  | { readonly op: 'syndrome' | 'subtype' | 'stage'; readonly ids: readonly string[] }
  | { readonly op: 'category'; readonly category: Category; readonly atLeast: Grade }
  | {
      readonly op: 'age' | 'intensity' | 'duration';
      readonly compare: Comparison;
      /** Years, points 0–10, days. */
      readonly limit: number;
    }
  | { readonly op: 'sex'; readonly is: 'female' | 'male' }
  | { readonly op: 'nonPainful' }
  | {
      readonly op: 'highForAge';
      readonly sets: readonly string[];
      /** Default limit: `perYear` times the age in years plus `plus`, canonical unit. */
      readonly perYear: number;
      readonly plus: number;
      readonly withinDays?: number;
      readonly olderThanDays?: number;
      readonly fresh?: true;
    }
  | { readonly op: 'painEvidence'; readonly withinDays?: number }
  | {
      readonly op: 'count';
      readonly terms: readonly Expression[];
      readonly compare: Comparison;
      readonly limit: number;
    }
  | { readonly op: 'criterion' | 'unknown' | 'confirmed'; readonly id: string }
  | {
      readonly op: 'items';
      readonly kind: EvidenceKind | 'any';
      readonly weight: number;
      readonly compare: Comparison;
      readonly limit: number;
    }
  | {
      readonly op: 'kinds';
      readonly weight: number;
      readonly compare: Comparison;
      readonly limit: number;
    }
  | {
      readonly op: 'allergy' | 'severeAllergy' | 'intolerance';
      readonly sets: readonly string[];
      /** The sets of the treatment being checked count too. */
      readonly ofCandidate: boolean;
    }
  | { readonly op: 'allergyRecorded' | 'continuing' }
  | {
      readonly op: 'crcl' | 'gestation';
      readonly compare: Comparison;
      /** mL/min, weeks. */
      readonly limit: number;
    }
  | {
      readonly op: 'mme';
      readonly compare: Comparison;
      /** Milligrams of oral morphine a day. */
      readonly limit: number;
      /** The dose held for so many days already. */
      readonly overDays?: number;
    }
  | { readonly op: 'candidate' | 'rule'; readonly ids: readonly string[] }
  | { readonly op: 'openFlag'; readonly urgencies: readonly Urgency[] }
  | { readonly op: 'leading'; readonly category: Category }
  | {
      readonly op: 'times';
      readonly sets: readonly string[];
      readonly compare: Comparison;
      readonly limit: number;
      readonly withinDays?: number;
    }
  | {
      readonly op: 'tried';
      readonly what: readonly TriedAs[];
      readonly of: 'class' | 'procedure';
      readonly compare: Comparison;
      readonly limit: number;
    }
  | { readonly op: 'organisations'; readonly compare: Comparison; readonly limit: number }
  | {
      readonly op: 'fell';
      readonly sets: readonly string[];
      readonly percent: number;
      readonly withinDays: number;
    };

/** Results of a trial that step rules count; `partial`: relief that is a response but not a substantial one. */
export type TriedAs = TrialStatus | 'partial';

/** How soon a red flag needs care, the most urgent first. */
export const URGENCIES = ['emergency', 'same-day', 'urgent'] as const;
export type Urgency = (typeof URGENCIES)[number];

/** Visits an expression and everything inside it. */
export const walkExpression = (expression: Expression, visit: (node: Expression) => void): void => {
  visit(expression);
  if (expression.op === 'and' || expression.op === 'or' || expression.op === 'count') {
    for (const term of expression.terms) walkExpression(term, visit);
  } else if (expression.op === 'not' || expression.op === 'missing')
    walkExpression(expression.term, visit);
};
