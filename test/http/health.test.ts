// The canary patients: what /health/clinical and readiness say when an answer changes.
import assert from 'node:assert/strict';
import request from 'supertest';
import { checkCanaries } from '../../src/cds/canary.js';
import { watchCanaries } from '../../src/http/watch-canaries.js';
import { loadCanaries } from '../../src/knowledge/load-canaries.js';
import { anApp, CARDS, shippedKnowledge } from '../support/app.js';
import { fixtureTexts } from '../support/fixture-evaluations.js';
import { aLog } from '../support/tokens.js';

const AT = new Date('2026-11-24T12:00:00Z');
const canaries = loadCanaries(CARDS);
const knowledge = shippedKnowledge();
const check = (change = knowledge) => checkCanaries(canaries, change, fixtureTexts, AT);

describe('the canary patients of cards/', () => {
  it('are at least three, and answered as expected', () => {
    const state = check();

    assert.ok(canaries.length >= 3);
    assert.equal(state.status, 'as-expected', JSON.stringify(state.canaries));
    assert.equal(state.checkedAt, AT.toISOString());
  });

  it('show a red flag first, a withheld drug and a leading category each', () => {
    const all = canaries.map(({ expected }) => expected);

    assert.ok(all.some(({ cards }) => cards[0]?.startsWith('critical')));
    assert.ok(all.some(({ recommendations }) => recommendations.includes('nsaid withheld')));
    assert.ok(all.some(({ problems }) => problems[0]?.startsWith('neuropathic')));
  });

  it('tell when a red flag falls silent', () => {
    const state = check({ ...knowledge, redFlags: [] });

    assert.equal(state.status, 'different');
    assert.deepEqual(
      state.canaries
        .find(({ id }) => id === 'back-pain-with-urinary-retention')
        ?.differs.slice(0, 1),
      ['cards'],
    );
  });

  it('tell when safety rules are lost', () => {
    const plans = [...knowledge.safety.plans].map(
      ([id, plan]) => [id, { ...plan, rules: [], members: [], isChecked: true }] as const,
    );
    const safety = { ...knowledge.safety, plans: new Map(plans) };
    const state = check({ ...knowledge, safety });

    assert.equal(state.status, 'different');
  });

  it('tell when the engine fails', () => {
    const redFlags = knowledge.redFlags.map((flag) => ({
      ...flag,
      triggers: flag.triggers.map((trigger) => ({
        ...trigger,
        needs: [],
        judge: () => {
          throw new Error('a defect');
        },
      })),
    }));
    const state = check({ ...knowledge, redFlags });

    assert.ok(state.canaries.some(({ differs }) => differs.includes('failed')));
  });

  it('prove nothing when there is none', () =>
    assert.equal(checkCanaries([], knowledge, fixtureTexts, AT).status, 'different'));
});

describe('GET /health/clinical', () => {
  it('answers 200 with the knowledge and each canary', async () => {
    const { body } = await request(anApp({ canaries: check }).app)
      .get('/health/clinical')
      .expect(200);

    assert.equal(body.status, 'as-expected');
    assert.equal(body.canaries.length, canaries.length);
    assert.equal(body.knowledge.digest, knowledge.digest);
  });

  it('answers 503 and makes the process unready when one is answered differently', async () => {
    const { app } = anApp({ canaries: () => check({ ...knowledge, redFlags: [] }) });

    await request(app).get('/health/clinical').expect(503);
    const { body } = await request(app).get('/health/ready').expect(503);
    assert.equal(body.status, 'clinically-different');
  });
});

describe('the watch of canaries', () => {
  it('checks at start and again, and logs only when the outcome turns', async () => {
    const log = aLog();
    let knowledgeNow = knowledge;
    let runs = 0;
    const watch = watchCanaries(
      () => {
        runs += 1;
        return check(knowledgeNow);
      },
      log,
      20,
    );
    assert.equal(watch.state().status, 'as-expected');

    const until = async (status: string): Promise<void> => {
      while (watch.state().status !== status) await new Promise((done) => setTimeout(done, 10));
    };
    knowledgeNow = { ...knowledge, redFlags: [] };
    await until('different');
    knowledgeNow = knowledge;
    await until('as-expected');
    watch.stop();

    assert.ok(runs >= 3);
    assert.deepEqual(
      log.lines.map((line) => (line as { event: string }).event),
      ['canaries-different', 'canaries-as-expected'],
    );
  });
});
