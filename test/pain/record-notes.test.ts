// What is said about a record as a whole: scores of 0, records gone quiet, scores of small children, coded answers that decide nothing.
import assert from 'node:assert/strict';
import type { FhirResource } from 'fhir/r4.js';
import { evaluate } from '../../src/pain/evaluate.js';
import { extractFindings } from '../../src/pain/extract-findings.js';
import {
  condition,
  ICD10CM,
  LOCAL,
  LOINC,
  NOW,
  NOW_MS,
  observation,
  painScore,
  realKnowledge,
  recordOf,
  SNOMED,
} from '../support/findings.js';

const knowledge = realKnowledge();
const { painScoreZero, staleRecord, childScore } = knowledge.engineTexts;
const answer = (resources: readonly FhirResource[], birthDate = '1970-05-05') => {
  const record = recordOf(resources);
  return evaluate(
    { ...record, patient: { resourceType: 'Patient', id: 'p', birthDate } },
    knowledge,
    NOW,
  );
};
const says = (notes: readonly string[], text: string): boolean =>
  notes.some((note) => note.endsWith(text.slice(text.lastIndexOf('}') + 1)));
const backPain = condition('c', ICD10CM, 'M54.50', { recordedDate: '2026-11-01' });
const retention = condition('r', ICD10CM, 'R33.9', { recordedDate: '2026-11-20' });

describe('A newest pain score of 0', () => {
  it('is said, and closes nothing', () => {
    const { dataNotes, problems } = answer([backPain, painScore('s', 0)]);
    assert.equal(says(dataNotes, painScoreZero), true);
    assert.equal(problems.length, 1);
  });

  it('is not said where a newer score hurts', () => {
    const older = painScore('s', 0, { effectiveDateTime: '2026-11-10T09:00:00Z' });
    assert.equal(
      says(answer([backPain, older, painScore('t', 5)]).dataNotes, painScoreZero),
      false,
    );
  });

  it('is not said when it is outside the window', () => {
    const old = painScore('s', 0, { effectiveDateTime: '2026-01-10T09:00:00Z' });
    assert.equal(says(answer([backPain, old]).dataNotes, painScoreZero), false);
  });

  it('hides no red flag and lowers no grade', () => {
    const before = answer([backPain, retention]);
    const after = answer([backPain, retention, painScore('s', 0)]);
    assert.ok(before.redFlags.length > 0);
    assert.deepEqual(
      after.redFlags.map(({ id }) => id),
      before.redFlags.map(({ id }) => id),
    );
    assert.deepEqual(
      after.problems.flatMap(({ classifications }) => classifications.map(({ grade }) => grade)),
      before.problems.flatMap(({ classifications }) => classifications.map(({ grade }) => grade)),
    );
  });
});

describe('A record gone quiet', () => {
  const old = condition('c', ICD10CM, 'M54.50', { recordedDate: '2019-03-01' });
  const visit = (start: string, status: 'finished' | 'entered-in-error'): FhirResource => ({
    resourceType: 'Encounter',
    id: 'e',
    status,
    class: { code: 'AMB' },
    subject: { reference: 'Patient/p' },
    period: { start },
  });
  const rows: readonly (readonly [string, readonly FhirResource[], boolean])[] = [
    ['the newest entry is years old', [old], true],
    ['a visit without a reason is recent', [old, visit('2026-11-01', 'finished')], false],
    ['the recent visit was entered in error', [old, visit('2026-11-01', 'entered-in-error')], true],
    ['the visit lies in the future', [old, visit('2027-11-01', 'finished')], true],
    ['nothing has a date', [condition('c', ICD10CM, 'M54.50')], false],
    ['there is nothing', [], false],
  ];
  for (const [situation, resources, expected] of rows) {
    it(`is ${expected ? '' : 'not '}said where ${situation}`, () => {
      assert.equal(says(answer(resources).dataNotes, staleRecord), expected);
    });
  }
});

describe('The score of a child', () => {
  const scored = [backPain, painScore('s', 6)];
  it('is marked as doubtful below the age of self-report', () => {
    assert.equal(answer(scored, '2018-11-23').notes.includes(childScore), true);
    assert.equal(answer(scored, '2018-11-22').notes.includes(childScore), false);
    assert.equal(answer([backPain], '2020-01-01').notes.includes(childScore), false);
  });
});

describe('A coded answer', () => {
  const swelling = (code: string, system = SNOMED, day = '20') =>
    observation(`o${day}`, LOCAL, 'JOINT-SWELLING', {
      effectiveDateTime: `2026-11-${day}T09:00:00Z`,
      valueCodeableConcept: { coding: [{ system, code }] },
    });
  const presence = (...resources: readonly FhirResource[]) =>
    extractFindings(recordOf(resources), knowledge.extraction, NOW_MS).findings[0]?.presence;
  const rows: readonly (readonly [string, FhirResource, string])[] = [
    ['that says yes', swelling('373066001'), 'present'],
    ['that says no', swelling('373067005'), 'absent'],
    ['with a degree', swelling('24484000'), 'present'],
    ['that is indeterminate', swelling('82334004'), 'unknown'],
    ['that says no in a system that has no such code', swelling('373067005', 'urn:x'), 'unknown'],
  ];
  for (const [situation, resource, expected] of rows) {
    it(`is ${expected} ${situation}`, () => assert.equal(presence(resource), expected));
  }

  it('that is indeterminate leaves the newest result unknown, whatever older ones said', () => {
    const pregnancyTest = (code: string, day: string) =>
      observation(`hcg${day}`, LOINC, '2106-3', {
        effectiveDateTime: `2026-11-${day}T09:00:00Z`,
        valueCodeableConcept: { coding: [{ system: SNOMED, code }] },
      });
    const found = extractFindings(
      recordOf([pregnancyTest('260385009', '18'), pregnancyTest('82334004', '20')]),
      knowledge.extraction,
      NOW_MS,
    ).findings.map(({ presence: says_ }) => says_);
    assert.deepEqual(found, ['absent', 'unknown']);
  });
});
