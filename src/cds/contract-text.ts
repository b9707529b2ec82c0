// The contract as JSON text, what never changes written but once. Must not know its fields: `machine-readable.ts` does.
import type {
  Advice,
  EvaluatedProblem,
  Evaluation,
  PrincipleStatement,
  Recommendation,
} from '../pain/evaluation.js';
import {
  adviceFields,
  evaluationFields,
  type JsonObject,
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
  const composed = (of: Recommendation): string => {
    const advice = of.advice ? adviceText(of.advice) : asciiJson(adviceFields(of));
    return `${opened(advice)},${asciiJson(outcomeFields(of)).slice(1)}`;
  };
  const known = rememberByObject(composed);
  // A frozen recommendation is the knowledge's own: the same for every patient it is given to.
  const recommendationText = (of: Recommendation): string =>
    Object.isFrozen(of) ? known(of) : composed(of);
  const problemText = (evaluated: EvaluatedProblem): readonly string[] => {
    const { recommendations, principles } = evaluated;
    return [
      opened(JSON.stringify(problemFields(evaluated))),
      listText('recommendations', recommendations.map(recommendationText)),
      listText('principles', principles.map(principleText)),
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

/** An object's text without its last brace, so that fields can follow; every object of the contract has some. */
function opened(object: string): string {
  return object.slice(0, -1);
}

function listText(name: string, items: readonly string[]): string {
  return items.length === 0 ? '' : `,"${name}":[${items.join(',')}]`;
}

/** JSON text in ASCII: what it is joined with stays one byte a character. */
function asciiJson(value: JsonObject): string {
  return JSON.stringify(value).replace(
    /[^ -~]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
