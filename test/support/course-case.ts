// Reads the clinical cases of trials, steps, order and change, several to a file; must not know answers of the engine.
//
// A record line is `base NAME` (of the file), `score 7 60d`, `peg 5 3d`, `phq9 12 10d`, `gad7 12 10d` (days ago),
// `took INGREDIENT 1800mg 80d..5d [as needed] [because WORDS]` (no end: taken now; no dose: none recorded),
// `did SYSTEM CODE 30d [at SYSTEM CODE]`, `cond SYSTEM CODE 90d [unconfirmed] [at SYSTEM CODE]`, or an entry of case-record.ts.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { PreviousEvaluation } from '../../src/pain/progress.js';
import type { CaseKind } from './case.js';
import type { Entry, Fields } from './case-record.js';
import { dated } from './flag-case.js';

/** One situation and what following the pain makes of it. Only the fields given are compared. */
export interface CourseCase {
  readonly file: string;
  readonly situation: string;
  readonly kind: CaseKind;
  /** Rows of the tables it stands for. */
  readonly covers: readonly string[];
  readonly now: string;
  readonly patient: Fields;
  readonly record: readonly Entry[];
  readonly inputs: Readonly<Record<string, string>>;
  readonly previous?: PreviousEvaluation;
  readonly expect: {
    /** By treatment; `none` where no trial is listed. */
    readonly trials?: Readonly<Record<string, string>>;
    /** What is missing, by treatment. */
    readonly missing?: Readonly<Record<string, readonly string[]>>;
    readonly relief?: Readonly<Record<string, number>>;
    readonly step?: string;
    /** Words an ask of the step contains. */
    readonly asks?: readonly string[];
    readonly noAsks?: boolean;
    /** Status by id of a line, or `status: words of its reason`. */
    readonly lines?: Readonly<Record<string, string>>;
    /** Rules of the ordering check on what was done. */
    readonly ordering?: readonly string[];
    /** `measure since from to word`, in order. */
    readonly change?: readonly string[];
    /** `category change`, in any order. */
    readonly labels?: readonly string[];
    readonly goal?: boolean;
    readonly next?: string;
    readonly mme?: number | 'none';
  };
}

interface CourseFile {
  readonly now: string;
  readonly patient: Fields;
  readonly bases: Readonly<Record<string, readonly (string | Entry)[]>>;
  readonly cases: readonly (Omit<CourseCase, 'file' | 'now' | 'record' | 'covers'> & {
    readonly covers?: readonly string[];
    readonly record: readonly (string | Entry)[];
  })[];
}

const SCALES: Readonly<Record<string, string>> = {
  score: 'LOINC 72514-3',
  peg: 'LOINC 91147-9',
  bpi: 'LOINC 77565-0',
  phq9: 'LOINC 44261-6',
  gad7: 'LOINC 70274-6',
  vas: 'LOINC 38214-3',
};

/** RxNorm ingredients. */
const INGREDIENTS: Readonly<Record<string, string>> = {
  gabapentin: '25480',
  pregabalin: '187832',
  duloxetine: '72625',
  venlafaxine: '39786',
  amitriptyline: '704',
  carbamazepine: '2002',
  ibuprofen: '5640',
  naproxen: '7258',
  morphine: '7052',
  oxycodone: '7804',
  nifedipine: '7417',
  lidocaine: '6387',
};

const RXNORM = 'http://www.nlm.nih.gov/research/umls/rxnorm';
const TOOK =
  /^took (\S+)(?: (\d+)mg)? (\d+d)\.\.(\d+d)?( as needed)?(?: by (patch))?(?: because (.+))?$/;
const SCORE = /^(score|peg|bpi|phq9|gad7|vas) (\d+(?:\.\d+)?) (\d+d)$/;
const DID = /^did (\S+ \S+) (\d+d)(?: at (\S+ \S+))?$/;
const COND = /^cond (\S+ \S+) (\d+d)( unconfirmed)?(?: at (\S+ \S+))?$/;

const taken = (match: RegExpExecArray): Entry => {
  const [, name = '', mg, from = '', to, asNeeded, form, because] = match;
  const words = form === 'patch' ? `${name} 5 % patch` : name;
  return {
    resource: {
      resourceType: 'MedicationStatement',
      status: to === undefined ? 'active' : because ? 'stopped' : 'completed',
      medicationCodeableConcept: {
        ...(INGREDIENTS[name] && { coding: [{ system: RXNORM, code: INGREDIENTS[name] }] }),
        text: words,
      },
      effectivePeriod: { start: `${from} ago`, ...(to && { end: `${to} ago` }) },
      dateAsserted: '0d ago',
      ...(because && { statusReason: [{ text: because }] }),
      ...(mg && {
        dosage: [
          {
            ...(asNeeded && { asNeededBoolean: true }),
            timing: { repeat: { frequency: 1, period: 1, periodUnit: 'd' } },
            doseAndRate: [{ doseQuantity: { value: Number(mg), unit: 'mg', code: 'mg' } }],
          },
        ],
      }),
    },
  };
};

const entryOf = (line: string | Entry): Entry => {
  if (typeof line !== 'string') return line;
  const took = TOOK.exec(line);
  if (took) return taken(took);
  const score = SCORE.exec(line);
  if (score) {
    const [, scale = '', value, days] = score;
    return { observation: { code: SCALES[scale], date: `${days} ago`, score: Number(value) } };
  }
  const did = DID.exec(line);
  if (did) {
    const [, code, days, site] = did;
    return { procedure: { code, date: `${days} ago`, ...(site && { bodySite: site }) } };
  }
  const cond = COND.exec(line);
  if (!cond) throw new Error(`a record line is not understood: ${line}`);
  const [, code, days, unconfirmed, site] = cond;
  return {
    condition: {
      code,
      onset: `${days} ago`,
      ...(unconfirmed && { verification: 'unconfirmed' }),
      ...(site && { bodySite: site }),
    },
  };
};

/** Reads every case of a folder. */
export const readCourseCases = (folder: string): readonly CourseCase[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .flatMap((file) => {
      const read: CourseFile = parse(readFileSync(join(folder, file), 'utf8'));
      const { now, bases, patient } = read;
      return read.cases.map((one) => {
        const lines = one.record.flatMap((line) => {
          const base = typeof line === 'string' ? /^base (\S+)$/.exec(line)?.[1] : undefined;
          if (base === undefined) return [line];
          const found = bases[base];
          if (!found) throw new Error(`${file}: no base ${base}`);
          return found;
        });
        const record = dated(lines.map(entryOf), now) as readonly Entry[];
        const merged = { ...patient, ...one.patient };
        const { covers = [], inputs = {} } = one;
        return { ...one, covers, inputs, file, now, patient: merged, record };
      });
    });
