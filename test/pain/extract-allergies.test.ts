// Allergy entries to findings (D-8): severity, type, negatives, and proof that allergies were asked for.
import assert from 'node:assert/strict';
import type { FhirResource } from 'fhir/r4.js';
import { type Extraction, extractFindings } from '../../src/pain/extract-findings.js';
import { NOW_MS, RXNORM, realKnowledge, recordOf, SNOMED, status } from '../support/findings.js';

const IPS = 'http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips';
const aspirin = { coding: [{ system: RXNORM, code: '1191' }] };
const entry = (more: Record<string, unknown>): FhirResource =>
  ({
    resourceType: 'AllergyIntolerance',
    id: 'a',
    patient: { reference: 'Patient/p' },
    clinicalStatus: status('active'),
    verificationStatus: status('confirmed'),
    code: aspirin,
    ...more,
  }) as unknown as FhirResource;
const extract = (...resources: readonly FhirResource[]): Extraction =>
  extractFindings(recordOf(resources), realKnowledge().extraction, NOW_MS);
const sets = (more: Record<string, unknown>): string[] =>
  extract(entry(more)).findings.flatMap(({ matches }) => matches.map(({ set }) => set));
const reaction = (manifestation: object, more: object = {}) => ({
  reaction: [{ manifestation: [manifestation], ...more }],
});

describe('The kind of an allergy', () => {
  const rows: readonly (readonly [string, Record<string, unknown>, string])[] = [
    ['high criticality', { criticality: 'high' }, 'severe'],
    ['high criticality of an intolerance', { criticality: 'high', type: 'intolerance' }, 'severe'],
    ['anaphylaxis by code', reaction({ coding: [{ system: SNOMED, code: '39579001' }] }), 'severe'],
    [
      'toxic epidermal necrolysis by code',
      reaction({ coding: [{ system: SNOMED, code: '23067006' }] }),
      'severe',
    ],
    ['angioedema in words', reaction({ text: 'Angioedema of the lips' }), 'severe'],
    ['DRESS in words', reaction({ text: 'DRESS' }), 'severe'],
    [
      'anaphylaxis in the description',
      { reaction: [{ manifestation: [{ text: 'rash' }], description: 'anaphylactic shock' }] },
      'severe',
    ],
    [
      'the anaphylaxis code without its system',
      reaction({ coding: [{ code: '39579001' }] }),
      'unspecified',
    ],
    ['an intolerance', { type: 'intolerance', criticality: 'low' }, 'intolerance'],
    ['a rash', reaction({ text: 'rash' }), 'unspecified'],
    ['nothing more', {}, 'unspecified'],
    ['low criticality', { criticality: 'low' }, 'unspecified'],
  ];
  for (const [situation, more, expected] of rows) {
    it(`is ${expected} for ${situation}`, () => {
      assert.equal(extract(entry(more)).findings[0]?.allergy, expected);
    });
  }
});

describe('The status of an allergy', () => {
  const rows: readonly (readonly [
    string,
    Record<string, unknown>,
    readonly unknown[] | undefined,
  ])[] = [
    ['active and confirmed', {}, ['present', true, 'confirmed']],
    [
      'unconfirmed: it counts',
      { verificationStatus: status('unconfirmed') },
      ['present', true, 'unconfirmed'],
    ],
    [
      'without any status: it counts',
      { verificationStatus: undefined, clinicalStatus: undefined },
      ['present', true, 'unstated'],
    ],
    ['refuted: it denies', { verificationStatus: status('refuted') }, ['absent', true, 'unstated']],
    ['inactive', { clinicalStatus: status('inactive') }, ['present', false, 'confirmed']],
    ['resolved', { clinicalStatus: status('resolved') }, ['present', false, 'confirmed']],
    [
      'entered in error: it does not exist',
      { verificationStatus: status('entered-in-error') },
      undefined,
    ],
  ];
  for (const [situation, more, expected] of rows) {
    it(`is read where it is ${situation}`, () => {
      const [found] = extract(entry(more)).findings;
      assert.deepEqual(found && [found.presence, found.current, found.verification], expected);
    });
  }
});

describe('"No known allergy"', () => {
  const ways: readonly (readonly [string, Record<string, unknown>])[] = [
    ['in SNOMED CT', { code: { coding: [{ system: SNOMED, code: '716186003' }] } }],
    ['for drugs', { code: { coding: [{ system: SNOMED, code: '409137002' }] } }],
    [
      'in the patient summary codes',
      { code: { coding: [{ system: IPS, code: 'no-known-allergies' }] } },
    ],
    ['in words', { code: { text: 'NKDA' } }],
  ];
  for (const [way, more] of ways) {
    it(`is a negative and proof of asking ${way}`, () => {
      const { findings, allergyRecorded, unrecognisedAllergies } = extract(entry(more));
      assert.deepEqual(
        findings.map(({ source, presence }) => [source, presence]),
        [['allergy', 'absent']],
      );
      assert.deepEqual([allergyRecorded, unrecognisedAllergies], [true, 0]);
    });
  }

  it('is not said by "no information"', () => {
    const none = entry({ code: { coding: [{ system: IPS, code: 'no-allergy-info' }] } });
    const { findings, allergyRecorded } = extract(none);
    assert.deepEqual([findings.length, allergyRecorded], [0, false]);
  });

  it('is not said by an empty list', () => {
    assert.equal(extract().allergyRecorded, false);
  });

  it('is not said by an entry in error', () => {
    const wrong = entry({ verificationStatus: status('entered-in-error') });
    assert.equal(extract(wrong).allergyRecorded, false);
  });
});

describe('The substance of an allergy', () => {
  const rows: readonly (readonly [string, Record<string, unknown>, readonly string[]])[] = [
    ['a RxNorm ingredient', {}, ['allergy-analgesic', 'med-aspirin']],
    [
      'a SNOMED CT substance',
      { code: { coding: [{ system: SNOMED, code: '387458008' }] } },
      ['allergy-analgesic'],
    ],
    ['a name', { code: { text: 'Allergy to ibuprofen' } }, ['med-nsaid-systemic']],
    [
      'a gel: the substance counts, not its form',
      { code: { text: 'diclofenac gel' } },
      ['med-nsaid-systemic'],
    ],
    [
      'a combination: each ingredient',
      { code: { coding: [{ system: RXNORM, code: '856987' }] } },
      ['med-opioid-strong', 'med-paracetamol'],
    ],
    ['a class in words', { code: { text: 'NSAIDs' } }, ['med-nsaid-systemic']],
    [
      'the substance of the reaction',
      {
        code: { text: 'drug allergy' },
        reaction: [{ substance: aspirin, manifestation: [{ text: 'hives' }] }],
      },
      ['med-aspirin'],
    ],
  ];
  for (const [situation, more, expected] of rows) {
    it(`is read from ${situation}`, () => {
      const found = sets(more);
      assert.deepEqual(
        expected.filter((set) => !found.includes(set)),
        [],
        found.join(' '),
      );
    });
  }

  it('is not counted when it is known to be none that is checked, and nothing else is named', () => {
    const count = (text: string): number =>
      extract(entry({ code: { text } })).unrecognisedAllergies;

    assert.deepEqual(
      ['Latex', 'Allergy to peanuts', 'ACE inhibitors', 'Latex, Mysterine', 'Allergy'].map(count),
      [0, 0, 0, 1, 1],
    );
  });

  it('is counted when nobody knows it, for medicines only', () => {
    const count = (more: Record<string, unknown>): number =>
      extract(entry(more)).unrecognisedAllergies;
    const unknown = { code: { text: 'Mysterine' } };
    assert.deepEqual(
      [
        count(unknown),
        count({ ...unknown, category: ['medication'] }),
        count({ ...unknown, category: ['food'] }),
        count({ ...unknown, clinicalStatus: status('resolved') }),
      ],
      [1, 1, 0, 0],
    );
  });
});
