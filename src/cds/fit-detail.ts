// Fits whole lines of Markdown into the size of a card. Must not know what the lines say.

/** One line; `long` replaces `short` where there is room. Rank 0 is never dropped; higher ranks go first. */
export interface DetailLine {
  readonly short: string;
  readonly long?: string;
  readonly rank: number;
}

/** Lines under a heading; without one they stand as a paragraph each. */
export interface DetailSection {
  readonly heading?: string;
  readonly lines: readonly DetailLine[];
}

/** Fits sections into `limit` UTF-16 units: drops whole lines, highest rank and last first; says so with `moreLine`. */
export function fitDetail(
  sections: readonly DetailSection[],
  footer: string,
  moreLine: string,
  limit: number,
): string {
  const room = limit - footer.length - moreLine.length - 4;
  const kept = sections.map((section) => section.lines.map((line) => line.short));
  const dropped = sections.map((section) => section.lines.map((line) => line.short === ''));
  let size = sections.reduce((sum, section) => sum + sectionSize(section), 0);
  let shortened = false;
  while (size > room) {
    const [s, l] = leastImportant(sections, dropped);
    if (s < 0) break;
    size -= (sections[s]?.lines[l]?.short.length ?? 0) + 4;
    const flags = dropped[s];
    if (flags) flags[l] = true;
    shortened = true;
  }
  sections.forEach((section, s) => {
    section.lines.forEach((line, l) => {
      if (line.long === undefined || dropped[s]?.[l]) return;
      const growth = line.long.length - line.short.length;
      const texts = kept[s];
      if (size + growth <= room && texts) {
        texts[l] = line.long;
        size += growth;
      } else shortened = true;
    });
  });
  let text = '';
  sections.forEach((section, s) => {
    const lines = (kept[s] ?? []).filter((_, l) => !dropped[s]?.[l]);
    if (lines.length === 0) return;
    text +=
      section.heading === undefined
        ? `${lines.join('\n\n')}\n\n`
        : `**${section.heading}**\n\n- ${lines.join('\n- ')}\n\n`;
  });
  return `${text}${shortened ? `${moreLine}\n\n` : ''}${footer}`;
}

function sectionSize(section: DetailSection): number {
  let size = section.heading === undefined ? 0 : section.heading.length + 8;
  for (const line of section.lines) size += line.short.length + 4;
  return size;
}

function leastImportant(
  sections: readonly DetailSection[],
  dropped: readonly (readonly boolean[])[],
): readonly [number, number] {
  let best: readonly [number, number] = [-1, -1];
  let rank = 0;
  sections.forEach((section, s) => {
    section.lines.forEach((line, l) => {
      if (!dropped[s]?.[l] && line.rank > 0 && line.rank >= rank) {
        rank = line.rank;
        best = [s, l];
      }
    });
  });
  return best;
}
