// Prints which parts of cards/ the clinical cases of the tests exercise, and those none does.
// Usage: npm run knowledge-coverage
import { exerciseKnowledge, unexercised } from '../test/support/knowledge-coverage.js';

const { exercised, counts } = exerciseKnowledge();
for (const [where, count] of Object.entries(counts)) console.log(`${count} ${where}`);
const missing = unexercised(exercised);
for (const [kind, parts] of exercised) {
  const names = missing.get(kind) ?? [];
  console.log(
    `${kind}: ${parts.size}, ${names.length} without a case ${names.join(', ')}`.trimEnd(),
  );
}
