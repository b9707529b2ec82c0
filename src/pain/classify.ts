// GroupedPain -> Classification[]: which of the six categories hold, how surely and why. Must not know treatments or cards.

import type { Classification, Evidence } from './evaluation.js';
import type { Finding } from './finding.js';
import type { CategoryKnowledge, Knowledge, SetRole } from './knowledge.js';
import type { GroupedPain } from './pain-problem.js';
import {
  GRADES,
  hasAny,
  type Judgement,
  type OpenScope,
  type Scope,
  scopeOver,
  UNKNOWN,
} from './scope.js';
import type { Basis, Category, CodeMatch, Grade } from './terms.js';

/** What one pain's classification rests on besides the pain: the patient and the moment. */
export interface PatientScope {
  readonly nowMs: number;
  readonly ageYears?: number | undefined;
  readonly sex?: 'female' | 'male' | undefined;
}

const BASES: readonly Basis[] = ['evidence', 'clinician-diagnosis', 'scheme', 'text'];

const rank = (grade: Grade): number => GRADES.indexOf(grade);

const lower = (a: Grade, b: Grade): Grade => (rank(a) < rank(b) ? a : b);

const isUnconfirmed = (finding: Finding): boolean => finding.verification === 'unconfirmed';

interface Judged {
  /** Criteria that are met. */
  readonly met: readonly Evidence[];
  /** Decisive criteria that findings deny. */
  readonly denied: readonly Evidence[];
  /** By criterion, and by grade once that is judged. */
  readonly results: Map<string, Judgement>;
}

const evidenceOf = (
  { id, label, kind }: CategoryKnowledge['criteria'][number],
  { result, findings }: Judgement,
  weight: number,
): Evidence => ({ criterion: id, label, kind, result, weight, findings });

const judgeCriteria = (category: CategoryKnowledge, scope: OpenScope): Judged => {
  const results = new Map<string, Judgement>();
  const met: Evidence[] = [];
  const denied: Evidence[] = [];
  scope.results = results;
  for (const criterion of category.criteria) {
    const { decidedBy } = criterion;
    if (decidedBy && !hasAny(scope.findings, decidedBy)) continue;
    const judgement = criterion.judge(scope);
    const { result, findings } = judgement;
    // What is not kept is read as unknown, as most are.
    if (judgement !== UNKNOWN) results.set(criterion.id, judgement);
    if (result === 'met') {
      const weight = criterion.weight ?? judgement.weight;
      const isCapped = findings.length > 0 && findings.every(isUnconfirmed);
      const counted = isCapped ? Math.min(weight, category.unconfirmedWeight) : weight;
      met.push(evidenceOf(criterion, judgement, counted));
    } else if (result === 'notMet' && findings.length > 0) {
      const isDecisive = (criterion.weight ?? category.decisiveWeight) >= category.decisiveWeight;
      if (isDecisive) denied.push(evidenceOf(criterion, judgement, 0));
    }
  }
  scope.evidence = met;
  return { met, denied, results };
};

/** Diagnoses and causes alone decide the cap: where all of them are unconfirmed the category cannot be more than possible. */
const restsOnUnconfirmed = (met: readonly Evidence[]): boolean => {
  let isNamed = false;
  for (const { kind, findings } of met) {
    if ((kind !== 'dx' && kind !== 'source') || findings.length === 0) continue;
    if (!findings.every(isUnconfirmed)) return false;
    isNamed = true;
  }
  return isNamed;
};

const gradeByEvidence = (
  category: CategoryKnowledge,
  scope: Scope,
  judged: Judged,
): Grade | undefined => {
  let reached: Grade | undefined;
  for (const { grade, judge } of category.grades) {
    const judgement = judge(scope);
    judged.results.set(grade, judgement);
    if (judgement.result === 'met') reached = grade;
  }
  return reached !== undefined && restsOnUnconfirmed(judged.met)
    ? lower(reached, 'possible')
    : reached;
};

interface Claim {
  readonly basis: Basis;
  readonly grade: Grade;
}

/** What the codes and words of a pain's members say of a category by themselves. */
interface Said {
  /** A diagnosis names the mechanism (O2). */
  isNamed: boolean;
  isNamedByConfirmed: boolean;
  /** The scheme itself gives the condition this category (O1). */
  isInScheme: boolean;
  isInText: boolean;
  clinicianDiagnosed: boolean;
}

const schemeCategory = (schemeMember: string, pain: GroupedPain): string | undefined =>
  schemeMember === 'other.non-painful' ? (pain.isNonPainful ? 'other' : undefined) : schemeMember;

const saidOf = (category: CategoryKnowledge, pain: GroupedPain): Said => {
  const said: Said = {
    isNamed: false,
    isNamedByConfirmed: false,
    isInScheme: false,
    isInText: false,
    clinicianDiagnosed: false,
  };
  for (const { matches, basis, verification } of pain.members) {
    const isConfirmed = verification === 'confirmed';
    for (const match of matches) {
      if (basis === 'text') {
        if (match.category === category.id && (match.weight ?? 0) > 0) said.isInText = true;
        continue;
      }
      if (basis !== 'coded') continue;
      if (match.weight === category.mechanismWeight) {
        if (isConfirmed && match.category === category.id) said.clinicianDiagnosed = true;
        if (category.clinicianDiagnosisSets.has(match.set)) {
          said.isNamed = true;
          if (isConfirmed) said.isNamedByConfirmed = true;
        }
      }
      if (match.schemeMember && schemeCategory(match.schemeMember, pain) === category.id)
        said.isInScheme = true;
    }
  }
  return said;
};

const claimsOf = (
  said: Said,
  { isPainRecorded }: GroupedPain,
  byEvidence: Grade | undefined,
): Claim[] => {
  const claims: Claim[] = [];
  if (byEvidence) claims.push({ basis: 'evidence', grade: byEvidence });
  // O2: confirmed, it makes the category probable where pain is recorded.
  const named = said.isNamedByConfirmed && isPainRecorded ? 'probable' : 'possible';
  if (said.isNamed) claims.push({ basis: 'clinician-diagnosis', grade: named });
  if (said.isInScheme) claims.push({ basis: 'scheme', grade: 'possible' });
  if (said.isInText) claims.push({ basis: 'text', grade: 'possible' });
  return claims;
};

/** The surest claim once every one is lowered to the caps; of equal ones that with the strongest basis. */
const strongest = (claims: readonly Claim[], caps: readonly Grade[]): Claim | undefined => {
  let best: Claim | undefined;
  for (const { basis, grade } of claims) {
    const claim = { basis, grade: caps.reduce(lower, grade) };
    const above = best ? rank(claim.grade) - rank(best.grade) : 1;
    if (above > 0 || (best && above === 0 && BASES.indexOf(basis) < BASES.indexOf(best.basis)))
      best = claim;
  }
  return best;
};

interface Labels {
  readonly subtype: string | undefined;
  readonly syndrome: string | undefined;
}

/** Subtype and syndrome named by the strongest matching code of the pain, else by the category's own expressions. */
const labelsOf = (category: CategoryKnowledge, pain: GroupedPain, scope: Scope): Labels => {
  const isNaming = (match: CodeMatch): boolean =>
    match.category === category.id && Boolean(match.subtype || match.syndrome);
  let best: CodeMatch | undefined;
  let named: Finding | undefined;
  for (const finding of pain.members) {
    for (const match of finding.matches) {
      if (!isNaming(match) || (best && (match.weight ?? 0) <= (best.weight ?? 0))) continue;
      best = match;
      named = finding;
    }
  }
  const byJudge = category.subtypes.find(({ judge }) => judge(scope).result === 'met')?.id;
  let subtype = best?.subtype;
  let syndrome = best?.syndrome;
  // Both names come from one finding, so that they never describe two diseases.
  for (const match of named?.matches ?? []) {
    if (!isNaming(match)) continue;
    subtype ??= match.subtype || undefined;
    syndrome ??= match.syndrome || undefined;
  }
  subtype ??= byJudge;
  return { subtype: subtype || undefined, syndrome: syndrome || undefined };
};

const textsThatHold = (texts: CategoryKnowledge['notes'], scope: Scope): readonly string[] => {
  const holding: string[] = [];
  for (const { judge, text } of texts) if (judge(scope).result === 'met') holding.push(text);
  return holding;
};

/** The stages that hold; more than one of those that mix is also `mixed`. */
const stagesOf = (category: CategoryKnowledge, scope: Scope): readonly string[] => {
  const held = category.stages.filter(({ judge }) => judge(scope).result === 'met');
  const ids = held.map(({ id }) => id);
  return held.filter(({ mixes }) => mixes).length > 1 ? [...ids, 'mixed'] : ids;
};

const byStrength = (a: Evidence, b: Evidence): number =>
  b.weight - a.weight || (a.criterion < b.criterion ? -1 : 1);

const contradictionsOf = (
  category: CategoryKnowledge,
  scope: Scope,
): readonly (Evidence & { capAt?: Grade })[] =>
  category.contradictions.flatMap(({ id, label, kind, judge, capAt }) => {
    const { result, findings } = judge(scope);
    if (result !== 'met') return [];
    return [
      {
        criterion: id,
        label,
        kind,
        result: 'notMet' as const,
        weight: 0,
        findings,
        ...(capAt && { capAt }),
      },
    ];
  });

const classifyCategory = (
  category: CategoryKnowledge,
  pain: GroupedPain,
  base: Scope,
): Classification | undefined => {
  const scope: OpenScope = { ...base };
  const judged = judgeCriteria(category, scope);
  const { subtype, syndrome } = labelsOf(category, pain, scope);
  scope.labels = { subtype, syndrome, stages: undefined };
  const literal = gradeByEvidence(category, scope, judged);
  const said = saidOf(category, pain);
  const claims = claimsOf(said, pain, literal);
  if (claims.length === 0) return undefined;
  const against = contradictionsOf(category, scope);
  const caps = against.flatMap(({ capAt }) => (capAt ? [capAt] : []));
  const claim = strongest(claims, caps);
  if (!claim) return undefined;
  const stages = stagesOf(category, scope);
  scope.labels = { subtype, syndrome, stages };
  return {
    category: category.id,
    subtype,
    syndrome,
    grade: claim.grade,
    basis: claim.basis,
    evidence: judged.met.filter(({ weight }) => weight > 0).sort(byStrength),
    against: [...against.map(({ capAt: _, ...item }) => item), ...judged.denied],
    wouldRaise: claim.grade === 'definite' ? [] : textsThatHold(category.wouldRaise, scope),
    notes: textsThatHold(category.notes, scope),
    clinicianDiagnosed: said.clinicianDiagnosed,
    tentative: claim.basis === 'text' || restsOnUnconfirmed(judged.met),
    neupsigGrade: category.literalGrades ? literal : undefined,
    stages: category.id === 'cancer' ? stages : undefined,
  };
};

const topWeight = ({ evidence }: Classification): number => evidence[0]?.weight ?? 0;

/** Whether something of the pain itself speaks for the category, not only a disease of the patient. */
const restsOnThePain = ({ evidence }: Classification): boolean =>
  evidence.some(({ kind }) => kind === 'dx' || kind === 'exam' || kind === 'imaging');

const isPrimary = ({ category, subtype }: Classification): boolean =>
  category === 'other' && subtype === 'primary';

/** MX1: by grade, then weight, then name; chronic primary pain below every category that is probable or more. */
const leadingFirst = (a: Classification, b: Classification): number =>
  rank(b.grade) - rank(a.grade) ||
  Number(isPrimary(a)) - Number(isPrimary(b)) ||
  topWeight(b) - topWeight(a) ||
  Number(restsOnThePain(b)) - Number(restsOnThePain(a)) ||
  (a.category < b.category ? -1 : 1);

const below = (a: Classification, b: Classification): number => {
  if (isPrimary(a) !== isPrimary(b)) {
    const [primary, other] = isPrimary(a) ? [a, b] : [b, a];
    if (rank(other.grade) >= rank('probable')) return primary === a ? 1 : -1;
  }
  return leadingFirst(a, b);
};

const withCoexisting = (
  classifications: readonly Classification[],
  knowledge: Pick<Knowledge, 'coexistence'>,
  base: Scope,
): readonly Classification[] => {
  const found = [...classifications];
  let scope: Scope = { ...base, grades: gradesOf(found) };
  for (const { judge, add, grade, note, weight } of knowledge.coexistence) {
    const { result, findings } = judge(scope);
    if (result !== 'met') continue;
    const existing = found.find((item) => item.category === add.category);
    if (existing) {
      if (note) found[found.indexOf(existing)] = { ...existing, notes: [...existing.notes, note] };
      continue;
    }
    found.push({
      category: add.category,
      subtype: add.subtype,
      syndrome: add.syndrome,
      grade,
      basis: 'evidence',
      evidence:
        findings.length > 0
          ? [
              {
                criterion: 'coexistence',
                label: note ?? '',
                kind: 'dx',
                result: 'met',
                weight,
                findings,
              },
            ]
          : [],
      against: [],
      wouldRaise: [],
      notes: note ? [note] : [],
      clinicianDiagnosed: false,
      tentative: false,
      neupsigGrade: undefined,
      stages: undefined,
    });
    scope = { ...base, grades: gradesOf(found) };
  }
  return found;
};

/** Whether anything recorded could make the pain belong to the category; saves judging what cannot hold. */
const concerns = (category: CategoryKnowledge, pain: GroupedPain): boolean => {
  for (const set of pain.findings.keys()) if (category.reads.has(set)) return true;
  return pain.members.some(({ matches }) =>
    matches.some((match) => match.category === category.id || match.schemeMember === category.id),
  );
};

/** Classifies one pain: every category that holds, the leading one first; empty means unclassified. */
export const classify = (
  pain: GroupedPain,
  allFindings: Scope['allFindings'],
  patient: PatientScope,
  knowledge: Pick<Knowledge, 'categories' | 'coexistence'>,
): readonly Classification[] => {
  const base: OpenScope = scopeOver(patient, pain.findings, allFindings);
  base.pain = pain.scope;
  const held: Classification[] = [];
  for (const category of knowledge.categories) {
    if (pain.isNonPainful && category.id !== 'other') continue;
    const found = concerns(category, pain) && classifyCategory(category, pain, base);
    if (found) held.push(found);
  }
  const all = pain.isNonPainful ? held : withCoexisting(held, knowledge, base);
  return [...all].sort(below);
};

/** The grades of a pain by category, for expressions that ask about them. */
export const gradesOf = (
  classifications: readonly Classification[],
): ReadonlyMap<Category, Grade> =>
  new Map(classifications.map((item) => [item.category, item.grade]));

/** Refuted diagnoses that a category would have used: they contradict, and are shown. */
export const refutedFindings = (
  findings: readonly Finding[],
  setRoles: ReadonlyMap<string, SetRole>,
): readonly Finding[] =>
  findings.filter(
    (finding) =>
      finding.source === 'condition' &&
      finding.presence === 'absent' &&
      finding.matches.some((match) => setRoles.get(match.set)?.scope === 'pain'),
  );
