// Fits whole lines of Markdown into the size of a card. Must not know what the lines say.

/** One line. Higher ranks are dropped first, rank 0 only where its own length leaves no choice, -1 last of all. */
export interface DetailLine {
  readonly text: string;
  readonly rank: number;
}

/** Lines as a list under a heading; without one they stand as a paragraph each. */
export interface DetailSection {
  readonly heading?: string;
  readonly lines: readonly DetailLine[];
}

/** Markup around a heading and around a line, at most. */
const HEADING_UNITS = 6;
const LINE_UNITS = 3;

/** Fits sections and footer into `limit` UTF-16 units: drops whole lines, highest rank and last first. */
export function fitDetail(
  sections: readonly DetailSection[],
  footer: string,
  limit: number,
): string {
  const kept = sections.map(({ lines }) => new Set(lines.filter(({ text }) => text !== '')));
  const sizes = sections.map(({ heading }, s) => {
    let size = heading === undefined ? 0 : heading.length + HEADING_UNITS;
    for (const { text } of kept[s] ?? []) size += text.length + LINE_UNITS;
    return kept[s]?.size === 0 ? 0 : size;
  });
  let size = footer.length + sizes.reduce((sum, of) => sum + of, 0);
  if (size > limit) {
    for (const { section, line } of leastImportantFirst(sections)) {
      const lines = kept[section];
      if (!lines?.delete(line)) continue;
      size -= line.text.length + LINE_UNITS;
      if (lines.size === 0)
        size -= (sections[section]?.heading?.length ?? -HEADING_UNITS) + HEADING_UNITS;
      if (size <= limit) break;
    }
  }
  return render(sections, kept) + footer;
}

interface Placed {
  readonly section: number;
  readonly line: DetailLine;
}

function leastImportantFirst(sections: readonly DetailSection[]): Placed[] {
  const placed = sections.flatMap(({ lines }, section) => lines.map((line) => ({ section, line })));
  // Among lines that are never dropped on purpose the longest goes first: it can only be a runaway.
  return placed
    .reverse()
    .sort(
      (a, b) =>
        b.line.rank - a.line.rank ||
        (a.line.rank <= 0 ? b.line.text.length - a.line.text.length : 0),
    );
}

function render(
  sections: readonly DetailSection[],
  kept: readonly ReadonlySet<DetailLine>[],
): string {
  let text = '';
  sections.forEach(({ heading }, s) => {
    const lines = [...(kept[s] ?? [])].map((line) => line.text);
    if (lines.length === 0) return;
    text +=
      heading === undefined
        ? `${lines.join('\n\n')}\n\n`
        : `**${heading}**\n\n- ${lines.join('\n- ')}\n\n`;
  });
  return text;
}
