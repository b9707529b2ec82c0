// Suggestions that create a draft: one action each, for lines that are offered. Must not decide what is offered.
import type { Ask, EvaluatedProblem } from '../pain/evaluation.js';
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

type References = readonly { readonly reference: string }[];

/** Where a resource type names the pain it is for: as a list, and a Task as one. */
const reasonsOf = (type: DraftType, reasons: References): object => {
  const [first] = reasons;
  if (first === undefined) return {};
  if (type === 'Task') return { reasonReference: first };
  return type === 'CarePlan' || type === 'Goal'
    ? { addresses: reasons }
    : { reasonReference: reasons };
};

/** What is about the patient, in the elements R4 gives each type; a Goal has no encounter. */
const aboutPatient = (
  type: DraftType,
  { patientId, encounterId }: SuggestionTarget,
  reasons: References,
): object => ({
  [type === 'Task' ? 'for' : 'subject']: { reference: `Patient/${patientId}` },
  ...(type !== 'Goal' &&
    encounterId !== undefined &&
    ID.test(encounterId) && { encounter: { reference: `Encounter/${encounterId}` } }),
  ...reasonsOf(type, reasons),
});

const compose = (
  { label, description, resource }: SuggestionTemplate,
  target: SuggestionTarget,
  reasons: References,
  newId: () => string,
): Suggestion => ({
  label,
  uuid: newId(),
  actions: [
    {
      type: 'create',
      description,
      resource: { ...resource, ...aboutPatient(resource.resourceType, target, reasons) },
    },
  ],
});

const NO_SUGGESTIONS: readonly Suggestion[] = [];

const asksSaid = (
  asks: readonly Ask[],
  { byAsk }: SuggestionTemplates,
  isSaid: IsSaid,
): readonly SuggestionTemplate[] =>
  asks.flatMap(({ id, text }) => (isSaid(text) ? (byAsk.get(id) ?? []) : []));

/** Whether a sentence of `cards/` stands on the card: what is not said is not suggested. */
export type IsSaid = (text: string) => boolean;

/** What can be drafted for a pain: each offered line on its card that is one thing to order, then what the card asks for; no two alike. */
export const painSuggestions = (
  { problem, recommendations, ask }: EvaluatedProblem,
  target: SuggestionTarget | undefined,
  { suggestions, newId }: SuggestionDeps,
  isSaid: IsSaid,
): readonly Suggestion[] => {
  if (!target || !suggestions) return NO_SUGGESTIONS;
  const found = new Map<string, SuggestionTemplate>();
  for (const { id, status, text } of recommendations) {
    const template = status === 'offered' ? suggestions.byAdvice.get(id) : undefined;
    if (template && !found.has(template.label) && isSaid(text)) found.set(template.label, template);
  }
  const offered = [...found.values()].sort((a, b) => a.rank - b.rank);
  const asked = asksSaid(ask, suggestions, isSaid).filter(({ label }) => !found.has(label));
  if (offered.length + asked.length === 0) return NO_SUGGESTIONS;
  const reasons = problem.members
    .filter(({ reference }) => CONDITION.test(reference))
    .slice(0, 1)
    .map(({ reference }) => ({ reference }));
  return [...offered, ...asked]
    .slice(0, suggestions.most)
    .map((template) => compose(template, target, reasons, newId));
};

/** What can be drafted to record what is asked for. */
export const askSuggestions = (
  problems: readonly EvaluatedProblem[],
  target: SuggestionTarget | undefined,
  { suggestions, newId }: SuggestionDeps,
  isSaid: IsSaid,
): readonly Suggestion[] => {
  if (!target || !suggestions) return NO_SUGGESTIONS;
  const asks = problems.flatMap(({ ask }) => ask);
  return [...new Set(asksSaid(asks, suggestions, isSaid))]
    .slice(0, suggestions.most)
    .map((template) => compose(template, target, [], newId));
};
