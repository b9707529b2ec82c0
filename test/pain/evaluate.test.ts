// The answer as a whole: age, death, the order of pains, what is said of the data.
import assert from 'node:assert/strict';
import type { FhirResource, Patient } from 'fhir/r4.js';
import { evaluate } from '../../src/pain/evaluate.js';
import type { Evaluation } from '../../src/pain/evaluation.js';
import type { PatientRecord } from '../../src/pain/patient-record.js';
import {
  condition,
  ICD10CM,
  NOW,
  painScore,
  quantity,
  realKnowledge,
  recordOf,
  SNOMED,
} from '../support/findings.js';
import { orderChecksOf } from '../support/patient-checks.js';

const answer = (
  resources: readonly FhirResource[],
  patient: Partial<Patient> = {},
  more: Partial<PatientRecord> = {},
  now = NOW,
): Evaluation => {
  const record = recordOf(resources);
  const born = { resourceType: 'Patient' as const, id: 'p', birthDate: '1970-05-05', ...patient };
  return evaluate({ ...record, patient: born, ...more }, realKnowledge(), now);
};
const neuralgia = condition('face', ICD10CM, 'G50.0');
const texts = () => realKnowledge().engineTexts;

describe('evaluate', () => {
  before(() => void realKnowledge());

  for (const [birthDate, ageYears] of [
    ['1970-11-22', 56],
    ['1970-11-23', 55],
    ['1970-12-01', 55],
    ['1970-10-30', 56],
    ['1970', undefined],
    ['1970-11', undefined],
    ['1970-05', 56],
    ['2026-11-21', 0],
    ['2026-11-22', 0],
    ['2027-01-01', undefined],
    [undefined, undefined],
  ] as const) {
    it(`takes a patient born ${birthDate} for ${ageYears ?? 'of unknown age'}`, () => {
      const found = answer([neuralgia], { birthDate } as Partial<Patient>);

      assert.equal(found.ageYears, ageYears);
      assert.equal(found.notes.includes(texts().ageUnknown), ageYears === undefined);
    });
  }

  it('answers without a Patient', () => {
    const { patient: _, ...record } = recordOf([neuralgia]);

    assert.equal(evaluate(record, realKnowledge(), NOW).problems.length, 1);
  });

  it('says of the young what their age means', () => {
    const score = painScore('score', 6);
    const notes = (birthDate: string, ...resources: readonly FhirResource[]) =>
      answer([neuralgia, ...resources], { birthDate }).notes;

    assert.deepEqual(notes('2008-11-22', score), []);
    assert.deepEqual(notes('2008-11-23', score), [texts().underAge]);
    assert.deepEqual(notes('2018-11-22', score), [texts().underAge]);
    assert.deepEqual(notes('2018-11-23', score), [texts().underAge, texts().childScore]);
    assert.deepEqual(notes('2018-11-23'), [texts().underAge]);
    const knee = condition('knee', ICD10CM, 'M17.11');
    const atFace = painScore('score', 6, { bodySite: { text: 'face' } });
    assert.ok(notes('2018-11-23', knee, atFace).includes(texts().childScore));
  });

  for (const [situation, patient, isDead] of [
    ['dead since a date', { deceasedDateTime: '2026-01-01' }, true],
    ['dead', { deceasedBoolean: true }, true],
    ['not dead', { deceasedBoolean: false }, false],
  ] as const) {
    it(`finds ${isDead ? 'no pain' : 'pain'} in a patient who is ${situation}`, () => {
      assert.deepEqual(answer([neuralgia], patient).problems.length, isDead ? 0 : 1);
    });
  }

  it('puts the surest pain first, then the strongest, the most intense, the newest', () => {
    const order = (...resources: readonly FhirResource[]) =>
      answer(resources)
        .problems.map(({ problem }) => problem.members[0]?.reference.replace('Condition/', ''))
        .join(' ');
    const arthrosis = (id: string, text: string, onsetDateTime = '2026-01-01') =>
      condition(id, SNOMED, '239873007', { bodySite: [{ text }], onsetDateTime });
    const left = arthrosis('left', 'left knee');
    const right = arthrosis('right', 'right knee');
    const score = (id: string, value: number, text: string) =>
      painScore(id, value, { bodySite: { text } });

    assert.equal(order(left, neuralgia), 'face left');
    assert.equal(order(left, right), 'left right');
    assert.equal(order(left, right, score('s', 7, 'right knee')), 'right left');
    assert.equal(
      order(left, right, score('s', 7, 'right knee'), score('t', 8, 'left knee')),
      'left right',
    );
    assert.equal(order(left, arthrosis('new', 'right knee', '2026-05-01')), 'new left');
    const unspecified = condition('some', SNOMED, '22253000', {
      bodySite: [{ text: 'left hand' }],
    });
    assert.equal(order(unspecified, left), 'left some');
  });

  it('leaves out a disorder that neither hurts nor is in the scheme', () => {
    assert.deepEqual(
      answer([condition('x', ICD10CM, 'G47.00')]).problems.map(
        ({ classifications }) => classifications.length > 0,
      ),
      [true],
    );
  });

  it('names the input that could not be read and why, and is partial then', () => {
    const inputs = [
      { type: 'Condition', state: 'read' },
      { type: 'Procedure', state: 'none-recorded' },
      { type: 'Observation', state: 'failed', reason: 'http-500' },
      { type: 'AllergyIntolerance', state: 'truncated' },
    ] as const;

    const { completeness, missing } = answer([neuralgia], {}, { inputs });

    assert.equal(completeness, 'partial');
    assert.deepEqual(
      missing.map(({ input, reason }) => `${input} ${reason}`),
      ['Observation http-500', 'AllergyIntolerance truncated'],
    );
    assert.equal(missing[0]?.effect, texts().inputEffects.get('Observation'));
    assert.equal(answer([neuralgia]).completeness, 'complete');
  });

  it('counts in its notes on the data, and says when nothing is new', () => {
    const unread = [1, 2].map((at) =>
      painScore(`u${at}`, 3, { valueQuantity: quantity(3, 'furlong') }),
    );
    const { dataNotes } = answer([neuralgia, ...unread], {}, { foreignCount: 3 });

    assert.ok(dataNotes.some((note) => note.includes('2')));
    assert.ok(dataNotes.some((note) => note.includes('3')));
    assert.ok(dataNotes.every((note) => !/[{}]|undefined/.test(note)));
    const old = condition('old', ICD10CM, 'G50.0', { recordedDate: '2019-05-01' });
    assert.ok(answer([old]).dataNotes.some((note) => note.includes('2019-05-01')));
  });

  it('says that a pain does not hurt now from a score of zero alone', () => {
    const says = (value: number) =>
      answer([neuralgia, painScore('s', value)]).dataNotes.some((note) =>
        note.startsWith(texts().painScoreZero.split('{')[0] ?? '-'),
      );

    assert.deepEqual([says(0), says(realKnowledge().settings.intensityCountsFrom)], [true, false]);
  });

  it('excuses a more central procedure where every diagnostic step is blocked', () => {
    const back = condition('back', ICD10CM, 'M54.50');
    const check = orderChecksOf(recordOf([back]));

    assert.deepEqual(
      check('epidural-steroid').map(({ rule }) => rule),
      ['S2-1'],
    );
    assert.deepEqual(check('nobody knows'), []);
  });
});
