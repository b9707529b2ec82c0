// Units of time as charts write them -> days. Must not know what is timed.

/** Days of a unit of time by its UCUM code or its English word; months of 30 and years of 365 days. */
export const DAYS_PER_UNIT: ReadonlyMap<string, number> = new Map([
  ['s', 1 / 86_400],
  ['min', 1 / 1440],
  ['h', 1 / 24],
  ['d', 1],
  ['day', 1],
  ['days', 1],
  ['wk', 7],
  ['week', 7],
  ['weeks', 7],
  ['mo', 30],
  ['month', 30],
  ['months', 30],
  ['a', 365],
]);
