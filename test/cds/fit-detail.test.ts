import assert from 'node:assert/strict';
import { fitDetail } from '../../src/cds/fit-detail.js';

const line = (text: string, rank: number) => ({ text, rank });

describe('fitDetail', () => {
  it('keeps everything that fits, lists under their heading', () => {
    const sections = [
      { lines: [line('a', 0)] },
      { heading: 'H', lines: [line('b', 1), line('c', 9)] },
    ];

    assert.equal(fitDetail(sections, 'foot', 100), 'a\n\n**H**\n\n- b\n- c\n\nfoot');
  });

  it('drops the highest rank first, within a rank the last line', () => {
    const lines = [line('keep', 1), line('first', 2), line('second', 2), line('worst', 3)];

    assert.equal(fitDetail([{ lines }], 'foot', 24), 'keep\n\nfirst\n\nfoot');
  });

  it('drops a heading with its last line', () => {
    const sections = [{ lines: [line('a', 0)] }, { heading: 'H', lines: [line('b', 1)] }];

    assert.equal(fitDetail(sections, 'foot', 12), 'a\n\nfoot');
  });

  it('gives up a runaway line before one that is to stay last of all', () => {
    const lines = [line('x'.repeat(50), 0), line('short', 0), line('y'.repeat(20), -1)];

    assert.equal(fitDetail([{ lines }], 'foot', 40), `short\n\n${'y'.repeat(20)}\n\nfoot`);
  });

  it('never exceeds the limit', () => {
    for (let limit = 40; limit < 200; limit += 1) {
      const lines = [9, 3, 0, 30, 12, 55].map((size, i) => line('z'.repeat(size), i % 3));
      const sections = [
        { lines },
        { heading: 'Heading', lines },
        { heading: 'Other', lines: [...lines] },
      ];

      assert.ok(fitDetail(sections, 'foot', limit).length <= limit, `${limit}`);
    }
  });
});
