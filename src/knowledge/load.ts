// cards/ -> Knowledge: reads, validates, compiles and freezes it at start; every fault, then stop. Must not know patients.
import { Ajv2020 } from 'ajv/dist/2020.js';
import { KnowledgeInvalid } from '../errors.js';
import type { Category, Grade, Recommendation } from '../pain/evaluation.js';
import { GRADES } from '../pain/judge.js';
import type {
  Analyte,
  BodyRegion,
  CategoryKnowledge,
  Guidance,
  Knowledge,
  SetRole,
} from '../pain/knowledge.js';
import { createExpressionCompiler, type ExpressionCompiler } from './compile-expressions.js';
import type {
  AnalytesDocument,
  AsksDocument,
  CategoryDocument,
  CodeSystemsDocument,
  CoexistenceDocument,
  EngineTextsDocument,
  GuidanceDocument,
  ModifiersDocument,
  RedFlagsDocument,
  RegionsDocument,
  SetsDocument,
  SettingsDocument,
  SourcesDocument,
  TreatmentsDocument,
} from './documents.js';
import { type KnowledgeFiles, openKnowledgeFiles, type YamlFile } from './knowledge-files.js';
import { loadCodeRows, loadVocabulary } from './load-vocabulary.js';
import type { CodeRow } from './vocabulary.js';

const CATEGORIES: readonly Category[] = [
  'inflammatory',
  'neuropathic',
  'cancer',
  'spasmodic',
  'psychogenic',
  'other',
];

/** Schema of each YAML file by the folder or name it stands in. */
const SCHEMAS: readonly (readonly [string, string])[] = [
  ['categories/', 'category'],
  ['guidance/', 'guidance'],
  ['sets.yaml', 'sets'],
  ['settings.yaml', 'settings'],
  ['code-systems.yaml', 'code-systems'],
  ['coexistence.yaml', 'coexistence'],
  ['modifiers.yaml', 'modifiers'],
  ['red-flags.yaml', 'red-flags'],
  ['ask-next.yaml', 'ask-next'],
  ['treatments.yaml', 'treatments'],
  ['sources.yaml', 'sources'],
  ['texts/engine.', 'engine-texts'],
];

type Reader = <T>(file: string) => { readonly file: YamlFile; readonly document: T };

/** Reads YAML files and validates each against the schema of its format. */
const createReader = (files: KnowledgeFiles): Reader => {
  const ajv = new Ajv2020({ allErrors: true, strict: false });
  const compiled = new Map<string, ReturnType<typeof ajv.compile>>();
  const validatorFor = (file: string) => {
    const name = SCHEMAS.find(([start]) => file.startsWith(start))?.[1];
    if (name === undefined) return undefined;
    const schema = files.json(`schema/${name}.schema.json`);
    if (typeof schema !== 'object' || schema === null) return undefined;
    const known = compiled.get(name) ?? ajv.compile(schema);
    compiled.set(name, known);
    return known;
  };
  return <T>(name: string) => {
    const file = files.yaml(name);
    if (!file) throw new KnowledgeInvalid(files.faults);
    const validate = validatorFor(name);
    if (validate && !validate(file.value)) {
      for (const { instancePath, message, params } of validate.errors ?? []) {
        const path = instancePath
          .split('/')
          .slice(1)
          .map((part) => (/^\d+$/.test(part) ? Number(part) : part.replaceAll('~1', '/')));
        const extra =
          'additionalProperty' in params ? ` (${String(params.additionalProperty)})` : '';
        files.faults.push(file.faultAt(path, `${message ?? 'is not valid'}${extra}`));
      }
      throw new KnowledgeInvalid(files.faults);
    }
    return { file, document: file.value as T };
  };
};

const toSetRoles = (sets: SetsDocument, rows: readonly CodeRow[]): ReadonlyMap<string, SetRole> => {
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

const toAnalytes = ({ analytes }: AnalytesDocument): ReadonlyMap<string, Analyte> =>
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

const toTerritories = ({ territories }: RegionsDocument): Knowledge['territories'] => {
  const bySet = new Map<string, Map<BodyRegion | '', readonly BodyRegion[]>>();
  for (const { set, region = '', regions } of territories) {
    const byRegion = bySet.get(set) ?? new Map<BodyRegion | '', readonly BodyRegion[]>();
    byRegion.set(region, [...new Set([...(byRegion.get(region) ?? []), ...regions])]);
    bySet.set(set, byRegion);
  }
  return bySet;
};

const compileCategory = (
  file: YamlFile,
  document: CategoryDocument,
  compiler: ExpressionCompiler,
): CategoryKnowledge => {
  const ids = new Set(document.criteria.map(({ id }) => id));
  const known = new Set(ids);
  const reads = new Set(document.clinicianDiagnosisSets);
  const local = { hasCriterion: (id: string) => known.has(id), reads };
  const conditional = (items: CategoryDocument['notes'], name: 'notes' | 'wouldRaise') =>
    items.map(({ id, when, text }, at) => ({
      id,
      text,
      judge: compiler.compile(file, [name, at, 'when'], when, local),
    }));
  const criteria = document.criteria.map(({ id, kind, label, when, weight, subtype }, at) => ({
    id,
    kind,
    label,
    judge: compiler.compile(file, ['criteria', at, 'when'], when, local),
    ...(weight !== 'codes' && { weight }),
    ...(subtype && { subtype }),
  }));
  const grades = GRADES.flatMap((grade) => {
    const text = document.grades[grade];
    if (text === undefined) return [];
    const judge = compiler.compile(file, ['grades', grade], text, local);
    known.add(grade);
    return [{ grade, judge }];
  });
  return {
    id: document.id,
    criteria,
    grades,
    clinicianDiagnosisSets: new Set(document.clinicianDiagnosisSets),
    contradictions: document.contradictions.map(({ id, label, kind, when, capAt }, at) => ({
      id,
      label,
      kind,
      judge: compiler.compile(file, ['contradictions', at, 'when'], when, local),
      ...(capAt && { capAt }),
    })),
    subtypes: document.subtypeRules.map(({ id, when }, at) => ({
      id,
      judge: compiler.compile(file, ['subtypeRules', at, 'when'], when, local),
    })),
    stages: document.stages.map(({ id, when, mixes = true }, at) => ({
      id,
      mixes,
      judge: compiler.compile(file, ['stages', at, 'when'], when, local),
    })),
    wouldRaise: conditional(document.wouldRaise, 'wouldRaise'),
    notes: conditional(document.notes, 'notes'),
    literalGrades: document.literalGrades,
    reads,
  };
};

const compileGuidance = (
  file: YamlFile,
  document: GuidanceDocument,
  kinds: ReadonlyMap<string, TreatmentsDocument['treatments'][number]['kind']>,
  compiler: ExpressionCompiler,
  texts: EngineTextsDocument,
  files: KnowledgeFiles,
): Guidance => ({
  principles: document.principles.map(
    ({ principle, article, guidance, follows, agreement, certainty, strength, sources }) => ({
      principle,
      article,
      guidance,
      follows,
      agreement,
      certainty,
      strength,
      sources,
    }),
  ),
  lines: document.lines.map((line, at) => {
    const kind = line.treatment === undefined ? 'advice' : kinds.get(line.treatment);
    if (kind === undefined)
      files.faults.push(
        file.faultAt(['lines', at, 'treatment'], `treatment "${line.treatment}" does not exist`),
      );
    const { id, principle, step, treatment, text, certainty, strength, agreement, sources } = line;
    const base = {
      id,
      principle,
      text,
      certainty,
      strength,
      agreement,
      sources,
      checks: [],
      ...(step && { step }),
      ...(treatment && { treatment }),
    };
    const withheld = (reason: string): Recommendation =>
      Object.freeze({ ...base, status: 'withheld', reason });
    return {
      as: {
        offered: Object.freeze({ ...base, status: 'offered' as const }),
        notAdvised: Object.freeze({
          ...base,
          status: 'not-advised' as const,
          reason: texts.notAdvised,
        }),
        sourceOnly: Object.freeze({ ...base, status: 'source-only' as const }),
        safetyChecksMissing: withheld(texts.safetyChecksMissing),
          redFlagFirst: withheld(texts.redFlagFirst),
        underAgeDrug: withheld(texts.underAgeDrug),
        tentativeDrug: withheld(texts.tentativeDrug),
      },
      strength,
      judge: compiler.compile(file, ['lines', at, 'when'], line.when ?? 'true'),
      kind: kind ?? 'advice',
      origin: line.origin,
    };
  }),
});

/** Keys a document cites that `sources.yaml` does not resolve. */
const checkSources = (
  file: YamlFile,
  value: unknown,
  known: ReadonlySet<string>,
  files: KnowledgeFiles,
  path: readonly (string | number)[] = [],
): void => {
  if (Array.isArray(value)) {
    for (const [at, item] of value.entries()) checkSources(file, item, known, files, [...path, at]);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  for (const [key, item] of Object.entries(value)) {
    if (key === 'sources' && Array.isArray(item)) {
      for (const [at, source] of item.entries()) {
        if (typeof source === 'string' && !known.has(source))
          files.faults.push(file.faultAt([...path, key, at], `source "${source}" does not exist`));
      }
    } else checkSources(file, item, known, files, [...path, key]);
  }
};

const observationCodesOf = (
  rows: readonly CodeRow[],
  setsRead: ExpressionCompiler['setsRead'],
  settings: SettingsDocument,
): string[] => {
  const wanted = (set: string): boolean => {
    const operators = setsRead.get(set);
    if (settings.intensitySets.includes(set) || settings.openingSets.includes(set)) return true;
    return (
      operators !== undefined && [...operators].some((op) => op !== 'med' && op !== 'procedure')
    );
  };
  const codes = new Set<string>();
  for (const { system, code, match, entry } of rows) {
    const isObservable =
      system === 'LOINC' ||
      system === 'LOCAL' ||
      (system === 'SNOMED CT' && match === 'exact' && entry.set.startsWith('finding-'));
    if (isObservable && wanted(entry.set)) codes.add(code);
    if (entry.set.startsWith('obs-symptom') && system === 'LOINC') codes.add(code);
  }
  return [...codes].sort();
};

/**
 * Loads a knowledge folder.
 * @throws {KnowledgeInvalid} with every fault found, each with file, line and column
 */
export const loadKnowledge = (folder: string): Knowledge => {
  const files = openKnowledgeFiles(folder);
  const read = createReader(files);
  const sets = read<SetsDocument>('sets.yaml').document;
  const settingsFile = read<SettingsDocument>('settings.yaml');
  const settings = settingsFile.document;
  const systems = read<CodeSystemsDocument>('code-systems.yaml').document;
  const regions = read<RegionsDocument>('regions.yaml').document;
  const texts = read<EngineTextsDocument>('texts/engine.en.yaml').document;
  const treatments = read<TreatmentsDocument>('treatments.yaml').document;
  const sources = new Set(
    read<SourcesDocument>('sources.yaml').document.sources.map(({ key }) => key),
  );
  const rows = loadCodeRows(files, sets);
  const setIds = new Set(rows.map(({ entry }) => entry.set));
  for (const set of Object.keys(sets.sets)) {
    if (!setIds.has(set))
      files.faults.push({ file: 'sets.yaml', message: `set "${set}" has no codes` });
  }
  const vocabulary = loadVocabulary(files, rows, systems, sets, regions);
  const analytes = toAnalytes(read<AnalytesDocument>('analytes.yaml').document);
  const regionIds = new Set(regions.regions.map(({ id }) => id));
  const categoryFiles = CATEGORIES.map((id) => read<CategoryDocument>(`categories/${id}.yaml`));
  const labels = {
    subtype: new Set(categoryFiles.flatMap(({ document }) => document.subtypes)),
    syndrome: new Set(categoryFiles.flatMap(({ document }) => document.syndromes)),
    stage: new Set([
      ...categoryFiles.flatMap(({ document }) => document.stages.map(({ id }) => id)),
      'mixed',
    ]),
  };
  for (const { entry } of rows) {
    if (entry.subtype && !labels.subtype.has(entry.subtype))
      files.faults.push({
        file: `codes/${entry.set}.csv`,
        message: `subtype "${entry.subtype}" is not in the closed list`,
      });
    if (entry.syndrome && !labels.syndrome.has(entry.syndrome))
      files.faults.push({
        file: `codes/${entry.set}.csv`,
        message: `syndrome "${entry.syndrome}" is not in the closed list`,
      });
  }
  const compiler = createExpressionCompiler(
    {
      hasSet: (set) => setIds.has(set),
      hasRegion: (region) => regionIds.has(region),
      hasLabel: (op, id) => labels[op].has(id),
      toCanonical: (set, limit, unit) => {
        const conversion = analytes.get(sets.parts[set]?.of ?? set);
        const found =
          conversion?.units.get(unit) ??
          (conversion?.unitless && unit === '1' ? { factor: 1, offset: 0 } : undefined);
        return found && Number((limit * found.factor + found.offset).toPrecision(12));
      },
    },
    files.faults,
  );
  const categories = categoryFiles.map(({ file, document }) =>
    compileCategory(file, document, compiler),
  );
  const coexistence = read<CoexistenceDocument>('coexistence.yaml');
  const modifiers = read<ModifiersDocument>('modifiers.yaml');
  const redFlags = read<RedFlagsDocument>('red-flags.yaml');
  const asks = read<AsksDocument>('ask-next.yaml');
  const kinds = new Map(treatments.treatments.map(({ id, kind }) => [id, kind]));
  const guidance = new Map<Category, Guidance>();
  for (const category of CATEGORIES) {
    const { file, document } = read<GuidanceDocument>(`guidance/${category}.yaml`);
    guidance.set(category, compileGuidance(file, document, kinds, compiler, texts, files));
    checkSources(file, document, sources, files);
  }
  for (const { file, document } of [...categoryFiles, modifiers, redFlags, coexistence])
    checkSources(file, document, sources, files);
  const knowledge: Knowledge = {
    version: settings.version,
    digest: files.digest(),
    extraction: {
      vocabulary,
      analytes,
      reportCategories: new Set(systems.reportCategories),
      encounterReasonDays: settings.encounterReasonDays,
    },
    setRoles: toSetRoles(sets, rows),
    opensAlone: compiler.compile(settingsFile.file, ['opensAlone'], settings.opensAlone),
    regionLabels: new Map(regions.regions.map(({ id, label }) => [id, label])),
    territories: toTerritories(regions),
    categories,
    coexistence: coexistence.document.rules.map(({ id, when, add, grade, note }, at) => ({
      id,
      add,
      grade: grade as Grade,
      judge: compiler.compile(coexistence.file, ['rules', at, 'when'], when),
      ...(note && { note }),
    })),
    modifiers: modifiers.document.modifiers.map(({ id, label, text, when }, at) => ({
      id,
      label,
      text,
      judge: compiler.compile(modifiers.file, ['modifiers', at, 'when'], when),
    })),
    redFlags: redFlags.document.redFlags.map(({ when, ...flag }, at) => ({
      flag: {
        id: flag.id,
        label: flag.label,
        urgency: flag.urgency,
        action: flag.action,
        sources: flag.sources,
      },
      judge: compiler.compile(redFlags.file, ['redFlags', at, 'when'], when),
    })),
    asks: asks.document.asks.map(({ id, text, unlocks, when }, at) => ({
      id,
      text,
      judge: compiler.compile(asks.file, ['asks', at, 'when'], when),
      ...(unlocks && { unlocks }),
    })),
    guidance,
    settings,
    engineTexts: { ...texts, inputEffects: new Map(Object.entries(texts.inputEffects)) },
    reads: { observationCodes: [], reportCategories: systems.reportCategories },
  };
  if (files.faults.length > 0) throw new KnowledgeInvalid(files.faults);
  return Object.freeze({
    ...knowledge,
    reads: {
      observationCodes: observationCodesOf(rows, compiler.setsRead, settings),
      reportCategories: systems.reportCategories,
    },
  });
};
