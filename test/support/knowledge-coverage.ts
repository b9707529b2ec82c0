// Which parts of the knowledge the clinical cases exercise: every judge is watched while all cases are evaluated. Must not know answers.
import { evaluate } from '../../src/pain/evaluate.js';
import type { Evaluation } from '../../src/pain/evaluation.js';
import type { Truth } from '../../src/pain/fhir-date.js';
import type { Guidance, Knowledge, SafetyPlan, SafetyRule } from '../../src/pain/knowledge.js';
import type { Judge } from '../../src/pain/scope.js';
import { readCases } from './case.js';
import { buildRecord } from './case-record.js';
import { readCourseCases } from './course-case.js';
import { NOW, realKnowledge } from './findings.js';
import { fixtureRecords } from './fixtures.js';
import { readFlagCases } from './flag-case.js';
import { readOrderCases, recordOfOrders } from './order-case.js';
import { safetyChecksOf } from './patient-checks.js';
import { concernedBy, readSafetyRows, readStatedRules, scopeOfRow } from './safety-row.js';
import { readSafetyVectors, recordOfVector } from './safety-vector.js';

/** The results each part of the knowledge came to: by kind of part, by its id. */
export type Exercised = ReadonlyMap<string, ReadonlyMap<string, ReadonlySet<Truth>>>;

/** How many cases there are as data, by where they stand. */
export type CaseCounts = Readonly<Record<string, number>>;

interface Ruled {
  readonly id: string;
  readonly judge: Judge;
}

/** The same judge; what it comes to is noted for every part it decides. */
const noting =
  (judge: Judge, parts: readonly Set<Truth>[]): Judge =>
  (scope) => {
    const judgement = judge(scope);
    for (const results of parts) results.add(judgement.result);
    return judgement;
  };

/** Notes for every part what it comes to. */
class Notes {
  readonly results = new Map<string, Map<string, Set<Truth>>>();

  /** A part that is there, whether or not anything comes of it. */
  add(kind: string, id: string): Set<Truth> {
    const parts = this.results.get(kind) ?? new Map<string, Set<Truth>>();
    this.results.set(kind, parts);
    const results = parts.get(id) ?? new Set<Truth>();
    parts.set(id, results);
    return results;
  }

  /** The same rule, watched. */
  watch<T extends { readonly judge: Judge }>(kind: string, id: string, rule: T): T {
    return { ...rule, judge: noting(rule.judge, [this.add(kind, id)]) };
  }

  watchAll<T extends Ruled>(kind: string, rules: readonly T[], prefix = ''): readonly T[] {
    return rules.map((rule) => this.watch(kind, `${prefix}${rule.id}`, rule));
  }
}

const watchedSafety = ({ safety }: Knowledge, notes: Notes): Knowledge['safety'] => {
  // `whenEmpty` answers without asking the judge; what it answers is the same.
  const rules = new Map(
    [...safety.rules].map(([id, rule]) => [
      id,
      notes.watch('safety check', id, { ...rule, whenEmpty: undefined }),
    ]),
  );
  const same = (list: readonly SafetyRule[]): SafetyRule[] =>
    list.map((rule) => rules.get(rule.id) ?? rule);
  const plans = new Map(
    [...safety.plans].map(([key, plan]): [string, SafetyPlan] => [
      key,
      {
        ...plan,
        rules: same(plan.rules),
        members: plan.members.map((member) => ({ ...member, rules: same(member.rules) })),
      },
    ]),
  );
  return { ...safety, rules, plans };
};

/** Lines share their conditions: each is noted for all lines that hold under it. */
const watchedGuidance = (guidance: Guidance, notes: Notes): Guidance => {
  const { conditions, lines } = guidance;
  const linesOf = conditions.map((): Set<Truth>[] => []);
  for (const { as, condition } of lines)
    linesOf[condition]?.push(notes.add('recommendation line', as.offered.id));
  return {
    ...guidance,
    conditions: conditions.map((judge, at) => noting(judge, linesOf[at] ?? [])),
  };
};

const watched = (knowledge: Knowledge, notes: Notes): Knowledge => {
  const { stepwise, orders, guidance } = knowledge;
  return {
    ...knowledge,
    categories: knowledge.categories.map((category) => {
      const own = `${category.id} `;
      return {
        ...category,
        criteria: notes.watchAll('criterion', category.criteria),
        grades: category.grades.map((one) => notes.watch('grade', own + one.grade, one)),
        contradictions: notes.watchAll('contradiction', category.contradictions, own),
        subtypes: notes.watchAll('subtype by expression', category.subtypes, own),
        stages: notes.watchAll('stage', category.stages, own),
        wouldRaise: notes.watchAll('what would raise', category.wouldRaise, own),
        notes: notes.watchAll('note', category.notes, own),
      };
    }),
    coexistence: notes.watchAll('coexistence rule', knowledge.coexistence),
    modifiers: notes.watchAll('modifier', knowledge.modifiers),
    redFlags: knowledge.redFlags.map((flag) => ({
      ...flag,
      triggers: notes.watchAll('red flag trigger', flag.triggers, `${flag.id} `),
    })),
    asks: notes.watchAll('ask-next line', knowledge.asks),
    guidance: new Map(
      [...guidance].map(([category, own]) => [category, watchedGuidance(own, notes)]),
    ),
    safety: watchedSafety(knowledge, notes),
    orders: { ...orders, rules: notes.watchAll('order rule', orders.rules) },
    stepwise: {
      ...stepwise,
      steps: notes.watchAll('step rule', stepwise.steps),
      asks: notes.watchAll('step question', stepwise.asks),
      order: {
        ...stepwise.order,
        rules: notes.watchAll('ordering rule', stepwise.order.rules),
        exception: notes.watch('exception and goal', 'ordering', {
          judge: stepwise.order.exception,
        }).judge,
      },
      goal: notes.watch('exception and goal', 'goal', { judge: stepwise.goal }).judge,
      intervals: notes.watchAll('interval', stepwise.intervals),
    },
  };
};

/** Parts without a judge of their own are known by what the answer says of them. */
const noteAnswers = ({ stepwise, redFlags }: Knowledge, notes: Notes) => {
  const trials = new Map<string, Set<Truth>>();
  for (const [treatment, rules] of stepwise.trialsOf)
    for (const { id, text } of rules) trials.set(`${treatment} ${text}`, notes.add('trial', id));
  const changes = new Map<string, Set<Truth>>();
  for (const { id, words } of stepwise.measures)
    for (const { word } of words) {
      const key = `${id} ${word}`;
      changes.set(key, notes.add('word of change', key));
    }
  const gaps = new Map<string, Set<Truth>>();
  for (const { id, notAssessed } of redFlags)
    if (notAssessed) gaps.set(id, notes.add('red flag not assessed', id));
  return ({ problems, redFlagsNotAssessed }: Evaluation): void => {
    for (const { id } of redFlagsNotAssessed) gaps.get(id)?.add('met');
    for (const { trials: judged = [], change } of problems) {
      for (const { treatment, adequate } of judged)
        trials.get(`${treatment} ${adequate}`)?.add('met');
      for (const { measure, word } of change?.measures ?? [])
        changes.get(`${measure} ${word}`)?.add('met');
    }
  };
};

/** Evaluates every case of the tests and every fixture, watching. */
export const exerciseKnowledge = (): {
  readonly exercised: Exercised;
  readonly counts: CaseCounts;
} => {
  const notes = new Notes();
  const knowledge = watched(realKnowledge(), notes);
  const noteAnswer = noteAnswers(knowledge, notes);
  const cases = [...readCases('test/cases'), ...readFlagCases('test/cases/red-flags')];
  const course = readCourseCases('test/cases/course');
  const orders = readOrderCases('test/order-cases.yaml');
  const vectors = ['vectors', 'boundaries'].flatMap((name) =>
    readSafetyVectors(`test/safety-vectors/${name}.yaml`),
  );
  const rows = readSafetyRows('test/safety', [...readStatedRules('cards/safety').keys()]);
  for (const { patient, record, inputs, now } of cases)
    noteAnswer(evaluate(buildRecord(patient, record, inputs), knowledge, new Date(now)));
  for (const { patient, record, inputs, now, previous } of course)
    noteAnswer(evaluate(buildRecord(patient, record, inputs), knowledge, new Date(now), previous));
  for (const one of orders) noteAnswer(evaluate(recordOfOrders(one), knowledge, new Date(one.now)));
  for (const record of fixtureRecords.values()) noteAnswer(evaluate(record, knowledge, NOW));
  for (const vector of vectors) {
    const check = safetyChecksOf(recordOfVector(vector), knowledge);
    for (const treatment of Object.keys(vector.expect)) check(treatment);
  }
  for (const row of rows) {
    const { candidate, rules } = concernedBy(row, knowledge);
    const scope = scopeOfRow(row, candidate, knowledge);
    for (const rule of rules) if (rule.id in row.expect) rule.judge(scope);
  }
  return {
    exercised: notes.results,
    counts: {
      'clinical cases': cases.length,
      'cases of the course of treatment': course.length,
      'cases of orders': orders.length,
      'safety vectors': vectors.length,
      'rows of safety rules': rows.length,
      'fixture patients': fixtureRecords.size,
    },
  };
};

/** Safety rules by what can come of them: without `when` records cannot answer them, with `true` they always hold. */
const statedWhen = (): ReadonlyMap<string, string | undefined> =>
  new Map(
    [...readStatedRules('cards/safety').values()].flat().map(({ id, when }) => [id, when] as const),
  );

/** The parts no case exercises, by kind: never met, and for a safety check never denied. */
export const unexercised = (exercised: Exercised): ReadonlyMap<string, readonly string[]> => {
  const stated = statedWhen();
  const lacks = (kind: string, id: string, results: ReadonlySet<Truth>): readonly string[] => {
    const when = kind === 'safety check' ? stated.get(id) : 'met alone';
    return [
      ...(when !== undefined && !results.has('met') ? [id] : []),
      ...(kind === 'safety check' && when !== undefined && when !== 'true' && !results.has('notMet')
        ? [`${id} not firing`]
        : []),
    ];
  };
  return new Map(
    [...exercised].map(([kind, parts]) => [
      kind,
      [...parts].flatMap(([id, results]) => lacks(kind, id, results)),
    ]),
  );
};
