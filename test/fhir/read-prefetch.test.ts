// The record read from prefetch alone: read states, other patients' data, duplicates.
import assert from 'node:assert/strict';
import type { FhirResource } from 'fhir/r4.js';
import { InvalidRequest, PrefetchUnavailable } from '../../src/errors.js';
import { cpuMs } from '../support/cpu-time.js';
import {
  aRequest,
  inputOf,
  ofPatient,
  oneOfEach,
  patient,
  prefetchOf,
  prefetchWith,
  readRecord,
  referencesOf,
} from '../support/edge.js';
import { outcome, searchset } from '../support/fake-fhir-server.js';

const ofOther = (type: 'Condition' | 'Procedure', id: string): FhirResource =>
  ofPatient(type, id, { subject: { reference: 'Patient/p-2' } });

const read = (change: Readonly<Record<string, unknown>>) =>
  readRecord(aRequest({ prefetch: prefetchWith(change) }));

describe('reading the record from prefetch', () => {
  it('DAT-1 reads every key and says so', async () => {
    const record = await readRecord(aRequest({ prefetch: prefetchOf(oneOfEach) }));

    assert.equal(record.patient?.id, patient.id);
    assert.deepEqual(
      record.inputs.map(({ state }) => state),
      Array(10).fill('read'),
    );
    assert.equal(record.resources.length, 9);
    assert.equal(record.foreignCount, 0);
  });

  it('DAT-13 ignores keys nobody asked for', async () => {
    const record = await read({ secrets: searchset([ofPatient('Condition', 'extra')]) });

    assert.ok(!referencesOf(record).includes('Condition/extra'));
  });

  const states: readonly (readonly [string, unknown, string, string | undefined])[] = [
    ['absent', undefined, 'failed', 'no-fhir-access'],
    ['null', null, 'failed', 'null'],
    ['an empty searchset', searchset([]), 'none-recorded', undefined],
    ['an error outcome', outcome('error'), 'failed', 'operation-outcome'],
    [
      'a warning outcome inside an empty searchset',
      { ...searchset([outcome('warning')]), total: 0 },
      'none-recorded',
      undefined,
    ],
    ['HTML', '<html/>', 'failed', 'wrong-type'],
    [
      'paged',
      searchset([ofPatient('Procedure', 'a')], 'https://ehr.test/2'),
      'truncated',
      'next-not-followed',
    ],
    [
      'short of its total',
      { ...searchset([ofPatient('Procedure', 'a')]), total: 100 },
      'truncated',
      'fewer-than-total',
    ],
    [
      'of a total that is no number',
      { ...searchset([ofPatient('Procedure', 'a')]), total: { valueOf: 1, toString: 1 } },
      'read',
      undefined,
    ],
    [
      'of entries without a mode, some of them along',
      {
        ...searchset([]),
        total: 2,
        entry: [
          { resource: ofPatient('Procedure', 'a') },
          { resource: { resourceType: 'Device' } },
        ],
      },
      'read',
      undefined,
    ],
  ];
  for (const [name, value, state, reason] of states) {
    it(`SAF-4 DAT-6 DAT-7 DAT-8 DAT-11 T19 keeps the state of a key that is ${name}`, async () => {
      const input = inputOf(await read({ procedures: value }), 'Procedure');

      assert.deepEqual([input?.state, input?.reason], [state, reason]);
    });
  }

  for (const key of ['patient', 'conditions']) {
    for (const value of [undefined, null, outcome('error'), '<html/>']) {
      it(`fails naming ${key} when it is ${JSON.stringify(value) ?? 'absent'}`, async () => {
        await assert.rejects(read({ [key]: value }), (error) => {
          assert.ok(error instanceof PrefetchUnavailable);
          assert.deepEqual(
            error.missing.map((m) => m.key),
            [key],
          );
          return true;
        });
      });
    }
  }

  it('RES-3 DAT-4 names every required key that is missing', async () => {
    await assert.rejects(readRecord(aRequest()), (error) => {
      assert.ok(error instanceof PrefetchUnavailable);
      assert.deepEqual(
        error.missing.map((m) => m.key),
        ['patient', 'conditions'],
      );
      return true;
    });
  });

  it('DAT-7 answers when no condition is recorded', async () => {
    const record = await read({ conditions: searchset([]) });

    assert.equal(inputOf(record, 'Condition')?.state, 'none-recorded');
  });
});

describe("REQ-14 T16 reading the record from prefetch with other patients' data in it", () => {
  it('REQ-14 T16 leaves foreign rows out and counts them', async () => {
    const rows = searchset([ofPatient('Condition', 'own'), ofOther('Condition', 'foreign')]);

    const record = await read({ conditions: rows });

    assert.ok(referencesOf(record).includes('Condition/own'));
    assert.ok(!referencesOf(record).includes('Condition/foreign'));
    assert.equal(record.foreignCount, 1);
  });

  it('T16 does not take foreign rows alone for none recorded', async () => {
    const input = inputOf(
      await read({ procedures: searchset([ofOther('Procedure', 'x')]) }),
      'Procedure',
    );

    assert.deepEqual([input?.state, input?.reason], ['failed', 'foreign-subject']);
  });

  it('REQ-14 T16 refuses another Patient', async () => {
    await assert.rejects(read({ patient: { ...patient, id: 'p-2' } }), InvalidRequest);
  });

  it('refuses a Patient without an id', async () => {
    await assert.rejects(read({ patient: { resourceType: 'Patient' } }), InvalidRequest);
  });

  it('T18 refuses a superseded Patient', async () => {
    const link = [{ other: { reference: 'Patient/p-9' }, type: 'replaced-by' }];

    await assert.rejects(read({ patient: { ...patient, link } }), InvalidRequest);
  });
});

describe('REQ-15 T20 reading the record from prefetch that is malformed inside', () => {
  const malformed: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
    ['a link that is no array', { patient: { ...patient, link: 'x' } }],
    ['a null link', { patient: { ...patient, link: [null] } }],
    ['a null subject', { procedures: searchset([ofPatient('Procedure', 'a', { subject: null })]) }],
    [
      'a medication reference that is no string',
      {
        medicationRequests: searchset([
          ofPatient('MedicationRequest', 'a', { medicationReference: { reference: 7 } }),
        ]),
      },
    ],
    [
      'a null meta',
      {
        procedures: searchset([
          ofPatient('Procedure', 'a', { meta: null }),
          ofPatient('Procedure', 'a', { meta: null }),
        ]),
      },
    ],
  ];
  for (const [name, change] of malformed) {
    it(`survives ${name}`, async () => {
      assert.equal((await read(change)).patientId, 'p-1');
    });
  }
});

describe('the resources of a record', () => {
  it('hold the newer of two versions', async () => {
    const version = (versionId: string, lastUpdated: string) =>
      ofPatient('Condition', 'a', { meta: { versionId, lastUpdated } });
    const older = version('9', '2026-03-02T01:00:00+01:00');
    const newer = version('10', '2026-03-01T23:30:00-08:00');

    for (const pair of [
      [older, newer],
      [newer, older],
    ]) {
      const record = await read({ conditions: searchset(pair) });

      const [found] = record.resources.filter(({ id }) => id === 'a');
      assert.equal(found?.meta?.versionId, '10');
    }
  });

  it('PER-3 T20 are read in time linear in their number', async () => {
    const rows = Array.from({ length: 10_000 }, (_, at) => ofPatient('Condition', `c${at}`));
    const prefetch = prefetchWith({ conditions: searchset(rows) });

    const started = cpuMs();
    const record = await readRecord(aRequest({ prefetch }));

    assert.equal(record.resources.length, 10_008);
    assert.ok(cpuMs() - started < 1000);
  });

  it('name medications that were referred to and not sent', async () => {
    const request = ofPatient('MedicationRequest', 'm', {
      medicationReference: { reference: 'Medication/x' },
    });

    const record = await read({ medicationRequests: searchset([request]) });

    assert.deepEqual(inputOf(record, 'Medication'), {
      type: 'Medication',
      state: 'failed',
      reason: 'no-fhir-access',
    });
  });

  for (const reference of [
    'Medication/x',
    'https://ehr.example.org/fhir/Medication/x',
    'Medication/x/_history/2',
  ]) {
    it(`hold a medication that came along as ${reference}`, async () => {
      const request = ofPatient('MedicationRequest', 'm', { medicationReference: { reference } });
      const along = searchset([request, { resourceType: 'Medication', id: 'x' }]);

      const record = await readRecord(
        aRequest({
          fhirServer: 'https://ehr.example.org/fhir',
          prefetch: prefetchWith({ medicationRequests: along }),
        }),
      );

      const [found] = record.resources.filter((r) => r.resourceType === 'MedicationRequest');
      assert.equal(found?.medicationReference?.reference, 'Medication/x');
      assert.ok(referencesOf(record).includes('Medication/x'));
      assert.equal(inputOf(record, 'Medication'), undefined);
    });
  }

  it('hold orders without an id beside a draft without one', async () => {
    const unnamed = ofPatient('MedicationRequest', 'm', { id: undefined });
    const draftOrders = { resourceType: 'Bundle', entry: [{ resource: unnamed }] };
    const request = aRequest({
      prefetch: prefetchWith({ medicationRequests: searchset([unnamed, unnamed]) }),
    });

    const record = await readRecord({
      ...request,
      context: { ...request.context, draftOrders },
    });

    const orders = record.resources.filter((r) => r.resourceType === 'MedicationRequest');
    assert.equal(orders.length, 2);
    assert.equal(record.draftOrders?.drafts.length, 1);
  });

  it('hold contained medications without a further read', async () => {
    const request = ofPatient('MedicationRequest', 'm', {
      medicationReference: { reference: '#x' },
      contained: [{ resourceType: 'Medication', id: 'x' }],
    });

    assert.equal(
      inputOf(await read({ medicationRequests: searchset([request]) }), 'Medication'),
      undefined,
    );
  });
});
