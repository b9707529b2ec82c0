// Every English sentence of cards/ that a card may show, by the file it stands in. Test data only.
import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { leadOf } from '../../src/cds/advice-lines.js';
import { cardPosition } from '../../src/knowledge/load-site.js';
import type { Knowledge } from '../../src/pain/knowledge.js';

/** Paths of what is shown, `*` for every item of a list; a folder stands for all its files. */
const SHOWN: Readonly<Record<string, readonly string[]>> = {
  'guidance/': ['lines.*.text', 'principles.*.follows'],
  'categories/': [
    'criteria.*.label',
    'contradictions.*.label',
    'wouldRaise.*.text',
    'notes.*.text',
  ],
  'safety/': ['rules.*.message', 'rules.*.needs'],
  'red-flags.yaml': [
    'redFlags.*.label',
    'redFlags.*.action',
    'redFlags.*.triggers.*.label',
    'redFlags.*.triggers.*.action',
    'redFlags.*.notAssessed.parts.*.name',
  ],
  'stepwise.yaml': ['steps.*.text', 'asks.*.text', 'ordering.rules.*.message'],
  'dynamic.yaml': ['measures.*.label', 'measures.*.words.*.says', 'intervals.*.text'],
  'orders.yaml': ['remarks.*.text'],
  'suggestions.yaml': ['treatments.*.text', 'asks.*.text'],
  'ask-next.yaml': ['asks.*.text', 'asks.*.unlocks'],
  'modifiers.yaml': ['modifiers.*.text'],
  'coexistence.yaml': ['rules.*.note'],
  'regions.yaml': ['regions.*.label'],
  'treatments.yaml': ['treatments.*.label'],
  'ozone.yaml': ['card.text', 'regulation.*.label', 'regulation.*.position'],
};

/** What a card makes of a text before it shows it. */
const AS_SHOWN: Readonly<Record<string, (text: string) => string | readonly string[]>> = {
  'principles.*.follows': (text) => leadOf(text),
  'regulation.*.position': cardPosition,
  // As a whole where a treatment is withheld, datum by datum where a card says what it lacks.
  'rules.*.needs': (text) => [text, ...text.split('; ')],
};

const at = (value: unknown, [key, ...rest]: readonly string[]): readonly unknown[] => {
  if (key === undefined) return value === undefined ? [] : [value];
  if (typeof value !== 'object' || value === null) return [];
  if (key === '*') return Object.values(value).flatMap((item) => at(item, rest));
  return at((value as Record<string, unknown>)[key], rest);
};

const filesOf = (name: string): readonly string[] =>
  name.endsWith('/')
    ? readdirSync(`cards/${name}`)
        .filter((file) => file.endsWith('.yaml'))
        .sort()
        .map((file) => name + file)
    : [name];

/** Names of agents that stand in sentences about a class. */
const agentNames = ({ safety }: Pick<Knowledge, 'safety'>): readonly string[] =>
  [...safety.plans.values()].flatMap(({ members }) => members.flatMap(({ label }) => label ?? []));

/** The texts, each with the first file it stands in; the names of agents come from the code sets. */
export const shownTexts = (
  knowledge: Pick<Knowledge, 'safety'>,
): ReadonlyMap<string, ReadonlySet<string>> => {
  const byFile = new Map<string, ReadonlySet<string>>();
  const seen = new Set<string>();
  const add = (file: string, texts: readonly string[]): void => {
    const own = new Set(texts.filter((text) => !seen.has(text)));
    for (const text of own) seen.add(text);
    byFile.set(file, own);
  };
  for (const [name, paths] of Object.entries(SHOWN))
    for (const file of filesOf(name)) {
      const document: unknown = parse(readFileSync(`cards/${file}`, 'utf8'));
      const texts = paths.flatMap((path) =>
        at(document, path.split('.')).flatMap((text) => (AS_SHOWN[path] ?? String)(String(text))),
      );
      add(file, texts);
    }
  add('codes', agentNames(knowledge));
  return byFile;
};
