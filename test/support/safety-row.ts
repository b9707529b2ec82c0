// Reads one row of test/safety and builds what a safety rule looks at; must not know rules or answers.
//
// A row: { row: words, check: treatment, agent: one of its agents, age, sex, facts: [...], unread: [input types],
//          pain: { leading, grade, subtype, syndrome, days, regions }, flags: [urgency of an open red flag],
//          crcl, mme, mmeWeek, gestation, expect: { rule id: outcome } }
// Left out: age 50, male, everything read, a pain without a place that leads with `inflammatory` as probable, derived numbers unknown.
// Facts: `cond SYSTEM CODE [DATE | undated] [resolved]`     `med SYSTEM CODE [DATE | ended DATE]`, SYSTEM may be `name`   `proc SYSTEM CODE [DATE]`   `named words of a medicine`
//        `lab LOINC-CODE VALUE UNIT [low | normal | high] [DATE]`   `result SYSTEM CODE = SYSTEM CODE [DATE]`   `allergy SYSTEM CODE [severe | intolerance]`
// Outcomes: fires (met), clear (not met), asks or note (unknown, or not met with a part not assessed: what the rule does then).
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { RedFlag } from '../../src/pain/evaluation.js';
import type { Urgency } from '../../src/pain/expression.js';
import { extractFindings } from '../../src/pain/extract-findings.js';
import { parseFhirDate } from '../../src/pain/fhir-date.js';
import { indexFindings } from '../../src/pain/finding-index.js';
import type { Knowledge, SafetyRule } from '../../src/pain/knowledge.js';
import type { InputType, PatientRecord } from '../../src/pain/patient-record.js';
import type { Candidate, Derived, RecordsRead, Scope } from '../../src/pain/scope.js';
import type { Category, Grade } from '../../src/pain/terms.js';
import { buildRecord, type Entry } from './case-record.js';
import { measure, NOW_MS } from './findings.js';

/** What a rule comes to in a row. */
export type RowOutcome = 'fires' | 'clear' | 'asks' | 'note';

/** One situation with the expected outcome of one or more rules. */
export interface SafetyRow {
  readonly file: string;
  readonly row: string;
  readonly check: string;
  readonly agent?: string;
  readonly age?: number | 'unknown';
  readonly sex?: 'female' | 'male' | 'unknown';
  readonly facts?: readonly string[];
  readonly unread?: readonly InputType[];
  readonly pain?: {
    readonly leading?: Category;
    readonly grade?: Grade | 'none';
    readonly subtype?: string;
    readonly syndrome?: string;
    readonly days?: number;
    readonly regions?: readonly string[];
  };
  readonly flags?: readonly Urgency[];
  readonly crcl?: number;
  readonly mme?: number;
  readonly mmeWeek?: number;
  readonly gestation?: number;
  readonly expect: Readonly<Record<string, RowOutcome>>;
}

interface RowFile {
  readonly check?: string;
  /** Agent of the rows that do not check a treatment of their own. */
  readonly agent?: string;
  readonly rows: readonly Omit<SafetyRow, 'file'>[];
}

/** Reads the rows of every group that has a file in the folder. */
export const readSafetyRows = (folder: string, groups: readonly string[]): readonly SafetyRow[] =>
  readdirSync(folder)
    .filter((name) => groups.includes(name.replace(/\.yaml$/, '')))
    .sort()
    .flatMap((file) => {
      const { check = '', agent, rows }: RowFile = parse(readFileSync(join(folder, file), 'utf8'));
      return rows.map((row) => ({
        ...(agent !== undefined && row.check === undefined && { agent }),
        ...row,
        check: row.check ?? check,
        file,
      }));
    });

/** A rule as its file states it: what it hangs on decides which outcomes it can have. */
export interface StatedRule {
  readonly id: string;
  /** Undefined where records cannot answer the rule at all, `true` where it always holds. */
  readonly when?: string;
}

/** The rules by group: the files of a folder of rules. */
export const readStatedRules = (folder: string): ReadonlyMap<string, readonly StatedRule[]> =>
  new Map(
    readdirSync(folder)
      .filter((name) => name.endsWith('.yaml'))
      .map((name) => {
        const file: { rules: readonly StatedRule[] } = parse(
          readFileSync(join(folder, name), 'utf8'),
        );
        return [name.replace(/\.yaml$/, ''), file.rules];
      }),
  );

const DAY_MS = 86_400_000;
const DATE = /^\d{4}(-\d{2}(-\d{2})?)?$/;
/** Codes of a result's interpretation. */
const FLAGS: Readonly<Record<string, string>> = { low: 'L', normal: 'N', high: 'H' };
const LONG_AGO = '2024-06-01';
const RECENT = '2026-11-20';
const daysAgo = (days: number): string =>
  new Date(NOW_MS - days * DAY_MS).toISOString().slice(0, 10);

const medicine = (code: string, started: string | undefined, ended: string | undefined): Entry => {
  const [system = '', value = ''] = code.split(' ');
  if (ended === undefined && system !== 'name')
    return { medication: { code, date: started ?? '2026-11-01' } };
  const uri =
    system === 'ATC' ? 'http://www.whocc.no/atc' : 'http://www.nlm.nih.gov/research/umls/rxnorm';
  return {
    resource: {
      resourceType: 'MedicationStatement',
      status: ended === undefined ? 'active' : 'completed',
      medicationCodeableConcept:
        system === 'name' ? { text: value } : { coding: [{ system: uri, code: value }] },
      effectivePeriod: { start: started ?? '2026-11-01', ...(ended && { end: ended }) },
    },
  };
};

const allergy = (code: string, kind: string | undefined): Entry => {
  const [system = '', value = ''] = code.split(' ');
  const uri =
    system === 'RxNorm'
      ? 'http://www.nlm.nih.gov/research/umls/rxnorm'
      : system === 'ATC'
        ? 'http://www.whocc.no/atc'
        : 'http://snomed.info/sct';
  return {
    resource: {
      resourceType: 'AllergyIntolerance',
      clinicalStatus: { coding: [{ code: 'active' }] },
      code: system === 'name' ? { text: value } : { coding: [{ system: uri, code: value }] },
      patient: { reference: 'Patient/case-patient' },
      ...(kind === 'severe' && { criticality: 'high' }),
      ...(kind === 'intolerance' && { type: 'intolerance' }),
    },
  };
};

/** The record entry a fact stands for. */
const entryOf = (fact: string): Entry => {
  const [kind = '', ...words] = fact.split(' ');
  const [first = '', second = ''] = words;
  const code = `${first} ${second}`;
  const rest = words.slice(2);
  const date = rest.find((word) => DATE.test(word));
  const flag = rest.find((word) => word in FLAGS);
  switch (kind) {
    case 'cond':
      return {
        condition: {
          code,
          ...(!rest.includes('undated') && { onset: date ?? LONG_AGO }),
          ...(rest.includes('resolved') && { clinical: 'resolved' }),
        },
      };
    case 'med':
      return rest[0] === 'ended'
        ? medicine(code, undefined, date)
        : medicine(code, date, undefined);
    case 'named':
      return { medication: { code: words.join(' '), date: '2026-11-01' } };
    case 'proc':
      return { procedure: { code, date: date ?? RECENT } };
    case 'lab':
      return {
        observation: {
          code: `LOINC ${first}`,
          value: Number(second),
          unit: rest[0],
          date: date ?? RECENT,
          ...(flag && { interpretation: FLAGS[flag] }),
        },
      };
    case 'result':
      return {
        observation: { code, valueCode: `${rest[1]} ${rest[2]}`, date: rest[3] ?? RECENT },
      };
    case 'allergy':
      return allergy(code, rest[0]);
    default:
      throw new Error(`unknown fact: ${fact}`);
  }
};

const recordOf = ({ age = 50, sex = 'male', facts = [], unread = [] }: SafetyRow): PatientRecord =>
  buildRecord(
    { gender: sex, ...(age !== 'unknown' && { birthDate: `${2026 - age}-05-01` }) },
    facts.map(entryOf),
    Object.fromEntries(unread.map((type) => [type, 'failed http-500'])),
  );

const readOf = ({ inputs }: PatientRecord): RecordsRead => {
  const isRead = (...types: readonly InputType[]): boolean =>
    inputs.every(
      ({ type, state }) => !types.includes(type) || state === 'read' || state === 'none-recorded',
    );
  return {
    condition: isRead('Condition'),
    medication: isRead('MedicationRequest', 'MedicationStatement', 'Medication'),
    procedure: isRead('Procedure'),
    report: isRead('DiagnosticReport'),
    allergy: isRead('AllergyIntolerance'),
  };
};

const derived = (value: number | undefined): Derived | undefined =>
  value === undefined ? undefined : { measure: measure(value), findings: [], standIn: false };

const openFlag = (urgency: Urgency): RedFlag => ({
  id: 'RF-01',
  label: 'Red flag',
  urgency,
  action: 'Act',
  sources: [],
  triggers: [],
  withholds: [],
  findings: [],
});

/** The scope in which the rules of a row are judged for one candidate. */
export const scopeOfRow = (row: SafetyRow, candidate: Candidate, knowledge: Knowledge): Scope => {
  const record = recordOf(row);
  const index = indexFindings(extractFindings(record, knowledge.extraction, NOW_MS).findings);
  const { age = 50, sex = 'male', pain = {} } = row;
  const { leading = 'inflammatory', grade = 'probable', days, regions = [], ...labels } = pain;
  const onset = days === undefined ? undefined : parseFhirDate(daysAgo(days));
  const scope: Scope = {
    nowMs: NOW_MS,
    ...(age !== 'unknown' && { ageYears: age }),
    ...(sex !== 'unknown' && { sex }),
    findings: index,
    allFindings: index,
    absence: readOf(record),
    pain: {
      regions,
      recordedRegions: regions,
      isAtSite: () => false,
      painDates: [],
      ...(onset && { onset }),
    },
    grades: new Map(grade === 'none' ? [] : [[leading, grade]]),
    ...(grade !== 'none' && { leading }),
    labels,
    safety: {
      candidate,
      openFlags: (row.flags ?? []).map(openFlag),
      allergyRecorded: index.size > 0 && record.resources.some(isAllergy),
      rule: (id) => {
        const rule = knowledge.safety.rules.get(id);
        if (!rule) throw new Error(`rule ${id} does not exist`);
        return rule.judge(scope);
      },
      creatinineClearance: () => derived(row.crcl),
      morphineEquivalents: (over) => derived(over === undefined ? row.mme : row.mmeWeek),
      gestationWeeks: () => derived(row.gestation),
    },
  };
  return scope;
};

const isAllergy = ({ resourceType }: { readonly resourceType: string }): boolean =>
  resourceType === 'AllergyIntolerance';

/** What a row checks. */
export interface Concerned {
  readonly candidate: Candidate;
  readonly rules: readonly SafetyRule[];
}

/** The class of a row, or its agent, with every rule that concerns it. */
export const concernedBy = ({ check, agent }: SafetyRow, { safety }: Knowledge): Concerned => {
  const plan = safety.plans.get(check);
  if (!plan) throw new Error(`no rule concerns "${check}"`);
  if (agent === undefined) return plan;
  const member = plan.members.find(({ label }) => label === agent);
  if (!member) throw new Error(`"${check}" has no agent "${agent}"`);
  return { candidate: member.candidate, rules: [...plan.rules, ...member.rules] };
};
