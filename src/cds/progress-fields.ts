// The fields of the contract about the course of treatment: trials, step, order, change. Must not know cards or HTTP.
import type { EvaluatedProblem } from '../pain/evaluation.js';
import type {
  Change,
  MeasureChange,
  MeasuredPoint,
  NextEvaluation,
  OrderingRemark,
  Stepwise,
  Trial,
} from '../pain/progress.js';
import { type Fields, references, some } from './contract-fields.js';

/** Trials, step, order, change and next evaluation of one pain. */
export function progressFields(evaluated: EvaluatedProblem): Fields {
  const { trials = [], stepwise, ordering = [], change, nextEvaluation } = evaluated;
  return {
    trials: some(trials.map(trialFields)),
    stepwise: stepwise && stepFields(stepwise),
    ordering: some(ordering.map(orderFields)),
    change: change && changeFields(change),
    nextEvaluation: nextEvaluation && intervalFields(nextEvaluation),
  };
}

function trialFields(of: Trial): Fields {
  return {
    treatment: of.treatment,
    status: of.status,
    isRunning: of.isRunning,
    agent: of.agent,
    since: of.since,
    until: of.until,
    reliefPercent: of.reliefPercent,
    missing: some(of.missing),
    adequate: of.adequate,
    sources: some(of.sources),
    references: references(of.findings),
  };
}

function stepFields(of: Stepwise): Fields {
  return {
    step: of.step,
    row: of.row,
    because: of.because,
    asks: some(of.asks),
    skipped: some(of.skipped),
    notTried: some(of.notTried),
    sources: some(of.sources),
    references: references(of.findings),
  };
}

function orderFields(of: OrderingRemark): Fields {
  const { rule, treatment, level, message, sources, findings } = of;
  return { rule, treatment, level, message, sources, references: references(findings) };
}

function changeFields(of: Change): Fields {
  return {
    previousAt: of.previousAt,
    measures: some(of.measures.map(measureFields)),
    labels: some(of.labels),
    isGoalReached: of.isGoalReached,
    advice: of.advice,
  };
}

function measureFields(of: MeasureChange): Fields {
  return {
    measure: of.measure,
    label: of.label,
    since: of.since,
    from: pointFields(of.from),
    to: pointFields(of.to),
    points: of.points,
    percent: of.percent,
    word: of.word,
    says: of.says,
    response: of.response,
    sources: some(of.sources),
  };
}

function pointFields({ value, date, finding }: MeasuredPoint): Fields {
  return { value, date, reference: finding?.reference };
}

function intervalFields({ id, text, fromDays, toDays, sources }: NextEvaluation): Fields {
  return { id, text, fromDays, toDays, sources };
}
