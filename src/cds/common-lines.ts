// What all cards of one answer say alike: flags not assessed, inputs not read, what is not placed, refuted, remarks on the data. Must not know one pain.
import type { Evaluation, MissingInput, Modifier } from '../pain/evaluation.js';
import type { Finding } from '../pain/finding.js';
import type { CardTexts } from './card-texts.js';
import type { DetailLine } from './fit-detail.js';
import { recordList, shortList } from './record-lines.js';
import { flat, rememberByObject, rememberByTexts } from './remember.js';

const MAX_EFFECTS = 130;
const MAX_LABEL = 100;
const MAX_NAME = 60;
const MAX_NOTE = 200;

/** The lines, composed once however many pains there are. */
export interface CommonLines {
  /** The flags that a pain makes relevant and the record leaves open. */
  readonly notAssessed: readonly DetailLine[];
  /** What every card carries: under 18, not reviewed and the like. */
  readonly notes: readonly DetailLine[];
  /** What changes how every pain is read. */
  readonly modifiers: readonly DetailLine[];
  /** Inputs that were not read. */
  readonly missing: readonly DetailLine[];
  /** What could not be tied to one of several pains. */
  readonly notPlaced: (findings: readonly Finding[]) => DetailLine;
  /** Refuted diagnoses and remarks on the data. */
  readonly data: readonly DetailLine[];
}

/** Composes what the cards of an answer share. */
export function commonLines(evaluation: Evaluation, texts: CardTexts): CommonLines {
  const { say } = texts;
  const data: DetailLine[] = [];
  if (evaluation.refuted.length > 0) {
    const records = recordList(evaluation.refuted, texts, 2);
    data.push({ text: say.refuted.markdown({ records }), rank: 2 });
  }
  if (evaluation.dataNotes.length > 0) {
    const notes = evaluation.dataNotes.map((note) => texts.own(note, 100));
    const safe = shortList(notes, 3, texts, 'clauses');
    data.push({ text: say.dataNotes.markdown({ notes: { safe } }), rank: 3 });
  }
  return {
    notAssessed: notAssessedLines(evaluation, texts),
    notes: evaluation.notes.map((text) => ({ text: texts.own(text, MAX_NOTE), rank: 1 })),
    modifiers: evaluation.modifiers.map((modifier) => modifierLine(modifier, texts)),
    missing: missingLines(evaluation, texts),
    notPlaced: createNotPlaced(texts),
    data,
  };
}

/** Remembers its last line: the pains of an answer share what was not placed. */
function createNotPlaced(texts: CardTexts): CommonLines['notPlaced'] {
  let last: { readonly of: readonly Finding[]; readonly line: DetailLine } | undefined;
  return (findings) => {
    if (last?.of !== findings) {
      const text = texts.say.notPlaced.markdown({ records: recordList(findings, texts, 3) });
      last = { of: findings, line: { text, rank: 2 } };
    }
    return last.line;
  };
}

/** What changes how the pain is read; a treatment that was done is named with its date. */
function modifierLine({ text, findings }: Modifier, texts: CardTexts): DetailLine {
  const said = texts.own(text, MAX_NOTE);
  const isDone = findings.length > 0 && findings.every(({ source }) => source === 'procedure');
  if (!isDone) return { text: said, rank: 3 };
  const records = recordList(findings, texts, 1);
  return { text: `${said}${texts.say.onRecord.markdown({ records })}`, rank: 1 };
}

/** Inputs that were not read and what that does to the answer: never dropped, summed up when there are many. */
function missingLines({ missing }: Evaluation, texts: CardTexts): DetailLine[] {
  if (missing.length === 0) return [];
  const items = missing.length > 2 ? missingSummary(missing, texts) : missingEach(missing, texts);
  return [{ text: texts.say.notKnown.markdown({ items: { safe: items } }), rank: -1 }];
}

function missingEach(missing: readonly MissingInput[], texts: CardTexts): string {
  return missing
    .map(({ input, reason, effect }) =>
      texts.say.missing.markdown({
        ...inputNames(input, reason, texts),
        effect: { safe: texts.own(effect, MAX_EFFECTS) },
      }),
    )
    .join(texts.separators.records);
}

function inputNames(input: string, reason: string, { inputs, reasons, own }: CardTexts) {
  return {
    input: { safe: inputs[input] ?? own(input, 40) },
    reason: { safe: reasons[reason] ?? own(reason, 40) },
  };
}

function missingSummary(missing: readonly MissingInput[], texts: CardTexts): string {
  const { say, separators, translate, own } = texts;
  const inputs = missing.map(({ input, reason }) =>
    say.missingInput.markdown(inputNames(input, reason, texts)),
  );
  const effects = [...new Set(missing.map(({ effect }) => translate(effect)))];
  return say.missingMany.markdown({
    count: { safe: `${missing.length}` },
    inputs: { safe: inputs.join(separators.list) },
    effects: { safe: own(effects.join(separators.clauses), MAX_EFFECTS) },
  });
}

const notAssessedIn = rememberByObject(({ say, own }: CardTexts) =>
  rememberByTexts((label, missing) =>
    flat(
      say.redFlagNotAssessed.markdown({
        label: { safe: own(label, MAX_NAME) },
        missing: { safe: own(missing, MAX_LABEL) },
      }),
    ),
  ),
);

/** The flags that the pain makes relevant and the record leaves open, in one line. */
function notAssessedLines({ redFlagsNotAssessed }: Evaluation, texts: CardTexts): DetailLine[] {
  if (redFlagsNotAssessed.length === 0) return [];
  const flagText = notAssessedIn(texts);
  const items = redFlagsNotAssessed.map(({ label, missing }) => flagText(label, missing));
  const text = texts.say.redFlagsNotAssessed.markdown({
    items: { safe: items.join(texts.separators.records) },
  });
  return [{ text, rank: 0 }];
}
