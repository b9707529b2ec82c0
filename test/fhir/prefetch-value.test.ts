// What each kind of prefetch value or search answer is taken for.
import assert from 'node:assert/strict';
import { readValue } from '../../src/fhir/prefetch-value.js';
import { ofPatient } from '../support/edge.js';
import { outcome, searchset } from '../support/fake-fhir-server.js';

const a = ofPatient('Condition', 'a');
const include = {
  resource: { resourceType: 'Practitioner', id: 'x' },
  search: { mode: 'include' },
};

/** Value, expected state, expected reason, expected number of resources. */
const table: readonly (readonly [string, unknown, string, string | undefined, number])[] = [
  ['an absent key', undefined, 'unknown', 'not-sent', 0],
  ['null', null, 'unknown', 'null', 0],
  ['a searchset', searchset([a]), 'read', undefined, 1],
  ['an empty searchset', searchset([]), 'none-recorded', undefined, 0],
  [
    'an empty entry array',
    { resourceType: 'Bundle', type: 'searchset', entry: [] },
    'none-recorded',
    undefined,
    0,
  ],
  ['a single resource', a, 'read', undefined, 1],
  ['an array of one', [searchset([a])], 'read', undefined, 1],
  ['an array of two', [a, a], 'failed', 'wrong-type', 0],
  ['an empty array', [], 'failed', 'wrong-type', 0],
  [
    'the legacy wrapper',
    { response: { status: '200' }, resource: searchset([a]) },
    'read',
    undefined,
    1,
  ],
  ['an HTML page', '<html>Bad gateway</html>', 'failed', 'wrong-type', 0],
  ['a number', 42, 'failed', 'wrong-type', 0],
  ['an object of no type', {}, 'failed', 'wrong-type', 0],
  ['another resource', ofPatient('Observation', 'o'), 'failed', 'wrong-type', 0],
  [
    'a batch response',
    { resourceType: 'Bundle', type: 'batch-response' },
    'failed',
    'wrong-type',
    0,
  ],
  ['an error outcome', outcome('error'), 'failed', 'operation-outcome', 0],
  ['a fatal outcome', outcome('fatal'), 'failed', 'operation-outcome', 0],
  ['a warning outcome', outcome('warning'), 'none-recorded', undefined, 0],
  [
    'an outcome without issues',
    { resourceType: 'OperationOutcome' },
    'failed',
    'operation-outcome',
    0,
  ],
  [
    'an outcome with a null issue',
    { resourceType: 'OperationOutcome', issue: [null] },
    'failed',
    'operation-outcome',
    0,
  ],
  ['an error outcome as entry', searchset([a, outcome('error')]), 'failed', 'operation-outcome', 0],
  [
    'only a warning as entry',
    { ...searchset([outcome('warning')]), total: 0 },
    'none-recorded',
    undefined,
    0,
  ],
  ['an information beside matches', searchset([a, outcome('information')]), 'read', undefined, 1],
  [
    'unrelated includes',
    { ...searchset([a]), entry: [{ resource: a }, include] },
    'read',
    undefined,
    1,
  ],
  [
    'entries that are none',
    { resourceType: 'Bundle', type: 'searchset', entry: [null, 1, {}, { resource: null }] },
    'none-recorded',
    undefined,
    0,
  ],
  [
    'a total without entries',
    { resourceType: 'Bundle', type: 'searchset', total: 7 },
    'failed',
    'total-without-entries',
    0,
  ],
];

describe('DAT-6 DAT-7 DAT-8 DAT-9 DAT-11 DAT-12 T19 readValue', () => {
  for (const [name, value, state, reason, count] of table) {
    it(`takes ${name} for ${state}`, () => {
      const read = readValue(value, 'Condition');

      assert.equal(read.state, state);
      assert.equal(read.reason, reason);
      assert.equal(read.resources.length, count);
    });
  }

  it('keeps the next link as sent', () => {
    assert.equal(
      readValue(searchset([a], 'https://x.test/2'), 'Condition').next,
      'https://x.test/2',
    );
  });

  it('takes a page without matches but with a next link for read', () => {
    assert.equal(readValue(searchset([], 'https://x.test/2'), 'Condition').state, 'read');
  });

  it('keeps Medication resources that ride along', () => {
    const along = [
      ofPatient('MedicationRequest', 'm'),
      { resourceType: 'Medication', id: 'x' } as const,
    ];

    assert.equal(readValue(searchset(along), 'MedicationRequest').resources.length, 2);
  });

  it('does not take a Bundle for the Patient', () => {
    assert.equal(readValue(searchset([a]), 'Patient').reason, 'wrong-type');
  });
});
