// Orders being written -> what is to be said of each, gravest first. Must not know hooks or cards.
import { type DraftOrder, readDraftOrders } from './draft-orders.js';
import {
  type CheckResult,
  type JudgedOrder,
  type JudgedOrders,
  ORDER_REMARKS,
  type OrderRemark,
} from './evaluation.js';
import { guidanceRemarks } from './order-guidance.js';
import type { OrderPurpose } from './order-knowledge.js';
import { hasLineFor, type OrderCase, openOrder, painOf } from './order-scope.js';
import type { PatientRecord } from './patient-record.js';
import { type SafetyCheck, worse } from './safety-check.js';
import type { Scope } from './scope.js';

const MAX_NEEDS = 3;
const INDICATORS = ['critical', 'warning', 'info'];

const gravestFirst = (a: OrderRemark, b: OrderRemark): number =>
  INDICATORS.indexOf(a.indicator) - INDICATORS.indexOf(b.indicator) ||
  ORDER_REMARKS.indexOf(a.kind) - ORDER_REMARKS.indexOf(b.kind);

interface Checked {
  readonly checks: readonly CheckResult[];
  readonly evaluated: number;
}

/** The checks of every class the order belongs to, the gravest of each rule; of a class as such those about other agents are left out. */
const checksOf = (order: DraftOrder, check: SafetyCheck): Checked => {
  const byRule = new Map<string, CheckResult>();
  let evaluated = 0;
  for (const { plan, isAgent } of order.treatments) {
    const result = check(plan);
    if (!result) continue;
    evaluated += result.evaluated;
    for (const one of result.checks) {
      if (!isAgent && one.agent !== undefined) continue;
      const known = byRule.get(one.rule);
      if (!known || worse(known.outcome, one.outcome) !== known.outcome) byRule.set(one.rule, one);
    }
  }
  return { checks: [...byRule.values()], evaluated };
};

interface SafetyRemarks {
  readonly remarks: readonly OrderRemark[];
  readonly cautions: readonly OrderRemark[];
}

const safetyRemarks = (
  order: DraftOrder,
  { checks, evaluated }: Checked,
  purpose: OrderPurpose,
  { context: { knowledge } }: OrderCase,
): SafetyRemarks => {
  const { critical, severe } = knowledge.orders;
  const { safety } = knowledge;
  const sourcesOf = (some: readonly CheckResult[]): readonly string[] => [
    ...new Set(some.flatMap(({ rule }) => safety.rules.get(rule)?.sources ?? [])),
  ];
  const remarkOf = (check: CheckResult, kind: OrderRemark['kind']): OrderRemark => ({
    kind,
    rule: check.rule,
    indicator: 'info',
    ...(check.message && { text: check.message }),
    findings: check.findings,
    sources: sourcesOf([check]),
  });
  const remarks: OrderRemark[] = [];
  const cautions: OrderRemark[] = [];
  for (const check of checks) {
    if (check.outcome === 'blocked') {
      const isTaken = safety.rules.get(check.rule)?.isDuplicate === true;
      remarks.push(
        isTaken
          ? remarkOf(check, 'duplicate')
          : {
              ...remarkOf(check, 'contraindicated'),
              indicator: critical.has(check.rule) ? 'critical' : 'warning',
            },
      );
    } else if (check.outcome === 'caution') {
      const isOwn = check.action === 'adjust' || severe.has(check.rule);
      (isOwn ? remarks : cautions).push(remarkOf(check, 'caution'));
    }
  }
  const open = checks.filter(({ outcome }) => outcome === 'unknown');
  const needs = [...new Set(open.flatMap((check) => check.needs ?? []))];
  const [first] = open;
  if (first)
    remarks.push({
      ...remarkOf(first, 'unknown'),
      text: needs.slice(0, MAX_NEEDS).join(knowledge.engineTexts.separators.needs),
      findings: open.flatMap(({ findings }) => findings),
      sources: sourcesOf(open),
    });
  if (evaluated === 0 && order.treatments.length > 0 && purpose !== 'also-pain')
    remarks.push({ kind: 'unchecked', indicator: 'info', findings: [], sources: [] });
  return { remarks, cautions };
};

const PURPOSES: readonly OrderPurpose[] = ['pain', 'mostly-pain', 'gate', 'also-pain'];

/** What the order is for as far as its classes say: the plainest of them. */
const purposeOf = ({ treatments }: DraftOrder, { context }: OrderCase): OrderPurpose => {
  const { classes } = context.knowledge.orders;
  const found = treatments.flatMap(({ treatment }) => classes.get(treatment)?.purpose ?? []);
  return PURPOSES.find((purpose) => found.includes(purpose)) ?? 'also-pain';
};

const redFlagRemarks = (order: DraftOrder, { context }: OrderCase): OrderRemark[] =>
  context.redFlags
    .filter(({ withholds }) =>
      order.treatments.some(({ treatment }) => withholds.includes(treatment)),
    )
    .map(({ id, label, urgency, findings, sources }) => ({
      kind: 'red-flag',
      rule: id,
      indicator: urgency === 'emergency' ? 'critical' : 'warning',
      text: label,
      findings,
      sources,
    }));

/** Two drafts of one class (said once, of the later), or a draft beside a medicine of the class that is taken. */
const duplicateRemarks = (
  order: DraftOrder,
  orders: readonly DraftOrder[],
  scope: Scope,
  { context }: OrderCase,
): OrderRemark[] => {
  const { classes } = context.knowledge.orders;
  const at = orders.indexOf(order);
  const earlier = new Set(
    orders
      .filter((other, i) => other !== order && (i < at || !other.isSelected))
      .map(({ reference }) => reference),
  );
  const drafted = new Set(orders.map(({ reference }) => reference));
  const sets = order.treatments.flatMap(
    ({ treatment }) => classes.get(treatment)?.duplicateSets ?? [],
  );
  const found = new Set(
    sets
      .flatMap((set) => scope.allFindings.get(set) ?? [])
      .filter(
        ({ source, current, reference }) =>
          source === 'medication' && current && (earlier.has(reference) || !drafted.has(reference)),
      ),
  );
  if (found.size === 0) return [];
  return [{ kind: 'duplicate', indicator: 'info', findings: [...found], sources: [] }];
};

/** A class drafted twice is said of the later of the two alone. */
const withoutSaidLater = (
  remarks: readonly OrderRemark[],
  order: DraftOrder,
  orders: readonly DraftOrder[],
): readonly OrderRemark[] => {
  const later = new Set(
    orders
      .filter((other, i) => other.isSelected && i > orders.indexOf(order))
      .map(({ reference }) => reference),
  );
  return remarks.filter(
    ({ kind, findings }) =>
      kind !== 'duplicate' ||
      findings.length === 0 ||
      !findings.every(({ reference }) => later.has(reference)),
  );
};

const judgeOrder = (
  order: DraftOrder,
  orders: readonly DraftOrder[],
  orderCase: OrderCase,
): JudgedOrder | undefined => {
  const purpose = purposeOf(order, orderCase);
  const pain = painOf(order, orderCase);
  // A class with other uses is ours only where the order or the guidance of a pain says so.
  if (purpose === 'also-pain' && !pain?.isNamed && !(pain && hasLineFor(order, pain.problem)))
    return undefined;
  const [first] = orderCase.classified;
  const { scope, check } = openOrder(order, orders, pain?.classified ?? first, orderCase);
  const checked = checksOf(order, check);
  const safety = safetyRemarks(order, checked, purpose, orderCase);
  const { cautions } = safety;
  const remarks = withoutSaidLater(safety.remarks, order, orders);
  const isTaken = remarks.some(({ kind }) => kind === 'duplicate');
  const beyond =
    purpose === 'gate'
      ? []
      : [
          ...redFlagRemarks(order, orderCase),
          ...(isTaken ? [] : duplicateRemarks(order, orders, scope, orderCase)),
          ...guidanceRemarks(order, purpose, pain, scope, orderCase),
        ];
  return {
    reference: order.reference,
    label: order.label,
    labelFromChart: order.labelFromChart,
    treatments: [...new Set(order.treatments.map(({ treatment }) => treatment))],
    ...(pain && { painProblem: pain.problem.problem.id }),
    remarks: [...remarks, ...beyond].sort(gravestFirst),
    cautions,
    checksEvaluated: checked.evaluated,
  };
};

/**
 * Judges every selected order of a class this service knows. What is not selected counts as carried out, so that two
 * orders that harm together are seen. Orders of other classes are none of this service's business.
 */
export const judgeOrders = (record: PatientRecord, orderCase: OrderCase): JudgedOrders => {
  const { knowledge, patient } = orderCase.context;
  const orders = readDraftOrders(record, patient.nowMs, knowledge.extraction, knowledge.orders);
  const selected = orders.filter(({ isSelected }) => isSelected);
  return {
    orders: selected.flatMap((order) =>
      order.treatments.length === 0 ? [] : (judgeOrder(order, orders, orderCase) ?? []),
    ),
    unrecognised: selected.filter(({ isUnrecognised }) => isUnrecognised).length,
    unusable: record.draftOrders?.unusable ?? 0,
  };
};
