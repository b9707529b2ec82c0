// The record of a call's patient: prefetch first, the FHIR server for missing keys, every input's read state kept. Must not judge it.
import type { FhirResource, Patient } from 'fhir/r4.js';
import type { HookRequest } from '../cds/cds-hooks.js';
import type { PatientRecordReader } from '../cds/ports.js';
import type { CdsService, PrefetchKey } from '../cds/services.js';
import { InvalidRequest, PrefetchUnavailable } from '../errors.js';
import type { InputRead, PatientRecord } from '../pain/patient-record.js';
import { createSubjectTest, type SubjectTest } from '../pain/subject.js';
import {
  createDispatcher,
  type FhirReader,
  openFhirServer,
  ReadFailed,
  type ReadLimits,
} from './guarded-client.js';
import { type ReadValue, readValue } from './prefetch-value.js';

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

/** Fetches the answer to a relative URL with all its pages; what it could not follow is `truncated`. */
const fetchAll = async (
  server: FhirReader,
  first: { readonly url?: string; readonly value?: ReadValue },
  key: PrefetchKey,
  limits: ReadLimits,
  signal: AbortSignal,
): Promise<ReadValue & { readonly truncated?: string }> => {
  const resources: FhirResource[] = [];
  const seen = new Set<string | undefined>(
    first.url === undefined ? [] : [server.below(first.url)],
  );
  let page = first.value ?? readValue(await server.get(first.url ?? '', signal), key.type);
  for (let pages = 1; ; pages += 1) {
    if (page.state === 'failed')
      return resources.length > 0
        ? { state: 'read', resources, truncated: page.reason ?? 'failed' }
        : page;
    resources.push(...page.resources);
    if (page.next === undefined) return resources.length > 0 ? { state: 'read', resources } : page;
    const url = server.below(page.next);
    const stop =
      url === undefined
        ? 'next-refused'
        : seen.has(url)
          ? 'next-loop'
          : pages >= limits.maxPages || resources.length >= limits.maxResources
            ? 'page-limit'
            : undefined;
    if (url === undefined || stop !== undefined)
      return { state: 'read', resources, truncated: stop ?? 'next-refused' };
    seen.add(url);
    try {
      page = readValue(await server.get(url, signal), key.type);
    } catch (error) {
      if (!(error instanceof ReadFailed)) throw error;
      return { state: 'read', resources, truncated: error.reason };
    }
  }
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
      await fetchAll(server, first, key, options.limits, signal),
      isAbout,
      !isPaged,
    );
  } catch (error) {
    if (!(error instanceof ReadFailed)) throw error;
    return unavailable(key, error.reason);
  }
};

/** The final state of a key. A search that answers with other patients' data did not do what was asked: it failed. */
const settle = (
  key: PrefetchKey,
  value: ReadValue & { readonly truncated?: string },
  isAbout: SubjectTest,
  fetched: boolean,
): KeyRead => {
  if (value.state === 'failed') return unavailable(key, value.reason ?? 'failed');
  const { own, foreign } = split(value.resources, isAbout);
  if (fetched && foreign > 0)
    return { ...unavailable(key, 'foreign-subject'), foreignCount: foreign };
  if (own.length === 0 && foreign > 0) {
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

const isNewer = (a: FhirResource, b: FhirResource): boolean => {
  const age = Date.parse(a.meta?.lastUpdated ?? '') - Date.parse(b.meta?.lastUpdated ?? '');
  if (age !== 0 && !Number.isNaN(age)) return age > 0;
  return Number(a.meta?.versionId ?? 0) > Number(b.meta?.versionId ?? 0);
};

/** One copy of each resource, in an order that does not depend on how it was read: by type, then id. */
const normalise = (resources: readonly FhirResource[]): FhirResource[] => {
  const byType = new Map<string, Map<string, FhirResource>>();
  for (const [at, resource] of resources.entries()) {
    const { resourceType, id = `#${at}` } = resource;
    let byId = byType.get(resourceType);
    if (!byId) {
      byId = new Map();
      byType.set(resourceType, byId);
    }
    const other = byId.get(id);
    if (!other || isNewer(resource, other)) byId.set(id, resource);
  }
  const ordered: FhirResource[] = [];
  for (const [, byId] of [...byType].sort(([a], [b]) => (a < b ? -1 : 1))) {
    for (const id of [...byId.keys()].sort()) {
      const resource = byId.get(id);
      if (resource) ordered.push(resource);
    }
  }
  return ordered;
};

const RESOURCE_ID = /^Medication\/([A-Za-z0-9\-.]{1,256})(?:\/_history\/[^/]+)?$/;
const BARE_ID = /^[A-Za-z0-9\-.]{1,256}$/;

/** A Medication reference as `Medication/id`; undefined when it leads elsewhere than this server. */
const medicationId = (reference: string, base: string | undefined): string | undefined => {
  const isBelow = base !== undefined && reference.startsWith(`${base}/`);
  const relative = isBelow ? reference.slice(base.length + 1) : reference;
  return RESOURCE_ID.exec(relative)?.[1];
};

/** The resource with its medication named as `Medication/id`, the one form the core looks up. */
const withPlainMedication = (resource: FhirResource, base: string | undefined): FhirResource => {
  const { resourceType } = resource;
  if (resourceType !== 'MedicationRequest' && resourceType !== 'MedicationStatement')
    return resource;
  const target: unknown = resource.medicationReference?.reference;
  const id = typeof target === 'string' ? medicationId(target, base) : undefined;
  if (id === undefined || target === `Medication/${id}`) return resource;
  return { ...resource, medicationReference: { reference: `Medication/${id}` } };
};

/** References to Medication resources that came neither contained nor along. */
const unresolvedMedications = (
  resources: readonly FhirResource[],
  base: string | undefined,
): string[] => {
  const known = new Set<string | undefined>(
    resources.flatMap(({ resourceType, id }) => (resourceType === 'Medication' ? [id] : [])),
  );
  const wanted = new Set<string>();
  for (const resource of resources) {
    const { resourceType } = resource;
    if (resourceType !== 'MedicationRequest' && resourceType !== 'MedicationStatement') continue;
    const target: unknown = resource.medicationReference?.reference;
    if (typeof target !== 'string' || target.startsWith('#')) continue;
    const id = medicationId(target, base);
    if (id === undefined || !known.has(id)) wanted.add(id === undefined ? target : id);
  }
  return [...wanted].sort();
};

/** Fetches the medications a template could not ask for, or says that they are missing. */
const readMedications = async (
  wanted: readonly string[],
  server: FhirReader | undefined,
  options: ReaderOptions,
  signal: AbortSignal,
): Promise<{ readonly resources: readonly FhirResource[]; readonly input?: InputRead }> => {
  if (wanted.length === 0) return { resources: [] };
  const ids = wanted.filter((one) => BARE_ID.test(one));
  const missing = (reason: string): InputRead => ({ type: 'Medication', state: 'failed', reason });
  if (!server) return { resources: [], input: missing('no-fhir-access') };
  if (ids.length === 0) return { resources: [], input: missing('not-below-base') };
  const key: PrefetchKey = {
    key: 'medications',
    type: 'Medication',
    template: '',
    required: false,
  };
  try {
    const found = await fetchAll(
      server,
      { url: `Medication?_id=${ids.join(',')}` },
      key,
      options.limits,
      signal,
    );
    const isComplete = found.truncated === undefined && found.resources.length >= wanted.length;
    return {
      resources: found.resources,
      ...(!isComplete && { input: missing(found.reason ?? found.truncated ?? 'not-found') }),
    };
  } catch (error) {
    if (!(error instanceof ReadFailed)) throw error;
    return { resources: [], input: missing(error.reason) };
  }
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

const MEDICATION_TYPES: ReadonlySet<string> = new Set(['MedicationRequest', 'MedicationStatement']);

const isPatient = (resource: FhirResource): resource is Patient =>
  resource.resourceType === 'Patient';

const toInput = ({ key, state, reason }: KeyRead): InputRead => ({
  type: key.type,
  state,
  ...(reason !== undefined && { reason }),
});

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
      const signal = AbortSignal.timeout(options.readBudgetMs);
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
        options,
        signal,
      );
      const others = reads.filter((one) => !isDrug(one) && one.key.type !== 'Patient');
      const patient = reads.find(({ key }) => key.type === 'Patient')?.resources.find(isPatient);
      checkPatient(patient, patientId);
      return {
        patientId,
        ...(patient && { patient }),
        resources: normalise([
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
