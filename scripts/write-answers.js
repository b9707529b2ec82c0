// Writes test/answers anew from what the engine says now; what changed is for a human to judge by `git diff`.
// Usage: npm run answers
import { writeFileSync } from 'node:fs';
import { stringify } from 'yaml';
import { answerOf, situations } from '../test/support/whole-answer.js';

const HEADING =
  '# Whole answers in brief, by situation. Written by `npm run answers`; judge what changed before it is committed.\n';
for (const [file, list] of situations) {
  const answers = Object.fromEntries(list.map((one) => [one.name, answerOf(one)]));
  const text = stringify(answers, { lineWidth: 0, aliasDuplicateObjects: false });
  writeFileSync(new URL(`../test/answers/${file}.yaml`, import.meta.url), HEADING + text);
  console.log(`${file}: ${list.length} answers`);
}
