// What a pain card says about principles and treatments: offered, withheld, not advised, article only. Must not decide any of it.
import type { EvaluatedProblem, PrincipleStatement, Recommendation } from '../pain/evaluation.js';
import type { CardTexts } from './card-texts.js';
import type { DetailLine } from './fit-detail.js';
import { count, dateOf, recordList, shortList, treatmentName } from './record-lines.js';
import { rememberByObject } from './remember.js';

const MAX_OFFERED = 5;
const MAX_TEXT = 170;
const MAX_REASON = 120;
const MAX_CAUTION = 100;
const MAX_FOLLOWS = 30;
const MAX_NAMES = 4;
const MAX_OZONE = 360;
const MAX_RECORDS = 2;

/** Strongest first. */
const STRENGTHS = ['strong-for', 'weak-for'];
/** The order of the scheme's own step principle. */
const STEPS = ['conservative', 'minimally-invasive', 'comprehensive'];

/** True while a red flag comes before every step (treatment.md 5.3): the card then leaves the rest to it. */
export function isRedFlagFirst({ stepwise }: EvaluatedProblem): boolean {
  return stepwise?.step === '0';
}

/** The lines a card offers, the most useful of every principle before a second one of any; strong ones first, then in the order of the principles. */
export const offersOf = rememberByObject(offersOfProblem);

function offersOfProblem({
  recommendations,
  principles,
}: EvaluatedProblem): readonly Recommendation[] {
  const offered = recommendations.filter(isOffered).sort(mostUsefulFirst);
  const first = firstOfEach(offered);
  const rest = offered.filter((line) => !first.includes(line));
  const orderOf = ({ principle }: Recommendation): number =>
    principles.findIndex((statement) => statement.principle === principle);
  const inOrder = (lines: readonly Recommendation[]) =>
    [...lines].sort((a, b) => strengthOrder(a) - strengthOrder(b) || orderOf(a) - orderOf(b));
  return [...inOrder(first), ...rest].slice(0, MAX_OFFERED);
}

/** What is offered, each line under its principle. */
export function offeredLines(evaluated: EvaluatedProblem, texts: CardTexts): DetailLine[] {
  const said = new Set<string>();
  return offersOf(evaluated).map((line, i) => ({
    text: texts.say.offered.markdown({
      principle: { safe: texts.principles[line.principle] ?? '' },
      text: { safe: askText(line.text, evaluated, texts) },
      source: { safe: sourceOf(line, texts) },
      checked: {
        safe: line.status === 'caution' ? cautionText(line, said, texts) : checkedText(line, texts),
      },
    }),
    rank: Math.max(0, i - 1),
  }));
}

function isOffered({ status }: Recommendation): boolean {
  return status === 'offered' || status === 'caution';
}

/** The best line of each principle; of those against the cause two, where two treatments are equally advised (D7). */
function firstOfEach(offered: readonly Recommendation[]): readonly Recommendation[] {
  const best = new Map<string, Recommendation>();
  for (const line of offered) if (!best.has(line.principle)) best.set(line.principle, line);
  const cause = best.get('target-cause');
  const equal = offered.find(
    (line) =>
      cause?.treatment !== undefined &&
      line.principle === cause.principle &&
      line.treatment !== undefined &&
      line.treatment !== cause.treatment &&
      line.strength === cause.strength &&
      line.step === cause.step,
  );
  return [...best.values()].flatMap((line) => (line === cause && equal ? [line, equal] : [line]));
}

/** Whether a card's detail says a sentence of `cards/`. */
export function isSaid(text: string, detail: string, texts: CardTexts): boolean {
  return detail.includes(texts.own(text, MAX_TEXT));
}

/** A sentence that asks for imaging says when the region was imaged, so that nothing is asked for twice. */
export function askText(text: string, evaluated: EvaluatedProblem, texts: CardTexts): string {
  const safe = texts.own(text, MAX_TEXT);
  const [newest] = evaluated.imagingDone;
  if (!newest || !texts.asksForImaging(text)) return safe;
  const date = dateOf(newest, texts);
  return texts.say.imaged.markdown({
    text: { safe },
    date: { safe: date && texts.say.imagedOn.markdown({ date: { safe: date } }) },
  });
}

/**
 * Withheld, not advised, tried and article-only treatments, one line for each reason; unnamed where no treatment may be named.
 * What an open red flag keeps back altogether is said by the step alone.
 */
export function heldBackLines(
  evaluated: EvaluatedProblem,
  texts: CardTexts,
  mayName: boolean,
): DetailLine[] {
  const { say } = texts;
  if (isRedFlagFirst(evaluated)) return [];
  const of = (status: Recommendation['status']) =>
    evaluated.recommendations.filter((line) => line.status === status);
  const lines: DetailLine[] = [...withheldLines(of('withheld'), evaluated, texts, mayName)];
  if (!mayName) return lines;
  const list = (some: readonly Recommendation[]) => {
    // What is taken now comes first: it is what the advice is about.
    const sorted = [...some].sort(
      (a, b) => Number(isTaken(b, evaluated)) - Number(isTaken(a, evaluated)),
    );
    const names = [...new Set(sorted.map((line) => adviceName(line, evaluated, texts)))];
    return { names: { safe: shortList(names, MAX_NAMES, texts) } };
  };
  const [notAdvised, tried, [article]] = [of('not-advised'), of('tried'), of('source-only')];
  if (notAdvised.length > 0)
    lines.push({ text: say.notAdvised.markdown(list(notAdvised)), rank: 1 });
  if (tried.length > 0) lines.push({ text: say.tried.markdown(list(tried)), rank: 3 });
  if (article) {
    const text = { safe: texts.own(article.text, MAX_TEXT) };
    lines.push({ text: say.sourceOnly.markdown({ text }), rank: 7 });
  }
  return lines;
}

/** The eight principles in one paragraph by how article and guidelines agree, and what the card follows where they do not; the page has them in full. */
export function principleLines(
  principles: readonly PrincipleStatement[],
  texts: CardTexts,
): DetailLine[] {
  if (principles.length === 0) return [];
  const { say } = texts;
  const groups = new Map<
    string,
    { readonly agreement: string; follows: string; names: string[] }
  >();
  for (const { principle, agreement, follows: what } of principles) {
    const follows = agreement === 'agrees' ? '' : leadOf(what);
    const key = `${agreement} ${follows}`;
    const group = groups.get(key) ?? { agreement, follows, names: [] };
    group.names.push(texts.principles[principle] ?? '');
    groups.set(key, group);
  }
  const items = [...groups.values()].map(({ agreement, follows, names }) => {
    const followed = { follows: { safe: texts.own(follows, MAX_FOLLOWS) } };
    return say.principleGroup.markdown({
      agreement: { safe: texts.agreements[agreement] ?? texts.own(agreement, 20) },
      names: { safe: names.join(texts.separators.list) },
      follows: { safe: follows === '' ? '' : say.principleFollows.markdown(followed) },
    });
  });
  return [
    {
      text: say.principles.markdown({ items: { safe: items.join(texts.separators.records) } }),
      rank: -1,
    },
  ];
}

/** What is said first, without the explanation behind it. */
export function leadOf(text: string, end: string | RegExp = /[:;,]/): string {
  return text.split(end)[0]?.trim() ?? text;
}

interface Cited {
  readonly sources: readonly string[];
  readonly certainty?: string;
}

/** The reference of a line (D4) with the certainty of its evidence, where a publication gives one. */
export function sourceOf(
  { sources: [first], certainty = 'none' }: Cited,
  texts: CardTexts,
): string {
  if (first === undefined) return '';
  const known = texts.sourceNames[first];
  const source = { safe: known ?? texts.own(first, 40) };
  const graded = texts.certainties[certainty];
  return known !== undefined || certainty === 'none' || graded === undefined
    ? texts.say.offeredSource.markdown({ source })
    : texts.say.offeredCertainty.markdown({ source, certainty: { safe: graded } });
}

/** What a check warns of; what a line above warned of is not said twice. */
function cautionText(line: Recommendation, said: Set<string>, texts: CardTexts): string {
  const { reason = '' } = line;
  if (said.has(reason)) return texts.say.cautionAbove.markdown({});
  said.add(reason);
  const whole = texts.translate(reason);
  const short = whole.length > MAX_CAUTION ? leadOf(whole, texts.separators.clauses.trim()) : whole;
  return texts.say.caution.markdown({
    reason: { safe: texts.own(short, MAX_CAUTION) },
    records: { safe: decidingRecords(line, texts, 1) },
  });
}

/** How many rules were judged for a line that none of them holds back (CO-1). */
function checkedText(line: Recommendation, texts: CardTexts): string {
  const { checksEvaluated = 0, notAssessed = [], status } = line;
  if (checksEvaluated === 0 || status !== 'offered') return '';
  const { checked, checkedPart } = texts.say;
  const counted = count(checksEvaluated);
  if (notAssessed.length === 0) return checked.markdown(counted);
  return checkedPart.markdown({ ...counted, open: { safe: `${notAssessed.length}` } });
}

/** The records of the check that decided, with their dates (CO-1). */
function decidingRecords(
  { checks: [first] }: Recommendation,
  texts: CardTexts,
  most = MAX_RECORDS,
): string {
  if (!first || first.findings.length === 0) return '';
  const records = recordList(first.findings, texts, most);
  return texts.say.onRecord.markdown({ records });
}

interface Withheld {
  readonly names: Set<string>;
  readonly records: string;
  readonly alternative: string | undefined;
  readonly isForbidden: boolean;
  /** Taken against the check: before all others. */
  readonly isTaken: boolean;
}

/** What a check forbids for this patient first; what lacks a datum stands in `needsLine`, what is taken and not forbidden beside the step. */
function withheldLines(
  withheld: readonly Recommendation[],
  evaluated: EvaluatedProblem,
  texts: CardTexts,
  mayName: boolean,
): DetailLine[] {
  const byReason = new Map<string, Withheld>();
  for (const line of withheld) {
    const { reason = '', alternative, isForbidden = false } = line;
    if (!isOfStep(line, evaluated)) continue;
    if (mayName && !isForbidden && (lacksDatum(line) || isTaken(line, evaluated))) continue;
    if (restsOnItself(line, evaluated)) continue;
    const same = byReason.get(reason);
    const name = adviceName(line, evaluated, texts);
    if (same) same.names.add(name);
    else {
      const records = decidingRecords(line, texts);
      const ofFirst = { isForbidden, isTaken: isTaken(line, evaluated) };
      byReason.set(reason, { names: new Set([name]), records, alternative, ...ofFirst });
    }
  }
  const inOrder = [...byReason].sort(
    ([, a], [, b]) =>
      Number(b.isForbidden) - Number(a.isForbidden) || Number(b.isTaken) - Number(a.isTaken),
  );
  return inOrder.map(([why, { names, records, alternative, ...of }]) => {
    const reason = { safe: texts.own(why, MAX_REASON) };
    const other = alternative === undefined ? '' : treatmentName(alternative, texts);
    const text = mayName
      ? texts.say.withheld.markdown({
          reason,
          names: { safe: shortList([...names], MAX_NAMES, texts) },
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
  return checks.some(({ needs }) => needs !== undefined);
}

function isTaken({ treatment }: Recommendation, { trials = [] }: EvaluatedProblem): boolean {
  return trials.some((trial) => trial.isRunning && trial.treatment === treatment);
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

/** What the checks of withheld treatments lack, the most wanted first (CO-4); stands among the first lines of a card. */
export function needsLine(
  evaluated: EvaluatedProblem,
  texts: CardTexts,
  mayName: boolean,
): DetailLine[] {
  if (!mayName || isRedFlagFirst(evaluated)) return [];
  const wanted = new Map<string, { readonly need: string; count: number }>();
  const names = new Set<string>();
  for (const line of evaluated.recommendations) {
    if (line.status !== 'withheld' || line.isForbidden || !lacksDatum(line)) continue;
    if (!isOfStep(line, evaluated)) continue;
    names.add(adviceName(line, evaluated, texts));
    const needed = new Map<string, string>();
    for (const { needs } of line.checks)
      for (const need of needs?.split('; ') ?? []) {
        const datum = leadOf(need.replace('(', ','));
        if (!needed.has(datum)) needed.set(datum, need);
      }
    for (const [datum, need] of needed) {
      const same = wanted.get(datum);
      if (same) same.count += 1;
      else wanted.set(datum, { need, count: 1 });
    }
  }
  if (wanted.size === 0) return [];
  const needs = [...wanted.values()]
    .sort((a, b) => b.count - a.count)
    .map(({ need }) => texts.own(need, 60));
  return [
    {
      text: texts.say.checksNeed.markdown({
        needs: { safe: shortList(needs, MAX_NAMES, texts, 'clauses') },
        names: { safe: shortList([...names], MAX_NAMES, texts) },
      }),
      rank: 0,
    },
  ];
}

/** What holds for the recommendations as a whole: remarks of the core, and that this is no interaction check (CO-3). */
export function remarkLines(evaluated: EvaluatedProblem, texts: CardTexts): DetailLine[] {
  const remarks = evaluated.remarks.map((text) => ({ text: texts.own(text, MAX_TEXT), rank: 0 }));
  const isChecked = evaluated.recommendations.some(
    (line) => (line.checksEvaluated ?? 0) > 0 && isOffered(line),
  );
  if (!isChecked) return remarks;
  return [...remarks, { text: texts.say.notInteractionCheck.markdown({}), rank: 0 }];
}

/** What the scheme's source says of ozone, where a site enabled it: as information, never as advice (OC-2, OC-8). */
export function ozoneLines({ ozone }: EvaluatedProblem, texts: CardTexts): DetailLine[] {
  return ozone === undefined ? [] : [{ text: texts.own(ozone, MAX_OZONE), rank: 0 }];
}

function adviceName(line: Recommendation, evaluated: EvaluatedProblem, texts: CardTexts): string {
  const { treatment, text } = line;
  if (treatment === undefined) return texts.own(text, 50);
  const name = treatmentName(treatment, texts);
  return isTaken(line, evaluated) ? texts.say.takenNow.markdown({ name: { safe: name } }) : name;
}

/** Earlier steps before later ones, strong before weak, clear before caution, a treatment before a remark, what is meant for this syndrome before what holds for all. */
function mostUsefulFirst(a: Recommendation, b: Recommendation): number {
  return (
    STEPS.indexOf(a.step ?? '') - STEPS.indexOf(b.step ?? '') ||
    strengthOrder(a) - strengthOrder(b) ||
    Number(a.status === 'caution') - Number(b.status === 'caution') ||
    Number(a.treatment === undefined) - Number(b.treatment === undefined) ||
    Number(isGeneral(a)) - Number(isGeneral(b))
  );
}

function strengthOrder({ strength }: Recommendation): number {
  const at = STRENGTHS.indexOf(strength);
  return at < 0 ? STRENGTHS.length : at;
}

function isGeneral({ id }: Recommendation): boolean {
  return id.includes('.general.');
}
