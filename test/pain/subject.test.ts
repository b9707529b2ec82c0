// Whose resource it is, for every form of reference.
import assert from 'node:assert/strict';
import type { FhirResource } from 'fhir/r4.js';
import { createSubjectTest } from '../../src/pain/subject.js';

const BASE = 'https://ehr.example.org/fhir';
const about = (subject: unknown): FhirResource =>
  ({ resourceType: 'Condition', id: 'c', subject }) as unknown as FhirResource;

const proven: Readonly<Record<string, unknown>> = {
  'a relative reference': { reference: 'Patient/p-1' },
  'an absolute reference below the base': { reference: `${BASE}/Patient/p-1` },
  'a versioned reference': { reference: 'Patient/p-1/_history/3' },
  'an absolute versioned reference': { reference: `${BASE}/Patient/p-1/_history/3` },
};
const unproven: Readonly<Record<string, unknown>> = {
  'another patient': { reference: 'Patient/p-2' },
  'an id that only begins alike': { reference: 'Patient/p-10' },
  'an absolute reference to another server': {
    reference: 'https://other.example.org/fhir/Patient/p-1',
  },
  'a look-alike host': { reference: `https://ehr.example.org.evil.test/fhir/Patient/p-1` },
  'another tenant on the host': { reference: 'https://ehr.example.org/other/Patient/p-1' },
  'a urn nobody resolved': { reference: 'urn:uuid:2f1c7e0e-0000-4000-8000-000000000001' },
  'a contained resource': { reference: '#p-1' },
  'an identifier only': { identifier: { value: 'p-1' } },
  'a display only': { display: 'Patient/p-1' },
  'a group': { reference: 'Group/p-1' },
  'a query': { reference: 'Patient?_id=p-1' },
  'no subject': undefined,
  'a null subject': null,
  'a string': 'Patient/p-1',
  'a reference that is no string': { reference: 7 },
};

describe('REQ-14 T16 createSubjectTest', () => {
  const isAbout = createSubjectTest('p-1', { base: BASE });

  for (const [name, subject] of Object.entries(proven)) {
    it(`accepts ${name}`, () => assert.equal(isAbout(about(subject)), true));
  }
  for (const [name, subject] of Object.entries(unproven)) {
    it(`refuses ${name}`, () => assert.equal(isAbout(about(subject)), false));
  }

  it('accepts a urn given as alias', () => {
    const withAlias = createSubjectTest('p-1', { aliases: ['urn:uuid:a'] });

    assert.equal(withAlias(about({ reference: 'urn:uuid:a' })), true);
  });

  it('accepts an absolute reference by id when no base is known', () => {
    const withoutBase = createSubjectTest('p-1');

    assert.equal(withoutBase(about({ reference: `${BASE}/Patient/p-1` })), true);
    assert.equal(withoutBase(about({ reference: `${BASE}/Patient/p-2` })), false);
  });

  it('knows the Patient by its id', () => {
    assert.equal(isAbout({ resourceType: 'Patient', id: 'p-1' }), true);
    assert.equal(isAbout({ resourceType: 'Patient', id: 'p-2' }), false);
  });
});
