// Vocabulary: the code and word tables of cards/, indexed once. Must not know findings, pains or criteria.

import type { PhraseMatch, Vocabulary } from '../pain/knowledge.js';
import type { FindMedicine } from '../pain/medicine.js';
import { CATEGORIES, type Category, type CodeMatch, type Place, type Side } from '../pain/terms.js';
import { type EpisodeCharacter, episodeReader } from './episode.js';
import { rememberByTerm } from './remember-terms.js';
import { longestFirst, phraseIndex, scan, wordsOf } from './words.js';

/** One row of a file in `cards/codes`. */
export interface CodeRow {
  readonly system: string;
  readonly code: string;
  /** How the row's code is compared: exact, prefix, descendants, ingredient, product or modality. */
  readonly match: string;
  readonly entry: CodeMatch;
  /** Takes the codes below this prefix out of the row's set again. */
  readonly isExcluded?: true;
}

/** A code system with the URIs it is met under, and what it may borrow from another. */
export interface CodeSystem {
  readonly id: string;
  readonly uris: readonly string[];
  /** Rows of this other system apply too, up to `maxCodeLength` characters and without `except` prefixes. */
  readonly derivedFrom?: string | undefined;
  readonly maxCodeLength?: number | undefined;
  readonly except?: readonly string[] | undefined;
  /** Codes met without their dot get it after this many characters. */
  readonly dotAfter?: number | undefined;
  /** The character that tells first care, healing and sequela of an injury apart. */
  readonly episode?: EpisodeCharacter | undefined;
}

/** Everything a vocabulary is built from. */
export interface VocabularySource {
  readonly rows: readonly CodeRow[];
  readonly systems: readonly CodeSystem[];
  readonly isA: readonly {
    readonly system: string;
    readonly child: string;
    readonly parent: string;
  }[];
  /** Places by system: prefixes for hierarchical code systems, codes for body structures. */
  readonly codePlaces: ReadonlyMap<string, ReadonlyMap<string, Place>>;
  readonly sitePlaces: ReadonlyMap<string, Place>;
  readonly sitePhrases: readonly { readonly phrase: string; readonly place: Place }[];
  readonly phrases: readonly {
    readonly phrase: string;
    readonly matches: readonly PhraseMatch[];
  }[];
  readonly negations: readonly string[];
  readonly clauseEnds: readonly string[];
  /** Words that deny what stands before them in the same clause. */
  readonly trailingNegations: readonly string[];
  /** By `uri|code`. */
  readonly presence: ReadonlyMap<string, 'present' | 'absent'>;
  /** Of two sets one code falls under by prefix, those that do not count, by the set that does. */
  readonly precedence: ReadonlyMap<string, readonly string[]>;
  /** Builds the recognition of medicines over the code look-up. */
  readonly findMedicine: (find: Vocabulary['find']) => FindMedicine;
}

interface Table {
  readonly exact: Map<string, CodeMatch[]>;
  readonly prefix: Map<string, CodeMatch[]>;
  /** Sets a prefix does not belong to, though a shorter one does. */
  readonly excluded: Map<string, string[]>;
  longestPrefix: number;
  shortestPrefix: number;
  readonly dotAfter: number | undefined;
  readonly maxCodeLength: number | undefined;
  readonly except: readonly string[];
}

/** The look-ups of one code system, made once. */
interface CodeLookUp {
  readonly find: (code: string) => readonly CodeMatch[];
  /** Null where the code says none; undefined for systems whose codes never do. */
  readonly placeOf: ((code: string) => Place | null) | undefined;
}

const NOTHING: readonly CodeMatch[] = Object.freeze([]);
const TEXT_LIMIT = 300;

const push = <V>(map: Map<string, V[]>, key: string, value: V): void => {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
};

const emptyTable = (system: CodeSystem): Table => ({
  exact: new Map(),
  prefix: new Map(),
  excluded: new Map(),
  longestPrefix: 0,
  shortestPrefix: Number.POSITIVE_INFINITY,
  dotAfter: system.dotAfter,
  maxCodeLength: system.maxCodeLength,
  except: system.except ?? [],
});

const addRow = (table: Table, row: CodeRow): void => {
  if (row.match !== 'prefix') {
    push(table.exact, row.code, row.entry);
    return;
  }
  if (row.isExcluded) push(table.excluded, row.code, row.entry.set);
  else push(table.prefix, row.code, row.entry);
  table.longestPrefix = Math.max(table.longestPrefix, row.code.length);
  table.shortestPrefix = Math.min(table.shortestPrefix, row.code.length);
};

const borrow = (table: Table, rows: readonly CodeRow[]): void => {
  const { maxCodeLength = Number.POSITIVE_INFINITY, except } = table;
  for (const row of rows) {
    if (row.code.length > maxCodeLength || except.some((prefix) => row.code.startsWith(prefix)))
      continue;
    addRow(table, row);
  }
};

/** Gives each child the rows of its ancestors that match by descendants, unless it has a row in that set itself. */
const addDescendants = (
  table: Table,
  rows: readonly CodeRow[],
  isA: readonly { readonly child: string; readonly parent: string }[],
): void => {
  const parents = new Map<string, string[]>();
  for (const { child, parent } of isA) push(parents, child, parent);
  const inherited = new Map<string, CodeMatch[]>();
  for (const row of rows) if (row.match === 'descendants') push(inherited, row.code, row.entry);
  const ancestorsOf = (code: string, seen: Set<string>): Set<string> => {
    for (const parent of parents.get(code) ?? []) {
      if (seen.has(parent)) continue;
      seen.add(parent);
      ancestorsOf(parent, seen);
    }
    return seen;
  };
  for (const child of parents.keys()) {
    const own = new Set((table.exact.get(child) ?? []).map((entry) => entry.set));
    for (const ancestor of ancestorsOf(child, new Set())) {
      for (const entry of inherited.get(ancestor) ?? []) {
        if (own.has(entry.set)) continue;
        own.add(entry.set);
        push(table.exact, child, entry);
      }
    }
  }
};

/** Splits a text into clauses at punctuation (not at a colon: "gout: resolved", "denies: gout") and at the words that end the reach of a negation. */
const clausesOf = (text: string, clauseEnds: readonly string[]): string[][] => {
  const clauses: string[][] = [];
  for (const part of text.toLowerCase().split(/[.;!?\n,，。；]+/u)) {
    let clause: string[] = [];
    for (const word of wordsOf(part)) {
      if (clauseEnds.includes(word)) {
        clauses.push(clause);
        clause = [];
      } else clause.push(word);
    }
    clauses.push(clause);
  }
  return clauses.filter((clause) => clause.length > 0);
};

const withoutOverruled = (
  found: readonly CodeMatch[],
  precedence: VocabularySource['precedence'],
): readonly CodeMatch[] => {
  if (found.length < 2) return found;
  const overruled = found.flatMap(({ set }) => precedence.get(set) ?? []);
  return overruled.length === 0 ? found : found.filter(({ set }) => !overruled.includes(set));
};

const isIdeographic = (phrase: string): boolean => /\p{Script=Han}/u.test(phrase);

/** Builds the vocabulary. Every look-up afterwards costs the same however many rows and rules there are. */
export const buildVocabulary = (source: VocabularySource): Vocabulary => {
  const bySystem = new Map<string, CodeRow[]>();
  for (const row of source.rows) push(bySystem, row.system, row);
  const tableOf = (system: CodeSystem): Table => {
    const table = emptyTable(system);
    const own = bySystem.get(system.id) ?? [];
    for (const row of own) if (row.match !== 'product') addRow(table, row);
    if (system.derivedFrom) borrow(table, bySystem.get(system.derivedFrom) ?? []);
    addDescendants(
      table,
      own,
      source.isA.filter((edge) => edge.system === system.id),
    );
    return table;
  };

  const dotted = (table: Table, code: string): string => {
    const { dotAfter } = table;
    return dotAfter !== undefined && code.length > dotAfter && !code.includes('.')
      ? `${code.slice(0, dotAfter)}.${code.slice(dotAfter)}`
      : code;
  };

  const findByPrefix = (table: Table, code: string): readonly CodeMatch[] => {
    const exact = table.exact.get(code);
    const recorded = dotted(table, code).slice(0, table.maxCodeLength);
    const found: CodeMatch[] = exact ? [...exact] : [];
    let excluded: string[] | undefined;
    for (
      let length = Math.min(recorded.length, table.longestPrefix);
      length >= table.shortestPrefix;
      length -= 1
    ) {
      const prefix = recorded.slice(0, length);
      for (const entry of table.prefix.get(prefix) ?? []) {
        if (excluded?.includes(entry.set) || found.some(({ set }) => set === entry.set)) continue;
        found.push(entry);
      }
      const without = table.excluded.get(prefix);
      if (without) excluded = [...(excluded ?? []), ...without];
    }
    return found.length === 0 ? NOTHING : withoutOverruled(found, source.precedence);
  };
  const placeByPrefix = (
    table: Table,
    places: ReadonlyMap<string, Place>,
    code: string,
  ): Place | null => {
    const recorded = dotted(table, code);
    for (let length = recorded.length; length >= 3; length -= 1) {
      const place = places.get(recorded.slice(0, length));
      if (place) return place;
    }
    return null;
  };

  const lookUpOf = (system: CodeSystem): CodeLookUp => {
    const table = tableOf(system);
    const places = source.codePlaces.get(system.derivedFrom ?? system.id);
    return {
      find:
        table.prefix.size === 0
          ? (code) => table.exact.get(code) ?? NOTHING
          : rememberByTerm((code) => findByPrefix(table, code)),
      placeOf: places && rememberByTerm((code) => placeByPrefix(table, places, code)),
    };
  };
  const lookUps = new Map<string, CodeLookUp>();
  for (const system of source.systems) {
    const lookUp = lookUpOf(system);
    for (const uri of system.uris) lookUps.set(uri, lookUp);
  }

  const find = (system: string | undefined, code: string): readonly CodeMatch[] => {
    const lookUp = system === undefined ? undefined : lookUps.get(system);
    return lookUp === undefined ? NOTHING : lookUp.find(code);
  };

  const placeOfCode = (system: string | undefined, code: string): Place | undefined => {
    const placeOf = system === undefined ? undefined : lookUps.get(system)?.placeOf;
    return placeOf?.(code) ?? undefined;
  };

  const siteIndex = phraseIndex(source.sitePhrases);
  const ideographicSites = longestFirst(
    source.sitePhrases.filter(({ phrase }) => isIdeographic(phrase)),
  );
  const placeOfWords = (words: readonly string[]): Place => {
    const regions = new Set<string>();
    let side: Side | undefined;
    scan(siteIndex, words, ({ place }) => {
      for (const region of place.regions) regions.add(region);
      side ??= place.side;
    });
    return { regions: [...regions], ...(side && { side }) };
  };
  const placeOfText = (text: string): Place => {
    const clipped = text.slice(0, TEXT_LIMIT);
    if (!isIdeographic(clipped)) return placeOfWords(wordsOf(clipped));
    const hits = ideographicSites.filter(({ phrase }) => clipped.includes(phrase));
    const [named] = hits.filter(({ place }) => place.regions.length > 0);
    const side = hits.find(({ place }) => place.side !== undefined)?.place.side;
    return { regions: named?.place.regions ?? [], ...(side && { side }) };
  };

  const placeOfSite: Vocabulary['placeOfSite'] = (codings, text) => {
    const regions = new Set<string>();
    let side: Side | undefined;
    for (const { code } of codings) {
      const place = code === undefined ? undefined : source.sitePlaces.get(code);
      for (const region of place?.regions ?? []) regions.add(region);
      side ??= place?.side;
    }
    const words = text === undefined ? undefined : placeOfText(text);
    if (regions.size === 0) for (const region of words?.regions ?? []) regions.add(region);
    side ??= words?.side;
    if (regions.size === 0 && side === undefined) return undefined;
    return { regions: [...regions], ...(side && { side }) };
  };

  const latin = phraseIndex(source.phrases.filter(({ phrase }) => !isIdeographic(phrase)));
  const ideographic = longestFirst(source.phrases.filter(({ phrase }) => isIdeographic(phrase)));
  const negationIndex = phraseIndex(
    source.negations.filter((n) => !isIdeographic(n)).map((phrase) => ({ phrase })),
  );
  const trailingIndex = phraseIndex(source.trailingNegations.map((phrase) => ({ phrase })));
  const ideographicNegations = source.negations.filter(isIdeographic);

  const findPhrases = (text: string): readonly PhraseMatch[] => {
    const clipped = text.slice(0, TEXT_LIMIT);
    const found: PhraseMatch[] = [];
    const keep = (matches: readonly PhraseMatch[], place: Place): void => {
      for (const item of matches) {
        const regions = place.regions.length > 0 ? place.regions : item.place.regions;
        const side = place.side ?? item.place.side;
        found.push({ match: item.match, place: { regions, ...(side && { side }) } });
      }
    };
    for (const clause of clausesOf(clipped, source.clauseEnds)) {
      let negatedFrom = Number.POSITIVE_INFINITY;
      scan(negationIndex, clause, (_, at) => {
        negatedFrom = Math.min(negatedFrom, at);
      });
      let deniedBefore = -1;
      scan(trailingIndex, clause, (_, at) => {
        deniedBefore = Math.max(deniedBefore, at);
      });
      scan(latin, clause, ({ matches }, at) => {
        if (at < negatedFrom && at > deniedBefore)
          keep(matches, placeOfWords(clause.slice(0, negatedFrom)));
      });
    }
    for (const { phrase, matches } of ideographic) {
      const at = clipped.indexOf(phrase);
      const before = at < 0 ? '' : clipped.slice(Math.max(0, at - 8), at);
      if (at >= 0 && !ideographicNegations.some((negation) => before.includes(negation)))
        keep(matches, placeOfText(clipped));
    }
    return found;
  };

  return Object.freeze({
    find,
    knowsSystem: (system: string | undefined) => system !== undefined && lookUps.has(system),
    placeOfCode,
    episodeOf: episodeReader(source.systems),
    placeOfSite,
    findPhrases,
    findMedicine: source.findMedicine(find),
    presenceOf: (system: string | undefined, code: string) =>
      source.presence.get(`${system}|${code}`),
  });
};

/** Categories by id, for rows that carry one. */
export const asCategory = (id: string | undefined): Category | undefined =>
  CATEGORIES.find((category) => category === id);
