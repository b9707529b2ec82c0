// cards/orders.yaml with cards/treatments.yaml -> OrderKnowledge. Must not read files or know patients.
import type { KnowledgeFault } from '../errors.js';
import type { OrderedTreatment, OrderKnowledge } from '../pain/order-knowledge.js';
import type { ExpressionCompiler } from './compile-expressions.js';
import { planKey } from './compile-safety.js';
import type { OrdersDocument, TreatmentsDocument } from './documents.js';
import type { YamlFile } from './knowledge-files.js';

/** Every agent of a class that may be ordered, for a plan of its own. */
export const orderedAgentsOf = (
  { treatments: ordered }: OrdersDocument,
  { treatments }: TreatmentsDocument,
): readonly { readonly treatment: string; readonly agents: readonly string[] }[] => {
  const ids = new Set(ordered.map(({ id }) => id));
  return treatments
    .filter(({ id }) => ids.has(id))
    .flatMap(({ id, agents = [] }) =>
      agents.map((agent) => ({ treatment: id, agents: [agent] as const })),
    );
};

const bySetOf = (
  ids: ReadonlySet<string>,
  { treatments }: TreatmentsDocument,
): ReadonlyMap<string, readonly OrderedTreatment[]> => {
  const found = new Map<string, OrderedTreatment[]>();
  const add = (set: string, ordered: OrderedTreatment): void => {
    const list = found.get(set);
    if (list) list.push(ordered);
    else found.set(set, [ordered]);
  };
  for (const { id, codeSets, agents = [] } of treatments) {
    if (!ids.has(id)) continue;
    for (const agent of agents)
      add(agent, { treatment: id, plan: planKey(id, [agent]), isAgent: true });
    for (const set of codeSets) {
      if (!agents.includes(set)) add(set, { treatment: id, plan: id, isAgent: false });
    }
  }
  return found;
};

/** Compiles what is said of orders; classes and rules that do not exist are faults. */
export const compileOrders = (
  file: YamlFile,
  document: OrdersDocument,
  treatments: TreatmentsDocument,
  ruleIds: ReadonlySet<string>,
  compiler: ExpressionCompiler,
  faults: KnowledgeFault[],
): OrderKnowledge => {
  const known = new Map(treatments.treatments.map((treatment) => [treatment.id, treatment]));
  const ids = new Set(document.treatments.map(({ id }) => id));
  for (const [at, { id }] of document.treatments.entries()) {
    if (!known.has(id))
      faults.push(file.faultAt(['treatments', at, 'id'], `treatment "${id}" does not exist`));
  }
  for (const list of ['critical', 'severe'] as const) {
    for (const [at, id] of document[list].entries())
      if (!ruleIds.has(id)) faults.push(file.faultAt([list, at], `rule "${id}" does not exist`));
  }
  return {
    bySet: bySetOf(ids, treatments),
    classes: new Map(
      document.treatments.map(({ id, purpose, duplicates }) => [
        id,
        { purpose, duplicateSets: duplicates ? (known.get(id)?.codeSets ?? []) : [] },
      ]),
    ),
    critical: new Set(document.critical),
    severe: new Set(document.severe),
    rules: document.remarks.map((remark, at) => {
      const { id, unlessFirst, when, indicator, text, sources } = remark;
      for (const [place, treatment] of remark.treatments.entries()) {
        if (!ids.has(treatment))
          faults.push(
            file.faultAt(
              ['remarks', at, 'treatments', place],
              `treatment "${treatment}" is not listed above`,
            ),
          );
      }
      return {
        id,
        treatments: new Set(remark.treatments),
        unlessFirst: unlessFirst === true,
        judge: compiler.compile(file, ['remarks', at, 'when'], when),
        indicator,
        text,
        sources,
      };
    }),
  };
};
