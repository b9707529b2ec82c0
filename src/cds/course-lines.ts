// What a pain card says about the course of treatment: step; change, next evaluation, order, opioids. Must not decide any of it.
import type { EvaluatedProblem, Evaluation } from '../pain/evaluation.js';
import type { MeasureChange, Trial } from '../pain/progress.js';
import { isRedFlagFirst } from './advice-lines.js';
import type { CardTexts } from './card-texts.js';
import type { DetailLine } from './fit-detail.js';
import { shortList, treatmentName } from './record-lines.js';
import { flat, rememberByObject, rememberByTexts } from './remember.js';
import type { SortedAdvice } from './sort-advice.js';

const MAX_TEXT = 170;
const MAX_NAMES = 3;
const MAX_CHANGES = 3;

/** The lines in reading order; what is the patient's own stands with the first pain only. */
export function courseLines(
  evaluation: Evaluation,
  evaluated: EvaluatedProblem,
  advice: SortedAdvice,
  texts: CardTexts,
): DetailLine[] {
  const lines = orderLines(evaluated, texts);
  const change = changeLine(evaluated, texts);
  if (change) lines.push(change);
  const next = nextLine(evaluated, advice, texts);
  if (next) lines.push(next);
  const opioids = evaluated === evaluation.problems[0] ? opioidLine(evaluation, texts) : undefined;
  if (opioids) lines.push(opioids);
  return lines;
}

/** The next step and what is taken now: read before anything is added. */
export function stepLines(
  { stepwise, trials = [] }: EvaluatedProblem,
  texts: CardTexts,
  mayName: boolean,
): DetailLine[] {
  if (!stepwise) return [];
  const running: string[] = [];
  if (mayName)
    for (const trial of trials) if (trial.isRunning) running.push(takenText(trial, texts));
  const { step, because } = stepwise;
  const text =
    running.length === 0
      ? stepIn(texts)(step, because)
      : stepText(step, because, shortList(running, MAX_NAMES, texts), texts);
  return [{ text, rank: 0 }];
}

/** A step that nothing is taken beside. */
const stepIn = rememberByObject((texts: CardTexts) =>
  rememberByTexts((step, because) => flat(stepText(step, because, '', texts))),
);

function stepText(step: string, because: string, names: string, { say, own }: CardTexts): string {
  const running = names && say.stepRunning.markdown({ names: { safe: names } });
  return say.step.markdown({
    step: { safe: step },
    because: { safe: own(because, MAX_TEXT) },
    running: { safe: running },
  });
}

function orderLines({ ordering = [] }: EvaluatedProblem, texts: CardTexts): DetailLine[] {
  if (ordering.length === 0) return [];
  const messages = [...new Set(ordering.map(({ message }) => message))];
  return messages.map((message) => ({
    text: texts.say.order.markdown({ message: { safe: texts.own(message, MAX_TEXT) } }),
    rank: 3,
  }));
}

function changeLine({ change }: EvaluatedProblem, texts: CardTexts): DetailLine | undefined {
  if (!change) return undefined;
  const { say } = texts;
  const items = [
    ...change.measures.slice(0, MAX_CHANGES).map((measure) => measureText(measure, texts)),
    ...change.labels.map(({ category, change: how, from, to }) =>
      say.labelChange.markdown({
        category: { safe: texts.categories[category] ?? texts.own(category, 40) },
        change: { safe: texts.labelChanges[how] ?? how },
        grade: { safe: texts.gradeNames[to ?? from ?? ''] ?? '' },
      }),
    ),
    ...(change.isGoalReached ? [say.goalReached.markdown({})] : []),
    ...(change.advice === undefined ? [] : [texts.own(change.advice, MAX_TEXT)]),
  ];
  return {
    text: say.change.markdown({ items: { safe: items.join(texts.separators.clauses) } }),
    rank: 0,
  };
}

function measureText({ label, from, to, says }: MeasureChange, texts: CardTexts): string {
  const saying = { safe: texts.own(says ?? '', 90) };
  return texts.say.measureChange.markdown({
    label: { safe: texts.own(label, 40) },
    from: { safe: `${from.value}` },
    to: { safe: `${to.value}` },
    since: { safe: texts.date(from.date) },
    at: { safe: texts.date(to.date) },
    says: { safe: says === undefined ? '' : texts.say.changeSays.markdown({ says: saying }) },
  });
}

/** When to look again, where no line of advice says it already. */
function nextLine(
  evaluated: EvaluatedProblem,
  { offers }: SortedAdvice,
  texts: CardTexts,
): DetailLine | undefined {
  const { nextEvaluation } = evaluated;
  if (!nextEvaluation || isRedFlagFirst(evaluated)) return undefined;
  if (offers.some(({ principle }) => principle === 'dynamic-evaluation')) return undefined;
  const text = { safe: texts.own(nextEvaluation.text, MAX_TEXT) };
  return { text: texts.say.nextEvaluation.markdown({ text }), rank: 2 };
}

function opioidLine({ opioids }: Evaluation, texts: CardTexts): DetailLine | undefined {
  if (!opioids) return undefined;
  const { say } = texts;
  const template = opioids.isExact ? say.opioids : say.opioidsAtLeast;
  const text = template.markdown({
    mme: { safe: `${opioids.mmePerDay}` },
    source: { safe: texts.own(opioids.source, 120) },
  });
  return { text, rank: 0 };
}

/** How long it is taken tells whether the record is still to be believed. */
function takenText({ treatment, since }: Trial, texts: CardTexts): string {
  const name = treatmentName(treatment, texts);
  if (since === undefined) return name;
  return texts.say.takenSince.markdown({
    name: { safe: name },
    date: { safe: texts.date(since) },
  });
}
