// cards/trials.yaml, stepwise.yaml and dynamic.yaml -> StepwiseKnowledge; a name outside the closed lists is a fault. Must not know patients.
import type { KnowledgeFault } from '../errors.js';
import type { Recommendation } from '../pain/evaluation.js';
import type { Guidance } from '../pain/knowledge.js';
import type { SteppedTreatment, StepwiseKnowledge, TrialRule } from '../pain/stepwise-knowledge.js';
import type { ExpressionCompiler } from './compile-expressions.js';
import type { EngineTextsDocument, TreatmentsDocument } from './documents.js';
import type { YamlFile } from './knowledge-files.js';
import type { DynamicDocument, StepwiseDocument, TrialsDocument } from './stepwise-documents.js';

/** A document with the file it came from. */
interface Read<T> {
  readonly file: YamlFile;
  readonly document: T;
}

/** What compiling needs beside the documents. */
export interface StepwiseDeps {
  readonly treatments: TreatmentsDocument;
  readonly sets: ReadonlySet<string>;
  readonly guidance: Iterable<Guidance>;
  readonly texts: EngineTextsDocument['stepwise'];
  readonly compiler: ExpressionCompiler;
  readonly faults: KnowledgeFault[];
}

type Path = readonly (string | number)[];

/** Reports names that are in no closed list. */
const checkNames = (
  file: YamlFile,
  path: Path,
  names: readonly string[] | undefined,
  known: { readonly has: (name: string) => boolean },
  what: string,
  faults: KnowledgeFault[],
): void => {
  for (const [at, name] of (names ?? []).entries())
    if (!known.has(name))
      faults.push(file.faultAt([...path, at], `${what} "${name}" does not exist`));
};

const compileTrials = (
  { file, document }: Read<TrialsDocument>,
  treatments: ReadonlyMap<string, unknown>,
  { sets, compiler, faults }: StepwiseDeps,
): readonly TrialRule[] => {
  checkNames(file, ['relief', 'scoreSets'], document.relief.scoreSets, sets, 'code set', faults);
  return document.trials.map((trial, at) => {
    const path = ['trials', at];
    checkNames(file, [...path, 'treatments'], trial.treatments, treatments, 'treatment', faults);
    checkNames(file, [...path, 'sets'], trial.sets, sets, 'code set', faults);
    const { when, dose, regular, doseNotProvable, ...rest } = trial;
    const lower = dose?.lowerMayDo;
    return {
      ...rest,
      isRegular: regular === true,
      isDoseUnprovable: doseNotProvable === true,
      ...(when !== undefined && { judge: compiler.compile(file, [...path, 'when'], when) }),
      ...(dose && {
        dose: {
          atLeast: dose.atLeast,
          unit: dose.unit,
          ...(lower !== undefined && {
            lowerMayDo: compiler.compile(file, [...path, 'dose', 'lowerMayDo'], lower),
          }),
        },
      }),
    };
  });
};

const compileSteps = (
  { file, document }: Read<StepwiseDocument>,
  treatments: ReadonlyMap<string, unknown>,
  { compiler, faults }: StepwiseDeps,
): Pick<StepwiseKnowledge, 'steps' | 'asks' | 'order'> => {
  const { steps, asks, ordering } = document;
  const askIds = new Set(asks.map(({ id }) => id));
  checkNames(
    file,
    ['ordering', 'diagnostic'],
    ordering.diagnostic,
    treatments,
    'treatment',
    faults,
  );
  return {
    steps: steps.map((row, at) => {
      checkNames(file, ['steps', at, 'asks'], row.asks, askIds, 'question', faults);
      const { when, closes = [], asks: wanted = [], ...rest } = row;
      return {
        ...rest,
        closes,
        asks: wanted,
        judge: compiler.compile(file, ['steps', at, 'when'], when),
      };
    }),
    asks: asks.map(({ id, when, text }, at) => ({
      id,
      text,
      judge: compiler.compile(file, ['asks', at, 'when'], when),
    })),
    order: {
      windowDays: ordering.windowDays,
      diagnostic: ordering.diagnostic,
      exception: compiler.compile(file, ['ordering', 'exceptions'], ordering.exceptions),
      rules: ordering.rules.map((rule, at) => {
        const path = ['ordering', 'rules', at];
        checkNames(file, [...path, 'treatments'], rule.treatments, treatments, 'treatment', faults);
        const { id, levels = [], treatments: named = [], message, indicator, sources } = rule;
        return {
          id,
          levels,
          treatments: named,
          destructive: rule.destructive === true,
          isExcepted: rule.excepted === true,
          message,
          ...(indicator && { indicator }),
          sources,
          judge: compiler.compile(file, [...path, 'when'], rule.when),
        };
      }),
    },
  };
};

const compileDynamic = (
  { file, document }: Read<DynamicDocument>,
  { sets, compiler, faults }: StepwiseDeps,
): Pick<StepwiseKnowledge, 'measures' | 'intervals' | 'goal' | 'previousDays'> => ({
  previousDays: document.previousDays,
  goal: compiler.compile(file, ['goal'], document.goal),
  measures: document.measures.map(({ response, words, ...measure }, at) => {
    checkNames(file, ['measures', at, 'sets'], measure.sets, sets, 'code set', faults);
    return {
      ...measure,
      hasResponse: response === true,
      words: words.map(({ reclassify, ...word }) => ({
        ...word,
        reclassifies: reclassify === true,
      })),
    };
  }),
  intervals: document.intervals.map(({ when, ...row }, at) => ({
    ...row,
    judge: compiler.compile(file, ['intervals', at, 'when'], when),
  })),
});

const groupTrials = (trials: readonly TrialRule[]): ReadonlyMap<string, readonly TrialRule[]> => {
  const grouped = new Map<string, TrialRule[]>();
  for (const rule of trials)
    for (const treatment of rule.treatments) {
      const same = grouped.get(treatment);
      if (same) same.push(rule);
      else grouped.set(treatment, [rule]);
    }
  return grouped;
};

/** Lines that wait while their step is not reached, each as it is then shown; a line for any step is not among them. */
const heldLines = (
  guidance: Iterable<Guidance>,
  reason: string,
): ReadonlyMap<string, Recommendation> => {
  const held = new Map<string, Recommendation>();
  for (const { lines } of guidance)
    for (const { as, isForAnyStep } of lines) {
      const { offered } = as;
      if (isForAnyStep || offered.treatment === undefined || offered.step === undefined) continue;
      held.set(offered.id, Object.freeze({ ...offered, status: 'withheld', reason }));
    }
  return held;
};

/** The treatments that a record in each set can be one of. */
const groupBySet = (
  treatments: ReadonlyMap<string, SteppedTreatment>,
  trials: readonly TrialRule[],
): ReadonlyMap<string, readonly string[]> => {
  const grouped = new Map<string, Set<string>>();
  const add = (set: string, treatment: string): void => {
    const same = grouped.get(set);
    if (same) same.add(treatment);
    else grouped.set(set, new Set([treatment]));
  };
  for (const [treatment, { codeSets }] of treatments)
    for (const set of codeSets) add(set, treatment);
  for (const { treatments: named, sets = [] } of trials)
    for (const treatment of named) for (const set of sets) add(set, treatment);
  return new Map([...grouped].map(([set, same]) => [set, [...same]]));
};

/** Compiles the three documents. */
export const loadStepwise = (
  trialsFile: Read<TrialsDocument>,
  stepsFile: Read<StepwiseDocument>,
  dynamicFile: Read<DynamicDocument>,
  deps: StepwiseDeps,
): StepwiseKnowledge => {
  const treatments = new Map<string, SteppedTreatment>(
    deps.treatments.treatments.map(({ id, codeSets, level, traits }) => [
      id,
      {
        codeSets,
        level,
        isDestructive: traits?.includes('destructive') === true,
      },
    ]),
  );
  const trials = compileTrials(trialsFile, treatments, deps);
  const { relief, gapDays, precedence } = trialsFile.document;
  const isProcedure = ({ level, isDestructive }: SteppedTreatment): boolean =>
    level !== undefined || isDestructive;
  return {
    treatments,
    treatmentsOfSet: groupBySet(treatments, trials),
    classes: new Set(
      deps.treatments.treatments.flatMap(({ id, kind }) =>
        kind === 'drug' || kind === 'non-drug' ? [id] : [],
      ),
    ),
    procedures: [...treatments].flatMap(([id, known]) => (isProcedure(known) ? [id] : [])),
    levelled: new Set(
      [...treatments].flatMap(([id, { level }]) => (level === undefined ? [] : [id])),
    ),
    trialsOf: groupTrials(trials),
    relief,
    gapDays,
    precedence,
    ...compileSteps(stepsFile, treatments, deps),
    ...compileDynamic(dynamicFile, deps),
    held: heldLines(deps.guidance, deps.texts.laterStep),
    texts: deps.texts,
  };
};
