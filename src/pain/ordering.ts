// The ordering check (treatment.md 5.4): peripheral before central, outside before inside the spinal canal. Must not know hooks or lines.
import { isWithin } from './fhir-date.js';
import type { Finding } from './finding.js';
import type { OrderingRemark } from './progress.js';
import type { Scope } from './scope.js';
import type { OrderRule, SteppedTreatment, StepwiseKnowledge } from './stepwise-knowledge.js';

/** A treatment that is proposed, or the records of one that was done. */
export interface OrderCandidate {
  /** Id of `cards/treatments.yaml`. */
  readonly treatment: string;
  readonly findings?: readonly Finding[];
}

/** Whether a check forbids a treatment for this patient. */
export type IsBlocked = (treatment: string) => boolean;

const concerns = (
  { levels, treatments, destructive }: OrderRule,
  treatment: string,
  { level, isDestructive }: SteppedTreatment,
): boolean =>
  (level !== undefined && levels.includes(level)) ||
  treatments.includes(treatment) ||
  (destructive && isDestructive);

/**
 * Judges the order of one procedure. What cannot be told is remarked on: a step that is not documented counts as not done.
 * @param isBlocked - a documented contraindication to every more peripheral diagnostic step excuses the more central one
 */
export const judgeOrder = (
  candidate: OrderCandidate,
  scope: Scope,
  { treatments, order }: Pick<StepwiseKnowledge, 'treatments' | 'order'>,
  isBlocked: IsBlocked = () => false,
): readonly OrderingRemark[] => {
  const { treatment, findings = [] } = candidate;
  const known = treatments.get(treatment);
  if (!known) return [];
  const { level } = known;
  return order.rules.flatMap((rule) => {
    if (!concerns(rule, treatment, known) || rule.judge(scope).result !== 'met') return [];
    const { id, message, indicator, sources, isExcepted } = rule;
    if (isExcepted && order.exception(scope).result === 'met') return [];
    if (isExcepted && order.diagnostic.every(isBlocked)) return [];
    const said = { message, ...(indicator && { indicator }), sources, findings };
    return [{ rule: id, treatment, ...(level && { level }), ...said }];
  });
};

/** The remarks on procedures that were done lately at this pain's place. */
export const judgeRecordedOrder = (
  scope: Scope,
  rules: Pick<StepwiseKnowledge, 'treatments' | 'procedures' | 'order'>,
  isBlocked?: IsBlocked,
): readonly OrderingRemark[] => {
  const remarks: OrderingRemark[] = [];
  for (const treatment of rules.procedures) {
    const { codeSets } = rules.treatments.get(treatment) ?? { codeSets: [] };
    if (!codeSets.some((set) => scope.allFindings.has(set))) continue;
    const done = codeSets.flatMap((set) =>
      (scope.allFindings.get(set) ?? []).filter(
        (finding) =>
          finding.source === 'procedure' &&
          finding.presence === 'present' &&
          (!scope.pain || finding.regions.length === 0 || scope.pain.isAtSite(finding)) &&
          isWithin(finding.effective, scope.nowMs, rules.order.windowDays) === 'met',
      ),
    );
    if (done.length > 0)
      remarks.push(...judgeOrder({ treatment, findings: done }, scope, rules, isBlocked));
  }
  return remarks;
};
