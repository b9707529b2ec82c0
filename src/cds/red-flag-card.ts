// What the one card of all red flags says. Must not know categories or the wire format.
import type { RedFlag } from '../pain/evaluation.js';
import type { CardTexts } from './card-texts.js';
import type { CommonLines } from './common-lines.js';
import type { DetailLine, DetailSection } from './fit-detail.js';
import { recordList } from './record-lines.js';

const MAX_LABEL = 100;
const MAX_NAME = 60;
const MAX_ACTION = 260;
const MAX_RECORDS = 3;

/**
 * The sections of the red-flag card: as many flags in full as fit, most urgent first, the others by name.
 * Nothing is dropped but what no card could hold.
 * @param fits - whether sections fit beside the footer
 */
export function redFlagSections(
  redFlags: readonly RedFlag[],
  common: CommonLines,
  texts: CardTexts,
  fits: (sections: readonly DetailSection[]) => boolean,
): readonly DetailSection[] {
  const lines = redFlags.map((flag) => fullLine(flag, texts));
  const withFull = (full: number): DetailSection[] => [
    {
      lines: [...lines.slice(0, full), ...namedLine(redFlags.slice(full), texts)],
    },
    {
      lines: [
        ...common.notAssessed,
        ...common.missing,
        { text: texts.say.redFlagsStand.markdown({}), rank: -1 },
      ],
    },
  ];
  for (let full = lines.length; full > 1; full -= 1) {
    const sections = withFull(full);
    if (fits(sections)) return sections;
  }
  return withFull(1);
}

function fullLine(flag: RedFlag, texts: CardTexts): DetailLine {
  const records = recordList(flag.findings, texts, MAX_RECORDS);
  const text = texts.say.redFlag.markdown({
    urgency: { safe: texts.urgencies[flag.urgency] ?? '' },
    label: { safe: texts.own(flag.label, MAX_LABEL) },
    action: { safe: texts.own(flag.action, MAX_ACTION) },
    records: { safe: records.safe === '' ? '' : texts.say.redFlagRecords.markdown({ records }) },
  });
  return { text, rank: 0 };
}

function namedLine(flags: readonly RedFlag[], texts: CardTexts): DetailLine[] {
  if (flags.length === 0) return [];
  const urgencies = [...new Set(flags.map(({ urgency }) => urgency))];
  const named = urgencies.map((urgency) => {
    const labels = flags
      .filter((flag) => flag.urgency === urgency)
      .map(({ label }) => texts.own(label, MAX_NAME));
    return texts.say.redFlagsNamed.markdown({
      urgency: { safe: texts.urgencies[urgency] ?? '' },
      labels: { safe: labels.join(texts.separators.list) },
    });
  });
  return [
    {
      text: texts.say.redFlagsAlso.markdown({
        flags: { safe: named.join(texts.separators.records) },
      }),
      rank: -1,
    },
  ];
}
