// Routes and HTML of the pages that cards link to. Must not know what they say.
import { type RequestHandler, Router } from 'express';
import type { Cell, Page, PageName, Table } from '../cds/about-pages.js';

/** Text as HTML. */
export const escaped = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');

const STYLE = `body{font:16px/1.5 system-ui,sans-serif;max-width:76rem;margin:2rem auto;padding:0 1rem;color:#1b1b1b;background:#fff}
nav a{margin-right:1rem}a{color:#0b4f9e}.lead{border-left:4px solid #a33;padding:.25rem .75rem;font-weight:600}
.scroll{overflow-x:auto}table{border-collapse:collapse;width:100%;margin:.5rem 0 2rem}
th,td{border-top:1px solid #bbb;padding:.4rem .5rem;text-align:left;vertical-align:top;overflow-wrap:break-word;min-width:5rem}
:target{background:#fff4c2}td>span{display:block}`;

const anchor = (id: string | undefined): string => (id === undefined ? '' : ` id="${escaped(id)}"`);

const cell = (item: Cell): string =>
  typeof item === 'string'
    ? escaped(item)
    : `<a href="${escaped(item.href)}">${escaped(item.text)}</a>`;

const cells = (items: readonly Cell[]): string =>
  items.length === 1
    ? items.map(cell).join('')
    : items.map((item) => `<span>${cell(item)}</span>`).join('');

const table = ({ id, heading, columns, rows }: Table): string =>
  `<section${anchor(id)}><h2>${escaped(heading)}</h2><div class="scroll" tabindex="0"><table><thead><tr>${columns
    .map((column) => `<th scope="col">${escaped(column)}</th>`)
    .join('')}</tr></thead><tbody>${rows
    .map(
      (row) =>
        `<tr${anchor(row.id)}>${row.cells.map((items) => `<td>${cells(items)}</td>`).join('')}</tr>`,
    )
    .join('')}</tbody></table></div></section>`;

const navigation = (pages: ReadonlyMap<PageName, Page>): string =>
  `<nav>${[...pages].map(([name, { title }]) => `<a href="${name}">${escaped(title)}</a>`).join('')}</nav>`;

/** A whole page. @param content - HTML; @param style - where the style sheet is, seen from the page */
export const htmlPage = (title: string, content: string, style: string): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escaped(title)}</title><link rel="stylesheet" href="${style}"></head><body>${content}</body></html>`;

/** Paragraphs that a reader must not miss. */
export const leadOf = (texts: readonly string[]): string =>
  texts.map((text) => `<p class="lead">${escaped(text)}</p>`).join('');

const html = (
  { title, lead, paragraphs, tables }: Page,
  pages: ReadonlyMap<PageName, Page>,
): string =>
  htmlPage(
    title,
    `${navigation(pages)}<main><h1>${escaped(title)}</h1>${leadOf(lead)}${paragraphs
      .map((text) => `<p>${escaped(text)}</p>`)
      .join('')}${tables.map(table).join('')}</main>`,
    'about.css',
  );

/** Answers a page under a policy that allows no script. */
export const answerPage =
  (body: string): RequestHandler =>
  (_request, response) => {
    response
      .set(
        'content-security-policy',
        "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'",
      )
      .type('html')
      .send(body);
  };

/** Routes below `/about`; the pages are rendered once. */
export const createAboutRouter = (pages: ReadonlyMap<PageName, Page>): Router => {
  const router = Router();
  for (const [name, page] of pages) router.get(`/${name}`, answerPage(html(page, pages)));
  router.get('/about.css', (_request, response) => {
    response.type('css').send(STYLE);
  });
  return router;
};
