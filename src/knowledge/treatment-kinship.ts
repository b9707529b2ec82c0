// Which treatments, agents and code sets belong to each other, by their codes alone (D-12). Must not know rules.

import type { TreatmentsDocument } from './documents.js';
import type { CodeRow } from './vocabulary.js';

/** Classes and sets that belong to each other. */
export interface Kinship {
  /** Every set that holds a code of the agent. */
  readonly setsOf: (agent: string) => ReadonlySet<string>;
  /** The treatment and every class it lies in whole. */
  readonly classesOf: (treatment: string) => ReadonlySet<string>;
  /** Treatments an agent belongs to. */
  readonly treatmentsOf: (agent: string) => ReadonlySet<string>;
  /** What a person calls the agent. */
  readonly labelOf: (agent: string) => string;
}

type Treatment = TreatmentsDocument['treatments'][number];

/** Whether a row of a wider set takes in a row of a narrower one. */
const covers = (wide: CodeRow, narrow: CodeRow): boolean =>
  wide.system === narrow.system &&
  (wide.code === narrow.code || (wide.match === 'prefix' && narrow.code.startsWith(wide.code)));

const MEDICINE_SYSTEMS = new Set(['RxNorm', 'ATC']);

/** Remembers the answer for each id. */
const remembered = <T>(answer: (id: string) => T): ((id: string) => T) => {
  const memo = new Map<string, T>();
  return (id) => {
    const known = memo.get(id);
    if (known !== undefined) return known;
    const found = answer(id);
    memo.set(id, found);
    return found;
  };
};

/** Computes kinship once, at load. */
export const createKinship = (
  treatments: readonly Treatment[],
  rows: readonly CodeRow[],
): Kinship => {
  const rowsOf = new Map<string, CodeRow[]>();
  for (const row of rows) {
    if (!MEDICINE_SYSTEMS.has(row.system) || row.match === 'product') continue;
    const list = rowsOf.get(row.entry.set);
    if (list) list.push(row);
    else rowsOf.set(row.entry.set, [row]);
  }
  const setsOf = remembered((agent): ReadonlySet<string> => {
    const own = rowsOf.get(agent) ?? [];
    const found = new Set([agent]);
    for (const [set, wide] of rowsOf) {
      if (own.some((row) => wide.some((other) => covers(other, row)))) found.add(set);
    }
    return found;
  });
  /** A set lies in a class when the class names it, or takes in all its ingredients (its ATC codes where it lists none). */
  const liesIn = (set: string, sets: readonly string[]): boolean => {
    if (sets.includes(set)) return true;
    const own = rowsOf.get(set) ?? [];
    const ingredients = own.filter(({ system }) => system === 'RxNorm');
    const decisive = ingredients.length > 0 ? ingredients : own;
    const wide = sets.flatMap((other) => rowsOf.get(other) ?? []);
    return decisive.length > 0 && decisive.every((row) => wide.some((other) => covers(other, row)));
  };
  const classesOf = remembered((id): ReadonlySet<string> => {
    const own = treatments.find((treatment) => treatment.id === id)?.codeSets ?? [];
    const classes = treatments.filter(
      ({ codeSets }) =>
        own.length > 0 && codeSets.length > 0 && own.every((set) => liesIn(set, codeSets)),
    );
    return new Set([id, ...classes.map((treatment) => treatment.id)]);
  });
  return {
    setsOf,
    classesOf,
    treatmentsOf: remembered((agent) => {
      const sets = setsOf(agent);
      const found = treatments.filter(
        ({ agents = [], codeSets }) =>
          agents.includes(agent) || codeSets.some((set) => sets.has(set)),
      );
      return new Set(found.map(({ id }) => id));
    }),
    labelOf: (agent) =>
      (
        rowsOf.get(agent)?.find(({ match }) => match === 'ingredient')?.entry.display ??
        agent.replace(/^[a-z]+-/, '').replaceAll('-', ' ')
      ).toLowerCase(),
  };
};
