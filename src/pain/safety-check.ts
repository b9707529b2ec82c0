// Treatment x patient -> the outcome of its safety checks, three-valued. Must not know guidance, cards or what any rule means.
import type { CheckResult, RedFlag } from './evaluation.js';
import type { SafetyKnowledge, SafetyMember, SafetyPlan, SafetyRule } from './knowledge.js';
import {
  type Candidate,
  type Judgement,
  plain,
  type RecordsRead,
  type SafetyScope,
  type Scope,
  UNKNOWN,
} from './scope.js';

type Outcome = CheckResult['outcome'];

/** What the checks of one treatment come to. */
export interface SafetyResult {
  readonly outcome: Outcome;
  /** Checks that are not clear and clear ones that rest on a record, gravest first. */
  readonly checks: readonly CheckResult[];
  /** How many rules were judged. */
  readonly evaluated: number;
  /** True when it is blocked for nothing but being taken already. */
  readonly isTaken: boolean;
  /** Rules of which a part, or the whole, could not be tested; they do not hold the treatment back. */
  readonly notAssessed: readonly string[];
}

/** Checks treatments for one pain; undefined where no rule speaks of the treatment. */
export type SafetyCheck = (treatment: string) => SafetyResult | undefined;

/** What is the same for all pains of a patient. */
export interface SafetyPatient {
  readonly read: RecordsRead;
  readonly openFlags: readonly RedFlag[];
  readonly allergyRecorded: boolean;
  /** Numbers computed from several findings, each computed when first asked for. */
  readonly derived: DerivedNumbers;
}

/** What is computed from several findings of a patient. */
export type DerivedNumbers = Pick<
  SafetyScope,
  'creatinineClearance' | 'morphineEquivalents' | 'gestationWeeks'
>;

const severity = (outcome: Outcome): number =>
  outcome === 'clear' ? 0 : outcome === 'caution' ? 1 : outcome === 'unknown' ? 2 : 3;

/** block > adjust > ask > warn: what is said first. */
const precedence = (action: SafetyRule['action']): number =>
  action === 'warn' ? 0 : action === 'ask' ? 1 : action === 'adjust' ? 2 : 3;

/** The graver of two outcomes. */
export const worse = (a: Outcome, b: Outcome): Outcome => (severity(b) > severity(a) ? b : a);

const outcomeOf = ({ action, ifUnknown }: SafetyRule, { result }: Judgement): Outcome => {
  if (result === 'met')
    return action === 'block' ? 'blocked' : action === 'ask' ? 'unknown' : 'caution';
  return result === 'unknown' && ifUnknown === 'ask' ? 'unknown' : 'clear';
};

/** A rule with what it came to for this patient; made once. */
interface Judged {
  readonly rule: SafetyRule;
  readonly judgement: Judgement;
  readonly outcome: Outcome;
  readonly isAssessed: boolean;
}

const judged = (rule: SafetyRule, judgement: Judgement): Judged => {
  const { result } = judgement;
  const isOpen = result === 'unknown' && rule.ifUnknown === 'note';
  return {
    rule,
    judgement,
    outcome: outcomeOf(rule, judgement),
    isAssessed: !isOpen && (rule.notAssessed === undefined || result === 'met'),
  };
};

const checkOf = ({ rule, judgement, outcome }: Judged, agent: string | undefined): CheckResult => ({
  rule: rule.id,
  action: rule.action,
  outcome,
  message: outcome === 'clear' ? undefined : rule.message,
  needs: outcome === 'unknown' ? rule.needs : undefined,
  agent,
  standIn: judgement.standIn === true,
  findings: judgement.findings,
});

/** Gravest first; what holds for the whole class before what holds for one agent. */
const gravestFirst = (a: CheckResult, b: CheckResult): number =>
  severity(b.outcome) - severity(a.outcome) ||
  Number(a.agent !== undefined) - Number(b.agent !== undefined) ||
  precedence(b.action) - precedence(a.action);

/** What the checks of one plan have found so far. */
interface Tally {
  /** True once a rule blocks for more than being taken already. */
  isForbidden: boolean;
  readonly checks: CheckResult[];
  /** Number of this plan, left at the place of every rule that was judged for it. */
  readonly stamp: number;
  /** By the place of a rule: the last plan it was judged for. */
  readonly stamps: number[];
  /** How many rules were judged. */
  evaluated: number;
  readonly notAssessed: string[];
}

const count = (tally: Tally, item: Judged, agent: string | undefined): Outcome => {
  const { rule, judgement, outcome } = item;
  if (tally.stamps[rule.at] !== tally.stamp) {
    tally.stamps[rule.at] = tally.stamp;
    tally.evaluated += 1;
  }
  if (outcome === 'blocked' && !rule.isDuplicate) tally.isForbidden = true;
  if (!item.isAssessed && !tally.notAssessed.includes(rule.id)) tally.notAssessed.push(rule.id);
  if (outcome !== 'clear' || judgement.findings.length > 0) tally.checks.push(checkOf(item, agent));
  return outcome;
};

type JudgeRule = (rule: SafetyRule, candidate: Candidate) => Judged;

const worstOf = (
  rules: readonly SafetyRule[],
  candidate: Candidate,
  agent: string | undefined,
  tally: Tally,
  judge: JudgeRule,
): Outcome => {
  let worst: Outcome = 'clear';
  for (const rule of rules) worst = worse(worst, count(tally, judge(rule, candidate), agent));
  return worst;
};

/**
 * The outcome of a class whose agents are all known: that of its best agent, and caution where another is worse.
 * Rules that ask who the candidate is are judged for each agent.
 */
const completeOutcome = (
  { candidate, rules, members }: SafetyPlan,
  tally: Tally,
  judge: JudgeRule,
): Outcome => {
  const shared = rules.filter(({ asksCandidate }) => !asksCandidate);
  const varying = rules.filter(({ asksCandidate }) => asksCandidate);
  const ofClass = worstOf(shared, candidate, undefined, tally, judge);
  if (ofClass === 'blocked') return ofClass;
  const outcomes = members.map(({ candidate: agent, label, rules: own }) => {
    const asked = worse(ofClass, worstOf(varying, agent, label, tally, judge));
    return worse(asked, worstOf(own, agent, label, tally, judge));
  });
  const best = outcomes.reduce((a, b) => (severity(a) <= severity(b) ? a : b));
  const differs = outcomes.some((outcome) => outcome !== best);
  return differs ? worse(best, 'caution') : best;
};

/** The outcome of a class with more agents than are listed: the class as such, and caution where a listed agent is worse. */
const openOutcome = (
  { candidate, rules, members }: SafetyPlan,
  tally: Tally,
  judge: JudgeRule,
): Outcome => {
  const ofClass = worstOf(rules, candidate, undefined, tally, judge);
  if (ofClass === 'blocked') return ofClass;
  const some = members.map(({ rules: own, candidate: agent, label }: SafetyMember) =>
    worstOf(own, agent, label, tally, judge),
  );
  return some.some((outcome) => outcome !== 'clear') ? worse(ofClass, 'caution') : ofClass;
};

/** What is found of every agent alike holds for the class. */
const withoutRepeats = (checks: readonly CheckResult[], memberCount: number): CheckResult[] => {
  const kept: CheckResult[] = [];
  for (const check of checks) {
    if (check.agent === undefined) {
      kept.push(check);
      continue;
    }
    let alike = 0;
    let first: CheckResult | undefined;
    for (const other of checks) {
      if (other.rule !== check.rule || other.outcome !== check.outcome) continue;
      first ??= other;
      alike += 1;
    }
    if (alike < memberCount) kept.push(check);
    else if (first === check) kept.push({ ...check, agent: undefined });
  }
  return kept;
};

const checkPlan = (
  plan: SafetyPlan,
  judge: JudgeRule,
  stamps: number[],
  stamp: number,
): SafetyResult => {
  const tally: Tally = {
    isForbidden: false,
    checks: [],
    stamps,
    stamp,
    evaluated: 0,
    notAssessed: [],
  };
  const outcome = (plan.isComplete ? completeOutcome : openOutcome)(plan, tally, judge);
  const { members } = plan;
  const checks =
    plan.isComplete && members.length > 0
      ? withoutRepeats(tally.checks, members.length)
      : tally.checks;
  return {
    outcome,
    checks: checks.sort(gravestFirst),
    evaluated: tally.evaluated,
    isTaken: outcome === 'blocked' && !tally.isForbidden,
    notAssessed: tally.notAssessed,
  };
};

/** Whether the checks of a plan may differ between the pains of a patient. */
const asksPain = ({ rules, members }: SafetyPlan): boolean =>
  rules.some((rule) => rule.asksPain) ||
  members.some((member) => member.rules.some((rule) => rule.asksPain));

/** Whether nothing the rule reads is recorded and all it would be recorded in was read. */
const isEmpty = ({ reads, records }: SafetyRule, scope: Scope, read: RecordsRead): boolean => {
  for (const kind of records) if (!read[kind]) return false;
  for (const set of reads) if (scope.allFindings.has(set)) return false;
  return true;
};

const NOBODY: Candidate = { names: new Set(), classSets: [], allergySets: [] };

/**
 * Opens the safety checks of one patient at one moment. Every rule is judged at most once for the patient, or for a
 * pain where it asks about the pain; only rules that ask who the candidate is are judged again for each.
 * @returns a function that takes the scope of one pain, with all findings of the patient, and gives its checks
 */
export const openSafetyChecks = (
  knowledge: Pick<SafetyKnowledge, 'plans' | 'rules'>,
  patient: SafetyPatient,
): ((pain: Scope) => SafetyCheck) => {
  const size = knowledge.rules.size;
  const stamps = new Array<number>(size).fill(0);
  let stamp = 0;
  const ofPatient = new Array<Judged | undefined>(size);
  const resultsOfPatient = new Map<string, SafetyResult>();
  return (pain) => {
    const ofPain = new Map<SafetyRule, Judged>();
    const resultsOfPain = new Map<string, SafetyResult>();
    // One plain object for all candidates: its shape stays the same, and only its candidate changes.
    const safety: { -readonly [Field in keyof SafetyScope]: SafetyScope[Field] } = {
      creatinineClearance: patient.derived.creatinineClearance,
      morphineEquivalents: patient.derived.morphineEquivalents,
      gestationWeeks: patient.derived.gestationWeeks,
      openFlags: patient.openFlags,
      allergyRecorded: patient.allergyRecorded,
      candidate: NOBODY,
      rule: (id) => {
        const rule = knowledge.rules.get(id);
        return rule ? judgeRule(rule, safety.candidate).judgement : UNKNOWN;
      },
    };
    const scope: Scope = {
      ...pain,
      findings: pain.allFindings,
      absence: patient.read,
      safety,
    };
    const judgeRule: JudgeRule = (rule, of) => {
      const { asksCandidate, asksPain: isOfPain } = rule;
      const known = isOfPain ? ofPain.get(rule) : ofPatient[rule.at];
      if (known && !asksCandidate) return known;
      safety.candidate = of;
      const { whenEmpty } = rule;
      const isDecided = whenEmpty !== undefined && isEmpty(rule, scope, patient.read);
      const item = judged(rule, isDecided ? plain[whenEmpty] : rule.judge(scope));
      if (isOfPain) ofPain.set(rule, item);
      else ofPatient[rule.at] = item;
      return item;
    };
    return (treatment) => {
      const known = resultsOfPatient.get(treatment) ?? resultsOfPain.get(treatment);
      if (known) return known;
      const plan = knowledge.plans.get(treatment);
      if (!plan?.isChecked) return undefined;
      stamp += 1;
      const result = checkPlan(plan, judgeRule, stamps, stamp);
      (asksPain(plan) ? resultsOfPain : resultsOfPatient).set(treatment, result);
      return result;
    };
  };
};
