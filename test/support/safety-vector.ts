// Reads the safety vectors as data and builds the record of each; must not know rules or answers.
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { PatientRecord } from '../../src/pain/patient-record.js';
import { buildRecord, type Entry, type Fields } from './case-record.js';

type Base = 'allergies' | 'kidney' | 'pressure';

/** One situation and what the checks of its treatments come to. */
export interface SafetyVector {
  readonly id: string;
  readonly situation: string;
  readonly patient?: Fields;
  readonly base?: readonly Base[];
  readonly record?: readonly Entry[];
  readonly inputs?: Readonly<Record<string, string>>;
  /** Rules whose check must say that a stand-in decided. */
  readonly standIn?: readonly string[];
  readonly expect: Readonly<
    Record<
      string,
      { readonly outcome?: string; readonly checks?: Readonly<Record<string, string>> }
    >
  >;
}

const MAN_OF_60: Fields = { birthDate: '1966-05-05', gender: 'male' };
const BASES: Readonly<Record<Base, readonly Entry[]>> = {
  allergies: [{ allergy: { code: 'SNOMED 716186003' } }],
  kidney: [
    {
      observation: {
        code: 'LOINC 98979-8',
        value: 90,
        unit: 'mL/min/{1.73_m2}',
        date: '2026-11-01',
      },
    },
  ],
  pressure: [
    {
      observation: { code: 'LOINC 8480-6', value: 120, unit: 'mm[Hg]', date: '2026-11-01' },
    },
    { observation: { code: 'LOINC 8462-4', value: 70, unit: 'mm[Hg]', date: '2026-11-01' } },
  ],
};

/** Reads one file of vectors. */
export const readSafetyVectors = (path: string): readonly SafetyVector[] =>
  parse(readFileSync(path, 'utf8'));

/** The record of a vector: what it states beside what is recorded of everybody. */
export const recordOfVector = ({
  base = ['allergies', 'kidney', 'pressure'],
  patient = MAN_OF_60,
  record = [],
  inputs = {},
}: SafetyVector): PatientRecord =>
  buildRecord(patient, [...base.flatMap((name) => BASES[name]), ...record], inputs);
