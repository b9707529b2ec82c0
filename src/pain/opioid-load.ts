// Morphine equivalents -> what is said of them. Must not compute them or know limits.
import type { OpioidLoad, PreviousEvaluation } from './progress.js';
import type { Derived } from './scope.js';
import type { StepwiseKnowledge } from './stepwise-knowledge.js';

/** The sum of the opioids taken now; undefined where none is taken or no dose can be told. */
export const opioidLoadOf = (
  derived: Derived | undefined,
  { texts }: Pick<StepwiseKnowledge, 'texts'>,
  previous: PreviousEvaluation | undefined,
): OpioidLoad | undefined => {
  if (!derived || derived.findings.length === 0 || derived.measure.low <= 0) return undefined;
  const { measure, findings } = derived;
  const isExact = measure.low === measure.high;
  const before = previous?.mmePerDay;
  return {
    mmePerDay: measure.low,
    isExact,
    source: texts.opioidSource,
    previousMmePerDay: before,
    findings,
  };
};
