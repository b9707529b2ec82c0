// What cards of order hooks offer: the rows of suggestions and actions. Must not know why an order is warned of.
import assert from 'node:assert/strict';
import type { Card } from '../../src/cds/cds-hooks.js';
import { call } from './process.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const PATIENT = 'older-adult-ckd-polypharmacy';

const draft = (id: string, code: string, text: string): object => ({
  resource: {
    resourceType: 'MedicationRequest',
    id,
    status: 'draft',
    intent: 'order',
    medicationCodeableConcept: {
      coding: [{ system: 'http://www.nlm.nih.gov/research/umls/rxnorm', code }],
      text,
    },
    subject: { reference: `Patient/${PATIENT}` },
  },
});

describe('what a card offers for a drafted order', function () {
  this.timeout(60_000);
  let cards: readonly Card[] = [];
  const drafts = [draft('one', '5640', 'Ibuprofen 400 mg'), draft('two', '7804', 'Oxycodone')];

  before(async () => {
    const context = { draftOrders: { resourceType: 'Bundle', type: 'collection', entry: drafts } };
    cards = (await call(PATIENT, { hook: 'order-sign', context })).cards;
  });

  const suggestions = () => cards.flatMap((card) => card.suggestions ?? []);

  it('SUG-1 SUG-2 is labelled and has a uuid of its own', () => {
    assert.ok(suggestions().length > 0);
    for (const { label, uuid } of suggestions()) {
      assert.ok(label.length > 0);
      assert.match(uuid ?? '', UUID);
    }
    const ids = [...suggestions(), ...cards].map(({ uuid }) => uuid);
    assert.equal(new Set(ids).size, ids.length);
  });

  it('CAR-8 says how to choose exactly where there is something to choose', () => {
    for (const card of cards)
      assert.equal(card.selectionBehavior, card.suggestions === undefined ? undefined : 'any');
  });

  it('SUG-3 recommends at most one where only one may be chosen, and nothing beforehand', () => {
    assert.ok(suggestions().every(({ isRecommended }) => isRecommended === undefined));
  });

  it('SUG-4 SUG-5 SUG-6 SUG-12 is one described action in lower case', () => {
    for (const { actions = [] } of suggestions()) {
      assert.equal(actions.length, 1);
      for (const { type, description } of actions) {
        assert.ok(['create', 'update', 'delete'].includes(type));
        assert.ok(description.length > 10);
      }
    }
  });

  it('SUG-8 SUG-9 takes out drafted orders only, by their reference and without a resource', () => {
    for (const { actions = [] } of suggestions())
      for (const { type, resourceId, ...rest } of actions) {
        assert.equal(type, 'delete');
        assert.ok(['MedicationRequest/one', 'MedicationRequest/two'].includes(resourceId ?? ''));
        assert.ok(!('resource' in rest));
      }
  });
});
