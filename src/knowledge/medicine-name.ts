// What a product's name says: its ingredients, how much of each, and how it is given. Must not know codes or patients.
import type { MedicineForm, Strength } from '../pain/medicine.js';
import { type PhraseIndex, scan, wordsOf } from './words.js';

const TEXT_LIMIT = 300;
const MASS =
  /(\d+(?:\.\d+)?)\s*(mg|mcg|ug|µg|g)(?![a-z])(?:\s*\/\s*(\d+(?:\.\d+)?)?\s*([a-z]+))?/gi;
/** `5-325 mg`, `500 mg/30 mg`: as many amounts as there are ingredients, in their order. */
const LIST =
  /((?:\d+(?:\.\d+)?\s*(?:mg|mcg|ug|µg|g)?\s*[-/]\s*)+\d+(?:\.\d+)?\s*(?:mg|mcg|ug|µg|g))(?![a-z])/i;
/** Between ingredients, not before a volume (`160 MG / 5 ML`). */
const PARTS = / [/+] (?!\d+(?:\.\d+)? ?ml\b)/i;
const THOUSANDS = /\d,\d/;

/** An ingredient found in a name. */
export interface NamedIngredient<T> {
  readonly ingredient: T;
  readonly strength: Strength | undefined;
}

/** A product's name, read. */
export interface ProductName<T> {
  readonly ingredients: readonly NamedIngredient<T>[];
  readonly form: MedicineForm;
  /** True when a part of it names nothing that is known. */
  readonly hasUnknownPart: boolean;
}

/** Words of a name that say how the product is given. */
export interface FormWords {
  readonly local: PhraseIndex<{ readonly phrase: string }>;
  readonly injection: PhraseIndex<{ readonly phrase: string }>;
  readonly patch: PhraseIndex<{ readonly phrase: string }>;
}

const inMilligrams = (amount: number, unit: string): number =>
  unit === 'g' ? amount * 1000 : unit === 'mg' ? amount : amount / 1000;

const rounded = (value: number): number => Number(value.toPrecision(12));

const strengthOf = (match: RegExpMatchArray): Strength | undefined => {
  const [, number = '', unitText = '', per, perUnit] = match;
  const amount = inMilligrams(Number(number), unitText.toLowerCase());
  const unit = perUnit?.toLowerCase();
  if (amount <= 0) return undefined;
  if (unit === undefined) return { amount: rounded(amount), unit: 'mg', per: 'piece' };
  const count = per === undefined ? 1 : Number(per);
  if (unit === 'ml' && count > 0) return { amount: rounded(amount / count), unit: 'mg', per: 'mL' };
  if ((unit === 'hr' || unit === 'h') && count === 1)
    return { amount: rounded(amount * 1000), unit: 'ug/h', per: 'piece' };
  return undefined;
};

/** The strengths of `count` ingredients in one part of a name; empty where it is not plain which belongs to which. */
const strengthsIn = (part: string, count: number): readonly (Strength | undefined)[] => {
  if (count === 0 || THOUSANDS.test(part)) return [];
  if (count === 1) {
    const matches = [...part.matchAll(MASS)];
    const [only] = matches;
    return only && matches.length === 1 && !LIST.test(part) ? [strengthOf(only)] : [];
  }
  const list = LIST.exec(part)?.[1];
  if (list === undefined) return [];
  const items = list.split(/[-/]/).map((item) => item.trim());
  const unit = /[a-zµ]+$/i.exec(items.at(-1) ?? '')?.[0] ?? '';
  if (items.length !== count) return [];
  return items.map((item) => {
    const own = /[a-zµ]+$/i.exec(item)?.[0] ?? unit;
    const amount = inMilligrams(Number.parseFloat(item), own.toLowerCase());
    return { amount: rounded(amount), unit: 'mg' as const, per: 'piece' as const };
  });
};

const has = (
  index: PhraseIndex<{ readonly phrase: string }>,
  words: readonly string[],
): boolean => {
  let found = false;
  scan(index, words, () => {
    found = true;
  });
  return found;
};

const formOf = (words: readonly string[], forms: FormWords): MedicineForm => {
  if (has(forms.injection, words)) return 'injection';
  if (has(forms.local, words)) return 'local';
  return has(forms.patch, words) ? 'patch' : undefined;
};

/** Reads a product's name, for example `Acetaminophen 325 MG / Oxycodone Hydrochloride 5 MG Oral Tablet`. */
export const readProductName = <T extends { readonly matches: readonly unknown[] }>(
  text: string,
  names: PhraseIndex<{ readonly phrase: string; readonly ingredient: T }>,
  forms: FormWords,
): ProductName<T> => {
  const clipped = text.slice(0, TEXT_LIMIT);
  const ingredients: NamedIngredient<T>[] = [];
  let hasUnknownPart = false;
  for (const part of clipped.split(PARTS)) {
    const found: T[] = [];
    scan(names, wordsOf(part), ({ ingredient }) => {
      if (!found.includes(ingredient)) found.push(ingredient);
    });
    if (found.length === 0) hasUnknownPart = true;
    // A salt ("sodium", "calcium") is known but no ingredient of its own here.
    const counted = found.filter(({ matches }) => matches.length > 0);
    const strengths = strengthsIn(part, counted.length);
    for (const ingredient of found)
      ingredients.push({ ingredient, strength: strengths[counted.indexOf(ingredient)] });
  }
  return { ingredients, form: formOf(wordsOf(clipped), forms), hasUnknownPart };
};
