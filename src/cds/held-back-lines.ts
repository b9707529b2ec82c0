// What a pain card says of treatments that are not offered: withheld, what checks lack, not advised, tried, article only. Must not decide any of it.
import type { EvaluatedProblem, Recommendation } from '../pain/evaluation.js';
import { decidingRecords, isRedFlagFirst, leadOf } from './advice-lines.js';
import { adviceTextsIn } from './advice-texts.js';
import type { CardTexts } from './card-texts.js';
import type { DetailLine } from './fit-detail.js';
import { shortList, treatmentName } from './record-lines.js';
import { rememberByObject, rememberByText } from './remember.js';
import type { SortedAdvice } from './sort-advice.js';

const MAX_REASON = 120;
const MAX_NEED = 60;
const MAX_NAMES = 4;
/** Between the data that one check lacks. */
const NEEDS = '; ';

/**
 * Withheld, not advised, tried and article-only treatments, one line for each reason; unnamed where no treatment may be named.
 * What an open red flag keeps back altogether is said by the step alone.
 */
export function heldBackLines(
  advice: SortedAdvice,
  evaluated: EvaluatedProblem,
  texts: CardTexts,
  mayName: boolean,
): DetailLine[] {
  const { say } = texts;
  if (isRedFlagFirst(evaluated)) return [];
  const lines = withheldLines(advice, evaluated, texts, mayName);
  if (!mayName) return lines;
  const { notAdvised, tried, sourceOnly, taken } = advice;
  if (notAdvised.length > 0) {
    const names = { safe: namesOf(notAdvised, taken, texts) };
    lines.push({ text: say.notAdvised.markdown({ names }), rank: 1 });
  }
  if (tried.length > 0) {
    const names = { safe: namesOf(tried, taken, texts) };
    lines.push({ text: say.tried.markdown({ names }), rank: 3 });
  }
  if (sourceOnly) {
    const { text } = adviceTextsIn(texts)(sourceOnly.advice ?? sourceOnly);
    lines.push({ text: say.sourceOnly.markdown({ text: { safe: text } }), rank: 7 });
  }
  return lines;
}

/** The names of the lines, each once. What is taken now comes first: it is what the advice is about. */
function namesOf(
  lines: readonly Recommendation[],
  taken: readonly string[],
  texts: CardTexts,
): string {
  const names: string[] = [];
  const textsOf = adviceTextsIn(texts);
  for (const line of taken.length > 0 ? lines : []) {
    if (!isTaken(line, taken)) continue;
    const { nameTaken } = textsOf(line.advice ?? line);
    if (!names.includes(nameTaken)) names.push(nameTaken);
  }
  for (const line of lines) {
    if (isTaken(line, taken)) continue;
    const { name } = textsOf(line.advice ?? line);
    if (!names.includes(name)) names.push(name);
  }
  return shortList(names, MAX_NAMES, texts);
}

interface Withheld {
  readonly reason: string;
  readonly names: string[];
  readonly records: string;
  readonly alternative: string | undefined;
  readonly isForbidden: boolean;
  /** Taken against the check: before all others. */
  readonly isTaken: boolean;
}

/** What a check forbids for this patient first; what lacks a datum stands in `needsLine`, what is taken and not forbidden beside the step. */
function withheldLines(
  { withheld, taken }: SortedAdvice,
  evaluated: EvaluatedProblem,
  texts: CardTexts,
  mayName: boolean,
): DetailLine[] {
  const byReason: Withheld[] = [];
  for (const line of withheld) {
    const { reason = '', alternative, isForbidden = false } = line;
    if (!isOfStep(line, evaluated)) continue;
    const isOfTaken = isTaken(line, taken);
    if (mayName && !isForbidden && (isOfTaken || lacksDatum(line))) continue;
    if (isOfTaken && restsOnItself(line, evaluated)) continue;
    const same = byReason.find((other) => other.reason === reason);
    const name = adviceName(line, isOfTaken, texts);
    if (!same) {
      const records = decidingRecords(line, texts);
      const names = [name];
      byReason.push({ reason, names, records, alternative, isForbidden, isTaken: isOfTaken });
    } else if (!same.names.includes(name)) same.names.push(name);
  }
  byReason.sort(
    (a, b) =>
      Number(b.isForbidden) - Number(a.isForbidden) || Number(b.isTaken) - Number(a.isTaken),
  );
  return byReason.map(({ reason: why, names, records, alternative, ...of }) => {
    const reason = { safe: texts.own(why, MAX_REASON) };
    const other = alternative === undefined ? '' : treatmentName(alternative, texts);
    const text = mayName
      ? texts.say.withheld.markdown({
          reason,
          names: { safe: shortList(names, MAX_NAMES, texts) },
          records: { safe: records },
          instead: { safe: other && texts.say.instead.markdown({ name: { safe: other } }) },
        })
      : texts.say.withheldUnnamed.markdown({ reason });
    return { text, rank: !of.isForbidden ? 7 : of.isTaken ? -1 : 1 };
  });
}

/** False for what waits for a later step: it is no matter of today. */
function isOfStep({ step }: Recommendation, { stepwise }: EvaluatedProblem): boolean {
  return step === 'conservative' || step === undefined || !stepwise?.step.startsWith('1');
}

function lacksDatum({ checks }: Recommendation): boolean {
  for (const { needs } of checks) if (needs !== undefined) return true;
  return false;
}

function isTaken({ treatment }: Recommendation, taken: readonly string[]): boolean {
  return treatment !== undefined && taken.includes(treatment);
}

/** True where nothing but the record of the running treatment itself forbids it: no reason to withhold it. */
function restsOnItself(
  { treatment, checks }: Recommendation,
  { trials = [] }: EvaluatedProblem,
): boolean {
  const taken = trials.find((trial) => trial.isRunning && trial.treatment === treatment);
  const blocking = checks.filter(({ outcome }) => outcome === 'blocked');
  return (
    taken !== undefined &&
    blocking.length > 0 &&
    blocking.every(
      ({ findings }) => findings.length > 0 && findings.every((f) => taken.findings.includes(f)),
    )
  );
}

/** A datum that a check lacks. */
interface Need {
  /** The datum alone; equal ones are one string, so that comparing them is cheap. */
  readonly datum: string;
  /** With the explanation that stands behind it, escaped for Markdown. */
  readonly text: string;
}

/** The data that a rule asks for; taken apart once in each language. */
const needsIn = rememberByObject((texts: CardTexts) => {
  const one = rememberByText((datum) => datum);
  return rememberByText((needs): readonly Need[] =>
    needs.split(NEEDS).map((need) => ({
      datum: one(leadOf(need.replace('(', ','))),
      text: texts.own(need, MAX_NEED),
    })),
  );
});

interface Wanted {
  readonly need: Need;
  /** The last line that lacks it. */
  line: Recommendation;
  /** How many lines lack it. */
  count: number;
}

/** What the checks of withheld treatments lack, the most wanted first (CO-4); stands among the first lines of a card. */
export function needsLine(
  { withheld, taken }: SortedAdvice,
  evaluated: EvaluatedProblem,
  texts: CardTexts,
  mayName: boolean,
): DetailLine[] {
  if (!mayName || isRedFlagFirst(evaluated)) return [];
  const needsOf = needsIn(texts);
  const wanted: Wanted[] = [];
  const names: string[] = [];
  for (const line of withheld) {
    if (line.isForbidden || !lacksDatum(line) || !isOfStep(line, evaluated)) continue;
    const name = adviceName(line, isTaken(line, taken), texts);
    if (!names.includes(name)) names.push(name);
    for (const { needs } of line.checks)
      if (needs !== undefined) for (const need of needsOf(needs)) want(wanted, need, line);
  }
  if (wanted.length === 0) return [];
  const needs = wanted.sort((a, b) => b.count - a.count).map(({ need }) => need.text);
  return [
    {
      text: texts.say.checksNeed.markdown({
        needs: { safe: shortList(needs, MAX_NAMES, texts, 'clauses') },
        names: { safe: shortList(names, MAX_NAMES, texts) },
      }),
      rank: 0,
    },
  ];
}

/** Counts a datum once for a line, however many of its checks lack it. */
function want(wanted: Wanted[], need: Need, line: Recommendation): void {
  for (const same of wanted) {
    if (same.need.datum !== need.datum) continue;
    if (same.line !== line) same.count += 1;
    same.line = line;
    return;
  }
  wanted.push({ need, line, count: 1 });
}

function adviceName(line: Recommendation, isOfTaken: boolean, texts: CardTexts): string {
  const { name, nameTaken } = adviceTextsIn(texts)(line.advice ?? line);
  return isOfTaken ? nameTaken : name;
}
