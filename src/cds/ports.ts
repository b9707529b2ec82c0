// What the calls need from outside. Must not know how it is done.
import type { PatientRecord } from '../pain/patient-record.js';
import type { HookRequest } from './cds-hooks.js';
import type { CdsService } from './services.js';
import type {
  AuditEvent,
  ChainedAuditEvent,
  StoredEvaluation,
  StoredFeedback,
  StoredOverride,
} from './stored-evaluation.js';

/** A CDS Client as a call sees it: who calls, and where its FHIR reads may go. */
export interface CdsClient {
  /** Id in the client registry; `demo` for the unauthenticated caller of demo mode. */
  readonly id: string;
  /** A demo client is vouched for by nobody: loopback servers only, and those without a token too. */
  readonly kind: 'registered' | 'demo';
  /** The bases its `fhirServer` may name; the only places a token of its calls may go. */
  readonly fhirServers: readonly string[];
  /** The only IP addresses (CIDR) its servers may have; empty: any public one and those its URLs spell out. */
  readonly addresses: readonly string[];
  /** OAuth client id of this service at its authorization server, where `fhirAuthorization.subject` is to be checked. */
  readonly fhirClientId?: string;
  /** Origins of its browser clients. */
  readonly corsOrigins: readonly string[];
  readonly limits: { readonly concurrent: number; readonly feedbackPerMinute: number };
}

/** Who makes a call and for how long an answer is wanted. */
export interface Caller {
  readonly client: CdsClient;
  /** Tag of the language its user reads; the site's when absent. */
  readonly language?: string;
  /** Aborts when the client hangs up. */
  readonly signal: AbortSignal;
  /** When the request arrived, real time. */
  readonly receivedAt: Date;
  /** Milliseconds since then. */
  readonly elapsedMs: () => number;
}

/** What of a request tells who calls. */
export interface Credentials {
  /** The Authorization header as it came. */
  readonly authorization: string | undefined;
  /** Values of `aud` that mean the called route. */
  readonly audiences: readonly string[];
  /** The Origin header of a browser. */
  readonly origin: string | undefined;
  /** IP address of the connection. */
  readonly remoteAddress: string | undefined;
  /** `x5t#S256` of the certificate that the TLS connection proved, SHA-256 in base64url; undefined without one. */
  readonly certificate: () => string | undefined;
}

/**
 * Tells which registered CDS Client makes a request.
 * @throws {Unauthenticated} for every cause alike
 * @throws {Forbidden} when the caller is known and may not call
 * @see https://cds-hooks.hl7.org/2.0/#trusting-cds-clients
 */
export type Authenticate = (credentials: Credentials) => Promise<CdsClient>;

/** Remembers which tokens were used, so that none is used twice. */
export interface ReplayGuard {
  /**
   * Claims a token once.
   * @param tokenId - hash of issuer, tenant and `jti`
   * @param until - the moment after which the token is refused for its age anyway
   * @returns false when the token was claimed before
   */
  readonly claim: (tokenId: string, until: Date) => Promise<boolean>;
}

/** Reads what is known of the patient of a call. */
export interface PatientRecordReader {
  /**
   * Reads prefetch first, key by key, then the CDS Client's FHIR server for the keys that are missing.
   * Every resource of the answer is proven to be about `context.patientId`.
   * @throws {InvalidRequest} when the prefetched Patient, or the patient of the token, is another one
   * @throws {Forbidden} when `fhirServer` is not registered for the client
   * @throws {ClientGone} when the client hung up
   * @throws {PrefetchUnavailable} naming the required keys that could not be had
   */
  readonly read: (
    request: HookRequest,
    service: CdsService,
    caller: Caller,
  ) => Promise<PatientRecord>;
}

/** One JSON line per request; never tokens, bodies, patient ids or FHIR content. */
export interface Log {
  readonly info: (line: object) => void;
  readonly error: (line: object) => void;
}

/** How the store is: `degraded` has writes waiting or dropped, `down` cannot be reached. */
export interface StoreState {
  readonly state: 'up' | 'degraded' | 'down';
  /** Evaluations and audit events accepted and not yet durable. */
  readonly waiting: number;
  /** Lost: more were waiting than the store keeps, or a bug kept them from being composed. */
  readonly dropped: number;
}

/** What a client calls one request by, so that it is done once however often it is sent. */
export interface RequestKey {
  /** The `Idempotency-Key` header; unique to the client and the service. */
  readonly key: string;
  /** Digest of the body: the same key with another one is refused. */
  readonly digest: string;
}

/** What became of each feedback item. */
export interface FeedbackReceipt {
  readonly stored: number;
  /** Reported before, with the same content. */
  readonly repeated: number;
  /** Of no card that was issued to this client: kept apart, never counted. */
  readonly unmatched: number;
}

/** Keeps evaluations, feedback, audit events and used token ids; on memory, SQLite and PostgreSQL, one contract. */
export interface EvaluationStore {
  /** Takes an evaluation, composed when it is written; returns at once. Never throws. */
  readonly append: (compose: () => StoredEvaluation) => void;
  /** Takes an audit event like `append`. */
  readonly audit: (event: AuditEvent) => void;
  /** Resolves when everything taken so far is durable. @throws {StoreUnavailable} */
  readonly flush: () => Promise<void>;
  /** @throws {StoreUnavailable} */
  readonly find: (id: string) => Promise<StoredEvaluation | undefined>;
  /** The patient's newest evaluation with a problem, evaluated before the instant. @throws {StoreUnavailable} */
  readonly findPrevious: (
    client: string,
    patient: string,
    before: string,
  ) => Promise<StoredEvaluation | undefined>;
  /** Reasoned overrides of the patient's cards since the instant, newest first. @throws {StoreUnavailable} */
  readonly findOverrides: (
    client: string,
    patient: string,
    since: string,
  ) => Promise<readonly StoredOverride[]>;
  /**
   * Resolves only when every item is durable; the same item again changes nothing.
   * @param items - of one client and service
   * @param request - kept with the receipt in the same transaction; a request that comes again gets that receipt and does nothing
   * @throws {StoreUnavailable} | {IdempotencyKeyReused}
   */
  readonly recordFeedback: (
    items: readonly StoredFeedback[],
    request?: RequestKey,
  ) => Promise<FeedbackReceipt & { readonly isAgain?: true }>;
  /** Outcomes by topic, outcome and reason; matched feedback only. @throws {StoreUnavailable} */
  readonly countFeedback: () => Promise<
    readonly {
      readonly topic: string;
      readonly outcome: string;
      readonly reason: string;
      readonly count: number;
    }[]
  >;
  /** True the first time a token id is claimed, false while it is remembered. @throws {StoreUnavailable} */
  readonly claimToken: (issuer: string, jti: string, expiresAt: string) => Promise<boolean>;
  /** The audit trail in order. @throws {StoreUnavailable} */
  readonly readAudit: () => AsyncIterable<ChainedAuditEvent>;
  /** Deletes evaluations with their cards and feedback received before the instant, and expired token ids; the number of evaluations. @throws {StoreUnavailable} */
  readonly removeBefore: (before: string, now: string) => Promise<number>;
  readonly state: () => Promise<StoreState>;
  /** Flushes and closes. */
  readonly close: () => Promise<void>;
}

/** What the store knows of a patient before a call. */
export interface PatientHistory {
  /** `not-read`: neither it nor the overrides could be read; nothing is known, which is not that there is nothing. */
  readonly previous?: StoredEvaluation | 'not-read';
  readonly overrides: readonly StoredOverride[];
}

/**
 * Reads a patient's history; never throws and never waits long: without it cards still come, and none is silenced.
 * @param patient - keyed hash of the patient's id
 * @param since - overrides older than this are not asked for
 */
export type PatientHistoryReader = (
  client: string,
  patient: string,
  now: Date,
  since: Date,
) => Promise<PatientHistory>;
