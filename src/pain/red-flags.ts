// Grouping -> RedFlag[] and what could not be assessed. Must not know what a flag is about, categories or cards.

import type { RedFlag, RedFlagNotAssessed } from './evaluation.js';
import { URGENCIES } from './expression.js';
import { fillText } from './fill-text.js';
import type { Finding } from './finding.js';
import type { Knowledge, RedFlagKnowledge, RedFlagTrigger } from './knowledge.js';
import type { GroupedPain, Grouping } from './pain-problem.js';
import { type FindingIndex, hasAny, type Scope, scopeOver } from './scope.js';

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
const mayHold = (needs: readonly (readonly string[])[], found: FindingIndex): boolean => {
  for (const sets of needs) if (!hasAny(found, sets)) return false;
  return true;
};

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
  let hits: Hit[] | undefined;
  for (const trigger of flag.triggers) {
    const hit = mayHold(trigger.needs, found) ? hitOf(trigger, places) : undefined;
    if (!hit) continue;
    if (hits) hits.push(hit);
    else hits = [hit];
  }
  const first = hits?.[0];
  if (!hits || !first) return undefined;
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
): RedFlagNotAssessed | undefined => {
  const { notAssessed, id, label } = flag;
  if (!notAssessed || !mayHold(notAssessed.needs, found)) return undefined;
  const at = places.find(({ scope }) => notAssessed.relevant(scope).result === 'met');
  if (!at) return undefined;
  const names = notAssessed.parts.flatMap(({ name, assessed }) =>
    assessed(at.scope).result === 'unknown' ? [name] : [],
  );
  if (names.length === 0) return undefined;
  const { redFlagNotRecorded, separators } = knowledge.engineTexts;
  const missing = fillText(redFlagNotRecorded, { names: names.join(separators.names) });
  return { id, label, missing };
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
    if (shown) {
      open.push(shown);
      continue;
    }
    const unclear = notAssessedOf(flag, places, allFindings, knowledge);
    if (unclear) notAssessed.push(unclear);
  }
  open.sort((a, b) => URGENCIES.indexOf(a.urgency) - URGENCIES.indexOf(b.urgency));
  return { open, notAssessed };
};
