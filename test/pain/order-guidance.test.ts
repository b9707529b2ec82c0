// What guidance says of an order, on guidance made for the test: against it, out of order, no pain it could serve.
import assert from 'node:assert/strict';
import type { DraftOrder } from '../../src/pain/draft-orders.js';
import type { EvaluatedProblem, Recommendation } from '../../src/pain/evaluation.js';
import { guidanceRemarks } from '../../src/pain/order-guidance.js';
import type { OrderPurpose, OrderRule } from '../../src/pain/order-knowledge.js';
import { hasLineFor, type OrderCase, type OrderPain, painOf } from '../../src/pain/order-scope.js';
import { plain } from '../../src/pain/scope.js';
import { finding, match, scopeOf } from '../support/findings.js';

const treatment = (id: string) => ({ treatment: id, plan: id, isAgent: false });
const order = (more: Partial<DraftOrder> = {}): DraftOrder => ({
  reference: 'MedicationRequest/draft',
  isSelected: true,
  label: 'drug',
  labelFromChart: false,
  treatments: [treatment('other'), treatment('drug')],
  findings: [],
  reasons: [],
  hasReason: false,
  reasonSets: new Set(),
  replaces: undefined,
  advice: undefined,
  isUnrecognised: false,
  ...more,
});
const line = (id: string, more: Partial<Recommendation> = {}): Recommendation =>
  ({
    id,
    treatment: 'drug',
    status: 'offered',
    strength: 'none',
    text: id,
    sources: [],
    ...more,
  }) as Recommendation;
const against = line('against', { status: 'not-advised', strength: 'strong-against' });
const problem = (
  recommendations: readonly Recommendation[],
  reference = 'Condition/a',
): EvaluatedProblem =>
  ({
    problem: {
      members: [
        finding('pain'),
        finding('pain', { reference, matches: [match('x'), match('dx')] }),
      ],
    },
    classifications: [{ category: 'inflammatory' }],
    recommendations,
  }) as unknown as EvaluatedProblem;

interface Situation {
  readonly problems?: readonly EvaluatedProblem[];
  readonly isNamed?: boolean;
  readonly purpose?: OrderPurpose;
  readonly ageYears?: number | undefined;
  readonly rules?: readonly Partial<OrderRule>[];
  /** Places of lines in the guidance of the leading category. */
  readonly places?: Readonly<Record<string, number>>;
  readonly orderRules?: readonly object[];
}
const said = (of: DraftOrder, situation: Situation = {}): readonly string[] => {
  const {
    problems = [problem([])],
    isNamed = false,
    purpose = 'pain',
    rules = [],
    places,
  } = situation;
  const [first] = problems;
  const pain = first && ({ problem: first, classified: {}, isNamed } as unknown as OrderPain);
  const orderCase = {
    problems,
    context: {
      knowledge: {
        settings: { adultAgeYears: 18 },
        orders: {
          rules: rules.map((one) => ({
            id: 'OR',
            treatments: new Set(['drug']),
            unlessFirst: false,
            judge: () => plain.met,
            indicator: 'info',
            text: 'first line first',
            sources: ['S'],
            ...one,
          })),
        },
        guidance: new Map(
          places
            ? [
                [
                  'inflammatory',
                  {
                    lines: Object.entries(places).map(([id, at]) => ({
                      order: at,
                      as: { offered: { id } },
                    })),
                  },
                ],
              ]
            : [],
        ),
        stepwise: {
          treatments: new Map([
            ['drug', { level: 'P4' }],
            ['other', { level: 'P4' }],
          ]),
          order: {
            rules: situation.orderRules ?? [],
            diagnostic: [],
            exception: () => plain.notMet,
          },
        },
      },
    },
  } as unknown as OrderCase;
  const age = 'ageYears' in situation ? situation.ageYears : 50;
  const scope = scopeOf([], age === undefined ? {} : { ageYears: age });
  return guidanceRemarks(of, purpose, pain, scope, orderCase).map(
    ({ kind, rule, indicator, text, findings, sources }) =>
      [kind, rule, indicator, text, ...findings, ...sources].filter(Boolean).join(' '),
  );
};

describe('guidance against an order', () => {
  const says = ['not-advised against info against'];

  for (const [situation, lines, isSaid] of [
    ['strongly against it', [against], true],
    ['weakly against it', [{ ...against, strength: 'weak-against' }], false],
    ['of that strength that is shown otherwise', [{ ...against, status: 'source-only' }], false],
    ['against another class', [{ ...against, treatment: 'elsewhere' }], false],
    ['against it beside a line for it', [against, line('for')], false],
    [
      'against it beside a line for it that is withheld',
      [against, line('for', { status: 'withheld' })],
      false,
    ],
    [
      'against it beside one of the article alone',
      [line('article', { status: 'source-only' }), against],
      true,
    ],
    [
      'weakly, then strongly against it',
      [{ ...against, id: 'weak', strength: 'weak-against' }, against],
      true,
    ],
  ] as const) {
    it(`is ${isSaid ? '' : 'not '}said: ${situation}`, () => {
      assert.deepEqual(
        said(order(), { problems: [problem(lines as readonly Recommendation[])] }),
        isSaid ? says : [],
      );
    });
  }

  it('is said of the pain that is named, else where no pain has a line for it', () => {
    const problems = [problem([against]), problem([line('for')])];

    assert.deepEqual(said(order(), { problems }), []);
    assert.deepEqual(said(order(), { problems, isNamed: true }), says);
  });
});

describe('remarks on the first line', () => {
  const says = ['first-line OR info first line first S'];
  const one = [problem([line('for')])];

  it('are said where they hold and concern a class of the order', () => {
    assert.deepEqual(said(order(), { problems: one, rules: [{}] }), says);
    assert.deepEqual(said(order(), { problems: one, rules: [{ judge: () => plain.unknown }] }), []);
    assert.deepEqual(
      said(order({ treatments: [treatment('x')] }), { problems: one, rules: [{}] }),
      [],
    );
  });

  for (const [situation, places, lines, isSaid] of [
    ['a line for the class stands first', { for: 1 }, [line('for')], false],
    [
      'one of two lines for the class stands first',
      { late: 2, for: 1 },
      [line('late'), line('for')],
      false,
    ],
    ['a line for the class stands second', { for: 2 }, [line('for')], true],
    ['another line stands first', { other: 1, for: 2 }, [line('for')], true],
    ['the first line is against it', { against: 1 }, [against], true],
    ['no line is for the class', { for: 1 }, [], true],
    ['there is no guidance', undefined, [line('for')], true],
  ] as const) {
    it(`are ${isSaid ? '' : 'not '}said unless guidance comes first, where ${situation}`, () => {
      const situated = {
        problems: [problem(lines as readonly Recommendation[])],
        rules: [{ unlessFirst: true }],
        ...(places && { places }),
      };

      assert.deepEqual(
        said(order(), situated).filter((text) => text.startsWith('first')),
        isSaid ? says : [],
      );
    });
  }
});

describe('the order of procedures', () => {
  const rule = (more: object = {}) => ({
    id: 'S2',
    judge: () => plain.met,
    levels: ['P4'],
    treatments: [],
    destructive: false,
    isExcepted: false,
    message: 'peripheral first',
    indicator: 'warning',
    sources: ['S'],
    ...more,
  });

  it('is said once for each rule that speaks at ordering', () => {
    assert.deepEqual(
      said(order(), { orderRules: [rule(), rule({ id: 'S3', indicator: undefined })] }),
      ['order S2 warning peripheral first S'],
    );
  });
});

describe('an order', () => {
  const rules = [{}];

  it('gets no remark of guidance for a child', () => {
    const problems = [problem([against])];

    assert.deepEqual(said(order(), { problems, ageYears: 17 }), []);
    assert.equal(said(order(), { problems, ageYears: 18 }).length, 1);
    assert.equal(said(order(), { problems, ageYears: undefined }).length, 1);
  });

  for (const [situation, advice, lines, isSaid] of [
    ['an own suggestion that is offered still', 'for', [line('x'), line('for')], false],
    [
      'an own suggestion that is withheld now',
      'for',
      [line('for', { status: 'withheld' }), line('x')],
      true,
    ],
    ['an own suggestion of another line', 'other', [line('for')], true],
    ['no suggestion', undefined, [line('for')], true],
  ] as const) {
    it(`that is ${situation} is ${isSaid ? '' : 'not '}remarked on`, () => {
      const problems = [problem([]), problem(lines as readonly Recommendation[])];

      assert.equal(said(order({ advice }), { problems, rules }).length, isSaid ? 1 : 0);
    });
  }

  it('for pain without any pain or reason is said', () => {
    const none = { problems: [] };

    assert.deepEqual(said(order(), none), ['no-pain info']);
    assert.deepEqual(said(order({ hasReason: true }), none), []);
    assert.deepEqual(said(order(), { ...none, purpose: 'mostly-pain' }), []);
  });
});

describe('the pain an order is for', () => {
  const problems = [problem([], 'Condition/a'), problem([line('for'), line('x')], 'Condition/b')];
  const forPain = (more: Partial<DraftOrder>, list = problems) => {
    const classified = list.map((_, at) => ({ at }));
    const found = painOf(order(more), { problems: list, classified } as unknown as OrderCase);
    return found && `${list.indexOf(found.problem)}${found.isNamed ? ' named' : ''}`;
  };
  const by = (...reasons: readonly string[]) => ({ reasons, hasReason: true });

  it('is the one its reason leads to', () => {
    assert.equal(forPain(by('Condition/a')), '0 named');
    assert.equal(forPain(by('Condition/x', 'Condition/b')), '1 named');
    assert.equal(forPain(by('https://x.example/fhir/Condition/b')), '1 named');
    assert.equal(forPain(by('https://x.example/fhir/Condition/b/_history/2')), '1 named');
    assert.equal(forPain(by('Condition/bb')), undefined);
    assert.equal(forPain(by('xCondition/b')), undefined);
    assert.equal(forPain({ hasReason: true, reasonSets: new Set(['dx']) }), '0 named');
    assert.equal(forPain({ hasReason: true, reasonSets: new Set(['other']) }), undefined);
  });

  it('is one with a line for it, else the first', () => {
    assert.equal(forPain({}), '1');
    assert.equal(forPain({ treatments: [treatment('nothing')] }), '0');
    assert.equal(forPain({}, []), undefined);
    assert.ok(hasLineFor(order(), problems[1] as EvaluatedProblem));
    assert.ok(!hasLineFor(order(), problems[0] as EvaluatedProblem));
  });
});
