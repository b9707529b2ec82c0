// The organisation that gave the care, and until when a fact held, on findings.
import assert from 'node:assert/strict';
import type { FhirResource } from 'fhir/r4.js';
import { extractFindings } from '../../src/pain/extract-findings.js';
import type { Finding } from '../../src/pain/finding.js';
import {
  condition,
  ICD10CM,
  NOW_MS,
  realKnowledge,
  recordOf,
  SNOMED,
} from '../support/findings.js';

const findingsOf = (...resources: readonly FhirResource[]): readonly Finding[] =>
  extractFindings(recordOf(resources), realKnowledge().extraction, NOW_MS).findings;
const encounter: FhirResource = {
  resourceType: 'Encounter',
  id: 'e1',
  status: 'finished',
  class: { code: 'AMB' },
  subject: { reference: 'Patient/p' },
  serviceProvider: { reference: 'Organization/elsewhere' },
};
const procedure = (performer: object | undefined, inEncounter = true): FhirResource => ({
  resourceType: 'Procedure',
  id: 'pr',
  status: 'completed',
  subject: { reference: 'Patient/p' },
  code: { coding: [{ system: SNOMED, code: '91251008' }] },
  ...(inEncounter && { encounter: { reference: 'Encounter/e1' } }),
  ...(performer && { performer: [performer as { actor: object }] }),
});

describe('The organisation of a finding', () => {
  const rows: readonly (readonly [string, FhirResource, string | undefined])[] = [
    [
      'is the one the performer acts for',
      procedure({
        actor: { reference: 'Practitioner/1' },
        onBehalfOf: { reference: 'Organization/own' },
      }),
      'Organization/own',
    ],
    [
      'is the performing organisation',
      procedure({ actor: { reference: 'Organization/own' } }),
      'Organization/own',
    ],
    [
      'is that of the encounter where a person performed',
      procedure({ actor: { reference: 'Practitioner/1' } }),
      'Organization/elsewhere',
    ],
    ['is that of the encounter', procedure(undefined), 'Organization/elsewhere'],
    ['is unknown without either', procedure(undefined, false), undefined],
  ];
  for (const [title, resource, organisation] of rows) {
    it(title, () => {
      assert.equal(findingsOf(resource, encounter)[0]?.organisation, organisation);
    });
  }

  it('is that of the encounter for its conditions too', () => {
    const [found] = findingsOf(
      condition('c', ICD10CM, 'G50.0', { encounter: { reference: 'Encounter/e1' } }),
      encounter,
    );

    assert.equal(found?.organisation, 'Organization/elsewhere');
  });
});

describe('The end of a Condition', () => {
  it('is its abatement', () => {
    const [found] = findingsOf(condition('c', ICD10CM, 'G50.0', { abatementDateTime: '2025-03' }));

    assert.deepEqual([found?.until?.text, found?.current], ['2025-03', false]);
  });

  it('may lie after the evaluation, and the condition still holds', () => {
    const [found] = findingsOf(
      condition('c', ICD10CM, 'G50.0', { abatementDateTime: '2027-01-01' }),
    );

    assert.deepEqual([found?.until?.text, found?.current], ['2027-01-01', true]);
  });
});
