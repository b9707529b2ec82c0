// What the calls need from outside. Must not know how it is done.
import type { PatientRecord } from '../pain/patient-record.js';
import type { HookRequest } from './cds-hooks.js';
import type { CdsService } from './services.js';

/** Reads what is known of the patient of a call. */
export interface PatientRecordReader {
  /**
   * Reads prefetch first, key by key, then the CDS Client's FHIR server for the keys that are missing.
   * Every resource of the answer is proven to be about `context.patientId`.
   * @throws {InvalidRequest} when the prefetched Patient is another one
   * @throws {PrefetchUnavailable} naming the required keys that could not be had
   */
  readonly read: (request: HookRequest, service: CdsService) => Promise<PatientRecord>;
}

/** One JSON line per request; never tokens, bodies, patient ids or FHIR content. */
export interface Log {
  readonly info: (line: object) => void;
  readonly error: (line: object) => void;
}
