// Grouping -> RedFlag[] and what could not be assessed. Must not know what a flag is about, categories or cards.

import type { RedFlag, RedFlagNotAssessed } from './evaluation.js';
import { URGENCIES } from './expression.js';
import { fillText } from './fill-text.js';
import type { Finding } from './finding.js';
import type { Knowledge, RedFlagKnowledge, RedFlagTrigger } from './knowledge.js';
import type { GroupedPain, Grouping } from './pain-problem.js';
import { type FindingIndex, type Scope, scopeOver } from './scope.js';

/** Where a flag may show: in the record as a whole, or at one pain. */
interface Place {
  readonly scope: Scope;
  readonly pain?: GroupedPain;
}

/** What the red flags of a patient come to. */
export interface RedFlags {
  /** Most urgent first, else in the order of `cards/`. */
  readonly open: readonly RedFlag[];
  readonly notAssessed: readonly RedFlagNotAssessed[];
}

interface Hit {
  readonly trigger: RedFlagTrigger;
  readonly findings: readonly Finding[];
}

/** Whether each group of sets has a finding at all: without that no place need be looked at. */
const mayHold = (needs: readonly (readonly string[])[], found: FindingIndex): boolean =>
  needs.every((sets) => sets.some((set) => found.has(set)));

/** The findings that make a trigger hold, with the pain it holds for; undefined when it does not. */
const hitOf = (trigger: RedFlagTrigger, places: readonly Place[]): Hit | undefined => {
  for (const { scope, pain } of places) {
    const { result, findings } = trigger.judge(scope);
    if (result !== 'met') continue;
    return { trigger, findings: pain ? [...findings, pain.lead] : findings };
  }
  return undefined;
};

const openFlag = (
  flag: RedFlagKnowledge,
  places: readonly Place[],
  found: FindingIndex,
): RedFlag | undefined => {
  const hits: Hit[] = [];
  for (const trigger of flag.triggers) {
    const hit = mayHold(trigger.needs, found) ? hitOf(trigger, places) : undefined;
    if (hit) hits.push(hit);
  }
  const [first] = hits;
  if (!first) return undefined;
  const { urgency, label, action } = first.trigger;
  return {
    id: flag.id,
    label,
    urgency,
    action,
    sources: flag.sources,
    triggers: hits.map(({ trigger }) => trigger.id),
    withholds: flag.withholds,
    findings: [...new Set(hits.flatMap(({ findings }) => findings))],
  };
};

const notAssessedOf = (
  flag: RedFlagKnowledge,
  places: readonly Place[],
  found: FindingIndex,
  knowledge: Knowledge,
): readonly RedFlagNotAssessed[] => {
  const { notAssessed, id, label } = flag;
  if (!notAssessed || !mayHold(notAssessed.needs, found)) return [];
  const at = places.find(({ scope }) => notAssessed.relevant(scope).result === 'met');
  if (!at) return [];
  const names = notAssessed.parts.flatMap(({ name, assessed }) =>
    assessed(at.scope).result === 'unknown' ? [name] : [],
  );
  if (names.length === 0) return [];
  const { redFlagNotRecorded, separators } = knowledge.engineTexts;
  return [
    { id, label, missing: fillText(redFlagNotRecorded, { names: names.join(separators.names) }) },
  ];
};

/**
 * Judges every red flag over the whole record and at every pain, before any category is decided.
 * Several triggers of one flag are one flag: the most urgent one speaks.
 */
export const judgeRedFlags = (
  grouping: Grouping,
  patient: Pick<Scope, 'nowMs' | 'ageYears' | 'sex'>,
  knowledge: Knowledge,
): RedFlags => {
  const { allFindings, pains } = grouping;
  const whole = scopeOver(patient, allFindings, allFindings);
  const places: readonly Place[] = [
    { scope: whole },
    ...pains.map((pain) => ({ pain, scope: { ...whole, pain: pain.scope } })),
  ];
  const open: RedFlag[] = [];
  const notAssessed: RedFlagNotAssessed[] = [];
  for (const flag of knowledge.redFlags) {
    const shown = openFlag(flag, places, allFindings);
    if (shown) open.push(shown);
    else notAssessed.push(...notAssessedOf(flag, places, allFindings, knowledge));
  }
  open.sort((a, b) => URGENCIES.indexOf(a.urgency) - URGENCIES.indexOf(b.urgency));
  return { open, notAssessed };
};
