import assert from 'node:assert/strict';
import type { Recommendation } from '../../src/pain/evaluation.js';
import { fixtureEvaluations } from '../support/fixture-evaluations.js';

const linesOf = (patient: string): readonly Recommendation[] => {
  const found = fixtureEvaluations.find(({ patientId }) => patientId === patient);
  return found?.evaluation.problems.flatMap(({ recommendations }) => recommendations) ?? [];
};

describe('recommend', () => {
  it('never withholds or offers what a guideline advises against', () => {
    const against = fixtureEvaluations
      .flatMap(({ evaluation }) => evaluation.problems)
      .flatMap(({ recommendations }) => recommendations)
      .filter(({ strength }) => strength.endsWith('-against'));

    assert.ok(against.length > 50);
    assert.deepEqual([...new Set(against.map(({ status }) => status))], ['not-advised']);
  });

  it('offers nothing while an emergency or same-day red flag is open', () => {
    const offered = linesOf('red-flag-cauda-equina').filter(({ status }) => status === 'offered');

    assert.ok(linesOf('red-flag-cauda-equina').length > 5);
    assert.deepEqual(offered, []);
  });

  it('asks for a running NSAID to be reviewed now where a risk is recorded, not in weeks', () => {
    const ids = linesOf('older-adult-ckd-polypharmacy').map(({ id }) => id);

    assert.ok(ids.includes('inflammatory.general.nsaid-risk'));
    assert.ok(!ids.includes('inflammatory.general.nsaid-review'));
  });

  it('withholds every drug and procedure until safety checks exist', () => {
    const statuses = linesOf('trigeminal-neuralgia')
      .filter(({ treatment }) => treatment === 'carbamazepine' || treatment === 'opioid')
      .map(({ status }) => status);

    assert.ok(statuses.includes('withheld'));
    assert.ok(!statuses.includes('offered'));
  });
});
