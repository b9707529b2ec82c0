// The pages that cards link to, as a browser gets them.
import assert from 'node:assert/strict';
import request from 'supertest';
import { PAGE_NAMES } from '../../src/cds/about-pages.js';
import { loadAbout } from '../../src/knowledge/load-about.js';
import { anApp, CARDS, shippedKnowledge } from '../support/app.js';
import { productionApp } from '../support/production.js';

const idsOf = (html: string): ReadonlySet<string> =>
  new Set([...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id ?? ''));

describe('the page at the root', () => {
  for (const [mode, { app }] of [
    ['demo', anApp()],
    ['production', productionApp()],
  ] as const)
    it(`names the parts of this server in ${mode} mode, and each is there`, async () => {
      const { text } = await request(app)
        .get('/')
        .expect(200)
        .expect('content-type', /text\/html/);
      const links = [...text.matchAll(/<a href="([^"]+)"/g)].map(([, href]) => `/${href}`);

      for (const path of ['/cds-services', '/openapi.json', '/health/ready', '/about/knowledge'])
        assert.ok(links.includes(path), path);
      assert.ok(text.includes(shippedKnowledge().engineTexts.intendedUse));
      for (const path of links.filter((one) => !one.startsWith('/fhir'))) {
        const { status } = await request(app).get(path);
        assert.equal(status, mode === 'production' && path === '/cds-services' ? 401 : 200, path);
      }
    });

  it('says of demo mode what it is, and of production mode nothing of the kind', async () => {
    const demo = await request(anApp().app).get('/');
    const production = await request(productionApp().app).get('/');

    assert.match(demo.text, /callers are not authenticated/);
    assert.match(demo.text, /href="fhir\/metadata"/);
    assert.doesNotMatch(production.text, /not authenticated|fhir\/metadata|metrics/);
  });

  it('is read only', () => request(anApp().app).post('/').expect(405));
});

describe('the pages below /about', () => {
  const { app } = anApp();
  const pages = new Map<string, string>();
  before(async () => {
    for (const name of PAGE_NAMES) {
      const { text } = await request(app).get(`/about/${name}`).expect(200);
      pages.set(name, text);
    }
  });

  it('are HTML under a policy that allows no script', async () => {
    const { headers } = await request(app)
      .get('/about/ozone')
      .expect('content-type', /text\/html/);

    assert.match(headers['content-security-policy'] ?? '', /default-src 'none'/);
  });

  it('lead only to places that exist', () => {
    const links = [...pages].flatMap(([name, html]) =>
      [...html.matchAll(/ href="([^"]+)"/g)].map(([, href]) => ({ name, href: href ?? '' })),
    );
    assert.ok(links.length > 200);
    for (const { name, href } of links) {
      const [page = '', place] = href.split('#');
      if (page === 'about.css') continue;
      const target = pages.get(page);
      assert.ok(target !== undefined, `${name} leads to ${href}`);
      if (place) assert.ok(idsOf(target).has(place), `${name} leads to ${href}`);
    }
  });

  it('give every anchor once', () => {
    for (const [name, html] of pages) {
      const all = [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
      assert.equal(new Set(all).size, all.length, name);
    }
  });

  it('say on every page about the knowledge that no clinician has reviewed it', () => {
    const { texts } = loadAbout(CARDS);
    for (const name of ['knowledge', 'article', 'ozone', 'source-attributes'])
      assert.ok(pages.get(name)?.includes(texts.notReviewed), name);
  });

  it('say in words what the files name by an id', () => {
    const { article, texts, labels } = loadAbout(CARDS);
    const ids = [
      ...article.map(({ section }) => section),
      ...Object.keys(labels.principles),
      ...Object.keys(labels.agreements),
      ...Object.keys(texts.strengths),
      ...Object.keys(texts.kinds),
      'none, none',
      'none',
      'not-applicable',
    ];
    const said = new Set(Object.values({ ...labels.agreements, ...texts.strengths }));
    for (const name of ['knowledge', 'article', 'ozone'] as const) {
      const html = pages.get(name) ?? '';
      const shown = [...html.matchAll(/<(h2|td)[^>]*>([^<]*)<\/\1>/g)].map(
        ([, , text]) => text ?? '',
      );
      assert.ok(shown.length > 10, name);
      for (const id of ids)
        if (!said.has(id))
          assert.ok(
            !shown.some((text) => text === id || text.endsWith(`, ${id}`)),
            `${name}: ${id}`,
          );
    }
  });

  it('show every statement of the article with its reading', () => {
    const html = pages.get('article') ?? '';
    for (const { id } of loadAbout(CARDS).article) assert.ok(idsOf(html).has(id), id);
  });

  it('list every file with its version and review status', () => {
    const html = pages.get('knowledge') ?? '';
    for (const { file, version, review } of loadAbout(CARDS).files)
      assert.ok(
        html.includes(`<td>${file}</td><td>${version}</td><td>${review}</td>`),
        `${file} ${version} ${review}`,
      );
  });

  it('give all thirteen source attributes with every placeholder filled', () => {
    const html = pages.get('source-attributes') ?? '';

    assert.equal([...html.matchAll(/ id="attributes-/g)].length, 13);
    assert.doesNotMatch(html, /\{\w+\}/);
  });

  it('call an ozone claim without literature unsupported, and never endorse one', () => {
    const html = pages.get('ozone') ?? '';
    const { ozone, texts } = loadAbout(CARDS);
    const unsupported = ozone.claims.filter(({ supported }) => supported === 'none');

    assert.ok(unsupported.length >= 10);
    for (const { id } of unsupported) {
      const row = html.slice(html.indexOf(`<tr id="${id}">`)).split('</tr>')[0] ?? '';
      assert.ok(row.includes(texts.words.none ?? ''), id);
    }
    assert.ok(html.includes(ozone.notRecommended));
    assert.ok(html.includes(ozone.vendor));
  });
});
