// Which URLs mean a registered base or lie below it: a table of tricks, equivalents that must pass, and hostile random ones.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseBase, resolveBelow, selectBase } from '../../src/net/base-url.js';

const REGISTERED = 'https://ehr.example.org/tenant/fhir';

const base = (() => {
  const parsed = parseBase(REGISTERED);
  if (!parsed) throw new Error('the registered base is not one');
  return parsed;
})();

const same: readonly string[] = [
  REGISTERED,
  `${REGISTERED}/`,
  'https://ehr.example.org:443/tenant/fhir',
  'https://EHR.Example.ORG/tenant/fhir',
  'HTTPS://ehr.example.org/tenant/fhir/',
  'https://EHR.EXAMPLE.ORG:443/tenant/fhir/',
];

const other: readonly string[] = [
  '',
  'ehr.example.org/tenant/fhir',
  '//ehr.example.org/tenant/fhir',
  'http://ehr.example.org/tenant/fhir',
  'ftp://ehr.example.org/tenant/fhir',
  'file:///etc/passwd',
  'gopher://ehr.example.org/tenant/fhir',
  'javascript:alert(1)',
  'data:application/json,{}',
  'https://ehr.example.org:8443/tenant/fhir',
  'https://ehr.example.org:0443/tenant/fhir',
  'https://ehr.example.org.evil.test/tenant/fhir',
  'https://evil.test/https://ehr.example.org/tenant/fhir',
  'https://evil.test#https://ehr.example.org/tenant/fhir',
  'https://evil.test?https://ehr.example.org/tenant/fhir',
  'https://ehr.example.org@evil.test/tenant/fhir',
  'https://user:pass@ehr.example.org/tenant/fhir',
  'https://user@ehr.example.org/tenant/fhir',
  'https://@ehr.example.org/tenant/fhir',
  'https://ehr.example.org./tenant/fhir',
  'https://xehr.example.org/tenant/fhir',
  'https://ehr-example.org/tenant/fhir',
  'https://ehr.example.org/tenant/fhir2',
  'https://ehr.example.org/tenant',
  'https://ehr.example.org/',
  'https://ehr.example.org/tenant/fhir/Patient',
  'https://ehr.example.org/TENANT/fhir',
  'https://ehr.example.org//tenant/fhir',
  'https://ehr.example.org/tenant//fhir',
  'https://ehr.example.org/tenant/fhir//',
  'https://ehr.example.org/tenant/./fhir',
  'https://ehr.example.org/x/../tenant/fhir',
  'https://ehr.example.org/tenant/%66hir',
  'https://ehr.example.org/tenant%2ffhir',
  'https://ehr.example.org/%2e%2e/tenant/fhir',
  'https://ehr.example.org/tenant/fhir?x=1',
  'https://ehr.example.org/tenant/fhir?',
  'https://ehr.example.org/tenant/fhir#x',
  'https://ehr.example.org/tenant/fhir#',
  'https:\\\\ehr.example.org\\tenant\\fhir',
  'https:/ehr.example.org/tenant/fhir',
  'https:ehr.example.org/tenant/fhir',
  'https:///ehr.example.org/tenant/fhir',
  ' https://ehr.example.org/tenant/fhir',
  'https://ehr.example.org/tenant/fhir\n',
  'ht\ttps://ehr.example.org/tenant/fhir',
  'https://ehr.exa\tmple.org/tenant/fhir',
  'https://ⓔhr.example.org/tenant/fhir',
  'https://ehr。example。org/tenant/fhir',
  'https://xn--hr-xka.example.org/tenant/fhir',
  'https://ehr.example.org\u0000.evil.test/tenant/fhir',
  `${REGISTERED}/${'x'.repeat(9000)}`,
];

/** Spellings of 127.0.0.1, each of which WHATWG turns into it. */
const loopback: readonly string[] = [
  'http://127.1/fhir',
  'http://0x7f000001/fhir',
  'http://2130706433/fhir',
  'http://0177.0.0.1/fhir',
  'http://127.0.0.01/fhir',
  'http://①②⑦.⓪.⓪.①/fhir',
  'http://127.0.0.1./fhir',
  'http://[::ffff:127.0.0.1]/fhir',
  'http://[::127.0.0.1]/fhir',
  'http://[0:0:0:0:0:0:0:1]/fhir',
  'http://127.0.0.1:080/fhir',
  'http://127.0.0.1%2f@evil.test/fhir',
];

describe('a registered base', () => {
  for (const url of same) {
    it(`T5 is named by ${url}`, () => assert.equal(selectBase([base], url)?.href, REGISTERED));
  }

  for (const url of other) {
    it(`T1 T5 is not named by ${JSON.stringify(url.slice(0, 80))}`, () =>
      assert.equal(selectBase([base], url), undefined));
  }

  for (const url of loopback) {
    it(`T1 T5 at 127.0.0.1 is not named by ${url}`, () => {
      const own = ['http://127.0.0.1/fhir', 'http://[::1]/fhir'].flatMap(
        (one) => parseBase(one) ?? [],
      );

      assert.equal(own.length, 2);
      assert.equal(selectBase(own, url), undefined);
    });
  }

  it('may be the root of a host, a literal address and have a port', () => {
    for (const url of ['https://ehr.test', 'http://10.0.0.1:8080', 'http://[::1]:80/fhir'])
      assert.ok(parseBase(url), url);
    assert.equal(parseBase('https://ehr.test/')?.href, 'https://ehr.test');
  });
});

describe('a link of a FHIR server', () => {
  const followed: readonly string[] = [
    `${REGISTERED}?_getpages=1&_getpagesoffset=10`,
    `${REGISTERED}/?_getpages=1`,
    `${REGISTERED}/Observation?page=2&code=http%3A%2F%2Floinc.org%7C1-1`,
    '/tenant/fhir/Observation?page=2',
    'Observation?page=2',
    '?_getpages=1',
    'https://ehr.example.org:443/tenant/fhir/Observation?next=a@b/../c',
  ];
  for (const link of followed) {
    it(`T7 is followed to ${link}`, () => {
      const url = new URL(resolveBelow(base, link) ?? '');

      assert.equal(url.origin, 'https://ehr.example.org');
    });
  }

  const refused: readonly string[] = [
    ...other
      .filter((url) => !url.startsWith(`${REGISTERED}/Patient`) && /^[a-z]+:|^\/\//i.test(url))
      .filter((url) => !/fhir\/Patient$|fhir\?/.test(url)),
    '/tenant/fhir-evil/Observation',
    '/tenant/fhir/../../admin',
    '/tenant/fhir/%2e%2e/admin',
    '/tenant/fhir/%2E%2E/admin',
    '/tenant/fhir/..%2f..%2fadmin',
    '/tenant/fhir/%5c..%5cadmin',
    '/tenant/fhir/x%00',
    '../admin',
    './Observation',
    '/admin',
    '//evil.test/tenant/fhir/x',
    '\\\\evil.test\\x',
    '/\\evil.test/tenant/fhir',
    '/tenant/fhir//Observation',
    'Observation?a=b#c',
    'Observation?a=b c',
    'http://ehr.example.org/tenant/fhir/x',
  ];
  for (const link of refused) {
    it(`T7 T8 is not followed to ${JSON.stringify(link.slice(0, 80))}`, () =>
      assert.equal(resolveBelow(base, link), undefined));
  }
});

describe('any text at all', () => {
  const hostile = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.webUrl({ withFragments: true, withQueryParameters: true }),
    fc
      .array(
        fc.constantFrom(
          ...[
            'https:',
            'http:',
            '//',
            '/',
            '\\',
            '@',
            ':',
            ':443',
            '#',
            '?',
            '.',
            '..',
            '%2f',
            '%2e',
          ],
          ...['%00', '\t', '\n', ' ', 'ehr.example.org', 'evil.test', 'tenant', 'fhir', '[::1]'],
          ...['127.0.0.1', '0x7f.1', '。', 'ⓔ', 'x', '=', '&', ';', '%', '~'],
        ),
        { maxLength: 14 },
      )
      .map((parts) => parts.join('')),
    fc.string({ maxLength: 20 }).map((tail) => `${REGISTERED}${tail}`),
    fc.string({ maxLength: 20 }).map((tail) => `https://ehr.example.org${tail}`),
  );

  it('T5 names no base but the registered one', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const found = selectBase([base], text);

        assert.ok(found === undefined || found.href === REGISTERED);
        if (found) assert.equal(new URL(text).href.replace(/\/$/, ''), REGISTERED);
      }),
      { numRuns: 5_000 },
    );
  });

  it('T7 leads nowhere but below the registered base, for whoever parses it next', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const url = resolveBelow(base, text);
        if (url === undefined) return;
        const target = new URL(url);
        const decoded = decodeURIComponent(target.pathname.replace(/%(?![0-9a-f]{2})/gi, '%25'));

        assert.equal(target.origin, 'https://ehr.example.org');
        assert.ok(target.pathname === base.path || target.pathname.startsWith(`${base.path}/`));
        assert.ok(!target.username && !target.password && target.hash === '');
        assert.ok(!decoded.split(/[\\/]/).includes('..'));
        assert.equal(new URL(url).href, url);
      }),
      { numRuns: 5_000 },
    );
  });

  it('parses as a base only when parsing it again says the same', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const parsed = parseBase(text);
        if (parsed) assert.deepEqual(parseBase(parsed.href), parsed);
      }),
      { numRuns: 5_000 },
    );
  });
});
