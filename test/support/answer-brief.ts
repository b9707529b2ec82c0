// A whole evaluation in brief: ids, grades and references, no sentence of cards/. Must not know what is right.
import type {
  CheckResult,
  Classification,
  EvaluatedProblem,
  Evaluation,
  Evidence,
  OrderRemark,
  Recommendation,
} from '../../src/pain/evaluation.js';
import type { Finding } from '../../src/pain/finding.js';
import type { Knowledge } from '../../src/pain/knowledge.js';
import type { Change, Trial } from '../../src/pain/progress.js';

/** Lines under headings; a heading without lines is left out. */
export type Brief = { readonly [heading: string]: string | readonly (string | Brief)[] };

const words = (...parts: readonly (string | number | false | undefined)[]): string =>
  parts.filter((part) => part !== undefined && part !== '' && part !== false).join(' ');
const refs = (findings: readonly Finding[]): string =>
  findings.map(({ reference }) => reference).join(' ');
const filled = (brief: Record<string, string | readonly (string | Brief)[]>): Brief =>
  Object.fromEntries(Object.entries(brief).filter(([, value]) => value.length > 0));

const evidenceLine = ({ criterion, kind, result, weight, findings }: Evidence): string =>
  words(criterion, kind, result, weight, refs(findings));

/** The ids of sentences, by what they say; a sentence filled from the record keeps its own words. */
const idsOf = (
  said: readonly string[],
  known: readonly { readonly id: string; readonly text: string }[],
): readonly string[] => said.map((text) => known.find((one) => one.text === text)?.id ?? text);

const classificationOf = (one: Classification, { categories, coexistence }: Knowledge): Brief => {
  const { category, subtype, syndrome, grade, basis, neupsigGrade, stages = [] } = one;
  const own = categories.find(({ id }) => id === category);
  const notes = [
    ...(own?.notes ?? []),
    ...coexistence.map(({ id, note = '' }) => ({ id, text: note })),
  ];
  return filled({
    is: words(
      category,
      subtype ?? '-',
      syndrome ?? '-',
      grade,
      basis,
      one.clinicianDiagnosed && 'clinician-diagnosed',
      one.tentative && 'tentative',
      neupsigGrade && `NeuPSIG ${neupsigGrade}`,
    ),
    stages: stages.join(' '),
    evidence: one.evidence.map(evidenceLine),
    against: one.against.map(evidenceLine),
    raise: idsOf(one.wouldRaise, own?.wouldRaise ?? []).join(' '),
    notes: idsOf(one.notes, notes).join(' '),
  });
};

const checkOf = ({ rule, outcome, agent, standIn }: CheckResult): string =>
  words(rule, outcome, agent && `of ${agent}`, standIn && 'by a stand-in');

const lineOf = (line: Recommendation): string => {
  const { id, status, reason, checks, isForbidden, alternative, checksEvaluated, notAssessed } =
    line;
  const said = checks.filter(({ outcome }) => outcome !== 'clear').map(checkOf);
  const isOfCourse = status === 'tried' || (said.length === 0 && checksEvaluated !== undefined);
  return words(
    `${id}: ${status}`,
    isForbidden && 'forbidden',
    alternative && `instead ${alternative}`,
    checksEvaluated !== undefined && `(${words(said.join(', '), `of ${checksEvaluated}`)})`,
    notAssessed && `open ${notAssessed.join(' ')}`,
    isOfCourse && reason && `because ${reason}`,
  );
};

const trialOf = (trial: Trial): string => {
  const { treatment, status, isRunning, agent, since, until, reliefPercent, missing } = trial;
  return words(
    `${treatment}: ${status}`,
    isRunning && 'running',
    agent && `of ${agent}`,
    since && `from ${since}`,
    until && `to ${until}`,
    reliefPercent !== undefined && `${reliefPercent} %`,
    missing.length > 0 && `without ${missing.join(' ')}`,
    refs(trial.findings),
  );
};

const changeOf = (change: Change): readonly string[] => [
  ...change.measures.map(({ measure, since, from, to, word, points, percent, response }) =>
    words(
      measure,
      'since',
      since,
      `${from.value} to ${to.value}`,
      word,
      `${points} points`,
      percent !== undefined && `${percent} %`,
      response && `30 % ${response.reached30} 50 % ${response.reached50}`,
    ),
  ),
  ...change.labels.map(({ category, change: how, from, to }) => words(category, how, from, to)),
  ...(change.isGoalReached ? ['goal reached'] : []),
  ...(change.advice === undefined ? [] : ['classify again']),
  ...(change.previousAt === undefined ? [] : [`previous ${change.previousAt}`]),
];

const problemOf = (evaluated: EvaluatedProblem, knowledge: Knowledge): Brief => {
  const { problem, stepwise, change } = evaluated;
  const { label, labelFromChart, region, side, course, onset, intensity } = problem;
  return filled({
    pain: words(`"${label}"`, labelFromChart && 'of the chart', region ?? 'nowhere', side, course),
    onset: onset?.text ?? '',
    intensity: intensity ? words(intensity.nrs, intensity.trend, intensity.finding.reference) : '',
    members: refs(problem.members),
    classifications: evaluated.classifications.map((one) => classificationOf(one, knowledge)),
    lines: evaluated.recommendations.map(lineOf),
    remarks: evaluated.remarks.length > 0 ? `${evaluated.remarks.length}` : '',
    trials: (evaluated.trials ?? []).map(trialOf),
    step: stepwise
      ? words(
          stepwise.step,
          stepwise.row,
          `asks ${stepwise.asks.length}`,
          `skips ${stepwise.skipped.map(({ treatment }) => treatment).join(' ') || 'nothing'}`,
          `not tried ${stepwise.notTried.join(' ')}`,
        )
      : '',
    ordering: (evaluated.ordering ?? []).map(({ rule, treatment, level, findings }) =>
      words(rule, treatment, level, refs(findings)),
    ),
    change: change ? changeOf(change) : [],
    next: evaluated.nextEvaluation?.id ?? '',
    ask: evaluated.ask.map(({ id }) => id).join(' '),
    notPlaced: refs(evaluated.notPlaced),
    imagingDone: refs(evaluated.imagingDone),
  });
};

const remarkOf = ({ kind, rule, indicator, findings, text }: OrderRemark): string =>
  words(kind, rule, indicator, refs(findings), kind === 'unknown' && `needs ${text}`);

/** What an evaluation says, without its sentences. */
export const briefOf = (evaluation: Evaluation, knowledge: Knowledge): Brief => {
  const { orders, redFlags, redFlagsNotAssessed, modifiers, opioids } = evaluation;
  return filled({
    record: words(
      evaluation.completeness,
      evaluation.ageYears,
      evaluation.unrecognisedMedicines > 0 &&
        `${evaluation.unrecognisedMedicines} unrecognised medicines`,
      opioids && `${opioids.mmePerDay} equivalents`,
    ),
    missing: evaluation.missing.map(({ input, reason }) => words(input, reason)),
    redFlags: redFlags.map(({ id, urgency, triggers, findings }) =>
      words(id, urgency, triggers.join(' '), refs(findings)),
    ),
    redFlagsNotAssessed: redFlagsNotAssessed.map(({ id, missing }) => words(id, missing)),
    modifiers: modifiers.map(({ id, findings }) => words(id, refs(findings))),
    refuted: refs(evaluation.refuted),
    dataNotes: evaluation.dataNotes.length > 0 ? `${evaluation.dataNotes.length}` : '',
    notes: evaluation.notes.length > 0 ? `${evaluation.notes.length}` : '',
    orders: (orders?.orders ?? []).map((order) =>
      filled({
        order: words(
          order.reference,
          `"${order.label}"`,
          order.labelFromChart && 'of the chart',
          order.painProblem,
          `(of ${order.checksEvaluated})`,
        ),
        treatments: order.treatments.join(' '),
        remarks: order.remarks.map(remarkOf),
        cautions: order.cautions.map(remarkOf),
      }),
    ),
    pains: evaluation.problems.map((problem) => problemOf(problem, knowledge)),
  });
};
