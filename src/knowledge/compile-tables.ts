// Set roles, analytes and territories as the engine reads them. Must not read files.

import type { Analyte, Knowledge, SetRole } from '../pain/knowledge.js';
import type { BodyRegion } from '../pain/terms.js';
import type { AnalytesDocument, RegionsDocument, SetsDocument } from './documents.js';
import type { CodeRow } from './vocabulary.js';

/** The role of every set; parts of a set share its scope but open no pain themselves. */
export const toSetRoles = (
  sets: SetsDocument,
  rows: readonly CodeRow[],
): ReadonlyMap<string, SetRole> => {
  const roles = new Map<string, SetRole>();
  for (const { entry } of rows) {
    if (roles.has(entry.set)) continue;
    const of = sets.parts[entry.set]?.of;
    const role = sets.sets[of ?? entry.set];
    roles.set(entry.set, {
      scope: role?.scope ?? 'patient',
      opens: of === undefined ? (role?.opens ?? 'never') : 'never',
      assertsPain: role?.assertsPain ?? true,
      generic: role?.generic ?? false,
      ...(role?.category && { category: role.category }),
    });
  }
  return roles;
};

/** Units by analyte; unit texts convert like the code they spell. */
export const toAnalytes = ({ analytes }: AnalytesDocument): ReadonlyMap<string, Analyte> =>
  new Map(
    analytes.map(({ set, unit, unitless = false, units, texts = {}, plausible }) => {
      const conversions = new Map(
        Object.entries(units).map(([code, { factor, offset = 0 }]) => [code, { factor, offset }]),
      );
      for (const [text, code] of Object.entries(texts)) {
        const conversion = conversions.get(code);
        if (conversion && !conversions.has(text)) conversions.set(text, conversion);
      }
      return [set, { unit, unitless, units: conversions, plausible }];
    }),
  );

/** Where diseases of a set may show. */
export const toTerritories = ({ territories }: RegionsDocument): Knowledge['territories'] => {
  const bySet = new Map<string, Map<BodyRegion | '', readonly BodyRegion[]>>();
  for (const { set, region = '', regions } of territories) {
    const byRegion = bySet.get(set) ?? new Map<BodyRegion | '', readonly BodyRegion[]>();
    byRegion.set(region, [...new Set([...(byRegion.get(region) ?? []), ...regions])]);
    bySet.set(set, byRegion);
  }
  return bySet;
};
