// Turns the `when` texts of cards/ into judges, and remembers which sets they read. Must not read files.

import type { KnowledgeFault } from '../errors.js';
import { type Expression, walkExpression } from '../pain/expression.js';
import { compileExpression } from '../pain/judge.js';
import type { Judge } from '../pain/scope.js';
import type { YamlFile } from './knowledge-files.js';
import { ExpressionFault, type ExpressionNames, parseExpression } from './parse-expression.js';

/** What an expression may name beyond the lists that are the same everywhere. */
export interface LocalNames extends Pick<ExpressionNames, 'hasCriterion'> {
  /** Collects the sets that are read. */
  readonly reads?: Set<string>;
}

/** Compiles expressions against one knowledge, collecting faults and the sets that are read. */
export interface ExpressionCompiler {
  /** The judge of the text at `path`; a judge that is never met when the text is faulty (a fault is collected). */
  readonly compile: (
    file: YamlFile,
    path: readonly (string | number)[],
    text: unknown,
    local?: LocalNames,
  ) => Judge;
  /** Sets by the operator that read them. */
  readonly setsRead: ReadonlyMap<string, ReadonlySet<Expression['op']>>;
}

const NEVER: Judge = () => ({ result: 'unknown', findings: [], weight: 0 });

/** Creates the compiler of one knowledge. */
export const createExpressionCompiler = (
  names: Omit<ExpressionNames, 'hasCriterion'>,
  faults: KnowledgeFault[],
): ExpressionCompiler => {
  const setsRead = new Map<string, Set<Expression['op']>>();
  /** Judges by text: equal conditions are one judge, so that a reader may ask each only once. */
  const shared = new Map<string, Judge>();
  const note = (expression: Expression, reads: Set<string> | undefined): void =>
    walkExpression(expression, (node) => {
      if (!('sets' in node)) return;
      for (const set of node.sets) {
        reads?.add(set);
        const operators = setsRead.get(set);
        if (operators) operators.add(node.op);
        else setsRead.set(set, new Set([node.op]));
      }
    });
  return {
    setsRead,
    compile: (file, path, text, local) => {
      try {
        const source = typeof text === 'string' ? text : String(text);
        const known = local ? undefined : shared.get(source);
        if (known) return known;
        const expression = parseExpression(source, {
          hasCriterion: () => false,
          ...names,
          ...local,
        });
        note(expression, local?.reads);
        const judge = compileExpression(expression);
        if (!local) shared.set(source, judge);
        return judge;
      } catch (error) {
        if (!(error instanceof ExpressionFault)) throw error;
        faults.push(file.faultAt(path, error.message, error.offset));
        return NEVER;
      }
    },
  };
};
