// Whether a FHIR server is read at all, and how referenced medications are.
import assert from 'node:assert/strict';
import type { FhirResource } from 'fhir/r4.js';
import { InvalidRequest, PrefetchUnavailable } from '../../src/errors.js';
import {
  aRequest,
  demoCaller,
  fhirAuthorization,
  inputOf,
  ofPatient,
  prefetchWith,
  readRecord,
  referencesOf,
} from '../support/edge.js';
import { searchset, startFakeFhirServer } from '../support/fake-fhir-server.js';
import { withFhirServer } from '../support/server-reads.js';

describe('whether the FHIR server is read at all', () => {
  const fhir = withFhirServer();

  it('DAT-16 T18 refuses a token that is for another patient', async () => {
    const other = { ...fhirAuthorization, patient: 'p-2' };

    await assert.rejects(
      readRecord(aRequest({ fhirServer: fhir.server.base, fhirAuthorization: other })),
      InvalidRequest,
    );
    assert.equal(fhir.server.requests.length, 0);
  });

  it('DAT-18 reads without a token only in demo mode', async () => {
    const request = aRequest({ fhirServer: fhir.server.base });

    await assert.rejects(readRecord(request), PrefetchUnavailable);
    assert.equal(fhir.server.requests.length, 0);
    const record = await readRecord(request, {}, demoCaller);

    assert.equal(record.resources.length, 9);
    assert.ok(fhir.server.requests.every(({ headers }) => headers.authorization === undefined));
  });

  it('accepts a base with a trailing slash', async () => {
    const record = await readRecord(
      aRequest({ fhirServer: `${fhir.server.base}/`, fhirAuthorization }),
    );

    assert.equal(record.resources.length, 9);
  });
});

describe('medications that no template can ask for', () => {
  const request = (reference: string): FhirResource =>
    ofPatient('MedicationRequest', 'm', { medicationReference: { reference } });
  const prefetch = (reference: string): Record<string, unknown> =>
    prefetchWith({ medicationRequests: searchset([request(reference)]) });

  it('are fetched by id', async () => {
    const server = await startFakeFhirServer([{ resourceType: 'Medication', id: 'x' }]);

    const record = await readRecord(
      aRequest({ fhirServer: server.base, fhirAuthorization, prefetch: prefetch('Medication/x') }),
    );
    await server.close();

    assert.deepEqual(
      server.requests.map(({ url }) => url),
      ['/tenant/fhir/Medication?_id=x'],
    );
    assert.ok(referencesOf(record).includes('Medication/x'));
    assert.equal(inputOf(record, 'Medication'), undefined);
  });

  it('are named as missing when the server does not have them', async () => {
    const server = await startFakeFhirServer([]);

    const record = await readRecord(
      aRequest({ fhirServer: server.base, fhirAuthorization, prefetch: prefetch('Medication/x') }),
    );
    await server.close();

    assert.deepEqual(inputOf(record, 'Medication'), {
      type: 'Medication',
      state: 'failed',
      reason: 'not-found',
    });
  });

  it('T8 are never read from another server', async () => {
    const [server, trap] = [
      await startFakeFhirServer([]),
      await startFakeFhirServer([{ resourceType: 'Medication', id: 'x' }]),
    ];

    const record = await readRecord(
      aRequest({
        fhirServer: server.base,
        fhirAuthorization,
        prefetch: prefetch(`${trap.base}/Medication/x`),
      }),
    );
    await Promise.all([server.close(), trap.close()]);

    assert.equal(trap.requests.length, 0);
    assert.equal(inputOf(record, 'Medication')?.state, 'failed');
  });

  it('are not mixed up with others by a server that ignores the id', async () => {
    const server = await startFakeFhirServer([]);
    const others = ['y', 'z'].map((id) => ({ resourceType: 'Medication', id }) as const);
    server.fail('Medication', { kind: 'json', body: searchset(others) });

    const record = await readRecord(
      aRequest({ fhirServer: server.base, fhirAuthorization, prefetch: prefetch('Medication/x') }),
    );
    await server.close();

    assert.equal(inputOf(record, 'Medication')?.reason, 'not-found');
    assert.ok(!referencesOf(record).some((reference) => reference.startsWith('Medication/')));
  });
});
