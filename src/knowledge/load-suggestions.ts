// cards/suggestions.yaml -> the drafts suggestions create, by line of guidance and by question. Must not know patients.

import type { CardTexts } from '../cds/card-texts.js';
import { ADVICE_SYSTEM } from '../cds/services.js';
import type { SuggestionTemplate, SuggestionTemplates } from '../cds/suggestions.js';
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

const medicine = (
  text: string,
  coding: Coding | undefined,
  rank: number,
  texts: Texts,
  id: string,
) =>
  template(
    {
      resourceType: 'MedicationRequest',
      identifier: [{ system: ADVICE_SYSTEM, value: id }],
      status: 'draft',
      intent: 'proposal',
      medicationCodeableConcept: { ...(coding && { coding: [coding] }), text },
    },
    texts.say.draftMedicine.plain({ name: { safe: texts.translate(text) } }),
    texts.say.draftMedicineAction.plain({ name: { safe: texts.translate(text) } }),
    rank,
  );

const service = (
  text: string,
  coding: Coding | undefined,
  rank: number,
  texts: Texts,
  id: string,
) =>
  template(
    {
      resourceType: 'ServiceRequest',
      identifier: [{ system: ADVICE_SYSTEM, value: id }],
      status: 'draft',
      intent: 'proposal',
      code: { ...(coding && { coding: [coding] }), text },
    },
    texts.say.draftService.plain({ name: { safe: texts.translate(text) } }),
    texts.say.draftServiceAction.plain({ name: { safe: texts.translate(text) } }),
    rank,
  );

const template = (
  resource: SuggestionTemplate['resource'],
  label: string,
  description: string,
  rank: number,
): SuggestionTemplate =>
  Object.freeze({ label, description, rank, resource: Object.freeze(resource) });

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
  for (const [at, { plan, text, code, rank, lines: ids }] of document.treatments.entries()) {
    const ofPlan = lines.get(plan) ?? [];
    const named = ids ? ofPlan.filter(({ as }) => ids.includes(as.offered.id)) : ofPlan;
    for (const [place, id] of (ids ?? []).entries()) {
      if (!named.some(({ as }) => as.offered.id === id))
        files.faults.push(
          file.faultAt(['treatments', at, 'lines', place], `no line "${id}" of this plan`),
        );
    }
    if (named.length === 0)
      files.faults.push(
        file.faultAt(['treatments', at, 'plan'], `no line of guidance names "${plan}"`),
      );
    const coding = codingOf(code, ['treatments', at, 'code']);
    for (const { kind, as } of named) {
      const make = kind === 'drug' ? medicine : service;
      byAdvice.set(as.offered.id, make(text, coding, rank, texts, as.offered.id));
    }
  }
  const asks = new Set(knowledge.asks.map(({ id }) => id));
  const byAsk = new Map<string, SuggestionTemplate[]>();
  for (const [at, { ask, text, code }] of document.asks.entries()) {
    if (!asks.has(ask))
      files.faults.push(file.faultAt(['asks', at, 'ask'], `question "${ask}" does not exist`));
    const made = service(text, codingOf(code, ['asks', at, 'code']), at, texts, `ask.${ask}`);
    const list = byAsk.get(ask);
    if (list) list.push(made);
    else byAsk.set(ask, [made]);
  }
  if (files.faults.length > 0) throw new KnowledgeInvalid(files.faults);
  return { most: document.most, byAdvice, byAsk };
};
