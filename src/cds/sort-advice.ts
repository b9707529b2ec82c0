// The recommendations of one pain by what becomes of them, those offered in the order a card says them. Must not know texts.
import type {
  Advice,
  EvaluatedProblem,
  PrincipleStatement,
  Recommendation,
} from '../pain/evaluation.js';
import { rememberByObject } from './remember.js';

const MAX_OFFERED = 5;

/** Strongest first. */
const STRENGTHS = ['strong-for', 'weak-for'];
/** The order of the scheme's own step principle. */
const STEPS = ['conservative', 'minimally-invasive', 'comprehensive'];
/** What a caution adds to the place of a line: more than all that comes behind it. */
const CAUTION = 4;

/** What a card says of each group, sorted in one pass; every group but the offers in the order of the guidance. */
export interface SortedAdvice {
  /** The lines a card offers, the most useful of every principle before a second one of any; strong ones first, then in the order of the principles. */
  readonly offers: readonly Recommendation[];
  readonly withheld: readonly Recommendation[];
  readonly notAdvised: readonly Recommendation[];
  readonly tried: readonly Recommendation[];
  /** The first of the lines that nothing but the article supports. */
  readonly sourceOnly: Recommendation | undefined;
  /** The treatments that are taken now. */
  readonly taken: readonly string[];
  /** True when rules were judged for a line that may be offered. */
  readonly isChecked: boolean;
}

/** Sorts the recommendations of a pain. */
export function sortAdvice({
  recommendations,
  principles,
  trials = [],
}: EvaluatedProblem): SortedAdvice {
  const offered: Recommendation[] = [];
  const withheld: Recommendation[] = [];
  const notAdvised: Recommendation[] = [];
  const tried: Recommendation[] = [];
  let sourceOnly: Recommendation | undefined;
  let isChecked = false;
  for (const line of recommendations) {
    switch (line.status) {
      case 'offered':
      case 'caution':
        offered.push(line);
        isChecked ||= (line.checksEvaluated ?? 0) > 0;
        break;
      case 'withheld':
        withheld.push(line);
        break;
      case 'not-advised':
        notAdvised.push(line);
        break;
      case 'tried':
        tried.push(line);
        break;
      case 'source-only':
        sourceOnly ??= line;
    }
  }
  const taken: string[] = [];
  for (const { isRunning, treatment } of trials) if (isRunning) taken.push(treatment);
  const offers = offersOf(offered, principles);
  return { offers, withheld, notAdvised, tried, sourceOnly, taken, isChecked };
}

function offersOf(
  offered: Recommendation[],
  principles: readonly PrincipleStatement[],
): readonly Recommendation[] {
  const useful = offered.sort((a, b) => placeOf(a) - placeOf(b));
  const order = orderOf(principles);
  const rankOf = (line: Recommendation): number =>
    strengthOf(line.advice ?? line) * order.length + order.indexOf(line.principle);
  const offers = firstOfEach(useful).sort((a, b) => rankOf(a) - rankOf(b));
  for (const line of useful) {
    if (offers.length >= MAX_OFFERED) break;
    if (!offers.includes(line)) offers.push(line);
  }
  return offers.length > MAX_OFFERED ? offers.slice(0, MAX_OFFERED) : offers;
}

const orderOf = rememberByObject((principles: readonly PrincipleStatement[]) =>
  principles.map(({ principle }) => principle),
);

/** The best line of each principle; of those against the cause two, where two treatments are equally advised (D7). */
function firstOfEach(useful: readonly Recommendation[]): Recommendation[] {
  const best: Recommendation[] = [];
  const principles: string[] = [];
  for (const line of useful) {
    if (principles.includes(line.principle)) continue;
    principles.push(line.principle);
    best.push(line);
  }
  const at = principles.indexOf('target-cause');
  const cause = best[at];
  if (cause?.treatment === undefined) return best;
  const equal = useful.find(
    (line) =>
      line.principle === cause.principle &&
      line.treatment !== undefined &&
      line.treatment !== cause.treatment &&
      line.strength === cause.strength &&
      line.step === cause.step,
  );
  if (equal) best.splice(at + 1, 0, equal);
  return best;
}

/** Earlier steps before later ones, strong before weak, clear before caution, a treatment before a remark, what is meant for this syndrome before what holds for all. */
function placeOf(line: Recommendation): number {
  return placeWhenClear(line.advice ?? line) + (line.status === 'caution' ? CAUTION : 0);
}

const placeWhenClear = rememberByObject((line: Advice): number => {
  const step = STEPS.indexOf(line.step ?? '') * (STRENGTHS.length + 1) + strengthOf(line);
  const remark = line.treatment === undefined ? 2 : 0;
  return step * 2 * CAUTION + remark + (line.id.includes('.general.') ? 1 : 0);
});

const strengthOf = rememberByObject(({ strength }: Advice): number => {
  const at = STRENGTHS.indexOf(strength);
  return at < 0 ? STRENGTHS.length : at;
});
