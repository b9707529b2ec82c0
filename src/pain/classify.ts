// GroupedPain -> Classification[]: which of the six categories hold, how surely and why. Must not know treatments or cards.

import type { Classification, Evidence } from './evaluation.js';
import type { Finding } from './finding.js';
import type { CategoryKnowledge, Knowledge, SetRole } from './knowledge.js';
import type { GroupedPain } from './pain-problem.js';
import { GRADES, type Judgement, type Scope, scopeOver, UNKNOWN } from './scope.js';
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

/** The scope of one category, which grows as its parts are judged. */
type OpenScope = { -readonly [Field in keyof Scope]: Scope[Field] };

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

/** Whether a member of the pain has a match that passes the test. */
const someMember = (
  pain: GroupedPain,
  test: (match: CodeMatch, finding: Finding) => boolean,
): boolean => {
  for (const finding of pain.members)
    for (const match of finding.matches) if (test(match, finding)) return true;
  return false;
};

/** O2: a diagnosis that names the mechanism; confirmed it makes the category probable where pain is recorded. */
const clinicianClaim = (category: CategoryKnowledge, pain: GroupedPain): Claim | undefined => {
  const names = (match: CodeMatch, finding: Finding): boolean =>
    finding.basis === 'coded' &&
    match.weight === category.mechanismWeight &&
    category.clinicianDiagnosisSets.has(match.set);
  if (!someMember(pain, names)) return undefined;
  const isConfirmed = someMember(
    pain,
    (match, finding) => finding.verification === 'confirmed' && names(match, finding),
  );
  return {
    basis: 'clinician-diagnosis',
    grade: isConfirmed && pain.isPainRecorded ? 'probable' : 'possible',
  };
};

const schemeCategory = (schemeMember: string, pain: GroupedPain): string | undefined =>
  schemeMember === 'other.non-painful' ? (pain.isNonPainful ? 'other' : undefined) : schemeMember;

const claimsOf = (
  category: CategoryKnowledge,
  pain: GroupedPain,
  byEvidence: Grade | undefined,
): Claim[] => {
  const claims: Claim[] = [];
  if (byEvidence) claims.push({ basis: 'evidence', grade: byEvidence });
  const clinician = clinicianClaim(category, pain);
  if (clinician) claims.push(clinician);
  const isInScheme = someMember(
    pain,
    (match, finding) =>
      finding.basis === 'coded' &&
      match.schemeMember !== undefined &&
      schemeCategory(match.schemeMember, pain) === category.id,
  );
  if (isInScheme) claims.push({ basis: 'scheme', grade: 'possible' });
  const isInText = someMember(
    pain,
    (match, finding) =>
      finding.basis === 'text' && match.category === category.id && (match.weight ?? 0) > 0,
  );
  if (isInText) claims.push({ basis: 'text', grade: 'possible' });
  return claims;
};

const strongest = (claims: readonly Claim[]): Claim | undefined =>
  claims.reduce<Claim | undefined>((best, claim) => {
    if (!best || rank(claim.grade) > rank(best.grade)) return claim;
    const stronger = BASES.indexOf(claim.basis) < BASES.indexOf(best.basis);
    return claim.grade === best.grade && stronger ? claim : best;
  }, undefined);

/** Subtype and syndrome named by the strongest matching code of the pain, else by the category's own expressions. */
const labelsOf = (
  category: CategoryKnowledge,
  pain: GroupedPain,
  scope: Scope,
): { readonly subtype: string | undefined; readonly syndrome: string | undefined } => {
  let best: CodeMatch | undefined;
  let named: Finding | undefined;
  const ofCategory = ({ matches }: Finding): readonly CodeMatch[] =>
    matches.filter((match) => match.category === category.id && (match.subtype || match.syndrome));
  for (const finding of pain.members) {
    for (const match of ofCategory(finding)) {
      if (best && (match.weight ?? 0) <= (best.weight ?? 0)) continue;
      best = match;
      named = finding;
    }
  }
  // Both names come from one finding, so that they never describe two diseases.
  const own = named ? ofCategory(named) : [];
  const byJudge = category.subtypes.find(({ judge }) => judge(scope).result === 'met')?.id;
  const subtype = best?.subtype ?? own.find((match) => match.subtype)?.subtype ?? byJudge;
  const syndrome = best?.syndrome ?? own.find((match) => match.syndrome)?.syndrome;
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
  const labels = labelsOf(category, pain, scope);
  scope.labels = { ...labels, stages: undefined };
  const literal = gradeByEvidence(category, scope, judged);
  const against = contradictionsOf(category, scope);
  const caps = against.flatMap(({ capAt }) => (capAt ? [capAt] : []));
  const claims = claimsOf(category, pain, literal).map((claim) => ({
    ...claim,
    grade: caps.reduce(lower, claim.grade),
  }));
  const claim = strongest(claims);
  if (!claim) return undefined;
  const stages = stagesOf(category, scope);
  scope.labels = { ...labels, stages };
  const clinicianDiagnosed = someMember(
    pain,
    (match, finding) =>
      match.category === category.id &&
      match.weight === category.mechanismWeight &&
      finding.verification === 'confirmed' &&
      finding.basis === 'coded',
  );
  return {
    category: category.id,
    subtype: labels.subtype,
    syndrome: labels.syndrome,
    grade: claim.grade,
    basis: claim.basis,
    evidence: judged.met.filter(({ weight }) => weight > 0).sort(byStrength),
    against: [...against.map(({ capAt: _, ...item }) => item), ...judged.denied],
    wouldRaise: claim.grade === 'definite' ? [] : textsThatHold(category.wouldRaise, scope),
    notes: textsThatHold(category.notes, scope),
    clinicianDiagnosed,
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
  const base: Scope = {
    ...scopeOver(patient, pain.findings, allFindings),
    pain: pain.scope,
  };
  const categories = pain.isNonPainful
    ? knowledge.categories.filter((category) => category.id === 'other')
    : knowledge.categories;
  const held = categories.flatMap((category) =>
    concerns(category, pain) ? (classifyCategory(category, pain, base) ?? []) : [],
  );
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
