// The safety and ordering checks of a whole record, for any treatment whether guidance names it or not. Must not know answers.
import { type Prepared, prepare } from '../../src/pain/evaluate.js';
import { scopeOfProblem } from '../../src/pain/evaluate-problem.js';
import type { Knowledge } from '../../src/pain/knowledge.js';
import { type IsBlocked, judgeOrder } from '../../src/pain/ordering.js';
import type { PatientRecord } from '../../src/pain/patient-record.js';
import type { OrderingRemark } from '../../src/pain/progress.js';
import type { SafetyCheck } from '../../src/pain/safety-check.js';
import { type Scope, scopeOver } from '../../src/pain/scope.js';
import { NOW, realKnowledge } from './findings.js';

/** The scope of a patient's first pain; without any pain that of the patient. */
const firstScope = ({ classified: [first], context }: Prepared): Scope => {
  if (first) return scopeOfProblem(first, context);
  const { allFindings } = context.grouping;
  return scopeOver(context.patient, allFindings, allFindings);
};

/** The safety checks of a patient's first pain; without any pain those of the patient. */
export const safetyChecksOf = (
  record: PatientRecord,
  knowledge: Knowledge = realKnowledge(),
): SafetyCheck => {
  const prepared = prepare(record, knowledge, NOW);
  return prepared.context.openPain(firstScope(prepared));
};

/** The ordering check (treatment.md 5.4) of a procedure that is proposed for the patient's first pain, by its id. */
export const orderChecksOf = (
  record: PatientRecord,
): ((treatment: string) => readonly OrderingRemark[]) => {
  const { stepwise } = realKnowledge();
  const prepared = prepare(record, realKnowledge(), NOW);
  const scope = firstScope(prepared);
  const check = prepared.context.openPain(scope);
  const isBlocked: IsBlocked = (treatment) => check(treatment)?.outcome === 'blocked';
  return (treatment) => judgeOrder({ treatment }, scope, stepwise, isBlocked);
};
