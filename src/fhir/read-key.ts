// One prefetch key: its prefetch value, else the FHIR server, and how it ended. Must not know other keys.
import type { FhirResource } from 'fhir/r4.js';
import type { HookRequest } from '../cds/cds-hooks.js';
import type { PrefetchKey } from '../cds/services.js';
import type { InputRead } from '../pain/patient-record.js';
import type { SubjectTest } from '../pain/subject.js';
import { fetchPages, type Pages } from './fetch-pages.js';
import type { FhirReader, ReadLimits } from './guarded-client.js';
import { FEWER_THAN_TOTAL, isShort, type ReadValue, readValue } from './prefetch-value.js';
import { ReadFailed } from './read-failed.js';
import { namesPatient } from './search-answer.js';
import { unusableReason } from './usable-resource.js';

/** How a key ended, with the resources that are proven to be about the patient. */
export interface KeyRead {
  readonly key: PrefetchKey;
  readonly state: InputRead['state'];
  readonly reason?: string;
  readonly resources: readonly FhirResource[];
  readonly foreignCount: number;
  /** True when a server was asked for it. */
  readonly isFetched?: boolean;
}

const fillTemplate = (template: string, patientId: string): string =>
  template.replace('{{context.patientId}}', () => encodeURIComponent(patientId));

/** What of a value can be used, in one pass. */
interface Usable {
  readonly resources: readonly FhirResource[];
  /** Why resources about the patient cannot be used: the reason of the first. */
  readonly unusable: string | undefined;
  readonly isNoneOwn: boolean;
  /** True when nothing but what rides along is left. */
  readonly isEmpty: boolean;
  readonly foreign: number;
}

const usableOf = (given: readonly FhirResource[], isAbout: SubjectTest): Usable => {
  const resources: FhirResource[] = [];
  let unusable: string | undefined;
  let own = 0;
  let isEmpty = true;
  for (const resource of given) {
    const isMedication = resource.resourceType === 'Medication';
    if (!isMedication && !isAbout(resource)) continue;
    own += 1;
    const reason = unusableReason(resource);
    if (reason === undefined) {
      resources.push(resource);
      if (!isMedication) isEmpty = false;
    } else unusable ??= reason;
  }
  return { resources, unusable, isNoneOwn: own === 0, isEmpty, foreign: given.length - own };
};

const unavailable = (key: PrefetchKey, reason: string): KeyRead => ({
  key,
  state: 'failed',
  reason,
  resources: [],
  foreignCount: 0,
});

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
  const { resources, unusable, isNoneOwn, isEmpty, foreign } = usableOf(value.resources, isAbout);
  if (foreign > 0 && (fetched || isNoneOwn)) {
    return { ...unavailable(key, 'foreign-subject'), foreignCount: foreign };
  }
  const reason = value.truncated ?? unusable;
  if (reason !== undefined)
    return { key, state: 'truncated', reason, resources, foreignCount: foreign };
  return { key, state: isEmpty ? 'none-recorded' : 'read', resources, foreignCount: foreign };
};

/** What the reads of one call share. */
export interface CallReads {
  readonly request: HookRequest;
  readonly server: FhirReader | undefined;
  /** Why there is no server. */
  readonly noServer: string;
  readonly isAbout: SubjectTest;
  readonly limits: ReadLimits;
}

/** Reads one key from the server: all of it, or the pages that follow the one that was sent. */
const fetchKey = async (
  key: PrefetchKey,
  server: FhirReader,
  sent: ReadValue | undefined,
  { request, isAbout, limits }: CallReads,
): Promise<KeyRead> => {
  const { patientId } = request.context;
  try {
    const first = sent ? { value: sent } : { url: fillTemplate(key.template, patientId) };
    const pages = await fetchPages(server, first, key.type, limits, (self) =>
      namesPatient(self, key.type, patientId),
    );
    return { ...settle(key, pages, isAbout, sent === undefined), isFetched: true };
  } catch (error) {
    if (!(error instanceof ReadFailed)) throw error;
    return { ...unavailable(key, error.reason), isFetched: true };
  }
};

/** Reads one key: its prefetch value, else the server. */
export const readKey = async (key: PrefetchKey, reads: CallReads): Promise<KeyRead> => {
  const { request, server, isAbout } = reads;
  const prefetched = readValue(request.prefetch?.[key.key], key.type);
  const sent = prefetched.state !== 'unknown';
  const isCut = isShort(prefetched);
  if (sent && !isCut && (prefetched.state === 'failed' || prefetched.next === undefined)) {
    // An error outcome is the client's own answer; anything else that cannot be used may be fetched instead.
    if (prefetched.state !== 'failed' || prefetched.reason === 'operation-outcome' || !server)
      return settle(key, prefetched, isAbout, false);
  }
  if (!server) {
    if (!sent) return unavailable(key, prefetched.reason === 'null' ? 'null' : reads.noServer);
    const truncated = isCut ? FEWER_THAN_TOTAL : 'next-not-followed';
    return settle(key, { ...prefetched, truncated }, isAbout, false);
  }
  const isPaged = sent && prefetched.state !== 'failed' && !isCut;
  const read = await fetchKey(key, server, isPaged ? prefetched : undefined, reads);
  if (!isCut || read.state !== 'failed') return read;
  // What was sent is part of the answer all the same.
  const part = { ...prefetched, truncated: read.reason ?? FEWER_THAN_TOTAL };
  const kept = settle(key, part, isAbout, false);
  return { ...kept, foreignCount: kept.foreignCount + read.foreignCount, isFetched: true };
};
