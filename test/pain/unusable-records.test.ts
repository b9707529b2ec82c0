// What is recorded and cannot be used is never taken for "not there": no check that needs it comes out clear.
import assert from 'node:assert/strict';
import type { AllergyIntolerance, FhirResource, MedicationRequest } from 'fhir/r4.js';
import { evaluate } from '../../src/pain/evaluate.js';
import { extractFindings } from '../../src/pain/extract-findings.js';
import { RECORD_TYPES } from '../../src/pain/patient-record.js';
import {
  condition,
  ICD10CM,
  LOINC,
  NOW,
  observation,
  order,
  quantity,
  RXNORM,
  realKnowledge,
  recordOf,
  SNOMED,
  status,
} from '../support/findings.js';
import { safetyChecksOf } from '../support/patient-checks.js';

const NO_KNOWN_ALLERGY: FhirResource = {
  resourceType: 'AllergyIntolerance',
  id: 'nka',
  patient: { reference: 'Patient/p' },
  code: { coding: [{ system: SNOMED, code: '716186003' }] },
};
const HEALTHY: readonly FhirResource[] = [
  observation('egfr', LOINC, '98979-8', { valueQuantity: quantity(90, 'mL/min/{1.73_m2}') }),
  observation('sbp', LOINC, '8480-6', { valueQuantity: quantity(120, 'mm[Hg]') }),
];
/** A man of 56 with everything read. */
const recordWith = (resources: readonly FhirResource[]) => ({
  ...recordOf([...resources, ...HEALTHY]),
  patient: {
    resourceType: 'Patient' as const,
    id: 'p',
    birthDate: '1970-05-05',
    gender: 'male' as const,
  },
  inputs: RECORD_TYPES.map((type) => ({ type, state: 'read' as const })),
});
const nsaidCheck = (...resources: readonly FhirResource[]) => {
  const check = safetyChecksOf(recordWith(resources))('nsaid');
  assert.ok(check);
  return check;
};

const ibuprofen = { system: RXNORM, code: '5640' };
const warfarin = { coding: [{ system: RXNORM, code: '11289' }] };
const allergy = (more: object): FhirResource =>
  ({
    resourceType: 'AllergyIntolerance',
    id: 'a',
    patient: { reference: 'Patient/p' },
    clinicalStatus: status('active'),
    criticality: 'high',
    code: { coding: [ibuprofen] },
    ...more,
  }) as unknown as AllergyIntolerance;
const medicine = (more: object): FhirResource =>
  ({
    ...order('m', { medicationCodeableConcept: warfarin }),
    ...more,
  }) as unknown as MedicationRequest;
const taken = (text: string): FhirResource => medicine({ medicationCodeableConcept: { text } });

describe('A check of an NSAID', () => {
  it('comes out clear where everything was read and nothing is against it', () => {
    assert.equal(nsaidCheck(NO_KNOWN_ALLERGY).outcome, 'clear');
  });

  const blocked: readonly (readonly [string, readonly FhirResource[]])[] = [
    [
      'an allergy named beside "none known"',
      [allergy({ code: { text: 'NKDA except ibuprofen' } })],
    ],
    [
      'a coded allergy with "none known otherwise" in its text',
      [allergy({ code: { coding: [ibuprofen], text: 'no known drug allergies otherwise' } })],
    ],
    [
      'an anticoagulant named in the display of a reference without target',
      [
        NO_KNOWN_ALLERGY,
        medicine({
          medicationCodeableConcept: undefined,
          medicationReference: { display: 'warfarin 5 MG Oral Tablet' },
        }),
      ],
    ],
    ['an anticoagulant without a status', [NO_KNOWN_ALLERGY, medicine({ status: undefined })]],
  ];
  for (const [situation, resources] of blocked) {
    it(`is blocked by ${situation}`, () => {
      assert.equal(nsaidCheck(...resources).outcome, 'blocked');
    });
  }

  const unknown: readonly (readonly [string, readonly FhirResource[]])[] = [
    ['an allergy to what nobody knows', [allergy({ code: { text: 'Brandoprofen' } })]],
    [
      'an allergy to what nobody knows beside "none known"',
      [allergy({ code: { text: 'NKDA except Brandoprofen' } })],
    ],
    [
      'an allergy of which a part is known',
      [allergy({ code: { text: 'Paracetamol / Brandoprofen' } })],
    ],
    ['an allergy entry that is no R4', [allergy({ reaction: {} })]],
    ['an allergy dated after the evaluation', [allergy({ recordedDate: '2026-11-23' })]],
    ['a medicine nobody knows', [NO_KNOWN_ALLERGY, taken('Blutverdünner XY')]],
    [
      'a medicine entry that is no R4',
      [NO_KNOWN_ALLERGY, medicine({ medicationCodeableConcept: { coding: [null] } })],
    ],
    [
      'a medicine whose contained Medication is not there',
      [
        NO_KNOWN_ALLERGY,
        medicine({
          medicationCodeableConcept: undefined,
          medicationReference: { reference: '#gone' },
        }),
      ],
    ],
    [
      'a running prescription dated after the evaluation',
      [NO_KNOWN_ALLERGY, medicine({ authoredOn: '2026-11-23' })],
    ],
    [
      'a condition that is no R4',
      [
        NO_KNOWN_ALLERGY,
        { ...condition('c', ICD10CM, 'K25.4'), code: { coding: [null] } } as never,
      ],
    ],
  ];
  for (const [situation, resources] of unknown) {
    it(`asks in the face of ${situation}`, () => {
      assert.equal(nsaidCheck(...resources).outcome, 'unknown');
    });
  }

  it('does not ask for a stopped medicine nobody knows', () => {
    const stopped = order('m', {
      status: 'stopped',
      medicationCodeableConcept: { text: 'Mysterine' },
    });

    assert.equal(nsaidCheck(NO_KNOWN_ALLERGY, stopped).outcome, 'clear');
  });
});

describe('The sum of opioids', () => {
  it('is a lower bound beside a medicine nobody knows', () => {
    const dosed = order('m', {
      medicationCodeableConcept: { text: 'morphine sulfate' },
      dosageInstruction: [
        {
          timing: { repeat: { frequency: 2, period: 1, periodUnit: 'd' } },
          doseAndRate: [{ doseQuantity: quantity(20, 'mg') }],
        },
      ],
    });
    const exactly = (...more: readonly FhirResource[]) =>
      evaluate(recordWith([NO_KNOWN_ALLERGY, dosed, ...more]), realKnowledge(), NOW).opioids;

    assert.deepEqual(
      [exactly()?.isExact, exactly(taken('Schmerzfix forte'))?.isExact],
      [true, false],
    );
  });
});

describe('An order', () => {
  const drafted = (id: string, text: string, isSelected: boolean, more: object = {}) => ({
    resource: order(id, {
      status: 'draft',
      medicationCodeableConcept: { text },
      ...more,
    }),
    reference: `MedicationRequest/${id}`,
    isSelected,
  });
  const judged = (
    resources: readonly FhirResource[],
    drafts: readonly ReturnType<typeof drafted>[],
    states: Readonly<Record<string, 'truncated'>> = {},
  ) => {
    const record = recordWith(resources);
    const [first] =
      evaluate(
        {
          ...record,
          inputs: record.inputs.map((one) => ({ ...one, state: states[one.type] ?? one.state })),
          draftOrders: { drafts, unusable: 0 },
        },
        realKnowledge(),
        NOW,
      ).orders?.orders ?? [];
    assert.ok(first);
    return first;
  };
  const kinds = (...of: Parameters<typeof judged>): readonly string[] =>
    judged(...of).remarks.map(({ kind }) => kind);
  const nsaid = drafted('d1', 'ibuprofen 200 MG Oral Tablet', true);

  it('is told what its check lacks beside an unknown allergy, medicine or other draft', () => {
    const situations: readonly Parameters<typeof judged>[] = [
      [[allergy({ code: { text: 'Brandoprofen' } })], [nsaid]],
      [[NO_KNOWN_ALLERGY, taken('Mysterine')], [nsaid]],
      [[NO_KNOWN_ALLERGY], [nsaid, drafted('d2', 'Mysterine', false)]],
    ];

    assert.ok(!kinds([NO_KNOWN_ALLERGY], [nsaid]).includes('unknown'));
    for (const situation of situations) assert.ok(kinds(...situation).includes('unknown'));
  });

  it('of a combination is as grave as its gravest part', () => {
    const combination = drafted(
      'd1',
      'acetaminophen 325 MG / oxycodone hydrochloride 5 MG Oral Tablet',
      true,
    );
    const oxycodone = allergy({ code: { coding: [{ system: RXNORM, code: '7804' }] } });

    const found = judged([oxycodone], [combination], { AllergyIntolerance: 'truncated' });

    assert.ok(
      found.remarks.some(({ kind, rule }) => kind === 'contraindicated' && rule === 'D-8a'),
    );
  });
});

describe('a result that is no R4', () => {
  const read = (more: object) => {
    const value = { valueQuantity: quantity(25, 'mL/min/{1.73_m2}'), ...more };
    const record = recordOf([observation('low', LOINC, '98979-8', value)]);
    return extractFindings(record, realKnowledge().extraction, NOW.getTime());
  };

  it('is told from one that is', () => {
    assert.equal(read({ referenceRange: [], interpretation: [] }).findings.length, 1);
  });

  for (const more of [{ referenceRange: false }, { interpretation: 0 }]) {
    it(`is counted as unreadable, not read without ${JSON.stringify(more)}`, () => {
      const { findings, unreadableValues } = read(more);

      assert.deepEqual(findings, []);
      assert.deepEqual(unreadableValues, ['Observation/low']);
    });
  }
});
