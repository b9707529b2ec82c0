// FHIR resources to findings: status, negation and absence are told apart, nothing void is used.
import assert from 'node:assert/strict';
import type { Condition, FhirResource, Observation } from 'fhir/r4.js';
import { type Extraction, extractFindings } from '../../src/pain/extract-findings.js';
import type { Finding } from '../../src/pain/finding.js';
import {
  condition,
  ICD10CM,
  LOCAL,
  LOINC,
  NOW_MS,
  observation,
  painScore,
  quantity,
  realKnowledge,
  recordOf,
  SNOMED,
  status,
} from '../support/findings.js';

const extract = (...resources: readonly FhirResource[]): Extraction =>
  extractFindings(recordOf(resources), realKnowledge().extraction, NOW_MS);
const only = (...resources: readonly FhirResource[]): Partial<Finding> =>
  extract(...resources).findings[0] ?? {};
describe('extractFindings', () => {
  it('gives findings in one order, however the record was read', () => {
    const resources = [
      condition('b', ICD10CM, 'G50.0'),
      condition('a', ICD10CM, 'M17.11'),
      painScore('z', 5),
      condition('c', ICD10CM, 'M54.50'),
    ];

    const forth = extract(...resources);
    const back = extract(...[...resources].reverse());

    assert.equal(forth.findings.length, 4);
    assert.deepEqual(forth.findings, back.findings);
  });
});

describe('DAT-22 extractFindings from a Condition', () => {
  const neuralgia = (more: Partial<Condition>) => condition('c', ICD10CM, 'G50.0', more);
  const onset = '2026-10-01';
  const rows: readonly (readonly [string, Partial<Condition>, Partial<Finding> | undefined])[] = [
    ['active and confirmed', {}, { presence: 'present', current: true, verification: 'confirmed' }],
    ['entered in error', { verificationStatus: status('entered-in-error') }, undefined],
    ['refuted', { verificationStatus: status('refuted') }, { presence: 'absent' }],
    ['provisional', { verificationStatus: status('provisional') }, { verification: 'unconfirmed' }],
    [
      'differential',
      { verificationStatus: status('differential') },
      { verification: 'unconfirmed' },
    ],
    ['resolved', { clinicalStatus: status('resolved') }, { current: false }],
    ['in remission', { clinicalStatus: status('remission') }, { current: false }],
    ['inactive', { clinicalStatus: status('inactive') }, { current: false }],
    ['recurring', { clinicalStatus: status('recurrence') }, { current: true }],
    ['abated', { abatementDateTime: '2026-11-01' }, { current: false }],
    ['to abate later', { abatementDateTime: '2027-01-01' }, { current: true }],
    ['abated in words', { abatementString: 'last year' }, { current: false }],
    [
      'with an onset',
      { onsetDateTime: onset },
      { onset: { text: onset, startMs: Date.parse(onset), endMs: Date.parse('2026-10-02') } },
    ],
    ['with an onset in the future', { onsetDateTime: '2027-01-01' }, undefined],
    ['recorded in the future', { onsetDateTime: onset, recordedDate: '2027-01-01' }, undefined],
    [
      'with a site',
      { bodySite: [{ text: 'left cheek' }] },
      { regions: ['face'], side: 'left', siteRecorded: true },
    ],
    ['without a site', {}, { regions: ['face'], siteRecorded: false }],
    ['with a code without system', { code: { coding: [{ code: 'G50.0' }] } }, undefined],
    [
      'with a code of a foreign system',
      { code: { coding: [{ system: 'urn:x', code: 'G50.0' }] } },
      undefined,
    ],
    [
      'with a code of the prototype',
      { code: { coding: [{ system: ICD10CM, code: 'constructor' }] } },
      undefined,
    ],
    [
      'in words only',
      { code: { text: 'Trigeminal neuralgia' } },
      { basis: 'text', labelFromChart: true, regions: ['face'] },
    ],
    ['in negated words', { code: { text: 'No trigeminal neuralgia' } }, undefined],
    [
      'in words of the family',
      { code: { text: 'Family history of trigeminal neuralgia' } },
      undefined,
    ],
    [
      'in words beside a known code',
      { code: { coding: [{ system: ICD10CM, code: 'Z00.0' }], text: 'Trigeminal neuralgia' } },
      undefined,
    ],
  ];
  for (const [situation, more, expected] of rows) {
    it(`${expected ? 'reads' : 'leaves out'} one ${situation}`, () => {
      const { findings } = extract(neuralgia(more));

      assert.equal(findings.length, expected ? 1 : 0);
      if (expected) assert.deepEqual({ ...findings[0], ...expected }, findings[0]);
    });
  }

  it('counts what is dated in the future', () => {
    assert.equal(
      extract(
        neuralgia({ onsetDateTime: '2027' }),
        painScore('o', 5, { effectiveDateTime: '2027' }),
      ).futureDated,
      2,
    );
  });

  it('no longer counts an acute injury after its time', () => {
    const sprain = (onsetDateTime: string) =>
      only(condition('c', ICD10CM, 'S93.4', { onsetDateTime }));

    assert.equal(sprain('2026-08-24').current, true);
    assert.equal(sprain('2026-08-23').current, false);
  });
});

describe('DAT-22 extractFindings from an Observation', () => {
  const trigger = (more: Partial<Observation>) => observation('o', LOCAL, 'TN-TRIGGER', more);
  const crp = (more: Partial<Observation>) => observation('o', LOINC, '1988-5', more);
  const value = quantity(34, 'mg/L');
  const coded = (system: string, code: string) => ({
    valueCodeableConcept: { coding: [{ system, code }] },
  });
  const unknown = { dataAbsentReason: { coding: [{ code: 'unknown' }] } };
  const rows: readonly (readonly [string, Observation, Partial<Finding> | undefined])[] = [
    ['one that is true', trigger({ valueBoolean: true }), { presence: 'present' }],
    ['one that is false', trigger({ valueBoolean: false }), { presence: 'absent' }],
    ['one answered Yes', trigger(coded(SNOMED, '373066001')), { presence: 'present' }],
    ['one answered No', trigger(coded(SNOMED, '373067005')), { presence: 'absent' }],
    ['one answered Absent in LOINC', trigger(coded(LOINC, 'LA9634-2')), { presence: 'absent' }],
    [
      'one interpreted as negative',
      trigger({ interpretation: [{ coding: [{ code: 'NEG' }] }] }),
      { presence: 'absent' },
    ],
    ['one in free words', trigger({ valueString: 'none seen' }), undefined],
    ['one in the words of a concept', trigger({ valueCodeableConcept: { text: 'No' } }), undefined],
    ['one whose data are absent', trigger(unknown), undefined],
    [
      'a number',
      crp({ valueQuantity: value }),
      {
        measure: {
          low: 34,
          high: 34,
          lowOpen: false,
          highOpen: false,
          unit: 'mg/L',
          text: '34 mg/L',
        },
      },
    ],
    ['a number in words', crp({ valueString: '34 mg/L' }), undefined],
    ['a number without a unit', crp({ valueQuantity: { value: 34 } }), undefined],
    ['a preliminary one', crp({ valueQuantity: value, status: 'preliminary' }), {}],
    ['a corrected one', crp({ valueQuantity: value, status: 'corrected' }), {}],
    ['an amended one', crp({ valueQuantity: value, status: 'amended' }), {}],
    ['a cancelled one', crp({ valueQuantity: value, status: 'cancelled' }), undefined],
    ['one entered in error', crp({ valueQuantity: value, status: 'entered-in-error' }), undefined],
    ['a registered one', crp({ valueQuantity: value, status: 'registered' }), undefined],
    [
      'one dated in the future',
      crp({ valueQuantity: value, effectiveDateTime: '2026-11-22T10:06:00Z' }),
      undefined,
    ],
    [
      'one at the edge of clock skew',
      crp({ valueQuantity: value, effectiveDateTime: '2026-11-22T10:05:00Z' }),
      {},
    ],
    [
      'a symptom named by its value',
      observation('o', LOINC, '56823-8', coded(SNOMED, '36349006')),
      { presence: 'present' },
    ],
  ];
  for (const [situation, resource, expected] of rows) {
    it(`${expected ? 'reads' : 'leaves out'} ${situation}`, () => {
      const found = extract(resource).findings.filter(
        ({ matches }) => !matches.some(({ set }) => set.startsWith('obs-symptom')),
      );

      assert.equal(found.length, expected ? 1 : 0);
      if (expected) assert.deepEqual({ ...found[0], ...expected }, found[0]);
    });
  }

  it('takes the finding named by "symptom absent" (111551-8) as denied', () => {
    const resource = observation('o', LOINC, '111551-8', coded(SNOMED, '36349006'));

    const { findings } = extract(resource);

    assert.deepEqual(
      findings.map(({ presence }) => presence),
      ['absent'],
    );
  });

  it('names the results it cannot read', () => {
    const { unreadableValues } = extract(
      crp({ valueQuantity: { value: 34 } }),
      crp({ id: 'o2', valueString: 'x' }),
    );

    assert.deepEqual(unreadableValues, ['Observation/o', 'Observation/o2']);
  });

  it('reads each component and leaves out the one whose data are absent', () => {
    const component = [
      { code: { coding: [{ system: LOINC, code: '1988-5' }] }, valueQuantity: value },
      { code: { coding: [{ system: LOINC, code: '72514-3' }] }, ...unknown },
    ];

    const { findings } = extract(observation('o', 'urn:x', 'panel', { component }));

    assert.deepEqual(
      findings.map(({ measure }) => measure?.low),
      [34],
    );
  });
});
