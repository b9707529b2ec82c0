// What is stored of a call: enough to make the same cards again, and nobody's name.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bundle, FhirResource, Patient } from 'fhir/r4.js';
import request from 'supertest';
import { replay } from '../../src/cds/replay.js';
import { createServices } from '../../src/cds/services.js';
import type { ChainedAuditEvent, StoredEvaluation } from '../../src/cds/stored-evaluation.js';
import { openStore } from '../../src/store/open-store.js';
import { anApp, digest, languagesWith, shippedKnowledge } from '../support/app.js';
import { serviceTexts } from '../support/edge.js';
import { searchset } from '../support/fake-fhir-server.js';

const PATIENTS = new URL('../../fhir-fixtures/patients', import.meta.url).pathname;
const knowledge = shippedKnowledge();
const services = createServices(knowledge.reads, serviceTexts);
const keys = services.get('pain-patient-view')?.prefetch ?? [];

const prefetchOf = (file: string) => {
  const bundle = JSON.parse(readFileSync(join(PATIENTS, file), 'utf8')) as Bundle;
  const resources = (bundle.entry ?? []).flatMap(({ resource }) => resource ?? []);
  const patient = resources.find((one): one is Patient => one.resourceType === 'Patient');
  assert.ok(patient?.id, file);
  const of = (type: string): readonly FhirResource[] =>
    resources.filter(({ resourceType }) => resourceType === type) as readonly FhirResource[];
  const prefetch = Object.fromEntries(
    keys.map(({ key, type }) => [key, type === 'Patient' ? patient : searchset(of(type))]),
  );
  return { patient, patientId: patient.id, prefetch };
};

const namesOf = ({ name = [] }: Patient): readonly string[] =>
  name.flatMap(({ family, given = [] }) => [family ?? '', ...given]).filter((part) => part !== '');

describe('a stored evaluation', () => {
  const store = openStore('memory:', { onFailure: (error) => assert.fail(String(error)) });
  let count = 0;
  const newId = () => {
    count += 1;
    return `11111111-1111-4111-8111-${String(count).padStart(12, '0')}`;
  };
  const { app } = anApp({ services, evaluations: store, newId });
  const files = readdirSync(PATIENTS).sort();
  const stored: { readonly file: string; readonly evaluation: StoredEvaluation }[] = [];

  before(async function () {
    this.timeout(60_000);
    for (const [at, file] of files.entries()) {
      const { patient, patientId, prefetch } = prefetchOf(file);
      await request(app)
        .post('/cds-services/pain-patient-view')
        .set('Accept-Language', at % 2 === 0 ? 'en' : 'zh-CN')
        .send({
          hook: 'patient-view',
          hookInstance: `instance-${file}`,
          context: { userId: 'Practitioner/1', patientId },
          prefetch,
        })
        .expect(200);
      await store.flush();
      const found = await store.findPrevious(
        'demo',
        `hash of demo ${patientId}`,
        '2027-01-01T00:00:00Z',
      );
      if (!found) continue;
      stored.push({ file, evaluation: found });
      const { snapshot = '', ...rest } = found;
      for (const name of namesOf(patient)) {
        assert.ok(!snapshot.includes(`"${name}"`), `${file}: ${name}`);
        assert.ok(!JSON.stringify(rest).includes(name), `${file}: ${name}`);
      }
    }
    assert.ok(stored.length > 40);
  });

  it('gives English cards again where no language was kept', () => {
    const languages = languagesWith(newId, 'zh-Hans');
    for (const { file, evaluation } of stored) {
      const { language, ...older } = evaluation;

      const { result } = replay(older, knowledge, languages, digest);

      const wasEnglish = language === 'en' || evaluation.cards.length === 0;
      assert.equal(result, wasEnglish ? 'same' : 'different', file);
    }
  });

  it('gives the same cards when it is made again, in the language they were shown in', () => {
    const languages = languagesWith(newId);
    for (const { file, evaluation } of stored) {
      const again = replay(evaluation, knowledge, languages, digest);

      assert.deepEqual(
        { file, result: again.result, missing: again.missing, cards: again.cards.length },
        { file, result: 'same', missing: [], cards: evaluation.cards.length },
      );
    }
  });

  it('gives the same cards again where they tell of a change since the previous evaluation', async () => {
    const file = 'trigeminal-neuralgia.json';
    const { patientId, prefetch } = prefetchOf(file);
    const first = stored.find((one) => one.file === file)?.evaluation;
    assert.ok(first);
    const moved = openStore('memory:', { onFailure: (error) => assert.fail(String(error)) });
    moved.append(() => ({
      ...first,
      evaluatedAt: '2026-10-01T00:00:00.000Z',
      problems: first.problems.map((one) => ({ ...one, categories: ['neuropathic:possible'] })),
    }));
    await moved.flush();
    const { app: again } = anApp({ services, evaluations: moved, newId });

    const { body } = await request(again)
      .post('/cds-services/pain-patient-view')
      .send({
        hook: 'patient-view',
        hookInstance: 'again',
        context: { userId: 'Practitioner/1', patientId },
        prefetch,
      })
      .expect(200);
    await moved.flush();
    const answered = await moved.findPrevious(
      'demo',
      `hash of demo ${patientId}`,
      '2027-01-01T00:00:00Z',
    );

    assert.ok(answered);
    assert.match(JSON.stringify(body), /neuropathic pattern: surer, definite/);
    const languages = languagesWith(newId);
    assert.equal(replay(answered, knowledge, languages, digest).result, 'same');
  });

  it('gives the same cards again where the previous evaluation could not be read, which they say', async () => {
    const { patientId, prefetch } = prefetchOf('trigeminal-neuralgia.json');
    const kept = openStore('memory:', { onFailure: (error) => assert.fail(String(error)) });
    const { app: blind } = anApp({
      services,
      evaluations: kept,
      newId,
      patientHistory: async () => ({ previous: 'not-read', overrides: [] }),
    });

    const { body } = await request(blind)
      .post('/cds-services/pain-patient-view')
      .send({
        hook: 'patient-view',
        hookInstance: 'blind',
        context: { userId: 'Practitioner/1', patientId },
        prefetch,
      })
      .expect(200);
    await kept.flush();

    const { completeness, missing } = body.extension['org.pain-cds.evaluation'];
    const effect = knowledge.engineTexts.inputEffects.get('previous-evaluation') ?? '';
    assert.ok(effect);
    assert.equal(completeness, 'partial');
    assert.deepEqual(missing, [{ input: 'previous-evaluation', reason: 'not-read', effect }]);
    assert.ok(JSON.stringify(body.cards).includes(effect));
    const until = '2027-01-01T00:00:00Z';
    const answered = await kept.findPrevious('demo', `hash of demo ${patientId}`, until);
    assert.ok(answered);
    assert.equal(replay(answered, knowledge, languagesWith(newId), digest).result, 'same');
  });

  it('says that nothing was kept, or that cards differ, rather than guess', () => {
    const languages = languagesWith(newId);
    const evaluation = stored[0]?.evaluation;
    assert.ok(evaluation);
    const { snapshot, ...without } = evaluation;
    const [card] = evaluation.cards;
    assert.ok(card);
    const other = { ...evaluation, cards: [{ ...card, digest: 'other' }] };

    assert.equal(replay(without, knowledge, languages, digest).result, 'no-snapshot');
    assert.equal(replay(other, knowledge, languages, digest).result, 'different');
    const older = { ...other, knowledge: { version: '1', digest: 'sha256-older' } };
    assert.equal(replay(older, knowledge, languages, digest).result, 'other-knowledge');
    assert.ok(snapshot);
  });

  it('names the rules of every card and the references of every input', () => {
    for (const { file, evaluation } of stored) {
      for (const card of evaluation.cards)
        assert.ok(
          card.rules.length > 0 || evaluation.problems.length > 0,
          `${file}: ${card.topic}`,
        );
      assert.ok(evaluation.inputs.length > 0, file);
      assert.ok(evaluation.states.length > 0, file);
    }
  });

  it('leaves one audit event a call, without a patient id', async () => {
    const events: ChainedAuditEvent[] = [];
    for await (const event of store.readAudit()) events.push(event);
    const hooks = events.filter(({ type }) => type === 'hook');

    assert.equal(hooks.length, files.length);
    assert.ok(hooks.every(({ patient }) => patient?.startsWith('hash of')));
    assert.ok(hooks.every(({ agent, outcome }) => agent === 'demo' && outcome === 'success'));
  });
});
