// What a card rests on: rule ids for the record, facts that tell whether it says something new. Must not know texts or the store.
import type { Ask, EvaluatedProblem, JudgedOrder, RedFlag } from '../pain/evaluation.js';
import type { Finding } from '../pain/finding.js';

/** The basis of one card. */
export interface CardBasis {
  /** Ids of criteria, safety rules and red flags, each once. */
  readonly rules: readonly string[];
  /** The facts as text, in one order; the same facts give the same list. */
  readonly facts: readonly string[];
}

const fact = ({ reference, measure, effective, presence, current }: Finding): string =>
  [reference, presence, current ? 'current' : 'past', measure?.text, effective?.text]
    .filter((part) => part !== undefined)
    .join(' ');

const sorted = (values: Iterable<string>): readonly string[] => [...new Set(values)].sort();

/** The basis of the card of a pain problem: its classification, its evidence and what became of each line of guidance. */
export const problemBasis = ({
  problem,
  classifications,
  recommendations,
}: EvaluatedProblem): CardBasis => {
  const evidence = classifications.flatMap((item) => [...item.evidence, ...item.against]);
  const checks = recommendations.flatMap((line) => line.checks);
  return {
    rules: sorted([
      ...evidence.map(({ criterion }) => criterion),
      ...checks.map(({ rule }) => rule),
      ...recommendations
        .filter(({ status }) => status === 'offered' || status === 'caution')
        .map(({ id }) => id),
    ]),
    facts: sorted([
      `place ${problem.region ?? ''} ${problem.side ?? ''}`,
      `intensity ${problem.intensity?.nrs ?? ''}`,
      ...classifications.map(
        ({ category, subtype, syndrome, grade }) =>
          `class ${category} ${subtype ?? ''} ${syndrome ?? ''} ${grade}`,
      ),
      ...recommendations.map(({ id, status }) => `line ${id} ${status}`),
      ...problem.members.map(fact),
      ...evidence.flatMap(({ findings }) => findings.map(fact)),
    ]),
  };
};

/** The basis of the red-flag card. */
export const redFlagBasis = (flags: readonly RedFlag[]): CardBasis => ({
  rules: sorted(flags.map(({ id }) => id)),
  facts: sorted(
    flags.flatMap(({ id, urgency, findings }) => [`${id} ${urgency}`, ...findings.map(fact)]),
  ),
});

/** The basis of the card that asks for what to record next. */
export const askBasis = (asks: readonly Ask[]): CardBasis => {
  const ids = sorted(asks.map(({ id }) => id));
  return { rules: ids, facts: ids };
};

/** The basis of the card of an order: what is ordered, whatever its id, and what is said of it on which records. */
export const orderBasis = ({ label, treatments, remarks }: JudgedOrder): CardBasis => ({
  rules: sorted(remarks.flatMap(({ rule }) => rule ?? [])),
  facts: sorted([
    `order ${label} ${treatments.join(' ')}`,
    ...remarks.flatMap(({ kind, rule, text, findings }) => [
      `${kind} ${rule ?? ''} ${text ?? ''}`,
      ...findings.map(fact),
    ]),
  ]),
});
