import assert from 'node:assert/strict';
import { type HookAnswer, type RunningService, startService } from './running-service.js';

const EXTENSION = 'org.pain-cds.evaluation';

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

/** The answer without what may differ by way of reading: card uuids and read states. */
const comparable = ({ status, body }: HookAnswer): string => {
  const evaluation = body.extension?.[EXTENSION];
  assert.equal(status, 200);
  assert.ok(isObject(evaluation));
  const { missing: _missing, completeness: _completeness, ...rest } = evaluation;
  return JSON.stringify(
    { cards: body.cards.map(({ uuid: _uuid, ...card }) => card), rest },
    null,
    1,
  );
};

// One or more of every category, mixed and separate pains, red flags, code systems, text, controls, hostile and messy data.
const PATIENTS = [
  'trigeminal-neuralgia',
  'painful-diabetic-neuropathy',
  'rheumatoid-arthritis',
  'acute-gout',
  'cancer-bone-metastasis',
  'cancer-mixed',
  'renal-colic',
  'raynaud',
  'somatic-symptom-disorder',
  'fibromyalgia',
  'knee-and-trigeminal',
  'red-flag-cauda-equina',
  'codes-icd11-only',
  'text-only-trigeminal',
  'unclassified-pain',
  'control-no-pain',
  'control-refuted-neuropathy',
  'hostile-chart-text',
  'messy-record',
  'older-adult-ckd-polypharmacy',
];

describe('the same patient through prefetch only, fetch only and mixed', function () {
  this.timeout(30_000);
  let service: RunningService;
  let templates: Readonly<Record<string, string>>;
  before(async () => {
    service = await startService({});
    templates = await service.templates();
  });
  after(() => service.stop());

  const prefetchOf = async (patientId: string): Promise<Record<string, unknown>> => {
    const filled = Object.entries(templates).map(
      async ([key, template]) =>
        [
          key,
          await service.readFhir(template.replace('{{context.patientId}}', patientId)),
        ] as const,
    );
    return Object.fromEntries(await Promise.all(filled));
  };

  const everyOther = (
    prefetch: Record<string, unknown>,
    remainder: number,
  ): Record<string, unknown> =>
    Object.fromEntries(Object.entries(prefetch).filter((_, at) => at % 2 === remainder));

  for (const patientId of PATIENTS) {
    it(`gives one answer for ${patientId}`, async () => {
      const prefetch = await prefetchOf(patientId);
      const { fhirServer } = service;

      const fetched = comparable(await service.call(patientId, { fhirServer }));
      const prefetched = comparable(await service.call(patientId, { prefetch }));
      const even = comparable(
        await service.call(patientId, { fhirServer, prefetch: everyOther(prefetch, 0) }),
      );
      const odd = comparable(
        await service.call(patientId, { fhirServer, prefetch: everyOther(prefetch, 1) }),
      );

      assert.equal(prefetched, fetched);
      assert.equal(even, fetched);
      assert.equal(odd, fetched);
    });
  }

  it('covers patients with and without cards', async () => {
    const answers = await Promise.all(
      PATIENTS.map((id) => service.call(id, { fhirServer: service.fhirServer })),
    );

    const withCards = answers.filter(({ body }) => body.cards.length > 0).length;
    assert.ok(withCards >= 10 && withCards < PATIENTS.length);
  });
});
