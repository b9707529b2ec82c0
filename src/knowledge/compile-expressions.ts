// Turns the `when` texts of cards/ into judges, and remembers which sets they read. Must not read files.

import type { KnowledgeFault } from '../errors.js';
import { type Expression, walkExpression } from '../pain/expression.js';
import { compileExpression } from '../pain/judge.js';
import type { JudgeContext } from '../pain/judge-findings.js';
import type { Judge } from '../pain/scope.js';
import { ExpressionFault } from './expression-cursor.js';
import type { ExpressionNames } from './expression-names.js';
import type { YamlFile } from './knowledge-files.js';
import { parseExpression } from './parse-expression.js';

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
  /** The same with the parsed expression, which is undefined when the text is faulty. */
  readonly compileWhole: (
    file: YamlFile,
    path: readonly (string | number)[],
    text: unknown,
    local?: LocalNames,
  ) => { readonly judge: Judge; readonly expression: Expression | undefined };
  /** Sets by the operator that read them. */
  readonly setsRead: ReadonlyMap<string, ReadonlySet<Expression['op']>>;
}

const NEVER: Judge = () => ({ result: 'unknown', findings: [], weight: 0 });

/** Creates the compiler of one knowledge. */
export const createExpressionCompiler = (
  names: Omit<ExpressionNames, 'hasCriterion'>,
  context: JudgeContext,
  faults: KnowledgeFault[],
): ExpressionCompiler => {
  const setsRead = new Map<string, Set<Expression['op']>>();
  /** Judges by text: equal conditions are one judge, so that a reader may ask each only once. */
  const shared = new Map<string, { readonly judge: Judge; readonly expression: Expression }>();
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
  const compileWhole: ExpressionCompiler['compileWhole'] = (file, path, text, local) => {
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
      const compiled = { judge: compileExpression(expression, context), expression };
      if (!local) shared.set(source, compiled);
      return compiled;
    } catch (error) {
      if (!(error instanceof ExpressionFault)) throw error;
      faults.push(file.faultAt(path, error.message, error.offset));
      return { judge: NEVER, expression: undefined };
    }
  };
  return {
    setsRead,
    compileWhole,
    compile: (file, path, text, local) => compileWhole(file, path, text, local).judge,
  };
};
