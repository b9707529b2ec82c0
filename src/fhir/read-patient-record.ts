// The record of a call's patient: prefetch first, the FHIR server for missing keys, every input's read state kept. Must not judge it.
import type { FhirResource, Patient } from 'fhir/r4.js';
import type { HookRequest } from '../cds/cds-hooks.js';
import type { PatientRecordReader } from '../cds/ports.js';
import type { CdsService, PrefetchKey } from '../cds/services.js';
import { InvalidRequest, PrefetchUnavailable } from '../errors.js';
import type { InputRead, PatientRecord } from '../pain/patient-record.js';
import { createSubjectTest, type SubjectTest } from '../pain/subject.js';
import { fetchPages, type Pages } from './fetch-pages.js';
import {
  createDispatcher,
  type FhirReader,
  openFhirServer,
  ReadFailed,
  type ReadLimits,
} from './guarded-client.js';
import {
  MEDICATION_TYPES,
  readMedications,
  unresolvedMedications,
  withPlainMedication,
} from './medications.js';
import { orderResources } from './order-resources.js';
import { readValue } from './prefetch-value.js';

/** How the reader may reach FHIR servers. */
export interface ReaderOptions {
  readonly limits: ReadLimits;
  /** For all reads of one call together, milliseconds. */
  readonly readBudgetMs: number;
  /** Whether a call's `fhirServer` may be read at all (the registry, or loopback in demo mode). */
  readonly isAllowed: (fhirServer: string) => boolean;
  /** Whether a server may be read without `fhirAuthorization`: demo mode only. */
  readonly allowsAnonymous: boolean;
}

interface KeyRead {
  readonly key: PrefetchKey;
  readonly state: InputRead['state'];
  readonly reason?: string;
  readonly resources: readonly FhirResource[];
  readonly foreignCount: number;
}

const serverOf = (
  request: HookRequest,
  options: ReaderOptions,
  open: (base: string, token: string | undefined) => FhirReader,
): FhirReader | undefined => {
  const { fhirServer, fhirAuthorization, context } = request;
  if (fhirServer === undefined || !options.isAllowed(fhirServer)) return undefined;
  const isOtherPatient =
    fhirAuthorization?.patient !== undefined && fhirAuthorization.patient !== context.patientId;
  if (isOtherPatient || (fhirAuthorization === undefined && !options.allowsAnonymous))
    return undefined;
  return open(fhirServer, fhirAuthorization?.access_token);
};

const fillTemplate = (template: string, patientId: string): string =>
  template.replace('{{context.patientId}}', () => encodeURIComponent(patientId));

const split = (
  resources: readonly FhirResource[],
  isAbout: SubjectTest,
): { own: FhirResource[]; foreign: number } => {
  const own = resources.filter(
    (resource) => resource.resourceType === 'Medication' || isAbout(resource),
  );
  return { own, foreign: resources.length - own.length };
};

const unavailable = (key: PrefetchKey, reason: string): KeyRead => ({
  key,
  state: 'failed',
  reason,
  resources: [],
  foreignCount: 0,
});

/** Reads one key: its prefetch value, else the server. */
const readKey = async (
  key: PrefetchKey,
  request: HookRequest,
  server: FhirReader | undefined,
  isAbout: SubjectTest,
  options: ReaderOptions,
  signal: AbortSignal,
): Promise<KeyRead> => {
  const prefetched = readValue(request.prefetch?.[key.key], key.type);
  const sent = prefetched.state !== 'unknown';
  if (sent && (prefetched.state === 'failed' || prefetched.next === undefined)) {
    // An error outcome is the client's own answer; anything else that cannot be used may be fetched instead.
    if (prefetched.state !== 'failed' || prefetched.reason === 'operation-outcome' || !server)
      return settle(key, prefetched, isAbout, false);
  }
  if (!server) {
    if (!sent) return unavailable(key, prefetched.reason === 'null' ? 'null' : 'no-fhir-access');
    return settle(key, { ...prefetched, truncated: 'next-not-followed' }, isAbout, false);
  }
  const isPaged = sent && prefetched.state !== 'failed';
  try {
    const first = isPaged
      ? { value: prefetched }
      : { url: fillTemplate(key.template, request.context.patientId) };
    return settle(
      key,
      await fetchPages(server, first, key.type, options.limits, signal),
      isAbout,
      !isPaged,
    );
  } catch (error) {
    if (!(error instanceof ReadFailed)) throw error;
    return unavailable(key, error.reason);
  }
};

/**
 * The final state of a key. A search that answers with other patients' data did not do what was asked: it failed.
 * Sent data of other patients alone are no proof that this one has none.
 */
const settle = (
  key: PrefetchKey,
  value: Pages,
  isAbout: SubjectTest,
  fetched: boolean,
): KeyRead => {
  if (value.state === 'failed') return unavailable(key, value.reason ?? 'failed');
  const { own, foreign } = split(value.resources, isAbout);
  if (foreign > 0 && (fetched || own.length === 0)) {
    return { ...unavailable(key, 'foreign-subject'), foreignCount: foreign };
  }
  const isEmpty = own.every((resource) => resource.resourceType === 'Medication');
  if (value.truncated !== undefined)
    return {
      key,
      state: 'truncated',
      reason: value.truncated,
      resources: own,
      foreignCount: foreign,
    };
  return { key, state: isEmpty ? 'none-recorded' : 'read', resources: own, foreignCount: foreign };
};

const checkPatient = (patient: Patient | undefined, patientId: string): void => {
  const links: unknown = patient?.link;
  if (Array.isArray(links) && links.some((link) => link?.type === 'replaced-by')) {
    throw new InvalidRequest([
      {
        pointer: '/context/patientId',
        message: 'the record of this patient has been replaced by another (patient-superseded)',
      },
    ]);
  }
  if (patient && patient.id !== patientId) {
    throw new InvalidRequest([
      {
        pointer: '/prefetch/patient/id',
        message: 'the prefetched Patient is not the patient of the context',
      },
    ]);
  }
};

const prefetchedPatient = (request: HookRequest, service: CdsService): Patient | undefined => {
  const key = service.prefetch.find(({ type }) => type === 'Patient');
  const [resource] = key ? readValue(request.prefetch?.[key.key], 'Patient').resources : [];
  return resource?.resourceType === 'Patient' ? resource : undefined;
};

const isPatient = (resource: FhirResource): resource is Patient =>
  resource.resourceType === 'Patient';

const toInput = ({ key, state, reason }: KeyRead): InputRead => ({
  type: key.type,
  state,
  ...(reason !== undefined && { reason }),
});

/** The signal of a call that reads nothing. */
const NEVER = new AbortController().signal;

/** Creates the reader of patient records. */
export const createPatientRecordReader = (options: ReaderOptions): PatientRecordReader => {
  const dispatcher = createDispatcher(options.limits);
  const open = (base: string, token: string | undefined): FhirReader =>
    openFhirServer(base, token, dispatcher, options.limits);
  return {
    read: async (request, service): Promise<PatientRecord> => {
      const { patientId } = request.context;
      checkPatient(prefetchedPatient(request, service), patientId);
      const server = serverOf(request, options, open);
      const base = request.fhirServer?.replace(/\/+$/, '');
      const isAbout = createSubjectTest(patientId, { base });
      const signal = server ? AbortSignal.timeout(options.readBudgetMs) : NEVER;
      const reads = await Promise.all(
        service.prefetch.map((key) => readKey(key, request, server, isAbout, options, signal)),
      );
      const lost = reads.filter(
        ({ key, state }) =>
          key.required && (state === 'failed' || (key.type === 'Patient' && state !== 'read')),
      );
      if (lost.length > 0) {
        throw new PrefetchUnavailable(
          lost.map(({ key, reason, state }) => ({ key: key.key, reason: reason ?? state })),
        );
      }
      const isDrug = ({ key }: KeyRead): boolean => MEDICATION_TYPES.has(key.type);
      const drugs = reads
        .filter(isDrug)
        .flatMap(({ resources }) =>
          resources.map((resource) => withPlainMedication(resource, base)),
        );
      const medications = await readMedications(
        unresolvedMedications(drugs, base),
        server,
        options.limits,
        signal,
      );
      const others = reads.filter((one) => !isDrug(one) && one.key.type !== 'Patient');
      const patient = reads.find(({ key }) => key.type === 'Patient')?.resources.find(isPatient);
      checkPatient(patient, patientId);
      return {
        patientId,
        ...(patient && { patient }),
        resources: orderResources([
          ...others.flatMap(({ resources }) => resources),
          ...drugs,
          ...medications.resources,
        ]),
        inputs: [...reads.map(toInput), ...(medications.input ? [medications.input] : [])],
        foreignCount: reads.reduce((sum, { foreignCount }) => sum + foreignCount, 0),
      };
    },
  };
};
