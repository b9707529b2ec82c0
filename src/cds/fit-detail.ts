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
const HEADING_UNITS = 7;
const LINE_UNITS = 3;

const sizeOf = ({ heading }: DetailSection, lines: Iterable<DetailLine>): number => {
  let size = 0;
  for (const { text } of lines) size += text.length + LINE_UNITS;
  return size === 0 ? 0 : size + (heading === undefined ? 0 : heading.length + HEADING_UNITS);
};

/** UTF-16 units that all sections and the footer take, at most. */
export function detailSize(sections: readonly DetailSection[], footer: string): number {
  return sections.reduce(
    (size, section) =>
      size +
      sizeOf(
        section,
        section.lines.filter(({ text }) => text !== ''),
      ),
    footer.length,
  );
}

/** Fits sections and footer into `limit` UTF-16 units: drops whole lines, highest rank and last first. */
export function fitDetail(
  sections: readonly DetailSection[],
  footer: string,
  limit: number,
): string {
  const kept = sections.map(({ lines }) => new Set(lines.filter(({ text }) => text !== '')));
  const sizes = sections.map((section, s) => sizeOf(section, kept[s] ?? []));
  let size = footer.length + sizes.reduce((sum, of) => sum + of, 0);
  const drop = (section: number, line: DetailLine): void => {
    const lines = kept[section];
    if (size <= limit || !lines?.delete(line)) return;
    size -= line.text.length + LINE_UNITS;
    const heading = sections[section]?.heading;
    if (lines.size === 0 && heading !== undefined) size -= heading.length + HEADING_UNITS;
  };
  if (size > limit) dropLeastImportant(sections, drop);
  return render(sections, kept) + footer;
}

/** Highest rank first, within a rank the last line first; what is meant to stay goes longest first: it can only be a runaway. */
function dropLeastImportant(
  sections: readonly DetailSection[],
  drop: (section: number, line: DetailLine) => void,
): void {
  const placed = sections
    .flatMap(({ lines }, section) => lines.map((line) => ({ section, line })))
    .reverse();
  let highest = 0;
  for (const { line } of placed) highest = Math.max(highest, line.rank);
  for (let rank = highest; rank > 0; rank -= 1) {
    for (const { section, line } of placed) if (line.rank === rank) drop(section, line);
  }
  const meantToStay = placed.filter(({ line }) => line.rank <= 0);
  meantToStay.sort((a, b) => b.line.rank - a.line.rank || b.line.text.length - a.line.text.length);
  for (const { section, line } of meantToStay) drop(section, line);
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
