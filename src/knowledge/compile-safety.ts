// cards/safety and cards/treatments.yaml -> the rules each treatment has to pass. Must not read files or know patients.

import type { KnowledgeFault } from '../errors.js';
import { type Expression, walkExpression } from '../pain/expression.js';
import type { SafetyKnowledge, SafetyMember, SafetyPlan, SafetyRule } from '../pain/knowledge.js';
import { type Candidate, type Judge, NOT_MET } from '../pain/scope.js';
import type { ExpressionCompiler } from './compile-expressions.js';
import type { SafetyDocument, TreatmentsDocument } from './documents.js';
import type { YamlFile } from './knowledge-files.js';
import { factsOf } from './rule-facts.js';
import { createKinship, type Kinship } from './treatment-kinship.js';
import type { CodeRow } from './vocabulary.js';

/** One file of `cards/safety`. */
export interface SafetyFile {
  readonly file: YamlFile;
  readonly document: SafetyDocument;
}

/** A line of guidance that names agents of a class, and where it stands. */
export interface NamedAgents {
  readonly treatment: string;
  readonly agents: readonly string[];
  /** The fault of an agent that has no code set. */
  readonly faultOf: (place: number, message: string) => KnowledgeFault;
}

/** The key of a plan: the treatment, and the agents where a line names them. */
export const planKey = (treatment: string, agents: readonly string[] | undefined): string =>
  agents ? `${treatment}: ${agents.join(', ')}` : treatment;

type AppliesTo = SafetyDocument['rules'][number]['appliesTo'];
type Treatment = TreatmentsDocument['treatments'][number];

interface Scoped {
  readonly appliesTo: AppliesTo;
  readonly rule: SafetyRule;
}

/** Ids of all rules, for expressions that name another. */
export const ruleIdsOf = (files: readonly SafetyFile[]): ReadonlySet<string> =>
  new Set(files.flatMap(({ document }) => document.rules.map(({ id }) => id)));

/** Everything a `candidate(...)` may name. */
export const candidateNamesOf = ({ treatments, agentTraits = {} }: TreatmentsDocument) =>
  new Set([
    ...treatments.flatMap(({ id, codeSets, agents = [], traits = [] }) => [
      id,
      ...codeSets,
      ...agents,
      ...traits,
    ]),
    ...Object.values(agentTraits).flat(),
  ]);

/** The judge of a rule that records cannot answer at all. */
const NEVER_MET: Judge = () => NOT_MET;

/** A rule that waits for itself through others would never be judged. */
const checkCircles = (
  expressions: ReadonlyMap<string, { readonly at: KnowledgeFault; readonly names: Set<string> }>,
  faults: KnowledgeFault[],
): void => {
  const reaches = (id: string, target: string, seen: Set<string>): boolean => {
    for (const next of expressions.get(id)?.names ?? []) {
      if (next === target) return true;
      if (seen.has(next)) continue;
      seen.add(next);
      if (reaches(next, target, seen)) return true;
    }
    return false;
  };
  for (const [id, { at }] of expressions) if (reaches(id, id, new Set())) faults.push(at);
};

const namesOf = (expression: Expression): Set<string> => {
  const names = new Set<string>();
  walkExpression(expression, (node) => {
    if (node.op === 'rule') for (const id of node.ids) names.add(id);
  });
  return names;
};

const compileRules = (
  files: readonly SafetyFile[],
  compiler: ExpressionCompiler,
  faults: KnowledgeFault[],
): Scoped[] => {
  const seen = new Set<string>();
  const expressions = new Map<string, { at: KnowledgeFault; names: Set<string> }>();
  let count = 0;
  const scoped = files.flatMap(({ file, document }) =>
    document.rules.map((entry, at): Scoped => {
      const { id, appliesTo, when, action, ifUnknown, message, needs, notAssessed } = entry;
      const path = ['rules', at];
      if (seen.has(id)) faults.push(file.faultAt([...path, 'id'], `rule "${id}" stands twice`));
      seen.add(id);
      if (needs === undefined && (action === 'ask' || ifUnknown === 'ask'))
        faults.push(file.faultAt(path, `rule "${id}" asks, but does not say what it needs`));
      const { judge, expression } =
        when === undefined
          ? { judge: NEVER_MET, expression: undefined }
          : compiler.compileWhole(file, [...path, 'when'], when);
      if (expression)
        expressions.set(id, {
          at: file.faultAt([...path, 'when'], `rule "${id}" refers to itself`),
          names: namesOf(expression),
        });
      const facts = factsOf(expression);
      return {
        appliesTo,
        rule: Object.freeze({
          id,
          at: count++,
          action,
          ifUnknown,
          message,
          judge,
          isDuplicate: entry.duplicate === true,
          sources: entry.sources,
          // Every field is there: rules are read so often that they should have one shape.
          reads: facts.reads,
          records: facts.records,
          whenEmpty: facts.whenEmpty,
          asksCandidate: facts.asksCandidate,
          asksPain: facts.asksPain,
          needs,
          notAssessed,
        }),
      };
    }),
  );
  checkCircles(expressions, faults);
  return scoped;
};

/** Names in `appliesTo` and in treatments that stand for nothing. */
const checkNames = (
  files: readonly SafetyFile[],
  treatmentsFile: YamlFile,
  { treatments, agentTraits = {} }: TreatmentsDocument,
  hasSet: (set: string) => boolean,
  faults: KnowledgeFault[],
): void => {
  const ids = new Set(treatments.map(({ id }) => id));
  const traits = new Set([
    ...treatments.flatMap((treatment) => treatment.traits ?? []),
    ...Object.values(agentTraits).flat(),
  ]);
  for (const { file, document } of files) {
    for (const [at, { appliesTo }] of document.rules.entries()) {
      const check = (
        key: 'treatments' | 'agents' | 'traits',
        what: string,
        isListed: (name: string) => boolean,
      ): void => {
        for (const [place, name] of (appliesTo[key] ?? []).entries()) {
          if (!isListed(name))
            faults.push(
              file.faultAt(
                ['rules', at, 'appliesTo', key, place],
                `${what} "${name}" does not exist`,
              ),
            );
        }
      };
      check('treatments', 'treatment', (name) => ids.has(name));
      check('agents', 'agent set', hasSet);
      check('traits', 'trait', (name) => traits.has(name));
    }
  }
  for (const [at, treatment] of treatments.entries()) {
    for (const key of ['agents', 'crossAllergy'] as const) {
      for (const [place, set] of (treatment[key] ?? []).entries()) {
        if (!hasSet(set))
          faults.push(
            treatmentsFile.faultAt(
              ['treatments', at, key, place],
              `code set "${set}" does not exist`,
            ),
          );
      }
    }
  }
  for (const agent of Object.keys(agentTraits)) {
    if (!hasSet(agent))
      faults.push(
        treatmentsFile.faultAt(['agentTraits', agent], `code set "${agent}" does not exist`),
      );
  }
};

/** What a rule can be about: a class, or an agent of it. */
interface Subject {
  readonly treatments: ReadonlySet<string>;
  readonly agents: ReadonlySet<string>;
  readonly traits: ReadonlySet<string>;
  readonly kind: string | undefined;
}

const concerns = (appliesTo: AppliesTo, subject: Subject): boolean =>
  (appliesTo.treatments ?? []).some((id) => subject.treatments.has(id)) ||
  (appliesTo.agents ?? []).some((id) => subject.agents.has(id)) ||
  (appliesTo.traits ?? []).some((id) => subject.traits.has(id)) ||
  (subject.kind !== undefined && (appliesTo.kinds ?? []).includes(subject.kind));

interface Tables {
  readonly treatments: readonly Treatment[];
  readonly agentTraits: Readonly<Record<string, readonly string[]>>;
  readonly kinship: Kinship;
  readonly rules: readonly Scoped[];
}

const traitsOf = (ids: ReadonlySet<string>, { treatments }: Tables): string[] =>
  treatments.flatMap(({ id, traits = [] }) => (ids.has(id) ? traits : []));

const classCandidate = (treatment: Treatment, tables: Tables): Candidate => {
  const { id, codeSets, agents = [], crossAllergy = [] } = treatment;
  const classes = tables.kinship.classesOf(id);
  return {
    names: new Set([...classes, ...codeSets, ...traitsOf(classes, tables)]),
    classSets: [...new Set([...codeSets, ...agents])],
    allergySets: [...new Set([...codeSets, ...crossAllergy])],
  };
};

const agentMember = (agent: string, treatment: Treatment, tables: Tables): SafetyMember => {
  const { kinship, agentTraits } = tables;
  const sets = kinship.setsOf(agent);
  const treatments = new Set([...kinship.treatmentsOf(agent), ...kinship.classesOf(treatment.id)]);
  const traits = new Set([...traitsOf(treatments, tables), ...(agentTraits[agent] ?? [])]);
  const ofClass = classSubject(treatment, tables);
  const subject: Subject = { treatments, agents: sets, traits, kind: undefined };
  const base = classCandidate(treatment, tables);
  return {
    label: kinship.labelOf(agent),
    candidate: {
      names: new Set([...base.names, ...treatments, ...sets, ...traits]),
      classSets: base.classSets,
      allergySets: [...new Set([...base.allergySets, agent])],
    },
    rules: tables.rules
      .filter(({ appliesTo }) => concerns(appliesTo, subject) && !concerns(appliesTo, ofClass))
      .map(({ rule }) => rule),
  };
};

const classSubject = (treatment: Treatment, tables: Tables): Subject => {
  const treatments = tables.kinship.classesOf(treatment.id);
  const { codeSets } = treatment;
  return {
    treatments,
    // A class that is one agent's own set is that agent.
    agents: new Set(codeSets.length === 1 ? codeSets : []),
    traits: new Set(traitsOf(treatments, tables)),
    kind: treatment.kind,
  };
};

/** Narrower classes that a class without listed agents consists of. */
const narrowerClasses = (treatment: Treatment, { treatments, kinship }: Tables): Treatment[] =>
  treatments.filter(
    ({ id }) =>
      id !== treatment.id &&
      kinship.classesOf(id).has(treatment.id) &&
      !kinship.classesOf(treatment.id).has(id),
  );

/** The agents of a class, else those of the narrower classes it consists of. */
const membersOf = (
  treatment: Treatment,
  scoped: readonly Scoped[],
  tables: Tables,
): Pick<SafetyPlan, 'members' | 'isComplete'> => {
  const { agents = [], codeSets, agentsComplete } = treatment;
  const ofAgents = (some: readonly string[]) =>
    some.map((agent) => agentMember(agent, treatment, tables));
  if (agents.length > 0) return { members: ofAgents(agents), isComplete: agentsComplete === true };
  const narrower = narrowerClasses(treatment, tables);
  const ofClass = (inner: Treatment): SafetyMember => {
    const subject = classSubject(inner, tables);
    const rules = tables.rules.filter(
      (item) => concerns(item.appliesTo, subject) && !scoped.includes(item),
    );
    return {
      label: inner.label,
      candidate: classCandidate(inner, tables),
      rules: rules.map(({ rule }) => rule),
    };
  };
  return {
    members: narrower.flatMap((inner) => (inner.agents ? ofAgents(inner.agents) : ofClass(inner))),
    isComplete:
      narrower.every((inner) => !inner.agents || inner.agentsComplete === true) &&
      narrower.length > 0 &&
      codeSets.every((set) => narrower.some((inner) => inner.codeSets.includes(set))),
  };
};

/** Rules of the class itself first, then those of its traits, then those of every drug or procedure: so they are said. */
const mostSpecificFirst = (scoped: readonly Scoped[], subject: Subject): readonly Scoped[] => {
  const rank = ({ appliesTo }: Scoped): number => {
    if (concerns({ ...appliesTo, traits: [], kinds: [] }, subject)) return 0;
    return concerns({ ...appliesTo, kinds: [] }, subject) ? 1 : 2;
  };
  return [...scoped].sort((a, b) => rank(a) - rank(b));
};

const planOf = (treatment: Treatment, tables: Tables): SafetyPlan | undefined => {
  const subject = classSubject(treatment, tables);
  const scoped = tables.rules.filter(({ appliesTo }) => concerns(appliesTo, subject));
  const own = scoped.filter(({ appliesTo }) =>
    concerns(appliesTo, { ...subject, kind: undefined }),
  );
  const { members, isComplete } = membersOf(treatment, scoped, tables);
  if (scoped.length === 0 && members.every(({ rules }) => rules.length === 0)) return undefined;
  return {
    candidate: classCandidate(treatment, tables),
    rules: mostSpecificFirst(scoped, subject).map(({ rule }) => rule),
    members,
    isComplete,
    isChecked: own.length > 0 || (isComplete && members.every(({ rules }) => rules.length > 0)),
  };
};

/** Compiles every rule and the plan of every treatment that any rule concerns; all faults are collected. */
export const compileSafety = (
  files: readonly SafetyFile[],
  treatmentsFile: YamlFile,
  document: TreatmentsDocument,
  rows: readonly CodeRow[],
  named: readonly NamedAgents[],
  compiler: ExpressionCompiler,
  faults: KnowledgeFault[],
): Omit<SafetyKnowledge, 'freshness'> => {
  const sets = new Set(rows.map(({ entry }) => entry.set));
  checkNames(files, treatmentsFile, document, (set) => sets.has(set), faults);
  const rules = compileRules(files, compiler, faults);
  const tables: Tables = {
    treatments: document.treatments,
    agentTraits: document.agentTraits ?? {},
    kinship: createKinship(document.treatments, rows),
    rules,
  };
  const plans = new Map<string, SafetyPlan>();
  for (const treatment of document.treatments) {
    const plan = planOf(treatment, tables);
    if (plan) plans.set(treatment.id, plan);
  }
  for (const { treatment: id, agents, faultOf } of named) {
    for (const [place, agent] of agents.entries())
      if (!sets.has(agent)) faults.push(faultOf(place, `code set "${agent}" does not exist`));
    const treatment = document.treatments.find((one) => one.id === id);
    const plan = treatment && planOf({ ...treatment, agents, agentsComplete: true }, tables);
    if (plan) plans.set(planKey(id, agents), plan);
  }
  return { plans, rules: new Map(rules.map(({ rule }) => [rule.id, rule])) };
};
