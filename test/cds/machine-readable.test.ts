import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { machineReadable } from '../../src/cds/machine-readable.js';
import { anEvaluation, aProblem } from '../support/evaluation-builder.js';
import { fixtureEvaluations } from '../support/fixture-evaluations.js';

const schema: unknown = JSON.parse(readFileSync('openapi/evaluation.schema.json', 'utf8'));
const validate = new Ajv2020({ allErrors: true, strict: false }).compile(schema as object);

function faultsOf(answer: object): string[] {
  const sent: unknown = JSON.parse(JSON.stringify(answer));
  validate(sent);
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

describe('EXT-4 machineReadable', () => {
  for (const { patientId, evaluation } of fixtureEvaluations) {
    it(`answers ${patientId} as the contract says`, () => {
      assert.deepEqual(faultsOf(machineReadable(evaluation)), []);
    });
  }

  it('sends no empty array, null or undefined, apart from an empty classification', () => {
    const problem = aProblem({ classifications: [], principles: [], recommendations: [], ask: [] });
    const text = JSON.stringify(machineReadable(anEvaluation({ problems: [problem] })));
    assert.doesNotMatch(text.replace('"classification":[]', ''), /null|\[\]|undefined/);
  });

  it('names each reference of a list once', () => {
    const { members } = aProblem().problem;
    const base = aProblem();
    const problem = { ...base, problem: { ...base.problem, members: [...members, ...members] } };
    assert.deepEqual(faultsOf(machineReadable(anEvaluation({ problems: [problem] }))), []);
  });
});
