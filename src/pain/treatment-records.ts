// Findings of the patient -> the treatments that have any record, and the records of each. Must not know pains or how a trial is judged.
import type { Finding } from './finding.js';
import { type FindingIndex, NONE } from './scope.js';
import type { StepwiseKnowledge, TrialRule } from './stepwise-knowledge.js';

/** The records that one rule of a treatment may count; without a rule those of the treatment as such. */
export interface RecordGroup {
  readonly rule: TrialRule | undefined;
  readonly records: readonly Finding[];
}

/** What is on record of one treatment. */
export interface TreatmentRecords {
  /** In the order in which rules claim records; those without any are left out. */
  readonly groups: readonly RecordGroup[];
  /** True where one was done at a place: for a pain elsewhere it does not count. */
  readonly isPlaced: boolean;
  /** Entries that it is not tolerated. */
  readonly intolerances: readonly Finding[];
}

/** Whether it was taken in one of these ways, or done. */
const isRecord = (
  { source, presence, basis, route }: Finding,
  routes: readonly string[] | undefined,
): boolean => {
  if (presence !== 'present' || basis === 'text') return false;
  if (source === 'procedure') return true;
  return source === 'medication' && (routes === undefined || routes.includes(route ?? ''));
};

const isPlacedRecord = ({ source, regions }: Finding): boolean =>
  source === 'procedure' && regions.length > 0;

const isIntolerance = ({ source, presence, current, allergy }: Finding): boolean =>
  source === 'allergy' && presence === 'present' && current && allergy === 'intolerance';

/** The records in the sets, each once. */
const recordsIn = (
  sets: readonly string[],
  findings: FindingIndex,
  routes: readonly string[] | undefined,
): readonly Finding[] => {
  let found = NONE;
  for (const set of sets) {
    const own = findings.get(set);
    if (!own) continue;
    const more = own.every((one) => isRecord(one, routes))
      ? own
      : own.filter((one) => isRecord(one, routes));
    if (found.length === 0) found = more;
    else if (more.length > 0) found = [...new Set([...found, ...more])];
  }
  return found;
};

/** The entries of the first set that has any: the others hold the same ones by wider names. */
const intolerancesIn = (sets: readonly string[], findings: FindingIndex): readonly Finding[] => {
  for (const set of sets) {
    const own = findings.get(set);
    if (own?.some(isIntolerance)) return own.filter(isIntolerance);
  }
  return NONE;
};

const isSame = (a: readonly Finding[], b: readonly Finding[]): boolean =>
  a.length === b.length && a.every((finding, at) => finding === b[at]);

/** The records of a treatment that has any. */
export const recordsOf = (
  treatment: string,
  findings: FindingIndex,
  { treatments, trialsOf }: Pick<StepwiseKnowledge, 'treatments' | 'trialsOf'>,
): TreatmentRecords => {
  const codeSets = treatments.get(treatment)?.codeSets ?? [];
  const groups: RecordGroup[] = [];
  const all = recordsIn(codeSets, findings, undefined);
  let isLeft = all.length > 0;
  let isPlaced = all.some(isPlacedRecord);
  for (const rule of trialsOf.get(treatment) ?? []) {
    const { sets, routes } = rule;
    const records = sets || routes ? recordsIn(sets ?? codeSets, findings, routes) : all;
    if (records.length === 0) continue;
    groups.push({ rule, records });
    isPlaced ||= records.some(isPlacedRecord);
    // A rule without a condition that counts all records leaves none.
    if (!rule.judge && isSame(records, all)) isLeft = false;
  }
  if (isLeft) groups.push({ rule: undefined, records: all });
  return { groups, isPlaced, intolerances: intolerancesIn(codeSets, findings) };
};

/** The treatments that have any record: most have none, and no pain need look at them. */
export const recordedTreatments = (
  findings: FindingIndex,
  { treatmentsOfSet }: Pick<StepwiseKnowledge, 'treatmentsOfSet'>,
): ReadonlySet<string> => {
  const recorded = new Set<string>();
  for (const set of findings.keys())
    for (const treatment of treatmentsOfSet.get(set) ?? []) recorded.add(treatment);
  return recorded;
};
