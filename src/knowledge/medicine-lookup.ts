// Recognition of medicines: by RxNorm and ATC code, combination codes, and name as last resort. Must not know patients or doses.
import type { Vocabulary } from '../pain/knowledge.js';
import type {
  FindMedicine,
  Medicine,
  MedicineForm,
  NamedCode,
  Strength,
} from '../pain/medicine.js';
import { type CodeMatch, codeMatch } from '../pain/terms.js';
import { type FormWords, type ProductName, readProductName } from './medicine-name.js';
import { rememberByTerm } from './remember-terms.js';
import type { CodeRow, CodeSystem } from './vocabulary.js';
import { phraseIndex, wordsOf } from './words.js';

/** A substance with every row that speaks of it. */
interface Substance {
  readonly name: string;
  readonly matches: CodeMatch[];
}

/** Everything recognition is built from. */
export interface MedicineSource {
  readonly rows: readonly CodeRow[];
  readonly systems: readonly CodeSystem[];
  readonly aliases: ReadonlyMap<string, string>;
  /** Set -> names of members without a code row. */
  readonly names: ReadonlyMap<string, readonly string[]>;
  readonly known: readonly string[];
  readonly combinations: ReadonlyMap<string, readonly string[]>;
  /** Set -> what it becomes in a product that acts where it is put; undefined: it no longer counts. */
  readonly localInstead: ReadonlyMap<string, string | undefined>;
  readonly forms: FormWords;
  /** Called with a name that leads nowhere. */
  readonly onUnknownName: (name: string) => void;
}

interface Found {
  /** Canonical name; undefined where only a class is known. */
  readonly name: string | undefined;
  readonly matches: readonly CodeMatch[];
  readonly strength: Strength | undefined;
  readonly isByName: boolean;
}

const ATC_SUBSTANCE_LENGTH = 7;
const ATC_CODE = /^[A-Z]\d\d[A-Z]{2}\d\d$/;
const keyOf = (name: string): string => wordsOf(name).join(' ');

/** The substance an ATC row of the fifth level names; undefined for combinations. */
const atcName = ({ code, entry }: CodeRow): string | undefined => {
  const name = entry.display.replace(/[;(].*$/s, '').trim();
  return code.length === ATC_SUBSTANCE_LENGTH && !/combination/i.test(name) ? name : undefined;
};

const buildSubstances = (
  source: MedicineSource,
  find: Vocabulary['find'],
  atcUri: string,
): ReadonlyMap<string, Substance> => {
  const substances = new Map<string, Substance>();
  const add = (name: string, matches: readonly CodeMatch[]): void => {
    const key = keyOf(source.aliases.get(keyOf(name)) ?? name);
    const substance = substances.get(key) ?? { name: key, matches: [] };
    substances.set(key, substance);
    for (const match of matches)
      if (!substance.matches.some(({ set }) => set === match.set)) substance.matches.push(match);
  };
  for (const row of source.rows)
    if (row.system === 'RxNorm' && row.match === 'ingredient') add(row.entry.display, [row.entry]);
  for (const row of source.rows) {
    const name = row.system === 'ATC' ? atcName(row) : undefined;
    if (name !== undefined) add(name, find(atcUri, row.code));
  }
  for (const [set, names] of source.names)
    for (const name of names) add(name, [codeMatch(set, name, [])]);
  for (const name of source.known) add(name, []);
  return substances;
};

/** Adds what another code or name of the same medicine says: the same substance once, others beside it. */
const merge = (found: Found[], next: Found): void => {
  const at = found.findIndex(({ name, matches }) =>
    name !== undefined && next.name !== undefined
      ? name === next.name
      : matches.some(({ set }) => next.matches.some((other) => other.set === set)),
  );
  const known = found[at];
  if (!known) {
    found.push(next);
    return;
  }
  const more = next.matches.filter(({ set }) => !known.matches.some((other) => other.set === set));
  found[at] = {
    name: known.name ?? next.name,
    matches: more.length === 0 ? known.matches : [...known.matches, ...more],
    strength: known.strength ?? next.strength,
    isByName: known.isByName && next.isByName,
  };
};

/** Builds the recognition. One look-up per code, one pass over the words of a name. */
export const createMedicineLookup =
  (source: MedicineSource) =>
  (find: Vocabulary['find']): FindMedicine => {
    const systemOf = new Map(
      source.systems.flatMap(({ id, uris }) => uris.map((uri) => [uri, id])),
    );
    const atcUri = source.systems.find(({ id }) => id === 'ATC')?.uris[0] ?? '';
    const substances = buildSubstances(source, find, atcUri);
    const named = (name: string): readonly Substance[] => {
      const substance = substances.get(keyOf(source.aliases.get(keyOf(name)) ?? name));
      if (!substance) source.onUnknownName(name);
      return substance ? [substance] : [];
    };
    const names = phraseIndex([
      ...[...substances].map(([phrase, ingredient]) => ({ phrase, ingredient })),
      ...[...source.aliases].flatMap(([phrase, to]) =>
        named(to).map((ingredient) => ({ phrase, ingredient })),
      ),
    ]);
    const read = (text: string): ProductName<Substance> =>
      readProductName(text, names, source.forms);
    const readTerm = rememberByTerm(read);
    const byCode = new Map<string, ProductName<Substance>>();
    const plain = (list: readonly Substance[]): ProductName<Substance> => ({
      ingredients: list.map((ingredient) => ({ ingredient, strength: undefined })),
      form: undefined,
      hasUnknownPart: false,
    });
    for (const row of source.rows) {
      const key = `${row.system}|${row.code}`;
      if (row.match === 'product') byCode.set(key, read(row.entry.display));
      else if (row.system === 'RxNorm') byCode.set(key, plain(named(row.entry.display)));
      else if (row.system === 'ATC') {
        const name = atcName(row);
        if (name !== undefined) byCode.set(key, plain(named(name)));
      }
    }
    for (const [code, list] of source.combinations)
      byCode.set(`ATC|${code}`, plain(list.flatMap(named)));

    const atPlace = (matches: readonly CodeMatch[]): readonly CodeMatch[] => {
      if (!matches.some(({ set }) => source.localInstead.has(set))) return matches;
      return matches.flatMap((match) => {
        if (!source.localInstead.has(match.set)) return [match];
        const becomes = source.localInstead.get(match.set);
        return becomes === undefined ? [] : [{ ...match, set: becomes }];
      });
    };

    return (codings, text) => {
      const found: Found[] = [];
      let form: MedicineForm;
      let isKnown = false;
      let isComplete = false;
      const take = (name: ProductName<Substance>, isByName: boolean): void => {
        const fresh = found.length === 0;
        for (const { ingredient, strength } of name.ingredients) {
          const next = { name: ingredient.name, matches: ingredient.matches, strength, isByName };
          if (fresh) found.push(next);
          else merge(found, next);
        }
        form ??= name.form;
        isKnown ||= name.ingredients.length > 0;
        isComplete ||= name.ingredients.length > 0 && !name.hasUnknownPart;
      };
      const takeCode = ({ system, code }: NamedCode): void => {
        if (system === undefined || typeof code !== 'string') return;
        const id = systemOf.get(system);
        const known = byCode.get(`${id}|${code}`);
        if (known) {
          take(known, false);
          return;
        }
        const matches = find(system, code);
        if (matches.length > 0)
          merge(found, { name: undefined, matches, strength: undefined, isByName: false });
        const isClassified = matches.length > 0 || (id === 'ATC' && ATC_CODE.test(code));
        isKnown ||= isClassified;
        isComplete ||= isClassified;
      };
      for (const coding of codings ?? []) takeCode(coding);
      const terms = new Set<unknown>();
      for (const { code, display } of codings ?? []) if (code !== undefined) terms.add(display);
      const texts = new Set<unknown>([text, ...(codings ?? []).map(({ display }) => display)]);
      for (const one of texts)
        if (typeof one === 'string') take(terms.has(one) ? readTerm(one) : read(one), true);
      if (!isKnown) return undefined;
      const ingredients = found.map(({ name, matches, strength, isByName }) => ({
        label: matches[0]?.display ?? name ?? '',
        matches: form === 'local' ? atPlace(matches) : matches,
        substanceMatches: matches,
        strength,
        isByName,
      }));
      return { ingredients, form, isPartial: !isComplete } satisfies Medicine;
    };
  };
