// What a pain card says about principles and treatments: offered, withheld, not advised, article only. Must not decide any of it.
import type { EvaluatedProblem, PrincipleStatement, Recommendation } from '../pain/evaluation.js';
import type { CardTexts } from './card-texts.js';
import type { DetailLine } from './fit-detail.js';
import { count, dateOf, recordList, shortList, treatmentName } from './record-lines.js';

const MAX_OFFERED = 6;
const MAX_TEXT = 170;
const MAX_REASON = 120;
const MAX_CAUTION = 80;
const MAX_FOLLOWS = 30;
const MAX_NAMES = 4;
const MAX_OZONE = 330;
const MAX_RECORDS = 2;

/** Strongest first. */
const STRENGTHS = ['strong-for', 'weak-for'];
/** The order of the scheme's own step principle. */
const STEPS = ['conservative', 'minimally-invasive', 'comprehensive'];

/** What is offered, each line under its principle: the most useful line of every principle before a second one of any. */
export function offeredLines(evaluated: EvaluatedProblem, texts: CardTexts): DetailLine[] {
  const offered = evaluated.recommendations
    .filter(({ status }) => status === 'offered' || status === 'caution')
    .sort(mostUsefulFirst);
  const first = firstOfEach(offered);
  const rest = offered.filter((line) => !first.includes(line));
  return [...first, ...rest].slice(0, MAX_OFFERED).map((line, i) => ({
    text: texts.say.offered.markdown({
      principle: { safe: texts.principles[line.principle] ?? '' },
      text: { safe: offeredText(line, evaluated, texts) },
      source: { safe: sourceOf(line, texts) },
      checked: { safe: checkedText(line, texts) },
    }),
    rank: i < 4 ? 0 : i === 4 ? 2 : 4,
  }));
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

/** Withheld, not advised, tried and article-only treatments, one line for each reason; unnamed where no treatment may be named. */
export function heldBackLines(
  { recommendations }: EvaluatedProblem,
  texts: CardTexts,
  mayName: boolean,
): DetailLine[] {
  const { say } = texts;
  const of = (status: Recommendation['status']) =>
    recommendations.filter((line) => line.status === status);
  const lines: DetailLine[] = [...withheldLines(of('withheld'), texts, mayName)];
  if (!mayName) return lines;
  const list = (some: readonly Recommendation[]) => {
    const names = [...new Set(some.map((line) => lineName(line, texts)))];
    return { names: { safe: shortList(names, MAX_NAMES, texts) } };
  };
  const [notAdvised, tried, [article]] = [of('not-advised'), of('tried'), of('source-only')];
  if (notAdvised.length > 0)
    lines.push({ text: say.notAdvised.markdown(list(notAdvised)), rank: 0 });
  if (tried.length > 0) lines.push({ text: say.tried.markdown(list(tried)), rank: 3 });
  if (article) {
    const text = { safe: texts.own(article.text, MAX_TEXT) };
    lines.push({ text: say.sourceOnly.markdown({ text }), rank: 7 });
  }
  return lines;
}

/** The eight principles in one paragraph, each with what the card follows, agreement and certainty; the page has them in full. */
export function principleLines(
  principles: readonly PrincipleStatement[],
  texts: CardTexts,
): DetailLine[] {
  if (principles.length === 0) return [];
  const items = principles.map((p) =>
    texts.say.principle.markdown({
      name: { safe: texts.principles[p.principle] ?? '' },
      follows: { safe: texts.own(leadOf(p.follows), MAX_FOLLOWS) },
      agreement: { safe: texts.agreements[p.agreement] ?? texts.own(p.agreement, 20) },
      certainty: { safe: texts.certainties[p.certainty] ?? texts.own(p.certainty, 20) },
    }),
  );
  return [
    {
      text: texts.say.principles.markdown({
        items: { safe: items.join(texts.separators.records) },
      }),
      rank: -1,
    },
  ];
}

/** What is followed, without the explanation behind it. */
export function leadOf(follows: string): string {
  return follows.split(/[:;,]/)[0]?.trim() ?? follows;
}

/** The first source of a statement, as it stands behind it. */
export function sourceOf(
  { sources: [first] }: { readonly sources: readonly string[] },
  texts: CardTexts,
): string {
  if (first === undefined) return '';
  const source = { safe: texts.sourceNames[first] ?? texts.own(first, 40) };
  return texts.say.sourced.markdown({ source });
}

function offeredText(line: Recommendation, evaluated: EvaluatedProblem, texts: CardTexts): string {
  const text = askText(line.text, evaluated, texts);
  if (line.status !== 'caution') return text;
  const reason = { safe: texts.own(line.reason ?? '', MAX_CAUTION) };
  return texts.say.caution.markdown({
    text: { safe: text },
    reason,
    records: { safe: decidingRecords(line, texts) },
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
function decidingRecords({ checks: [first] }: Recommendation, texts: CardTexts): string {
  if (!first || first.findings.length === 0) return '';
  const records = recordList(first.findings, texts, MAX_RECORDS);
  return texts.say.onRecord.markdown({ records });
}

interface Withheld {
  readonly names: Set<string>;
  readonly records: string;
  readonly alternative: string | undefined;
}

function withheldLines(
  withheld: readonly Recommendation[],
  texts: CardTexts,
  mayName: boolean,
): DetailLine[] {
  const byReason = new Map<string, Withheld>();
  for (const line of withheld) {
    const { reason = '', alternative } = line;
    const same = byReason.get(reason);
    const name = lineName(line, texts);
    if (same) same.names.add(name);
    else {
      const records = decidingRecords(line, texts);
      byReason.set(reason, { names: new Set([name]), records, alternative });
    }
  }
  return [...byReason].map(([why, { names, records, alternative }], i) => {
    const reason = { safe: texts.own(why, MAX_REASON) };
    const other = alternative === undefined ? '' : treatmentName(alternative, texts);
    const text = mayName
      ? texts.say.withheld.markdown({
          reason,
          ...count(names.size),
          names: { safe: shortList([...names], MAX_NAMES, texts) },
          records: { safe: records },
          instead: { safe: other && texts.say.instead.markdown({ name: { safe: other } }) },
        })
      : texts.say.withheldUnnamed.markdown({ reason });
    return { text, rank: i === 0 ? 0 : 1 };
  });
}

/** What the checks of withheld treatments lack, the most wanted first (CO-4); stands among the first lines of a card. */
export function needsLine({ recommendations }: EvaluatedProblem, texts: CardTexts): DetailLine[] {
  const wanted = new Map<string, number>();
  const names = new Set<string>();
  for (const line of recommendations) {
    if (line.status !== 'withheld') continue;
    const needed: string[] = [];
    for (const { needs } of line.checks)
      if (needs !== undefined && !needed.includes(needs)) needed.push(needs);
    for (const need of needed) wanted.set(need, (wanted.get(need) ?? 0) + 1);
    if (needed.length > 0) names.add(lineName(line, texts));
  }
  if (wanted.size === 0) return [];
  const needs = [...wanted].sort(([, a], [, b]) => b - a).map(([need]) => texts.own(need, 60));
  return [
    {
      text: texts.say.checksNeed.markdown({
        needs: { safe: shortList(needs, MAX_NAMES, texts, 'clauses') },
        ...count(names.size),
      }),
      rank: 0,
    },
  ];
}

/** What holds for the recommendations as a whole: remarks of the core, and that this is no interaction check (CO-3). */
export function remarkLines(evaluated: EvaluatedProblem, texts: CardTexts): DetailLine[] {
  const remarks = evaluated.remarks.map((text) => ({ text: texts.own(text, MAX_TEXT), rank: 0 }));
  const isChecked = evaluated.recommendations.some(
    ({ checksEvaluated = 0, status }) =>
      checksEvaluated > 0 && (status === 'offered' || status === 'caution'),
  );
  if (!isChecked) return remarks;
  return [...remarks, { text: texts.say.notInteractionCheck.markdown({}), rank: 0 }];
}

/** What the scheme's source says of ozone, where a site enabled it: as information, never as advice (OC-2, OC-8). */
export function ozoneLines({ ozone }: EvaluatedProblem, texts: CardTexts): DetailLine[] {
  return ozone === undefined ? [] : [{ text: texts.own(ozone, MAX_OZONE), rank: 0 }];
}

function lineName({ treatment, text }: Recommendation, texts: CardTexts): string {
  return treatment === undefined ? texts.own(text, 50) : treatmentName(treatment, texts);
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
