// A rule that breaks while a call is answered: the pain it was judged for is left out and said, nothing else is lost, nothing leaks.
import assert from 'node:assert/strict';
import type { FhirResource } from 'fhir/r4.js';
import request from 'supertest';
import type { Knowledge } from '../../src/pain/knowledge.js';
import type { Scope } from '../../src/pain/scope.js';
import { anApp, shippedKnowledge } from '../support/app.js';
import { aRequest, ofPatient, prefetchOf } from '../support/edge.js';

const VIEW = '/cds-services/pain-patient-view';
const SIGN = '/cds-services/pain-order-sign';

const coded = (id: string, code: string): FhirResource =>
  ofPatient('Condition', id, {
    onsetDateTime: '2026-11-20',
    clinicalStatus: { coding: [{ code: 'active' }] },
    verificationStatus: { coding: [{ code: 'confirmed' }] },
    code: { coding: [{ system: 'http://hl7.org/fhir/sid/icd-10-cm', code }] },
  });
const trigeminal = coded('c-1', 'G50.0');
const knee = coded('c-2', 'M17.11');
/** Urinary retention beside back pain: a red flag. */
const backWithFlag = [coded('c-3', 'M54.50'), coded('c-4', 'R33.9')];

/** The shipped knowledge with a question that breaks on pains of these categories. */
const brokenFor = (...categories: readonly string[]): { readonly knowledge: Knowledge } => {
  const knowledge = shippedKnowledge();
  const judge = (scope: Scope): never => {
    if (categories.includes(scope.leading ?? '')) throw new TypeError('CANARY of a record');
    return { result: 'notMet', findings: [] } as never;
  };
  return { knowledge: { ...knowledge, asks: [{ id: 'broken', judge, text: 'x' }] } };
};

const view = (resources: readonly FhirResource[]) => aRequest({ prefetch: prefetchOf(resources) });
const labels = (body: { cards: { summary: string }[] }): string =>
  body.cards.map(({ summary }) => summary).join('\n');

describe('RES-8 a rule that breaks', () => {
  it('costs the card of its pain alone; the others say that one is missing', async () => {
    const { app, lines } = anApp(brokenFor('neuropathic'));

    const { body, text } = await request(app)
      .post(VIEW)
      .send(view([trigeminal, knee]))
      .expect(200);

    assert.equal(body.cards.length, 1);
    assert.match(labels(body), /knee/i);
    assert.match(body.cards[0].detail, /\*\*Not known\*\* .*pain.*defect/i);
    const { completeness, missing, painProblems } = body.extension['org.pain-cds.evaluation'];
    assert.equal(completeness, 'partial');
    assert.deepEqual(
      missing.map(({ reason }: { reason: string }) => reason),
      ['defect'],
    );
    assert.equal(painProblems.length, 1);
    assert.doesNotMatch(text, /CANARY|TypeError/);
    const log = JSON.stringify(lines);
    assert.match(log, /"error":"EVALUATION_FAILED".*broken-rule\.test/);
    assert.doesNotMatch(log, /CANARY/);
    const metrics = (await request(app).get('/metrics')).text;
    assert.match(metrics, /pain_cds_defects_total\{service="pain-patient-view"\} 1/);
  });

  it('never hides a red flag', async () => {
    const { app } = anApp(brokenFor('inflammatory', 'other', 'neuropathic', 'psychogenic', ''));

    const { body } = await request(app).post(VIEW).send(view(backWithFlag)).expect(200);

    assert.equal(body.cards[0].indicator, 'critical');
    assert.match(body.cards[0].detail, /defect/);
  });

  it('is never an empty answer: with nothing left to show, the call fails as 503', async () => {
    const { app, lines } = anApp(brokenFor('neuropathic'));

    const { body, text } = await request(app)
      .post(VIEW)
      .send(view([trigeminal]))
      .expect(503)
      .expect('content-type', /^application\/fhir\+json/)
      .expect('retry-after', /\d/);

    assert.equal(body.issue[0].code, 'exception');
    assert.doesNotMatch(text, /CANARY|\.ts/);
    assert.match(JSON.stringify(lines), /"error":"EVALUATION_FAILED".*broken-rule\.test/);
    const metrics = (await request(app).get('/metrics')).text;
    assert.match(metrics, /outcome="EVALUATION_FAILED"\} 1/);
  });

  it('is never a silent order hook: an order is judged against every pain or not at all', async () => {
    const { app } = anApp(brokenFor('neuropathic'));
    const draft = ofPatient('MedicationRequest', 'd-1', {
      status: 'draft',
      intent: 'order',
      medicationCodeableConcept: {
        coding: [{ system: 'http://www.nlm.nih.gov/research/umls/rxnorm', code: '5640' }],
      },
    });
    const { context } = aRequest();

    await request(app)
      .post(SIGN)
      .send({
        ...view([trigeminal, knee]),
        hook: 'order-sign',
        context: {
          ...context,
          draftOrders: { resourceType: 'Bundle', entry: [{ resource: draft }] },
        },
      })
      .expect(503);
  });

  it('before any pain is judged fails the call as 503', async () => {
    const knowledge = {
      ...shippedKnowledge(),
      redFlags: null as unknown as Knowledge['redFlags'],
    };
    const { app } = anApp({ knowledge });

    await request(app)
      .post(VIEW)
      .send(view([knee]))
      .expect(503);
  });
});
