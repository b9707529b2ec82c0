// Imaging studies and reports to findings: where a study was made, what kind of finding a report is and where it is placed.
import assert from 'node:assert/strict';
import type { DiagnosticReport, FhirResource, ImagingStudy } from 'fhir/r4.js';
import { extractFindings } from '../../src/pain/extract-findings.js';
import type { Finding } from '../../src/pain/finding.js';
import { ICD10CM, NOW_MS, realKnowledge, recordOf, SNOMED } from '../support/findings.js';

const SUBJECT = { reference: 'Patient/p' };
const DICOM = 'http://dicom.nema.org/resources/ontology/DCM';
const coded = (system: string, code: string) => ({ coding: [{ system, code }] });
const KNEE = coded(ICD10CM, 'M17.11');
const COUGH = coded(ICD10CM, 'R05');
const LUMBAR = { system: SNOMED, code: '122496007' };
const BACK = coded(ICD10CM, 'M54.16');

const study = (more: Partial<ImagingStudy> = {}): ImagingStudy => ({
  resourceType: 'ImagingStudy',
  id: 's',
  status: 'available',
  subject: SUBJECT,
  started: '2026-11-01',
  ...more,
});
const report = (more: Partial<DiagnosticReport> = {}): DiagnosticReport => ({
  resourceType: 'DiagnosticReport',
  id: 'r',
  status: 'final',
  subject: SUBJECT,
  code: { text: 'Report' },
  conclusionCode: [BACK],
  effectiveDateTime: '2026-11-01',
  ...more,
});
const findingsOf = (...resources: readonly FhirResource[]): readonly Finding[] =>
  extractFindings(recordOf(resources), realKnowledge().extraction, NOW_MS).findings;
const only = (...resources: readonly FhirResource[]): Partial<Finding> =>
  findingsOf(...resources).find(({ reference }) => !reference.startsWith('Imaging')) ?? {};
const series = (more: object = {}) => ({
  uid: '1',
  modality: { system: DICOM, code: 'MR' },
  ...more,
});

describe('extractFindings from an ImagingStudy', () => {
  const placed = (more: Partial<ImagingStudy>): string =>
    `${findingsOf(study(more)).map(({ regions }) => regions.join(' '))}`;

  for (const [situation, more, expected] of [
    ['of the site of its series', { series: [series({ bodySite: LUMBAR })] }, 'lumbar-spine'],
    [
      'of the site of a later series',
      { series: [series(), series({ bodySite: LUMBAR })] },
      'lumbar-spine',
    ],
    [
      'of its series before its reason',
      { series: [series({ bodySite: LUMBAR })], reasonCode: [KNEE] },
      'lumbar-spine',
    ],
    ['of its reason where no series says it', { series: [series()], reasonCode: [KNEE] }, 'knee'],
    ['of its reason without any series', { reasonCode: [KNEE] }, 'knee'],
    ['of the reason that has a place', { reasonCode: [COUGH, KNEE] }, 'knee'],
    ['of what was done before why', { procedureCode: [KNEE], reasonCode: [BACK] }, 'knee'],
    [
      'of its reason where the site is not known',
      { series: [series({ bodySite: { system: 'x', code: 'y' } })], reasonCode: [KNEE] },
      'knee',
    ],
    ['of no place', { series: [series()], reasonCode: [COUGH] }, ''],
    ['of no place where nothing is said', {}, ''],
  ] as const) {
    it(`is ${situation}`, () => {
      assert.equal(placed(more as Partial<ImagingStudy>), expected);
    });
  }

  it('is of the modality of the study, else of its series', () => {
    const sets = (more: Partial<ImagingStudy>) =>
      findingsOf(study(more)).flatMap(({ matches }) => matches.map(({ display }) => display));

    assert.deepEqual(sets({ modality: [{ system: DICOM, code: 'CT' }], series: [series()] }), [
      'Computed Tomography',
    ]);
    assert.deepEqual(sets({ series: [series({ modality: { system: DICOM, code: 'US' } })] }), [
      'Ultrasound',
    ]);
    assert.deepEqual(sets({}), []);
  });

  it('is none while it is not available', () => {
    assert.deepEqual(findingsOf(study({ status: 'registered' })), []);
    assert.deepEqual(findingsOf(study({ status: 'entered-in-error' })), []);
  });
});

describe('extractFindings from a DiagnosticReport', () => {
  const linked = {
    imagingStudy: [{ reference: 'ImagingStudy/none' }, { reference: 'ImagingStudy/s' }],
  };
  const category = (code: string) => ({
    category: [{ text: 'none' }, { coding: [{ code: 'LAB' }, { code }] }],
  });

  for (const [situation, more, source] of [
    ['with a study', linked, 'report'],
    ['of an imaging category', category('RAD'), 'report'],
    ['of a laboratory', category('CH'), 'observation'],
    [
      'with a category without a code',
      { category: [{ coding: [{ display: 'RAD' }] }] },
      'observation',
    ],
    ['with a category in words', { category: [{ text: 'RAD' }] }, 'observation'],
    ['without a category', {}, 'observation'],
  ] as const) {
    it(`${situation} is a ${source}`, () => {
      assert.equal(only(report(more as Partial<DiagnosticReport>)).source, source);
    });
  }

  for (const status of [
    'final',
    'amended',
    'corrected',
    'appended',
    'preliminary',
    'partial',
  ] as const) {
    it(`that is ${status} is read`, () => {
      assert.equal(findingsOf(report({ status })).length, 1);
    });
  }

  for (const status of ['registered', 'cancelled', 'entered-in-error', 'unknown'] as const) {
    it(`that is ${status} is not read`, () => {
      assert.deepEqual(findingsOf(report({ status })), []);
    });
  }

  it('has the place of its conclusion, else of its code, else of its study', () => {
    // A conclusion without a place of its own: inflammatory arthritis by a code of no joint.
    const unplaced = coded(ICD10CM, 'M06.9');
    const at = (...resources: readonly FhirResource[]) => only(...resources).regions?.join(' ');
    const withStudy = { ...linked, conclusionCode: [unplaced] };

    assert.equal(at(report({ code: KNEE })), 'lumbar-spine');
    assert.equal(at(report({ code: KNEE, ...withStudy }), study({ reasonCode: [BACK] })), 'knee');
    assert.equal(at(report(withStudy), study({ reasonCode: [KNEE] })), 'knee');
    assert.equal(at(report(withStudy)), '');
    assert.equal(at(report({ conclusionCode: [unplaced] })), '');
  });

  it('gives a finding for each conclusion that is known', () => {
    assert.deepEqual(
      findingsOf(report({ conclusionCode: [COUGH, BACK, KNEE] })).map(({ label }) => label),
      findingsOf(report({ conclusionCode: [BACK, KNEE] })).map(({ label }) => label),
    );
    assert.equal(findingsOf(report({ conclusionCode: [COUGH, BACK, KNEE] })).length, 2);
    assert.deepEqual(findingsOf(report({ conclusionCode: [] })), []);
  });

  it('is of the end of its period where it has no date', () => {
    const { effectiveDateTime: _, ...undated } = report();

    assert.equal(
      only({
        ...undated,
        effectivePeriod: { start: '2026-10-01', end: '2026-10-02' },
      }).effective?.text?.slice(0, 10),
      '2026-10-02',
    );
  });
});
