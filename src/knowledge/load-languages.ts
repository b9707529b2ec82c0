// Everything cards are composed with, in every language of cards/. Must not know patients.

import type { ComposeOptions } from '../cds/card-frame.js';
import { type CardLanguages, OWN_LANGUAGE } from '../cds/card-languages.js';
import { ConfigInvalid } from '../errors.js';
import type { Knowledge } from '../pain/knowledge.js';
import { openKnowledgeFiles } from './knowledge-files.js';
import { loadSuggestions } from './load-suggestions.js';
import { loadCardTexts } from './load-texts.js';

/** Tags of the languages that have card texts, the own one first. */
const tagsOf = (folder: string): readonly string[] => {
  const found = openKnowledgeFiles(folder)
    .list('texts', '.yaml')
    .flatMap((file) => /^texts\/([\w-]+)\.yaml$/.exec(file)?.[1] ?? []);
  return [OWN_LANGUAGE, ...found.filter((tag) => tag !== OWN_LANGUAGE)];
};

/**
 * Loads all languages.
 * @param site - a tag that one of them accepts
 * @throws {KnowledgeInvalid} | {ConfigInvalid} when no language accepts the site's tag
 */
export const loadCardLanguages = (
  folder: string,
  knowledge: Knowledge,
  site: string,
  { newId, baseUrl }: Pick<ComposeOptions, 'newId' | 'baseUrl'>,
): CardLanguages => {
  const byTag = new Map<string, ComposeOptions>();
  for (const tag of tagsOf(folder)) {
    const texts = loadCardTexts(folder, knowledge, tag);
    const suggestions = loadSuggestions(folder, knowledge, texts);
    byTag.set(tag, Object.freeze({ texts, suggestions, newId, baseUrl }));
  }
  const wanted = site.toLowerCase();
  const [fallback] = [...byTag].flatMap(([tag, { texts }]) =>
    texts.accepts.some((accepted) => accepted.toLowerCase() === wanted) ? [tag] : [],
  );
  if (fallback === undefined)
    throw new ConfigInvalid([`PAIN_CDS_LANGUAGE must be one of ${[...byTag.keys()].join(', ')}`]);
  return { fallback, byTag };
};
