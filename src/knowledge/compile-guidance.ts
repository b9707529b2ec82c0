// One guidance document -> Guidance, every outcome of a line composed once. Must not read files.
import type { KnowledgeFault } from '../errors.js';
import type { Advice, Recommendation } from '../pain/evaluation.js';
import type { Guidance } from '../pain/knowledge.js';
import type { Judge } from '../pain/scope.js';
import type { ExpressionCompiler } from './compile-expressions.js';
import { planKey } from './compile-safety.js';
import type { EngineTextsDocument, GuidanceDocument, TreatmentsDocument } from './documents.js';
import type { YamlFile } from './knowledge-files.js';

/**
 * A line as it is shown to every patient for whom it ends so. Every field is there and is written out: lines have one
 * shape, and a copy for a patient has no more fields than the line. Spread here, at load, each would get a shape of its own.
 */
const recommendationOf = (
  advice: Advice,
  status: Recommendation['status'],
  reason?: string,
): Recommendation =>
  Object.freeze({
    id: advice.id,
    principle: advice.principle,
    step: advice.step,
    treatment: advice.treatment,
    text: advice.text,
    plain: advice.plain,
    certainty: advice.certainty,
    strength: advice.strength,
    agreement: advice.agreement,
    sources: advice.sources,
    advice,
    reason,
    checks: [],
    checksEvaluated: undefined,
    notAssessed: undefined,
    alternative: undefined,
    isForbidden: undefined,
    status,
  });

/** Compiles the guidance of a category; a treatment outside the closed list is a fault. */
export const compileGuidance = (
  file: YamlFile,
  document: GuidanceDocument,
  kinds: ReadonlyMap<string, TreatmentsDocument['treatments'][number]['kind']>,
  compiler: ExpressionCompiler,
  texts: EngineTextsDocument,
  faults: KnowledgeFault[],
): Guidance => {
  const conditions: Judge[] = [];
  /** Equal conditions are one judge. */
  const conditionOf = (judge: Judge): number => {
    const at = conditions.indexOf(judge);
    return at < 0 ? conditions.push(judge) - 1 : at;
  };
  return {
    conditions,
    principles: document.principles.map(
      ({ principle, article, guidance, follows, agreement, certainty, strength, sources }) => ({
        principle,
        article,
        guidance,
        follows,
        agreement,
        certainty,
        strength,
        sources,
      }),
    ),
    lines: document.lines.map((line, at) => {
      const kind = line.treatment === undefined ? 'advice' : kinds.get(line.treatment);
      if (kind === undefined)
        faults.push(
          file.faultAt(['lines', at, 'treatment'], `treatment "${line.treatment}" does not exist`),
        );
      const { id, principle, step, treatment, text, certainty, strength, agreement, sources } =
        line;
      const advice: Advice = Object.freeze({
        id,
        principle,
        step,
        treatment,
        text,
        plain: line.plain,
        certainty,
        strength,
        agreement,
        sources,
      });
      return {
        as: {
          offered: recommendationOf(advice, 'offered'),
          notAdvised: recommendationOf(advice, 'not-advised', texts.notAdvised),
          sourceOnly: recommendationOf(advice, 'source-only'),
          safetyChecksMissing: recommendationOf(advice, 'withheld', texts.safetyChecksMissing),
          redFlagFirst: recommendationOf(advice, 'withheld', texts.redFlagFirst),
          underAgeDrug: recommendationOf(advice, 'withheld', texts.underAgeDrug),
          tentativeDrug: recommendationOf(advice, 'withheld', texts.tentativeDrug),
        },
        strength,
        condition: conditionOf(compiler.compile(file, ['lines', at, 'when'], line.when ?? 'true')),
        kind: kind ?? 'advice',
        origin: line.origin,
        isForAnyStep: line.anyStep === true,
        plan: treatment === undefined ? undefined : planKey(treatment, line.agents),
        order: line.order ?? 1,
      };
    }),
  };
};
