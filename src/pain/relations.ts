// How findings lie to each other in place and time (MX2). Must not know diseases.

import { DAY_MS } from './fhir-date.js';
import type { FhirDate, Finding } from './finding.js';
import type { BodyRegion, Side } from './terms.js';

/** The region that contains all others. */
export const EVERYWHERE = 'generalised';

/** Whether two sides can be one place; an unknown side fits any. */
export const sidesFit = (a: Side | undefined, b: Side | undefined): boolean =>
  a === undefined || b === undefined || a === b || a === 'bilateral' || b === 'bilateral';

/** Whether two lists of regions have one in common. */
export const share = (a: readonly BodyRegion[], b: readonly BodyRegion[]): boolean =>
  a.some((region) => b.includes(region));

/** Whether two places overlap; a generalised pain overlaps every place. */
export const placesFit = (a: readonly BodyRegion[], b: readonly BodyRegion[]): boolean =>
  share(a, b) ||
  (a.includes(EVERYWHERE) && b.length > 0) ||
  (b.includes(EVERYWHERE) && a.length > 0);

/** Onset, else the date it was recorded or measured. */
export const dateOf = (finding: Finding): FhirDate | undefined =>
  finding.onset ?? finding.effective;

/** Whether two dates lie within `days` of each other; undefined when either is unknown. */
export const datesFit = (
  a: FhirDate | undefined,
  b: FhirDate | undefined,
  days: number,
): boolean | undefined =>
  a && b ? a.startMs - b.endMs <= days * DAY_MS && b.startMs - a.endMs <= days * DAY_MS : undefined;

/** Whether two findings belong together by encounter or date (MX2). */
export const isLinked = (a: Finding, b: Finding, windowDays: number): boolean =>
  (a.encounter !== undefined && a.encounter === b.encounter) ||
  datesFit(dateOf(a), dateOf(b), windowDays) === true;

/** The items once each, in order. */
export const unique = <T>(items: readonly T[]): T[] => [...new Set(items)];
