import assert from 'node:assert/strict';
import request from 'supertest';
import type { Card } from '../../src/cds/cds-hooks.js';
import { anApp, languagesWith } from '../support/app.js';

const body = {
  hook: 'patient-view',
  hookInstance: 'd1577c69-dfbe-44ad-ba6d-3e05e953b2ea',
  context: { userId: 'Practitioner/1', patientId: 'p1' },
  prefetch: {
    patient: { resourceType: 'Patient', id: 'p1', birthDate: '1970-01-01' },
    conditions: {
      resourceType: 'Bundle',
      type: 'searchset',
      entry: [
        {
          resource: {
            resourceType: 'Condition',
            id: 'c1',
            subject: { reference: 'Patient/p1' },
            clinicalStatus: { coding: [{ code: 'active' }] },
            code: { coding: [{ system: 'http://snomed.info/sct', code: '31681005' }] },
          },
        },
      ],
    },
  },
};

const newId = (): string => '11111111-1111-4111-8111-111111111111';

const answerTo = async (accepted: string | undefined, fallback = 'en') => {
  const { app } = anApp({ languages: languagesWith(newId, fallback) });
  const call = request(app).post('/cds-services/pain-patient-view');
  if (accepted !== undefined) call.set('Accept-Language', accepted);
  const answer = await call.send(body).expect(200);
  const { cards } = answer.body as { readonly cards: readonly { readonly summary: string }[] };
  return { answer, summary: cards[0]?.summary ?? '' };
};

describe('the language of an answer', () => {
  const wishes: readonly (readonly [string | undefined, string, string])[] = [
    [undefined, 'en', 'en'],
    ['zh-CN', 'en', 'zh-Hans'],
    ['zh', 'en', 'zh-Hans'],
    ['ZH-hans-cn, en;q=0.5', 'en', 'zh-Hans'],
    ['zh-SG;q=0.9, fr', 'en', 'zh-Hans'],
    ['en-US,en;q=0.9,zh-CN;q=0.8', 'zh-Hans', 'en'],
    ['*', 'zh-Hans', 'zh-Hans'],
    ['fr, de;q=0.5', 'zh-Hans', 'zh-Hans'],
    ['fr, *;q=0.1', 'en', 'en'],
    ['zh-TW', 'en', 'en'],
    ['zh-Hant-HK', 'en', 'en'],
    ['zh-CN;q=0', 'en', 'en'],
    [';;,=q;', 'en', 'en'],
    ['', 'zh-Hans', 'zh-Hans'],
  ];
  for (const [accepted, fallback, expected] of wishes)
    it(`is ${expected} for ${accepted ?? 'no header'} where the site's is ${fallback}`, async () => {
      const { answer, summary } = await answerTo(accepted, fallback);

      assert.equal(answer.get('content-language'), expected);
      assert.match(answer.get('vary') ?? '', /Origin.*Accept-Language/);
      assert.equal(/\p{Script=Han}/u.test(summary), expected === 'zh-Hans');
    });

  it('changes nothing that machines read', async () => {
    const [en, zh] = await Promise.all([answerTo('en'), answerTo('zh-CN')]);
    const machine = ({ answer }: typeof en) => {
      const { cards, extension } = answer.body;
      return {
        extension,
        cards: cards.map((card: Record<string, unknown>) => ({
          uuid: card.uuid,
          indicator: card.indicator,
          topic: (card.source as { readonly topic: { readonly code: string } }).topic.code,
          reasons: (card.overrideReasons as { readonly code: string }[]).map(({ code }) => code),
        })),
      };
    };

    assert.deepEqual(machine(zh), machine(en));
  });

  it('changes no draft: a shorter language may have room to say, and so to suggest, more', async () => {
    const [en, zh] = await Promise.all([answerTo('en'), answerTo('zh-CN')]);
    const drafts = ({ answer }: typeof en) =>
      new Map(
        (answer.body.cards as Card[]).flatMap(({ suggestions = [] }) =>
          suggestions.flatMap(({ actions = [] }) =>
            actions.flatMap((action) =>
              action.resource
                ? [[JSON.stringify(action.resource.identifier), action.resource] as const]
                : [],
            ),
          ),
        ),
      );
    const [inEnglish, inChinese] = [drafts(en), drafts(zh)];
    const both = [...inEnglish].filter(([id]) => inChinese.has(id));

    assert.notEqual(both.length, 0);
    for (const [id, draft] of both) assert.deepEqual(inChinese.get(id), draft);
  });
});
