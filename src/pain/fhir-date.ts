// FHIR date, dateTime and instant as intervals of time. Must not know the clock: the evaluation time is an argument.
import type { FhirDate } from './finding.js';

const DAY_MS = 86_400_000;

/** Whether something holds, holds not, or cannot be told. */
export type Truth = 'met' | 'notMet' | 'unknown';

const MONTH_DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

const utc = (year: number, month: number, day: number): number => {
  const most =
    month === 2 && (year % 4 !== 0 || (year % 100 === 0 && year % 400 !== 0))
      ? 28
      : (MONTH_DAYS[month - 1] ?? 0);
  return year >= 1000 && day >= 1 && day <= most ? Date.UTC(year, month - 1, day) : Number.NaN;
};

const dayInterval = (text: string): FhirDate | undefined => {
  const year = Number(text.slice(0, 4));
  const month = text.length >= 7 ? Number(text.slice(5, 7)) : undefined;
  const day = text.length >= 10 ? Number(text.slice(8, 10)) : undefined;
  if (month !== undefined && (month < 1 || month > 12)) return undefined;
  const startMs = utc(year, month ?? 1, day ?? 1);
  const endMs =
    month === undefined
      ? utc(year + 1, 1, 1)
      : day === undefined
        ? Date.UTC(year, month, 1)
        : startMs + DAY_MS;
  return Number.isNaN(startMs) || Number.isNaN(endMs) ? undefined : { text, startMs, endMs };
};

/**
 * Reads a FHIR date, dateTime or instant. A partial date covers its whole period, a date-time without a zone
 * (not legal, but met) its day. Returns undefined for anything that is not a real date.
 * @see https://hl7.org/fhir/R4/datatypes.html#dateTime
 */
export const parseFhirDate = (text: unknown): FhirDate | undefined => {
  if (typeof text !== 'string' || text.length > 40) return undefined;
  if (!/^\d{4}(-\d\d(-\d\d(T.*)?)?)?$/.test(text)) return undefined;
  if (text.length <= 10) return dayInterval(text);
  const day = dayInterval(text.slice(0, 10));
  if (!day) return undefined;
  if (!/(Z|[+-]\d\d:\d\d)$/.test(text)) return { ...day, text };
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? undefined : { text, startMs: ms, endMs: ms };
};

const isInstant = (date: FhirDate): boolean => date.endMs === date.startMs;

/** The least and the greatest age in days that a date can have at `nowMs`; whole days unless the date is an instant. */
export const ageInDays = (
  date: FhirDate,
  nowMs: number,
): { readonly least: number; readonly most: number } => {
  if (isInstant(date)) {
    const age = (nowMs - date.startMs) / DAY_MS;
    return { least: age, most: age };
  }
  const today = Math.floor(nowMs / DAY_MS);
  return { least: today - (date.endMs / DAY_MS - 1), most: today - date.startMs / DAY_MS };
};

/** Whether a date lies within the last `days` days; unknown when the date is missing or straddles the edge. */
export const isWithin = (date: FhirDate | undefined, nowMs: number, days: number): Truth => {
  if (!date) return 'unknown';
  const { least, most } = ageInDays(date, nowMs);
  if (most <= days) return 'met';
  return least > days ? 'notMet' : 'unknown';
};

/** Whether a date is surely later than `nowMs`, with five minutes of grace for clocks that differ. */
export const isFuture = (date: FhirDate, nowMs: number): boolean =>
  isInstant(date) ? date.startMs > nowMs + 300_000 : date.startMs > nowMs;
