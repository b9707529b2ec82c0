// What is read of a patient before a call: the history, or that it is not known.
import assert from 'node:assert/strict';
import { createPatientHistoryReader } from '../../src/store/patient-history.js';
import { anEvaluation } from './store-contract.js';

const NOW = new Date('2026-11-22T10:00:00Z');
const SINCE = new Date('2026-10-23T10:00:00Z');
const NOT_READ = { previous: 'not-read', overrides: [] };
const never = () => new Promise<never>(() => undefined);
const fails = () => Promise.reject(new Error('the store is down'));

describe('the history of a patient', () => {
  it('is the previous evaluation and the overrides', async () => {
    const previous = anEvaluation();
    const overrides = [{ topic: 't', facts: 'f', reason: 'r', at: SINCE.toISOString() }];
    const read = createPatientHistoryReader(
      { findPrevious: async () => previous, findOverrides: async () => overrides },
      1000,
    );

    assert.deepEqual(await read('general', 'hash', NOW, SINCE), { previous, overrides });
  });

  it('is empty for a patient who was never seen', async () => {
    const read = createPatientHistoryReader(
      { findPrevious: async () => undefined, findOverrides: async () => [] },
      1000,
    );

    assert.deepEqual(await read('general', 'hash', NOW, SINCE), { overrides: [] });
  });

  for (const [situation, findPrevious, findOverrides] of [
    ['when the store fails', fails, async () => []],
    ['when the overrides cannot be read', async () => anEvaluation(), fails],
    ['when the store does not answer in time', never, async () => []],
  ] as const)
    it(`is not known ${situation}`, async () => {
      const read = createPatientHistoryReader({ findPrevious, findOverrides }, 5);

      assert.deepEqual(await read('general', 'hash', NOW, SINCE), NOT_READ);
    });
});
