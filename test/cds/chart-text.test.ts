import assert from 'node:assert/strict';
import {
  createOwnText,
  markdownChartText,
  markdownOwnText,
  plainChartText,
} from '../../src/cds/chart-text.js';
import { asWritten } from '../../src/cds/translate.js';
import { attackStrings } from '../support/attack-strings.js';
import { fixtureTexts } from '../support/fixture-evaluations.js';
import { foreignNodes } from '../support/markdown-shape.js';

/** The best of a few tries: a busy machine interrupts some, a slow algorithm is slow in all. */
const quickestMs = (text: string): number => {
  const tries = [1, 2, 3, 4, 5].map(() => {
    const started = performance.now();
    markdownChartText(text);
    markdownOwnText(text);
    return performance.now() - started;
  });
  return Math.min(...tries);
};

describe('text of the chart', () => {
  it('is quoted with a fence longer than any run of its own', () => {
    assert.equal(markdownChartText('a ``b'), '```a ``b```');
    assert.equal(markdownChartText('`'), '`` ` ``');
    assert.equal(markdownChartText(''), '');
  });

  it('keeps letters of every script and loses what cannot be seen', () => {
    assert.equal(
      plainChartText('Rücken\u00adschmerz \u202e痛み\ufe0f\u0000'),
      'Rückenschmerz 痛み',
    );
  });

  it('is clipped between graphemes', () => {
    assert.equal(plainChartText('👩‍👩‍👧'.repeat(3), 2).endsWith('…'), true);
    assert.doesNotMatch(plainChartText('👩‍👩‍👧'.repeat(30), 7), /\p{Cs}/u);
  });

  it('CAR-6 T22 T27 is inert in every place of a line, and made so within 20 ms', () => {
    for (const text of attackStrings) {
      const quoted = markdownChartText(text);
      const own = markdownOwnText(text);

      assert.ok(quickestMs(text) < 20, text.slice(0, 20));
      for (const line of [
        `- ${quoted} x`,
        `**x ${quoted}**`,
        `- ${own} x`,
        own,
        `x ${own}: ${quoted}`,
      ]) {
        assert.deepEqual(foreignNodes(line, 'https://cds.example'), [], line.slice(0, 80));
      }
    }
  });
});

describe('a sentence of cards/', () => {
  it('stays within its limit, escapes included', () => {
    for (const text of attackStrings) {
      for (const limit of [20, 54, 170]) {
        assert.ok(markdownOwnText(text, limit).length <= Math.max(limit, 20), `${limit}`);
      }
    }
  });

  it('reads the same when remembered', () => {
    const own = createOwnText(asWritten);

    for (const text of [...attackStrings, ...attackStrings]) {
      assert.equal(own(text, 60), markdownOwnText(text, 60));
    }
  });
});

describe('a date on a card', () => {
  const { date } = fixtureTexts;

  it('has the precision of the record', () => {
    assert.equal(date('2026-10-12T23:30:00+02:00'), '12 Oct 2026');
    assert.equal(date('2026-10'), 'Oct 2026');
    assert.equal(date('2026'), '2026');
  });

  it('is quoted when it is no date', () => {
    assert.equal(date('[x](y)'), '`[x](y)`');
  });
});
