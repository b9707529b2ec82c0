// Bodies of feedback: the specification's form, what vendors send, and what is refused.
import assert from 'node:assert/strict';
import { InvalidRequest } from '../../src/errors.js';
import { createFeedbackValidator } from '../../src/http/validate-feedback.js';

const validate = createFeedbackValidator();

const overridden = {
  card: '9368d37b-283f-44a0-93ea-547cebab93ed',
  outcome: 'overridden',
  outcomeTimestamp: '2026-11-22T10:00:00Z',
};
const accepted = {
  ...overridden,
  outcome: 'accepted',
  acceptedSuggestions: [{ id: '3ed4f1c2-0ac7-4b07-8bd9-8ef0b94b25c8' }],
};

const faultsOf = (body: unknown): readonly string[] => {
  try {
    validate(body);
  } catch (error) {
    assert.ok(error instanceof InvalidRequest);
    return error.faults.map(({ pointer }) => pointer);
  }
  return [];
};

describe('a feedback body', () => {
  it('FBK-2: may hold many cards', () => {
    const items = validate({ feedback: Array.from({ length: 50 }, () => overridden) });

    assert.equal(items.length, 50);
  });

  it('FBK-3: carries accepted suggestions or a reason with a comment', () => {
    const reason = { code: 'patient-refuses', system: 'http://example.org/reasons' };
    const items = validate({
      feedback: [accepted, { ...overridden, overrideReason: { reason, userComment: 'later' } }],
    });

    assert.deepEqual(items[0]?.acceptedSuggestions, accepted.acceptedSuggestions);
    assert.deepEqual(items[1]?.overrideReason, { reason, userComment: 'later' });
  });

  for (const [name, item] of [
    ['an object', { reason: { code: 'x' } }],
    ['a list of one', [{ reason: { code: 'x' } }]],
  ] as const)
    it(`FBK-6: may name its reason in the plural, as ${name}`, () => {
      const [found] = validate({
        feedback: [{ ...overridden, card: 'not-a-uuid', overrideReasons: item, extension: {} }],
      });

      assert.deepEqual(found?.overrideReason, { reason: { code: 'x' } });
    });

  it('FBK-7: may give a reason with a code only', () => {
    const [item] = validate({
      feedback: [{ ...overridden, overrideReason: { reason: { code: 'x' } } }],
    });

    assert.deepEqual(item?.overrideReason, { reason: { code: 'x' } });
  });

  for (const outcomeTimestamp of [
    '2026-11-22T10:00:00Z',
    '2026-11-22T11:00:00+01:00',
    '2026-11-22T10:00:00.123Z',
    '2028-02-29T23:59:59-11:00',
    '2026-01-01t00:30:00+05:30',
  ])
    it(`FBK-9: may be dated ${outcomeTimestamp}`, () =>
      assert.deepEqual(faultsOf({ feedback: [{ ...overridden, outcomeTimestamp }] }), []));

  for (const [name, body, pointers] of [
    ['nothing', undefined, ['']],
    ['a list', [], ['']],
    ['no feedback', {}, ['/feedback']],
    ['an empty list', { feedback: [] }, ['/feedback']],
    ['101 items', { feedback: Array.from({ length: 101 }, () => overridden) }, ['/feedback']],
    ['no card', { feedback: [{ ...overridden, card: undefined }] }, ['/feedback/0/card']],
    [
      'another outcome',
      { feedback: [{ ...overridden, outcome: 'ignored' }] },
      ['/feedback/0/outcome'],
    ],
    [
      'accepted without suggestions',
      { feedback: [{ ...accepted, acceptedSuggestions: [] }] },
      ['/feedback/0/acceptedSuggestions'],
    ],
    ['NUL in the card', { feedback: [{ ...overridden, card: 'a\0' }] }, ['/feedback/0/card']],
    [
      'NUL in a suggestion',
      { feedback: [{ ...accepted, acceptedSuggestions: [{ id: '\0' }] }] },
      ['/feedback/0/acceptedSuggestions/0/id'],
    ],
    [
      'NUL in the reason',
      {
        feedback: [{ ...overridden, overrideReason: { reason: { code: '\0', system: 'x\0y' } } }],
      },
      ['/feedback/0/overrideReason/reason/code', '/feedback/0/overrideReason/reason/system'],
    ],
    ...[
      'yesterday',
      '2026-11-22',
      '2026-13-40T00:00:00Z',
      '2026-11-22T10:00:00',
      '2026-02-30T10:00:00Z',
      '2025-02-29T10:00:00+01:00',
      '2026-11-22T24:00:00Z',
    ].map(
      (outcomeTimestamp) =>
        [
          `the time "${outcomeTimestamp}"`,
          { feedback: [{ ...overridden, outcomeTimestamp }] },
          ['/feedback/0/outcomeTimestamp'],
        ] as const,
    ),
    [
      'a comment of 4,001 characters',
      { feedback: [{ ...overridden, overrideReason: { userComment: 'x'.repeat(4001) } }] },
      ['/feedback/0/overrideReason/userComment'],
    ],
    [
      'one good and one bad item',
      { feedback: [overridden, { ...overridden, card: '' }] },
      ['/feedback/1/card'],
    ],
  ] as const)
    it(`FBK-3 T31 is refused with ${name}`, () => assert.deepEqual(faultsOf(body), pointers));
});
