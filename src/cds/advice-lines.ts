// What a pain card says about principles and what is offered. Must not decide any of it.
import type {
  Ask,
  EvaluatedProblem,
  PrincipleStatement,
  Recommendation,
} from '../pain/evaluation.js';
import { adviceTextsIn, MAX_ADVICE, offerText } from './advice-texts.js';
import type { CardTexts } from './card-texts.js';
import type { DetailLine } from './fit-detail.js';
import { count, dateOf, recordList } from './record-lines.js';
import { flat, rememberByObject, rememberByPair, rememberByTexts } from './remember.js';
import type { SortedAdvice } from './sort-advice.js';

const MAX_CAUTION = 100;
const MAX_FOLLOWS = 30;
const MAX_OZONE = 360;
const MAX_RECORDS = 2;
const MAX_UNLOCKS = 100;

/** True while a red flag comes before every step (treatment.md 5.3): the card then leaves the rest to it. */
export function isRedFlagFirst({ stepwise }: EvaluatedProblem): boolean {
  return stepwise?.step === '0';
}

/** What is offered, each line under its principle. */
export function offeredLines(
  { offers }: SortedAdvice,
  evaluated: EvaluatedProblem,
  texts: CardTexts,
): DetailLine[] {
  const said: string[] = [];
  const textsOf = adviceTextsIn(texts);
  return offers.map((line, i) => {
    const of = textsOf(line.advice ?? line);
    const checked =
      line.status === 'caution' ? cautionText(line, said, texts) : checkedText(line, texts);
    const text = of.asksForImaging ? imagedText(of.text, evaluated, texts) : of.text;
    const isPlain = checked === '' && text === of.text;
    return {
      text: isPlain ? of.offer : offerText(of, text, checked, texts),
      rank: Math.max(0, i - 1),
    };
  });
}

/** Whether a card's detail says a sentence of `cards/`. */
export function isSaid(text: string, detail: string, texts: CardTexts): boolean {
  return detail.includes(texts.own(text, MAX_ADVICE));
}

/** A sentence that asks for imaging says when the region was imaged, so that nothing is asked for twice. */
export function askText(text: string, evaluated: EvaluatedProblem, texts: CardTexts): string {
  const safe = texts.own(text, MAX_ADVICE);
  return isImaged(text, evaluated, texts) ? imagedText(safe, evaluated, texts) : safe;
}

/** What to record, with what it would settle. */
export function askLine(
  { text, unlocks }: Ask,
  evaluated: EvaluatedProblem,
  texts: CardTexts,
): string {
  if (unlocks === undefined) return askText(text, evaluated, texts);
  // What names a date of the patient is not remembered.
  if (isImaged(text, evaluated, texts))
    return unlocksText(askText(text, evaluated, texts), unlocks, texts);
  return unlocksIn(texts)(text, unlocks);
}

const unlocksIn = rememberByObject((texts: CardTexts) =>
  rememberByTexts((text, unlocks) =>
    flat(unlocksText(texts.own(text, MAX_ADVICE), unlocks, texts)),
  ),
);

function unlocksText(text: string, unlocks: string, texts: CardTexts): string {
  const settled = { safe: texts.own(unlocks, MAX_UNLOCKS) };
  return texts.say.unlocks.markdown({ text: { safe: text }, unlocks: settled });
}

/** Looked at in this order: most regions were never imaged. */
function isImaged(text: string, { imagingDone }: EvaluatedProblem, texts: CardTexts): boolean {
  return imagingDone.length > 0 && texts.asksForImaging(text);
}

function imagedText(
  safe: string,
  { imagingDone: [newest] }: EvaluatedProblem,
  texts: CardTexts,
): string {
  if (!newest) return safe;
  const date = dateOf(newest, texts);
  return texts.say.imaged.markdown({
    text: { safe },
    date: { safe: date && texts.say.imagedOn.markdown({ date: { safe: date } }) },
  });
}

/** The eight principles in one paragraph by how article and guidelines agree, and what the card follows where they do not; the page has them in full. */
export function principleLines(
  principles: readonly PrincipleStatement[],
  texts: CardTexts,
): readonly DetailLine[] {
  return principles.length === 0 ? [] : principleLinesIn(texts)(principles);
}

/** The principles of a category are one object: their paragraph is composed once in each language. */
const principleLinesIn = rememberByPair(
  (principles: readonly PrincipleStatement[], texts: CardTexts): readonly DetailLine[] => {
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
        text: flat(
          say.principles.markdown({ items: { safe: items.join(texts.separators.records) } }),
        ),
        rank: -1,
      },
    ];
  },
);

/** What is said first, without the explanation behind it. */
export function leadOf(text: string, end: string | RegExp = /[:;,]/): string {
  return text.split(end)[0]?.trim() ?? text;
}

/** What a check warns of; what a line above warned of is not said twice. */
function cautionText(line: Recommendation, said: string[], texts: CardTexts): string {
  const { reason = '' } = line;
  if (said.includes(reason)) return texts.say.cautionAbove.markdown({});
  said.push(reason);
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
export function decidingRecords(
  { checks: [first] }: Recommendation,
  texts: CardTexts,
  most = MAX_RECORDS,
): string {
  if (!first || first.findings.length === 0) return '';
  const records = recordList(first.findings, texts, most);
  return texts.say.onRecord.markdown({ records });
}

/** What holds for the recommendations as a whole: remarks of the core, and that this is no interaction check (CO-3). */
export function remarkLines(
  { isChecked }: SortedAdvice,
  { remarks }: EvaluatedProblem,
  texts: CardTexts,
): DetailLine[] {
  const lines = remarks.map((text) => ({ text: texts.own(text, MAX_ADVICE), rank: 0 }));
  if (isChecked) lines.push({ text: texts.say.notInteractionCheck.markdown({}), rank: 0 });
  return lines;
}

/** What the scheme's source says of ozone, where a site enabled it: as information, never as advice (OC-2, OC-8). */
export function ozoneLines({ ozone }: EvaluatedProblem, texts: CardTexts): DetailLine[] {
  return ozone === undefined ? [] : [{ text: texts.own(ozone, MAX_OZONE), rank: 0 }];
}
