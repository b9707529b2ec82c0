// The card of red flags: what stands on it, in what order, and that no flag is ever dropped.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { composeCards } from '../../src/cds/compose-cards.js';
import type { Evaluation, RedFlag } from '../../src/pain/evaluation.js';
import { aFinding, anEvaluation, aProblem } from '../support/evaluation-builder.js';
import { fixtureTexts as texts } from '../support/fixture-evaluations.js';

const options = { newId: () => 'id-1', baseUrl: 'https://cds.example', texts };

interface FlagDocument {
  readonly id: string;
  readonly label: string;
  readonly urgency: RedFlag['urgency'];
  readonly action: string;
  readonly sources: readonly string[];
}
const { redFlags: documents }: { redFlags: readonly FlagDocument[] } = parse(
  readFileSync('cards/red-flags.yaml', 'utf8'),
);
const flags: readonly RedFlag[] = documents.map(({ id, label, urgency, action, sources }) => ({
  id,
  label,
  urgency,
  action,
  sources,
  triggers: ['A'],
  withholds: [],
  findings: [aFinding()],
}));
const flag = (id: string): RedFlag => {
  const found = flags.find((one) => one.id === id);
  assert.ok(found);
  return found;
};
const cardsOf = (evaluation: Evaluation) =>
  composeCards(evaluation, options).map(({ card }) => card);
const notAssessed = [
  {
    id: 'RF-01',
    label: 'Possible cauda equina syndrome',
    missing: 'saddle sensation not recorded',
  },
];

describe('the card of red flags', () => {
  it('says what to do now, on which record of which date, before everything else', () => {
    const [card] = cardsOf(anEvaluation({ redFlags: [flag('RF-06')], problems: [aProblem()] }));

    assert.equal(card?.indicator, 'critical');
    assert.equal(card?.summary, 'Now, red flag: Possible acute coronary syndrome');
    assert.match(card?.detail ?? '', /\*\*Now: Possible acute coronary syndrome\*\*/);
    assert.match(card?.detail ?? '', /ECG within 10 minutes/);
    assert.match(card?.detail ?? '', /On record: .*\(12 Oct 2026\)/);
  });

  it('is a warning where no flag is an emergency', () => {
    const [card] = cardsOf(anEvaluation({ redFlags: [flag('RF-30'), flag('RF-03')] }));

    assert.equal(card?.indicator, 'warning');
    assert.equal(card?.summary, 'Today, red flag: Possible spinal fracture (+1 more)');
  });

  it('says that a flag is no diagnosis and the service no monitor', () => {
    const [card] = cardsOf(anEvaluation({ redFlags: [flag('RF-06')] }));

    assert.match(card?.detail ?? '', /says "consider and examine", not "has"/);
    assert.match(card?.detail ?? '', /is not a monitor/);
  });

  it('names every flag within its size, however many there are', () => {
    for (let count = 1; count <= flags.length; count += 1) {
      const [card] = cardsOf(anEvaluation({ redFlags: flags.slice(0, count) }));

      const detail = card?.detail ?? '';
      assert.ok(detail.length < 2000);
      for (const { label } of flags.slice(0, count)) assert.ok(detail.includes(label), label);
      assert.match(detail, /is not a monitor/);
    }
  });

  it('keeps the actions of the most urgent when not all fit', () => {
    const [card] = cardsOf(anEvaluation({ redFlags: flags }));

    const actions = flags.filter(({ action }) => card?.detail?.includes(action));
    assert.ok(actions.length >= 1);
    assert.ok(actions.every(({ urgency }) => urgency === 'emergency'));
    assert.match(card?.detail ?? '', /\*\*Also\*\* Now: /);
  });

  it('names what was not assessed', () => {
    const [card] = cardsOf(
      anEvaluation({ redFlags: [flag('RF-06')], redFlagsNotAssessed: notAssessed }),
    );

    assert.match(
      card?.detail ?? '',
      /\*\*Red flags not assessed\*\* Possible cauda equina syndrome: saddle sensation not recorded/,
    );
  });
});

describe('a red flag that nobody assessed', () => {
  const cards = cardsOf(
    anEvaluation({ problems: [aProblem(), aProblem()], redFlagsNotAssessed: notAssessed }),
  );

  it('stands on the first card of a pain where no flag is open, above the advice', () => {
    const detail = cards[0]?.detail ?? '';

    const at = detail.indexOf('**Red flags not assessed**');
    assert.ok(at >= 0 && at < detail.indexOf('**Now**'));
  });

  it('is said once', () => {
    assert.ok(cards.slice(1).every(({ detail }) => !detail?.includes('Red flags not assessed')));
  });
});
