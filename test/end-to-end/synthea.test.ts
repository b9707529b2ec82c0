import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { type HookAnswer, type RunningService, startService } from './running-service.js';

const DATA = fileURLToPath(
  new URL('../../../shared/data/synthea-r4-98.ndjson.gz', import.meta.url),
);
const SCHEMA = fileURLToPath(new URL('../../openapi/evaluation.schema.json', import.meta.url));
const EXTENSION = 'org.pain-cds.evaluation';
const AT_ONCE = 4;

const validator = (): ((value: unknown) => string | undefined) => {
  const ajv = new Ajv2020({ allErrors: true, strict: false, validateFormats: false });
  const check = ajv.compile(JSON.parse(readFileSync(SCHEMA, 'utf8')));
  return (value) => (check(value) ? undefined : ajv.errorsText(check.errors));
};

/** What a CDS Client relies on in every card. */
const cardFaults = (card: Readonly<Record<string, unknown>>): string[] => {
  const { summary, indicator, detail, source, uuid } = card;
  const faults: string[] = [];
  if (typeof summary !== 'string' || summary === '' || summary.length >= 140)
    faults.push('summary');
  if (indicator !== 'info' && indicator !== 'warning' && indicator !== 'critical')
    faults.push('indicator');
  if (typeof detail !== 'string' || detail.length >= 2000) faults.push('detail');
  if (typeof source !== 'object' || source === null || !('label' in source))
    faults.push('source.label');
  if (typeof uuid !== 'string') faults.push('uuid');
  return faults;
};

const evaluateAll = async (service: RunningService): Promise<ReadonlyMap<string, HookAnswer>> => {
  const waiting = [...service.patientIds];
  const answers = new Map<string, HookAnswer>();
  const worker = async (): Promise<void> => {
    for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
      answers.set(id, await service.call(id, { fhirServer: service.fhirServer }));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return answers;
};

const MOMENTS: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
  ['at 2016-06-01, inside their years', { EVALUATION_TIME: '2016-06-01T00:00:00Z' }],
  ['today', {}],
];

for (const [moment, env] of MOMENTS) {
  describe(`the 98 Synthea patients of ../shared/data through the hook, ${moment}`, function () {
    this.timeout(60_000);
    let answers: ReadonlyMap<string, HookAnswer> = new Map();
    before(async function () {
      // In CI a missing file is a failure, found by the start below.
      if (!existsSync(DATA) && process.env.CI === undefined) this.skip();
      const service = await startService({
        ...env,
        PAIN_CDS_FIXTURES: DATA,
        // The machine that runs the suite may be busy; what is tested here is the answer, not its speed.
        PAIN_CDS_READ_TIMEOUT_MS: '4500',
        PAIN_CDS_READ_BUDGET_MS: '4500',
      });
      try {
        answers = await evaluateAll(service);
      } finally {
        service.stop();
      }
    });

    it('answers 200 for each', () => {
      assert.equal(answers.size, 98);
      assert.deepEqual(
        [...answers].filter(([, { status }]) => status !== 200).map(([id]) => id),
        [],
      );
    });

    it('answers at most five cards, each of them complete', () => {
      for (const [id, { body }] of answers) {
        assert.ok(body.cards.length <= 5, id);
        assert.deepEqual(body.cards.flatMap(cardFaults), [], id);
      }
    });

    it('answers the machine-readable evaluation as its schema says, with every input read', () => {
      const faultOf = validator();
      for (const [id, { body }] of answers) {
        const evaluation = body.extension?.[EXTENSION];
        assert.ok(typeof evaluation === 'object' && evaluation !== null, id);
        assert.equal(faultOf(evaluation), undefined, id);
        assert.ok(
          'completeness' in evaluation && !('missing' in evaluation),
          `${id}: ${JSON.stringify(evaluation).slice(0, 400)}`,
        );
      }
    });
  });
}
