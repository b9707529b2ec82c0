// The languages of cards: no key and no sentence missing, none too many, places alike, and no English left on a card.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { loadSuggestions } from '../../src/knowledge/load-suggestions.js';
import { loadCardTexts } from '../../src/knowledge/load-texts.js';
import { withoutTag } from '../../src/knowledge/load-vocabulary.js';
import { CARDS, shippedKnowledge } from '../support/app.js';
import { cardsFrom } from '../support/cards.js';
import { fixtureEvaluations, fixtureTexts } from '../support/fixture-evaluations.js';
import { fixtureRecords } from '../support/fixtures.js';
import { shownTexts } from '../support/shown-texts.js';

interface Phrase {
  readonly en: string;
  readonly to: string;
}

const knowledge = shippedKnowledge();
const languages = readdirSync(`${CARDS}/translations`);
const document = (file: string): unknown => parse(readFileSync(`${CARDS}/${file}`, 'utf8'));

/** Every path of a document with the places its text has. */
const keysOf = (value: unknown, path = ''): readonly string[] =>
  typeof value !== 'object' || value === null
    ? [`${path} ${placesOf(String(value))}`]
    : Object.entries(value).flatMap(([key, of]) => keysOf(of, `${path}/${key}`));

const placesOf = (text: string): string => (text.match(/\{\w+\}/g) ?? []).sort().join(' ');

const phrasesOf = (language: string): readonly Phrase[] =>
  readdirSync(`${CARDS}/translations/${language}`).flatMap(
    (file) =>
      (document(`translations/${language}/${file}`) as { readonly texts: readonly Phrase[] }).texts,
  );

const codeDisplays: ReadonlySet<string> = new Set(
  readdirSync(`${CARDS}/codes`)
    .filter((file) => file.endsWith('.csv'))
    .flatMap((file) =>
      readFileSync(`${CARDS}/codes/${file}`, 'utf8')
        .split('\n')
        .slice(1)
        .map((row) => /^[^,]*,[^,]*,("(?:[^"]|"")*"|[^,]*)/.exec(row)?.[1] ?? '')
        .map((cell) => withoutTag(cell.replace(/^"|"$/g, '').replaceAll('""', '"'))),
    ),
);
const sourceKeys = (
  document('sources.yaml') as { readonly sources: readonly { readonly key: string }[] }
).sources.map(({ key }) => key);
/** Longest first, so that none leaves a part of another. */
const mayBeEnglish = sourceKeys
  .filter((text) => text.length > 2)
  .sort((a, b) => b.length - a.length);

/** A card's text without what comes from the chart and from the bibliography. */
const ownWords = (text: string): string => {
  let left = text
    .replace(/`+[^`]*`+/g, ' ')
    .replace(/\]\([^)]*\)/g, ' ')
    .replaceAll('\\', '');
  for (const display of mayBeEnglish)
    if (left.includes(display)) left = left.replaceAll(display, ' ');
  return left;
};

for (const language of languages) {
  describe(`cards in ${language}`, () => {
    const texts = loadCardTexts(CARDS, knowledge, language);
    const phrases = phrasesOf(language);
    const shown = new Set([...shownTexts(knowledge).values()].flatMap((some) => [...some]));

    for (const name of ['', 'engine.'])
      it(`have every key of texts/${name}en.yaml, with the same places`, () => {
        const [en, other] = ['en', language].map((tag) =>
          keysOf(document(`texts/${name}${tag}.yaml`))
            .filter((key) => !/^\/(accepts|imagingWords)\//.test(key))
            .sort(),
        );

        assert.deepEqual(other, en);
      });

    it('have a translation of every sentence that may be shown', () => {
      const known = new Set(phrases.map(({ en }) => en));

      assert.deepEqual(
        [...shown].filter((text) => !known.has(text)),
        [],
      );
    });

    it('have a translation of the display of every code', () => {
      const known = new Set(phrases.map(({ en }) => en));

      assert.deepEqual(
        [...codeDisplays].filter((display) => /[a-z]/i.test(display) && !known.has(display)),
        [],
      );
    });

    it('translate nothing twice and nothing that is not shown', () => {
      const seen = new Set<string>();

      assert.deepEqual(
        phrases.flatMap(({ en }) => {
          const isTwice = seen.has(en);
          seen.add(en);
          return isTwice || !(shown.has(en) || codeDisplays.has(en)) ? [en] : [];
        }),
        [],
      );
    });

    it('keep the places of a template', () => {
      assert.deepEqual(
        phrases.filter(({ en, to }) => placesOf(en) !== placesOf(to)).map(({ en }) => en),
        [],
      );
    });

    it('name every subtype and syndrome', () => {
      const ids = knowledge.categories.flatMap(({ id, subtypeIds }) => [
        ...subtypeIds,
        ...(document(`categories/${id}.yaml`) as { readonly syndromes: readonly string[] })
          .syndromes,
      ]);

      assert.deepEqual(
        ids.filter((id) => texts.syndromeNames[id] === undefined),
        [],
      );
    });

    it('know a sentence that asks for imaging when English does', () => {
      assert.deepEqual(
        [...shown].filter(
          (text) => texts.asksForImaging(text) !== fixtureTexts.asksForImaging(text),
        ),
        [],
      );
    });

    it('tell suggestions apart that English tells apart', () => {
      const labels = loadSuggestions(CARDS, knowledge, texts).byAdvice;
      const english = loadSuggestions(CARDS, knowledge, fixtureTexts).byAdvice;
      const count = (of: typeof labels) => new Set([...of.values()].map(({ label }) => label)).size;

      assert.equal(count(labels), count(english));
    });

    it('leave no run of three English words that is ours', () => {
      const left = new Set<string>();
      for (const { patientId, evaluation } of fixtureEvaluations) {
        const chart = JSON.stringify(fixtureRecords.get(patientId)?.resources);
        for (const card of cardsFrom(evaluation, {
          newId: () => 'x',
          baseUrl: 'https://cds.example',
          texts,
        }))
          for (const text of [card.summary, card.detail ?? '', card.source.label])
            for (const [run] of ownWords(text).matchAll(/[A-Za-z]+(?:[ ,;:'-]+[A-Za-z]+){2,}/g))
              if (!chart.includes(run)) left.add(run);
      }

      assert.deepEqual([...left], []);
    });
  });
}
