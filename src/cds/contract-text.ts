// The contract as JSON text, what never changes written but once. Must not know its fields: `machine-readable.ts` does.
import type {
  Advice,
  CheckResult,
  EvaluatedProblem,
  Evaluation,
  PrincipleStatement,
  Recommendation,
} from '../pain/evaluation.js';
import type { Finding } from '../pain/finding.js';
import { type Fields, references } from './contract-fields.js';
import {
  adviceFields,
  checkBasisFields,
  checkFields,
  evaluationFields,
  outcomeFields,
  principleFields,
  problemFields,
} from './machine-readable.js';
import { rememberByObject } from './remember.js';

/** A part of an answer: text, or UTF-8 bytes that are ready to be sent. */
export type Part = string | Uint8Array;

/**
 * Writes the contract: the parts joined are the JSON text of `machineReadable`, its fields in another order.
 * What the knowledge says for every patient is kept as bytes, so that no call encodes it again.
 */
export type ContractText = (evaluation: Evaluation) => readonly Part[];

/** Creates a writer that remembers the text of what the knowledge says for every patient. */
export function createContractText(): ContractText {
  const adviceText = rememberByObject((of: Advice) => opened(asciiJson(adviceFields(of))));
  const checkText = createCheckText();
  const composed = (of: Recommendation, checksText: ChecksText): string => {
    const advice = of.advice ? adviceText(of.advice) : opened(asciiJson(adviceFields(of)));
    const outcome = opened(asciiJson(outcomeFields(of))).slice(1);
    return `,${advice},${outcome}${checksText(of.checks)}}`;
  };
  const ready = rememberByObject((of: Recommendation) =>
    Buffer.from(composed(of, createChecksText(checkText))),
  );
  const principlesPart = rememberByObject((of: readonly PrincipleStatement[]) =>
    Buffer.from(`,"principles":${JSON.stringify(of.map(principleFields))}`),
  );
  const addProblem = (evaluated: EvaluatedProblem, checksText: ChecksText, to: Part[]): void => {
    const { recommendations, principles } = evaluated;
    to.push(opened(JSON.stringify(problemFields(evaluated))));
    // Written with the comma before it, and the first without.
    let start = ',"recommendations":[';
    for (const of of recommendations) {
      // A frozen recommendation is the knowledge's own: the same for every patient it is given to.
      const part = Object.isFrozen(of) ? ready(of) : composed(of, checksText);
      if (start === '') to.push(part);
      else to.push(start, typeof part === 'string' ? part.slice(1) : part.subarray(1));
      start = '';
    }
    if (start === '') to.push(']');
    if (principles.length > 0) to.push(principlesPart(principles));
    to.push('}');
  };
  return (evaluation) => {
    const fields = JSON.stringify(evaluationFields(evaluation));
    const { problems } = evaluation;
    if (problems.length === 0) return [fields];
    const checksText = createChecksText(checkText);
    const parts: Part[] = [`${opened(fields)},"painProblems":[`];
    problems.forEach((problem, at) => {
      if (at > 0) parts.push(',');
      addProblem(problem, checksText, parts);
    });
    parts.push(']}');
    return parts;
  };
}

/** Writes a check but for its records. */
type CheckText = (of: CheckResult) => string;

/** Writes the list of checks as a field; empty for none. */
type ChecksText = (of: readonly CheckResult[]) => string;

/** Writes the checks of one answer: pains share those of a treatment, and treatments share records. */
function createChecksText(checkText: CheckText): ChecksText {
  const referencesText = rememberByObject((of: readonly Finding[]) =>
    JSON.stringify(references(of)),
  );
  const whole = rememberByObject((of: readonly CheckResult[]) => {
    let text = '';
    for (const check of of) {
      const { findings } = check;
      text += text === '' ? ',"checks":[' : ',';
      text += checkText(check);
      text += findings.length === 0 ? '}' : `,"references":${referencesText(findings)}}`;
    }
    return `${text}]`;
  });
  return (of) => (of.length === 0 ? '' : whole(of));
}

/** Writes checks, and remembers what a rule says for each outcome: there are as many as rules, whatever patients come. */
function createCheckText(): CheckText {
  const byRule = new Map<
    string,
    Map<string, { readonly check: CheckResult; readonly text: string }>
  >();
  const ofRule = (check: CheckResult): string => {
    let byOutcome = byRule.get(check.rule);
    if (!byOutcome) {
      byOutcome = new Map();
      byRule.set(check.rule, byOutcome);
    }
    const known = byOutcome.get(check.outcome);
    if (
      known &&
      known.check.action === check.action &&
      known.check.message === check.message &&
      known.check.needs === check.needs
    )
      return known.text;
    const text = opened(asciiJson(checkFields(check)));
    byOutcome.set(check.outcome, { check: { ...check, findings: [] }, text });
    return text;
  };
  return (check) => {
    const text = ofRule(check);
    if (check.agent === undefined && !check.standIn) return text;
    const basis = opened(asciiJson(checkBasisFields({ ...check, findings: [] })));
    return `${text},${basis.slice(1)}`;
  };
}

/** An object's text without its last brace, so that fields can follow; every object of the contract has some. */
function opened(object: string): string {
  return object.slice(0, -1);
}

/** JSON text in ASCII: what it is joined with stays one byte a character. */
function asciiJson(value: Fields): string {
  return JSON.stringify(value).replace(
    /[^ -~]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
