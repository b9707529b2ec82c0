// What can be known of a medicine by its codes and name, and what reading its dosing needs. Must not know findings or FHIR.
import type { StopReason } from './finding.js';
import type { CodeMatch } from './terms.js';

/** What one piece (tablet, patch) or one millilitre of a product holds of an ingredient. */
export interface Strength {
  readonly amount: number;
  /** `mg`, or `ug/h` for what a patch releases. */
  readonly unit: 'mg' | 'ug/h';
  readonly per: 'piece' | 'mL';
}

/** One active ingredient of a medicine with every code-set row that speaks of it; no rows for one that is known but in no class. */
export interface MedicineIngredient {
  readonly label: string;
  /** The classes it counts for as it is given: a gel is no systemic medicine. */
  readonly matches: readonly CodeMatch[];
  /** The classes of the substance itself, however it is given: what an allergy to it means. */
  readonly substanceMatches: readonly CodeMatch[];
  /** As the product's name says, where it says it plainly. */
  readonly strength: Strength | undefined;
  /** True when nothing but its name told it. */
  readonly isByName: boolean;
}

/** What a product's name says of the way it is given. */
export type MedicineForm = 'local' | 'injection' | 'patch' | undefined;

/** A recognised medicine; combination products have several ingredients. */
export interface Medicine {
  readonly ingredients: readonly MedicineIngredient[];
  readonly form: MedicineForm;
  /** True when a part of a combination could not be named. */
  readonly isPartial: boolean;
}

/** How an allergy entry is read beyond its substance (`cards/allergies.yaml`); codes as `system|code`. */
export interface AllergyRules {
  /** The set that an entry of "no known allergy" belongs to. */
  readonly noKnownSet: string;
  readonly noKnown: ReadonlyMap<string, string>;
  /** Whether a text says that no allergy is known, and nothing else. */
  readonly isNoKnownText: (text: string) => boolean;
  /** Whether a text names nothing but allergens that no check is about. */
  readonly isOtherText: (text: string) => boolean;
  readonly noInformation: ReadonlySet<string>;
  readonly severeReactions: ReadonlySet<string>;
  readonly isSevereText: (text: string) => boolean;
  /** Classes of medicines that a text names as such. */
  readonly classesIn: (text: string) => readonly CodeMatch[];
}

/** A code with its system, and the words beside it. */
export interface NamedCode {
  readonly system?: string | undefined;
  readonly code?: string | undefined;
  readonly display?: string | undefined;
}

/** Recognises a medicine by its codes, else by its name; undefined when neither is known. */
export type FindMedicine = (
  codings: readonly NamedCode[] | undefined,
  text: string | undefined,
) => Medicine | undefined;

/** How dosing, stop reasons and the age of statements are read (`cards/medicines.yaml`). */
export interface MedicineRules {
  readonly statementDays: number;
  /** Unit -> milligrams. */
  readonly massUnits: ReadonlyMap<string, number>;
  /** Unit -> micrograms an hour. */
  readonly rateUnits: ReadonlyMap<string, number>;
  readonly pieceUnits: ReadonlySet<string>;
  /** Unit -> millilitres. */
  readonly volumeUnits: ReadonlyMap<string, number>;
  /** Timing code -> times a day. */
  readonly timings: ReadonlyMap<string, number>;
  /** `system|code` -> reason. */
  readonly stopReasons: ReadonlyMap<string, StopReason>;
  readonly stopReasonOfText: (text: string) => StopReason | undefined;
}
