// cards/medicines.yaml -> how medicines are recognised and their dosing is read. Must not know criteria.

import type { KnowledgeFault } from '../errors.js';
import type { StopReason } from '../pain/finding.js';
import type { Vocabulary } from '../pain/knowledge.js';
import type { FindMedicine, MedicineRules } from '../pain/medicine.js';
import type { CodeSystemsDocument, MedicinesDocument } from './documents.js';
import type { YamlFile } from './knowledge-files.js';
import { createMedicineLookup } from './medicine-lookup.js';
import type { CodeRow } from './vocabulary.js';
import { phraseIndex, scan, wordsOf } from './words.js';

/** What the rest of the loader needs of `cards/medicines.yaml`. */
export interface MedicineKnowledge {
  readonly rules: MedicineRules;
  readonly precedence: ReadonlyMap<string, readonly string[]>;
  readonly findMedicine: (find: Vocabulary['find']) => FindMedicine;
}

const phrases = (list: readonly string[]) => phraseIndex(list.map((phrase) => ({ phrase })));
const keyOf = (name: string): string => wordsOf(name).join(' ');

const stopReasonReader = (
  words: MedicinesDocument['stopWords'],
): MedicineRules['stopReasonOfText'] => {
  const adverse = phrases(words['adverse-effect']);
  const none = phrases(words['no-effect']);
  return (text) => {
    const list = wordsOf(text);
    let reason: StopReason = 'other';
    scan(none, list, () => {
      reason = 'no-effect';
    });
    scan(adverse, list, () => {
      reason = 'adverse-effect';
    });
    return list.length === 0 ? undefined : reason;
  };
};

const toRules = (document: MedicinesDocument): MedicineRules => ({
  statementDays: document.statementDays,
  massUnits: new Map(Object.entries(document.massUnits)),
  rateUnits: new Map(Object.entries(document.rateUnits)),
  pieceUnits: new Set(document.pieceUnits),
  volumeUnits: new Map(Object.entries(document.volumeUnits)),
  timings: new Map(Object.entries(document.timings)),
  stopReasons: new Map(
    document.stopReasons.flatMap(({ system, codes }) =>
      Object.entries(codes).map(([code, reason]) => [`${system}|${code}`, reason] as const),
    ),
  ),
  stopReasonOfText: stopReasonReader(document.stopWords),
});

/** Compiles the document; names of sets and substances that do not exist are faults. */
export const loadMedicines = (
  file: YamlFile,
  document: MedicinesDocument,
  rows: readonly CodeRow[],
  systems: CodeSystemsDocument,
  faults: KnowledgeFault[],
): MedicineKnowledge => {
  const sets = new Set(rows.map(({ entry }) => entry.set));
  const mustExist = (set: string): void => {
    if (!sets.has(set)) faults.push(file.faultAt([], `code set "${set}" does not exist`));
  };
  for (const { set, over } of document.precedence) for (const one of [set, ...over]) mustExist(one);
  for (const set of Object.keys(document.names)) mustExist(set);
  for (const set of Object.keys(document.setsByName)) {
    if (sets.has(set)) faults.push(file.faultAt([], `set "${set}" has code rows`));
  }
  for (const { set, becomes } of document.localInstead) {
    mustExist(set);
    if (becomes !== undefined) mustExist(becomes);
  }
  return {
    rules: toRules(document),
    precedence: new Map(document.precedence.map(({ set, over }) => [set, over])),
    findMedicine: createMedicineLookup({
      rows: rows.filter(({ isExcluded }) => !isExcluded),
      systems: systems.systems,
      aliases: new Map(
        Object.entries(document.aliases).map(([name, to]) => [keyOf(name), keyOf(to)]),
      ),
      names: new Map([...Object.entries(document.names), ...Object.entries(document.setsByName)]),
      known: document.known,
      combinations: new Map(
        document.combinations.map(({ code, ingredients }) => [code, ingredients]),
      ),
      localInstead: new Map(document.localInstead.map(({ set, becomes }) => [set, becomes])),
      forms: {
        local: phrases(document.localForms),
        injection: phrases(document.injectableForms),
        patch: phrases(document.patchForms),
      },
      onUnknownName: (name) =>
        faults.push(file.faultAt([], `"${name}" names no substance that is known`)),
    }),
  };
};
