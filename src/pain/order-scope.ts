// What an order is checked against: the record with the other orders carried out, and the pain it is for. Must not judge it.
import type { DraftOrder } from './draft-orders.js';
import { type ClassifiedPain, type ProblemContext, scopeOfProblem } from './evaluate-problem.js';
import type { EvaluatedProblem } from './evaluation.js';
import type { Finding } from './finding.js';
import { indexFindings } from './finding-index.js';
import { openSafetyChecks, type SafetyCheck } from './safety-check.js';
import { safetyPatientOf } from './safety-patient.js';
import type { FindingIndex, RecordsRead, Scope } from './scope.js';

/** The patient whose orders are judged. */
export interface OrderCase {
  /** Which kinds of records were read in full and understood. */
  readonly read: RecordsRead;
  readonly allergyRecorded: boolean;
  readonly context: ProblemContext;
  readonly classified: readonly ClassifiedPain[];
  /** In the same order as `classified`. */
  readonly problems: readonly EvaluatedProblem[];
}

/** The pain an order is for. */
export interface OrderPain {
  readonly problem: EvaluatedProblem;
  readonly classified: ClassifiedPain;
  /** True when the order names it as its reason. */
  readonly isNamed: boolean;
}

const leadsTo = (reference: string, target: string): boolean =>
  reference === target ||
  reference.endsWith(`/${target}`) ||
  reference.includes(`${target}/_history/`);

const isReason = (order: DraftOrder, { problem }: EvaluatedProblem): boolean =>
  problem.members.some(
    ({ reference, matches }) =>
      order.reasons.some((reason) => leadsTo(reason, reference)) ||
      matches.some(({ set }) => order.reasonSets.has(set)),
  );

/** Whether the guidance of a pain has a line for what is ordered. */
export const hasLineFor = (order: DraftOrder, { recommendations }: EvaluatedProblem): boolean =>
  recommendations.some(({ treatment }) =>
    order.treatments.some((ordered) => ordered.treatment === treatment),
  );

/** The pain an order is for: the one it names, else one whose guidance names its class, else the first; none where it names something else. */
export const painOf = (
  order: DraftOrder,
  { problems, classified }: OrderCase,
): OrderPain | undefined => {
  const named = problems.findIndex((problem) => isReason(order, problem));
  if (named < 0 && order.hasReason) return undefined;
  const withLine = problems.findIndex((problem) => hasLineFor(order, problem));
  const at = named >= 0 ? named : Math.max(withLine, 0);
  const [problem, pain] = [problems[at], classified[at]];
  return problem && pain && { problem, classified: pain, isNamed: named >= 0 };
};

/** The record as it would be with the other orders carried out and what this one replaces gone. */
const findingsBeside = (
  order: DraftOrder,
  orders: readonly DraftOrder[],
  { context }: OrderCase,
): FindingIndex => {
  const { allFindings } = context.grouping;
  const others = orders.filter((other) => other !== order).flatMap(({ findings }) => findings);
  const { replaces } = order;
  if (others.length === 0 && replaces === undefined) return allFindings;
  const kept = new Set<Finding>();
  for (const findings of allFindings.values())
    for (const finding of findings)
      if (replaces === undefined || !leadsTo(replaces, finding.reference)) kept.add(finding);
  return indexFindings([...kept, ...others]);
};

/** With the order itself carried out: what is summed counts it, at an unknown dose where it states none. */
const withItself = (order: DraftOrder, beside: FindingIndex): FindingIndex => {
  const { findings } = order;
  return findings.length === 0
    ? beside
    : indexFindings([...new Set([...beside.values()].flat()), ...findings]);
};

/** The scope expressions about the order look at, and its safety checks. */
export const openOrder = (
  order: DraftOrder,
  orders: readonly DraftOrder[],
  pain: ClassifiedPain | undefined,
  orderCase: OrderCase,
): { readonly scope: Scope; readonly check: SafetyCheck } => {
  const { context, allergyRecorded } = orderCase;
  const allFindings = findingsBeside(order, orders, orderCase);
  const whole: Scope = {
    ...context.patient,
    findings: allFindings,
    allFindings,
    absence: 'unknown',
  };
  const dosed = withItself(order, allFindings);
  const isUnderstood = !orders.some((other) => other !== order && other.isUnrecognised);
  const patient = safetyPatientOf(
    { ...orderCase.read, medication: orderCase.read.medication && isUnderstood },
    allergyRecorded,
    { ...whole, findings: dosed, allFindings: dosed },
    context.redFlags,
    context.knowledge,
  );
  const ofPain: Scope = pain ? { ...scopeOfProblem(pain, context), allFindings } : whole;
  return {
    scope: { ...ofPain, findings: allFindings, absence: patient.read },
    check: openSafetyChecks(context.knowledge.safety, patient)(ofPain),
  };
};
