// Judges every rule of cards/safety on the rows of test/safety and checks that the rows show each rule from all its sides.
import assert from 'node:assert/strict';
import type { Knowledge, SafetyRule } from '../src/pain/knowledge.js';
import type { Candidate } from '../src/pain/scope.js';
import { realKnowledge } from './support/findings.js';
import {
  concernedBy,
  type RowOutcome,
  readSafetyRows,
  readStatedRules,
  type SafetyRow,
  type StatedRule,
  scopeOfRow,
} from './support/safety-row.js';

const rows = readSafetyRows('test/safety', [...readStatedRules('cards/safety').keys()]);

const outcomeOf = (
  rule: SafetyRule,
  row: SafetyRow,
  candidate: Candidate,
  knowledge: Knowledge,
) => {
  const { result } = rule.judge(scopeOfRow(row, candidate, knowledge));
  if (result === 'met') return 'fires';
  if (result === 'unknown' && rule.ifUnknown !== 'none')
    return rule.ifUnknown === 'ask' ? 'asks' : 'note';
  return rule.notAssessed === undefined ? 'clear' : 'note';
};

describe('safety rules', () => {
  let knowledge: Knowledge;

  before(() => {
    knowledge = realKnowledge();
  });

  for (const row of rows) {
    const about = row.agent === undefined ? row.check : `${row.check} (${row.agent})`;
    it(`${row.file} ${about}: ${row.row}: ${Object.entries(row.expect).flat().join(' ')}`, () => {
      const { candidate, rules } = concernedBy(row, knowledge);

      for (const [id, expected] of Object.entries(row.expect)) {
        const rule = rules.find((one) => one.id === id);
        assert.ok(rule, `${id} does not concern ${about}`);
        assert.equal(outcomeOf(rule, row, candidate, knowledge), expected, id);
      }
    });
  }
});

/** Rules that hang on the classification alone, which is never unknown. */
const NEVER_UNKNOWN: readonly string[] = ['IN-8'];

describe('the rows of the safety rules', () => {
  const shown = new Map<string, Set<RowOutcome>>();
  for (const { expect } of rows) {
    for (const [id, outcome] of Object.entries(expect)) {
      const outcomes = shown.get(id) ?? new Set();
      shown.set(id, outcomes.add(outcome));
    }
  }

  it('name only rules that exist', () => {
    const { rules } = realKnowledge().safety;

    assert.deepEqual(
      [...shown.keys()].filter((id) => !rules.has(id)),
      [],
    );
  });

  for (const [group, stated] of readStatedRules('cards/safety')) {
    /** Rules of which the rows do not show what they should; `hasSide` leaves out those that cannot come to it. */
    const sides = (
      hasSide: (rule: StatedRule) => boolean,
      isShown: (rule: SafetyRule, outcomes: ReadonlySet<RowOutcome>) => boolean,
    ) =>
      stated.filter(hasSide).flatMap(({ id }) => {
        const rule = realKnowledge().safety.rules.get(id);
        return rule && isShown(rule, shown.get(id) ?? new Set()) ? [] : [id];
      });

    it(`show every rule of ${group} firing`, () => {
      assert.deepEqual(
        sides(
          ({ when }) => when !== undefined,
          (_, outcomes) => outcomes.has('fires'),
        ),
        [],
      );
    });

    it(`show every rule of ${group} not firing`, () => {
      assert.deepEqual(
        sides(
          ({ when }) => when !== 'true',
          (rule, outcomes) => outcomes.has(rule.notAssessed === undefined ? 'clear' : 'note'),
        ),
        [],
      );
    });

    it(`show every rule of ${group} that asks asking`, () => {
      assert.deepEqual(
        sides(
          ({ id, when }) => when !== undefined && when !== 'true' && !NEVER_UNKNOWN.includes(id),
          (rule, outcomes) => rule.ifUnknown !== 'ask' || outcomes.has('asks'),
        ),
        [],
      );
    });
  }
});
