// cards/derived.yaml and cards/opioid-equivalents.yaml -> rules of derived numbers. Must not compute them.
import type { KnowledgeFault } from '../errors.js';
import type { DerivedRules } from '../pain/knowledge.js';
import type { DerivedDocument, OpioidEquivalentsDocument, SettingsDocument } from './documents.js';
import type { YamlFile } from './knowledge-files.js';

/** A document with the file it came from. */
interface Read<T> {
  readonly file: YamlFile;
  readonly document: T;
}

/** Compiles both documents; a set that does not exist is a fault. */
export const loadDerived = (
  derived: Read<DerivedDocument>,
  equivalents: Read<OpioidEquivalentsDocument>,
  settings: Pick<SettingsDocument, 'adultAgeYears' | 'prescriptionDays'>,
  sets: ReadonlySet<string>,
  faults: KnowledgeFault[],
): DerivedRules => {
  const { creatinineClearance, gestation } = derived.document;
  const { adultAgeYears, prescriptionDays } = settings;
  const { opioidSets, factors, notCounted, leftOutRoutes, uncountableRoutes } =
    equivalents.document;
  const check = (file: YamlFile, named: readonly string[]): void => {
    for (const set of named)
      if (!sets.has(set)) faults.push(file.faultAt([], `code set "${set}" does not exist`));
  };
  const { creatinineSet, weightSet, egfrSet } = creatinineClearance;
  check(derived.file, [creatinineSet, weightSet, egfrSet, gestation.set]);
  check(equivalents.file, [...opioidSets, ...factors.map(({ set }) => set), ...notCounted]);
  const bySet = new Map<string, Map<string, number>>();
  for (const { set, unit, factor } of factors) {
    const byUnit = bySet.get(set) ?? new Map<string, number>();
    bySet.set(set, byUnit.set(unit, factor));
  }
  return {
    creatinineClearance: { ...creatinineClearance, adultAgeYears },
    gestation,
    morphineEquivalents: {
      opioidSets,
      factors: bySet,
      notCounted: new Set(notCounted),
      leftOutRoutes: new Set(leftOutRoutes),
      uncountableRoutes: new Set(uncountableRoutes),
      prescriptionDays,
    },
  };
};

/** The sets of results that derived numbers read. */
export const setsOfDerived = ({
  creatinineClearance: { creatinineSet, weightSet, egfrSet },
  gestation,
}: DerivedRules): readonly string[] => [creatinineSet, weightSet, egfrSet, gestation.set];
