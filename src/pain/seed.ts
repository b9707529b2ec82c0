// Seeds: the findings that can open a pain, and which of them are the same pain. Must not know criteria.

import type { Finding } from './finding.js';
import type { SetRole, Settings } from './knowledge.js';
import { dateOf, datesFit, EVERYWHERE, share, sidesFit, unique } from './relations.js';
import type { Judge } from './scope.js';
import type { BodyRegion } from './terms.js';

/** What grouping needs to know. */
export interface GroupingKnowledge {
  readonly setRoles: ReadonlyMap<string, SetRole>;
  readonly territories: ReadonlyMap<string, ReadonlyMap<BodyRegion | '', readonly BodyRegion[]>>;
  readonly settings: Settings;
  /** Whether findings that are no diagnosis tell of a pain of their own (O5). */
  readonly opensAlone: Judge;
}

/** A finding that opens or joins a pain. */
export interface Seed {
  readonly finding: Finding;
  readonly roles: readonly SetRole[];
  readonly isGeneric: boolean;
  readonly regions: readonly BodyRegion[];
  readonly territory: readonly BodyRegion[];
}

/** The regions where the disease that a finding names may show: its own, and the territory of its sets. */
const territoryOf = (
  finding: Finding,
  territories: GroupingKnowledge['territories'],
): BodyRegion[] => {
  const reach: BodyRegion[] = [...finding.regions];
  for (const { set } of finding.matches) {
    const byRegion = territories.get(set);
    if (!byRegion) continue;
    if (finding.regions.length === 0) reach.push(...(byRegion.get('') ?? []));
    for (const region of finding.regions) reach.push(...(byRegion.get(region) ?? []));
  }
  return unique(reach);
};

const painRoles = (finding: Finding, setRoles: GroupingKnowledge['setRoles']): SetRole[] => {
  const roles: SetRole[] = [];
  for (const { set } of finding.matches) {
    const role = setRoles.get(set);
    if (role?.scope === 'pain' && role.opens !== 'never') roles.push(role);
  }
  return roles;
};

/** An encounter's reason is no complaint of today where a Condition of the same kind is on record as over. */
const isOver = (finding: Finding, findings: readonly Finding[]): boolean => {
  const same = findings.filter(
    (other) =>
      other.source === 'condition' &&
      other.matches.some((match) => finding.matches.some(({ set }) => set === match.set)),
  );
  return same.length > 0 && same.every((other) => !other.current);
};

/** The findings that can open a pain: current diagnoses and complaints. */
export const seedsOf = (findings: readonly Finding[], knowledge: GroupingKnowledge): Seed[] => {
  const seeds: Seed[] = [];
  for (const finding of findings) {
    if (!finding.current || finding.presence !== 'present') continue;
    if (finding.source !== 'condition' && finding.source !== 'encounter') continue;
    const roles = painRoles(finding, knowledge.setRoles);
    if (roles.length === 0) continue;
    if (finding.source === 'encounter' && isOver(finding, findings)) continue;
    seeds.push({
      finding,
      roles,
      isGeneric: roles.every((role) => role.generic),
      regions: finding.regions,
      territory: territoryOf(finding, knowledge.territories),
    });
  }
  return seeds;
};

/** Placed somewhere in particular. */
export const isPlaced = (seed: Seed): boolean =>
  seed.regions.length > 0 && !seed.regions.includes(EVERYWHERE);

/** Whether the finding is acute by its own term. */
export const isAcute = ({ finding }: Seed): boolean =>
  finding.matches.some((match) => match.acuteDays !== undefined);

/** Same region and side are one pain, unless an acute event came apart in time from what was there. */
export const isSamePain = (a: Seed, b: Seed, windowDays: number): boolean => {
  if (!sidesFit(a.finding.side, b.finding.side)) return false;
  const apart = datesFit(dateOf(a.finding), dateOf(b.finding), windowDays) === false;
  if (apart && isAcute(a) !== isAcute(b) && !a.isGeneric && !b.isGeneric) return false;
  if (share(a.regions, b.regions)) return true;
  if (a.isGeneric !== b.isGeneric) {
    const [specific, generic] = a.isGeneric ? [b, a] : [a, b];
    return share(generic.regions, specific.territory);
  }
  return false;
};

/** Whether two findings name the same disease (K1). */
export const sameNamedDisease = (a: Seed, b: Seed): boolean =>
  a.finding.matches.some((x) => b.finding.matches.some((y) => x.set === y.set));

const weightOf = ({ finding }: Seed): number =>
  finding.matches.reduce((most, match) => Math.max(most, match.weight ?? 0), 0);

const inText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The most specific, then strongest, then newest; equal ones in an order that does not depend on the record's. */
export const strongestFirst = (seeds: readonly Seed[]): Seed[] =>
  [...seeds].sort(
    (a, b) =>
      Number(a.isGeneric) - Number(b.isGeneric) ||
      weightOf(b) - weightOf(a) ||
      (dateOf(b.finding)?.startMs ?? 0) - (dateOf(a.finding)?.startMs ?? 0) ||
      inText(a.finding.label, b.finding.label) ||
      inText(a.finding.reference, b.finding.reference),
  );

/** A score or symptom as the seed of a pain nothing else names. */
export const asSeed = (finding: Finding, territories: GroupingKnowledge['territories']): Seed => ({
  finding,
  roles: [],
  isGeneric: true,
  regions: finding.regions,
  territory: territoryOf(finding, territories),
});

/**
 * A disease that may be silent opens a pain only where pain is recorded: at its place, or somewhere if it has none (O6).
 * One that is often silent needs a pain at its own place: a score without a place does not wake every old finding,
 * and another named disease only one of the very same region (migraine no impacted molar).
 */
export const hurtsThere = (
  seed: Seed,
  painful: readonly Seed[],
  alone: readonly { readonly seeds: readonly Seed[] }[],
): boolean => {
  const isOftenSilent = !seed.roles.some((role) => role.opens === 'with-pain');
  if (alone.length > 0 && !isOftenSilent) return true;
  const hurting = isOftenSilent ? [...painful, ...alone.flatMap(({ seeds }) => seeds)] : painful;
  if (isOftenSilent)
    return hurting.some(
      (other) =>
        share(other.regions, other.isGeneric ? seed.territory : seed.regions) &&
        sidesFit(other.finding.side, seed.finding.side),
    );
  return hurting.some((other) =>
    isPlaced(seed)
      ? share(other.regions, seed.territory)
      : other.isGeneric || share(other.regions, seed.territory),
  );
};
