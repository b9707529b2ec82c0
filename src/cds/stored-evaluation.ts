// What is kept of a service call, of feedback and of each event that must be accounted for. Must not know a database.
import type { ReadState } from '../pain/patient-record.js';
import type { CardIndicator } from './cds-hooks.js';

/** One card as it was shown, without its words: they are made again from the snapshot and the knowledge. */
export interface StoredCard {
  /** The card's `uuid`. */
  readonly uuid: string;
  /** Code of `source.topic`. */
  readonly topic: string;
  readonly indicator: CardIndicator;
  /** Ids of criteria, safety rules and red flags the card rests on. */
  readonly rules: readonly string[];
  /** Digest of the facts it rests on: the same facts give the same digest. */
  readonly facts: string;
  /** Digest of the whole card without its uuids, for replay. */
  readonly digest: string;
  /** `uuid` of each suggestion. */
  readonly suggestions: readonly string[];
}

/** What the next evaluation compares itself with (dynamic evaluation). */
export interface StoredProblem {
  readonly region?: string;
  readonly side?: string;
  /** Leading category first, as `category:grade`. */
  readonly categories: readonly string[];
  /** Intensity 0–10 NRS with the date of the score. */
  readonly intensity?: { readonly nrs: number; readonly effective?: string };
}

/** One resource an evaluation used. */
export interface StoredInput {
  /** `Type/id`. */
  readonly reference: string;
  /** `meta.versionId`. */
  readonly version?: string;
}

/** The record of one service call. */
export interface StoredEvaluation {
  /** UUID; also the key for replay. */
  readonly id: string;
  /** Id of the registered CDS Client; `demo` in demo mode. */
  readonly client: string;
  /** Keyed hash of the patient's id. */
  readonly patient: string;
  readonly service: string;
  /** Tag of the language of the cards; absent in records older than the choice: English. */
  readonly language?: string;
  readonly hook: string;
  readonly hookInstance: string;
  /** ISO instants, UTC. */
  readonly evaluatedAt: string;
  readonly receivedAt: string;
  readonly knowledge: { readonly version: string; readonly digest: string };
  readonly completeness: 'complete' | 'partial';
  readonly durationMs: number;
  readonly cards: readonly StoredCard[];
  readonly problems: readonly StoredProblem[];
  /** Morphine equivalents a day of all opioids, where they were known exactly. */
  readonly mmePerDay?: number;
  readonly inputs: readonly StoredInput[];
  /** How each input type was read. */
  readonly states: readonly { readonly type: string; readonly state: ReadState }[];
  /** JSON of what a re-run needs, without names and addresses; absent when the site keeps none. */
  readonly snapshot?: string;
}

/** One outcome a CDS Client reports. @see CDS Hooks 2.0 "Feedback" */
export interface StoredFeedback {
  readonly client: string;
  readonly service: string;
  /** The `uuid` of the card; of no card of ours when it cannot be matched. */
  readonly card: string;
  readonly outcome: 'accepted' | 'overridden';
  /** ISO instant as reported. */
  readonly outcomeTimestamp: string;
  readonly receivedAt: string;
  readonly acceptedSuggestions: readonly string[];
  readonly reason?: { readonly code: string; readonly system?: string };
  /** Free text of the user; may hold PHI, never logged. */
  readonly comment?: string;
}

/** An override of one card for one patient, as far as quiet needs it. */
export interface StoredOverride {
  readonly topic: string;
  readonly facts: string;
  readonly reason: string;
  /** ISO instant as reported, but never later than the report came. */
  readonly at: string;
}

/** An accountable event, shaped after FHIR AuditEvent. */
export interface AuditEvent {
  /** ISO instant. */
  readonly recorded: string;
  readonly type: 'hook' | 'read' | 'feedback' | 'admin';
  /** For example `patient-view`, `Condition`, `accepted`, `retention`. */
  readonly subtype: string;
  readonly outcome: 'success' | 'minor-failure' | 'serious-failure';
  /** Id of the registered CDS Client, or the command that acted. */
  readonly agent: string;
  /** Keyed hash of the patient's id. */
  readonly patient?: string;
  /** What it was about: evaluation id, card uuid, read state. */
  readonly detail?: string;
}

/** An audit event with its place in the chain: each hash covers the one before. */
export interface ChainedAuditEvent extends AuditEvent {
  readonly sequence: number;
  readonly hash: string;
}
