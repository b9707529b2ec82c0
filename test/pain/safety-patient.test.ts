// Which records prove that nothing is there.
import assert from 'node:assert/strict';
import type { InputRead, ReadState } from '../../src/pain/patient-record.js';
import { recordsRead, safetyPatientOf } from '../../src/pain/safety-patient.js';
import type { Scope } from '../../src/pain/scope.js';
import { finding, measure, on, realKnowledge, scopeOf } from '../support/findings.js';

const inputs = (states: Partial<Record<InputRead['type'], ReadState>>): InputRead[] =>
  Object.entries({
    Condition: 'read',
    MedicationRequest: 'read',
    MedicationStatement: 'none-recorded',
    Procedure: 'read',
    DiagnosticReport: 'read',
    AllergyIntolerance: 'none-recorded',
    ...states,
  }).map(([type, state]) => ({ type, state }) as InputRead);

const NOTHING: ReadonlySet<InputRead['type']> = new Set();

describe('recordsRead', () => {
  it('counts a readable empty answer as read', () => {
    const read = recordsRead({ inputs: inputs({}) }, NOTHING);

    assert.deepEqual(new Set(Object.values(read)), new Set([true]));
  });

  const rows: readonly (readonly [InputRead['type'], keyof ReturnType<typeof recordsRead>])[] = [
    ['Condition', 'condition'],
    ['MedicationRequest', 'medication'],
    ['MedicationStatement', 'medication'],
    ['Medication', 'medication'],
    ['Procedure', 'procedure'],
    ['DiagnosticReport', 'report'],
    ['AllergyIntolerance', 'allergy'],
  ];
  for (const [type, kind] of rows) {
    for (const state of ['failed', 'truncated', 'not-asked'] as const) {
      it(`proves nothing about ${kind} when ${type} is ${state}`, () => {
        const read = recordsRead({ inputs: inputs({ [type]: state }) }, NOTHING);

        const open = Object.entries(read).filter(([, isRead]) => !isRead);
        assert.deepEqual(open, [[kind, false]]);
      });
    }
  }

  it('proves nothing of inputs nobody asked for', () => {
    assert.deepEqual(
      new Set(Object.values(recordsRead({ inputs: [] }, NOTHING))),
      new Set([false]),
    );
  });
});

describe('safetyPatientOf', () => {
  const knowledge = realKnowledge();
  const clearanceWith = (creatinineDate: string, more: Partial<Scope> = {}) => {
    const lab = (set: string, value: number, date: string) =>
      finding(set, { source: 'observation', effective: on(date), measure: measure(value) });
    const scope = scopeOf(
      [lab('obs-creatinine', 1, creatinineDate), lab('obs-weight', 72, '2026-11-01')],
      { ageYears: 40, sex: 'male', ...more },
    );
    return safetyPatientOf(recordsRead({ inputs: inputs({}) }, NOTHING), true, scope, [], knowledge)
      .derived;
  };

  it('derives creatinine clearance from results inside their windows', () => {
    const derived = clearanceWith('2025-11-22').creatinineClearance();

    assert.equal(derived?.measure.low, 100);
    assert.equal(clearanceWith('2025-11-21').creatinineClearance(), undefined);
  });

  it('shortens the windows for the patient', () => {
    const old = { ageYears: 75 };

    assert.ok(clearanceWith('2026-08-24', old).creatinineClearance());
    assert.equal(clearanceWith('2026-08-23', old).creatinineClearance(), undefined);
  });

  it('derives each number once', () => {
    const numbers = clearanceWith('2026-11-01');

    assert.equal(numbers.creatinineClearance(), numbers.creatinineClearance());
    assert.equal(numbers.morphineEquivalents(7), numbers.morphineEquivalents(7));
    assert.notEqual(numbers.morphineEquivalents(7), numbers.morphineEquivalents(undefined));
  });
});
