import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import type { Bundle, FhirResource } from 'fhir/r4.js';
import { createFolder, fixture, fixtureBundle, runEvaluate, toLines } from './chart-files.js';

const NAME = 'trigeminal-neuralgia';

interface Contract {
  readonly patient: string;
  readonly schemaVersion: string;
  readonly painProblems: readonly {
    readonly classification: readonly { readonly category: string }[];
  }[];
}

const contractsOf = (out: string): Contract[] =>
  out
    .split('\n')
    .filter((line) => line !== '')
    .map((line): Contract => JSON.parse(line));

const withoutRequests = (bundle: Bundle<FhirResource>): Bundle<FhirResource> => ({
  ...bundle,
  type: 'collection',
  entry: (bundle.entry ?? []).map(({ fullUrl, resource }) => ({
    ...(fullUrl !== undefined && { fullUrl }),
    ...(resource && { resource }),
  })),
});

describe('evaluate', () => {
  const folder = createFolder();
  after(() => folder.remove());

  describe('without options', () => {
    it('explains pain, category, grade and the records behind them', async () => {
      const { code, out, err } = await runEvaluate([fixture(NAME)]);

      assert.equal(code, 0);
      assert.equal(err, '');
      assert.match(out, new RegExp(`^Patient ${NAME}, evaluated at 2026-11-22T10:00:00.000Z`));
      assert.match(out, /(possible|probable|definite) neuropathic/);
      assert.match(out, /NEU-\d+ met/);
      assert.match(out, /\(Condition\/[^)]+\)/);
      assert.match(out, /not reviewed by a clinician/);
    });

    it('says that there is no pain problem', async () => {
      const { out } = await runEvaluate([fixture('control-no-pain')]);

      assert.match(out, /no pain problem/);
    });

    it('explains the patients of all files in order', async () => {
      const { out } = await runEvaluate([fixture('migraine'), fixture(NAME)]);

      const patients = [...out.matchAll(/^Patient (\S+),/gm)].map(([, id]) => id);
      assert.deepEqual(patients, ['migraine', NAME]);
    });
  });

  describe('with --json', () => {
    it('prints the contract, one JSON line a patient', async () => {
      const { out } = await runEvaluate([fixture('migraine'), fixture(NAME)], { json: true });

      const contracts = contractsOf(out);
      assert.deepEqual(
        contracts.map(({ patient }) => patient),
        ['migraine', NAME],
      );
      assert.ok(contracts.every(({ schemaVersion }) => schemaVersion === '1'));
      assert.equal(contracts[1]?.painProblems[0]?.classification[0]?.category, 'neuropathic');
    });
  });

  describe('with --summary', () => {
    it('counts patients and leading categories by grade', async () => {
      const { out, err } = await runEvaluate(
        [fixture('migraine'), fixture(NAME), fixture('control-no-pain')],
        { summary: true },
      );

      assert.match(out, /^3 patient\(s\), 2 with a pain problem/);
      assert.match(out, /^leading category +possible +probable +definite$/m);
      assert.match(out, /^neuropathic( +\d+){3}$/m);
      assert.equal(err, '');
    });

    it('counts why treatments are withheld, the rule that decided first', async () => {
      const { out } = await runEvaluate([fixture('migraine')], { summary: true });

      assert.match(out, /^ +2 withheld: PO-3 pregnancy status, not older than 30 days$/m);
    });

    it('shows progress on a terminal only', async () => {
      const onTerminal = await runEvaluate([fixture(NAME)], { summary: true }, true);

      assert.match(onTerminal.err, /1 patients/);
      assert.ok(!onTerminal.out.includes('\r'));
    });
  });

  describe('over one patient in several forms', () => {
    const forms: readonly (readonly [string, string, () => string | Buffer])[] = [
      ['a transaction Bundle', 'transaction.json', () => JSON.stringify(fixtureBundle(NAME))],
      [
        'an indented collection Bundle',
        'collection.json',
        () => JSON.stringify(withoutRequests(fixtureBundle(NAME)), null, 2),
      ],
      ['NDJSON of resources', 'resources.ndjson', () => toLines(fixtureBundle(NAME))],
      ['NDJSON of Bundles', 'bundles.ndjson', () => `${JSON.stringify(fixtureBundle(NAME))}\n\n`],
      ['a gzipped Bundle', 'bundle.json.gz', () => gzipSync(JSON.stringify(fixtureBundle(NAME)))],
      [
        'NDJSON with carriage returns',
        'crlf.ndjson',
        () => toLines(fixtureBundle(NAME)).replaceAll('\n', '\r\n'),
      ],
      ['gzipped NDJSON', 'resources.ndjson.gz', () => gzipSync(toLines(fixtureBundle(NAME)))],
    ];
    for (const [form, name, content] of forms) {
      it(`reads ${form} to the same answer`, async () => {
        const [expected] = contractsOf((await runEvaluate([fixture(NAME)], { json: true })).out);

        const { code, out } = await runEvaluate([folder.write(name, content())], { json: true });

        assert.equal(code, 0);
        assert.equal(contractsOf(out).length, 1);
        assert.deepEqual(contractsOf(out)[0], expected);
      });
    }

    it('keeps the patients of one NDJSON file apart', async () => {
      const file = folder.write(
        'two.ndjson',
        toLines(fixtureBundle(NAME)) + toLines(fixtureBundle('migraine')),
      );

      const [first, second] = contractsOf((await runEvaluate([file], { json: true })).out);

      const alone = async (name: string) =>
        contractsOf((await runEvaluate([fixture(name)], { json: true })).out)[0];
      assert.deepEqual(first, await alone(NAME));
      assert.deepEqual(second, await alone('migraine'));
    });
  });

  describe('over what cannot be read', () => {
    it('answers 1 naming the file that is not there, and goes on', async () => {
      const { code, out, err } = await runEvaluate(['no-such-file.json', fixture(NAME)]);

      assert.equal(code, 1);
      assert.match(err, /no-such-file\.json: ENOENT/);
      assert.match(out, new RegExp(`^Patient ${NAME}`));
    });

    const broken: readonly (readonly [string, string, string | Buffer])[] = [
      ['cut JSON', 'cut.json', '{"resourceType":"Bundle",\n'],
      ['JSON that is no resource', 'other.json', '{"a":1}'],
      ['a file without a Patient', 'stray.json', '{"resourceType":"Bundle","type":"collection"}'],
      ['an empty file', 'empty.json', ''],
      [
        'a cut gzip stream',
        'cut.gz',
        gzipSync('{"resourceType":"Patient","id":"a"}').subarray(0, 25),
      ],
    ];
    for (const [what, name, content] of broken) {
      it(`answers 1 for ${what}, with one plain line`, async () => {
        const { code, out, err } = await runEvaluate([folder.write(name, content)]);

        assert.equal(code, 1);
        assert.equal(out, '');
        assert.match(err, /^[^\n]+\n$/);
        assert.ok(!err.includes('    at '));
      });
    }
  });
});
