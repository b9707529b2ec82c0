// A FHIR server for each test of a suite, and reads of it. Must not know what the answers should be.
import assert from 'node:assert/strict';
import type { FhirResource } from 'fhir/r4.js';
import type { ReaderOptions } from '../../src/fhir/read-patient-record.js';
import type { InputRead, PatientRecord } from '../../src/pain/patient-record.js';
import {
  aRequest,
  fhirAuthorization,
  inputOf,
  oneOfEach,
  patient,
  prefetchWith,
  readRecord,
} from './edge.js';
import { type FakeFhirServer, startFakeFhirServer } from './fake-fhir-server.js';

/** The patient and one resource for every other key. */
export const everything: readonly FhirResource[] = [patient, ...oneOfEach];

/** The server of the running test and what was logged in it; both are new for each test, so read them where they are used. */
export interface ServerReads {
  readonly server: FakeFhirServer;
  readonly lines: readonly object[];
  readonly log: Required<ReaderOptions>['log'];
  /** Reads with a token, from the server what the prefetch lacks. */
  readonly read: (
    prefetch?: Record<string, unknown>,
    options?: Partial<ReaderOptions>,
  ) => Promise<PatientRecord>;
  /** How the procedures ended, all else being sent. */
  readonly procedures: (options?: Partial<ReaderOptions>) => Promise<InputRead | undefined>;
}

/** Starts a server before each test of the suite this is called in, and closes it after. */
export const withFhirServer = (resources: readonly FhirResource[] = everything): ServerReads => {
  let started: FakeFhirServer | undefined;
  let lines: object[] = [];
  const server = (): FakeFhirServer => started ?? assert.fail('no test is running');
  beforeEach(async () => {
    started = await startFakeFhirServer(resources);
    lines = [];
  });
  afterEach(() => server().close());
  const log = { info: (line: object) => void lines.push(line), error: () => undefined };
  const read: ServerReads['read'] = (prefetch, options = {}) =>
    readRecord(
      aRequest({ fhirServer: server().base, fhirAuthorization, ...(prefetch && { prefetch }) }),
      { log, ...options },
    );
  return {
    get server() {
      return server();
    },
    get lines() {
      return lines;
    },
    log,
    read,
    procedures: async (options) =>
      inputOf(await read(prefetchWith({ procedures: undefined }), options), 'Procedure'),
  };
};
