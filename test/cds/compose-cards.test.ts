import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';
import { parse } from 'yaml';
import { compileCardTexts } from '../../src/cds/card-texts.js';
import { composeCards } from '../../src/cds/compose-cards.js';
import { machineReadable } from '../../src/cds/machine-readable.js';
import { attackStrings } from '../support/attack-strings.js';
import { aFinding, anEvaluation, aProblem } from '../support/evaluation-builder.js';

const texts = compileCardTexts(parse(readFileSync('cards/texts/en.yaml', 'utf8')), {
  regions: new Map([['lumbar-spine', 'low back']]),
});
const options = { newId: () => 'id-1', baseUrl: 'https://cds.example', texts };

function shape(markdown: string): string[] {
  const types: string[] = [];
  const walk = (node: { type: string; url?: string; children?: unknown[] }): void => {
    if (node.type === 'link' && !node.url?.startsWith('https://cds.example/about/'))
      types.push(`link ${node.url}`);
    if (
      [
        'html',
        'image',
        'heading',
        'table',
        'definition',
        'code',
        'blockquote',
        'thematicBreak',
        'linkReference',
        'imageReference',
        'footnoteDefinition',
      ].includes(node.type)
    )
      types.push(node.type);
    for (const child of node.children ?? []) walk(child as never);
  };
  walk(fromMarkdown(markdown, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] }));
  return types;
}

describe('composeCards', () => {
  it('says nothing without a pain problem or red flag', () => {
    assert.deepEqual(composeCards(anEvaluation({ problems: [] }), options), []);
  });
  it('states pain, intensity, grade and category first', () => {
    const [card] = composeCards(anEvaluation(), options);
    assert.equal(card?.summary, 'Left leg pain 7/10, rising: probably neuropathic');
    assert.match(card?.detail ?? '', /12 Oct 2026/);
  });
  it('merges red flags into one card before at most three pains', () => {
    const flag = {
      id: 'RF-01',
      label: 'Cauda equina',
      urgency: 'emergency',
      action: 'MRI now',
      sources: ['NG59'],
      findings: [],
    } as const;
    const cards = composeCards(
      anEvaluation({
        redFlags: [flag, { ...flag, urgency: 'urgent' }],
        problems: [1, 2, 3, 4].map(() => aProblem()),
      }),
      options,
    );
    assert.deepEqual(
      cards.map((c) => c.indicator),
      ['critical', 'info', 'info', 'info', 'info'],
    );
  });
  it('keeps every attack string inert, within limits and fast', () => {
    for (const text of attackStrings) {
      const base = aProblem();
      const [lead] = base.classifications;
      assert.ok(lead);
      const finding = aFinding({
        label: text,
        labelFromChart: true,
        measure: { low: 1, high: 1, lowOpen: false, highOpen: false, unit: '1', text },
      });
      const evidence = {
        criterion: 'X',
        label: text,
        kind: 'dx',
        result: 'met',
        weight: 1,
        findings: [finding],
      } as const;
      const problem = aProblem({
        problem: { ...base.problem, label: text },
        classifications: [
          { ...lead, evidence: [evidence], against: [evidence], notes: [text], wouldRaise: [text] },
        ],
        ask: [{ id: 'a', text }],
      });
      const started = performance.now();
      const cards = composeCards(
        anEvaluation({
          problems: [problem],
          dataNotes: [text],
          notes: [text],
          missing: [{ input: text, reason: text, effect: text }],
        }),
        options,
      );
      assert.ok(performance.now() - started < 100);
      for (const card of cards) {
        assert.deepEqual(shape(card.detail ?? ''), [], JSON.stringify(text.slice(0, 60)));
        assert.ok(
          card.summary.length < 140 && (card.detail ?? '').length < 2000,
          `${text.slice(0, 40)} ${card.summary.length} ${card.detail?.length}`,
        );
        assert.doesNotMatch(
          card.summary + card.detail,
          /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/,
        );
      }
    }
  });
  it('is the same each time', () => {
    const evaluation = anEvaluation({ problems: [aProblem(), aProblem(), aProblem()] });
    assert.deepEqual(composeCards(evaluation, options), composeCards(evaluation, options));
  });
  it('sends no empty array or null in the machine-readable answer', () => {
    const text = JSON.stringify(machineReadable(anEvaluation()));
    assert.doesNotMatch(text, /null|\[\]|undefined/);
  });
});
