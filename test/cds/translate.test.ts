import assert from 'node:assert/strict';
import { createTranslate } from '../../src/cds/translate.js';

const translate = createTranslate(
  [
    { en: 'kidney function, not older than a year', to: 'A' },
    { en: 'potassium', to: 'B' },
    { en: 'too low; falling', to: 'C' },
    { en: 'ketorolac', to: 'D' },
    { en: 'needs: {needs}', to: '需要：{needs}' },
    { en: 'not {agent}: {message}', to: '不用{agent}：{message}' },
    { en: '{agent}: {message}', to: '{agent}：{message}' },
    { en: '{count} record(s) of {date}', to: '{date}的 {count} 条' },
    { en: 'taken{span}', to: '在用{span}' },
    { en: ' since {since}', to: '（自{since}）' },
  ],
  {
    separators: [
      { en: '; ', to: '；' },
      { en: ', ', to: '、' },
    ],
    date: (text) => `<${text}>`,
  },
);

describe('a translation of cards/', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ['a sentence as it stands', 'potassium', 'B'],
    ['a template by what fills it', 'needs: potassium', '需要：B'],
    ['items that hold the separator', 'kidney function, not older than a year, potassium', 'A、B'],
    ['a list inside a template', 'needs: potassium; too low; falling', '需要：B；C'],
    ['a template inside a template', 'not ketorolac: needs: potassium', '不用D：需要：B'],
    ['the more particular template', 'ketorolac: too low; falling', 'D：C'],
    ['numbers and dates, in its own order', '3 record(s) of 2026-01-02', '<2026-01-02>的 3 条'],
    ['a place that is empty', 'taken', '在用'],
    ['a place that is a template', 'taken since 2026-01', '在用（自<2026-01>）'],
  ];
  for (const [what, en, to] of cases)
    it(`knows ${what}`, () => {
      assert.equal(translate(en), to);
    });

  it('leaves whole what it does not know in part', () => {
    for (const text of [
      '',
      'needs: sodium',
      'potassium; sodium',
      'not sodium: potassium',
      '{needs}',
    ])
      assert.equal(translate(text), text);
  });
});
