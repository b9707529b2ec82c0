// Categories and pains made for tests of classification. Must not load cards/.
import { classify } from '../../src/pain/classify.js';
import type { Classification, Evidence } from '../../src/pain/evaluation.js';
import type { Finding } from '../../src/pain/finding.js';
import { indexFindings } from '../../src/pain/finding-index.js';
import type { CategoryKnowledge, Criterion, Knowledge } from '../../src/pain/knowledge.js';
import type { GroupedPain } from '../../src/pain/pain-problem.js';
import { type Judge, plain } from '../../src/pain/scope.js';
import type { CodeMatch, Grade } from '../../src/pain/terms.js';
import { finding, match, NOW_MS } from './findings.js';

/** A judgement whatever the scope. */
export const always =
  (result: 'met' | 'notMet' | 'unknown', findings: readonly Finding[] = [], weight = 0): Judge =>
  () => ({ result, findings, weight });

/** A diagnosis of the set `dx` that names a mechanism of `neuropathic`. */
export const diagnosis = (more: Partial<Finding> = {}, row: Partial<CodeMatch> = {}): Finding =>
  finding('dx', {
    matches: [match('dx', { category: 'neuropathic', weight: 3, ...row })],
    verification: 'confirmed',
    ...more,
  });

/** A criterion that is met by a confirmed diagnosis unless `more` says otherwise. */
export const criterion = (id: string, more: Partial<Criterion> = {}): Criterion => ({
  id,
  kind: 'dx',
  label: id,
  judge: always('met', [diagnosis()], 1),
  ...more,
});

/** `neuropathic`, without criteria and grades unless `more` has some. */
export const category = (more: Partial<CategoryKnowledge> = {}): CategoryKnowledge => ({
  id: 'neuropathic',
  criteria: [],
  grades: [],
  clinicianDiagnosisSets: new Set(),
  contradictions: [],
  subtypes: [],
  subtypeIds: [],
  stages: [],
  wouldRaise: [],
  notes: [],
  literalGrades: false,
  mechanismWeight: 3,
  unconfirmedWeight: 1,
  decisiveWeight: 2,
  reads: new Set(['dx']),
  ...more,
});

/** Grades that hold up to the one given. */
export const upTo = (grade: Grade): CategoryKnowledge['grades'] =>
  (['possible', 'probable', 'definite'] as const).map((one, at, all) => ({
    grade: one,
    judge: at <= all.indexOf(grade) ? () => plain.met : () => plain.notMet,
  }));

/** A recorded pain of these findings. */
export const painOf = (
  members: readonly Finding[] = [diagnosis()],
  more: Partial<GroupedPain> = {},
): GroupedPain => {
  const [lead = diagnosis()] = members;
  return {
    members,
    lead,
    regions: [],
    scores: [],
    isPainRecorded: true,
    isNonPainful: false,
    findings: indexFindings(members),
    scope: { regions: [], recordedRegions: [], isAtSite: () => true, painDates: [] },
    imagingDone: [],
    ...more,
  };
};

/** Classifies a pain by these categories. */
export const classified = (
  categories: readonly CategoryKnowledge[],
  pain: GroupedPain = painOf(),
  coexistence: Knowledge['coexistence'] = [],
): readonly Classification[] =>
  classify(pain, pain.findings, { nowMs: NOW_MS }, { categories, coexistence });

/** By the one category. */
export const classifiedBy = (
  more: Partial<CategoryKnowledge>,
  pain?: GroupedPain,
): Classification | undefined => classified([category(more)], pain)[0];

/** Evidence in words. */
export const brief = (evidence: readonly Evidence[] = []): readonly string[] =>
  evidence.map(({ criterion: id, weight, result }) => `${id} ${weight} ${result}`);
