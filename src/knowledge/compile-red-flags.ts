// cards/red-flags.yaml -> RedFlagKnowledge[], triggers in the order of their urgency. Must not read files.
import type { KnowledgeFault } from '../errors.js';
import { URGENCIES } from '../pain/expression.js';
import type { RedFlagKnowledge } from '../pain/knowledge.js';
import type { ExpressionCompiler } from './compile-expressions.js';
import type { RedFlagsDocument } from './documents.js';
import type { YamlFile } from './knowledge-files.js';
import { neededSets } from './needed-sets.js';

type Flag = RedFlagsDocument['redFlags'][number];

/** Compiles every red flag; an id that stands twice or a treatment outside the closed list is a fault. */
export const compileRedFlags = (
  file: YamlFile,
  { redFlags }: RedFlagsDocument,
  treatments: ReadonlySet<string>,
  compiler: ExpressionCompiler,
  faults: KnowledgeFault[],
): readonly RedFlagKnowledge[] => {
  const triggersOf = (flag: Flag, at: number): RedFlagKnowledge['triggers'] =>
    flag.triggers
      .map(({ id, when, urgency, label, action }, i) => {
        const path = ['redFlags', at, 'triggers', i, 'when'];
        const { judge, expression } = compiler.compileWhole(file, path, when);
        return {
          id,
          urgency: urgency ?? flag.urgency,
          label: label ?? flag.label,
          action: action ?? flag.action,
          judge,
          needs: expression ? neededSets(expression) : [],
        };
      })
      .sort((a, b) => URGENCIES.indexOf(a.urgency) - URGENCIES.indexOf(b.urgency));
  const notAssessedOf = (flag: Flag, at: number): Pick<RedFlagKnowledge, 'notAssessed'> => {
    const { notAssessed } = flag;
    if (!notAssessed) return {};
    const path = ['redFlags', at, 'notAssessed'];
    const relevant = compiler.compileWhole(
      file,
      [...path, 'relevantWhen'],
      notAssessed.relevantWhen,
    );
    return {
      notAssessed: {
        relevant: relevant.judge,
        needs: relevant.expression ? neededSets(relevant.expression) : [],
        parts: notAssessed.parts.map(({ name, assessedBy }, i) => ({
          name,
          assessed: compiler.compile(file, [...path, 'parts', i, 'assessedBy'], assessedBy),
        })),
      },
    };
  };
  const seen = new Set<string>();
  return redFlags.map((flag, at) => {
    const { id, label, sources, withholds = [] } = flag;
    if (seen.has(id)) faults.push(file.faultAt(['redFlags', at, 'id'], `"${id}" stands twice`));
    seen.add(id);
    withholds.forEach((treatment, i) => {
      if (treatments.has(treatment)) return;
      const message = `treatment "${treatment}" does not exist`;
      faults.push(file.faultAt(['redFlags', at, 'withholds', i], message));
    });
    const triggers = triggersOf(flag, at);
    return { id, label, sources, withholds, triggers, ...notAssessedOf(flag, at) };
  });
};
