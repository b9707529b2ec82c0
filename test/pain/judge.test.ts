// Operators that ask for facts: met, notMet, unknown and both sides of its boundary.
import assert from 'node:assert/strict';
import type { Expression } from '../../src/pain/expression.js';
import { ALL_READ, finding, match, on } from '../support/findings.js';
import { judge, judgesAs } from '../support/judging.js';

describe('has', () => {
  const has: Expression = { op: 'has', sets: ['s', 't'] };
  const recent: Expression = { op: 'has', sets: ['s'], withinDays: 90 };
  judgesAs([
    ['a current finding', has, [finding('s')], 'met'],
    ['a finding of the second set', has, [finding('t')], 'met'],
    ['an Encounter reason', has, [finding('s', { source: 'encounter' })], 'met'],
    ['a present Observation', has, [finding('s', { source: 'observation' })], 'met'],
    ['a refuted finding', has, [finding('s', { presence: 'absent' })], 'notMet'],
    ['history only', has, [finding('s', { current: false })], 'unknown'],
    ['a medication', has, [finding('s', { source: 'medication' })], 'unknown'],
    ['an imaging report', has, [finding('s', { source: 'report' })], 'unknown'],
    ['free text', has, [finding('s', { basis: 'text' })], 'unknown'],
    ['nothing', has, [], 'unknown'],
    ['another set', has, [finding('u')], 'unknown'],
    [
      'one present beside one refuted',
      has,
      [finding('s'), finding('t', { presence: 'absent' })],
      'met',
    ],
    [
      'an onset on the edge of the window',
      recent,
      [finding('s', { onset: on('2026-08-24') })],
      'met',
    ],
    [
      'an onset a day before the window',
      recent,
      [finding('s', { onset: on('2026-08-23') })],
      'unknown',
    ],
    [
      'a month that straddles the edge',
      recent,
      [finding('s', { onset: on('2026-08') })],
      'unknown',
    ],
    ['no date', recent, [finding('s')], 'unknown'],
    [
      'an absence inside the window',
      recent,
      [finding('s', { source: 'observation', presence: 'absent', effective: on('2026-08-24') })],
      'notMet',
    ],
    [
      'an absence of longer ago',
      recent,
      [finding('s', { source: 'observation', presence: 'absent', effective: on('2026-08-23') })],
      'unknown',
    ],
    [
      'an absence without a date',
      recent,
      [finding('s', { source: 'observation', presence: 'absent' })],
      'unknown',
    ],
    [
      'a refuted diagnosis without a date',
      recent,
      [finding('s', { presence: 'absent' })],
      'notMet',
    ],
    [
      'an old onset recorded lately',
      recent,
      [finding('s', { onset: on('2020'), effective: on('2026-11-01') })],
      'unknown',
    ],
    [
      'a recorded date without onset',
      recent,
      [finding('s', { effective: on('2026-11-01') })],
      'met',
    ],
  ]);

  it('is notMet for nothing where absence means notMet', () => {
    assert.equal(judge(has, [], { absence: ALL_READ }).result, 'notMet');
  });

  it('names the findings that decided it and the weight of the strongest row', () => {
    const [weak, strong] = [
      finding('s', { matches: [match('s', { weight: 1 })] }),
      finding('t', { matches: [match('t', { weight: 3 })] }),
    ];

    const judgement = judge(has, [weak, strong]);

    assert.deepEqual([judgement.findings, judgement.weight], [[weak, strong], 3]);
  });

  it('weighs an unconfirmed diagnosis no more than 1', () => {
    const unsure = finding('s', {
      matches: [match('s', { weight: 3 })],
      verification: 'unconfirmed',
    });

    assert.equal(judge(has, [unsure]).weight, 1);
  });
});

describe('had', () => {
  const had: Expression = { op: 'had', sets: ['s'] };
  judgesAs([
    ['history', had, [finding('s', { current: false })], 'met'],
    ['a current finding', had, [finding('s')], 'met'],
    ['a refuted finding', had, [finding('s', { presence: 'absent' })], 'notMet'],
    ['nothing', had, [], 'unknown'],
    [
      'resolved within the window',
      { ...had, withinDays: 90 },
      [finding('s', { current: false, onset: on('2026-09-01') })],
      'met',
    ],
    [
      'resolved before the window',
      { ...had, withinDays: 90 },
      [finding('s', { current: false, onset: on('2026-07-01') })],
      'unknown',
    ],
  ]);
});

describe('report, med, procedure', () => {
  const med: Expression = { op: 'med', sets: ['s'] };
  judgesAs([
    ['a report', { op: 'report', sets: ['s'] }, [finding('s', { source: 'report' })], 'met'],
    ['a diagnosis instead of a report', { op: 'report', sets: ['s'] }, [finding('s')], 'unknown'],
    [
      'a procedure',
      { op: 'procedure', sets: ['s'] },
      [finding('s', { source: 'procedure' })],
      'met',
    ],
    ['an active medication', med, [finding('s', { source: 'medication' })], 'met'],
    [
      'a stopped medication',
      med,
      [finding('s', { source: 'medication', current: false })],
      'unknown',
    ],
    [
      'a medication stopped within the window',
      { ...med, withinDays: 30 },
      [finding('s', { source: 'medication', current: false, effective: on('2026-11-01') })],
      'met',
    ],
    ['an allergy', med, [finding('s', { source: 'allergy' })], 'unknown'],
  ]);
});

describe('undated', () => {
  const undated: Expression = { op: 'undated', sets: ['s'] };
  judgesAs([
    ['a current diagnosis without a date', undated, [finding('s')], 'met'],
    ['a diagnosis with an onset', undated, [finding('s', { onset: on('2020') })], 'unknown'],
    [
      'a diagnosis with a recorded date',
      undated,
      [finding('s', { effective: on('2020') })],
      'unknown',
    ],
    ['a refuted diagnosis', undated, [finding('s', { presence: 'absent' })], 'unknown'],
  ]);
});
