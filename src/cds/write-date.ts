// Dates of the chart as a card writes them. Must not know a language.
import { markdownChartText } from './chart-text.js';
import type { TextTemplate } from './fill-text.js';
import { flat } from './remember.js';

/** `2026-10-12` as `12 Oct 2026`, `2026-10` as `Oct 2026`; nothing is invented, and what is no date is quoted. */
export type WriteDate = (text: string) => string;

const DATE = /^\d{4}(?:-\d{2}(?:-\d{2}(?:T.*)?)?)?$/;
/** Days of some ten years. */
const MAX_REMEMBERED = 4096;

/** Writes each day but once: the same days come again with every patient. */
const remembered = (write: WriteDate): WriteDate => {
  const known = new Map<string, string>();
  return (text) => {
    if (!DATE.test(text)) return write(text);
    const day = text.slice(0, 10);
    const before = known.get(day);
    if (before !== undefined) return before;
    const written = flat(write(day));
    if (known.size < MAX_REMEMBERED) known.set(day, written);
    return written;
  };
};

/** Creates the writers of a language: a date, and a date in brackets behind a record. */
export const createDateWriters = (
  months: readonly string[],
  say: Readonly<Record<'dateDay' | 'dateMonth' | 'dated', TextTemplate>>,
): { readonly date: WriteDate; readonly dated: WriteDate } => {
  const date = (text: string): string => {
    if (!DATE.test(text)) return markdownChartText(text, 10);
    const year = { safe: text.slice(0, 4) };
    const name = months[Number(text.slice(5, 7)) - 1];
    if (name === undefined) return year.safe;
    const month = { safe: name };
    if (text.length < 10) return say.dateMonth.plain({ month, year });
    return say.dateDay.plain({ day: { safe: `${Number(text.slice(8, 10))}` }, month, year });
  };
  return {
    date: remembered(date),
    dated: remembered((text) => say.dated.plain({ date: { safe: date(text) } })),
  };
};
