// A service, a reader and a request for tests of the edge. Must not know clinical content.
import type { FhirResource, Patient } from 'fhir/r4.js';
import { DEMO_CLIENT } from '../../src/auth/demo.js';
import type { HookRequest } from '../../src/cds/cds-hooks.js';
import type { Caller, CdsClient, PatientRecordReader } from '../../src/cds/ports.js';
import { type CdsService, createServices } from '../../src/cds/services.js';
import type { Clock } from '../../src/fhir/clock.js';
import {
  createPatientRecordReader,
  type ReaderOptions,
} from '../../src/fhir/read-patient-record.js';
import type { InputRead, InputType, PatientRecord } from '../../src/pain/patient-record.js';
import { searchset } from './fake-fhir-server.js';

export const PATIENT_ID = 'p-1';

export const patient: Patient = {
  resourceType: 'Patient',
  id: PATIENT_ID,
  birthDate: '1980-02-03',
};

/** A resource of a type that is about the patient. */
export const ofPatient = (type: InputType, id: string, change: object = {}): FhirResource => {
  const key = type === 'AllergyIntolerance' ? 'patient' : 'subject';
  const base = { resourceType: type, id, [key]: { reference: `Patient/${PATIENT_ID}` } };
  return { ...base, ...change } as unknown as FhirResource;
};

const text = { title: 'Pain', description: 'Pain.', usageRequirements: 'FHIR R4' };

/** The same words for every service. */
export const serviceTexts = Object.fromEntries(
  ['patient-view', 'encounter-start', 'problem-list-item-create', 'order-select', 'order-sign'].map(
    (hook) => [`pain-${hook}`, text],
  ),
);

export const services = createServices(
  { observationCodes: ['72514-3', 'DN4'], reportCategories: ['RAD'] },
  serviceTexts,
);

export const service = ((): CdsService => {
  const found = services.get('pain-patient-view');
  if (!found) throw new Error('pain-patient-view is gone');
  return found;
})();

/** One resource for every key but `patient`. */
export const oneOfEach: readonly FhirResource[] = service.prefetch
  .filter(({ type }) => type !== 'Patient')
  .map(({ type }) => ofPatient(type, `${type.toLowerCase()}-1`));

/** Complete prefetch over some resources; keys without one get an empty searchset. */
export const prefetchOf = (resources: readonly FhirResource[]): Record<string, unknown> =>
  Object.fromEntries(
    service.prefetch.map(({ key, type }) => [
      key,
      type === 'Patient' ? patient : searchset(resources.filter((r) => r.resourceType === type)),
    ]),
  );

/** Complete prefetch in which some keys are replaced; `undefined` takes a key away. */
export const prefetchWith = (
  change: Readonly<Record<string, unknown>>,
): Record<string, unknown> => {
  const prefetch = { ...prefetchOf(oneOfEach), ...change };
  return Object.fromEntries(Object.entries(prefetch).filter(([, value]) => value !== undefined));
};

export const aRequest = (change: Partial<HookRequest> = {}): HookRequest => ({
  hook: 'patient-view',
  hookInstance: 'd1577c69-dfbe-44ad-ba6d-3e05e953b2ea',
  context: { userId: 'Practitioner/1', patientId: PATIENT_ID },
  ...change,
});

export const TOKEN = 'CANARY-TOKEN';

export const fhirAuthorization = {
  access_token: TOKEN,
  token_type: 'Bearer',
  expires_in: 300,
  scope: 'patient/*.read',
  subject: 'pain-cds',
} as const;

/** Real time, and no chance. */
export const testClock: Clock = {
  wallMs: Date.now,
  steadyMs: () => performance.now(),
  random: () => 0.5,
};

const options: ReaderOptions = {
  limits: { readTimeoutMs: 300, maxPages: 10, maxResources: 2000, maxResponseBytes: 200_000 },
  clock: testClock,
  prefetchBudgetMs: 1000,
  readBudgetMs: 1000,
};

/** The unauthenticated caller of demo mode. */
export const demoCaller: Caller = aCaller(DEMO_CLIENT);

/** A registered client whose FHIR servers are these. */
export const aClient = (
  fhirServers: readonly string[],
  change: Partial<CdsClient> = {},
): CdsClient => ({
  ...DEMO_CLIENT,
  id: 'hospital',
  kind: 'registered',
  fhirServers,
  ...change,
});

/** A registered caller whose only FHIR server is the one its request names. */
export const callerOf = (request: HookRequest, change: Partial<CdsClient> = {}): Caller =>
  aCaller(aClient(request.fhirServer === undefined ? [] : [request.fhirServer], change));

/** Reads a request with bounds small enough for tests. */
export const readRecord = (
  request: HookRequest,
  change: Partial<ReaderOptions> = {},
  caller: Caller = callerOf(request),
): Promise<PatientRecord> =>
  createPatientRecordReader({ ...options, ...change }).read(request, service, caller);

/** A reader with the bounds of tests, for several calls. */
export const aReader = (change: Partial<ReaderOptions> = {}): PatientRecordReader =>
  createPatientRecordReader({ ...options, ...change });

/** How an input ended. */
export const inputOf = (record: PatientRecord, type: InputType): InputRead | undefined =>
  record.inputs.find((input) => input.type === type);

/** `Type/id` of all resources of a record. */
export const referencesOf = (record: PatientRecord): string[] =>
  record.resources.map(({ resourceType, id }) => `${resourceType}/${id}`);

/** Somebody who calls, and hangs up when the signal says so. */
export function aCaller(client: CdsClient, signal = new AbortController().signal): Caller {
  return { client, signal, receivedAt: new Date('2026-11-22T10:00:00Z'), elapsedMs: () => 1 };
}
