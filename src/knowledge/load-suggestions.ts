// cards/suggestions.yaml -> the drafts suggestions create, by line of guidance and by question. Must not know patients.

import type { CardTexts } from '../cds/card-texts.js';
import { ADVICE_SYSTEM } from '../cds/services.js';
import type { DraftType, SuggestionTemplate, SuggestionTemplates } from '../cds/suggestions.js';
import { KnowledgeInvalid } from '../errors.js';
import type { GuidanceLine, Knowledge } from '../pain/knowledge.js';
import type { CodeSystemsDocument, SuggestionsDocument } from './documents.js';
import { openKnowledgeFiles } from './knowledge-files.js';
import { createDocumentReader } from './read-documents.js';

interface Coding {
  readonly system: string;
  readonly code: string;
}

type Texts = Pick<CardTexts, 'say' | 'translate'>;

const DRAFT = { status: 'draft', intent: 'proposal' } as const;

/** What is to be drafted, in the elements R4 gives each type. */
const elementsOf = (type: DraftType, text: string, coding: Coding | undefined): object => {
  const concept = { ...(coding && { coding: [coding] }), text };
  switch (type) {
    case 'MedicationRequest':
      return { ...DRAFT, medicationCodeableConcept: concept };
    case 'ServiceRequest':
      return { ...DRAFT, code: concept };
    case 'CarePlan':
      return { ...DRAFT, title: text };
    case 'Goal':
      return { lifecycleStatus: 'proposed', description: concept };
    case 'Task':
      return { ...DRAFT, ...(coding && { code: concept }), description: text };
  }
};

const WORDS = {
  MedicationRequest: 'draftMedicine',
  ServiceRequest: 'draftService',
  CarePlan: 'draftPlan',
  Goal: 'draftGoal',
  Task: 'draftTask',
} as const;

/** One draft; `id` of the line or question it is made for comes back with it when it is signed. */
const draft = (
  type: DraftType,
  { text, coding, id, rank }: { text: string; coding?: Coding; id: string; rank: number },
  { say, translate }: Texts,
): SuggestionTemplate => {
  const name = { name: { safe: translate(text) } };
  return Object.freeze({
    label: say[WORDS[type]].plain(name),
    description: say[`${WORDS[type]}Action`].plain(name),
    rank,
    resource: Object.freeze({
      resourceType: type,
      identifier: [{ system: ADVICE_SYSTEM, value: id }],
      ...elementsOf(type, text, coding),
    }),
  });
};

const linesByPlan = ({
  guidance,
}: Pick<Knowledge, 'guidance'>): ReadonlyMap<string, GuidanceLine[]> => {
  const lines = new Map<string, GuidanceLine[]>();
  for (const { lines: all } of guidance.values()) {
    for (const line of all) {
      if (line.plan === undefined) continue;
      const list = lines.get(line.plan);
      if (list) list.push(line);
      else lines.set(line.plan, [line]);
    }
  }
  return lines;
};

/** The drafts of a knowledge folder; labels are in the language of the texts, the drafts themselves as `cards/` has them. @throws {KnowledgeInvalid} for a plan or question nothing names, or an unknown code system */
export const loadSuggestions = (
  folder: string,
  knowledge: Pick<Knowledge, 'guidance' | 'asks'>,
  texts: Texts,
): SuggestionTemplates => {
  const files = openKnowledgeFiles(folder);
  const read = createDocumentReader(files);
  const { file, document } = read<SuggestionsDocument>('suggestions.yaml');
  const systems = new Map(
    read<CodeSystemsDocument>('code-systems.yaml').document.systems.map(({ id, uris }) => [
      id,
      uris[0],
    ]),
  );
  const codingOf = (
    code: string | undefined,
    path: readonly (string | number)[],
  ): Coding | undefined => {
    if (code === undefined) return undefined;
    const at = code.lastIndexOf(' ');
    const system = systems.get(code.slice(0, at));
    if (system === undefined) files.faults.push(file.faultAt(path, `no such code system: ${code}`));
    return system === undefined ? undefined : { system, code: code.slice(at + 1) };
  };
  const lines = linesByPlan(knowledge);
  const byAdvice = new Map<string, SuggestionTemplate>();
  for (const [at, row] of document.treatments.entries()) {
    const { plan, as, text, code, rank, lines: ids } = row;
    const ofPlan = lines.get(plan) ?? [];
    const named = ids ? ofPlan.filter((line) => ids.includes(line.as.offered.id)) : ofPlan;
    for (const [place, id] of (ids ?? []).entries()) {
      if (!named.some((line) => line.as.offered.id === id))
        files.faults.push(
          file.faultAt(['treatments', at, 'lines', place], `no line "${id}" of this plan`),
        );
    }
    if (named.length === 0)
      files.faults.push(
        file.faultAt(['treatments', at, 'plan'], `no line of guidance names "${plan}"`),
      );
    const coding = codingOf(code, ['treatments', at, 'code']);
    for (const line of named) {
      const { id } = line.as.offered;
      const type = as ?? (line.kind === 'drug' ? 'MedicationRequest' : 'ServiceRequest');
      byAdvice.set(id, draft(type, { text, ...(coding && { coding }), id, rank }, texts));
    }
  }
  const asks = new Set(knowledge.asks.map(({ id }) => id));
  const byAsk = new Map<string, SuggestionTemplate[]>();
  for (const [at, { ask, as, text, code }] of document.asks.entries()) {
    if (!asks.has(ask))
      files.faults.push(file.faultAt(['asks', at, 'ask'], `question "${ask}" does not exist`));
    const coding = codingOf(code, ['asks', at, 'code']);
    const what = { text, ...(coding && { coding }), id: `ask.${ask}`, rank: at };
    const made = draft(as ?? 'ServiceRequest', what, texts);
    const list = byAsk.get(ask);
    if (list) list.push(made);
    else byAsk.set(ask, [made]);
  }
  if (files.faults.length > 0) throw new KnowledgeInvalid(files.faults);
  return { most: document.most, byAdvice, byAsk };
};
