// The hash chain over audit events: changing or leaving out one shows in every later hash. Must not know a database.
import { createHash } from 'node:crypto';
import type { AuditEvent, ChainedAuditEvent } from '../cds/stored-evaluation.js';

/** Hash before the first event. */
export const CHAIN_START = '0'.repeat(64);

/** The fields of an event in one order, as the text that is hashed and stored. */
export const auditText = (event: AuditEvent): string =>
  JSON.stringify([
    event.recorded,
    event.type,
    event.subtype,
    event.outcome,
    event.agent,
    event.patient ?? null,
    event.detail ?? null,
  ]);

/** The hash of an event behind another one. */
export const chainHash = (previous: string, text: string): string =>
  createHash('sha256').update(previous).update('\n').update(text).digest('hex');

/** Tells of one event after the other whether it is the next link of an unbroken chain. */
export const chainChecker = (): ((event: ChainedAuditEvent) => boolean) => {
  let previous = CHAIN_START;
  let expected = 1;
  return (event) => {
    const isLinked =
      event.sequence === expected && event.hash === chainHash(previous, auditText(event));
    previous = event.hash;
    expected = event.sequence + 1;
    return isLinked;
  };
};
