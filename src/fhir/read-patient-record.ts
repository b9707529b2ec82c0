// The record of a call's patient: prefetch first, the FHIR server for missing keys, every input's read state kept. Must not judge it.
import type { FhirResource, Patient } from 'fhir/r4.js';
import type { HookRequest } from '../cds/cds-hooks.js';
import type { Caller, Log, PatientRecordReader } from '../cds/ports.js';
import type { CdsService } from '../cds/services.js';
import { ClientGone, InvalidRequest, PrefetchUnavailable } from '../errors.js';
import type { InputRead, InputType, PatientRecord, ReadState } from '../pain/patient-record.js';
import { createSubjectTest } from '../pain/subject.js';
import type { Clock } from './clock.js';
import { readAddedConditions, withoutReplaced } from './context-resources.js';
import { readDraftOrders } from './draft-orders.js';
import { type Deadline, openFhirServer, type ReadLimits } from './guarded-client.js';
import {
  MEDICATION_TYPES,
  readMedications,
  unresolvedMedications,
  withPlainMedication,
} from './medications.js';
import { newestCopies } from './newest-copies.js';
import { readValue } from './prefetch-value.js';
import { type CallReads, type KeyRead, readKey } from './read-key.js';
import { selectServer } from './select-server.js';
import { createUpstreams, type UpstreamLimits } from './upstream.js';

/** How the reader may reach FHIR servers; where it may is said by the client of each call. */
export interface ReaderOptions {
  readonly limits: ReadLimits & UpstreamLimits;
  readonly clock: Clock;
  /** For all reads of a call that was sent every prefetch key, milliseconds. */
  readonly prefetchBudgetMs: number;
  /** For all reads of a call that was not, milliseconds. */
  readonly readBudgetMs: number;
  /** Told of reads that look like an attack or a fault in a registration; never of patients. */
  readonly log?: Log;
  /** Told of every read of a server, for the audit trail. */
  readonly onRead?: (read: UpstreamRead) => void;
}

/** One read of a CDS Client's FHIR server on behalf of a call. */
export interface UpstreamRead {
  readonly client: string;
  readonly patientId: string;
  readonly type: InputType;
  readonly state: ReadState;
  readonly reason?: string;
}

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

/** Words of reads that somebody should look at. */
const NOTABLE = new Set([
  'foreign-subject',
  'filter-ignored',
  'next-refused',
  'next-loop',
  'redirect-refused',
  'address-refused',
  'http-401',
  'circuit-open',
]);

const report = (log: Log | undefined, { client }: Caller, reads: readonly InputRead[]): void => {
  for (const { type, reason } of reads) {
    const isWrongPatient = type === 'Patient' && (reason === 'http-404' || reason === 'http-410');
    if (reason !== undefined && (NOTABLE.has(reason) || isWrongPatient))
      log?.info({ event: 'fhir-read-notable', client: client.id, input: type, reason });
  }
};

const deadlineOf = (
  request: HookRequest,
  service: CdsService,
  options: ReaderOptions,
  tokenEndsInMs: number,
  { signal }: Caller,
): Deadline => {
  const isAllSent = service.prefetch.every(({ key }) => (request.prefetch?.[key] ?? null) !== null);
  const budgetMs = Math.min(
    isAllSent ? options.prefetchBudgetMs : options.readBudgetMs,
    tokenEndsInMs,
  );
  const startedAt = options.clock.steadyMs();
  return {
    startedAt,
    endsAt: startedAt + budgetMs,
    gone: signal,
    signal: AbortSignal.any([signal, AbortSignal.timeout(budgetMs)]),
  };
};

/** Refuses what cannot be answered at all. */
const checkRequired = (reads: readonly KeyRead[]): void => {
  const patient = reads.find(({ key }) => key.type === 'Patient');
  if (patient?.reason === 'http-410') {
    throw new InvalidRequest([
      {
        pointer: '/context/patientId',
        message: 'the record of this patient was removed (patient-gone)',
      },
    ]);
  }
  const lost = reads.filter(
    ({ key, state }) =>
      key.required && (state === 'failed' || (key.type === 'Patient' && state !== 'read')),
  );
  if (lost.length > 0) {
    throw new PrefetchUnavailable(
      lost.map(({ key, reason, state }) => ({ key: key.key, reason: reason ?? state })),
    );
  }
};

const isDrug = ({ key }: KeyRead): boolean => MEDICATION_TYPES.has(key.type);

/** The resources of the prefetch keys that bring medicines, and of those that bring the rest but the Patient. */
const sortOut = (
  reads: readonly KeyRead[],
  base: string | undefined,
): { readonly drugs: readonly FhirResource[]; readonly others: readonly FhirResource[] } => {
  const drugs: FhirResource[] = [];
  const others: FhirResource[] = [];
  for (const read of reads) {
    if (isDrug(read))
      for (const resource of read.resources) drugs.push(withPlainMedication(resource, base));
    else if (read.key.type !== 'Patient')
      for (const resource of read.resources) others.push(resource);
  }
  return { drugs, others };
};

/** Creates the reader of patient records. */
export const createPatientRecordReader = (options: ReaderOptions): PatientRecordReader => {
  const { limits, clock } = options;
  const upstreamOf = createUpstreams(limits, clock);
  return {
    read: async (request, service, caller): Promise<PatientRecord> => {
      const { patientId } = request.context;
      checkPatient(prefetchedPatient(request, service), patientId);
      const selection = selectServer(request, caller.client);
      const { server: selected, base } = selection;
      const server =
        selected &&
        openFhirServer(
          selected,
          upstreamOf(caller.client),
          limits,
          deadlineOf(request, service, options, selected.tokenEndsInMs, caller),
          clock,
        );
      const isAbout = createSubjectTest(patientId, { base });
      const noServer = selection.server ? '' : selection.reason;
      const call: CallReads = { request, server, noServer, isAbout, limits };
      const reads = await Promise.all(service.prefetch.map((key) => readKey(key, call)));
      const tell = (fetched: readonly InputRead[]): void => {
        for (const read of fetched)
          options.onRead?.({ client: caller.client.id, patientId, ...read });
      };
      report(options.log, caller, reads.map(toInput));
      tell(reads.filter(({ isFetched }) => isFetched).map(toInput));
      if (server && caller.signal.aborted) throw new ClientGone();
      checkRequired(reads);
      const { drugs, others } = sortOut(reads, base);
      const { draftOrders, medications: sent } = readDraftOrders(request.context, isAbout, base);
      const ordered = draftOrders?.drafts.map(({ resource }) => resource) ?? [];
      const wanted = unresolvedMedications(drugs, base);
      // What a draft refers to and nobody has leaves that draft unrecognised, not the record's medicines unproven.
      const wantedByDrafts = unresolvedMedications([...ordered, ...sent, ...drugs], base).filter(
        (id) => !wanted.includes(id),
      );
      const [medications, ofDrafts] = await Promise.all([
        readMedications(wanted, server, limits),
        readMedications(wantedByDrafts, server, limits),
      ]);
      const ofMedications = [medications, ofDrafts].flatMap(({ read }) => read ?? []);
      report(options.log, caller, ofMedications);
      tell(ofMedications);
      if (server && caller.signal.aborted) throw new ClientGone();
      const added = readAddedConditions(request.context.conditions, isAbout);
      const patient = reads.find(({ key }) => key.type === 'Patient')?.resources.find(isPatient);
      checkPatient(patient, patientId);
      return {
        patientId,
        ...(patient && { patient }),
        resources: newestCopies([
          ...withoutReplaced(others, [...added.conditions, ...ordered]),
          ...added.conditions,
          ...withoutReplaced(drugs, ordered),
          ...medications.resources,
          ...sent,
          ...ofDrafts.resources,
        ]),
        inputs: [...reads.map(toInput), ...(medications.input ? [medications.input] : [])],
        ...(draftOrders && { draftOrders }),
        foreignCount:
          added.foreignCount + reads.reduce((sum, { foreignCount }) => sum + foreignCount, 0),
      };
    },
  };
};
