// What the pages below /about rest on: every sentence of the article has a statement, every statement a home or a reason.
import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KnowledgeInvalid } from '../../src/errors.js';
import { loadAbout } from '../../src/knowledge/load-about.js';
import { CARDS } from '../support/app.js';

const ARTICLE = new URL('../../../shared/source/article.txt', import.meta.url).pathname;

/** Sentences of the article: at a full stop before a capital, not behind the number of a list. */
const sentencesOf = (text: string): readonly string[] =>
  text
    .split('\n')
    .flatMap((line) => line.trim().split(/(?<=[^0-9][.?!;])\s+(?=[A-Z])/))
    .filter((sentence) => sentence !== '');

describe('the statements of the article', () => {
  const { article } = loadAbout(CARDS);

  it('each live somewhere or say why not', () => {
    for (const { id, homes = [], notImplemented } of article)
      assert.notEqual(homes.length > 0, notImplemented !== undefined, id);
  });

  it('cover every sentence of the article', function () {
    if (!existsSync(ARTICLE)) {
      assert.notEqual(process.env.CI, 'true', 'the article is missing in CI');
      this.skip();
    }
    const text = readFileSync(ARTICLE, 'utf8');
    const anchors = article.flatMap((statement) => statement.anchors);

    const uncovered = sentencesOf(text).filter(
      (sentence) => !anchors.some((anchor) => sentence.includes(anchor)),
    );

    assert.deepEqual(uncovered, []);
    assert.deepEqual(
      anchors.filter((anchor) => !text.includes(anchor)),
      [],
    );
  });
});

describe('loading the statements', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'pain-cds-about-'));
    cpSync(CARDS, folder, { recursive: true });
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const change = (file: string, from: string, to: string): void => {
    const path = join(folder, file);
    const text = readFileSync(path, 'utf8');
    assert.ok(text.includes(from), `${file} has no "${from}"`);
    writeFileSync(path, text.replace(from, to));
  };
  const faultsOf = (): readonly string[] => {
    try {
      loadAbout(folder);
    } catch (error) {
      assert.ok(error instanceof KnowledgeInvalid);
      return error.faults.map(
        ({ file, line, message }) => `${file}:${line ? '' : 'no line '}${message}`,
      );
    }
    return [];
  };

  it('refuses a home that does not exist, with its line', () => {
    change('article.yaml', 'criterion:INF-6', 'criterion:INF-666');

    assert.deepEqual(faultsOf(), ['article.yaml:home "criterion:INF-666" does not exist']);
  });

  it('refuses a source that the bibliography lacks', () => {
    change('ozone.yaml', 'sources: [Harm reports]', 'sources: [Nobody 1900]');

    assert.deepEqual(faultsOf(), ['ozone.yaml:source "Nobody 1900" does not exist']);
  });

  it('refuses a statement with neither home nor reason', () => {
    change(
      'article.yaml',
      'notImplemented: because no FHIR record states it; a code that would name it was not found.',
      '',
    );

    assert.ok(faultsOf().length > 0);
  });

  it('refuses a file without a review status', () => {
    change('modifiers.yaml', 'review: { status: not-reviewed }', '');

    assert.ok(faultsOf().length > 0);
  });

  it('refuses changes that do not begin with the version of the knowledge', () => {
    change('open-points.yaml', '- version: "2026', '- version: "2025');

    assert.match(faultsOf().join(), /is not the version/);
  });
});
