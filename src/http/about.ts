// The pages cards link to: what they rest on. Must not know patients; everything comes from cards/.
import { type RequestHandler, Router } from 'express';
import type { AboutTexts } from '../cds/about-texts.js';
import type { Knowledge } from '../pain/knowledge.js';

const escaped = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');

const STYLE =
  'body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1b1b1b}section{margin:2rem 0}article{border-top:1px solid #bbb;padding:.5rem 0}dt{font-weight:600}dd{margin:0 0 .4rem}';

const page = (title: string, body: string): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escaped(title)}</title><link rel="stylesheet" href="about.css"></head><body><h1>${escaped(title)}</h1>${body}</body></html>`;

const row = (term: string, text: string): string =>
  `<dt>${escaped(term)}</dt><dd>${escaped(text)}</dd>`;

const knowledgePage = (knowledge: Knowledge, texts: AboutTexts): string => {
  const { columns } = texts;
  const sections = [...knowledge.guidance].map(([category, { principles }]) => {
    const rows = principles.map(
      (item) =>
        `<article><h3>${escaped(item.principle)}</h3><dl>${row(columns.article, item.article)}${row(columns.guidance, item.guidance)}${row(columns.follows, item.follows)}${row(columns.agreement, item.agreement)}${row(columns.certainty, `${item.certainty}, ${item.strength}`)}${row(columns.sources, item.sources.join('; '))}</dl></article>`,
    );
    return `<section id="${category}"><h2>${escaped(category)}</h2>${rows.join('')}</section>`;
  });
  return page(
    texts.knowledgeTitle,
    `<p><strong>${escaped(texts.notReviewed)}</strong></p><p>${escaped(knowledge.version)} · <code>${escaped(knowledge.digest)}</code></p>${sections.join('')}`,
  );
};

const articlePage = (texts: AboutTexts): string =>
  page(
    texts.articleTitle,
    texts.scheme.map((paragraph) => `<p>${escaped(paragraph)}</p>`).join(''),
  );

const html =
  (body: string): RequestHandler =>
  (_request, response) => {
    response
      .set(
        'content-security-policy',
        "default-src 'none'; style-src 'self'; frame-ancestors 'none'",
      )
      .type('html')
      .send(body);
  };

/** Routes below `/about`. */
export const createAboutRouter = (knowledge: Knowledge, texts: AboutTexts): Router => {
  const router = Router();
  router.get('/knowledge', html(knowledgePage(knowledge, texts)));
  router.get('/article', html(articlePage(texts)));
  router.get('/about.css', (_request, response) => {
    response.type('css').send(STYLE);
  });
  return router;
};
