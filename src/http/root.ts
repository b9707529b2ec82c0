// The page at the root: what this server is and where its parts are. Must not know what they answer.
import type { RequestHandler } from 'express';
import type { Page, PageName } from '../cds/about-pages.js';
import type { EngineTexts } from '../pain/knowledge.js';
import { answerPage, escaped, htmlPage, leadOf } from './about.js';

/** What the page is made from. */
export interface RootDeps {
  readonly knowledge: { readonly engineTexts: Pick<EngineTexts, 'intendedUse'> };
  readonly aboutPages: ReadonlyMap<PageName, Page>;
  readonly isDemo: boolean;
  readonly isDiscoveryOpen: boolean;
}

const DEMO = 'Demo mode: synthetic data only, callers are not authenticated.';

/** Paths below the root with what is there. */
const partsOf = ({
  aboutPages,
  isDemo,
  isDiscoveryOpen,
}: RootDeps): readonly (readonly [path: string, what: string])[] => [
  ['cds-services', `CDS Hooks discovery${isDiscoveryOpen ? '' : ', with a token'}`],
  ['openapi.json', 'All routes and bodies (OpenAPI 3.1)'],
  ['health/ready', 'Whether calls are taken'],
  ['health/clinical', 'Whether canary patients are answered as expected'],
  ...[...aboutPages].map(([name, { title }]) => [`about/${name}`, title] as const),
  ...(isDemo
    ? ([
        ['fhir/metadata', 'FHIR R4 sandbox'],
        ['metrics', 'Counts of this process'],
      ] as const)
    : []),
];

/** Answers the page; rendered once. */
export const rootPage = (deps: RootDeps): RequestHandler => {
  const lead = leadOf([deps.knowledge.engineTexts.intendedUse, ...(deps.isDemo ? [DEMO] : [])]);
  const links = partsOf(deps).map(
    ([path, what]) => `<li><a href="${path}">${escaped(what)}</a></li>`,
  );
  const content = `<main><h1>pain-cds</h1>${lead}<ul>${links.join('')}</ul></main>`;
  return answerPage(htmlPage('pain-cds', content, 'about/about.css'));
};
