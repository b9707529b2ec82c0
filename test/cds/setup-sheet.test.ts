// What a site types in is what discovery, cards and the token check use.
import assert from 'node:assert/strict';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';
import { findSetupClient } from '../../src/auth/setup-client.js';
import { PAGE_NAMES } from '../../src/cds/about-pages.js';
import { cardTopics } from '../../src/cds/card-topics.js';
import { composeCards } from '../../src/cds/compose-cards.js';
import { composeSetupSheet, type SetupClient, type SetupSheet } from '../../src/cds/setup-sheet.js';
import { setupSheetMarkdown } from '../../src/cds/setup-sheet-text.js';
import { shippedKnowledge } from '../support/app.js';
import { services } from '../support/edge.js';
import { fixtureEvaluations, fixtureTexts } from '../support/fixture-evaluations.js';
import { anEntry, registryText } from '../support/tokens.js';

const BASE = 'https://cds.test/pain';

const clientOf = (change: object = {}): SetupClient => {
  const found = findSetupClient(registryText(anEntry(change)), 'hospital');
  assert.ok(found);
  return found;
};

const sheetOf = (change: object = {}, isDiscoveryOpen = false): SetupSheet => {
  const knowledge = shippedKnowledge();
  return composeSetupSheet({
    baseUrl: BASE,
    isDiscoveryOpen,
    needsClientCertificate: false,
    knowledge,
    services,
    topics: cardTopics(knowledge.categories, fixtureTexts),
    overrideReasons: fixtureTexts.overrideReasons,
    pages: PAGE_NAMES,
    client: clientOf(change),
  });
};

describe('DOC-2 the setup sheet of a client', () => {
  it('lists every service of discovery with its addresses and templates', () => {
    const sheet = sheetOf();

    assert.deepEqual(
      sheet.services.map(({ id }) => id),
      [...services.keys()],
    );
    for (const row of sheet.services) {
      assert.equal(row.url, `${BASE}/cds-services/${row.id}`);
      assert.equal(row.feedbackUrl, `${row.url}/feedback`);
      assert.deepEqual(
        Object.fromEntries(row.prefetch.map(({ key, template }) => [key, template])),
        services.get(row.id)?.definition.prefetch,
      );
    }
  });

  it('DOC-3 says of every key whether it is required and what happens without it', () => {
    for (const { prefetch } of sheetOf().services)
      for (const { key, required, without } of prefetch) {
        assert.equal(required, without.startsWith('412'), key);
        if (!required) assert.match(without, /^partial answer: \S/, key);
      }
  });

  it('asks for read access to every type that is prefetched, and to the medicines orders refer to', () => {
    const { services: rows, scopes } = sheetOf();
    const types = new Set(scopes.map(({ type }) => type));

    for (const { prefetch } of rows) for (const { type } of prefetch) assert.ok(types.has(type));
    assert.deepEqual(
      scopes.find(({ type }) => type === 'Medication'),
      { type: 'Medication', v1: 'patient/Medication.read', v2: 'patient/Medication.rs' },
    );
  });

  it('lists every topic, override reason and link that cards of the fixtures carry', () => {
    const sheet = sheetOf();
    const topics = new Set(sheet.topics.map(({ system, code }) => `${system}|${code}`));
    const options = { newId: () => 'x', baseUrl: BASE, texts: fixtureTexts };
    let seen = 0;

    for (const { evaluation } of fixtureEvaluations)
      for (const { card } of composeCards(evaluation, options)) {
        seen += 1;
        const { system, code } = card.source.topic ?? {};
        assert.ok(topics.has(`${system}|${code}`), code);
        assert.deepEqual(card.overrideReasons, sheet.overrideReasons);
        for (const { url } of card.links ?? [])
          assert.ok(sheet.links.includes(url.replace(/#.*$/, '')), url);
      }
    assert.ok(seen > 20);
    assert.equal(topics.size, sheet.topics.length);
  });

  it('SRC-5 gives topics of letters and digits only', () => {
    for (const { code } of sheetOf().topics) assert.match(code, /^[A-Za-z0-9]{1,100}$/);
  });

  it('names what tokens must say, and the ids of keys but no key', () => {
    const { client } = sheetOf({ tenant: 'main', audiences: ['typed-by-hand'] });

    assert.equal(client.token?.issuer, 'https://ehr.test');
    assert.equal(client.token?.tenant, 'main');
    assert.deepEqual(client.token?.keyIds, ['rsa+1/=', 'ec-1']);
    assert.equal(client.token?.longestLifetimeS, 3600);
    assert.doesNotMatch(JSON.stringify(client), /"(n|x|y|kty|keys)":/);
  });

  it('is Markdown of tables with every address, claim and origin in it', () => {
    const text = setupSheetMarkdown(
      sheetOf({ tenant: 'main', subjects: ['ehr-client'], corsOrigins: ['https://ehr.test'] }),
    );
    const tree = fromMarkdown(text, {
      extensions: [gfm()],
      mdastExtensions: [gfmFromMarkdown()],
    });

    assert.ok(tree.children.filter(({ type }) => type === 'table').length >= 4);
    for (const part of [
      `POST ${BASE}/cds-services/pain-patient-view`,
      'Condition?patient={{context.patientId}}',
      '`RS384`, `ES384`',
      '`main`',
      '`ehr-client`',
      '60 minutes',
      'CORS origins: `https://ehr.test`',
      'patient/Condition.rs',
      'painredflags',
      'will-review-later',
    ])
      assert.ok(text.includes(part), part);
  });

  it('says where discovery needs a token and where it is open', () => {
    assert.match(setupSheetMarkdown(sheetOf()), /with a token/);
    assert.match(setupSheetMarkdown(sheetOf({}, true)), /, open/);
  });

  it('lets no text of the registry leave its cell or steer a terminal', () => {
    const text = setupSheetMarkdown(sheetOf({ name: 'A|B\u001b[2J\n# C\u202e', tenant: 'x`|y' }));

    assert.ok(text.includes('for A\\|B [2J # C'));
    assert.ok(text.includes("`x'\\|y`"));
    assert.doesNotMatch(text.replaceAll('\n', ''), /[\p{Cc}\p{Cf}]/u);
  });
});
