// One category document -> CategoryKnowledge. Must not read files.

import type { CategoryKnowledge } from '../pain/knowledge.js';
import { GRADES } from '../pain/scope.js';
import type { ExpressionCompiler } from './compile-expressions.js';
import type { CategoryDocument, SettingsDocument } from './documents.js';
import type { YamlFile } from './knowledge-files.js';
import { decidingSets } from './needed-sets.js';

/** Compiles a category; criteria may refer to each other, grades to criteria and lower grades. */
export const compileCategory = (
  file: YamlFile,
  document: CategoryDocument,
  settings: Pick<SettingsDocument, 'mechanismWeight' | 'decisiveWeight' | 'unconfirmedWeight'>,
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
  const criteria = document.criteria.map(({ id, kind, label, when, weight }, at) => {
    const path = ['criteria', at, 'when'];
    const { judge, expression } = compiler.compileWhole(file, path, when, local);
    return {
      id,
      kind,
      label,
      judge,
      decidedBy: expression && decidingSets(expression),
      weight: weight === 'codes' ? undefined : weight,
    };
  });
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
    subtypeIds: document.subtypes,
    stages: document.stages.map(({ id, when, mixes = true }, at) => ({
      id,
      mixes,
      judge: compiler.compile(file, ['stages', at, 'when'], when, local),
    })),
    wouldRaise: conditional(document.wouldRaise, 'wouldRaise'),
    notes: conditional(document.notes, 'notes'),
    literalGrades: document.literalGrades,
    mechanismWeight: settings.mechanismWeight,
    decisiveWeight: settings.decisiveWeight,
    unconfirmedWeight: settings.unconfirmedWeight,
    reads,
  };
};
