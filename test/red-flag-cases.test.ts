// Runs every clinical case of test/cases/red-flags and checks that they cover every flag and every trigger.
import assert from 'node:assert/strict';
import { evaluate } from '../src/pain/evaluate.js';
import { CASE_KINDS } from './support/case.js';
import { buildRecord } from './support/case-record.js';
import { realKnowledge } from './support/findings.js';
import { readFlagCases, readFlagTriggers } from './support/flag-case.js';

const cases = readFlagCases('test/cases/red-flags');
const triggers = readFlagTriggers('cards/red-flags.yaml');

describe('clinical cases of red flags', () => {
  const knowledge = realKnowledge();

  for (const one of cases) {
    it(`${one.flag} ${one.kind}: ${one.situation}`, () => {
      const record = buildRecord(one.patient, one.record, one.inputs);

      const evaluation = evaluate(record, knowledge, new Date(one.now));

      const open = evaluation.redFlags.find(({ id }) => id === one.flag);
      const missing = evaluation.redFlagsNotAssessed.find(({ id }) => id === one.flag)?.missing;
      assert.deepEqual(open?.triggers, one.triggers);
      if (one.urgency !== undefined) assert.equal(open?.urgency, one.urgency);
      if (open) assert.ok(open.findings.length > 0, 'no deciding record');
      assert.equal(missing, one.notAssessed);
    });
  }
});

describe('the coverage of the red flag cases', () => {
  const flags = [...new Set(triggers.map((trigger) => trigger.slice(0, 5)))];

  it('has all 31 flags of the clinical knowledge', () => {
    const ids = Array.from({ length: 31 }, (_, i) => `RF-${String(i + 1).padStart(2, '0')}`);

    assert.deepEqual(flags, ids);
  });

  for (const flag of flags) {
    it(`has a clear yes, a clear no, a missing-data and a look-alike case for ${flag}`, () => {
      const kinds = new Set(cases.filter((one) => one.flag === flag).map(({ kind }) => kind));

      assert.deepEqual(
        CASE_KINDS.filter((kind) => !kinds.has(kind)),
        [],
      );
    });
  }

  it('has a clear yes for every trigger', () => {
    const shown = new Set(
      cases
        .filter(({ kind }) => kind === 'clear-yes')
        .flatMap((one) => (one.triggers ?? []).map((trigger) => `${one.flag} ${trigger}`)),
    );

    assert.deepEqual(
      triggers.filter((trigger) => !shown.has(trigger)),
      [],
    );
  });

  it('opens a flag in every clear yes and in no other kind', () => {
    const odd = cases.filter(
      ({ kind, triggers: met }) => (kind === 'clear-yes') !== (met !== undefined),
    );

    assert.deepEqual(
      odd.map(({ flag, situation }) => `${flag} ${situation}`),
      [],
    );
  });
});
