// The shapes of the YAML files of cards/ after schema validation. Must not hold behaviour.

import type { Advice, PrincipleStatement } from '../pain/evaluation.js';
import type { Urgency } from '../pain/expression.js';
import type { StopReason } from '../pain/finding.js';
import type { EngineTexts, Settings } from '../pain/knowledge.js';
import type { MedicineForm } from '../pain/medicine.js';
import type { StepwiseTexts } from '../pain/stepwise-knowledge.js';
import type { Category, EvidenceKind, Grade } from '../pain/terms.js';
import type { CodeSystem } from './vocabulary.js';

/** `cards/sets.yaml` */
export interface SetsDocument {
  readonly sets: Readonly<
    Record<
      string,
      {
        readonly scope: 'pain' | 'site' | 'patient';
        readonly category?: Category;
        readonly opens?: 'always' | 'with-pain' | 'at-place' | 'alone' | 'never';
        readonly assertsPain?: boolean;
        readonly generic?: boolean;
      }
    >
  >;
  readonly parts: Readonly<
    Record<
      string,
      {
        readonly of: string;
        readonly codes: readonly string[];
        /** Longer codes below a prefix of `codes` that do not belong to the part. */
        readonly except?: readonly string[];
      }
    >
  >;
}

/** `cards/settings.yaml` */
export interface SettingsDocument extends Settings {
  readonly version: string;
  readonly encounterReasonDays: number;
  readonly opensAlone: string;
  readonly mechanismWeight: number;
  readonly decisiveWeight: number;
  readonly unconfirmedWeight: number;
  readonly prescriptionDays: number;
}

/** `cards/code-systems.yaml` */
export interface CodeSystemsDocument {
  readonly systems: readonly CodeSystem[];
  readonly reportCategories: readonly string[];
}

/** `cards/regions.yaml` */
export interface RegionsDocument {
  readonly regions: readonly { readonly id: string; readonly label: string }[];
  readonly territories: readonly {
    readonly set: string;
    readonly region?: string;
    readonly regions: readonly string[];
  }[];
}

/** `cards/analytes.yaml` */
export interface AnalytesDocument {
  readonly analytes: readonly {
    readonly set: string;
    readonly unit: string;
    readonly unitless?: boolean;
    readonly units: Readonly<Record<string, { readonly factor: number; readonly offset?: number }>>;
    readonly texts?: Readonly<Record<string, string>>;
    readonly plausible: readonly [number, number];
  }[];
}

interface Conditional {
  readonly id: string;
  readonly when: string;
  readonly text: string;
}

/** `cards/categories/<id>.yaml` */
export interface CategoryDocument {
  readonly id: Category;
  readonly label: string;
  readonly subtypes: readonly string[];
  readonly syndromes: readonly string[];
  readonly literalGrades: boolean;
  readonly clinicianDiagnosisSets: readonly string[];
  readonly criteria: readonly {
    readonly id: string;
    readonly kind: EvidenceKind;
    readonly label: string;
    readonly when: string;
    readonly weight: number | 'codes';
    readonly subtype?: string;
    readonly sources: readonly string[];
  }[];
  readonly grades: Readonly<Partial<Record<Grade, string>>>;
  readonly contradictions: readonly {
    readonly id: string;
    readonly kind: EvidenceKind;
    readonly label: string;
    readonly when: string;
    readonly capAt?: Grade;
  }[];
  readonly subtypeRules: readonly { readonly id: string; readonly when: string }[];
  readonly stages: readonly {
    readonly id: string;
    readonly when: string;
    readonly mixes?: boolean;
  }[];
  readonly wouldRaise: readonly Conditional[];
  readonly notes: readonly Conditional[];
}

/** `cards/guidance/<id>.yaml` */
export interface GuidanceDocument {
  readonly category: Category;
  readonly principles: readonly PrincipleStatement[];
  readonly lines: readonly (Advice & {
    readonly when: string;
    readonly origin: string;
    readonly order?: 2 | 3;
    readonly anyStep?: true;
    readonly agents?: readonly string[];
  })[];
}

/** `cards/treatments.yaml` */
export interface TreatmentsDocument {
  readonly treatments: readonly {
    readonly id: string;
    readonly label: string;
    readonly kind: 'drug' | 'procedure' | 'non-drug' | 'education' | 'evaluation' | 'referral';
    readonly codeSets: readonly string[];
    readonly agents?: readonly string[];
    readonly agentsComplete?: boolean;
    readonly level?: string;
    readonly traits?: readonly string[];
    readonly crossAllergy?: readonly string[];
  }[];
  readonly agentTraits?: Readonly<Record<string, readonly string[]>>;
}

/** `cards/safety/<group>.yaml` */
export interface SafetyDocument {
  readonly group: string;
  readonly rules: readonly {
    readonly id: string;
    readonly appliesTo: {
      readonly treatments?: readonly string[];
      readonly agents?: readonly string[];
      readonly traits?: readonly string[];
      readonly kinds?: readonly string[];
    };
    readonly when?: string;
    readonly action: 'block' | 'adjust' | 'warn' | 'ask';
    readonly ifUnknown: 'ask' | 'note' | 'none';
    readonly message: string;
    readonly needs?: string;
    readonly notAssessed?: string;
    readonly duplicate?: true;
    readonly sources: readonly string[];
  }[];
}

/** `cards/freshness.yaml` */
export interface FreshnessDocument {
  readonly windows: readonly {
    readonly sets: readonly string[];
    readonly days: number;
    readonly shorter?: readonly { readonly days: number; readonly when: string }[];
  }[];
}

/** `cards/definitions.yaml` */
export interface DefinitionsDocument {
  readonly definitions: readonly { readonly id: string; readonly when: string }[];
}

/** `cards/sources.yaml` */
export interface SourcesDocument {
  readonly sources: readonly {
    readonly key: string;
    readonly reference: string;
    readonly usedFor: string;
    readonly status: string;
    readonly note?: string;
  }[];
}

/** `cards/coexistence.yaml` */
export interface CoexistenceDocument {
  readonly weight: number;
  readonly rules: readonly {
    readonly id: string;
    readonly when: string;
    readonly add: {
      readonly category: Category;
      readonly subtype?: string;
      readonly syndrome?: string;
    };
    readonly grade: Grade;
    readonly note?: string;
  }[];
}

/** `cards/modifiers.yaml` */
export interface ModifiersDocument {
  readonly modifiers: readonly (Conditional & { readonly label: string })[];
}

/** `cards/red-flags.yaml` */
export interface RedFlagsDocument {
  readonly redFlags: readonly {
    readonly id: string;
    readonly label: string;
    readonly urgency: Urgency;
    readonly action: string;
    readonly triggers: readonly {
      readonly id: string;
      readonly when: string;
      readonly urgency?: Urgency;
      readonly label?: string;
      readonly action?: string;
    }[];
    readonly notAssessed?: {
      readonly relevantWhen: string;
      readonly parts: readonly { readonly name: string; readonly assessedBy: string }[];
    };
    readonly withholds?: readonly string[];
    readonly sources: readonly string[];
  }[];
}

/** `cards/ask-next.yaml` */
export interface AsksDocument {
  readonly asks: readonly (Conditional & { readonly unlocks?: string })[];
}

/** `cards/words/<language>.yaml` */
export interface WordsDocument {
  readonly phrases: readonly {
    readonly phrase: string;
    readonly set: string;
    readonly code?: string;
    readonly region?: string;
  }[];
  readonly negations: readonly string[];
  readonly clauseEnds?: readonly string[];
  readonly trailingNegations?: readonly string[];
}

/** `cards/derived.yaml` */
export interface DerivedDocument {
  readonly creatinineClearance: {
    readonly base: number;
    readonly divisor: number;
    readonly femaleFactor: number;
    readonly creatinineSet: string;
    readonly weightSet: string;
    readonly egfrSet: string;
  };
  readonly gestation: { readonly set: string; readonly maximumWeeks: number };
}

/** `cards/opioid-equivalents.yaml` */
export interface OpioidEquivalentsDocument {
  readonly opioidSets: readonly string[];
  readonly factors: readonly {
    readonly set: string;
    readonly unit: 'mg' | 'ug/h';
    readonly factor: number;
  }[];
  readonly notCounted: readonly string[];
  readonly leftOutRoutes: readonly MedicineForm[];
  readonly uncountableRoutes: readonly MedicineForm[];
}

interface CodedWord {
  readonly system: string;
  readonly code: string;
  readonly display?: string;
}

/** `cards/allergies.yaml` */
export interface AllergiesDocument {
  readonly noKnownSet: string;
  readonly noKnown: readonly CodedWord[];
  readonly noKnownWords: readonly string[];
  readonly noInformation: readonly CodedWord[];
  readonly severeReactions: readonly CodedWord[];
  readonly severeWords: readonly string[];
  readonly classWords: readonly { readonly set: string; readonly words: readonly string[] }[];
  readonly otherAllergens: readonly string[];
  readonly allergyWords: readonly string[];
}

/** `cards/medicines.yaml` */
export interface MedicinesDocument {
  readonly statementDays: number;
  readonly precedence: readonly { readonly set: string; readonly over: readonly string[] }[];
  readonly combinations: readonly {
    readonly code: string;
    readonly ingredients: readonly string[];
  }[];
  readonly aliases: Readonly<Record<string, string>>;
  readonly names: Readonly<Record<string, readonly string[]>>;
  /** Sets whose members have no verified code: known by name alone. */
  readonly setsByName: Readonly<Record<string, readonly string[]>>;
  readonly known: readonly string[];
  readonly localForms: readonly string[];
  readonly localInstead: readonly { readonly set: string; readonly becomes?: string }[];
  readonly injectableForms: readonly string[];
  readonly patchForms: readonly string[];
  readonly massUnits: Readonly<Record<string, number>>;
  readonly rateUnits: Readonly<Record<string, number>>;
  readonly pieceUnits: readonly string[];
  readonly volumeUnits: Readonly<Record<string, number>>;
  readonly timings: Readonly<Record<string, number>>;
  readonly stopReasons: readonly {
    readonly system: string;
    readonly codes: Readonly<Record<string, StopReason>>;
  }[];
  readonly stopWords: Readonly<Record<'adverse-effect' | 'no-effect', readonly string[]>>;
}

/** `cards/texts/engine.<language>.yaml` */
export interface EngineTextsDocument extends Omit<EngineTexts, 'inputEffects'> {
  readonly stepwise: StepwiseTexts;
  readonly inputEffects: Readonly<Record<string, string>>;
}

/** `cards/translations/<language>/<file>.yaml` */
export interface TranslationsDocument {
  readonly language: string;
  /** The English as it stands in `cards/`, and how it reads. */
  readonly texts: readonly { readonly en: string; readonly to: string }[];
}

/** `cards/texts/service.<language>.yaml` */
export interface ServiceTextsDocument {
  readonly services: Readonly<
    Record<
      string,
      {
        readonly title: string;
        readonly description: string;
        readonly usageRequirements: string;
      }
    >
  >;
}

/** `cards/orders.yaml` */
export interface OrdersDocument {
  readonly treatments: readonly {
    readonly id: string;
    readonly purpose: 'pain' | 'mostly-pain' | 'also-pain' | 'gate';
    readonly duplicates?: true;
  }[];
  readonly critical: readonly string[];
  readonly severe: readonly string[];
  readonly remarks: readonly {
    readonly id: string;
    readonly treatments: readonly string[];
    readonly unlessFirst?: true;
    readonly when: string;
    readonly indicator: 'info' | 'warning';
    readonly text: string;
    readonly sources: readonly string[];
  }[];
}

/** `cards/suggestions.yaml` */
export interface SuggestionsDocument {
  readonly most: number;
  readonly treatments: readonly {
    readonly plan: string;
    readonly as?: 'CarePlan' | 'Goal' | 'Task';
    readonly text: string;
    readonly code?: string;
    readonly rank: number;
    readonly lines?: readonly string[];
  }[];
  readonly asks: readonly {
    readonly ask: string;
    readonly as?: 'Task';
    readonly text: string;
    readonly code?: string;
  }[];
}
