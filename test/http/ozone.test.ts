// Ozone through the hook: the line of information of a site that enables it, and the neutral line on a documented treatment.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Card } from '../../src/cds/cds-hooks.js';
import { readConfig } from '../../src/config.js';
import { wire } from '../../src/wire.js';
import { buildRecord, type Entry } from '../support/case-record.js';
import { checked } from '../support/checked.js';

const NOW = '2026-11-22T10:00:00Z';
const MAN_OF_46 = { birthDate: '1980-05-01', gender: 'male' };

/** A lumbar radiculopathy with signs whose nerve block did not help, and everything the gate asks for. */
const radiculopathy: readonly Entry[] = [
  { condition: { code: 'ICD-10-CM M54.16', onset: '2026-04-01' } },
  { observation: { code: 'LOCAL SENS-LOSS', date: '2026-11-17', boolean: true } },
  { observation: { code: 'LOCAL DN4', date: '2026-11-17', value: 6 } },
  { observation: { code: 'LOINC 72514-3', date: '2026-10-11', score: 8 } },
  { procedure: { code: 'LOCAL PROC-NERVE-BLOCK', date: '2026-10-13' } },
  { observation: { code: 'LOINC 72514-3', date: '2026-11-17', score: 8 } },
  {
    observation: {
      code: 'LOINC 32546-4',
      date: '2026-10-01',
      value: 9,
      unit: 'U/g',
      interpretation: 'N',
    },
  },
  { observation: { code: 'LOINC 777-3', date: '2026-11-01', value: 200, unit: '10*9/L' } },
];
const ozoneDone: Entry = { procedure: { code: 'LOCAL PROC-OZONE', date: '2026-10-30' } };

interface Answer {
  readonly cards: readonly Card[];
  readonly extension: {
    readonly 'org.pain-cds.evaluation': {
      readonly painProblems: readonly { readonly ozone?: string }[];
      readonly modifiers?: readonly { readonly id: string }[];
    };
  };
}

describe('ozone through the hook', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pain-cds-ozone-'));
  const servers: Server[] = [];
  after(() => {
    for (const server of servers) {
      server.close();
      server.closeAllConnections();
    }
    rmSync(folder, { recursive: true });
  });

  const answerOf = async (site: string, record: readonly Entry[]): Promise<Answer> => {
    const { patient, resources, patientId } = buildRecord(MAN_OF_46, record, {});
    const entry = [patient, ...resources].map((resource) => ({ resource }));
    const bundle = join(folder, 'patient.json');
    writeFileSync(bundle, JSON.stringify({ resourceType: 'Bundle', type: 'collection', entry }));
    writeFileSync(
      join(folder, 'site.yaml'),
      `version: "2026.11.0"\nreview: { status: not-reviewed }\nozone: ${site}\n`,
    );
    const server = createServer();
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { app } = wire(
      readConfig({
        PORT: new URL(base).port,
        LOG_LEVEL: 'silent',
        DATABASE_URL: 'memory:',
        EVALUATION_TIME: NOW,
        PAIN_CDS_FIXTURES: bundle,
        PAIN_CDS_SITE: folder,
      }),
    );
    server.on('request', checked(app));
    const response = await fetch(`${base}/cds-services/pain-patient-view`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        hook: 'patient-view',
        hookInstance: 'd1577c69-dfbe-44ad-ba6d-3e05e953b2ea',
        fhirServer: `${base}/fhir`,
        context: { userId: 'Practitioner/demo', patientId },
      }),
    });
    assert.equal(response.status, 200);
    return (await response.json()) as Answer;
  };

  it('is one line with vendor, evidence, regulation and a link where a site enables it', async () => {
    const answer = await answerOf('{ show: information, region: EU }', radiculopathy);

    const [card] = answer.cards;
    const lines = card?.detail?.split('\n').filter((line) => /ozone/i.test(line)) ?? [];
    const [line = '', footer = '', ...others] = lines;
    assert.match(
      line,
      /^Article only, no recommendation: its source, a maker of ozone equipment \(conflict of interest\)/,
    );
    assert.match(
      line,
      /very low to low; no guideline used here recommends it; the options above have better evidence\. European Union: Generators .* directive\./,
    );
    assert.match(line, /Contraindications on record: none found\./);
    assert.match(footer, /Scheme of 2017/);
    assert.deepEqual(others, []);
    assert.ok(card?.links?.some(({ url }) => url?.endsWith('/about/ozone')));
    assert.doesNotMatch(JSON.stringify(card?.suggestions ?? []), /ozone/i);
  });

  for (const site of ['{ show: "off", region: EU }', '{ show: information, region: US }'])
    it(`says nothing of the claims with ${site}`, async () => {
      const answer = await answerOf(site, radiculopathy);

      const [problem] = answer.extension['org.pain-cds.evaluation'].painProblems;
      assert.equal(problem?.ozone, undefined);
      assert.doesNotMatch(answer.cards[0]?.detail ?? '', /lists ozone/);
    });

  it('says nothing before conservative care has failed, or while a contraindication is open', async () => {
    const isBlock = (entry: Entry) => entry.procedure !== undefined;
    const early = radiculopathy.filter((entry) => !isBlock(entry));
    const untested = radiculopathy.filter(
      ({ observation }) => observation?.code !== 'LOINC 32546-4',
    );

    for (const record of [early, untested]) {
      const answer = await answerOf('{ show: information, region: EU }', record);
      assert.doesNotMatch(answer.cards[0]?.detail ?? '', /lists ozone/);
    }
  });

  it('names a documented treatment neutrally with its date, whatever the site shows (OC-7)', async () => {
    for (const site of ['{ show: "off", region: EU }', '{ show: never, region: US }']) {
      const answer = await answerOf(site, [...radiculopathy, ozoneDone]);

      assert.match(
        answer.cards[0]?.detail ?? '',
        /^Documented treatment: ozone\. Consider complications \(infection, embolism\) if fever, neurological or respiratory signs; on record: .*\(30 Oct 2026\)$/m,
      );
      const { modifiers = [] } = answer.extension['org.pain-cds.evaluation'];
      assert.ok(modifiers.some(({ id }) => id === 'documented-ozone'));
    }
  });
});
