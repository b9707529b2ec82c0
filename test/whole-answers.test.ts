// Whole answers: what the engine says of a patient beside what a case asks for. `npm run answers` writes them anew.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { Brief } from './support/answer-brief.js';
import { answerOf, situations } from './support/whole-answer.js';

for (const [file, list] of situations) {
  describe(`whole answers of ${file}`, () => {
    const answers: Readonly<Record<string, Brief>> = parse(
      readFileSync(`test/answers/${file}.yaml`, 'utf8'),
    );

    for (const one of list) {
      it(one.name, () => {
        assert.deepEqual(answerOf(one), answers[one.name]);
      });
    }

    it('are those of the situations there are', () => {
      assert.deepEqual(
        Object.keys(answers),
        list.map(({ name }) => name),
      );
    });
  });
}
