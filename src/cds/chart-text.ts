// Text made inert for cards, by where it comes from. Must not know what the text says.
import { flat } from './remember.js';

const MAX_GRAPHEMES = 120;
/** No text is read beyond this, so that every step below is linear and small. */
const READ_UNITS = 4096;
/** A grapheme may carry any number of marks; this bounds the result all the same. */
const MAX_UNITS = 480;

const PRINTABLE_ASCII = /^[\x20-\x7e]*$/;
const SPACE_RUN = /[\s\u0085]+/gu;
const INVISIBLE = /[\p{C}\p{Default_Ignorable_Code_Point}\u2800]/gu;
/** Longest sentence of `cards/` that a card shows, before escaping. */
const MAX_OWN = 500;
const HARMLESS = /^[A-Za-z](?:[A-Za-z0-9,.;:()'/%-]| (?! ))*$/;
const MARKDOWN = /[\\`*_{}[\]<>|~&#!$]/g;
const LEADING = /^(?:[-+=:]|\d+[.)])/;
const AUTOLINK = /:\/\/|www|@|\bmailto:|\bxmpp:/i;

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Chart text as plain text: no control, bidi, zero-width or tag characters, NFC, single spaces, at most 120 graphemes. */
export function plainChartText(text: string, limit: number = MAX_GRAPHEMES): string {
  return clip(clean(text), limit);
}

/** Chart text for Markdown: quoted in a code span sized to its own backticks. Empty text stays empty. */
export function markdownChartText(text: string, limit: number = MAX_GRAPHEMES): string {
  return codeSpan(plainChartText(text, limit));
}

/**
 * A sentence of `cards/` for Markdown: escaped, and quoted as chart text where a client would make a link of it.
 * @param limit - UTF-16 units of the result, escapes included
 */
export function markdownOwnText(text: string, limit: number = MAX_OWN): string {
  if (text.length <= limit && HARMLESS.test(text) && !AUTOLINK.test(text)) return text;
  const cleaned = clean(text);
  let room = limit;
  let escaped = escapeOwn(clip(cleaned, room));
  while (escaped.length > limit && room > 1) {
    room = Math.floor(room / 2);
    escaped = escapeOwn(clip(cleaned, room));
  }
  return escaped;
}

/** Escapes sentences of `cards/`, each but once: they are few and come again with every call. */
export type OwnText = (text: string, limit?: number) => string;

const MAX_REMEMBERED = 4096;

/** Creates an `OwnText` with a memory of its own, bounded. @param translate - gives the sentence in the language of the card */
export function createOwnText(translate: (text: string) => string): OwnText {
  const byLimit = new Map<number, Map<string, string>>();
  let remembered = 0;
  return (text, limit = MAX_OWN) => {
    let known = byLimit.get(limit);
    if (!known) {
      known = new Map();
      byLimit.set(limit, known);
    }
    const before = known.get(text);
    if (before !== undefined) return before;
    const escaped = flat(markdownOwnText(translate(text), limit));
    if (remembered < MAX_REMEMBERED && text.length <= MAX_OWN) {
      known.set(text, escaped);
      remembered += 1;
    }
    return escaped;
  };
}

function escapeOwn(text: string): string {
  if (AUTOLINK.test(text)) return codeSpan(text);
  return text.replace(MARKDOWN, '\\$&').replace(LEADING, escapeLast);
}

function escapeLast(marker: string): string {
  return `${marker.slice(0, -1)}\\${marker.slice(-1)}`;
}

function clean(text: string): string {
  const read = text.length > READ_UNITS ? text.slice(0, READ_UNITS) : text;
  const visible = PRINTABLE_ASCII.test(read)
    ? read
    : read.replace(SPACE_RUN, ' ').replace(INVISIBLE, '').normalize('NFC');
  return (visible.includes('  ') ? visible.replace(/ {2,}/g, ' ') : visible).trim();
}

function clip(text: string, limit: number): string {
  if (text.length <= limit) return text;
  if (PRINTABLE_ASCII.test(text)) return `${text.slice(0, limit - 1).trimEnd()}…`;
  let kept = '';
  let count = 0;
  for (const { segment } of graphemes.segment(text.slice(0, MAX_UNITS * 2))) {
    if (count === limit - 1 || kept.length + segment.length > Math.min(MAX_UNITS, limit * 4)) {
      return `${kept.trimEnd()}…`;
    }
    kept += segment;
    count += 1;
  }
  return kept.length < text.length ? `${kept.trimEnd()}…` : kept;
}

function codeSpan(text: string): string {
  if (text === '') return '';
  let longest = 0;
  let run = 0;
  for (let i = 0; i < text.length; i += 1) {
    run = text.charCodeAt(i) === 0x60 ? run + 1 : 0;
    if (run > longest) longest = run;
  }
  const fence = '`'.repeat(longest + 1);
  const pad = text.startsWith('`') || text.endsWith('`') ? ' ' : '';
  return fence + pad + text + pad + fence;
}
