// The wired application over our fixtures: the same patient from prefetch, from the sandbox and from both.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DiscoveryResponse } from '../src/cds/cds-hooks.js';
import { readConfig } from '../src/config.js';
import { openStore } from '../src/store/open-store.js';
import { type Wired, wire } from '../src/wire.js';
import { anEvaluation } from './store/store-contract.js';
import { checked } from './support/checked.js';

interface Answer {
  readonly cards: readonly { readonly uuid?: string }[];
  readonly extension?: object;
}

const withoutIds = ({ cards, extension }: Answer): string =>
  JSON.stringify({ cards, extension }, (key, value) => (key === 'uuid' ? undefined : value));

describe('the wired application', () => {
  let server: Server;
  let wired: Wired;
  let baseUrl: string;
  let templates: Readonly<Record<string, string>>;

  before(async function () {
    this.timeout(60_000);
    server = createServer((request, response) => checked(wired.app)(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    baseUrl = `http://127.0.0.1:${port}`;
    wired = wire(
      readConfig({
        LOG_LEVEL: 'silent',
        DATABASE_URL: 'memory:',
        PAIN_CDS_BASE_URL: baseUrl,
        PAIN_CDS_READ_TIMEOUT_MS: '4000',
        PAIN_CDS_READ_BUDGET_MS: '4500',
      }),
    );
    const discovery = (await (await fetch(`${baseUrl}/cds-services`)).json()) as DiscoveryResponse;
    templates = discovery.services[0]?.prefetch ?? {};
  });
  after(() => {
    server.close();
    server.closeAllConnections();
  });

  const fill = async (patientId: string): Promise<Record<string, unknown>> => {
    const entries = Object.entries(templates).map(async ([key, template]) => {
      const url = `${baseUrl}/fhir/${template.replace('{{context.patientId}}', patientId)}`;
      const pages = `${url}${url.includes('?') ? '&_count=1000' : ''}`;
      return [key, await (await fetch(pages)).json()] as const;
    });
    return Object.fromEntries(await Promise.all(entries));
  };

  const call = async (patientId: string, body: object): Promise<Answer> => {
    const response = await fetch(`${baseUrl}/cds-services/pain-patient-view`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        hook: 'patient-view',
        hookInstance: 'd1577c69-dfbe-44ad-ba6d-3e05e953b2ea',
        context: { userId: 'Practitioner/1', patientId },
        ...body,
      }),
    });
    assert.equal(response.status, 200, `${patientId}: ${response.status}`);
    return (await response.json()) as Answer;
  };

  it('answers every patient the same from prefetch, from the sandbox and from both', async () => {
    const fhirServer = `${baseUrl}/fhir`;
    assert.ok(wired.patientIds.length >= 30);
    for (const patientId of wired.patientIds) {
      const prefetch = await fill(patientId);
      const keys = Object.keys(prefetch);
      const half = Object.fromEntries(
        keys.filter((_, at) => at % 2 === 0).map((key) => [key, prefetch[key]]),
      );

      const sent = withoutIds(await call(patientId, { prefetch, fhirServer }));
      const fetched = withoutIds(await call(patientId, { fhirServer }));
      const mixed = withoutIds(await call(patientId, { prefetch: half, fhirServer }));

      assert.equal(fetched, sent, patientId);
      assert.equal(mixed, sent, patientId);
    }
  }).timeout(60_000);

  it('LNK-7 serves the pages its cards link to', async () => {
    for (const path of ['/about/article', '/about/knowledge']) {
      const response = await fetch(`${baseUrl}${path}`);

      assert.equal(response.status, 200);
      assert.match(response.headers.get('content-type') ?? '', /text\/html/);
    }
  });
});

describe('a wired process that starts', () => {
  it('refuses a language that no cards are written in, and takes any tag of one that is', async () => {
    const wireIn = (language: string) =>
      wire(
        readConfig({ LOG_LEVEL: 'silent', DATABASE_URL: 'memory:', PAIN_CDS_LANGUAGE: language }),
      );

    assert.throws(() => wireIn('de'), /PAIN_CDS_LANGUAGE must be one of en, zh-Hans/);
    await wireIn('zh-cn').close();
  }).timeout(60_000);

  it('removes at once what is past its retention', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'pain-cds-wire-'));
    const databaseUrl = `file:${join(folder, 'pain.db')}`;
    const old = anEvaluation({ receivedAt: '2020-01-01T00:00:00.000Z' });
    const store = openStore(databaseUrl, { onFailure: () => undefined });
    store.append(() => old);
    await store.close();

    const { evaluations, close } = wire(
      readConfig({ LOG_LEVEL: 'silent', DATABASE_URL: databaseUrl }),
    );

    assert.equal(await evaluations.find(old.id), undefined);
    await close();
    rmSync(folder, { recursive: true });
  }).timeout(60_000);

  it('logs a bug of composing with its place and without its message', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'pain-cds-wire-'));
    const logFile = join(folder, 'log');
    const { evaluations, close } = wire(readConfig({ DATABASE_URL: 'memory:', LOG_FILE: logFile }));

    evaluations.append(() => {
      throw new TypeError('CANARY\nCANARY');
    });
    await evaluations.flush();
    await close();
    let text = '';
    for (let tries = 0; text === '' && tries < 100; tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      text = readFileSync(logFile, 'utf8');
    }

    const [line] = text.split('\n').map((one) => JSON.parse(one || '{}'));
    assert.equal(line.error, 'INTERNAL');
    assert.match(line.stack[0], /wire\.test/);
    assert.doesNotMatch(text, /CANARY/);
    rmSync(folder, { recursive: true });
  }).timeout(60_000);
});
