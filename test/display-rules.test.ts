// The display rules of treatment.md 1 (D1 to D7), 8 and 9 over the guidance and over the answers for the fixtures.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { Recommendation } from '../src/pain/evaluation.js';
import { cardsFrom } from './support/cards.js';
import { fixtureEvaluations, fixtureTexts as texts } from './support/fixture-evaluations.js';

interface Line {
  readonly id: string;
  readonly treatment?: string;
  readonly strength: string;
  readonly origin: string;
  readonly order?: number;
  readonly text: string;
  readonly plain?: string;
  readonly sources: readonly string[];
}

const GUIDANCE = 'cards/guidance';
const lines: readonly Line[] = readdirSync(GUIDANCE).flatMap((name) => {
  const document: { readonly lines: readonly Line[] } = parse(
    readFileSync(join(GUIDANCE, name), 'utf8'),
  );
  return document.lines;
});
const byId = new Map(lines.map((line) => [line.id, line]));
const problems = fixtureEvaluations.flatMap(({ evaluation }) => evaluation.problems);
const answers = problems.flatMap(({ recommendations }) => recommendations);
const statusesOf = (some: readonly Recommendation[]) => [...new Set(some.map((r) => r.status))];
const cards = fixtureEvaluations.flatMap(({ evaluation }) =>
  cardsFrom(evaluation, { newId: () => 'x', baseUrl: 'https://cds.example', texts }),
);

describe('the display rules', () => {
  it('D1: what only the article says is never recommended', () => {
    const some = answers.filter(({ id }) => byId.get(id)?.origin === 'article-only');

    assert.ok(some.length > 20);
    assert.deepEqual(statusesOf(some), ['source-only']);
  });

  it('D3: what a guideline is against is never offered, tried or waiting', () => {
    const some = answers.filter(({ strength }) => strength.endsWith('-against'));

    assert.ok(some.length > 50);
    assert.deepEqual(statusesOf(some), ['not-advised']);
  });

  it('D4: every line has a source', () => {
    assert.ok(answers.every(({ sources }) => sources.length > 0));
  });

  it('D5: an unconfirmed diagnosis gets no drug', () => {
    const tentative = problems.filter(({ classifications: [lead] }) => lead?.tentative);
    const drugs = tentative
      .flatMap(({ recommendations }) => recommendations)
      .filter(({ checksEvaluated, status }) => checksEvaluated && status !== 'withheld');

    assert.ok(tentative.length > 0);
    assert.deepEqual(
      drugs.map(({ id }) => id),
      [],
    );
  });

  it('D6: what is withheld or tried says why', () => {
    const silent = answers.filter(
      ({ status, reason }) => (status === 'withheld' || status === 'tried') && !reason,
    );

    assert.ok(statusesOf(answers).includes('withheld'));
    assert.deepEqual(silent, []);
  });

  it('D7: a classified pain has two options or more', () => {
    for (const { evaluation, patientId } of fixtureEvaluations) {
      for (const { classifications, recommendations } of evaluation.problems) {
        if (classifications.length === 0) continue;
        const options = recommendations.filter(
          ({ status, treatment }) =>
            treatment !== undefined && status !== 'not-advised' && status !== 'source-only',
        );
        assert.ok(new Set(options.map(({ treatment }) => treatment)).size >= 2, patientId);
      }
    }
  });

  it('a running or tried treatment is not offered as new', () => {
    let running = 0;
    for (const { recommendations, trials = [], stepwise } of problems) {
      if (stepwise?.step === '0') continue;
      const taken = new Set(trials.filter((t) => t.isRunning).map(({ treatment }) => treatment));
      running += taken.size;
      for (const { treatment = '', status, id } of recommendations)
        assert.ok(!taken.has(treatment) || (status !== 'offered' && status !== 'caution'), id);
    }
    assert.ok(running > 10);
  });
});

describe('opioids', () => {
  it('are never called free of limits', () => {
    const said = [
      ...lines.flatMap(({ text, plain = '' }) => [text, plain]),
      ...cards.flatMap(({ summary, detail = '' }) => [summary, detail]),
    ];

    assert.ok(said.length > 500);
    for (const text of said) assert.doesNotMatch(text, /unrestricted|no limit|without limit/i);
  });

  const against = [
    'other.primary.no-opioid',
    'other.fibromyalgia.no-opioid',
    'other.migraine.no-opioid',
    'psychogenic.general.no-opioid',
    'inflammatory.back.no-opioid',
    'neuropathic.radiculopathy.no-opioid',
    'neuropathic.diabetic.no-opioid',
  ];
  for (const id of against) {
    it(`are advised against by ${id}`, () => {
      assert.match(byId.get(id)?.strength ?? '', /-against$/);
    });
  }

  it('come third in neuropathic pain', () => {
    assert.equal(byId.get('neuropathic.general.opioid')?.order, 3);
  });
});

describe('education', () => {
  it('has plain words for the patient', () => {
    const bare = lines.filter(({ treatment, plain }) => treatment === 'education' && !plain);

    assert.deepEqual(
      bare.map(({ id }) => id),
      [],
    );
  });

  it('keeps plain words free of doses and names of products', () => {
    for (const { plain = '', id } of lines) assert.doesNotMatch(plain, /\d+ ?(mg|mcg|g)\b/, id);
  });
});
