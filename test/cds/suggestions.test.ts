// Suggestions that create drafts: what is suggested, what the draft holds, and that an accepted one is not complained about.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import type {
  CarePlan,
  FhirResource,
  Goal,
  MedicationRequest,
  ServiceRequest,
  Task,
} from 'fhir/r4.js';
import type { Action, Card } from '../../src/cds/cds-hooks.js';
import { composeCards } from '../../src/cds/compose-cards.js';
import { ADVICE_SYSTEM } from '../../src/cds/services.js';
import { loadSuggestions } from '../../src/knowledge/load-suggestions.js';
import { evaluate } from '../../src/pain/evaluate.js';
import type { DraftResource } from '../../src/pain/patient-record.js';
import { CARDS, shippedKnowledge } from '../support/app.js';
import { fixtureEvaluations, fixtureTexts as texts } from '../support/fixture-evaluations.js';
import { fixtureRecords } from '../support/fixtures.js';
import { validateR4 } from '../support/r4-validator.js';

const NOW = new Date('2026-11-22T10:00:00Z');
const knowledge = shippedKnowledge();
const suggestions = loadSuggestions(CARDS, knowledge, texts);
let made = 0;
const newId = (): string => `${++made}`;
const options = { newId, baseUrl: 'https://cds.example', texts, suggestions };

const cardsOf = (patientId: string, at: (typeof fixtureEvaluations)[number]): readonly Card[] =>
  composeCards(at.evaluation, options, { patientId, encounterId: 'visit-1' }).map(
    ({ card }) => card,
  );

const all = fixtureEvaluations.map((one) => ({ ...one, cards: cardsOf(one.patientId, one) }));
const actionsOf = (cards: readonly Card[]): readonly Action[] =>
  cards.flatMap((card) => (card.suggestions ?? []).flatMap(({ actions }) => actions ?? []));

type Draft = MedicationRequest | ServiceRequest;
const isDraft = (
  resource: Action['resource'],
): resource is Draft & { [element: string]: unknown } =>
  resource?.resourceType === 'MedicationRequest' || resource?.resourceType === 'ServiceRequest';
const draftsOf = (cards: readonly Card[]): readonly Draft[] =>
  actionsOf(cards).flatMap(({ resource }) => (isDraft(resource) ? [resource] : []));

describe('suggestions that create drafts', () => {
  it('are made for medicines, services and what is asked for', () => {
    const types = all.flatMap(({ cards }) =>
      draftsOf(cards).map(({ resourceType }) => resourceType),
    );

    assert.ok(types.filter((type) => type === 'MedicationRequest').length >= 1);
    assert.ok(types.filter((type) => type === 'ServiceRequest').length > 20);
    const asked = all.flatMap(({ cards }) =>
      cards.filter(({ source }) => source.topic?.code === 'painrecordnext'),
    );
    assert.ok(asked.some((card) => (card.suggestions ?? []).length > 0));
  });

  it('are at most four a card, one action each, any of them, none chosen beforehand (SUG-3, SUG-4, SUG-12)', () => {
    for (const { cards, patientId } of all) {
      for (const card of cards) {
        const given = card.suggestions ?? [];
        assert.ok(given.length <= 4, patientId);
        assert.equal(card.selectionBehavior, given.length > 0 ? 'any' : undefined);
        for (const { actions, isRecommended, label, uuid } of given) {
          assert.equal(actions?.length, 1);
          assert.equal(isRecommended, undefined);
          assert.ok(label && uuid && actions?.[0]?.description);
        }
      }
    }
  });

  it('hold valid R4 drafts of the patient in context, with text and without any dose (SUG-7, SUG-10, TRN-6)', () => {
    for (const { cards, patientId } of all) {
      for (const draft of draftsOf(cards)) {
        assert.deepEqual(validateR4(draft), [], patientId);
        assert.equal(draft.status, 'draft');
        assert.equal(draft.intent, 'proposal');
        assert.equal(draft.subject.reference, `Patient/${patientId}`);
        assert.equal(draft.encounter?.reference, 'Encounter/visit-1');
        assert.ok(!('dosageInstruction' in draft) && !('dispenseRequest' in draft));
        const concept =
          draft.resourceType === 'MedicationRequest' ? draft.medicationCodeableConcept : draft.code;
        assert.ok(concept?.text);
      }
    }
  });

  it('SUG-7 SUG-10 hold what is no order as a draft plan, a proposed goal or a draft task, valid R4 and in words alone', () => {
    const others = all.flatMap(({ cards, patientId }) =>
      actionsOf(cards).flatMap(({ resource, description }) =>
        resource && !isDraft(resource) ? [{ resource, description, patientId }] : [],
      ),
    );
    const seen = new Set(others.map(({ resource }) => resource.resourceType));
    assert.deepEqual([...seen].sort(), ['CarePlan', 'Goal', 'Task']);
    for (const { resource, description, patientId } of others) {
      const draft = resource as unknown as CarePlan | Goal | Task;
      assert.deepEqual(validateR4(draft as FhirResource), [], patientId);
      const subject = draft.resourceType === 'Task' ? draft.for : draft.subject;
      assert.equal(subject?.reference, `Patient/${patientId}`);
      if (draft.resourceType === 'Goal') {
        assert.equal(draft.lifecycleStatus, 'proposed');
        assert.ok(draft.description.text);
        // Numbers and dates of a goal are the patient's and the clinician's.
        assert.ok(!('target' in draft) && !('startDate' in draft));
        assert.match(draft.addresses?.[0]?.reference ?? '', /^Condition\//);
      } else {
        assert.deepEqual([draft.status, draft.intent], ['draft', 'proposal']);
        assert.equal(draft.encounter?.reference, 'Encounter/visit-1');
        assert.ok(draft.resourceType === 'Task' ? draft.description : draft.title);
      }
      assert.ok(description.length > 10);
    }
  });

  it('give a Condition of the pain as the reason', () => {
    const reasons = all.flatMap(({ cards }) =>
      draftsOf(cards).flatMap((draft) => draft.reasonReference ?? []),
    );

    assert.ok(reasons.length > 0);
    for (const { reference } of reasons) assert.match(reference ?? '', /^Condition\//);
  });

  it('are made for offered lines only, each once', () => {
    for (const { evaluation, cards, patientId } of all) {
      const offered = new Set(
        evaluation.problems.flatMap(({ recommendations }) =>
          recommendations.filter(({ status }) => status === 'offered').map(({ id }) => id),
        ),
      );
      for (const card of cards) {
        const labels = (card.suggestions ?? []).map(({ label }) => label);
        assert.equal(new Set(labels).size, labels.length, patientId);
      }
      for (const { identifier } of draftsOf(cards)) {
        const id = identifier?.find(({ system }) => system === ADVICE_SYSTEM)?.value ?? '';
        assert.ok(offered.has(id) || id.startsWith('ask.'), `${patientId} ${id}`);
      }
    }
  });

  it('belong to a line that their card says', () => {
    for (const { evaluation, cards, patientId } of all) {
      const said = new Map<string, string>();
      for (const { recommendations, ask } of evaluation.problems) {
        for (const { id, text } of recommendations) said.set(id, text);
        for (const { id, text } of ask) said.set(`ask.${id}`, text);
      }
      for (const card of cards) {
        for (const { identifier } of draftsOf([card])) {
          const id = identifier?.find(({ system }) => system === ADVICE_SYSTEM)?.value ?? '';
          const text = texts.own(said.get(id) ?? id);
          assert.ok(card.detail?.includes(text), `${patientId}: ${card.summary} ${id}`);
        }
      }
    }
  });

  it('leave the encounter out where none is known, and suggest nothing without a patient', () => {
    const [one] = all.filter(({ cards }) => draftsOf(cards).length > 0);
    assert.ok(one);
    const without = composeCards(one.evaluation, options, { patientId: one.patientId });
    const nobody = composeCards(one.evaluation, options);

    assert.ok(draftsOf(without.map(({ card }) => card)).every(({ encounter }) => !encounter));
    assert.deepEqual(actionsOf(nobody.map(({ card }) => card)), []);
  });

  it('are silent at signing when they are accepted: no loop', () => {
    let accepted = 0;
    for (const { patientId, cards } of all) {
      const record = fixtureRecords.get(patientId);
      assert.ok(record);
      for (const [at, draft] of draftsOf(cards).entries()) {
        const advice = draft.identifier?.find(({ system }) => system === ADVICE_SYSTEM)?.value;
        const resource = { ...draft, id: `accepted-${at}` } as DraftResource['resource'];
        const reference = `${draft.resourceType}/accepted-${at}`;
        // Some clients keep the identifier, some make a draft of their own without it.
        for (const kept of [{ advice }, {}]) {
          const drafts = [
            { resource, reference, isSelected: true, ...(kept as { advice: string }) },
          ];
          const evaluation = evaluate(
            { ...record, draftOrders: { drafts, unusable: 0 } },
            knowledge,
            NOW,
          );

          assert.deepEqual(
            composeCards(evaluation, options).map(({ card }) => card.summary),
            [],
            `${patientId} ${advice}`,
          );
        }
        accepted += 1;
      }
    }
    assert.ok(accepted > 20);
  });

  it('carry codes that stand in cards/codes only', () => {
    const text = readFileSync(`${CARDS}/suggestions.yaml`, 'utf8');
    const codes = [...text.matchAll(/code: (RxNorm|LOINC|SNOMED CT) ([0-9-]+)/g)];

    const rows = readdirSync(`${CARDS}/codes`)
      .filter((name) => name.endsWith('.csv'))
      .map((name) => readFileSync(`${CARDS}/codes/${name}`, 'utf8'))
      .join('\n');
    assert.ok(codes.length > 10);
    for (const [, system, code] of codes) assert.ok(rows.includes(`\n${system},${code},`), code);
  });
});
