// Counts over many evaluations as a table. Must not print.
import type { CheckResult, Evaluation, Recommendation } from '../pain/evaluation.js';

/** What a population run counts. */
export interface Summary {
  readonly add: (evaluation: Evaluation) => void;
  readonly table: () => string;
}

const GRADES = ['possible', 'probable', 'definite'] as const;

/** The reason without the dates of one patient: the rule that decided for the class, else what is said. */
const whyWithheld = ({ checks, reason = '' }: Recommendation): string => {
  const isOfClass = ({ agent, outcome }: CheckResult): boolean =>
    agent === undefined && (outcome === 'blocked' || outcome === 'unknown');
  const decided = checks.find(isOfClass);
  return decided ? `${decided.rule} ${decided.needs ?? decided.message ?? ''}` : reason;
};

/** Creates an empty summary. */
export const createSummary = (): Summary => {
  const cells = new Map<string, number>();
  const bump = (key: string): void => {
    cells.set(key, (cells.get(key) ?? 0) + 1);
  };
  const withheld = new Map<string, number>();
  let patients = 0;
  let withPain = 0;
  let problems = 0;
  return {
    add: (evaluation) => {
      patients += 1;
      if (evaluation.problems.length > 0) withPain += 1;
      problems += evaluation.problems.length;
      for (const { id } of evaluation.redFlags) bump(`red flag ${id}`);
      for (const { id } of evaluation.redFlagsNotAssessed) bump(`not assessed ${id}`);
      for (const { id } of evaluation.modifiers) bump(`modifier ${id}`);
      for (const { recommendations } of evaluation.problems)
        for (const line of recommendations) {
          if (line.status !== 'withheld') continue;
          const why = whyWithheld(line);
          withheld.set(why, (withheld.get(why) ?? 0) + 1);
        }
      for (const { classifications } of evaluation.problems) {
        const [leading] = classifications;
        bump(leading ? `${leading.category} ${leading.grade}` : 'unclassified');
      }
    },
    table: () => {
      const categories = [
        ...new Set(
          [...cells.keys()]
            .filter((key) => GRADES.some((grade) => key.endsWith(` ${grade}`)))
            .map((key) => key.split(' ')[0] ?? ''),
        ),
      ].sort();
      const row = (name: string, ...values: (string | number)[]): string =>
        `${name.padEnd(34)}${values.map((value) => String(value).padStart(10)).join('')}`;
      const rest = [...cells]
        .filter(([key]) => !GRADES.some((grade) => key.endsWith(` ${grade}`)))
        .sort(([a], [b]) => (a < b ? -1 : 1));
      return [
        `${patients} patient(s), ${withPain} with a pain problem, ${problems} pain problem(s)`,
        row('leading category', ...GRADES),
        ...categories.map((category) =>
          row(category, ...GRADES.map((grade) => cells.get(`${category} ${grade}`) ?? 0)),
        ),
        ...rest.map(([key, count]) => row(key, count)),
        ...[...withheld]
          .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
          .map(([why, count]) => `${String(count).padStart(6)} withheld: ${why}`),
        '',
      ].join('\n');
    },
  };
};
