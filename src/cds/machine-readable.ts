// The machine-readable answer of `design.md` section 4, field by field. Must not know cards or HTTP.
import type {
  Advice,
  CheckResult,
  Classification,
  EvaluatedProblem,
  Evaluation,
  Evidence,
  JudgedOrders,
  OrderRemark,
  PrincipleStatement,
  Recommendation,
} from '../pain/evaluation.js';
import { type Fields, listOf, references, some } from './contract-fields.js';
import { progressFields } from './progress-fields.js';

/**
 * The answer to be sent as JSON; its exact shape is `openapi/evaluation.schema.json`.
 */
export interface MachineReadableEvaluation extends Fields {
  readonly schemaVersion: '1';
  readonly evaluatedAt: string;
  readonly completeness: Evaluation['completeness'];
}

/** Composes the contract; empty arrays and unknown optionals are left out, except `classification`. */
export function machineReadable(evaluation: Evaluation): MachineReadableEvaluation {
  return {
    ...evaluationFields(evaluation),
    painProblems: listOf(evaluation.problems, painProblem),
  };
}

/** The fields of the contract itself, without its pain problems. */
export function evaluationFields(evaluation: Evaluation): MachineReadableEvaluation {
  const { knowledge } = evaluation;
  return {
    schemaVersion: '1',
    knowledge: { version: knowledge.version, digest: knowledge.digest },
    evaluatedAt: evaluation.evaluatedAt,
    completeness: evaluation.completeness,
    missing: listOf(evaluation.missing, ({ input, reason, effect }) => ({ input, reason, effect })),
    redFlags: listOf(evaluation.redFlags, (flag) => ({
      id: flag.id,
      label: flag.label,
      urgency: flag.urgency,
      action: flag.action,
      sources: some(flag.sources),
      triggers: some(flag.triggers),
      withholds: some(flag.withholds),
      references: references(flag.findings),
    })),
    redFlagsNotAssessed: listOf(evaluation.redFlagsNotAssessed, ({ id, label, missing }) => ({
      id,
      label,
      missing,
    })),
    modifiers: listOf(evaluation.modifiers, ({ id, label, text, findings }) => ({
      id,
      label,
      text,
      references: references(findings),
    })),
    opioids: evaluation.opioids && {
      mmePerDay: evaluation.opioids.mmePerDay,
      isExact: evaluation.opioids.isExact,
      source: evaluation.opioids.source,
      previousMmePerDay: evaluation.opioids.previousMmePerDay,
      references: references(evaluation.opioids.findings),
    },
    refuted: references(evaluation.refuted),
    orders: evaluation.orders && ordersField(evaluation.orders),
    dataNotes: some(evaluation.dataNotes),
    notes: some(evaluation.notes),
  };
}

function ordersField({ orders, unrecognised, unusable }: JudgedOrders): Fields {
  return {
    judged: listOf(orders, (order) => ({
      reference: order.reference,
      treatments: some(order.treatments),
      painProblem: order.painProblem,
      remarks: listOf(order.remarks, orderRemark),
      cautions: listOf(order.cautions, orderRemark),
      checksEvaluated: order.checksEvaluated,
    })),
    unrecognised,
    unusable,
  };
}

function orderRemark(remark: OrderRemark): Fields {
  return {
    kind: remark.kind,
    rule: remark.rule,
    indicator: remark.indicator,
    text: remark.text,
    references: references(remark.findings),
    sources: some(remark.sources),
  };
}

function painProblem(evaluated: EvaluatedProblem): Fields {
  return {
    ...problemFields(evaluated),
    recommendations: listOf(evaluated.recommendations, (of) => ({
      ...adviceFields(of),
      ...outcomeFields(of),
      checks: listOf(of.checks, (check) => ({ ...checkFields(check), ...checkBasisFields(check) })),
    })),
    principles: listOf(evaluated.principles, principleFields),
  };
}

/** What is said of one pain, without recommendations and principles. */
export function problemFields(evaluated: EvaluatedProblem): Fields {
  const { problem } = evaluated;
  const { intensity } = problem;
  return {
    id: problem.id,
    label: problem.label,
    bodyRegion: problem.region,
    side: problem.side,
    course: problem.course,
    references: references(problem.members),
    onset: problem.onset?.text,
    intensity: intensity && {
      nrs: intensity.nrs,
      effective: intensity.finding.effective?.text,
      reference: intensity.finding.reference,
      trend: intensity.trend,
    },
    classification: evaluated.classifications.map(classification),
    notPlaced: references(evaluated.notPlaced),
    imagingDone: references(evaluated.imagingDone),
    ozone: evaluated.ozone,
    remarks: some(evaluated.remarks),
    ...progressFields(evaluated),
    ask: listOf(evaluated.ask, ({ id, text, unlocks }) => ({ id, text, unlocks })),
  };
}

function classification(of: Classification): Fields {
  return {
    category: of.category,
    subtype: of.subtype,
    grade: of.grade,
    basis: of.basis,
    evidence: listOf(of.evidence, evidence),
    against: listOf(of.against, evidence),
    wouldRaise: some(of.wouldRaise),
    notes: some(of.notes),
    syndrome: of.syndrome,
    clinicianDiagnosed: of.clinicianDiagnosed,
    tentative: of.tentative,
    neupsigGrade: of.neupsigGrade,
    stages: some(of.stages ?? []),
  };
}

function evidence(of: Evidence): Fields {
  return {
    criterion: of.criterion,
    kind: of.kind,
    result: of.result,
    weight: of.weight,
    references: references(of.findings),
  };
}

/** The part of a recommendation that its line of guidance says for every patient. */
export function adviceFields(of: Advice): Fields {
  return {
    id: of.id,
    principle: of.principle,
    step: of.step,
    treatment: of.treatment,
    text: of.text,
    plain: of.plain,
    certainty: of.certainty,
    strength: of.strength,
    agreement: of.agreement,
    sources: some(of.sources),
  };
}

/** The part of a recommendation that is about this patient, without its checks. */
export function outcomeFields(of: Recommendation): Fields {
  return {
    status: of.status,
    reason: of.reason,
    alternative: of.alternative,
    checksEvaluated: of.checksEvaluated,
    notAssessed: some(of.notAssessed ?? []),
  };
}

/** The part of a check that its rule says for every patient with this outcome. */
export function checkFields(of: CheckResult): Fields {
  return {
    rule: of.rule,
    action: of.action,
    outcome: of.outcome,
    message: of.message,
    needs: of.needs,
  };
}

/** The part of a check that is about this patient. */
export function checkBasisFields(of: CheckResult): Fields {
  return {
    agent: of.agent,
    standIn: of.standIn || undefined,
    references: references(of.findings),
  };
}

/** One row of the article-beside-guideline table. */
export function principleFields(of: PrincipleStatement): Fields {
  return {
    principle: of.principle,
    article: of.article,
    guidance: of.guidance,
    follows: of.follows,
    agreement: of.agreement,
    certainty: of.certainty,
    strength: of.strength,
    sources: some(of.sources),
  };
}
