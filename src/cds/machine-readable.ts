// The machine-readable answer of `design.md` section 4, field by field. Must not know cards or HTTP.
import type {
  Classification,
  EvaluatedProblem,
  Evaluation,
  Evidence,
  Recommendation,
} from '../pain/evaluation.js';
import type { Finding } from '../pain/finding.js';

/** A JSON object of the contract. */
export type JsonObject = { [key: string]: unknown };

/** The answer as sent; its exact shape is `test/support/machine-readable.schema.json`. */
export interface MachineReadableEvaluation extends JsonObject {
  readonly schemaVersion: '1';
  readonly evaluatedAt: string;
  readonly completeness: Evaluation['completeness'];
}

/** Composes the contract; empty arrays and unknown optionals are left out, except `classification`. */
export function machineReadable(evaluation: Evaluation): MachineReadableEvaluation {
  return {
    schemaVersion: '1',
    knowledge: { version: evaluation.knowledge.version, digest: evaluation.knowledge.digest },
    evaluatedAt: evaluation.evaluatedAt,
    completeness: evaluation.completeness,
    ...known({
      missing: evaluation.missing.map(({ input, reason, effect }) => ({ input, reason, effect })),
      painProblems: evaluation.problems.map(painProblem),
      redFlags: evaluation.redFlags.map((f) => ({
        id: f.id,
        label: f.label,
        urgency: f.urgency,
        action: f.action,
        ...known({ sources: [...f.sources], references: references(f.findings) }),
      })),
      modifiers: evaluation.modifiers.map((m) => ({
        id: m.id,
        label: m.label,
        text: m.text,
        ...known({ references: references(m.findings) }),
      })),
      refuted: references(evaluation.refuted),
      dataNotes: [...evaluation.dataNotes],
      notes: [...evaluation.notes],
    }),
  };
}

function painProblem(evaluated: EvaluatedProblem): JsonObject {
  const { problem } = evaluated;
  const { intensity } = problem;
  return {
    id: problem.id,
    label: problem.label,
    ...known({
      bodyRegion: problem.region,
      side: problem.side,
      course: problem.course,
      references: references(problem.members),
      onset: problem.onset?.text,
      intensity: intensity && {
        nrs: intensity.nrs,
        ...known({ effective: intensity.finding.effective?.text }),
        reference: intensity.finding.reference,
        ...known({ trend: intensity.trend }),
      },
    }),
    classification: evaluated.classifications.map(classification),
    ...known({
      recommendations: evaluated.recommendations.map(recommendation),
      principles: evaluated.principles.map((p) => ({
        principle: p.principle,
        article: p.article,
        guidance: p.guidance,
        follows: p.follows,
        agreement: p.agreement,
        certainty: p.certainty,
        strength: p.strength,
        ...known({ sources: [...p.sources] }),
      })),
      notPlaced: references(evaluated.notPlaced),
      imagingDone: references(evaluated.imagingDone),
      ask: evaluated.ask.map((a) => ({ id: a.id, text: a.text, ...known({ unlocks: a.unlocks }) })),
    }),
  };
}

function classification(of: Classification): JsonObject {
  return {
    category: of.category,
    ...known({ subtype: of.subtype }),
    grade: of.grade,
    basis: of.basis,
    ...known({
      evidence: of.evidence.map(evidence),
      against: of.against.map(evidence),
      wouldRaise: [...of.wouldRaise],
      notes: [...of.notes],
      syndrome: of.syndrome,
    }),
    clinicianDiagnosed: of.clinicianDiagnosed,
    tentative: of.tentative,
    ...known({ neupsigGrade: of.neupsigGrade, stages: of.stages && [...of.stages] }),
  };
}

function evidence(of: Evidence): JsonObject {
  return {
    criterion: of.criterion,
    kind: of.kind,
    result: of.result,
    weight: of.weight,
    ...known({ references: references(of.findings) }),
  };
}

function recommendation(of: Recommendation): JsonObject {
  return {
    id: of.id,
    principle: of.principle,
    ...known({ step: of.step, treatment: of.treatment }),
    status: of.status,
    ...known({ reason: of.reason }),
    text: of.text,
    certainty: of.certainty,
    strength: of.strength,
    agreement: of.agreement,
    ...known({
      sources: [...of.sources],
      checks: of.checks.map((c) => ({
        rule: c.rule,
        outcome: c.outcome,
        ...known({ message: c.message, references: references(c.findings) }),
      })),
    }),
  };
}

function references(findings: readonly Finding[]): string[] {
  return [...new Set(findings.map((f) => f.reference))];
}

function known(fields: JsonObject): JsonObject {
  const kept: JsonObject = {};
  for (const [name, value] of Object.entries(fields)) {
    if (value !== undefined && !(Array.isArray(value) && value.length === 0)) kept[name] = value;
  }
  return kept;
}
