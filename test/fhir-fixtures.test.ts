// Knows what every committed fixture and request must satisfy; must not know the clinical engine.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { validateR4 } from './support/r4-validator.js';

type Json = Record<string, unknown>;
const ROOT = new URL('../fhir-fixtures/', import.meta.url);
const PREFETCH_KEYS = new Map([
  ['patient', 'Patient'],
  ['conditions', 'Condition'],
  ['observations', 'Observation'],
  ['diagnosticReports', 'DiagnosticReport'],
  ['imagingStudies', 'ImagingStudy'],
  ['medicationRequests', 'MedicationRequest'],
  ['medicationStatements', 'MedicationStatement'],
  ['allergies', 'AllergyIntolerance'],
  ['procedures', 'Procedure'],
  ['encounters', 'Encounter'],
]);
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

const isJson = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const object = (value: unknown): Json => (isJson(value) ? value : {});
const list = (value: unknown): Json[] => (Array.isArray(value) ? value.filter(isJson) : []);
const namesIn = (folder: string): string[] =>
  readdirSync(new URL(folder, ROOT))
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.slice(0, -'.json'.length))
    .sort();
const read = (path: string): Json => object(JSON.parse(readFileSync(new URL(path, ROOT), 'utf8')));
const resourcesOf = (bundle: Json): Json[] =>
  list(bundle.entry).map((item) => object(item.resource));
const keyOf = (resource: Json): string => `${resource.resourceType}/${resource.id}`;

const referencesIn = (value: unknown): string[] => {
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  if (!isJson(value)) return [];
  const own = typeof value.reference === 'string' ? [value.reference] : [];
  return [...own, ...Object.values(value).flatMap(referencesIn)];
};

const danglingIn = (resource: Json, known: ReadonlySet<string>): string[] =>
  referencesIn(resource).filter((reference) => {
    if (/^https:\/\//.test(reference)) return false;
    if (reference.startsWith('#')) {
      return !list(resource.contained).some((item) => `#${item.id}` === reference);
    }
    return !known.has(reference);
  });

const subjectOf = (resource: Json): string => {
  if (resource.resourceType === 'Patient') return keyOf(resource);
  const reference = object(resource.subject ?? resource.patient).reference;
  return typeof reference === 'string' ? reference.replace(/^https:\/\/[^ ]*\/fhir\//, '') : '';
};

const patients = namesIn('patients/');
const requests = namesIn('requests/');
const readme = readFileSync(new URL('README.md', ROOT), 'utf8');
const bundles = new Map(patients.map((name) => [name, read(`patients/${name}.json`)]));

describe('FHIR fixtures', () => {
  it('show at least 36 situations', () => {
    assert.ok(patients.length >= 36);
  });

  it('never use one id for two resources', () => {
    const ids = [...bundles.values()].flatMap((bundle) => resourcesOf(bundle).map(keyOf));

    assert.deepEqual(
      ids.filter((id, index) => ids.indexOf(id) !== index),
      [],
    );
  });

  for (const [name, bundle] of bundles) {
    describe(name, () => {
      const resources = resourcesOf(bundle);

      it('is a valid R4 transaction of 10 to 80 resources', () => {
        assert.deepEqual(validateR4(bundle), []);
        assert.equal(bundle.type, 'transaction');
        assert.ok(resources.length >= 10 && resources.length <= 80);
      });

      it('puts every resource under its own id', () => {
        for (const item of list(bundle.entry)) {
          const key = keyOf(object(item.resource));
          assert.deepEqual(item.request, { method: 'PUT', url: key });
          assert.match(String(item.fullUrl), new RegExp(`/${key}$`));
        }
      });

      it('has the one patient it is named for, with an obviously synthetic name', () => {
        const found = resources.filter((resource) => resource.resourceType === 'Patient');

        assert.deepEqual(
          found.map((patient) => patient.id),
          [name],
        );
        assert.equal(list(found[0]?.name)[0]?.family, 'Fixture');
      });

      it('speaks of nobody else and leaves no reference dangling', () => {
        const known = new Set(resources.map(keyOf));

        for (const resource of resources) {
          assert.deepEqual(danglingIn(resource, known), [], keyOf(resource));
          if (resource.resourceType === 'Medication') continue;
          assert.equal(subjectOf(resource), `Patient/${name}`, keyOf(resource));
        }
      });

      it('is listed in the README', () => {
        assert.ok(readme.includes(`| \`${name}\` |`));
      });
    });
  }
});

describe('CDS Hooks requests', () => {
  for (const name of requests) {
    describe(name, () => {
      const body = read(`requests/${name}.json`);
      const patientId = String(object(body.context).patientId);

      it('is a complete request of the hook it is named for, about a fixture', () => {
        assert.ok(name.startsWith(`${body.hook}-`), String(body.hook));
        assert.match(String(body.hookInstance), UUID);
        assert.match(String(object(body.context).userId), /^Practitioner(Role)?\//);
        assert.ok(bundles.has(patientId));
        assert.ok(body.prefetch !== undefined || body.fhirServer !== undefined);
      });

      it('carries valid R4 under known prefetch keys', () => {
        for (const [key, value] of Object.entries(object(body.prefetch))) {
          assert.ok(PREFETCH_KEYS.has(key), key);
          if (value !== null) assert.deepEqual(validateR4(value), [], key);
        }
      });

      it('carries valid R4 in its context', () => {
        const { draftOrders, conditions } = object(body.context);
        for (const bundle of [draftOrders, conditions])
          if (bundle !== undefined) assert.deepEqual(validateR4(bundle), []);
      });

      // Its name says so where it is otherwise.
      const itIfOwn = name.includes('other-patient') ? () => undefined : it;
      itIfOwn('carries only its own patient', () => {
        for (const [key, value] of Object.entries(object(body.prefetch))) {
          const rows = key === 'patient' ? [object(value)] : resourcesOf(object(value));
          for (const row of rows) {
            if (row.resourceType === 'OperationOutcome') continue;
            assert.equal(row.resourceType, PREFETCH_KEYS.get(key));
            assert.equal(subjectOf(row), `Patient/${patientId}`, keyOf(row));
          }
        }
      });

      it('is listed in the README', () => {
        assert.ok(readme.includes(`| \`${name}\` |`));
      });
    });
  }
});

describe('validateR4', () => {
  const sound = {
    resourceType: 'Observation',
    status: 'final',
    code: { text: 'Pain score' },
    valueInteger: 4,
  };
  const without = ({ status: _, ...rest }: typeof sound): Json => rest;
  const faulty: [string, unknown][] = [
    ['a missing status', without(sound)],
    ['two values at once', { ...sound, valueString: 'four' }],
    ['an integer with a fraction', { ...sound, valueInteger: 4.5 }],
    ['an unknown property', { ...sound, pain: true }],
    ['an impossible date', { ...sound, effectiveDateTime: '22.11.2026' }],
    ['a resource of no known type', { resourceType: 'Pain' }],
    ['a fault inside a Bundle', bundleOf({ resourceType: 'Condition' })],
    ['something that is no resource', 'text'],
  ];

  it('accepts a sound resource', () => {
    assert.deepEqual(validateR4(sound), []);
  });

  for (const [fault, resource] of faulty) {
    it(`names ${fault}`, () => {
      assert.notDeepEqual(validateR4(resource), []);
    });
  }
});

function bundleOf(resource: Json): Json {
  return { resourceType: 'Bundle', type: 'collection', entry: [{ resource }] };
}
