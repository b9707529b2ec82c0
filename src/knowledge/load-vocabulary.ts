// cards/codes, cards/regions and cards/words -> Vocabulary. Must not know criteria.

import type { PhraseMatch, Vocabulary } from '../pain/knowledge.js';
import { type CodeMatch, codeMatch, type Place, type Side } from '../pain/terms.js';
import type {
  CodeSystemsDocument,
  RegionsDocument,
  SetsDocument,
  WordsDocument,
} from './documents.js';
import type { CsvRow, KnowledgeFiles } from './knowledge-files.js';
import type { MedicineKnowledge } from './load-medicines.js';
import { asCategory, buildVocabulary, type CodeRow } from './vocabulary.js';

const SIDES = new Set(['left', 'right', 'bilateral']);

const asSide = (text: string | undefined): Side | undefined =>
  text !== undefined && SIDES.has(text) ? (text as Side) : undefined;

const regionsOf = (text: string | undefined): readonly string[] => (text ? text.split(/\s+/) : []);

/** A place; undefined when the row names neither region nor side. */
const placeOf = (cells: CsvRow['cells']): Place | undefined => {
  const regions = regionsOf(cells.region);
  const side = asSide(cells.side);
  return regions.length > 0 || side ? { regions, side } : undefined;
};

/** A display without the semantic tag of SNOMED CT. */
export const withoutTag = (display: string): string =>
  display.replace(/ \((disorder|finding|situation|procedure|substance|body structure)\)$/, '');

const toMatch = (set: string, cells: CsvRow['cells'], sets: SetsDocument): CodeMatch => {
  const display = withoutTag(cells.display ?? '');
  return codeMatch(set, display, regionsOf(cells.region), {
    weight: cells.weight && /^\d$/.test(cells.weight) ? Number(cells.weight) : undefined,
    category: asCategory(cells.category || sets.sets[set]?.category),
    subtype: cells.subtype || undefined,
    syndrome: cells.syndrome || undefined,
    schemeMember: cells.scheme_member || undefined,
    side: asSide(cells.side),
    acuteDays: cells.acute_days ? Number(cells.acute_days) : undefined,
  });
};

const NOT_A_SET = new Set(['is-a', 'value-present', 'value-absent']);

const setOf = (file: string): string => file.replace(/^.*\//, '').replace(/\.csv$/, '');

interface Part {
  readonly part: string;
  readonly codes: ReadonlySet<string>;
  readonly except: readonly string[];
}

/** The code rows of every set, and of the named parts of sets. */
export const loadCodeRows = (files: KnowledgeFiles, sets: SetsDocument): CodeRow[] => {
  const rows: CodeRow[] = [];
  const partsOf = new Map<string, Part[]>();
  const unused = new Map<string, Set<string>>();
  for (const [part, { of, codes, except = [] }] of Object.entries(sets.parts)) {
    partsOf.set(of, [...(partsOf.get(of) ?? []), { part, codes: new Set(codes), except }]);
    unused.set(part, new Set([...codes, ...except]));
  }
  for (const file of files.list('codes', '.csv')) {
    const set = setOf(file);
    if (NOT_A_SET.has(set)) continue;
    const seen = new Set<string>();
    for (const { cells, line } of files.csv(file)) {
      const { system = '', code = '', match = 'exact' } = cells;
      if (!system || !code)
        files.faults.push({ file, line, message: 'a row needs a system and a code' });
      if (seen.has(`${system}|${code}`))
        files.faults.push({ file, line, message: `${system} ${code} stands twice` });
      seen.add(`${system}|${code}`);
      if (match === 'except') {
        const out = [set, ...(partsOf.get(set) ?? []).map(({ part }) => part)];
        for (const each of out)
          rows.push({
            system,
            code,
            match: 'prefix',
            entry: toMatch(each, cells, sets),
            isExcluded: true,
          });
        continue;
      }
      // ICD-11 and ATC rows match by prefix like ICD-10-CM; local and LOINC codes exactly.
      rows.push({ system, code, match, entry: toMatch(set, cells, sets) });
      for (const { part, codes, except } of partsOf.get(set) ?? []) {
        if (!codes.has(code)) continue;
        unused.get(part)?.delete(code);
        const entry = toMatch(part, cells, sets);
        rows.push({ system, code, match, entry });
        if (match !== 'prefix') continue;
        for (const longer of except) {
          if (longer === code || !longer.startsWith(code)) continue;
          unused.get(part)?.delete(longer);
          rows.push({ system, code: longer, match, entry, isExcluded: true });
        }
      }
    }
  }
  for (const [part, codes] of unused) {
    for (const code of codes)
      files.faults.push({
        file: 'sets.yaml',
        message: `part ${part} names ${code}, which its set does not hold`,
      });
  }
  return rows;
};

const codePlaces = (files: KnowledgeFiles): Map<string, Map<string, Place>> => {
  const places = new Map<string, Map<string, Place>>();
  const icd = new Map<string, Place>();
  for (const { cells } of files.csv('regions/icd-10-cm.csv')) {
    const place = placeOf(cells);
    if (place && cells.prefix) icd.set(cells.prefix, place);
  }
  places.set('ICD-10-CM', icd);
  return places;
};

const sitePlaces = (files: KnowledgeFiles): Map<string, Place> => {
  const places = new Map<string, Place>();
  for (const file of ['regions/snomed.csv', 'regions/laterality.csv']) {
    for (const { cells } of files.csv(file)) {
      const place = placeOf(cells);
      if (place && cells.code) places.set(cells.code, place);
    }
  }
  return places;
};

/** Coded answers of one file by `uri|code`: a code counts only with its system. */
const presenceCodes = (
  files: KnowledgeFiles,
  file: string,
  presence: 'present' | 'absent',
  { systems }: CodeSystemsDocument,
): (readonly [string, 'present' | 'absent'])[] =>
  files.csv(file).flatMap(({ cells: { system = '', code = '' }, line }) => {
    const uris = system.includes(':') ? [system] : systems.find(({ id }) => id === system)?.uris;
    if (!uris || !code)
      files.faults.push({
        file,
        line,
        message: `"${system}" is no code system, or the code is missing`,
      });
    return (uris ?? []).map((uri) => [`${uri}|${code}`, presence] as const);
  });

/** Builds the vocabulary of one knowledge folder. */
export const loadVocabulary = (
  files: KnowledgeFiles,
  rows: readonly CodeRow[],
  isUsed: (set: string) => boolean,
  systems: CodeSystemsDocument,
  regions: RegionsDocument,
  medicines: MedicineKnowledge,
): Vocabulary => {
  const presence = new Map([
    ...presenceCodes(files, 'codes/value-present.csv', 'present', systems),
    ...presenceCodes(files, 'codes/value-absent.csv', 'absent', systems),
  ]);
  const known = new Set(regions.regions.map(({ id }) => id));
  for (const { entry } of rows) {
    for (const region of entry.regions) {
      if (!known.has(region))
        files.faults.push({
          file: `codes/${entry.set}.csv`,
          message: `region "${region}" is not in the closed list`,
        });
    }
  }
  const bySet = new Map<string, CodeMatch>();
  for (const { entry } of rows) {
    const best = bySet.get(entry.set);
    if (!best || (entry.weight ?? 0) > (best.weight ?? 0)) bySet.set(entry.set, entry);
  }
  const phrases: { phrase: string; matches: PhraseMatch[] }[] = [];
  const negations: string[] = [];
  const clauseEnds: string[] = [];
  const trailingNegations: string[] = [];
  for (const file of files.list('words', '.yaml')) {
    if (file.includes('/sites.')) continue;
    const yaml = files.yaml(file);
    const words = yaml?.value as WordsDocument | undefined;
    negations.push(...(words?.negations ?? []));
    clauseEnds.push(...(words?.clauseEnds ?? []));
    trailingNegations.push(...(words?.trailingNegations ?? []));
    for (const [at, { phrase, set, code, region }] of (words?.phrases ?? []).entries()) {
      const sample =
        (code && rows.find((row) => row.entry.set === set && row.code === code)?.entry) ||
        bySet.get(set);
      if (!sample || !yaml) {
        if (yaml)
          files.faults.push(yaml.faultAt(['phrases', at], `code set "${set}" does not exist`));
        continue;
      }
      const { category, weight, subtype, syndrome } = sample;
      const place: Place = { regions: regionsOf(region), side: undefined };
      const said =
        code === undefined ? { category, weight } : { category, weight, subtype, syndrome };
      const match = codeMatch(set, phrase, place.regions, said);
      phrases.push({ phrase, matches: [{ match, place }] });
    }
  }
  const sitePhrases = files
    .list('words', '.yaml')
    .filter((file) => file.includes('/sites.'))
    .flatMap((file) => {
      const document = files.yaml(file)?.value as
        | { phrases?: { phrase: string; region?: string; side?: string }[] }
        | undefined;
      return (document?.phrases ?? []).map(({ phrase, region, side }) => ({
        phrase,
        place: { regions: regionsOf(region), side: asSide(side) },
      }));
    });
  return buildVocabulary({
    rows: rows.filter(({ entry }) => isUsed(entry.set)),
    systems: systems.systems,
    isA: files.csv('codes/is-a.csv').map(({ cells }) => ({
      system: cells.system ?? '',
      child: cells.child ?? '',
      parent: cells.parent ?? '',
    })),
    codePlaces: codePlaces(files),
    sitePlaces: sitePlaces(files),
    sitePhrases,
    phrases,
    negations,
    clauseEnds,
    trailingNegations,
    presence,
    precedence: medicines.precedence,
    findMedicine: medicines.findMedicine,
  });
};
