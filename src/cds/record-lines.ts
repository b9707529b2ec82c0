// How facts of the chart are named on a card: label, value, standing, date. Must not know categories or advice.
import type { EvaluatedProblem, PainProblem } from '../pain/evaluation.js';
import type { Finding } from '../pain/finding.js';
import type { CardTexts, Separator } from './card-texts.js';
import { markdownChartText, plainChartText } from './chart-text.js';

const MAX_LABEL = 75;
/** A label the summary may have to shorten. */
const LONG_LABEL = 36;
const MAX_VALUE = 30;
/** The subtype of disorders that do not hurt. */
const NON_PAINFUL = 'non-painful';

/** A chart label quoted, one of ours escaped; of a LOINC name what stands before its property and specimen. */
export function findingLabel(
  { label, labelFromChart }: Pick<Finding, 'label' | 'labelFromChart'>,
  texts: CardTexts,
  limit: number = MAX_LABEL,
): string {
  if (labelFromChart) return markdownChartText(label, limit);
  const name = texts.translate(label);
  const bracket = name.indexOf(' [');
  return texts.own(bracket > 0 ? name.slice(0, bracket) : name, limit);
}

/** The same as plain text. */
export function plainLabel(
  { label, labelFromChart }: Pick<Finding, 'label' | 'labelFromChart'>,
  texts: CardTexts,
  limit?: number,
): string {
  return plainChartText(labelFromChart ? label : texts.translate(label), limit);
}

/** `Lumbar radiculopathy, confirmed (12 Oct 2026)`. */
export function record(finding: Finding, texts: CardTexts): string {
  return texts.say.record.markdown({
    label: { safe: findingLabel(finding, texts) || markdownChartText(finding.reference) },
    value: {
      safe: finding.measure ? ` ${markdownChartText(finding.measure.text, MAX_VALUE)}` : '',
    },
    status: { safe: standing(finding, texts) },
    date: { safe: bracketedDate(finding, texts) },
  });
}

/** Each record once, however many criteria rest on it: same label and same date are one line. */
export function distinctRecords(findings: readonly Finding[], texts: CardTexts): string[] {
  return [...new Set(findings.map((finding) => record(finding, texts)))];
}

/** At most `limit` records on one line, then how many more there are. */
export function recordList(
  findings: readonly Finding[],
  texts: CardTexts,
  limit: number,
): { safe: string } {
  return { safe: shortList(distinctRecords(findings, texts), limit, texts, 'records') };
}

/** At most `limit` items on one line, then how many more there are. */
export function shortList(
  items: readonly string[],
  limit: number,
  texts: CardTexts,
  separator: Separator = 'list',
): string {
  const between = texts.separators[separator];
  let list = items[0] ?? '';
  for (let i = 1; i < items.length && i < limit; i += 1) list += between + items[i];
  return items.length > limit ? list + texts.say.more.plain(count(items.length - limit)) : list;
}

/** A number as a placeholder value. */
export function count(value: number): { count: { safe: string } } {
  return { count: { safe: `${value}` } };
}

/** Examinations done: with their region, as their label often names only the modality. */
export function imagingRecords(
  findings: readonly Finding[],
  texts: CardTexts,
  limit: number,
): { safe: string } {
  const named = findings.map((finding) => {
    const label = findingLabel(finding, texts) || (texts.unknowns.imaging ?? '');
    const [region] = finding.regions;
    const place = region === undefined ? '' : ` ${regionName(region, texts)}`;
    return `${label}${place}${bracketedDate(finding, texts)}`;
  });
  return { safe: shortList([...new Set(named)], limit, texts, 'records') };
}

/** `12 Oct 2026`, or nothing when no date is recorded. */
export function dateOf(finding: Finding, texts: CardTexts): string {
  const at = finding.effective ?? finding.onset;
  return at ? texts.date(at.text) : '';
}

/** ` (12 Oct 2026)`, or nothing when no date is recorded. */
export function bracketedDate(finding: Finding, texts: CardTexts): string {
  const at = finding.effective ?? finding.onset;
  return at ? texts.dated(at.text) : '';
}

/** Pain, site with side, onset with course, newest intensity with its date; what is not recorded is said to be not known. Of what does not hurt the onset alone. */
export function painFacts(
  { problem, classifications: [lead] }: EvaluatedProblem,
  texts: CardTexts,
): string {
  const { region, intensity, side } = problem;
  const { unknowns, say } = texts;
  const onset = { safe: onsetText(problem, texts) };
  if (lead?.subtype === NON_PAINFUL) return onset.safe;
  return say.facts.markdown({
    // Our own short names stand in the summary already; words of the chart are quoted here.
    pain: {
      safe:
        problem.labelFromChart || problem.label.length > LONG_LABEL
          ? say.factsPain.markdown({ pain: { safe: findingLabel(problem, texts) } })
          : '',
    },
    site: {
      safe:
        region === undefined
          ? (unknowns.site ?? '')
          : `${regionName(region, texts)}${texts.sides[side ?? ''] ?? ''}`,
    },
    onset,
    intensity: {
      safe: intensity
        ? say.score.markdown({
            nrs: { safe: `${intensity.nrs}` },
            date: { safe: bracketedDate(intensity.finding, texts) },
            trend: { safe: texts.trends[intensity.trend ?? ''] ?? '' },
          })
        : (unknowns.intensity ?? ''),
    },
  });
}

function onsetText({ onset, course }: PainProblem, texts: CardTexts): string {
  if (!onset) return texts.unknowns.onset ?? '';
  return texts.say.onset.markdown({
    date: { safe: texts.date(onset.text) },
    course: { safe: texts.courses[course ?? ''] ?? '' },
  });
}

/** The name of a treatment class. */
export function treatmentName(treatment: string, texts: CardTexts): string {
  return texts.treatmentLabel.get(treatment) ?? texts.own(treatment.replace(/-/g, ' '), 50);
}

function regionName(region: string, texts: CardTexts): string {
  return texts.regionLabel.get(region) ?? texts.own(region, MAX_LABEL);
}

function standing(finding: Finding, { statuses }: CardTexts): string {
  if (finding.presence === 'absent') return statuses.absent ?? '';
  const isDiagnosis = finding.source === 'condition' || finding.source === 'encounter';
  return [
    finding.basis === 'text' ? statuses.text : undefined,
    isDiagnosis ? statuses[finding.verification] : undefined,
    statuses[finding.flag ?? ''],
  ].join('');
}
