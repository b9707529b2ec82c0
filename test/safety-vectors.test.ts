// Runs the vectors of test/safety-vectors against the safety checks, and holds the rules against the committed list of their ids.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { parse as parseCsv } from 'csv-parse/sync';
import type { SafetyResult } from '../src/pain/safety-check.js';
import { realKnowledge } from './support/findings.js';
import { safetyChecksOf } from './support/patient-checks.js';
import { readSafetyVectors, recordOfVector, type SafetyVector } from './support/safety-vector.js';

const vectors = readSafetyVectors('test/safety-vectors/vectors.yaml');
const boundaries = readSafetyVectors('test/safety-vectors/boundaries.yaml');

const resultOf = (vector: SafetyVector, treatment: string): SafetyResult => {
  const result = safetyChecksOf(recordOfVector(vector))(treatment);
  assert.ok(result, `no rule speaks of ${treatment}`);
  return result;
};

/** How a rule came out: `RULE`, or `RULE agent` where it concerns one agent. */
const checkOf = ({ checks }: SafetyResult, key: string): string => {
  const [rule, ...words] = key.split(' ');
  const agent = words.length > 0 ? words.join(' ') : undefined;
  const found = checks.find((check) => check.rule === rule && check.agent === agent);
  return found && found.outcome !== 'clear' ? found.outcome : 'quiet';
};

describe('the safety vectors and boundaries', () => {
  for (const vector of [...vectors, ...boundaries]) {
    it(`${vector.id}: ${vector.situation}`, () => {
      for (const [treatment, { outcome, checks = {} }] of Object.entries(vector.expect)) {
        const result = resultOf(vector, treatment);
        const shown = `${treatment}: ${result.outcome} ${result.checks
          .map((check) => `${check.rule} ${check.agent ?? ''} ${check.outcome}`)
          .join(', ')}`;
        if (outcome !== undefined) assert.equal(result.outcome, outcome, shown);
        for (const [key, expected] of Object.entries(checks))
          assert.equal(checkOf(result, key), expected, `${key} in ${shown}`);
        for (const check of result.checks)
          if (vector.standIn?.includes(check.rule)) assert.ok(check.standIn, check.rule);
      }
    });
  }

  it('are all there', () => {
    const numbers = new Set(vectors.map(({ id }) => Number(/^S(\d+)/.exec(id)?.[1])));

    assert.deepEqual(
      Array.from({ length: 47 }, (_, at) => at + 1).filter((number) => !numbers.has(number)),
      [],
    );
  });
});

describe('the ids of the safety rules', () => {
  const MASTER = '../shared/clinical/safety-rules.csv';
  const committed = readFileSync('test/safety-vectors/rule-ids.txt', 'utf8').trim().split('\n');

  it('are those of the committed list, and the two checks of data rule D-8', () => {
    const ids = [...realKnowledge().safety.rules.keys()].sort();

    assert.deepEqual(ids, [...committed, 'D-8a', 'D-8b'].sort());
  });

  it('are those of the table the list was taken from, where that is at hand', function () {
    // In CI a missing table is a failure, found by the read below.
    if (!existsSync(MASTER) && process.env.CI === undefined) this.skip();
    const rows: { id: string }[] = parseCsv(readFileSync(MASTER), { columns: true });

    assert.deepEqual(rows.map(({ id }) => id).sort(), [...committed].sort());
  });
});
