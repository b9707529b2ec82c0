// Finding[] -> PainProblem[]: one per pain, by body region, onset and encounter. Must not know categories' criteria.

import { ageInDays, isWithin } from './fhir-date.js';
import type { FhirDate, Finding } from './finding.js';
import { indexFindings, indexWith, indexWithout } from './finding-index.js';
import {
  addUnplacedDiseases,
  addUnplacedPain,
  type Group,
  groupPlaced,
  place,
} from './group-seeds.js';
import type { SetRole, Settings } from './knowledge.js';
import { dateOf, isLinked, placesFit, sidesFit, unique } from './relations.js';
import { type FindingIndex, type PainScope, scopeOver } from './scope.js';
import {
  asSeed,
  type GroupingKnowledge,
  hurtsThere,
  isPlaced,
  type Seed,
  sameNamedDisease,
  seedsOf,
  strongestFirst,
} from './seed.js';
import type { BodyRegion, Side } from './terms.js';

/** One pain with the findings that count for it. */
export interface GroupedPain {
  readonly members: readonly Finding[];
  /** The finding that names it. */
  readonly lead: Finding;
  readonly regions: readonly BodyRegion[];
  readonly side?: Side | undefined;
  readonly onset?: FhirDate | undefined;
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

const earliestOnset = (findings: readonly Finding[]): FhirDate | undefined => {
  let first: FhirDate | undefined;
  for (const { onset } of findings)
    if (onset && (!first || onset.startMs < first.startMs)) first = onset;
  return first;
};

/** The side the seeds agree on. */
const commonSide = (seeds: readonly Seed[]): Side | undefined => {
  let common: Side | undefined;
  for (const { finding } of seeds) {
    if (finding.side === undefined || finding.side === common) continue;
    if (common !== undefined) return 'bilateral';
    common = finding.side;
  }
  return common;
};

interface Placed {
  readonly group: Group;
  readonly lead: Seed;
  readonly regions: readonly BodyRegion[];
  readonly territory: readonly BodyRegion[];
  readonly side: Side | undefined;
}

const locate = (group: Group, lead: Seed): Placed => {
  const regions = [...lead.regions];
  const territory: BodyRegion[] = [];
  for (const seed of group.seeds) {
    regions.push(...seed.regions);
    territory.push(...seed.territory);
  }
  return {
    group,
    lead,
    regions: unique(regions),
    territory: unique(territory),
    side: commonSide(group.seeds),
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
    const there =
      atOwnRegion.length > 0 ? atOwnRegion : pains.filter((pain) => isAt(pain, finding));
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
    const judgement = knowledge.opensAlone(scopeOver({ nowMs }, index, index));
    if (judgement.result !== 'met') continue;
    groups.push({
      seeds: unique(judgement.findings).map((finding) => asSeed(finding, knowledge.territories)),
    });
  }
};

const isScore = (finding: Finding, settings: Settings): boolean =>
  finding.measure !== undefined &&
  finding.matches.some((match) => settings.intensitySets.includes(match.set));

/** An old score describes no pain of today: nothing is lost where it has no place. */
const isOldScore = (finding: Finding, settings: Settings, nowMs: number): boolean =>
  isScore(finding, settings) &&
  isWithin(finding.effective, nowMs, settings.intensityWindowDays) === 'notMet';

/** A low score without a place describes a pain recorded otherwise; it does not record one (O5). */
const assertsPain = ({ measure, siteRecorded }: Finding, settings: Settings): boolean =>
  (measure?.low ?? 0) >=
  (siteRecorded ? settings.intensityCountsFrom : settings.intensityAssertsFrom);

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
  shared: FindingIndex,
  nowMs: number,
  knowledge: GroupingKnowledge,
): GroupedPain => {
  const { settings, setRoles } = knowledge;
  const { group, lead, regions, side } = placed;
  const members = unique(group.seeds.map((seed) => seed.finding));
  const isNonPainful = group.seeds.every(
    (seed) => seed.roles.length > 0 && seed.roles.every((role) => role.opens === 'alone'),
  );
  // What does not hurt has no score, whatever was scored at the visit.
  const scores = isNonPainful ? [] : recentScores([...own, ...members], settings, nowMs);
  const hurts = scores.filter(
    (score) => (score.measure?.high ?? 0) >= settings.intensityCountsFrom,
  );
  const symptoms = own.filter(
    (finding) =>
      finding.presence === 'present' &&
      !isScore(finding, settings) &&
      finding.matches.some((match) => settings.openingSets.includes(match.set)),
  );
  const asserted = group.seeds.some(
    (seed) => seed.roles.length === 0 || seed.roles.some((role) => role.assertsPain),
  );
  const onset = earliestOnset(members);
  const nrs = scores[0]?.measure;
  const recordedAt: BodyRegion[] = [];
  for (const { isGeneric, finding } of group.seeds)
    if (isGeneric || finding.siteRecorded) recordedAt.push(...finding.regions);
  const painDates = members.map(dateOf);
  for (const { effective } of hurts) painDates.push(effective);
  for (const { effective, regions: there } of symptoms) {
    painDates.push(effective);
    recordedAt.push(...there);
  }
  const recordedRegions = unique(recordedAt);
  const scope: PainScope = {
    regions: regions.length > 0 ? regions : recordedRegions,
    recordedRegions,
    isAtSite: (finding) => placesFit(finding.regions, regions) && sidesFit(finding.side, side),
    intensityNrs: nrs && nrs.low === nrs.high ? nrs.low : undefined,
    onset,
    isNonPainful,
    painDates,
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
    side,
    onset,
    scores,
    isPainRecorded:
      asserted ||
      scores.some((score) => assertsPain(score, settings)) ||
      symptoms.length > 0 ||
      members.some((m) => m.matches.some((match) => setRoles.get(match.set)?.generic)),
    isNonPainful,
    findings: indexWith(shared, [...members, ...own]),
    scope,
    imagingDone,
  };
};

/** Groups a patient's findings into pains and decides which evidence counts for which. */
export const groupPains = (
  findings: readonly Finding[],
  nowMs: number,
  knowledge: GroupingKnowledge,
): Grouping => {
  const { settings, setRoles } = knowledge;
  const windowDays = settings.groupingWindowDays;
  const allFindings = indexFindings(findings);
  const seeds = strongestFirst(seedsOf(findings, knowledge));
  const seeded = new Set(seeds.map((seed) => seed.finding));
  const evidence = findings.filter((finding) => !seeded.has(finding));
  const opening = (opens: SetRole['opens']) => (seed: Seed) =>
    seed.roles.some((role) => role.opens === opens);
  const always = seeds.filter(opening('always'));
  const withPain = seeds.filter(
    (seed) => !opening('always')(seed) && (opening('with-pain')(seed) || opening('at-place')(seed)),
  );
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
    group.seeds = strongestFirst(group.seeds);
    const [lead] = group.seeds;
    return lead ? [locate(group, lead)] : [];
  });
  const used = new Set(groups.flatMap((group) => group.seeds.map((seed) => seed.finding)));
  /** What does not count for every pain. */
  const bound = new Set([...seeded, ...used]);
  const notPlaced: Finding[] = left.map((seed) => seed.finding);
  const own = placed.map((): Finding[] => []);
  for (const finding of [...evidence, ...alone.map((seed) => seed.finding)]) {
    if (used.has(finding)) continue;
    if (!isSiteBound(finding, setRoles) && finding.source !== 'imaging-study') {
      bound.delete(finding);
      continue;
    }
    bound.add(finding);
    const homes = painsOf(finding, placed, windowDays);
    for (const home of homes) own[placed.indexOf(home)]?.push(finding);
    const isOf = finding.presence === 'present' && finding.source !== 'imaging-study';
    if (homes.length === 0 && isOf && !isOldScore(finding, settings, nowMs))
      notPlaced.push(finding);
  }
  const shared = indexWithout(allFindings, bound);
  const pains = placed.map((pain, at) => toPain(pain, own[at] ?? [], shared, nowMs, knowledge));
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
