// Prints how much of an ICD-10-CM list the code sets cover, per chapter and in total, and lists what they miss.
// Usage: node scripts/code-coverage.js LIST.tsv[.gz] [--left-out] (code, billable, title; the list itself is never committed)
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { parse as parseCsv } from 'csv-parse/sync';
import { parse as parseYaml } from 'yaml';
import { loadKnowledge } from '../dist/knowledge/load.js';

const URI = 'http://hl7.org/fhir/sid/icd-10-cm';
const LISTED = 60;
const cards = new URL('../cards/', import.meta.url);
const read = (name) => readFileSync(new URL(name, cards), 'utf8');

const billableCodes = (path) => {
  const bytes = readFileSync(path);
  const text = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  return text.split('\n').flatMap((line) => {
    const [code, billable, title] = line.split('\t');
    return billable === '1' && code && title ? [{ code, title: title.trim() }] : [];
  });
};

/** Reads left-out.csv: prefixes or ranges of categories, with the longer prefixes that stay in. */
const leftOutTest = (rows) => {
  const ranges = rows
    .filter(({ prefix }) => prefix.includes('-'))
    .map(({ prefix }) => prefix.split('-'));
  const verdicts = new Map();
  for (const { prefix, except } of rows) {
    if (!prefix.includes('-')) verdicts.set(prefix, true);
    for (const kept of except.split(' ').filter(Boolean)) verdicts.set(kept, false);
  }
  return (code) => {
    for (let length = code.length; length >= 3; length -= 1) {
      const verdict = verdicts.get(code.slice(0, length));
      if (verdict !== undefined) return verdict;
    }
    const category = code.slice(0, 3);
    return ranges.some(([first, last]) => category >= first && category <= last);
  };
};

const placeTest = (vocabulary, { noPlace, noPlaceWords }) => {
  const words = new RegExp(`\\b(?:${noPlaceWords.join('|')})\\b`, 'i');
  return ({ code, title }, matches) => {
    if ((vocabulary.placeOfCode(URI, code)?.regions.length ?? 0) > 0) return 'placed';
    if (matches.some(({ regions }) => regions.length > 0)) return 'placed';
    return words.test(title) || noPlace.some((prefix) => code.startsWith(prefix))
      ? 'none'
      : 'missing';
  };
};

const emptyCount = () => ({
  judged: 0,
  leftOut: 0,
  relevant: 0,
  weighed: 0,
  placed: 0,
  noPlace: 0,
  covered: 0,
});

const measure = (codes, knowledge, coverage, isLeftOut) => {
  const { vocabulary } = knowledge.extraction;
  const painSets = new Set(Object.keys(parseYaml(read('sets.yaml')).sets));
  const placeOf = placeTest(vocabulary, coverage);
  const chapters = new Map();
  const missing = [];
  for (const item of codes) {
    const chapter = item.code.charAt(0);
    if (!coverage.chapters.includes(chapter)) continue;
    if (!chapters.has(chapter)) chapters.set(chapter, emptyCount());
    const count = chapters.get(chapter);
    count.judged += 1;
    if (isLeftOut(item.code)) {
      count.leftOut += 1;
      continue;
    }
    count.relevant += 1;
    const matches = vocabulary
      .find(URI, item.code)
      .filter(({ set, weight }) => weight !== undefined && painSets.has(set));
    const place = placeOf(item, matches);
    if (matches.length > 0) count.weighed += 1;
    if (place === 'placed') count.placed += 1;
    if (place === 'none') count.noPlace += 1;
    if (matches.length > 0 && place !== 'missing') count.covered += 1;
    else missing.push({ ...item, why: matches.length > 0 ? 'no place' : 'in no set' });
  }
  return { chapters, missing };
};

const line = (name, count) => {
  const share =
    count.relevant === 0 ? '-' : `${((100 * count.covered) / count.relevant).toFixed(1)} %`;
  return [name, ...Object.values(count), share].map((cell) => String(cell).padStart(9)).join('');
};

const [path] = process.argv.slice(2);
if (!path) {
  process.stderr.write('usage: node scripts/code-coverage.js LIST.tsv[.gz]\n');
  process.exit(2);
}
const coverage = parseYaml(read('breadth/breadth.yaml'));
const rows = parseCsv(read('breadth/left-out.csv'), { columns: true });
const knowledge = loadKnowledge(new URL('.', cards).pathname);
const { chapters, missing } = measure(
  billableCodes(path),
  await knowledge,
  coverage,
  leftOutTest(rows),
);
const total = emptyCount();
const out = [['chapter', ...Object.keys(total), 'share'].map((cell) => cell.padStart(9)).join('')];
for (const [chapter, count] of chapters) {
  for (const [key, value] of Object.entries(count)) total[key] += value;
  out.push(line(chapter, count));
}
out.push(line('total', total));
for (const { code, title, why } of missing.slice(0, LISTED))
  out.push(`not covered (${why}): ${code} ${title}`);
if (missing.length > LISTED) out.push(`and ${missing.length - LISTED} more`);
process.stdout.write(`${out.join('\n')}\n`);
const share = total.relevant === 0 ? 0 : total.covered / total.relevant;
if (share < coverage.threshold) {
  process.stderr.write(`coverage ${share.toFixed(4)} is below ${coverage.threshold}\n`);
  process.exitCode = 1;
}
