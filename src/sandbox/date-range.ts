// FHIR dates as ranges of time. Knows partial dates and prefixes; must not know resources or parameters.
import { isObject, own } from './json.js';

/** A span of time in milliseconds: `low` included, `high` excluded. */
export interface DateRange {
  readonly low: number;
  readonly high: number;
}

/** The prefixes the sandbox answers; `ap` is left out because its meaning is up to each server. */
export const datePrefixes = ['eq', 'ne', 'gt', 'lt', 'ge', 'le', 'sa', 'eb'] as const;

/** One of the prefixes. */
export type DatePrefix = (typeof datePrefixes)[number];

const datePattern =
  /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?)?)?$/;

/**
 * Parses a FHIR date, dateTime or instant of any precision into the time it covers.
 * What carries no zone is taken as UTC. @returns `undefined` when it is no calendar date
 */
export function parseDateRange(text: string): DateRange | undefined {
  const match = datePattern.exec(text);
  if (!match) return undefined;
  const [, year = '', month, day, hour, minute, second, fraction, zone] = match;
  const y = Number(year);
  const m = Number(month ?? '1');
  const d = Number(day ?? '1');
  if (m < 1 || m > 12 || d < 1 || d > daysInMonth(y, m)) return undefined;
  if (Number(hour ?? 0) > 23 || Number(minute ?? 0) > 59 || Number(second ?? 0) > 60) {
    return undefined;
  }
  const start = utc(y, m, d);
  if (month === undefined) return { low: start, high: utc(y + 1, 1, 1) };
  if (day === undefined) return { low: start, high: utc(m === 12 ? y + 1 : y, (m % 12) + 1, 1) };
  if (hour === undefined) return { low: start, high: start + 86_400_000 };
  const offset = zoneOffsetMs(zone);
  if (offset === undefined) return undefined;
  const milliseconds = Math.floor(Number(`0${fraction ?? ''}`) * 1000);
  const low =
    start +
    (Number(hour) * 60 + Number(minute)) * 60_000 +
    Number(second ?? 0) * 1000 +
    milliseconds -
    offset;
  const width = second === undefined ? 60_000 : fraction === undefined ? 1000 : 1;
  return { low, high: low + width };
}

function utc(year: number, month: number, day: number): number {
  return new Date(0).setUTCFullYear(year, month - 1, day);
}

function daysInMonth(year: number, month: number): number {
  return new Date(new Date(0).setUTCFullYear(year, month, 0)).getUTCDate();
}

function zoneOffsetMs(zone: string | undefined): number | undefined {
  if (zone === undefined || zone === 'Z') return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(4));
  if (hours > 14 || minutes > 59) return undefined;
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}

/** The time a dateTime or a Period covers; an open end reaches for ever. @returns `undefined` when unreadable */
export function rangeOf(value: unknown): DateRange | undefined {
  if (typeof value === 'string') return parseDateRange(value);
  if (!isObject(value)) return undefined;
  const start = own(value, 'start');
  const end = own(value, 'end');
  const first = start === undefined ? undefined : rangeOf(start);
  const last = end === undefined ? undefined : rangeOf(end);
  if ((start !== undefined && !first) || (end !== undefined && !last)) return undefined;
  return {
    low: first?.low ?? Number.NEGATIVE_INFINITY,
    high: last?.high ?? Number.POSITIVE_INFINITY,
  };
}

/** Judges a resource's time against a searched time. @see https://hl7.org/fhir/R4/search.html#prefix */
export function matchesDate(target: DateRange, prefix: DatePrefix, search: DateRange): boolean {
  const contained = search.low <= target.low && target.high <= search.high;
  switch (prefix) {
    case 'eq':
      return contained;
    case 'ne':
      return !contained;
    case 'gt':
      return target.high > search.high;
    case 'lt':
      return target.low < search.low;
    case 'ge':
      return target.high > search.high || contained;
    case 'le':
      return target.low < search.low || contained;
    case 'sa':
      return target.low >= search.high;
    case 'eb':
      return target.high <= search.low;
  }
}
