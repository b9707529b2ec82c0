// Every read of a server is told, what was sent is not.
import assert from 'node:assert/strict';
import type { UpstreamRead } from '../../src/fhir/read-patient-record.js';
import {
  aRequest,
  callerOf,
  fhirAuthorization,
  ofPatient,
  oneOfEach,
  patient,
  prefetchOf,
  readRecord,
} from '../support/edge.js';
import { type FakeFhirServer, outcome, startFakeFhirServer } from '../support/fake-fhir-server.js';

describe('reads of a FHIR server', () => {
  let server: FakeFhirServer;
  let lines: object[];
  beforeEach(async () => {
    server = await startFakeFhirServer([
      patient,
      ...oneOfEach,
      { resourceType: 'Medication', id: 'x' },
    ]);
    lines = [];
  });
  afterEach(() => server.close());

  const readsOf = async (prefetch: Record<string, unknown>): Promise<readonly UpstreamRead[]> => {
    const reads: UpstreamRead[] = [];
    const request = aRequest({ fhirServer: server.base, fhirAuthorization, prefetch });
    const log = { info: (line: object) => lines.push(line), error: () => undefined };
    await readRecord(request, { onRead: (read) => reads.push(read), log }, callerOf(request));
    return reads;
  };

  it('are told each with its end, for the keys that were not sent', async () => {
    const { allergies: _, procedures: __, ...prefetch } = prefetchOf(oneOfEach);
    server.fail('Procedure', {
      kind: 'json',
      status: 403,
      body: outcome('error'),
    });

    const reads = await readsOf(prefetch);

    assert.deepEqual(
      reads.map(({ type, state, reason }) => `${type} ${state} ${reason ?? ''}`.trim()).sort(),
      ['AllergyIntolerance read', 'Procedure failed http-403'],
    );
    assert.ok(reads.every(({ client, patientId }) => client === 'hospital' && patientId === 'p-1'));
  });

  for (const [name, fault, told] of [
    ['found', undefined, 'Medication read'],
    [
      'refused',
      { kind: 'json', status: 401, body: outcome('error') },
      'Medication failed http-401',
    ],
  ] as const)
    it(`are told of a medication that was referred to and ${name}`, async () => {
      if (fault) server.fail('Medication', fault);
      const order = ofPatient('MedicationRequest', 'm', {
        medicationReference: { reference: 'Medication/x' },
      });

      const reads = await readsOf(prefetchOf([...oneOfEach, order]));

      assert.deepEqual(
        reads.map(({ type, state, reason }) => `${type} ${state} ${reason ?? ''}`.trim()),
        [told],
      );
      assert.deepEqual(
        lines.map((line) => ('reason' in line ? line.reason : undefined)),
        fault ? ['http-401'] : [],
      );
    });

  it('are none when everything was sent', async () => {
    assert.deepEqual(await readsOf(prefetchOf(oneOfEach)), []);
  });
});
