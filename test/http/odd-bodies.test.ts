// Bodies that are JSON and nothing a client would send: too deep, too wide, colliding, huge, with numbers that are none.
import assert from 'node:assert/strict';
import request from 'supertest';
import { anApp } from '../support/app.js';
import { cpuMs } from '../support/cpu-time.js';
import { aRequest, ofPatient, oneOfEach, prefetchOf } from '../support/edge.js';

const PATH = '/cds-services/pain-patient-view';
const complete = aRequest({ prefetch: prefetchOf(oneOfEach) });

describe('T20 an odd body', () => {
  const { app } = anApp({ bodyLimitBytes: 10_485_760 });
  const send = (text: string) =>
    request(app).post(PATH).set('content-type', 'application/json').send(text);
  /** The complete request with another field that nobody reads. */
  const beside = (json: string): string =>
    `${JSON.stringify(complete).slice(0, -1)},"odd":${json}}`;
  const nested = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`;
  const wide = (count: number): string =>
    `{${Array.from({ length: count }, (_, at) => `"k${at}":0`).join()}}`;
  const long = (count: number): string => `[${Array(count).fill(0).join()}]`;

  for (const [name, json] of [
    ['that nests too deep', nested(40_000)],
    ['that nests too deep in objects', `${'{"a":'.repeat(5_000)}0${'}'.repeat(5_000)}`],
    ['with an object of too many members', wide(1_001)],
    ['with a list of too many entries', long(20_001)],
    ['with 100,000 entries', long(100_000)],
  ] as const)
    it(`${name} is 400`, async () => {
      const { body } = await send(beside(json)).expect(400);

      assert.equal(body.issue[0].diagnostics, 'the whole body');
    });

  it('at the bounds is answered', async () => {
    for (const json of [nested(60), wide(1_000), long(20_000)])
      await send(beside(json)).expect(200);
  });

  it('with a text of 9 MB is answered, and over the limit 413', async () => {
    await send(beside(`"${'x'.repeat(9_000_000)}"`)).expect(200);
    await send(beside(`"${'x'.repeat(10_485_760)}"`)).expect(413);
  }).timeout(20_000);

  it('that names a member twice has the last one', async () => {
    await send(beside('1').replace('{"hook":', '{"hook":"order-sign","hook":')).expect(200);
  });

  /** What the answer says of a pain score written so. */
  const scoreOf = async (number: string) => {
    const score = ofPatient('Observation', 'score', {
      status: 'final',
      code: { coding: [{ system: 'http://loinc.org', code: '72514-3' }] },
      effectiveDateTime: '2026-11-20',
      valueQuantity: { value: 'NUMBER', code: '{score}', system: 'http://unitsofmeasure.org' },
    });
    const knee = ofPatient('Condition', 'knee', {
      clinicalStatus: { coding: [{ code: 'active' }] },
      code: { coding: [{ system: 'http://hl7.org/fhir/sid/icd-10-cm', code: 'M17.11' }] },
    });
    const text = JSON.stringify(aRequest({ prefetch: prefetchOf([score, knee]) }));
    const { body, text: answer } = await send(text.replace('"NUMBER"', number)).expect(200);
    assert.doesNotMatch(answer, /Infinity|NaN|1e\+?999/);
    const { painProblems, completeness } = body.extension['org.pain-cds.evaluation'];
    return { nrs: painProblems[0]?.intensity?.nrs, completeness };
  };

  it('with a score that is a number has it', async () => {
    assert.deepEqual(await scoreOf('7'), { nrs: 7, completeness: 'complete' });
    assert.deepEqual(await scoreOf('7.0e0'), { nrs: 7, completeness: 'complete' });
  });

  for (const number of ['1e999', '-1e999', '"7"', '12345678901234567890', 'true', '[7]'])
    it(`with the score ${number} has none, and says so`, async () => {
      const { nrs, completeness } = await scoreOf(number);

      assert.equal(nrs, undefined);
      assert.equal(completeness, 'partial');
    });

  it('with the score -0 has 0', async () => {
    assert.equal((await scoreOf('-0')).nrs, 0);
  });
});

describe('T28 colliding keys', () => {
  const { app } = anApp({ bodyLimitBytes: 10_485_760 });
  /** 2 MB of members; integer-like names are where hashes once collided. */
  const members = (name: (at: number) => string): string => {
    const all = Array.from({ length: 130_000 }, (_, at) => `"${name(at)}":0`);
    return `{${all.join()}}`;
  };
  const spent = async (text: string): Promise<number> => {
    const started = cpuMs();
    const sent = request(app).post(PATH).set('content-type', 'application/json').send(text);
    const { body } = await sent.expect(400);
    assert.match(body.issue[0].details.text, /more than 1000 members/);
    return cpuMs() - started;
  };

  it('cost no more than others, and the object is refused', async () => {
    const plain = members((at) => `name-${String(at).padStart(6, '0')}`);
    await spent(plain);
    const usual = await spent(plain);

    for (const name of [
      (at: number) => String(at * 65_536),
      (at: number) => String(4_294_967_296 + at * 16_777_216),
      (at: number) => String(at).padStart(11, '1'),
    ])
      assert.ok((await spent(members(name))) < 4 * usual + 200);
  }).timeout(30_000);
});
