// How rules become the outcome of a class: precedence, agents, what is unknown, how often a rule is judged.
import assert from 'node:assert/strict';
import type { SafetyKnowledge, SafetyPlan, SafetyRule } from '../../src/pain/knowledge.js';
import { openSafetyChecks, type SafetyResult } from '../../src/pain/safety-check.js';
import {
  type Candidate,
  type Judge,
  type Judgement,
  MET,
  NOT_MET,
  UNKNOWN,
} from '../../src/pain/scope.js';
import { ALL_READ, finding, scopeOf } from '../support/findings.js';

const NOBODY: Candidate = { names: new Set(), classSets: [], allergySets: [] };
const named = (name: string): Candidate => ({ ...NOBODY, names: new Set([name]) });

const rule = (
  id: string,
  judgement: Judgement | Judge,
  more: Partial<SafetyRule> = {},
): SafetyRule => ({
  id,
  at: 0,
  action: 'block',
  ifUnknown: 'ask',
  message: `${id} says no`,
  needs: `${id} needs this`,
  judge: typeof judgement === 'function' ? judgement : () => judgement,
  isDuplicate: false,
  sources: [],
  reads: [],
  records: [],
  asksCandidate: false,
  asksPain: false,
  ...more,
});

const plan = (rules: readonly SafetyRule[], more: Partial<SafetyPlan> = {}): SafetyPlan => ({
  candidate: NOBODY,
  rules,
  members: [],
  isComplete: false,
  isChecked: true,
  ...more,
});

const agent = (label: string, ...rules: readonly SafetyRule[]) => ({
  label,
  candidate: named(label),
  rules,
});

const knowledgeOf = (
  plans: Readonly<Record<string, SafetyPlan>>,
): Pick<SafetyKnowledge, 'plans' | 'rules'> => {
  const rules = Object.values(plans).flatMap(({ rules: own, members }) => [
    ...own,
    ...members.flatMap((member) => member.rules),
  ]);
  return {
    plans: new Map(Object.entries(plans)),
    rules: new Map(rules.map((item, at) => [item.id, Object.assign(item, { at })])),
  };
};

const open = (
  knowledge: ReturnType<typeof knowledgeOf>,
  read = ALL_READ,
  findings: Parameters<typeof scopeOf>[0] = [],
) => {
  const openPain = openSafetyChecks(knowledge, {
    read,
    openFlags: [],
    allergyRecorded: true,
    derived: {
      creatinineClearance: () => undefined,
      morphineEquivalents: () => undefined,
      gestationWeeks: () => undefined,
    },
  });
  return { openPain, check: openPain(scopeOf(findings)) };
};

const resultOf = (one: SafetyPlan): SafetyResult => {
  const result = open(knowledgeOf({ drug: one })).check('drug');
  assert.ok(result);
  return result;
};

const shown = ({ checks }: SafetyResult): string[] =>
  checks.map((check) => `${check.rule}${check.agent ? ` ${check.agent}` : ''} ${check.outcome}`);

describe('the outcome of one rule', () => {
  const rows: readonly (readonly [
    SafetyRule['action'],
    SafetyRule['ifUnknown'],
    Judgement,
    SafetyResult['outcome'],
    readonly string[],
  ])[] = [
    ['block', 'ask', MET, 'blocked', []],
    ['adjust', 'ask', MET, 'caution', []],
    ['warn', 'ask', MET, 'caution', []],
    ['ask', 'ask', MET, 'unknown', []],
    ['block', 'ask', NOT_MET, 'clear', []],
    ['ask', 'ask', NOT_MET, 'clear', []],
    ['block', 'ask', UNKNOWN, 'unknown', []],
    ['warn', 'ask', UNKNOWN, 'unknown', []],
    ['block', 'note', UNKNOWN, 'clear', ['X-1']],
    ['block', 'none', UNKNOWN, 'clear', []],
  ];
  for (const [action, ifUnknown, judgement, outcome, notAssessed] of rows) {
    it(`is ${outcome} for ${action} that is ${judgement.result}, if unknown ${ifUnknown}`, () => {
      const result = resultOf(plan([rule('X-1', judgement, { action, ifUnknown })]));

      assert.equal(result.outcome, outcome);
      assert.deepEqual(result.notAssessed, notAssessed);
      assert.equal(result.evaluated, 1);
    });
  }

  it('lists a rule with an untestable part as not assessed unless its testable part is met', () => {
    const notAssessed = 'no code set';

    assert.deepEqual(resultOf(plan([rule('X-1', NOT_MET, { notAssessed })])).notAssessed, ['X-1']);
    assert.deepEqual(resultOf(plan([rule('X-1', MET, { notAssessed })])).notAssessed, []);
  });

  it('says what it needs only where it is unknown', () => {
    const [unknown] = resultOf(plan([rule('X-1', UNKNOWN)])).checks;
    const [blocked] = resultOf(plan([rule('X-1', MET)])).checks;

    assert.equal(unknown?.needs, 'X-1 needs this');
    assert.equal(blocked?.needs, undefined);
  });

  it('lists a clear check only where it rests on a record', () => {
    const denied: Judgement = { result: 'notMet', findings: [finding('s')], weight: 0 };

    const result = resultOf(plan([rule('X-1', denied), rule('X-2', NOT_MET)]));

    assert.deepEqual(shown(result), ['X-1 clear']);
    assert.equal(result.checks[0]?.message, undefined);
  });
});

describe('the outcome of several rules', () => {
  it('is the worst, gravest first: blocked, unknown, adjusted, warned', () => {
    const result = resultOf(
      plan([
        rule('X-1', MET, { action: 'warn' }),
        rule('X-2', MET, { action: 'adjust' }),
        rule('X-3', UNKNOWN),
        rule('X-4', MET),
      ]),
    );

    assert.equal(result.outcome, 'blocked');
    assert.deepEqual(shown(result), ['X-4 blocked', 'X-3 unknown', 'X-2 caution', 'X-1 caution']);
  });

  it('tells a block that only says "taken already" from one that forbids', () => {
    const taken = rule('X-1', MET, { isDuplicate: true });

    assert.equal(resultOf(plan([taken])).isTaken, true);
    assert.equal(resultOf(plan([taken, rule('X-2', MET)])).isTaken, false);
    assert.equal(resultOf(plan([rule('X-2', NOT_MET)])).isTaken, false);
  });
});

describe('a class whose agents are all known', () => {
  const complete = (...members: ReturnType<typeof agent>[]): SafetyResult =>
    resultOf(plan([], { members, isComplete: true }));

  it('is as good as its best agent, with caution where another is worse', () => {
    const result = complete(agent('good'), agent('bad', rule('X-1', MET)));

    assert.equal(result.outcome, 'caution');
    assert.deepEqual(shown(result), ['X-1 bad blocked']);
  });

  it('is blocked when all agents are, said once where one rule blocks all', () => {
    const same = rule('X-1', MET);

    const result = complete(agent('a', same), agent('b', same));

    assert.equal(result.outcome, 'blocked');
    assert.deepEqual(shown(result), ['X-1 blocked']);
  });

  it('is unknown when every agent needs something', () => {
    const result = complete(agent('a', rule('X-1', UNKNOWN)), agent('b', rule('X-2', MET)));

    assert.equal(result.outcome, 'unknown');
  });

  it('is clear when all agents are', () => {
    assert.equal(complete(agent('a', rule('X-1', NOT_MET)), agent('b')).outcome, 'clear');
  });

  it('judges a rule that asks who the candidate is for each agent', () => {
    const isB: Judge = ({ safety }) => (safety?.candidate.names.has('b') ? MET : NOT_MET);
    const result = resultOf(
      plan([rule('X-1', isB, { asksCandidate: true })], {
        members: [agent('a'), agent('b')],
        isComplete: true,
      }),
    );

    assert.equal(result.outcome, 'caution');
    assert.deepEqual(shown(result), ['X-1 b blocked']);
  });

  it('asks no agent where the class is blocked', () => {
    const never: Judge = () => assert.fail('judged');

    const result = resultOf(
      plan([rule('X-1', MET)], { members: [agent('a', rule('X-2', never))], isComplete: true }),
    );

    assert.deepEqual(shown(result), ['X-1 blocked']);
  });
});

describe('a class with more agents than are listed', () => {
  const openClass = (classRule: SafetyRule, ...members: ReturnType<typeof agent>[]) =>
    resultOf(plan([classRule], { members }));

  it('has the outcome of the class, with caution where a listed agent is worse', () => {
    const result = openClass(rule('X-1', NOT_MET), agent('bad', rule('X-2', MET)));

    assert.equal(result.outcome, 'caution');
    assert.deepEqual(shown(result), ['X-2 bad blocked']);
  });

  it('stays unknown where the class is, whatever the agents are', () => {
    assert.equal(
      openClass(rule('X-1', UNKNOWN), agent('a', rule('X-2', NOT_MET))).outcome,
      'unknown',
    );
  });

  it('is never blocked by its listed agents alone', () => {
    const result = openClass(rule('X-1', NOT_MET), agent('a', rule('X-2', MET)));

    assert.notEqual(result.outcome, 'blocked');
  });
});

describe('the checks of a patient', () => {
  it('say nothing of a treatment without rules of its own', () => {
    const { check } = open(knowledgeOf({ drug: plan([rule('X-1', MET)], { isChecked: false }) }));

    assert.equal(check('drug'), undefined);
    assert.equal(check('nothing'), undefined);
  });

  const counted = (more: Partial<SafetyRule>) => {
    let judged = 0;
    const one = rule(
      'X-1',
      () => {
        judged += 1;
        return NOT_MET;
      },
      more,
    );
    const { openPain } = open(knowledgeOf({ a: plan([one]), b: plan([one]) }));
    for (const check of [openPain(scopeOf([])), openPain(scopeOf([]))])
      for (const treatment of ['a', 'b', 'a']) check(treatment);
    return judged;
  };

  it('judge a rule once for all treatments and pains', () => {
    assert.equal(counted({}), 1);
  });

  it('judge a rule that asks about the pain once for each', () => {
    assert.equal(counted({ asksPain: true }), 2);
  });

  it('judge a rule that asks who the candidate is for each treatment', () => {
    assert.equal(counted({ asksCandidate: true }), 2);
  });

  it('judge a rule that asks who the candidate is and about the pain for each treatment of each pain', () => {
    assert.equal(counted({ asksCandidate: true, asksPain: true }), 4);
  });

  describe('with a rule that reads one set', () => {
    const judgedWith = (
      read: typeof ALL_READ,
      findings: Parameters<typeof scopeOf>[0],
    ): readonly [boolean, string | undefined] => {
      let isJudged = false;
      const one = rule(
        'X-1',
        () => {
          isJudged = true;
          return MET;
        },
        { reads: ['s'], records: ['condition'], whenEmpty: 'notMet' },
      );
      const result = open(knowledgeOf({ drug: plan([one]) }), read, findings).check('drug');
      return [isJudged, result?.outcome];
    };

    it('decide without judging when the set is empty and its records were read', () => {
      assert.deepEqual(judgedWith(ALL_READ, []), [false, 'clear']);
    });

    it('judge when something of the set is recorded', () => {
      assert.deepEqual(judgedWith(ALL_READ, [finding('s')]), [true, 'blocked']);
    });

    it('judge when its records were not read', () => {
      assert.deepEqual(judgedWith({ ...ALL_READ, condition: false }, []), [true, 'blocked']);
    });
  });
});
