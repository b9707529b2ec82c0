// Which URLs mean a registered base or lie below it. Must not dial, or know what is read there.

/** A base URL that may be compared and dialled: no userinfo, query, fragment, dots, encoding or odd spelling of the host. */
export interface BaseUrl {
  /** Canonical, without a trailing slash. */
  readonly href: string;
  readonly origin: string;
  /** Path without a trailing slash; empty for the root. */
  readonly path: string;
  /** Host without port, as WHATWG spells it (IPv6 in brackets). */
  readonly hostname: string;
}

const BASE = /^(https?):\/\/([^/?#\\@\s%]+)((?:\/[^/?#\\@\s%]+)*)\/?$/i;
const LONGEST = 2048;
const DEFAULT_PORT: Readonly<Record<string, string>> = { 'http:': '80', 'https:': '443' };

const hasDots = (path: string): boolean =>
  path.split('/').some((segment) => segment === '.' || segment === '..');

/** Whether an authority is the host and port of a URL as written there, but for case and the default port. */
const isHost = (authority: string, { host, protocol }: URL): boolean => {
  const given = authority.toLowerCase();
  return given === host || given === `${host}:${DEFAULT_PORT[protocol]}`;
};

/**
 * Parses a base URL. Only the case of scheme and host, the default port and one trailing slash may differ from the canonical
 * form; whatever else the WHATWG parser would rewrite (decimal hosts, full-width letters, dots, tabs) is refused.
 * @returns undefined when the text is not such a base
 */
export const parseBase = (text: string): BaseUrl | undefined => {
  if (text.length > LONGEST) return undefined;
  const [, , authority, path = ''] = BASE.exec(text) ?? [];
  if (authority === undefined || hasDots(path) || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  const isSamePath = url.pathname === (path === '' ? '/' : path) || url.pathname === `${path}/`;
  if (!isHost(authority, url) || !isSamePath || url.hostname.endsWith('.')) return undefined;
  return { href: `${url.origin}${path}`, origin: url.origin, path, hostname: url.hostname };
};

/** The registered base a given URL names: same origin and same whole path; undefined when it names none. */
export const selectBase = (bases: readonly BaseUrl[], text: string): BaseUrl | undefined => {
  const given = parseBase(text);
  return given && bases.find(({ href }) => href === given.href);
};

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
const REWRITTEN = /[\u0000-\u0020\u007f\\#]/;
const ABSOLUTE = /^https?:\/\/([^/?]+)/i;
const LONGEST_LINK = 8192;
const ENCODED_PATH = /%(?:2e|2f|5c|00)/i;

/**
 * The URL at or below a base that a link means; undefined when it leads anywhere else or is spelled so that
 * a server could read it differently than this check.
 */
export const resolveBelow = (base: BaseUrl, link: string): string | undefined => {
  if (link.length > LONGEST_LINK || REWRITTEN.test(link)) return undefined;
  const [, authority] = ABSOLUTE.exec(link) ?? [];
  if (
    authority === undefined ? /^\/\/|^[^/?]*:/.test(link) : !isHost(authority, new URL(base.href))
  )
    return undefined;
  const [rawPath = ''] = link.split('?');
  if (ENCODED_PATH.test(rawPath) || hasDots(rawPath)) return undefined;
  if (!URL.canParse(link, `${base.href}/`)) return undefined;
  const url = new URL(link, `${base.href}/`);
  if (url.origin !== base.origin) return undefined;
  const isBelow = url.pathname === base.path || url.pathname.startsWith(`${base.path}/`);
  return isBelow && !url.pathname.includes('//') ? url.href : undefined;
};
