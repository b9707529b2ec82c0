// What a line of guidance reads like on a card, whoever the patient is: composed once in each language. Must not know an evaluation.
import type { Advice } from '../pain/evaluation.js';
import type { CardTexts } from './card-texts.js';
import { treatmentName } from './record-lines.js';
import { flat, rememberByPair } from './remember.js';

/** Longest sentence of advice. */
export const MAX_ADVICE = 170;
const MAX_NAME = 50;

/** One line in one language, escaped for Markdown. */
export interface AdviceTexts {
  readonly text: string;
  readonly asksForImaging: boolean;
  readonly principle: string;
  readonly source: string;
  /** The line as it is offered when no check and no imaging has to be spoken of. */
  readonly offer: string;
  /** Its treatment; where it names none what it says, in short. */
  readonly name: string;
  /** The same where the treatment is taken now. */
  readonly nameTaken: string;
  /** Keys of the sources that are publications. */
  readonly publications: readonly string[];
}

/** The texts of each line in a language. */
export const adviceTextsIn = rememberByPair(adviceTexts);

function adviceTexts(advice: Advice, texts: CardTexts): AdviceTexts {
  const { text, treatment, sources } = advice;
  const name =
    treatment === undefined ? texts.own(text, MAX_NAME) : treatmentName(treatment, texts);
  const own = texts.own(text, MAX_ADVICE);
  const principle = texts.principles[advice.principle] ?? '';
  const source = sourceOf(advice, texts);
  return {
    text: own,
    asksForImaging: texts.asksForImaging(text),
    principle,
    source,
    offer: flat(offerText({ principle, source }, own, '', texts)),
    name,
    nameTaken:
      treatment === undefined ? name : flat(texts.say.takenNow.markdown({ name: { safe: name } })),
    publications: sources.filter((source) => texts.sourceNames[source] === undefined),
  };
}

/** An offered line under its principle. */
export function offerText(
  { principle, source }: Pick<AdviceTexts, 'principle' | 'source'>,
  text: string,
  checked: string,
  texts: CardTexts,
): string {
  return texts.say.offered.markdown({
    principle: { safe: principle },
    text: { safe: text },
    source: { safe: source },
    checked: { safe: checked },
  });
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
