// Which FHIR server a call may read: the registry decides, the request only selects, and nothing is dialled to find out.
import assert from 'node:assert/strict';
import type { CdsClient } from '../../src/cds/ports.js';
import { Forbidden, InvalidRequest, PrefetchUnavailable } from '../../src/errors.js';
import { selectServer } from '../../src/fhir/select-server.js';
import {
  aCaller,
  aClient,
  aRequest,
  callerOf,
  demoCaller,
  fhirAuthorization,
  oneOfEach,
  patient,
  readRecord,
} from '../support/edge.js';
import { type FakeFhirServer, startFakeFhirServer } from '../support/fake-fhir-server.js';

const BASE = 'https://ehr.example.org/tenant/fhir';
const client = aClient([BASE, 'http://10.1.2.3:8080/fhir']);
const select = (fhirServer: string, change: object = {}, by: CdsClient = client) =>
  selectServer(
    aRequest({ fhirServer, fhirAuthorization: { ...fhirAuthorization, ...change } }),
    by,
  );
const reasonOf = (selection: ReturnType<typeof selectServer>): string =>
  selection.server ? 'selected' : selection.reason;

describe('the fhirServer of a call', () => {
  for (const url of [
    BASE,
    `${BASE}/`,
    'https://EHR.example.org:443/tenant/fhir',
    'http://10.1.2.3:8080/fhir',
  ]) {
    it(`T5 selects a registered base: ${url}`, () => {
      const { server } = select(url);

      assert.ok(server && client.fhirServers.includes(server.base.href));
    });
  }

  const refused: readonly string[] = [
    'http://169.254.169.254/latest/meta-data',
    'http://metadata.google.internal/computeMetadata/v1',
    'http://localhost:6379',
    'http://127.0.0.1:22',
    'http://[::1]/fhir',
    'http://10.1.2.4:8080/fhir',
    'http://10.1.2.3/fhir',
    'http://10.1.2.3:8081/fhir',
    'https://10.1.2.3:8080/fhir',
    'http://167838211:8080/fhir',
    'http://0xa010203:8080/fhir',
    'http://[::ffff:10.1.2.3]:8080/fhir',
    'http://ehr.example.org/tenant/fhir',
    'https://ehr.example.org',
    'https://ehr.example.org/tenant',
    'https://ehr.example.org/tenant/fhir/Patient',
    'https://ehr.example.org/tenant/fhirx',
    'https://ehr.example.org.evil.test/tenant/fhir',
    'https://ehr.example.org@evil.test/tenant/fhir',
    'https://ehr.example.org:8443/tenant/fhir',
    'https://ehr.example.org/%74enant/fhir',
    'https://ehr.example.org/x/../tenant/fhir',
    'file:///etc/passwd',
    'gopher://ehr.example.org/tenant/fhir',
  ];
  for (const url of refused) {
    it(`T1 T5 DAT-19 DAT-20 is refused when it is ${url}`, () =>
      assert.throws(() => select(url), Forbidden));
  }

  it('T10 of another client is refused', () => {
    const [one, other] = [aClient(['https://a.test/fhir']), aClient(['https://b.test/fhir'])];

    assert.throws(() => select('https://b.test/fhir', {}, one), Forbidden);
    assert.throws(() => select('https://a.test/fhir', {}, other), Forbidden);
  });

  it('T1 is refused without a connection, and fast', async () => {
    const trap = await startFakeFhirServer([patient]);
    const request = aRequest({ fhirServer: trap.base, fhirAuthorization });
    const started = performance.now();

    await assert.rejects(readRecord(request, {}, aCaller(client)), Forbidden);
    const took = performance.now() - started;
    await trap.close();

    assert.equal(trap.requests.length, 0);
    assert.ok(took < 50, `${took} ms`);
  }).retries(2);

  it('reaches loopback only in demo mode, and is otherwise not read', () => {
    const by = demoCaller.client;
    for (const url of [
      'http://127.0.0.1:3000/fhir',
      'http://localhost/fhir',
      'http://[::1]:1/fhir',
    ])
      assert.equal(reasonOf(select(url, {}, by)), 'selected');
    for (const url of ['https://ehr.test/fhir', 'http://10.0.0.1/fhir', 'http://2130706433/fhir'])
      assert.equal(reasonOf(select(url, {}, by)), 'no-fhir-access');
  });
});

describe('the access token of a call', () => {
  it('REQ-7 DAT-18 is needed outside demo mode', () => {
    assert.equal(reasonOf(selectServer(aRequest({ fhirServer: BASE }), client)), 'no-fhir-access');
    assert.equal(reasonOf(selectServer(aRequest(), client)), 'no-fhir-access');
  });

  it('DAT-16 T18 is refused when it is for another patient', () => {
    assert.throws(() => select(BASE, { patient: 'p-2' }), InvalidRequest);
    assert.equal(reasonOf(select(BASE, { patient: 'p-1' })), 'selected');
  });

  it('T9 is not used when it has expired', () => {
    for (const expires_in of [0, -1])
      assert.equal(reasonOf(select(BASE, { expires_in })), 'token-expired');
  });

  it('T9 is used no longer than it lasts', () => {
    assert.equal(select(BASE, { expires_in: 2 }).server?.tokenEndsInMs, 2000);
  });

  it('is not used when it was issued to another service', () => {
    const by = aClient([BASE], { fhirClientId: 'pain-cds' });

    assert.equal(reasonOf(select(BASE, { subject: 'pain-cds' }, by)), 'selected');
    assert.equal(reasonOf(select(BASE, { subject: 'other' }, by)), 'token-for-another-service');
  });

  it('DAT-17 is used whatever its scope says', () => {
    for (const scope of ['', 'patient/*.rs', 'user/Condition.read launch', 'prose of a vendor'])
      assert.equal(reasonOf(select(BASE, { scope })), 'selected');
  });

  it('is not used when it could not be a header', () => {
    for (const access_token of ['a\r\nX: y', 'a b', 'ä', 'x'.repeat(9000)])
      assert.equal(reasonOf(select(BASE, { access_token })), 'token-malformed');
  });

  it('that is not used leaves no request, and the reason stands with what is missing', async () => {
    const server: FakeFhirServer = await startFakeFhirServer([patient, ...oneOfEach]);
    const request = aRequest({
      fhirServer: server.base,
      fhirAuthorization: { ...fhirAuthorization, expires_in: 0 },
    });

    await assert.rejects(readRecord(request, {}, callerOf(request)), (error) => {
      assert.ok(error instanceof PrefetchUnavailable);
      assert.deepEqual(error.missing[0], { key: 'patient', reason: 'token-expired' });
      return true;
    });
    await server.close();
    assert.equal(server.requests.length, 0);
  });
});
