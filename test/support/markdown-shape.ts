// What a GFM parser with raw HTML on makes of a card. Test helper only.
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';

interface Node {
  readonly type: string;
  readonly url?: string;
  readonly children?: readonly Node[];
}

const OURS = new Set([
  'root',
  'paragraph',
  'text',
  'strong',
  'list',
  'listItem',
  'inlineCode',
  'link',
]);

/** Kinds of nodes that no card may hold, each once; links to elsewhere with their target. */
export const foreignNodes = (markdown: string, baseUrl: string): readonly string[] => {
  const found = new Set<string>();
  const walk = ({ type, url, children }: Node): void => {
    if (!OURS.has(type)) found.add(type);
    if (type === 'link' && !url?.startsWith(`${baseUrl}/about/`)) found.add(`link ${url}`);
    children?.forEach(walk);
  };
  walk(
    fromMarkdown(markdown, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] }) as Node,
  );
  return [...found];
};

/** Text of every link target of ours. */
export const linkTargets = (markdown: string): readonly string[] => {
  const urls: string[] = [];
  const walk = ({ type, url, children }: Node): void => {
    if (type === 'link' && url !== undefined) urls.push(url);
    children?.forEach(walk);
  };
  walk(
    fromMarkdown(markdown, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] }) as Node,
  );
  return urls;
};
