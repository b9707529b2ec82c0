import assert from 'node:assert/strict';
import type { Bundle, Condition, FhirResource, Observation, Patient } from 'fhir/r4.js';
import { createFolder, fixture, runEvaluate } from './chart-files.js';

// Colour, title, clipboard, C1, bidi override, zero width, line separator, carriage return, bell.
const HOSTILE =
  'neuralgia \u001b[31mred\u001b]0;title\u0007 \u009b2J \u202egnp\u2066 a\u200bb \u2028 back\rover \u0000 \u{e0041}end';
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

const subject = { reference: 'Patient/hostile' };
const patient: Patient = {
  resourceType: 'Patient',
  id: 'hostile',
  birthDate: '1960-01-01',
  gender: 'male',
};
const condition: Condition = {
  resourceType: 'Condition',
  id: `c-${HOSTILE}`,
  subject,
  clinicalStatus: { coding: [{ code: 'active' }] },
  verificationStatus: { coding: [{ code: 'confirmed' }] },
  code: {
    coding: [{ system: 'http://hl7.org/fhir/sid/icd-10-cm', code: 'G50.0', display: HOSTILE }],
    text: `trigeminal ${HOSTILE}`,
  },
  bodySite: [{ text: `left face ${HOSTILE}` }],
  onsetDateTime: `2026-10-01T\u001b[31m`,
};
const score: Observation = {
  resourceType: 'Observation',
  id: `o-${HOSTILE}`,
  subject,
  status: 'final',
  code: {
    coding: [{ system: 'http://loinc.org', code: '72514-3', display: HOSTILE }],
    text: HOSTILE,
  },
  effectiveDateTime: '2026-11-20T10:00:00Z',
  valueQuantity: {
    value: 7,
    unit: `{score}`,
    system: 'http://unitsofmeasure.org',
    code: '{score}',
  },
};
const refuted: Condition = {
  ...condition,
  id: `r-${HOSTILE}`,
  verificationStatus: { coding: [{ code: 'refuted' }] },
};

const bundleOf = (own: Patient, resources: readonly FhirResource[]): string => {
  const bundle: Bundle = {
    resourceType: 'Bundle',
    type: 'collection',
    entry: [own, ...resources].map((resource) => ({ resource })),
  };
  return JSON.stringify(bundle);
};

describe('T47 control characters of data', () => {
  const folder = createFolder();
  after(() => folder.remove());

  const linesAreSafe = (text: string): void => {
    for (const line of text.split('\n')) assert.doesNotMatch(line, UNSAFE);
  };

  it('never reach the explanation', async () => {
    const file = folder.write('chart.json', bundleOf(patient, [condition, score, refuted]));

    const { code, out } = await runEvaluate([file]);

    assert.equal(code, 0);
    assert.match(out, /neuropathic/);
    assert.match(out, /\ufffd/);
    linesAreSafe(out);
  });

  it('never reach the explanation through the patient id', async () => {
    const file = folder.write('id.json', bundleOf({ ...patient, id: HOSTILE }, []));

    linesAreSafe((await runEvaluate([file])).out);
  });

  it('stay escaped in --json, and the line stays JSON', async () => {
    const file = folder.write('json.json', bundleOf(patient, [condition, score, refuted]));

    const { out } = await runEvaluate([file], { json: true });

    assert.equal(JSON.parse(out).patient, 'hostile');
    assert.equal(out.split('\n').length, 2);
    assert.doesNotMatch(out.trimEnd(), /[\p{Cc}\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/u);
  });

  it('never reach the summary', async () => {
    const file = folder.write('summary.json', bundleOf(patient, [condition, score]));

    linesAreSafe((await runEvaluate([file], { summary: true })).out);
  });

  it('never reach the message about a file that is not JSON', async () => {
    const file = folder.write('broken.json', `{"resourceType": "${HOSTILE}`);

    const { code, err } = await runEvaluate([file]);

    assert.equal(code, 1);
    linesAreSafe(err);
  });

  it('of our hostile fixture never reach the explanation', async () => {
    linesAreSafe((await runEvaluate([fixture('hostile-chart-text')])).out);
  });
});
