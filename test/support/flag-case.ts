// Reads the clinical cases of red flags, several to a file; must not know FHIR elements or the engine.
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse } from 'yaml';
import type { CaseKind } from './case.js';
import type { Entry, Fields } from './case-record.js';

/** One situation and what a red flag makes of it. */
export interface FlagCase {
  readonly file: string;
  readonly flag: string;
  readonly situation: string;
  readonly kind: CaseKind;
  readonly now: string;
  readonly patient: Fields;
  readonly record: readonly Entry[];
  readonly inputs: Readonly<Record<string, string>>;
  /** The triggers that hold, most urgent first; absent where the flag must stay closed. */
  readonly triggers?: readonly string[];
  readonly urgency?: string;
  /** Words of what is named as not recorded. */
  readonly notAssessed?: string;
}

interface FlagFile {
  readonly now: string;
  readonly patient: Fields;
  readonly cases: readonly Omit<FlagCase, 'file' | 'flag' | 'now'>[];
}

const DAY_MS = 86_400_000;

/** `3d ago` as the date it was at `now`; everything else as it stands. */
export const dated = (value: unknown, now: string): unknown => {
  if (Array.isArray(value)) return value.map((item) => dated(item, now));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, dated(item, now)]));
  }
  const days = typeof value === 'string' ? /^(\d+)d ago$/.exec(value)?.[1] : undefined;
  if (days === undefined) return value;
  return new Date(Date.parse(now) - Number(days) * DAY_MS).toISOString().slice(0, 10);
};

const isEntries = (value: unknown): value is readonly Entry[] => Array.isArray(value);

/** Reads every case of a folder with one file for each flag, named by its id. */
export const readFlagCases = (folder: string): readonly FlagCase[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .flatMap((file) => {
      const { now, patient, cases }: FlagFile = parse(readFileSync(join(folder, file), 'utf8'));
      return cases.map((one) => {
        const record = dated(one.record, now);
        if (!isEntries(record)) throw new Error(`${file}: ${one.situation} has no record`);
        const flag = basename(file, '.yaml');
        const merged = { ...patient, ...one.patient };
        return { ...one, inputs: one.inputs ?? {}, file, flag, now, patient: merged, record };
      });
    });

/** Every trigger that `cards/red-flags.yaml` defines, as `RF-01 A`. */
export const readFlagTriggers = (path: string): readonly string[] => {
  const { redFlags }: { redFlags: readonly { id: string; triggers: readonly { id: string }[] }[] } =
    parse(readFileSync(path, 'utf8'));
  return redFlags.flatMap(({ id, triggers }) => triggers.map((trigger) => `${id} ${trigger.id}`));
};
