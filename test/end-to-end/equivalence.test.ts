import assert from 'node:assert/strict';
import { type HookAnswer, type RunningService, startService } from './running-service.js';

const EXTENSION = 'org.pain-cds.evaluation';

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

interface Comparable {
  readonly cards: string;
  readonly evaluation: string;
}

/** The answer without what may differ by way of reading: uuids and read states. */
const comparable = ({ status, body }: HookAnswer): Comparable => {
  const evaluation = body.extension?.[EXTENSION];
  assert.equal(status, 200);
  assert.ok(isObject(evaluation));
  const { missing: _missing, completeness: _completeness, ...rest } = evaluation;
  const withoutIds = (key: string, value: unknown): unknown => (key === 'uuid' ? undefined : value);
  return {
    cards: JSON.stringify(body.cards, withoutIds, 1),
    evaluation: JSON.stringify(rest, null, 1),
  };
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
  'older-adult-ckd-polypharmacy',
];

describe('DAT-1 DAT-2 DAT-3 the same patient through prefetch only, fetch only and mixed', function () {
  this.timeout(30_000);
  let service: RunningService;
  let templates: Readonly<Record<string, string>>;
  before(async () => {
    // The machine may be busy; what is compared is the answer, not its time.
    service = await startService({
      PAIN_CDS_READ_TIMEOUT_MS: '4000',
      PAIN_CDS_READ_BUDGET_MS: '4500',
      PAIN_CDS_PREFETCH_BUDGET_MS: '4500',
    });
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

  /** Fetch only, prefetch only, and two complementary halves of the prefetch. */
  const answersOf = async (patientId: string): Promise<Comparable[]> => {
    const prefetch = await prefetchOf(patientId);
    const { fhirServer } = service;
    const ways = [
      { fhirServer },
      { prefetch },
      { fhirServer, prefetch: everyOther(prefetch, 0) },
      { fhirServer, prefetch: everyOther(prefetch, 1) },
    ];
    return Promise.all(ways.map(async (way) => comparable(await service.call(patientId, way))));
  };

  for (const patientId of PATIENTS) {
    it(`gives one answer for ${patientId}`, async () => {
      const [fetched, ...others] = await answersOf(patientId);

      for (const other of others) assert.deepEqual(other, fetched);
    });
  }

  it('gives one answer for messy-record wherever its Medication, which no template asks for, can be fetched', async () => {
    const [fetched, , ...mixed] = await answersOf('messy-record');

    for (const other of mixed) assert.deepEqual(other, fetched);
  });

  it('covers patients with and without cards', async () => {
    let withCards = 0;
    // One after the other: all at once is what the service refuses as overload.
    for (const id of PATIENTS) {
      const { body } = await service.call(id, { fhirServer: service.fhirServer });
      if (body.cards.length > 0) withCards += 1;
    }

    assert.ok(withCards >= 10 && withCards < PATIENTS.length);
  });
});
