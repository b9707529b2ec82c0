// The index of findings by set: newest first, equal dates by reference, those without a date last, each once.
import assert from 'node:assert/strict';
import type { Finding } from '../../src/pain/finding.js';
import { indexFindings, indexWith, indexWithout } from '../../src/pain/finding-index.js';
import { finding, match, on } from '../support/findings.js';

const at = (reference: string, date?: string, more: Partial<Finding> = {}): Finding =>
  finding('s', { reference, effective: date === undefined ? undefined : on(date), ...more });
const references = (findings: readonly Finding[] | undefined) =>
  (findings ?? []).map(({ reference }) => reference).join(' ');

/** The findings in the order of an index. */
const newestFirst = (findings: readonly Finding[]) => indexFindings(findings).get('s');

describe('the order of indexFindings', () => {
  const list = [
    at('none'),
    at('b', '2026-05-01'),
    at('old', '2020'),
    at('a', '2026-05-01'),
    at('none 2'),
  ];

  it('is by date, then reference, whatever the order before', () => {
    assert.equal(references(newestFirst(list)), 'a b old none none 2');
    assert.equal(references(newestFirst([...list].reverse())), 'a b old none none 2');
  });

  for (const count of [1, 2, 16, 17, 60]) {
    it(`is the same for ${count} findings of a set, however they come`, () => {
      const dates = ['2026-02', undefined, '2026-01-01', '2026-03-01', '2026-01-01', '2020'];
      const list = Array.from({ length: count }, (_, i) => at(`${i + 10}`, dates[i % 6]));
      const place = ({ reference, effective }: Finding) =>
        [-(effective?.startMs ?? Number.NEGATIVE_INFINITY), reference] as const;
      const expected = [...list].sort((a, b) => {
        const [[aMs, aReference], [bMs, bReference]] = [place(a), place(b)];
        return aMs === bMs ? aReference.localeCompare(bReference) : aMs < bMs ? -1 : 1;
      });

      assert.deepEqual(newestFirst(list), expected);
      assert.deepEqual(newestFirst([...list].reverse()), expected);
    });
  }

  it('takes the date of the record before the onset', () => {
    const both = at('both', '2026-01-01', { onset: on('2026-12-01') });
    const onset = at('onset', undefined, { onset: on('2026-06-01') });

    assert.equal(references(newestFirst([both, onset])), 'onset both');
  });

  it('leaves what it is given', () => {
    const given = [at('old', '2020'), at('new', '2026')];
    newestFirst(given);

    assert.equal(references(given), 'old new');
  });
});

describe('indexFindings', () => {
  it('has a finding once in each of its sets', () => {
    const two = at('two', '2026', { matches: [match('s'), match('t'), match('s')] });
    const index = indexFindings([at('one', '2020'), two]);

    assert.equal(references(index.get('s')), 'two one');
    assert.equal(references(index.get('t')), 'two');
    assert.equal(index.get('u'), undefined);
  });
});

describe('indexWithout', () => {
  const [one, two, other] = [at('one', '2026'), at('two', '2020'), finding('t')];
  const index = indexFindings([one, two, other]);

  it('leaves out findings, sets that have no other, and nothing else', () => {
    const rest = indexWithout(index, new Set([one, other]));

    assert.equal(references(rest.get('s')), 'two');
    assert.equal(rest.has('t'), false);
    assert.equal(references(index.get('s')), 'one two');
  });

  it('keeps lists that lose nothing', () => {
    assert.equal(indexWithout(index, new Set([other])).get('s'), index.get('s'));
  });
});

describe('indexWith', () => {
  const index = indexFindings([at('first', '2026-05-01'), finding('t')]);

  it('is the same index where nothing is added', () => {
    assert.equal(indexWith(index, []), index);
  });

  it('puts what is added in its place and leaves the index and other lists as they were', () => {
    const more = indexWith(index, [at('old', '2020'), at('new', '2026-06-01'), finding('u')]);

    assert.equal(references(more.get('s')), 'new first old');
    assert.equal(references(more.get('u')), 'Condition/u');
    assert.equal(more.get('t'), index.get('t'));
    assert.equal(references(index.get('s')), 'first');
  });
});
