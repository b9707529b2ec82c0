// Feedback over HTTP, and what it does: counted once, and quiet for the same facts.
import assert from 'node:assert/strict';
import type { Express } from 'express';
import request from 'supertest';
import type { Card } from '../../src/cds/cds-hooks.js';
import type { EvaluationStore } from '../../src/cds/ports.js';
import { openStore } from '../../src/store/open-store.js';
import { anApp } from '../support/app.js';
import { ofPatient, PATIENT_ID, prefetchOf } from '../support/edge.js';

const SERVICE = '/cds-services/pain-patient-view';
const FEEDBACK = `${SERVICE}/feedback`;

const kneePain = (severity = 6) => [
  ofPatient('Condition', 'knee', {
    clinicalStatus: { coding: [{ code: 'active' }] },
    verificationStatus: { coding: [{ code: 'confirmed' }] },
    code: {
      coding: [{ system: 'http://hl7.org/fhir/sid/icd-10-cm', code: 'M17.11' }],
    },
    onsetDateTime: '2026-01-10',
  }),
  ofPatient('Observation', 'score', {
    status: 'final',
    code: { coding: [{ system: 'http://loinc.org', code: '72514-3' }] },
    effectiveDateTime: '2026-11-20T10:00:00Z',
    valueQuantity: { value: severity, code: '{score}', system: 'http://unitsofmeasure.org' },
  }),
];

const callWith = async (
  app: Express,
  resources = kneePain(),
  language = 'en',
): Promise<readonly Card[]> => {
  const { body } = await request(app)
    .post(SERVICE)
    .set('Accept-Language', language)
    .send({
      hook: 'patient-view',
      hookInstance: 'd1577c69-dfbe-44ad-ba6d-3e05e953b2ea',
      context: { userId: 'Practitioner/1', patientId: PATIENT_ID },
      prefetch: prefetchOf(resources),
    })
    .expect(200);
  return body.cards;
};

const painCardOf = (cards: readonly Card[]): Card => {
  const card = cards.find(({ source }) => source.topic?.code.startsWith('paininflammatory'));
  assert.ok(card, 'there is a card of the knee pain');
  return card;
};

const overridden = (card: Card, reason: string | undefined = 'patient-refuses') => ({
  feedback: [
    {
      card: card.uuid,
      outcome: 'overridden',
      outcomeTimestamp: '2026-11-22T10:00:00Z',
      ...(reason && { overrideReason: { reason: { code: reason } } }),
    },
  ],
});

/** An app whose cards each have an id of their own, and its store. */
const running = (): { readonly app: Express; readonly store: EvaluationStore } => {
  const store = openStore('memory:', { onFailure: () => undefined });
  let count = 0;
  const newId = () => {
    count += 1;
    return `11111111-1111-4111-8111-${String(count).padStart(12, '0')}`;
  };
  return { app: anApp({ evaluations: store, newId }).app, store };
};

describe('POST /cds-services/{id}/feedback', () => {
  it('FBK-1 FBK-4: takes an outcome of a card it showed, and the same again once only', async () => {
    const { app, store } = running();
    const card = painCardOf(await callWith(app));

    const first = await request(app).post(FEEDBACK).send(overridden(card)).expect(200);
    const again = await request(app).post(FEEDBACK).send(overridden(card)).expect(200);

    assert.deepEqual(first.body.feedback, { stored: 1, repeated: 0, unmatched: 0 });
    assert.deepEqual(again.body.feedback, { stored: 0, repeated: 1, unmatched: 0 });
    assert.deepEqual(await store.countFeedback(), [
      {
        topic: card.source.topic?.code,
        outcome: 'overridden',
        reason: 'patient-refuses',
        count: 1,
      },
    ]);
  });

  it('FBK-5: takes an unknown card and keeps it apart', async () => {
    const { app, store } = running();

    const { body } = await request(app)
      .post(FEEDBACK)
      .send({
        feedback: [
          { card: 'nobody', outcome: 'overridden', outcomeTimestamp: '2026-11-22T10:00:00Z' },
        ],
      })
      .expect(200);

    assert.deepEqual(body.feedback, { stored: 0, repeated: 0, unmatched: 1 });
    assert.deepEqual(await store.countFeedback(), []);
  });

  it('answers 400 with an OperationOutcome naming the fault', async () => {
    const { app } = running();

    const { body } = await request(app)
      .post(FEEDBACK)
      .send({ feedback: [{ card: 'x', outcome: 'accepted', outcomeTimestamp: 'today' }] })
      .expect(400)
      .expect('content-type', /fhir\+json/);

    assert.equal(body.resourceType, 'OperationOutcome');
    assert.match(JSON.stringify(body), /outcomeTimestamp/);
  });

  it('answers 404 for a service that does not exist and 405 for another method', async () => {
    const { app } = running();

    await request(app).post('/cds-services/nothing/feedback').send({ feedback: [] }).expect(404);
    await request(app).get(FEEDBACK).expect(405).expect('allow', /POST/);
  });

  it('answers 503 with Retry-After while the store is down, and cards come all the same', async () => {
    const { app } = anApp({ evaluations: openStore('none:', { onFailure: () => undefined }) });

    const cards = await callWith(app);
    const { headers } = await request(app)
      .post(FEEDBACK)
      .send(overridden(painCardOf(cards)))
      .expect(503);

    assert.ok(Number(headers['retry-after']) > 0);
    const { body } = await request(app).get('/health/ready').expect(200);
    assert.equal(body.status, 'degraded');
    assert.equal(body.store.state, 'down');
  });

  it('T31 answers 429 beyond the items a client may send a minute', async () => {
    const { app } = running();
    const item = overridden({ uuid: 'x' } as Card).feedback[0];
    const batch = { feedback: Array.from({ length: 100 }, () => item) };
    let status = 200;
    for (let sent = 0; sent < 1000 && status === 200; sent += 1)
      ({ status } = await request(app).post(FEEDBACK).send(batch));

    assert.equal(status, 429);
  }).timeout(30_000);

  it('FBK-10: writes no comment to the log', async () => {
    const store = openStore('memory:', { onFailure: () => undefined });
    const { app, lines } = anApp({ evaluations: store });
    const card = painCardOf(await callWith(app));

    await request(app)
      .post(FEEDBACK)
      .send({
        feedback: [
          {
            ...overridden(card).feedback[0],
            overrideReason: { userComment: 'CANARY Mrs Smith said no' },
          },
        ],
      })
      .expect(200);

    assert.doesNotMatch(JSON.stringify(lines), /CANARY/);
  });
});

describe('a card that was overridden with a reason', () => {
  it('is quiet for the same facts and comes back when they change', async () => {
    const { app } = running();
    const card = painCardOf(await callWith(app));
    await request(app).post(FEEDBACK).send(overridden(card)).expect(200);

    const topics = (cards: readonly Card[]) => cards.map(({ source }) => source.topic?.code);
    const topic = card.source.topic?.code;
    assert.ok(!topics(await callWith(app)).includes(topic));
    assert.ok(topics(await callWith(app, kneePain(8))).includes(topic));
  });

  it('is quiet in every language once it was overridden in one', async () => {
    const { app } = running();
    const chinese = painCardOf(await callWith(app, kneePain(), 'zh-CN'));
    await request(app).post(FEEDBACK).send(overridden(chinese)).expect(200);

    const english = await callWith(app);

    assert.match(chinese.summary, /\p{Script=Han}/u);
    assert.ok(english.every(({ source }) => source.topic?.code !== chinese.source.topic?.code));
  });

  it('is shown again when no reason was given', async () => {
    const { app } = running();
    const card = painCardOf(await callWith(app));
    await request(app).post(FEEDBACK).send(overridden(card, '')).expect(200);

    assert.ok(painCardOf(await callWith(app)));
  });

  it('SAF-1 is shown again when the snooze is over', async () => {
    const store = openStore('memory:', { onFailure: () => undefined });
    const { app } = anApp({ evaluations: store });
    const card = painCardOf(await callWith(app));
    await request(app).post(FEEDBACK).send(overridden(card)).expect(200);

    const later = anApp({ evaluations: store, now: () => new Date('2027-03-01T10:00:00Z') }).app;

    assert.ok(painCardOf(await callWith(later)));
  });

  it('is never quiet when it warns of danger', async () => {
    const { app } = running();
    const caudaEquina = [
      ofPatient('Condition', 'cauda', {
        clinicalStatus: { coding: [{ code: 'active' }] },
        code: { coding: [{ system: 'http://hl7.org/fhir/sid/icd-10-cm', code: 'G83.4' }] },
        onsetDateTime: '2026-11-21',
      }),
    ];
    const [card] = await callWith(app, caudaEquina);
    assert.equal(card?.indicator, 'critical');
    await request(app).post(FEEDBACK).send(overridden(card)).expect(200);

    assert.equal((await callWith(app, caudaEquina))[0]?.indicator, 'critical');
  });
});
