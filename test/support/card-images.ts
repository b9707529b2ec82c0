// `npm run cards:images [folder] [patient...]`: every card of the fixtures as a narrow EHR panel would show it, one PNG a patient. Needs Chromium (CHROMIUM names it); PAIN_CDS_LANGUAGE names the language.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';
import type { Card } from '../../src/cds/cds-hooks.js';
import { composeCards } from '../../src/cds/compose-cards.js';
import { loadSuggestions } from '../../src/knowledge/load-suggestions.js';
import { loadCardTexts } from '../../src/knowledge/load-texts.js';
import { CARDS, shippedKnowledge } from './app.js';
import { fixtureEvaluations } from './fixture-evaluations.js';

const PANEL_PX = 320;
const GAP_PX = 8;
const HEIGHT_PX = 1400;
const COLOURS = { info: '#1f6feb', warning: '#d98300', critical: '#cf222e' } as const;
const STYLE = `*{box-sizing:border-box}body{margin:0;padding:${GAP_PX}px;display:flex;gap:${GAP_PX}px;align-items:flex-start;background:#e9ecef;font:13px/1.35 sans-serif}
article{width:${PANEL_PX}px;flex:none;padding:8px 10px;background:#fff;border-left:5px solid;overflow-wrap:anywhere}
h2{font-size:14px;margin:0 0 6px}p{margin:0 0 6px}ul{margin:0 0 6px;padding-left:16px}code{background:#f0f0f0}
button{display:block;margin:3px 0;padding:4px 8px;border:1px solid #1f6feb;background:#f3f8ff;color:#1f6feb}small{color:#555}`;

const plain = (text: string): string =>
  text.replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`);

const panel = ({ summary, indicator, detail = '', suggestions = [], links = [], source }: Card) =>
  `<article style="border-color:${COLOURS[indicator]}"><h2>${plain(summary)}</h2>
${micromark(detail, { extensions: [gfm()], htmlExtensions: [gfmHtml()] })}
${suggestions.map(({ label }) => `<button>${plain(label)}</button>`).join('')}
<small>${links.map(({ label }) => plain(label)).join(' · ')}<br>Source: ${plain(source.label)}</small></article>`;

const [folder = mkdtempSync(join(tmpdir(), 'card-images-')), ...wanted] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const texts = loadCardTexts(CARDS, shippedKnowledge(), process.env.PAIN_CDS_LANGUAGE);
const suggestions = loadSuggestions(CARDS, shippedKnowledge(), texts);
let made = 0;
for (const { patientId, evaluation } of fixtureEvaluations) {
  if (wanted.length > 0 && !wanted.includes(patientId)) continue;
  const options = { newId: () => patientId, baseUrl: 'http://127.0.0.1:3000', texts, suggestions };
  const cards = composeCards(evaluation, options, { patientId }).map(({ card }) => card);
  if (cards.length === 0) continue;
  const page = join(folder, `${patientId}.html`);
  writeFileSync(
    page,
    `<!doctype html><meta charset="utf-8"><style>${STYLE}</style>${cards.map(panel).join('')}`,
  );
  const width = cards.length * (PANEL_PX + GAP_PX) + GAP_PX;
  execFileSync(
    process.env.CHROMIUM ?? 'chromium',
    [
      '--headless',
      '--no-sandbox',
      '--hide-scrollbars',
      `--window-size=${width},${HEIGHT_PX}`,
      `--screenshot=${join(folder, `${patientId}.png`)}`,
      `file://${page}`,
    ],
    { stdio: 'ignore' },
  );
  made += cards.length;
}
process.stdout.write(`${made} cards in ${folder}\n`);
