// Finding[] -> PainProblem[]: one per pain, by body region, onset and encounter. Must not know categories' criteria.
import { ageInDays, isWithin } from './fhir-date.js';
import type { FhirDate, Finding } from './finding.js';
import { indexFindings } from './finding-index.js';
import type { FindingIndex, Judge, PainScope } from './judge.js';
import type { BodyRegion, SetRole, Settings, Side } from './knowledge.js';

/** What grouping needs to know. */
export interface GroupingKnowledge {
  readonly setRoles: ReadonlyMap<string, SetRole>;
  readonly territories: ReadonlyMap<string, ReadonlyMap<BodyRegion | '', readonly BodyRegion[]>>;
  readonly settings: Settings;
  /** Whether findings that are no diagnosis tell of a pain of their own (O5). */
  readonly opensAlone: Judge;
}

/** One pain with the findings that count for it. */
export interface GroupedPain {
  readonly members: readonly Finding[];
  /** The finding that names it. */
  readonly lead: Finding;
  readonly regions: readonly BodyRegion[];
  readonly side?: Side;
  readonly onset?: FhirDate;
  /** Scores of this pain within the window, newest first. */
  readonly scores: readonly Finding[];
  /** False when no code, score or symptom says that it hurts. */
  readonly isPainRecorded: boolean;
  /** True when it is no pain but a disorder seen in pain clinics. */
  readonly isNonPainful: boolean;
  readonly findings: FindingIndex;
  readonly scope: PainScope;
  readonly imagingDone: readonly Finding[];
}

/** All pains of a patient, and what could not be tied to one of several. */
export interface Grouping {
  readonly pains: readonly GroupedPain[];
  readonly notPlaced: readonly Finding[];
  readonly allFindings: FindingIndex;
}

interface Seed {
  readonly finding: Finding;
  readonly roles: readonly SetRole[];
  readonly isGeneric: boolean;
  readonly regions: readonly BodyRegion[];
  readonly territory: readonly BodyRegion[];
}

interface Group {
  seeds: Seed[];
}

const EVERYWHERE = 'generalised';

const sidesFit = (a: Side | undefined, b: Side | undefined): boolean =>
  a === undefined || b === undefined || a === b || a === 'bilateral' || b === 'bilateral';

const share = (a: readonly BodyRegion[], b: readonly BodyRegion[]): boolean =>
  a.some((region) => b.includes(region));

const placesFit = (a: readonly BodyRegion[], b: readonly BodyRegion[]): boolean =>
  share(a, b) ||
  (a.includes(EVERYWHERE) && b.length > 0) ||
  (b.includes(EVERYWHERE) && a.length > 0);

const dateOf = (finding: Finding): FhirDate | undefined => finding.onset ?? finding.effective;

const datesFit = (
  a: FhirDate | undefined,
  b: FhirDate | undefined,
  days: number,
): boolean | undefined =>
  a && b
    ? a.startMs - b.endMs <= days * 86_400_000 && b.startMs - a.endMs <= days * 86_400_000
    : undefined;

const isLinked = (a: Finding, b: Finding, windowDays: number): boolean =>
  (a.encounter !== undefined && a.encounter === b.encounter) ||
  datesFit(dateOf(a), dateOf(b), windowDays) === true;

const unique = <T>(items: Iterable<T>): T[] => [...new Set(items)];

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

const painRoles = (finding: Finding, setRoles: GroupingKnowledge['setRoles']): SetRole[] =>
  finding.matches.flatMap((match) => {
    const role = setRoles.get(match.set);
    return role?.scope === 'pain' && role.opens !== 'never' ? [role] : [];
  });

/** An encounter's reason is no complaint of today where a Condition of the same kind is on record as over. */
const isOver = (finding: Finding, findings: readonly Finding[]): boolean => {
  const same = findings.filter(
    (other) =>
      other.source === 'condition' &&
      other.matches.some((match) => finding.matches.some(({ set }) => set === match.set)),
  );
  return same.length > 0 && same.every((other) => !other.current);
};

const seedsOf = (findings: readonly Finding[], knowledge: GroupingKnowledge): Seed[] =>
  findings.flatMap((finding) => {
    if (!finding.current || finding.presence === 'absent') return [];
    if (finding.source !== 'condition' && finding.source !== 'encounter') return [];
    const roles = painRoles(finding, knowledge.setRoles);
    if (roles.length === 0) return [];
    if (finding.source === 'encounter' && isOver(finding, findings)) return [];
    return [
      {
        finding,
        roles,
        isGeneric: roles.every((role) => role.generic),
        regions: finding.regions,
        territory: territoryOf(finding, knowledge.territories),
      },
    ];
  });

/** Placed somewhere in particular. */
const isPlaced = (seed: Seed): boolean =>
  seed.regions.length > 0 && !seed.regions.includes(EVERYWHERE);

const isAcute = ({ finding }: Seed): boolean =>
  finding.matches.some((match) => match.acuteDays !== undefined);

/** Same region and side are one pain, unless an acute event came apart in time from what was there. */
const isSamePain = (a: Seed, b: Seed, windowDays: number): boolean => {
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

const sameNamedDisease = (a: Seed, b: Seed): boolean =>
  a.finding.matches.some((x) => b.finding.matches.some((y) => x.set === y.set));

const merge = (groups: Group[], into: Group, from: Group): void => {
  into.seeds.push(...from.seeds);
  groups.splice(groups.indexOf(from), 1);
};

/** Adds a seed to the groups, joining every group it belongs to. */
const place = (groups: Group[], seed: Seed, belongs: (other: Seed) => boolean): void => {
  const [first, ...rest] = groups.filter((group) => group.seeds.some(belongs));
  if (!first) {
    groups.push({ seeds: [seed] });
    return;
  }
  first.seeds.push(seed);
  for (const other of rest) merge(groups, first, other);
};

const groupPlaced = (seeds: readonly Seed[], windowDays: number): Group[] => {
  const groups: Group[] = [];
  const specificFirst = [...seeds].sort((a, b) => Number(a.isGeneric) - Number(b.isGeneric));
  for (const seed of specificFirst) {
    if (seed.isGeneric) {
      const home = groups.find((group) =>
        group.seeds.some((other) => isSamePain(other, seed, windowDays)),
      );
      if (home) home.seeds.push(seed);
      else groups.push({ seeds: [seed] });
    } else place(groups, seed, (other) => isSamePain(other, seed, windowDays));
  }
  return groups;
};

/** A disease without a place of its own takes in unspecified pains where it may show. */
const addUnplacedDiseases = (groups: Group[], seeds: readonly Seed[]): void => {
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
const addUnplacedPain = (groups: Group[], seeds: readonly Seed[], windowDays: number): Seed[] => {
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

const weightOf = ({ finding }: Seed): number =>
  finding.matches.reduce((most, match) => Math.max(most, match.weight ?? 0), 0);

const leadOf = (seeds: readonly Seed[]): Seed | undefined =>
  [...seeds].sort(
    (a, b) =>
      Number(a.isGeneric) - Number(b.isGeneric) ||
      weightOf(b) - weightOf(a) ||
      (dateOf(b.finding)?.startMs ?? 0) - (dateOf(a.finding)?.startMs ?? 0) ||
      (a.finding.reference < b.finding.reference ? -1 : 1),
  )[0];

const earliest = (dates: readonly (FhirDate | undefined)[]): FhirDate | undefined =>
  dates.reduce(
    (first, date) => (date && (!first || date.startMs < first.startMs) ? date : first),
    undefined,
  );

/** The side the members agree on. */
const commonSide = (findings: readonly Finding[]): Side | undefined => {
  const sides = unique(findings.flatMap(({ side }) => (side ? [side] : [])));
  return sides.length > 1 ? 'bilateral' : sides[0];
};

interface Placed {
  readonly group: Group;
  readonly lead: Seed;
  readonly regions: readonly BodyRegion[];
  readonly territory: readonly BodyRegion[];
  readonly side: Side | undefined;
}

const locate = (group: Group, lead: Seed): Placed => {
  const regions = unique([...lead.regions, ...group.seeds.flatMap((seed) => seed.regions)]);
  const territory = unique(group.seeds.flatMap((seed) => seed.territory));
  return {
    group,
    lead,
    regions,
    territory,
    side: commonSide(group.seeds.map((seed) => seed.finding)),
  };
};

const isAt = (placed: Placed, finding: Finding): boolean =>
  placesFit(finding.regions, placed.territory) && sidesFit(finding.side, placed.side);

/** Evidence that is bound to its place goes to the pains at that place; without a place to the only, or the linked, pain. */
const painsOf = (
  finding: Finding,
  pains: readonly Placed[],
  windowDays: number,
): readonly Placed[] => {
  if (finding.regions.length > 0) {
    const atOwnRegion = pains.filter(
      (pain) => placesFit(finding.regions, pain.regions) && sidesFit(finding.side, pain.side),
    );
    const there = atOwnRegion.length > 0 ? atOwnRegion : pains.filter((pain) => isAt(pain, finding));
    const [only] = pains;
    return there.length === 0 && pains.length === 1 && only && only.territory.length === 0
      ? pains
      : there;
  }
  if (pains.length === 1) return pains;
  return pains.filter((pain) =>
    pain.group.seeds.some((seed) => isLinked(seed.finding, finding, windowDays)),
  );
};

const isSiteBound = (finding: Finding, setRoles: GroupingKnowledge['setRoles']): boolean =>
  finding.source === 'report' ||
  finding.matches.some((match) => setRoles.get(match.set)?.scope === 'site');

const asSeed = (finding: Finding, territories: GroupingKnowledge['territories']): Seed => ({
  finding,
  roles: [],
  isGeneric: true,
  regions: finding.regions,
  territory: territoryOf(finding, territories),
});

/** Scores and symptoms that tell of a pain nothing else names (O5): at a place no pain covers, or when there is none. */
const openAlone = (
  groups: Group[],
  evidence: readonly Finding[],
  nowMs: number,
  knowledge: GroupingKnowledge,
): void => {
  const { openingSets } = knowledge.settings;
  const candidates = evidence.filter(
    (finding) =>
      finding.presence === 'present' &&
      finding.matches.some((match) => openingSets.includes(match.set)),
  );
  if (candidates.length === 0) return;
  const covered = groups.map((group) => locate(group, group.seeds[0] as Seed));
  const byPlace = new Map<string, Finding[]>();
  for (const finding of candidates) {
    const isCovered =
      finding.regions.length === 0
        ? groups.length > 0
        : covered.some((pain) => isAt(pain, finding) || pain.territory.length === 0);
    if (isCovered) continue;
    const key = `${finding.regions[0] ?? ''}|${finding.side ?? ''}`;
    const list = byPlace.get(key);
    if (list) list.push(finding);
    else byPlace.set(key, [finding]);
  }
  for (const findings of byPlace.values()) {
    const index = indexFindings(findings);
    const judgement = knowledge.opensAlone({
      nowMs,
      findings: index,
      allFindings: index,
      absence: 'unknown',
    });
    if (judgement.result !== 'met') continue;
    groups.push({
      seeds: unique(judgement.findings).map((finding) => asSeed(finding, knowledge.territories)),
    });
  }
};

const isScore = (finding: Finding, settings: Settings): boolean =>
  finding.measure !== undefined &&
  finding.matches.some((match) => settings.intensitySets.includes(match.set));

/** A low score without a place describes a pain recorded otherwise; it does not record one (O5). */
const assertsPain = ({ measure, siteRecorded }: Finding, settings: Settings): boolean =>
  (measure?.low ?? 0) >= (siteRecorded ? settings.intensityCountsFrom : settings.intensityAssertsFrom);

const recentScores = (own: readonly Finding[], settings: Settings, nowMs: number): Finding[] =>
  own
    .filter(
      (finding) =>
        isScore(finding, settings) &&
        isWithin(finding.effective, nowMs, settings.intensityWindowDays) === 'met',
    )
    .sort(
      (a, b) =>
        (b.effective?.startMs ?? 0) - (a.effective?.startMs ?? 0) ||
        (a.reference < b.reference ? -1 : 1),
    );

const toPain = (
  placed: Placed,
  own: readonly Finding[],
  shared: readonly Finding[],
  nowMs: number,
  knowledge: GroupingKnowledge,
): GroupedPain => {
  const { settings, setRoles } = knowledge;
  const { group, lead, regions, side } = placed;
  const members = unique(group.seeds.map((seed) => seed.finding));
  const scores = recentScores([...own, ...members], settings, nowMs);
  const hurts = scores.filter(
    (score) => (score.measure?.high ?? 0) >= settings.intensityCountsFrom,
  );
  const symptoms = own.filter(
    (finding) =>
      finding.presence === 'present' &&
      !isScore(finding, settings) &&
      finding.matches.some((match) => settings.openingSets.includes(match.set)),
  );
  const isNonPainful =
    group.seeds.length > 0 &&
    group.seeds.every(
      (seed) => seed.roles.length > 0 && seed.roles.every((role) => role.opens === 'alone'),
    );
  const asserted = group.seeds.some(
    (seed) => seed.roles.length === 0 || seed.roles.some((role) => role.assertsPain),
  );
  const onset = earliest(members.map((member) => member.onset));
  const nrs = scores[0]?.measure;
  const recordedRegions = unique(
    [
      ...group.seeds
        .filter((seed) => seed.isGeneric || seed.finding.siteRecorded)
        .map((seed) => seed.finding),
      ...symptoms,
    ].flatMap((finding) => finding.regions),
  );
  const scope: PainScope = {
    regions: regions.length > 0 ? regions : recordedRegions,
    recordedRegions,
    isAtSite: (finding) => placesFit(finding.regions, regions) && sidesFit(finding.side, side),
    ...(nrs && nrs.low === nrs.high && { intensityNrs: nrs.low }),
    ...(onset && { onset }),
    isNonPainful,
    painDates: [
      ...members.map(dateOf),
      ...hurts.map((score) => score.effective),
      ...symptoms.map((s) => s.effective),
    ],
  };
  const imagingDone = own.filter(
    (finding) =>
      finding.source === 'imaging-study' &&
      isWithin(finding.effective, nowMs, settings.imagingWindowDays) !== 'notMet',
  );
  return {
    members,
    lead: lead.finding,
    regions: scope.regions,
    ...(side && { side }),
    ...(onset && { onset }),
    scores,
    isPainRecorded:
      asserted ||
      scores.some((score) => assertsPain(score, settings)) ||
      symptoms.length > 0 ||
      members.some((m) => m.matches.some((match) => setRoles.get(match.set)?.generic)),
    isNonPainful,
    findings: indexFindings(unique([...members, ...own, ...shared])),
    scope,
    imagingDone,
  };
};

/** A disease that may be silent opens a pain only where pain is recorded: at its place, or somewhere if it has none (O6). */
const hurtsThere = (seed: Seed, painful: readonly Seed[], alone: readonly Group[]): boolean =>
  alone.length > 0 ||
  painful.some((other) =>
    isPlaced(seed) ? share(other.regions, seed.territory) : other.isGeneric || share(other.regions, seed.territory),
  );

/** Groups a patient's findings into pains and decides which evidence counts for which. */
export const groupPains = (
  findings: readonly Finding[],
  nowMs: number,
  knowledge: GroupingKnowledge,
): Grouping => {
  const { settings, setRoles } = knowledge;
  const windowDays = settings.groupingWindowDays;
  const allFindings = indexFindings(findings);
  const seeds = seedsOf(findings, knowledge);
  const seeded = new Set(seeds.map((seed) => seed.finding));
  const evidence = findings.filter((finding) => !seeded.has(finding));
  const opening = (opens: SetRole['opens']) => (seed: Seed) =>
    seed.roles.some((role) => role.opens === opens);
  const always = seeds.filter(opening('always'));
  const withPain = seeds.filter((seed) => !opening('always')(seed) && opening('with-pain')(seed));
  const alone = seeds.filter((seed) => seed.roles.every((role) => role.opens === 'alone'));

  const probe: Group[] = [];
  if (withPain.length > 0 && always.length === 0) openAlone(probe, evidence, nowMs, knowledge);
  const painful = [...always, ...withPain.filter((seed) => hurtsThere(seed, always, probe))];

  const groups = groupPlaced(painful.filter(isPlaced), windowDays);
  addUnplacedDiseases(
    groups,
    painful.filter((seed) => !isPlaced(seed) && !seed.isGeneric),
  );
  const left = addUnplacedPain(
    groups,
    painful.filter((seed) => !isPlaced(seed) && seed.isGeneric),
    windowDays,
  );
  openAlone(groups, evidence, nowMs, knowledge);
  if (groups.length === 0)
    for (const seed of alone) place(groups, seed, (other) => sameNamedDisease(other, seed));

  const placed = groups.flatMap((group) => {
    const lead = leadOf(group.seeds);
    return lead ? [locate(group, lead)] : [];
  });
  const used = new Set(groups.flatMap((group) => group.seeds.map((seed) => seed.finding)));
  const shared: Finding[] = [];
  const notPlaced: Finding[] = left.map((seed) => seed.finding);
  const own = new Map<Placed, Finding[]>(placed.map((pain) => [pain, []]));
  for (const finding of [...evidence, ...alone.map((seed) => seed.finding)]) {
    if (used.has(finding)) continue;
    if (!isSiteBound(finding, setRoles) && finding.source !== 'imaging-study') {
      shared.push(finding);
      continue;
    }
    const homes = painsOf(finding, placed, windowDays);
    for (const home of homes) own.get(home)?.push(finding);
    if (homes.length === 0 && finding.presence === 'present' && finding.source !== 'imaging-study')
      notPlaced.push(finding);
  }
  const pains = placed.map((pain) => toPain(pain, own.get(pain) ?? [], shared, nowMs, knowledge));
  return { pains, notPlaced, allFindings };
};

/** Acute below one month, chronic from three, by the pain's onset; undefined when the dates do not tell. */
export const courseOf = (
  onset: FhirDate | undefined,
  nowMs: number,
  settings: Settings,
): 'acute' | 'subacute' | 'chronic' | undefined => {
  if (!onset) return undefined;
  const { least, most } = ageInDays(onset, nowMs);
  const name = (age: number) =>
    age < settings.acuteBelowDays
      ? 'acute'
      : age < settings.chronicFromDays
        ? 'subacute'
        : 'chronic';
  return name(least) === name(most) ? name(least) : undefined;
};
