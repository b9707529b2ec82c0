// Seed[] -> groups: one group a pain. Must not know evidence.
import { isLinked, share, unique } from './relations.js';
import { isPlaced, isSamePain, type Seed, sameNamedDisease } from './seed.js';

/** The seeds of one pain. */
export interface Group {
  seeds: Seed[];
}

const merge = (groups: Group[], into: Group, from: Group): void => {
  into.seeds.push(...from.seeds);
  groups.splice(groups.indexOf(from), 1);
};

/** Adds a seed to the groups, joining every group it belongs to. */
export const place = (groups: Group[], seed: Seed, belongs: (other: Seed) => boolean): void => {
  const [first, ...rest] = groups.filter((group) => group.seeds.some(belongs));
  if (!first) {
    groups.push({ seeds: [seed] });
    return;
  }
  first.seeds.push(seed);
  for (const other of rest) merge(groups, first, other);
};

const isAtPlaceOf = (group: Group, seed: Seed): boolean =>
  group.seeds.some((other) => share(other.regions, seed.regions));

/** Groups seeds that have a place; unspecified pain prefers the pain of its own place to one that may show there. */
export const groupPlaced = (seeds: readonly Seed[], windowDays: number): Group[] => {
  const groups: Group[] = [];
  const specificFirst = [...seeds].sort((a, b) => Number(a.isGeneric) - Number(b.isGeneric));
  for (const seed of specificFirst) {
    if (seed.isGeneric) {
      const homes = groups.filter((group) =>
        group.seeds.some((other) => isSamePain(other, seed, windowDays)),
      );
      const home = homes.find((group) => isAtPlaceOf(group, seed)) ?? homes[0];
      if (home) home.seeds.push(seed);
      else groups.push({ seeds: [seed] });
    } else place(groups, seed, (other) => isSamePain(other, seed, windowDays));
  }
  return groups;
};

/** A disease without a place of its own takes in unspecified pains where it may show. */
export const addUnplacedDiseases = (groups: Group[], seeds: readonly Seed[]): void => {
  const placed = [...groups];
  for (const seed of seeds) {
    place(
      groups,
      seed,
      (other) => !isPlaced(other) && !other.isGeneric && sameNamedDisease(other, seed),
    );
  }
  for (const group of groups.filter((candidate) => !placed.includes(candidate))) {
    const reach = unique(group.seeds.flatMap((seed) => seed.territory));
    const generic = groups.filter(
      (other) => placed.includes(other) && other.seeds.every((seed) => seed.isGeneric),
    );
    const taken = generic.filter((other) =>
      reach.length > 0
        ? other.seeds.some((seed) => share(seed.regions, reach))
        : generic.length === 1,
    );
    for (const other of taken) merge(groups, group, other);
  }
};

/** Pain without place or cause joins the pain it came with, or the only one; else it stays with the patient. */
export const addUnplacedPain = (
  groups: Group[],
  seeds: readonly Seed[],
  windowDays: number,
): Seed[] => {
  if (groups.length === 0) {
    if (seeds.length > 0) groups.push({ seeds: [...seeds] });
    return [];
  }
  const left: Seed[] = [];
  for (const seed of seeds) {
    const linked = groups.filter((group) =>
      group.seeds.some((other) => isLinked(other.finding, seed.finding, windowDays)),
    );
    const home = linked.length === 1 ? linked[0] : groups.length === 1 ? groups[0] : undefined;
    if (home) home.seeds.push(seed);
    else left.push(seed);
  }
  return left;
};
