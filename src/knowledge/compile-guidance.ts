// One guidance document -> Guidance, every outcome of a line composed once. Must not read files.
import type { KnowledgeFault } from '../errors.js';
import type { Advice, Recommendation } from '../pain/evaluation.js';
import type { Guidance } from '../pain/knowledge.js';
import type { Judge } from '../pain/scope.js';
import type { ExpressionCompiler } from './compile-expressions.js';
import { planKey } from './compile-safety.js';
import type { EngineTextsDocument, GuidanceDocument, TreatmentsDocument } from './documents.js';
import type { YamlFile } from './knowledge-files.js';

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
      // Every field is there: lines have one shape, and a copy for a patient has no more fields than the line.
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
      const base = {
        ...advice,
        advice,
        reason: undefined,
        checks: [],
        checksEvaluated: undefined,
        notAssessed: undefined,
        alternative: undefined,
        isForbidden: undefined,
      };
      const withheld = (reason: string): Recommendation =>
        Object.freeze({ ...base, status: 'withheld', reason });
      return {
        as: {
          offered: Object.freeze({ ...base, status: 'offered' as const }),
          notAdvised: Object.freeze({
            ...base,
            status: 'not-advised' as const,
            reason: texts.notAdvised,
          }),
          sourceOnly: Object.freeze({ ...base, status: 'source-only' as const }),
          safetyChecksMissing: withheld(texts.safetyChecksMissing),
          redFlagFirst: withheld(texts.redFlagFirst),
          underAgeDrug: withheld(texts.underAgeDrug),
          tentativeDrug: withheld(texts.tentativeDrug),
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
