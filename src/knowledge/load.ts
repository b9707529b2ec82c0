// cards/ -> Knowledge: reads, validates, compiles and freezes it at start; every fault, then stop. Must not know patients.

import { KnowledgeInvalid } from '../errors.js';
import type { Expression } from '../pain/expression.js';
import type { FreshnessWindow } from '../pain/judge-findings.js';
import type { DerivedRules, Guidance, Knowledge } from '../pain/knowledge.js';
import { CATEGORIES, type Category, type Grade } from '../pain/terms.js';
import { checkSources, sourceKeys } from './check-sources.js';
import { compileCategory } from './compile-category.js';
import { createExpressionCompiler, type ExpressionCompiler } from './compile-expressions.js';
import { compileFreshness } from './compile-freshness.js';
import { compileGuidance } from './compile-guidance.js';
import { compileOrders, orderedAgentsOf } from './compile-orders.js';
import { compileRedFlags } from './compile-red-flags.js';
import { candidateNamesOf, compileSafety, ruleIdsOf } from './compile-safety.js';
import { toAnalytes, toSetRoles, toTerritories } from './compile-tables.js';
import type {
  AllergiesDocument,
  AnalytesDocument,
  AsksDocument,
  CategoryDocument,
  CodeSystemsDocument,
  CoexistenceDocument,
  DefinitionsDocument,
  DerivedDocument,
  EngineTextsDocument,
  FreshnessDocument,
  GuidanceDocument,
  MedicinesDocument,
  ModifiersDocument,
  OpioidEquivalentsDocument,
  OrdersDocument,
  RedFlagsDocument,
  RegionsDocument,
  SafetyDocument,
  SetsDocument,
  SettingsDocument,
  SourcesDocument,
  TreatmentsDocument,
} from './documents.js';
import { openKnowledgeFiles } from './knowledge-files.js';
import { loadAllergies } from './load-allergies.js';
import { loadDerived, setsOfDerived } from './load-derived.js';
import { loadMedicines } from './load-medicines.js';
import { loadOzoneLine, readSite } from './load-site.js';
import { loadStepwise } from './load-stepwise.js';
import { loadCodeRows, loadVocabulary } from './load-vocabulary.js';
import { createDocumentReader } from './read-documents.js';
import type { DynamicDocument, StepwiseDocument, TrialsDocument } from './stepwise-documents.js';
import type { CodeRow } from './vocabulary.js';

const MEDICINE_SYSTEMS = new Set(['RxNorm', 'ATC']);

const observationCodesOf = (
  rows: readonly CodeRow[],
  setsRead: ExpressionCompiler['setsRead'],
  settings: SettingsDocument,
  derived: DerivedRules,
): string[] => {
  const computed = setsOfDerived(derived);
  const wanted = (set: string): boolean => {
    const operators = setsRead.get(set);
    if (computed.includes(set)) return true;
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
 * The sets anything looks at: read by an expression, whole or in part, listed in `sets.yaml`, or naming a treatment or
 * a medicine (a medicine that is known must not count as unrecognised). Others are not matched.
 */
const usedSets = (
  sets: SetsDocument,
  treatments: TreatmentsDocument,
  rows: readonly CodeRow[],
  setsRead: ExpressionCompiler['setsRead'],
  derived: DerivedRules,
): ((set: string) => boolean) => {
  const used = new Set([
    ...setsOfDerived(derived),
    ...setsRead.keys(),
    ...Object.keys(sets.sets),
    ...treatments.treatments.flatMap(({ codeSets }) => codeSets),
    ...rows.filter(({ system }) => MEDICINE_SYSTEMS.has(system)).map(({ entry }) => entry.set),
  ]);
  for (const [part, { of }] of Object.entries(sets.parts)) if (setsRead.has(part)) used.add(of);
  return (set) => used.has(set);
};

/**
 * Loads a knowledge folder.
 * @throws {KnowledgeInvalid} with every fault found, each with file, line and column
 */
export const loadKnowledge = (folder: string, siteFolder?: string): Knowledge => {
  const files = openKnowledgeFiles(folder);
  const read = createDocumentReader(files);
  const sets = read<SetsDocument>('sets.yaml').document;
  const settingsFile = read<SettingsDocument>('settings.yaml');
  const settings = settingsFile.document;
  const systems = read<CodeSystemsDocument>('code-systems.yaml').document;
  const regions = read<RegionsDocument>('regions.yaml').document;
  const texts = read<EngineTextsDocument>('texts/engine.en.yaml').document;
  const { file: treatmentsFile, document: treatments } =
    read<TreatmentsDocument>('treatments.yaml');
  const sources = sourceKeys(read<SourcesDocument>('sources.yaml'), files.faults);
  const rows = loadCodeRows(files, sets);
  const medicinesFile = read<MedicinesDocument>('medicines.yaml');
  const setIds = new Set([
    ...rows.map(({ entry }) => entry.set),
    ...Object.keys(medicinesFile.document.setsByName),
  ]);
  for (const set of Object.keys(sets.sets)) {
    if (!setIds.has(set))
      files.faults.push({ file: 'sets.yaml', message: `set "${set}" has no codes` });
  }
  const medicines = loadMedicines(
    medicinesFile.file,
    medicinesFile.document,
    rows,
    systems,
    files.faults,
  );
  const derived = loadDerived(
    read<DerivedDocument>('derived.yaml'),
    read<OpioidEquivalentsDocument>('opioid-equivalents.yaml'),
    settings,
    setIds,
    files.faults,
  );
  const allergiesFile = read<AllergiesDocument>('allergies.yaml');
  const allergies = loadAllergies(allergiesFile.file, allergiesFile.document, setIds, files.faults);
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
  const safetyFiles = files.list('safety', '.yaml').map((name) => read<SafetyDocument>(name));
  const ruleIds = ruleIdsOf(safetyFiles);
  const candidateNames = candidateNamesOf(treatments);
  const freshness = new Map<string, FreshnessWindow>();
  const definitions = new Map<string, Expression>();
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
      hasFreshness: (set) => freshness.has(set),
      hasRule: (id) => ruleIds.has(id),
      hasCandidate: (id) => setIds.has(id) || candidateNames.has(id),
      definition: (word) => definitions.get(word),
    },
    {
      freshness,
      prescriptionDays: settings.prescriptionDays,
      unconfirmedWeight: settings.unconfirmedWeight,
    },
    files.faults,
  );
  compileFreshness(
    read<FreshnessDocument>('freshness.yaml'),
    sets,
    setIds,
    compiler,
    freshness,
    files.faults,
  );
  const defined = read<DefinitionsDocument>('definitions.yaml');
  for (const [at, { id, when }] of defined.document.definitions.entries()) {
    const { expression } = compiler.compileWhole(defined.file, ['definitions', at, 'when'], when);
    if (expression) definitions.set(id, expression);
  }
  const guidanceFiles = CATEGORIES.map((id) => read<GuidanceDocument>(`guidance/${id}.yaml`));
  const named = guidanceFiles.flatMap(({ file, document }) =>
    document.lines.flatMap(({ treatment, agents }, at) =>
      treatment && agents
        ? [
            {
              treatment,
              agents,
              faultOf: (place: number, message: string) =>
                file.faultAt(['lines', at, 'agents', place], message),
            },
          ]
        : [],
    ),
  );
  const orders = read<OrdersDocument>('orders.yaml');
  const ordered = orderedAgentsOf(orders.document, treatments).map(({ treatment, agents }) => ({
    treatment,
    agents,
    faultOf: (_: number, message: string) => orders.file.faultAt(['treatments'], message),
  }));
  const safety = compileSafety(
    safetyFiles,
    treatmentsFile,
    treatments,
    rows,
    [...named, ...ordered],
    compiler,
    files.faults,
  );
  const categories = categoryFiles.map(({ file, document }) =>
    compileCategory(file, document, settings, compiler),
  );
  const coexistence = read<CoexistenceDocument>('coexistence.yaml');
  const modifiers = read<ModifiersDocument>('modifiers.yaml');
  const redFlags = read<RedFlagsDocument>('red-flags.yaml');
  const asks = read<AsksDocument>('ask-next.yaml');
  const kinds = new Map(treatments.treatments.map(({ id, kind }) => [id, kind]));
  const guidance = new Map<Category, Guidance>();
  for (const { file, document } of guidanceFiles) {
    guidance.set(
      document.category,
      compileGuidance(file, document, kinds, compiler, texts, files.faults),
    );
    checkSources(file, document, sources, files.faults);
  }
  for (const { file, document } of [
    ...categoryFiles,
    modifiers,
    redFlags,
    coexistence,
    defined,
    orders,
    ...safetyFiles,
  ])
    checkSources(file, document, sources, files.faults);
  const [trialsFile, stepsFile, dynamicFile] = [
    read<TrialsDocument>('trials.yaml'),
    read<StepwiseDocument>('stepwise.yaml'),
    read<DynamicDocument>('dynamic.yaml'),
  ] as const;
  for (const { file, document } of [trialsFile, stepsFile, dynamicFile])
    checkSources(file, document, sources, files.faults);
  const stepwise = loadStepwise(trialsFile, stepsFile, dynamicFile, {
    treatments,
    sets: setIds,
    guidance: guidance.values(),
    texts: texts.stepwise,
    compiler,
    faults: files.faults,
  });
  const compiled = {
    version: settings.version,
    digest: files.digest(),
    setRoles: toSetRoles(sets, rows),
    opensAlone: compiler.compile(settingsFile.file, ['opensAlone'], settings.opensAlone),
    regionLabels: new Map(regions.regions.map(({ id, label }) => [id, label])),
    territories: toTerritories(regions),
    categories,
    coexistence: coexistence.document.rules.map(({ id, when, add, grade, note }, at) => ({
      id,
      weight: coexistence.document.weight,
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
    redFlags: compileRedFlags(
      redFlags.file,
      redFlags.document,
      new Set(kinds.keys()),
      compiler,
      files.faults,
    ),
    asks: asks.document.asks.map(({ id, text, unlocks, when }, at) => ({
      id,
      text,
      judge: compiler.compile(asks.file, ['asks', at, 'when'], when),
      ...(unlocks && { unlocks }),
    })),
    guidance,
    safety: { ...safety, freshness },
    ...loadOzoneLine(
      read,
      compiler,
      readSite(folder, siteFolder),
      { stepwise, plans: safety.plans },
      files.faults,
    ),
    orders: compileOrders(
      orders.file,
      orders.document,
      treatments,
      ruleIds,
      compiler,
      files.faults,
    ),
    stepwise,
    settings,
    engineTexts: { ...texts, inputEffects: new Map(Object.entries(texts.inputEffects)) },
  };
  const isUsed = usedSets(sets, treatments, rows, compiler.setsRead, derived);
  const vocabulary = loadVocabulary(files, rows, isUsed, systems, regions, medicines);
  if (files.faults.length > 0) throw new KnowledgeInvalid(files.faults);
  return Object.freeze({
    ...compiled,
    derived,
    extraction: {
      vocabulary,
      analytes,
      medicines: medicines.rules,
      allergies,
      reportCategories: new Set(systems.reportCategories),
      encounterReasonDays: settings.encounterReasonDays,
    },
    reads: {
      observationCodes: observationCodesOf(rows, compiler.setsRead, settings, derived),
      reportCategories: systems.reportCategories,
    },
  });
};
