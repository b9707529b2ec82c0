// What a site decides, and what follows from it for the knowledge. Must not know patients or cards.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { OzoneStatements } from '../cds/about-pages.js';
import type { KnowledgeFault } from '../errors.js';
import type { Knowledge, SafetyKnowledge } from '../pain/knowledge.js';
import type { ExpressionCompiler } from './compile-expressions.js';
import { openKnowledgeFiles } from './knowledge-files.js';
import { createDocumentReader, type DocumentReader } from './read-documents.js';

/** `site.yaml` */
export interface SiteDocument {
  readonly ozone: { readonly show: 'off' | 'information' | 'never'; readonly region: string };
}

interface OzoneDocument extends OzoneStatements {
  readonly card: {
    readonly steps: readonly string[];
    readonly treatment: string;
    readonly when: string;
    readonly text: string;
  };
}

/** Longest part of a regulation that fits a card; the page has it whole. */
const MAX_POSITION = 90;

/** The site's own `site.yaml`, else the one that is shipped. @throws {KnowledgeInvalid} */
export const readSite = (folder: string, siteFolder: string | undefined): SiteDocument => {
  const own = siteFolder !== undefined && existsSync(join(siteFolder, 'site.yaml'));
  const site = own ? siteFolder : folder;
  const schemas = openKnowledgeFiles(folder);
  const files = openKnowledgeFiles(site);
  const read = createDocumentReader({ ...files, json: schemas.json });
  return read<SiteDocument>('site.yaml').document;
};

const cutAtWord = (text: string): string =>
  text.length <= MAX_POSITION ? text : `${text.slice(0, MAX_POSITION).replace(/\W+\w*$/, '')}…`;

/** A regulation as far as a card shows it: as many clauses as fit; of a first one that does not, as many words. */
export const cardPosition = (text: string): string => {
  const [first = '', ...others] = text.split('; ');
  return others.reduce(
    (said, clause) =>
      said.length + clause.length + 2 <= MAX_POSITION ? `${said}; ${clause}` : said,
    cutAtWord(first),
  );
};

/** The line on ozone, where the site shows information and its region's regulation allows that (OC-1, OC-5). */
export const loadOzoneLine = (
  read: DocumentReader,
  compiler: ExpressionCompiler,
  { ozone: { show, region } }: SiteDocument,
  { stepwise, plans }: Pick<Knowledge, 'stepwise'> & Pick<SafetyKnowledge, 'plans'>,
  faults: KnowledgeFault[],
): Pick<Knowledge, 'ozone'> => {
  const { file, document } = read<OzoneDocument>('ozone.yaml');
  const { steps, treatment } = document.card;
  for (const [at, step] of steps.entries())
    if (!stepwise.steps.some((row) => row.step === step))
      faults.push(file.faultAt(['card', 'steps', at], `step "${step}" is not in stepwise.yaml`));
  if (!plans.has(treatment))
    faults.push(file.faultAt(['card', 'treatment'], `no safety rule speaks of "${treatment}"`));
  const judge = compiler.compile(file, ['card', 'when'], document.card.when);
  const rule = document.regulation.find((item) => item.region === region);
  if (!rule) faults.push({ file: 'site.yaml', message: `region "${region}" is not in ozone.yaml` });
  if (!rule || show !== 'information' || rule.show !== 'information') return {};
  const text = document.card.text
    .replace('{label}', () => rule.label)
    .replace('{position}', () => cardPosition(rule.position));
  return { ozone: { steps: new Set(steps), treatment, judge, text } };
};
