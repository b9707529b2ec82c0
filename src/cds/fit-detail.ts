// Fits whole lines of Markdown into the size of a card. Must not know what the lines say.

/** One line. Higher ranks are dropped first, rank 0 only where its own length leaves no choice, -1 last of all. */
export interface DetailLine {
  readonly text: string;
  readonly rank: number;
}

/** Lines as a list under a heading; without one they stand as a paragraph each. */
export interface DetailSection {
  readonly heading?: string | undefined;
  readonly lines: readonly DetailLine[];
}

/** Markup around a heading and around a line, at most. */
const HEADING_UNITS = 7;
const LINE_UNITS = 3;

/** UTF-16 units that all sections and the footer take, at most. */
export function detailSize(sections: readonly DetailSection[], footer: string): number {
  let size = footer.length;
  for (const section of sections) size += sizeOf(section);
  return size;
}

/** Fits sections and footer into `limit` UTF-16 units: drops whole lines, highest rank and last first. */
export function fitDetail(
  sections: readonly DetailSection[],
  footer: string,
  limit: number,
): string {
  const excess = detailSize(sections, footer) - limit;
  return render(excess > 0 ? withoutLeastImportant(sections, excess) : sections) + footer;
}

function sizeOf({ heading, lines }: DetailSection): number {
  let size = 0;
  for (const line of lines) if (isShown(line)) size += lineSize(line);
  return size === 0 ? 0 : size + headingSize(heading);
}

function isShown({ text }: DetailLine): boolean {
  return text !== '';
}

function headingSize(heading: string | undefined): number {
  return heading === undefined ? 0 : heading.length + HEADING_UNITS;
}

function lineSize({ text }: DetailLine): number {
  return text.length + LINE_UNITS;
}

/** A section with the lines that are still in it. */
interface Fitted {
  readonly heading: string | undefined;
  readonly lines: DetailLine[];
}

/** Highest rank first, within a rank the last line first; what is meant to stay goes longest first: it can only be a runaway. */
function withoutLeastImportant(
  whole: readonly DetailSection[],
  excess: number,
): readonly DetailSection[] {
  const sections = whole.map(
    ({ heading, lines }): Fitted => ({ heading, lines: lines.filter(isShown) }),
  );
  let left = excess;
  const drop = ({ heading, lines }: Fitted, at: number): void => {
    const [line] = lines.splice(at, 1);
    if (line) left -= lineSize(line) + (lines.length === 0 ? headingSize(heading) : 0);
  };
  let highest = 0;
  for (const { lines } of sections) for (const { rank } of lines) highest = Math.max(highest, rank);
  for (let rank = highest; rank > 0; rank -= 1) {
    for (let s = sections.length - 1; s >= 0; s -= 1) {
      const section = sections[s];
      for (let at = (section?.lines.length ?? 0) - 1; section && at >= 0; at -= 1) {
        if (left <= 0) return sections;
        if (section.lines[at]?.rank === rank) drop(section, at);
      }
    }
  }
  const meantToStay = sections
    .flatMap((section) => section.lines.map((line) => ({ section, line })))
    .reverse()
    .sort((a, b) => b.line.rank - a.line.rank || b.line.text.length - a.line.text.length);
  for (const { section, line } of meantToStay) {
    if (left <= 0) break;
    drop(section, section.lines.indexOf(line));
  }
  return sections;
}

function render(sections: readonly DetailSection[]): string {
  let detail = '';
  for (const { heading, lines } of sections) {
    let isFirst = true;
    for (const line of lines) {
      if (!isShown(line)) continue;
      if (heading === undefined) {
        detail += `${line.text}\n\n`;
        continue;
      }
      if (isFirst) detail += `**${heading}**\n`;
      isFirst = false;
      detail += `\n- ${line.text}`;
    }
    if (!isFirst) detail += '\n\n';
  }
  return detail;
}
