// What guidance says of an order for a pain: against it, out of order, no pain it could serve. Must not check safety.
import type { DraftOrder } from './draft-orders.js';
import type { EvaluatedProblem, OrderRemark, Recommendation } from './evaluation.js';
import type { OrderPurpose, OrderRule } from './order-knowledge.js';
import type { OrderCase, OrderPain } from './order-scope.js';
import { judgeOrder } from './ordering.js';
import type { Scope } from './scope.js';

const linesFor = (order: DraftOrder, { recommendations }: EvaluatedProblem): Recommendation[] =>
  recommendations.filter(({ treatment }) =>
    order.treatments.some((ordered) => ordered.treatment === treatment),
  );

const isFor = ({ status }: Recommendation): boolean =>
  status !== 'not-advised' && status !== 'source-only';

/** Guidance that is strongly against the class, where no pain it may be for has a line for it. */
const againstRemarks = (
  order: DraftOrder,
  pains: readonly EvaluatedProblem[],
): readonly OrderRemark[] => {
  const lines = pains.flatMap((problem) => linesFor(order, problem));
  if (lines.some(isFor)) return [];
  const [against] = lines.filter(
    ({ status, strength }) => status === 'not-advised' && strength === 'strong-against',
  );
  if (!against) return [];
  const { id, text, sources } = against;
  return [{ kind: 'not-advised', rule: id, indicator: 'info', text, findings: [], sources }];
};

/** Whether a line for what is ordered stands first in the guidance of this pain. */
const isFirst = (order: DraftOrder, pain: OrderPain, { context }: OrderCase): boolean => {
  const [leading] = pain.problem.classifications;
  const guidance = leading && context.knowledge.guidance.get(leading.category);
  if (!guidance) return false;
  return linesFor(order, pain.problem).some(
    (line) =>
      isFor(line) &&
      guidance.lines.some(({ order: place, as }) => place === 1 && as.offered.id === line.id),
  );
};

const ruleRemarks = (
  order: DraftOrder,
  pain: OrderPain,
  scope: Scope,
  orderCase: OrderCase,
): readonly OrderRemark[] => {
  const holds = ({ treatments, judge, unlessFirst }: OrderRule): boolean =>
    order.treatments.some(({ treatment }) => treatments.has(treatment)) &&
    judge(scope).result === 'met' &&
    !(unlessFirst && isFirst(order, pain, orderCase));
  return orderCase.context.knowledge.orders.rules
    .filter(holds)
    .map(({ id, indicator, text, sources }) => ({
      kind: 'first-line' as const,
      rule: id,
      indicator,
      text,
      findings: [],
      sources,
    }));
};

/** The ordering check where it speaks at ordering; each rule once, whatever the order stands for. */
const orderingRemarks = (
  order: DraftOrder,
  scope: Scope,
  { context }: OrderCase,
): readonly OrderRemark[] => {
  const said = new Map<string, OrderRemark>();
  for (const { treatment } of order.treatments)
    for (const { rule, message, indicator, sources } of judgeOrder(
      { treatment },
      scope,
      context.knowledge.stepwise,
    ))
      if (indicator)
        said.set(rule, { kind: 'order', rule, indicator, text: message, findings: [], sources });
  return [...said.values()];
};

/** Whether the order is a suggestion of ours whose line is offered still: what it passed is not said again. */
const isOwnSuggestion = (order: DraftOrder, problems: readonly EvaluatedProblem[]): boolean =>
  order.advice !== undefined &&
  problems.some((problem) =>
    linesFor(order, problem).some(({ id, status }) => id === order.advice && status === 'offered'),
  );

/** What is to be said beyond safety; nothing for children, for whom the scheme is not validated. */
export const guidanceRemarks = (
  order: DraftOrder,
  purpose: OrderPurpose,
  pain: OrderPain | undefined,
  scope: Scope,
  orderCase: OrderCase,
): readonly OrderRemark[] => {
  const { problems, context } = orderCase;
  const { ageYears } = scope;
  if (ageYears !== undefined && ageYears < context.knowledge.settings.adultAgeYears) return [];
  if (isOwnSuggestion(order, problems)) return [];
  if (!pain) {
    const isAimless = purpose === 'pain' && problems.length === 0 && !order.hasReason;
    return isAimless ? [{ kind: 'no-pain', indicator: 'info', findings: [], sources: [] }] : [];
  }
  return [
    ...againstRemarks(order, pain.isNamed ? [pain.problem] : problems),
    ...ruleRemarks(order, pain, scope, orderCase),
    ...orderingRemarks(order, scope, orderCase),
  ];
};
