// Suggestions that create a draft: one action each, for lines that are offered. Must not decide what is offered.
import type { Ask, EvaluatedProblem, Recommendation } from '../pain/evaluation.js';
import type { Suggestion } from './cds-hooks.js';

/** What a suggestion may draft. */
export type DraftType = 'MedicationRequest' | 'ServiceRequest' | 'CarePlan' | 'Goal' | 'Task';

/** A draft without what is about one patient; composed once at load. */
export interface SuggestionTemplate {
  readonly label: string;
  readonly description: string;
  /** Lower is more useful. */
  readonly rank: number;
  readonly resource: {
    readonly resourceType: DraftType;
    readonly [element: string]: unknown;
  };
}

/** Every suggestion the knowledge has. */
export interface SuggestionTemplates {
  /** At most so many on a card. */
  readonly most: number;
  /** By id of the line of guidance. */
  readonly byAdvice: ReadonlyMap<string, SuggestionTemplate>;
  /** By id of the question. */
  readonly byAsk: ReadonlyMap<string, readonly SuggestionTemplate[]>;
}

/** Whom drafts are for. */
export interface SuggestionTarget {
  readonly patientId: string;
  readonly encounterId?: string;
}

/** What making suggestions needs. */
export interface SuggestionDeps {
  readonly newId: () => string;
  readonly suggestions?: SuggestionTemplates;
}

const CONDITION = /^Condition\/[A-Za-z0-9\-.]{1,64}$/;
const ID = /^[A-Za-z0-9\-.]{1,64}$/;

interface Reference {
  readonly reference: string;
}

/** What a draft says of the patient. */
interface AboutPatient {
  readonly patient: Reference;
  readonly encounter: Reference | undefined;
  /** The pain it is for. */
  readonly reason: Reference | undefined;
}

const aboutPatient = (
  { patientId, encounterId }: SuggestionTarget,
  reason?: Reference,
): AboutPatient => ({
  patient: { reference: `Patient/${patientId}` },
  encounter:
    encounterId !== undefined && ID.test(encounterId)
      ? { reference: `Encounter/${encounterId}` }
      : undefined,
  reason,
});

/** The draft with what is about the patient, in the elements R4 gives each type; a Goal has no encounter, a Task has one reason. */
const draftFor = (
  template: SuggestionTemplate['resource'],
  { patient, encounter, reason }: AboutPatient,
): SuggestionTemplate['resource'] => {
  const { resourceType: type } = template;
  const draft: { [element: string]: unknown; readonly resourceType: DraftType } = { ...template };
  draft[type === 'Task' ? 'for' : 'subject'] = patient;
  if (encounter && type !== 'Goal') draft.encounter = encounter;
  if (!reason) return draft;
  if (type === 'Task') draft.reasonReference = reason;
  else draft[type === 'CarePlan' || type === 'Goal' ? 'addresses' : 'reasonReference'] = [reason];
  return draft;
};

const compose = (
  { label, description, resource }: SuggestionTemplate,
  about: AboutPatient,
  newId: () => string,
): Suggestion => ({
  label,
  uuid: newId(),
  actions: [{ type: 'create', description, resource: draftFor(resource, about) }],
});

const NO_SUGGESTIONS: readonly Suggestion[] = [];

/** Whether a sentence of `cards/` stands on the card: what is not said is not suggested. */
export type IsSaid = (text: string) => boolean;

/** The drafts of what the card asks for. */
const asksSaid = (
  asks: readonly Ask[],
  { byAsk }: SuggestionTemplates,
  isSaid: IsSaid,
): SuggestionTemplate[] => {
  const said: SuggestionTemplate[] = [];
  for (const { id, text } of asks) {
    const templates = byAsk.get(id);
    if (templates && isSaid(text)) said.push(...templates);
  }
  return said;
};

/** The drafts of what the card offers that is one thing to order, the most useful first, no two alike. */
const offersSaid = (
  recommendations: readonly Recommendation[],
  offers: readonly Recommendation[],
  { byAdvice }: SuggestionTemplates,
  isSaid: IsSaid,
): SuggestionTemplate[] => {
  const said: SuggestionTemplate[] = [];
  for (const line of recommendations) {
    if (line.status !== 'offered' || !offers.includes(line)) continue;
    const template = byAdvice.get(line.id);
    if (!template || said.some(({ label }) => label === template.label)) continue;
    if (isSaid(line.text)) said.push(template);
  }
  return said.sort((a, b) => a.rank - b.rank);
};

/** What can be drafted for a pain: each line offered on its card, then what the card asks for; no two alike. */
export const painSuggestions = (
  { problem, recommendations, ask }: EvaluatedProblem,
  offers: readonly Recommendation[],
  target: SuggestionTarget | undefined,
  { suggestions, newId }: SuggestionDeps,
  isSaid: IsSaid,
): readonly Suggestion[] => {
  if (!target || !suggestions) return NO_SUGGESTIONS;
  const { most } = suggestions;
  const offered = offersSaid(recommendations, offers, suggestions, isSaid);
  const drafts =
    offered.length >= most
      ? offered
      : [
          ...offered,
          ...asksSaid(ask, suggestions, isSaid).filter(
            ({ label }) => !offered.some((other) => other.label === label),
          ),
        ];
  if (drafts.length === 0) return NO_SUGGESTIONS;
  const pain = problem.members.find(({ reference }) => CONDITION.test(reference));
  const about = aboutPatient(target, pain && { reference: pain.reference });
  return drafts.slice(0, most).map((template) => compose(template, about, newId));
};

/** What can be drafted to record what is asked for. */
export const askSuggestions = (
  problems: readonly EvaluatedProblem[],
  target: SuggestionTarget | undefined,
  { suggestions, newId }: SuggestionDeps,
  isSaid: IsSaid,
): readonly Suggestion[] => {
  if (!target || !suggestions) return NO_SUGGESTIONS;
  const said = new Set<SuggestionTemplate>();
  for (const { ask } of problems)
    for (const template of asksSaid(ask, suggestions, isSaid)) said.add(template);
  if (said.size === 0) return NO_SUGGESTIONS;
  const about = aboutPatient(target);
  return [...said].slice(0, suggestions.most).map((template) => compose(template, about, newId));
};
