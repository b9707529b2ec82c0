// What the card of one pain says, most important first. Must not know the wire format or sizes of other cards.
import type { Classification, EvaluatedProblem, Evaluation } from '../pain/evaluation.js';
import type { FhirDate, Finding } from '../pain/finding.js';
import type { CardTexts } from './card-texts.js';
import { markdownChartText, markdownOwnText, plainChartText } from './chart-text.js';
import type { DetailLine, DetailSection } from './fit-detail.js';

/** Pain, intensity, grade and category in fewer than `limit + 1` UTF-16 units; only the pain's name is ever shortened. */
export function painSummary(evaluated: EvaluatedProblem, texts: CardTexts, limit: number): string {
  const { problem } = evaluated;
  const lead = evaluated.classifications[0];
  const intensity = problem.intensity
    ? texts.say.intensity.plain({
        nrs: `${problem.intensity.nrs}`,
        trend: { safe: texts.trends[problem.intensity.trend ?? ''] ?? '' },
      })
    : '';
  const say = !lead
    ? texts.say.summaryUnclassified
    : lead.category === 'psychogenic'
      ? texts.say.summaryPsychogenic
      : texts.say.summary;
  const rest = {
    intensity: { safe: intensity },
    grade: { safe: lead ? (texts.grades[lead.grade] ?? lead.grade) : '' },
    category: { safe: lead ? (texts.categories[lead.category] ?? lead.category) : '' },
  };
  const room = limit - say.plain({ pain: { safe: '' }, ...rest }).length;
  let size = room;
  let pain = plainChartText(problem.label, size);
  while (pain.length > room && size > 8) {
    size -= 8;
    pain = plainChartText(problem.label, size);
  }
  return say.plain({ pain: { safe: pain.length > room ? '…' : pain }, ...rest });
}

/** The sections of a pain card in reading order. */
export function painSections(
  evaluation: Evaluation,
  evaluated: EvaluatedProblem,
  texts: CardTexts,
): DetailSection[] {
  const adult = evaluation.ageYears === undefined || evaluation.ageYears >= texts.adultAgeYears;
  const heading = (name: string, lines: readonly DetailLine[]): DetailSection => ({
    heading: texts.headings[name] ?? name,
    lines,
  });
  const lead = evaluated.classifications[0];
  const [offered, withheld, other] = recommendationLines(evaluated, texts, adult);
  return [
    { lines: whatItIs(evaluation, evaluated, texts) },
    heading(
      'why',
      (lead?.evidence ?? []).map((e, i) => recordLine(e.label, e.findings, texts, i < 2 ? 0 : 4)),
    ),
    heading(
      'against',
      (lead?.against ?? []).map((e) => recordLine(e.label, e.findings, texts, 2)),
    ),
    heading('unknown', unknownLines(evaluation, texts)),
    heading('now', offered),
    heading('withheld', withheld),
    heading('notAdvised', other),
    heading(
      'next',
      [...(lead?.wouldRaise ?? []), ...evaluated.ask.slice(0, 2).map((a) => a.text)]
        .slice(0, 4)
        .map((text, i) => ({ short: markdownOwnText(text), rank: i === 0 ? 3 : 7 })),
    ),
    heading('principles', principleLines(evaluated, texts, adult)),
  ];
}

function whatItIs(
  evaluation: Evaluation,
  evaluated: EvaluatedProblem,
  texts: CardTexts,
): DetailLine[] {
  const { say } = texts;
  const [lead, ...others] = evaluated.classifications;
  const line = (short: string, rank = 0): DetailLine => ({ short, rank });
  const lines: DetailLine[] = [];
  if (lead) {
    const subtype = lead.syndrome ?? lead.subtype;
    lines.push(
      line(
        `${say.lead.markdown({
          ...naming(lead, texts),
          subtype: { safe: subtype ? `, ${markdownOwnText(subtype.replace(/[.-]/g, ' '))}` : '' },
        })} ${say.scheme.markdown({})}`,
      ),
    );
    if (lead.category === 'psychogenic') lines.push(line(say.psychogenic.markdown({})));
    if (lead.tentative) lines.push(line(say.tentative.markdown({})));
    if (lead.neupsigGrade) {
      lines.push(line(say.neupsig.markdown({ grade: { safe: lead.neupsigGrade } }), 5));
    }
  } else lines.push(line(say.unclassified.markdown({})));
  const region = evaluated.problem.region;
  lines.push(
    line(
      say.pain.markdown({
        pain: evaluated.problem.label,
        region: {
          safe: region ? `, ${markdownOwnText(texts.regionLabel.get(region) ?? region)}` : '',
        },
      }),
      8,
    ),
  );
  for (const also of others) lines.push(line(say.alsoHolds.markdown(naming(also, texts)), 2));
  for (const note of evaluation.notes) lines.push(line(markdownOwnText(note), 1));
  for (const note of lead?.notes ?? []) lines.push(line(markdownOwnText(note), 2));
  for (const m of evaluation.modifiers) lines.push(line(markdownOwnText(m.text), 3));
  return lines;
}

function naming(of: Classification, texts: CardTexts) {
  return {
    grade: { safe: texts.grades[of.grade] ?? of.grade },
    category: { safe: texts.categories[of.category] ?? of.category },
    basis: { safe: texts.bases[of.basis] ?? of.basis },
  };
}

function recordLine(
  label: string,
  findings: readonly Finding[],
  texts: CardTexts,
  rank: number,
): DetailLine {
  const finding = findings[0];
  const own = finding && !finding.labelFromChart ? finding.label : label;
  const at = finding?.effective ?? finding?.onset;
  return {
    short: texts.say.record.markdown({
      label: {
        safe: finding?.labelFromChart ? markdownChartText(finding.label) : markdownOwnText(own),
      },
      value: { safe: finding?.measure ? ` ${markdownChartText(finding.measure.text, 30)}` : '' },
      date: { safe: at ? ` (${formatDate(at, texts.months)})` : '' },
    }),
    rank,
  };
}

/** `2026-10-12` as `12 Oct 2026`, `2026-10` as `Oct 2026`; nothing is invented. */
export function formatDate(date: FhirDate, months: readonly string[]): string {
  const [year, month, day] = date.text.slice(0, 10).split('-');
  const name = month === undefined ? undefined : months[Number(month) - 1];
  if (year === undefined || !/^\d{4}$/.test(year)) return markdownChartText(date.text, 10);
  if (name === undefined) return year;
  return day === undefined || !/^\d\d$/.test(day)
    ? `${name} ${year}`
    : `${Number(day)} ${name} ${year}`;
}

function unknownLines(evaluation: Evaluation, texts: CardTexts): DetailLine[] {
  return [
    ...evaluation.missing.map((m) => ({
      short: texts.say.missing.markdown({
        input: { safe: markdownOwnText(m.input) },
        reason: { safe: markdownOwnText(m.reason) },
        effect: { safe: markdownOwnText(m.effect) },
      }),
      rank: 1,
    })),
    ...evaluation.dataNotes.map((note) => ({
      short: markdownOwnText(plainChartText(note)),
      rank: 6,
    })),
  ];
}

function recommendationLines(
  evaluated: EvaluatedProblem,
  texts: CardTexts,
  adult: boolean,
): [DetailLine[], DetailLine[], DetailLine[]] {
  const offered: DetailLine[] = [];
  const other: DetailLine[] = [];
  const withheld = new Map<string, string[]>();
  for (const r of evaluated.recommendations) {
    const text = markdownOwnText(r.text);
    const name = r.treatment
      ? (texts.treatmentLabel.get(r.treatment) ?? r.treatment.replace(/-/g, ' '))
      : plainChartText(r.text, 40);
    if (r.status === 'offered') offered.push({ short: text, rank: offered.length < 3 ? 1 : 5 });
    else if (r.status === 'caution') {
      const reason = { safe: markdownOwnText(r.reason ?? '') };
      offered.push({
        short: texts.say.caution.markdown({ text: { safe: text }, reason }),
        rank: 1,
      });
    } else if (r.status === 'withheld') {
      const names = withheld.get(r.reason ?? '') ?? [];
      if (!names.includes(name)) names.push(name);
      withheld.set(r.reason ?? '', names);
    } else if (r.status === 'not-advised' && adult) {
      const reason = { safe: markdownOwnText(r.reason ?? r.text) };
      other.push({
        short: texts.say.withheld.markdown({
          reason: { safe: markdownOwnText(name) },
          names: reason,
        }),
        rank: 4,
      });
    }
  }
  const groups = [...withheld].map(([reason, names]) => ({
    short: adult
      ? texts.say.withheld.markdown({
          reason: { safe: markdownOwnText(reason) },
          names: { safe: markdownOwnText(names.join(', ')) },
        })
      : markdownOwnText(reason),
    rank: 2,
  }));
  return [offered, groups, other];
}

function principleLines(
  evaluated: EvaluatedProblem,
  texts: CardTexts,
  adult: boolean,
): DetailLine[] {
  return evaluated.principles.map((p) => {
    const values = {
      name: { safe: texts.principles[p.principle] ?? p.principle },
      follows: { safe: markdownOwnText(p.follows) },
      agreement: { safe: texts.agreements[p.agreement] ?? markdownOwnText(p.agreement) },
      certainty: { safe: markdownOwnText(p.certainty) },
      article: { safe: markdownOwnText(p.article) },
      guidance: { safe: markdownOwnText(p.guidance) },
    };
    const short = texts.say.principleShort.markdown(values);
    return adult
      ? { short, long: texts.say.principleFull.markdown(values), rank: 6 }
      : { short, rank: 6 };
  });
}
