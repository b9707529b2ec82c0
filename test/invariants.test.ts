// The twelve invariants of the CDS Hooks 3.0 ballot as the suite runs them: each is seen when it is broken.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import request from 'supertest';
import { anApp } from './support/app.js';
import { aRequest, PATIENT_ID, prefetchOf } from './support/edge.js';
import {
  answerFaults,
  feedbackFaults,
  requestFaults,
  responseFaults,
} from './support/invariants.js';

const uuid = '11111111-1111-4111-8111-111111111111';
const action = { type: 'delete', description: 'd', resourceId: 'MedicationRequest/1' };
const suggestion = { label: 's', uuid, actions: [action] };
const card = {
  uuid,
  summary: 's',
  indicator: 'info',
  source: { label: 'l', topic: { system: 'https://x.test', code: 'abc' } },
  suggestions: [suggestion],
  selectionBehavior: 'any',
  overrideReasons: [{ code: 'c', system: 's', display: 'd' }],
  links: [{ label: 'l', url: 'https://x.test/', type: 'absolute' }],
};
const answer = (change: object = {}) => ({ cards: [{ ...card, ...change }] });
const withAction = (change: object) =>
  answer({ suggestions: [{ ...suggestion, actions: [{ ...action, ...change }] }] });

describe('the invariants of the 3.0 models', () => {
  it('hold for a sound answer, request and feedback', () => {
    assert.deepEqual(responseFaults(answer()), []);
    assert.deepEqual(
      requestFaults({ fhirServer: 'x', fhirAuthorization: { scope: 'user/*.rs' } }),
      [],
    );
    assert.deepEqual(feedbackFaults({ feedback: [{ outcome: 'overridden' }] }), []);
  });

  const broken: readonly (readonly [string, readonly string[]])[] = [
    ['cds-r-1', requestFaults({ fhirAuthorization: { scope: '' } })],
    ['cds-r-2', requestFaults({ fhirServer: 'x', fhirAuthorization: { scope: 'patient/*.rs' } })],
    [
      'cds-resp-1',
      responseFaults(
        answer({ suggestions: [1, 2].map(() => ({ ...suggestion, isRecommended: true })) }),
      ),
    ],
    ['cds-resp-2', responseFaults(withAction({ resourceId: undefined }))],
    ['cds-resp-2', responseFaults(withAction({ resource: { resourceType: 'Task' } }))],
    ['cds-resp-3', responseFaults(answer({ links: [{ ...card.links[0], appContext: 'x' }] }))],
    ['cds-resp-4', responseFaults(answer({ overrideReasons: [{ code: 'c', system: 's' }] }))],
    ['cds-resp-5', responseFaults(withAction({ description: undefined }))],
    ['cds-resp-6', responseFaults(answer({ selectionBehavior: undefined }))],
    [
      'cds-resp-7',
      responseFaults(answer({ suggestions: [{ ...suggestion, actionSelectionBehavior: 'all' }] })),
    ],
    ['cds-fb-1', feedbackFaults({ feedback: [{ outcome: 'ignored' }] })],
    ['cds-fb-2', feedbackFaults({ feedback: [{ outcome: 'accepted', acceptedSuggestions: [] }] })],
    ['cds-fb-3', feedbackFaults({ feedback: [{ outcome: 'overridden', overrideReason: {} }] })],
    ['TRN-3', responseFaults(answer({ detail: '' }))],
    ['CAR-1', responseFaults(answer({ summary: 'x'.repeat(140) }))],
    [
      'LNK-6',
      responseFaults(answer({ links: [card.links[0], { ...card.links[0], type: 'smart' }] })),
    ],
    ['SYS-1', responseFaults({ ...answer(), systemActions: [action] })],
    [
      'SUG-12',
      responseFaults(answer({ suggestions: [{ ...suggestion, actions: [action, action] }] })),
    ],
  ];
  for (const [id, faults] of broken) {
    it(`${id} is seen when it is broken`, () => {
      assert.ok(
        faults.some((fault) => fault.includes(id)),
        faults.join('; '),
      );
    });
  }

  it('are seen in errors and other answers too', () => {
    assert.deepEqual(answerFaults({ services: [] }, 200), []);
    assert.match(answerFaults({ services: [{ title: '' }] }, 200).join(), /TRN-3/);
    assert.match(answerFaults({ error: 'x' }, 400).join(), /RES-5/);
    assert.match(
      answerFaults({ resourceType: 'OperationOutcome', issue: [] }, 400).join(),
      /RES-5/,
    );
  });

  it('are run on every answer of the suite: whatever is wired or made to an application is checked', () => {
    const files = readdirSync('test', { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts') && path !== 'invariants.test.ts')
      .map((path) => [path, readFileSync(`test/${path}`, 'utf8')] as const);
    const made = files.filter(([, text]) => /\b(wire|createApp)\(/.test(text));

    assert.ok(made.length >= 5);
    assert.deepEqual(
      made.filter(([, text]) => !/\bchecked\(/.test(text)).map(([path]) => path),
      [],
    );
  });

  it('are run on the answers of the HTTP suite: a card without a uuid is no 200', async () => {
    const { app } = anApp({ newId: () => 'no uuid' });
    const condition = {
      resourceType: 'Condition',
      id: 'c-1',
      clinicalStatus: { coding: [{ code: 'active' }] },
      verificationStatus: { coding: [{ code: 'confirmed' }] },
      code: { coding: [{ system: 'http://hl7.org/fhir/sid/icd-10-cm', code: 'G50.0' }] },
      subject: { reference: `Patient/${PATIENT_ID}` },
    } as const;
    const { body } = await request(app)
      .post('/cds-services/pain-patient-view')
      .send(aRequest({ prefetch: prefetchOf([condition as never]) }))
      .expect(500);

    assert.ok(body.faults.some((fault: string) => fault.startsWith('CAR-7')));
  });
});
