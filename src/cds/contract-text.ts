// The contract as JSON text, what never changes written but once. Must not know its fields: `machine-readable.ts` does.
import type {
  Advice,
  CheckResult,
  EvaluatedProblem,
  Evaluation,
  PrincipleStatement,
  Recommendation,
} from '../pain/evaluation.js';
import type { Fields } from './contract-fields.js';
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

/**
 * Writes the contract: the parts joined are the JSON text of `machineReadable`, its fields in another order.
 * In parts, because one character beyond Latin-1 doubles the cost of the text it stands in.
 */
export type ContractText = (evaluation: Evaluation) => readonly string[];

/** Creates a writer that remembers the text of what the knowledge says for every patient. */
export function createContractText(): ContractText {
  const adviceText = rememberByObject((of: Advice) => asciiJson(adviceFields(of)));
  const principleText = rememberByObject((of: PrincipleStatement) =>
    asciiJson(principleFields(of)),
  );
  const checkText = createCheckText();
  const composed = (of: Recommendation): string => {
    const advice = of.advice ? adviceText(of.advice) : asciiJson(adviceFields(of));
    const outcome = opened(asciiJson(outcomeFields(of))).slice(1);
    return `${opened(advice)},${outcome}${listText('checks', of.checks, checkText)}}`;
  };
  const known = rememberByObject(composed);
  // A frozen recommendation is the knowledge's own: the same for every patient it is given to.
  const recommendationText = (of: Recommendation): string =>
    Object.isFrozen(of) ? known(of) : composed(of);
  const problemText = (evaluated: EvaluatedProblem): readonly string[] => {
    const { recommendations, principles } = evaluated;
    return [
      opened(JSON.stringify(problemFields(evaluated))),
      listText('recommendations', recommendations, recommendationText),
      listText('principles', principles, principleText),
      '}',
    ];
  };
  return (evaluation) => {
    const fields = JSON.stringify(evaluationFields(evaluation));
    const { problems } = evaluation;
    if (problems.length === 0) return [fields];
    return [
      `${opened(fields)},"painProblems":[`,
      ...problems.flatMap((problem, at) =>
        at === 0 ? problemText(problem) : [',', ...problemText(problem)],
      ),
      ']}',
    ];
  };
}

/** Writes checks, and remembers what a rule says for each outcome: there are as many as rules, whatever patients come. */
function createCheckText(): (of: CheckResult) => string {
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
    const text = asciiJson(checkFields(check));
    byOutcome.set(check.outcome, { check: { ...check, findings: [] }, text });
    return text;
  };
  const byAgent = new Map<string, string>();
  const ofAgent = (agent: string, check: CheckResult): string => {
    const known = byAgent.get(agent);
    if (known !== undefined) return known;
    const text = asciiJson(checkBasisFields(check)).slice(1);
    byAgent.set(agent, text);
    return text;
  };
  return (check) => {
    const { agent, standIn, findings } = check;
    const text = ofRule(check);
    if (findings.length > 0 || standIn)
      return `${opened(text)},${asciiJson(checkBasisFields(check)).slice(1)}`;
    return agent === undefined ? text : `${opened(text)},${ofAgent(agent, check)}`;
  };
}

/** An object's text without its last brace, so that fields can follow; every object of the contract has some. */
function opened(object: string): string {
  return object.slice(0, -1);
}

function listText<T>(name: string, items: readonly T[], textOf: (item: T) => string): string {
  let text = '';
  for (const item of items) text += text === '' ? textOf(item) : `,${textOf(item)}`;
  return text === '' ? '' : `,"${name}":[${text}]`;
}

/** JSON text in ASCII: what it is joined with stays one byte a character. */
function asciiJson(value: Fields): string {
  return JSON.stringify(value).replace(
    /[^ -~]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
