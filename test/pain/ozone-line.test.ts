// The line on ozone: off by default, never before conservative care failed, never past its gate, never where regulation forbids it.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KnowledgeInvalid } from '../../src/errors.js';
import { loadKnowledge } from '../../src/knowledge/load.js';
import { evaluate } from '../../src/pain/evaluate.js';
import { CARDS } from '../support/app.js';
import { cardsFrom } from '../support/cards.js';
import { fixtureTexts } from '../support/fixture-evaluations.js';
import { evaluationOf, fixtureRecords } from '../support/fixtures.js';

const withSite = <T>(ozone: string, work: (folder: string) => T): T => {
  const folder = mkdtempSync(join(tmpdir(), 'pain-cds-site-'));
  try {
    writeFileSync(
      join(folder, 'site.yaml'),
      `version: "2026.11.0"\nreview: { status: not-reviewed }\nozone: ${ozone}\n`,
    );
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
};

const ozoneOf = (ozone: string) => withSite(ozone, (folder) => loadKnowledge(CARDS, folder).ozone);

describe('the line on ozone', () => {
  it('is off by default', () => {
    assert.equal(loadKnowledge(CARDS).ozone, undefined);
  });

  it('is there as information where a site enables it, naming vendor, evidence and regulation', () => {
    const line = ozoneOf('{ show: information, region: EU }');

    assert.match(line?.text ?? '', /^Article only, no recommendation/);
    assert.match(line?.text ?? '', /maker of ozone equipment.*very low to low.*European Union/);
    assert.doesNotMatch(line?.text ?? '', /\{/);
  });

  it('is never there in a region whose regulation forbids it', () => {
    assert.equal(ozoneOf('{ show: information, region: US }'), undefined);
  });

  for (const show of ['"off"', 'never'])
    it(`is not there with ${show}`, () =>
      assert.equal(ozoneOf(`{ show: ${show}, region: EU }`), undefined));

  for (const ozone of [
    '{ show: recommend, region: EU }',
    '{ show: information, region: Mars }',
    '{ show: information }',
  ])
    it(`refuses the site file ${ozone}`, () =>
      assert.throws(() => ozoneOf(ozone), KnowledgeInvalid));

  it('is never there while its gate is open: no fixture has a G6PD test', () => {
    const knowledge = withSite('{ show: information, region: EU }', (folder) =>
      loadKnowledge(CARDS, folder),
    );
    for (const [patientId, record] of fixtureRecords) {
      const { problems } = evaluate(record, knowledge, new Date('2026-11-22T10:00:00Z'));
      assert.ok(
        problems.every(({ ozone }) => ozone === undefined),
        patientId,
      );
    }
  });

  it('stands on its card as text with a link, and brings no suggestion', () => {
    const evaluation = evaluationOf('knee-osteoarthritis');
    const text = 'Article only, no recommendation: its source lists ozone.';
    const problems = evaluation.problems.map((problem) => ({ ...problem, ozone: text }));
    const options = { newId: () => 'x', baseUrl: 'http://127.0.0.1:3000', texts: fixtureTexts };

    const [card] = cardsFrom({ ...evaluation, problems }, options);

    assert.match(
      card?.detail ?? '',
      /^Article only, no recommendation: its source lists ozone\.$/m,
    );
    assert.ok(card?.links?.some(({ url }) => url === 'http://127.0.0.1:3000/about/ozone'));
    assert.doesNotMatch(JSON.stringify(card?.suggestions ?? []), /ozone/i);
  });
});
