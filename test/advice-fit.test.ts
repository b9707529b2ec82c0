// Which lines of guidance and which questions belong to a pain, and which a clinician would laugh at; as a table.
import assert from 'node:assert/strict';
import { evaluate } from '../src/pain/evaluate.js';
import { buildRecord, type Entry } from './support/case-record.js';
import { realKnowledge } from './support/findings.js';

const NOW = new Date('2026-11-22T10:00:00Z');
const WOMAN_OF_56 = { birthDate: '1970-05-01', gender: 'female' };

interface Row {
  readonly situation: string;
  readonly record: readonly Entry[];
  readonly says?: readonly string[];
  readonly never?: readonly string[];
}

const condition = (code: string, onset: string): Entry => ({ condition: { code, onset } });

const rows: readonly Row[] = [
  {
    situation: 'viral sinusitis',
    record: [condition('SNOMED 444814009', '2026-11-15')],
    says: ['inflammatory.infection.review', 'inflammatory.general.illness-education'],
    never: [
      'inflammatory.infection.treat',
      'inflammatory.infection.source-control',
      'inflammatory.general.response',
      'inflammatory.general.education',
      'ask markers',
    ],
  },
  {
    situation: 'cellulitis',
    record: [condition('SNOMED 128045006', '2026-11-15')],
    says: ['inflammatory.infection.treat', 'inflammatory.infection.no-injection'],
  },
  {
    situation: 'acute pancreatitis',
    record: [
      condition('SNOMED 197456007', '2026-11-20'),
      { observation: { code: 'LOINC 3040-3', value: 980, unit: 'U/L', date: '2026-11-21' } },
    ],
    says: ['inflammatory.general.illness-education'],
    never: ['inflammatory.general.education', 'inflammatory.general.exercise'],
  },
  {
    situation: 'a fractured wrist',
    record: [condition('SNOMED 263102004', '2026-11-15')],
    says: ['inflammatory.general.illness-education', 'inflammatory.acute-injury.topical-nsaid'],
    never: ['inflammatory.general.education', 'inflammatory.general.inflammation-tests'],
  },
  {
    situation: 'trigeminal neuralgia',
    record: [condition('ICD-10-CM G50.0', '2026-05-01')],
    says: ['neuropathic.trigeminal.education'],
    never: ['neuropathic.general.physiotherapy', 'neuropathic.general.education'],
  },
  {
    situation: 'gout without allopurinol',
    record: [condition('SNOMED 90560007', '2026-11-15')],
    never: ['inflammatory.gout.keep-allopurinol'],
  },
  {
    situation: 'gout with allopurinol',
    record: [
      condition('SNOMED 90560007', '2026-11-15'),
      { medication: { code: 'RxNorm 519 | Allopurinol', status: 'active', date: '2026-06-01' } },
    ],
    says: ['inflammatory.gout.keep-allopurinol'],
  },
  {
    situation: 'Raynaud',
    record: [condition('ICD-10-CM I73.00', '2026-01-15')],
    says: ['spasmodic.general.education'],
    never: ['spasmodic.general.activity', 'spasmodic.general.organ-education'],
  },
  {
    situation: 'dysmenorrhoea',
    record: [condition('ICD-10-CM N94.4', '2026-01-15')],
    says: ['spasmodic.general.organ-education'],
    never: ['spasmodic.general.education'],
  },
  {
    situation: 'low back pain of ten days',
    record: [condition('ICD-10-CM M54.50', '2026-11-12')],
    says: ['inflammatory.back.weak-opioid', 'inflammatory.back.education'],
    never: ['inflammatory.general.education'],
  },
  {
    situation: 'low back pain of eight weeks',
    record: [condition('ICD-10-CM M54.50', '2026-09-27')],
    never: ['inflammatory.back.weak-opioid'],
  },
];

describe('advice that fits the pain', () => {
  for (const { situation, record, says = [], never = [] } of rows) {
    it(`${situation} gets its own lines and no other's`, () => {
      const { problems } = evaluate(buildRecord(WOMAN_OF_56, record, {}), realKnowledge(), NOW);

      const ids = problems.flatMap(({ recommendations, ask }) => [
        ...recommendations.map(({ id }) => id),
        ...ask.map(({ id }) => `ask ${id}`),
      ]);
      assert.ok(ids.length > 0);
      for (const id of says) assert.ok(ids.includes(id), id);
      for (const id of never) assert.ok(!ids.includes(id), id);
    });
  }
});
