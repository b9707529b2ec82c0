// The services: prefetch templates derived from the shipped knowledge, within what CDS Hooks 2.0 clients can answer.
import assert from 'node:assert/strict';
import { createServices, prefetchOf } from '../../src/cds/services.js';
import { KnowledgeInvalid } from '../../src/errors.js';
import { shippedKnowledge } from '../support/app.js';
import { serviceTexts } from '../support/edge.js';

/** Type-level reads of one patient, in the 2.0 subset. */
const TEMPLATE =
  /^(Patient\/\{\{context\.patientId\}\}|[A-Z][A-Za-z]+\?patient=\{\{context\.patientId\}\}(&(code|category)=[A-Za-z0-9\-.,]+)?)$/;

const small = { observationCodes: ['72514-3', 'DN4'], reportCategories: ['RAD', 'imaging'] };

describe('the prefetch templates', () => {
  const { reads } = shippedKnowledge();
  const keys = prefetchOf(reads);
  const templateOf = (key: string): string => keys.find((one) => one.key === key)?.template ?? '';

  it('are exactly ten with ten keys', () => {
    assert.equal(keys.length, 10);
    assert.equal(new Set(keys.map(({ key }) => key)).size, 10);
  });

  it('PFT-12 ask for every observation code the knowledge reads and for no other', () => {
    const asked = /&code=(.*)$/.exec(templateOf('observations'))?.[1]?.split(',');

    assert.deepEqual(asked, [...reads.observationCodes]);
    assert.ok(reads.observationCodes.length > 0);
  });

  it('ask for every report category the knowledge reads and for no other', () => {
    const asked = /&category=(.*)$/.exec(templateOf('diagnosticReports'))?.[1]?.split(',');

    assert.deepEqual(asked, [...reads.reportCategories]);
    assert.ok(reads.reportCategories.length > 0);
  });

  it('follow the knowledge when it changes', () => {
    const [before, after] = [
      prefetchOf(small),
      prefetchOf({ ...small, observationCodes: ['30522-7'] }),
    ];
    const changed = after.filter(({ template }, at) => template !== before[at]?.template);

    assert.deepEqual(
      changed.map(({ template }) => template),
      ['Observation?patient={{context.patientId}}&code=30522-7'],
    );
  });

  for (const { key, type, template } of keys) {
    it(`PFT-1 PFT-2 PFT-3 PFT-4 PFT-5 PFT-6 PFT-7 PFT-8 PFT-9 PFT-13 DIS-6 DIS-15 keep ${key} to the 2.0 subset and under 1,900 characters`, () => {
      assert.match(template, TEMPLATE);
      assert.ok(template.startsWith(type));
      assert.ok(template.length < 1900, `${template.length} characters`);
      assert.doesNotMatch(template, /_count|_include/);
    });
  }

  it('DOC-3 require the patient and the conditions only', () => {
    assert.deepEqual(
      keys.filter(({ required }) => required).map(({ key }) => key),
      ['patient', 'conditions'],
    );
  });

  it('stop the start when one grows too long', () => {
    const codes = Array.from({ length: 300 }, (_, at) => `${10_000 + at}-1`);

    assert.throws(
      () => prefetchOf({ ...small, observationCodes: codes }),
      (error) => {
        assert.ok(error instanceof KnowledgeInvalid);
        assert.match(error.message, /observations/);
        return true;
      },
    );
  });

  for (const empty of [
    { ...small, observationCodes: [] },
    { ...small, reportCategories: [] },
  ]) {
    it(`stop the start when the knowledge reads no ${empty.reportCategories.length ? 'code' : 'category'}`, () => {
      assert.throws(() => prefetchOf(empty), KnowledgeInvalid);
    });
  }
});

const IDS = [
  'pain-patient-view',
  'pain-order-select',
  'pain-order-sign',
  'pain-encounter-start',
  'pain-problem-list-item-create',
];

describe('createServices', () => {
  const services = createServices(small, serviceTexts);

  it('DIS-5 DIS-11 publishes each service under its id', () => {
    for (const [id, { definition }] of services) assert.equal(definition.id, id);
    assert.deepEqual([...services.keys()], IDS);
  });

  it('gives each hook an id of its own (DIS-11)', () => {
    const hooks = [...services.values()].map(({ definition }) => definition.hook);

    assert.equal(new Set(hooks).size, hooks.length);
  });

  it('names current hooks only (DIS-14)', () => {
    const current = [
      'patient-view',
      'encounter-start',
      'problem-list-item-create',
      'order-select',
      'order-sign',
    ];
    for (const { definition } of services.values()) assert.ok(current.includes(definition.hook));
  });

  it('stops the start when a service has no words', () => {
    const { 'pain-patient-view': _, ...others } = serviceTexts;

    assert.throws(() => createServices(small, others), /pain-patient-view/);
  });

  it('publishes the templates it reads by', () => {
    for (const { definition, prefetch } of services.values()) {
      assert.deepEqual(
        definition.prefetch,
        Object.fromEntries(prefetch.map(({ key, template }) => [key, template])),
      );
    }
  });

  it('DIS-14 DIS-5 names current hooks and ids that need no escaping', () => {
    for (const { definition } of services.values()) {
      assert.equal(definition.id, `pain-${definition.hook}`);
      assert.equal(encodeURIComponent(definition.id), definition.id);
      assert.match(definition.version ?? '', /^\d+\.\d+(\.\d+)?$/);
    }
  });
});
