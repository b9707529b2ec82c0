import assert from 'node:assert/strict';
import type { Card } from '../../src/cds/cds-hooks.js';
import { cardsFrom } from '../support/cards.js';
import { fixtureEvaluations, fixtureTexts as texts } from '../support/fixture-evaluations.js';
import { evaluationOf } from '../support/fixtures.js';

const options = { newId: () => 'id', baseUrl: 'https://cds.example', texts };

const cardsOf = (patientId: string): Card[] => cardsFrom(evaluationOf(patientId), options);

const allText = ({ summary, detail, source }: Card): string =>
  `${summary}\n${detail}\n${source.label}\n${source.topic?.display}`;

describe('the cards of the fixtures', () => {
  it('keep the word psychogenic inside the scheme label', () => {
    for (const { patientId, evaluation } of fixtureEvaluations) {
      for (const card of cardsFrom(evaluation, options)) {
        const outside = allText(card)
          .replaceAll('(scheme label: psychogenic)', '')
          .replaceAll(/\]\([^)]+\)/g, ']');
        assert.doesNotMatch(outside, /psychogenic/i, patientId);
      }
    }
  });

  it('say that the pain is real where psychological factors appear prominent', () => {
    const [card] = cardsOf('pain-disorder-psychological');

    assert.match(card?.summary ?? '', /psychological factors appear prominent/);
    assert.match(card?.detail ?? '', /The pain is real\./);
  });

  it('name no treatment class that is withheld from a child', () => {
    const detail = cardsOf('child-migraine').map(allText).join('\n');

    assert.match(detail, /Under 18: the scheme is not validated for children/);
    const withheld = evaluationOf('child-migraine')
      .problems.flatMap(({ recommendations }) => recommendations)
      .filter(({ status }) => status === 'withheld')
      .flatMap(({ treatment }) => texts.treatmentLabel.get(treatment ?? '') ?? []);
    assert.ok(withheld.length > 0);
    for (const label of withheld) assert.ok(!detail.includes(label), label);
  });

  it('give a disorder that does not hurt no pain score', () => {
    const [card] = cardsOf('insomnia');

    assert.equal(card?.summary, "Insomnia: scheme category 'other', grade possible");
    assert.doesNotMatch(card?.detail ?? '', /0\/10|score of 0/);
  });

  it('give first what helps when pain is severe: a line against the cause or the symptoms', () => {
    const [card] = cardsOf('acute-pancreatitis');

    const [, first] = /\*\*Now\*\*\n\n- \*\*(.+?)\*\*/.exec(card?.detail ?? '') ?? [];
    assert.equal(first, 'Cause');
  });

  it('name a running medicine that a check forbids before everything else that is held back', () => {
    const [card] = cardsOf('older-adult-ckd-polypharmacy');

    const [held] = /^\*\*Withheld\*\*.*/m.exec(card?.detail ?? '') ?? [];
    assert.match(held ?? '', /NSAID by mouth, rectum or injection \(taken now\)/);
    assert.match(card?.detail ?? '', /- \*\*Cause\*\* Topical NSAID/);
  });

  it('leave everything to the red flag while it is open: no later look, nothing to ask, nothing held back', () => {
    const open = fixtureEvaluations.flatMap(({ patientId, evaluation }) =>
      evaluation.problems.some(({ stepwise }) => stepwise?.step === '0')
        ? cardsOf(patientId).slice(1)
        : [],
    );

    assert.ok(open.length > 5);
    for (const { summary, detail = '' } of open)
      assert.doesNotMatch(
        detail,
        /\*\*(Next evaluation|Ask or examine next|Withheld|Not advised|Now)\*\*/,
        summary,
      );
  });

  it('ask for nothing to make a definite grade surer', () => {
    const definite = fixtureEvaluations
      .flatMap(({ evaluation }) => evaluation.problems)
      .flatMap(({ classifications }) => classifications)
      .filter(({ grade }) => grade === 'definite');

    assert.ok(definite.length > 3);
    for (const { wouldRaise } of definite) assert.deepEqual(wouldRaise, []);
  });

  it('ask for nothing twice', () => {
    for (const { patientId } of fixtureEvaluations)
      for (const { detail = '' } of cardsOf(patientId)) {
        const asked = detail.match(/^- .*Pain score 0 to 10.*$/gm) ?? [];
        assert.ok(asked.length <= 1, `${patientId}: ${asked.join()}`);
      }
  });

  it('say what to ask next where a pain is not classified', () => {
    const unclassified = fixtureEvaluations
      .flatMap(({ evaluation }) => cardsFrom(evaluation, options))
      .filter(({ source }) => source.topic?.code === 'painunclassified');
    assert.ok(unclassified.length > 0);
    for (const { summary, detail } of unclassified)
      assert.match(detail ?? '', /\*\*Ask or examine next\*\*\n\n- /, summary);
  });

  it('offer no treatment that the evaluation withholds, advises against or has from the article only', () => {
    for (const { patientId, evaluation } of fixtureEvaluations) {
      const details = cardsFrom(evaluation, options).map(({ detail }) => detail ?? '');
      for (const { recommendations } of evaluation.problems) {
        const offered = new Set(
          recommendations.filter((r) => r.status === 'offered').map((r) => r.text),
        );
        for (const { status, text, principle } of recommendations) {
          if (status === 'offered' || status === 'caution' || offered.has(text)) continue;
          const line = `- **${texts.principles[principle]}** ${text}`;
          assert.ok(!details.some((detail) => detail.includes(line)), `${patientId}: ${line}`);
        }
      }
    }
  });

  it('SAF-2 give the grade as a grade of the pattern, never as an adverb of a diagnosis', () => {
    for (const { evaluation } of fixtureEvaluations) {
      for (const card of cardsFrom(evaluation, options)) {
        assert.doesNotMatch(card.summary, /\b(definitely|probably|possibly)\b/);
      }
    }
  });
});
