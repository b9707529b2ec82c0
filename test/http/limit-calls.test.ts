// How many calls are let in, and what the others are told.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import request from 'supertest';
import type { PatientRecordReader } from '../../src/cds/ports.js';
import { watchEventLoop } from '../../src/http/limit-calls.js';
import { aReader, aRequest, oneOfEach, prefetchOf } from '../support/edge.js';
import { productionApp as production } from '../support/production.js';
import { anEntry, bearer } from '../support/tokens.js';

const PATH = '/cds-services/pain-patient-view';
const complete = aRequest({ prefetch: prefetchOf(oneOfEach) });

describe('more calls than a client may have under way', () => {
  const entry = anEntry({ limits: { concurrent: 2 } });
  const other = anEntry({ id: 'other', tenant: 'b', limits: { concurrent: 2 } });

  it('T40 are answered 429 with Retry-After, and those of other clients are not', async () => {
    let free: (() => void) | undefined;
    let arrived = 0;
    const held = new Promise<void>((resolve) => {
      free = resolve;
    });
    const slow: PatientRecordReader = {
      read: async () => {
        arrived += 1;
        await held;
        throw new Error('enough');
      },
    };
    const { app } = production([entry, other], { patientRecord: slow });
    const server = createServer(app).listen(0, '127.0.0.1');
    const call = async (claims: Record<string, unknown> = {}) =>
      request(server)
        .post(PATH)
        .set({ authorization: await bearer({ claims: { ...claims } }) })
        .send(complete);
    const arrivals = async (count: number): Promise<void> => {
      while (arrived < count) await new Promise((resolve) => setTimeout(resolve, 5));
    };
    const first = [call(), call()];
    await arrivals(2);

    const refused = await call();
    const others = call({ tenant: 'b' });
    await arrivals(3);
    free?.();
    const held500 = await Promise.all([...first, others]);
    const after = await call();
    server.close();

    assert.equal(refused.status, 429);
    assert.match(refused.get('retry-after') ?? '', /^[1-5]$/);
    assert.equal(refused.body.issue[0].code, 'throttled');
    assert.deepEqual(
      held500.map(({ status }) => status),
      [500, 500, 500],
    );
    assert.equal(after.status, 500);
  });
});

describe('a process that cannot keep up', () => {
  it('T40 answers 503 with Retry-After after it read the body, and stays alive for health', async () => {
    const { app } = production(undefined, { isOverloaded: () => true });
    const call = async () =>
      request(app)
        .post(PATH)
        .set({ authorization: await bearer() })
        .send({ ...complete, padding: 'x'.repeat(500_000) });
    const [first, answer] = [await call(), await call()];
    assert.deepEqual([first.status, answer.status], [200, 503]);

    assert.match(answer.get('retry-after') ?? '', /^[1-5]$/);
    await request(app).get('/health/ready').expect(200);
  });

  it('R4 refuses before it asks for a token once even that is too much', async () => {
    const { app } = production(undefined, {
      isOverloaded: () => true,
      isSwamped: () => true,
      authenticate: () => assert.fail('nobody is asked'),
    });

    const answer = await request(app).post(PATH).send(complete);

    assert.equal(answer.status, 503);
    assert.match(answer.get('retry-after') ?? '', /^[1-5]$/);
    await request(app).get('/health/ready').expect(200);
  });

  it('T40 R5 sheds who asks for more than its share, and answers the others', async () => {
    let isOverloaded = false;
    let free: (() => void) | undefined;
    let arrived = 0;
    const held = new Promise<void>((resolve) => {
      free = resolve;
    });
    const reader = aReader();
    const hungForA: PatientRecordReader = {
      read: async (call, service, caller) => {
        if (caller.client.id !== 'other') {
          arrived += 1;
          await held;
        }
        return reader.read(call, service, caller);
      },
    };
    const entries = [anEntry(), anEntry({ id: 'other', tenant: 'b' })];
    const { app } = production(entries, {
      patientRecord: hungForA,
      isOverloaded: () => isOverloaded,
    });
    const server = createServer(app).listen(0, '127.0.0.1');
    const call = async (claims: Record<string, unknown> = {}) =>
      request(server)
        .post(PATH)
        .set({ authorization: await bearer({ claims }) })
        .send(complete);
    const hanging = [1, 2, 3, 4].map(() => call());
    for (const one of hanging) one.catch(() => undefined);
    while (arrived < 4) await new Promise((resolve) => setTimeout(resolve, 5));
    isOverloaded = true;

    const more = await call();
    const others = [await call({ tenant: 'b' }), await call({ tenant: 'b' })];
    free?.();
    const kept = await Promise.all(hanging);
    server.close();

    assert.equal(more.status, 503);
    assert.deepEqual(
      others.map(({ status }) => status),
      [200, 200],
    );
    assert.match(more.get('retry-after') ?? '', /^[1-5]$/);
    assert.deepEqual(
      kept.map(({ status }) => status),
      [200, 200, 200, 200],
    );
  });

  it('says that it is not ready while it stops, and closes connections with the answer', async () => {
    const { app } = production(undefined, { isStopping: () => true });
    const ready = await request(app).get('/health/ready').expect(503);
    const call = await request(app)
      .post(PATH)
      .set({ authorization: await bearer() })
      .send(complete)
      .expect(200);

    assert.equal(ready.body.status, 'stopping');
    assert.equal(call.get('connection'), 'close');
  });
});

describe('the watch on the event loop', () => {
  /** Keeps the loop busy in pieces, so that its timers still fire between them. */
  const block = async (pieces: number): Promise<void> => {
    for (let piece = 0; piece < pieces; piece += 1) {
      const until = performance.now() + 80;
      while (performance.now() < until);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  };

  it('R4 sees a loop that is late again and again', async () => {
    const isOverloaded = watchEventLoop(40);
    assert.equal(isOverloaded(), false);

    await block(20);

    assert.equal(isOverloaded(), true);
  });

  it('R4 sees nothing when it is switched off, or the delay is allowed', async () => {
    const [off, generous] = [watchEventLoop(0), watchEventLoop(5_000)];

    await block(10);

    assert.deepEqual([off(), generous()], [false, false]);
  });
});
