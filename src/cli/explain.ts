// An evaluation as plain lines for a person at a terminal. Must not know files or options.
import type {
  CheckResult,
  Classification,
  EvaluatedProblem,
  Evaluation,
  Evidence,
  Recommendation,
} from '../pain/evaluation.js';
import type { Finding } from '../pain/finding.js';
import type { EngineTexts } from '../pain/knowledge.js';
import { terminalText } from './terminal-text.js';

const dated = ({ onset, effective }: Finding): string => {
  const date = onset ?? effective;
  return date ? ` ${date.text.slice(0, 10)}` : '';
};

const sourceLine = (finding: Finding): string =>
  `${terminalText(finding.label)}${finding.measure ? ` ${terminalText(finding.measure.text)}` : ''} (${terminalText(finding.reference)}${dated(finding)})`;

const evidenceLine = (item: Evidence): string =>
  `      ${item.criterion} ${item.result}, weight ${item.weight}: ${item.label}${item.findings.length > 0 ? ` - ${item.findings.slice(0, 4).map(sourceLine).join('; ')}` : ''}`;

const classificationLines = (item: Classification): string[] => [
  `    ${item.grade} ${item.category}${item.subtype ? `/${item.subtype}` : ''}${item.syndrome ? ` (${item.syndrome})` : ''}, basis ${item.basis}${item.neupsigGrade ? `, NeuPSIG ${item.neupsigGrade}` : ''}${item.stages && item.stages.length > 0 ? `, stages ${item.stages.join(', ')}` : ''}`,
  ...item.evidence.map(evidenceLine),
  ...item.against.map((against) => evidenceLine(against).replace('      ', '      against: ')),
  ...item.wouldRaise.map((text) => `      would raise it: ${text}`),
  ...item.notes.map((text) => `      note: ${text}`),
];

const checkLine = ({ rule, outcome, message, agent, findings }: CheckResult): string =>
  `        ${rule} ${outcome}${agent ? ` (${agent})` : ''}${message ? `: ${message}` : ''}${findings.length > 0 ? ` - ${findings.slice(0, 4).map(sourceLine).join('; ')}` : ''}`;

/** Each line with its reason and every check that is not clear or rests on a record. */
const recommendationLines = (item: Recommendation): string[] => {
  const { status, principle, treatment, text, reason, checks, checksEvaluated } = item;
  const said = reason ? ` (${reason})` : '';
  const checked = checksEvaluated === undefined ? '' : ` [${checksEvaluated} rules]`;
  return [
    `    ${status} ${principle}${treatment ? `, ${treatment}` : ''}: ${text}${said}${checked}`,
    ...checks.map(checkLine),
  ];
};

const problemLines = ({
  problem,
  classifications,
  recommendations,
  remarks,
  ask,
}: EvaluatedProblem): string[] => {
  const { label, region, side, intensity, onset, course } = problem;
  const facts = [
    region && `${region}${side ? ` ${side}` : ''}`,
    intensity && `NRS ${intensity.nrs}${intensity.trend ? ` ${intensity.trend}` : ''}`,
    onset && `since ${onset.text.slice(0, 10)}`,
    course,
  ].filter((fact) => fact !== undefined);
  return [
    `  ${problem.id} ${terminalText(label)}${facts.length > 0 ? ` [${facts.join(', ')}]` : ''}`,
    ...(classifications.length === 0
      ? ['    unclassified: nothing recorded tells the mechanism']
      : classifications.flatMap(classificationLines)),
    ...recommendations.flatMap(recommendationLines),
    ...remarks.map((text) => `    remark: ${text}`),
    ...ask.map(({ text }) => `    ask next: ${text}`),
  ];
};

/** Explains one patient's evaluation. */
export const explain = (
  patientId: string,
  evaluation: Evaluation,
  { notReviewed }: Pick<EngineTexts, 'notReviewed'>,
): string =>
  [
    `Patient ${terminalText(patientId)}, evaluated at ${evaluation.evaluatedAt}, ${evaluation.completeness}, knowledge ${evaluation.knowledge.version} (${notReviewed})`,
    ...evaluation.redFlags.map(
      ({ id, label, urgency, action }) => `  RED FLAG ${id} ${urgency}: ${label}. ${action}`,
    ),
    ...evaluation.redFlagsNotAssessed.map(
      ({ id, label, missing }) => `  not assessed ${id}: ${label}, ${missing}`,
    ),
    ...(evaluation.problems.length === 0
      ? ['  no pain problem']
      : evaluation.problems.flatMap(problemLines)),
    ...evaluation.modifiers.map(({ label, text }) => `  modifier ${label}: ${text}`),
    ...evaluation.missing.map(
      ({ input, reason, effect }) => `  missing ${input} (${reason}): ${effect}`,
    ),
    ...evaluation.refuted.map((finding) => `  refuted, not used: ${sourceLine(finding)}`),
    ...evaluation.dataNotes.map((note) => `  data: ${note}`),
    ...evaluation.notes.map((note) => `  note: ${note}`),
    '',
  ].join('\n');
