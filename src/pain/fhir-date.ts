// FHIR date, dateTime and instant as intervals of time. Must not know the clock: the evaluation time is an argument.
import type { FhirDate } from './finding.js';

/** Milliseconds of a day of 24 hours. */
export const DAY_MS = 86_400_000;

/** Whether something holds, holds not, or cannot be told. */
export type Truth = 'met' | 'notMet' | 'unknown';

const MONTH_DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** The number that `count` digits stand for; -1 when one of them is no digit. */
const digits = (text: string, at: number, count: number): number => {
  let number = 0;
  for (let end = at + count; at < end; at += 1) {
    const digit = text.charCodeAt(at) - 48;
    if (!(digit >= 0 && digit <= 9)) return -1;
    number = number * 10 + digit;
  }
  return number;
};

const isAt = (text: string, at: number, char: string): boolean => text[at] === char;

/** Midnight that begins a day of the Gregorian calendar; counted in years that begin in March, a leap day is the last. */
const midnight = (year: number, month: number, day: number): number => {
  const years = month > 2 ? year : year - 1;
  const leapDays = Math.floor(years / 4) - Math.floor(years / 100) + Math.floor(years / 400);
  const daysOfMonths = Math.floor((153 * ((month + 9) % 12) + 2) / 5);
  return (years * 365 + leapDays + daysOfMonths + day - 719_469) * DAY_MS;
};

/** Midnight that begins a day; NaN for a day that no calendar has. */
const dayStart = (year: number, month: number, day: number): number => {
  const isShort = month === 2 && (year % 4 !== 0 || (year % 100 === 0 && year % 400 !== 0));
  const most = isShort ? 28 : (MONTH_DAYS[month - 1] ?? 0);
  return year >= 1000 && day >= 1 && day <= most ? midnight(year, month, day) : Number.NaN;
};

/** The day a text begins with; NaN when it does not begin with one. */
const leadingDay = (text: string): number =>
  isAt(text, 4, '-') && isAt(text, 7, '-')
    ? dayStart(digits(text, 0, 4), digits(text, 5, 2), digits(text, 8, 2))
    : Number.NaN;

/** A date without time: `2026`, `2026-03` or `2026-03-29`. */
const dayInterval = (text: string): FhirDate | undefined => {
  if (text.length === 10) {
    const startMs = leadingDay(text);
    return Number.isNaN(startMs) ? undefined : { text, startMs, endMs: startMs + DAY_MS };
  }
  const year = digits(text, 0, 4);
  const isMonth = text.length === 7 && isAt(text, 4, '-');
  if (year < 1000 || !(isMonth || text.length === 4)) return undefined;
  const month = isMonth ? digits(text, 5, 2) : 1;
  if (month < 1 || month > 12) return undefined;
  const startMs = Date.UTC(year, month - 1, 1);
  return { text, startMs, endMs: isMonth ? Date.UTC(year, month, 1) : Date.UTC(year + 1, 0, 1) };
};

/** Milliseconds that the zone from `at` on is ahead of UTC; NaN when the text does not end in a zone. */
const zoneMs = (text: string, at: number): number => {
  if (text.length === at + 1) return isAt(text, at, 'Z') ? 0 : Number.NaN;
  const sign = isAt(text, at, '+') ? 1 : isAt(text, at, '-') ? -1 : 0;
  if (sign === 0 || text.length !== at + 6 || !isAt(text, at + 3, ':')) return Number.NaN;
  const hours = digits(text, at + 1, 2);
  const minutes = digits(text, at + 4, 2);
  if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return Number.NaN;
  return sign * (hours * 60 + minutes) * 60_000;
};

/** The moment of `2026-03-29T10:00:00.000+02:00` by its digits; NaN for every rarer form, which `Date.parse` reads. */
const usualInstant = (text: string, day: number): number => {
  if (!isAt(text, 13, ':') || !isAt(text, 16, ':')) return Number.NaN;
  const hours = digits(text, 11, 2);
  const minutes = digits(text, 14, 2);
  const seconds = digits(text, 17, 2);
  if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59 || seconds < 0 || seconds > 59)
    return Number.NaN;
  const hasThousandths = isAt(text, 19, '.');
  const thousandths = hasThousandths ? digits(text, 20, 3) : 0;
  if (thousandths < 0) return Number.NaN;
  const ms = ((hours * 60 + minutes) * 60 + seconds) * 1000 + thousandths;
  return day + ms - zoneMs(text, hasThousandths ? 23 : 19);
};

/**
 * Reads a FHIR date, dateTime or instant. A partial date covers its whole period, a date-time without a zone
 * (not legal, but met) its day. Returns undefined for anything that is not a real date.
 * @see https://hl7.org/fhir/R4/datatypes.html#dateTime
 */
export const parseFhirDate = (text: unknown): FhirDate | undefined => {
  if (typeof text !== 'string' || text.length > 40) return undefined;
  if (text.length <= 10) return dayInterval(text);
  const day = isAt(text, 10, 'T') ? leadingDay(text) : Number.NaN;
  if (Number.isNaN(day)) return undefined;
  const usual = usualInstant(text, day);
  if (!Number.isNaN(usual)) return { text, startMs: usual, endMs: usual };
  if (!/(Z|[+-]\d\d:\d\d)$/.test(text)) return { text, startMs: day, endMs: day + DAY_MS };
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
