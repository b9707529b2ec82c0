// Grouping findings into pains: by region, side, onset and encounter; what cannot be placed is said.
import assert from 'node:assert/strict';
import type { Condition, FhirResource } from 'fhir/r4.js';
import { extractFindings } from '../../src/pain/extract-findings.js';
import { courseOf, type Grouping, groupPains } from '../../src/pain/pain-problem.js';
import {
  condition,
  ICD10CM,
  LOINC,
  NOW_MS,
  observation,
  on,
  painScore,
  quantity,
  realKnowledge,
  recordOf,
  SNOMED,
  status,
} from '../support/findings.js';

const group = (...resources: readonly FhirResource[]): Grouping => {
  const knowledge = realKnowledge();
  const { findings } = extractFindings(recordOf(resources), knowledge.extraction, NOW_MS);
  return groupPains(findings, NOW_MS, knowledge);
};
const idsOf = ({ pains }: Grouping): string[][] =>
  pains
    .map(({ members }) => members.map(({ reference }) => reference.replace(/^.*\//, '')).sort())
    .sort();

const onset = '2026-11-01';
const site = (text: string) => ({ bodySite: [{ text }] });
const kneeArthrosis = (id: string, more: Partial<Condition> = {}) =>
  condition(id, SNOMED, '239873007', { onsetDateTime: onset, ...more });
const kneePain = (id: string, more: Partial<Condition> = {}) =>
  condition(id, SNOMED, '30989003', { onsetDateTime: onset, ...more });
const neuralgia = (id: string, more: Partial<Condition> = {}) =>
  condition(id, ICD10CM, 'G50.0', { onsetDateTime: onset, ...more });
const somePain = (id: string, more: Partial<Condition> = {}) =>
  condition(id, SNOMED, '22253000', { onsetDateTime: onset, ...more });
const encounter = (id: string) => ({ encounter: { reference: `Encounter/${id}` } });

describe('groupPains', () => {
  const rows: readonly (readonly [
    string,
    readonly FhirResource[],
    readonly (readonly string[])[],
  ])[] = [
    ['nothing', [], []],
    ['one diagnosis', [neuralgia('a')], [['a']]],
    ['a diagnosis and the symptom of its place', [kneeArthrosis('a'), kneePain('b')], [['a', 'b']]],
    ['two places', [kneeArthrosis('a'), neuralgia('b')], [['a'], ['b']]],
    [
      'the same place on both sides',
      [kneeArthrosis('a', site('left knee')), kneeArthrosis('b', site('right knee'))],
      [['a'], ['b']],
    ],
    [
      'the same place and side',
      [kneeArthrosis('a', site('left knee')), kneePain('b', site('left knee'))],
      [['a', 'b']],
    ],
    [
      'one side beside both',
      [kneeArthrosis('a', site('left knee')), kneePain('b', site('both knees'))],
      [['a', 'b']],
    ],
    [
      'one side beside no side',
      [kneeArthrosis('a', site('left knee')), kneePain('b')],
      [['a', 'b']],
    ],
    [
      'an old wear and a new injury of the place',
      [
        kneeArthrosis('a', { onsetDateTime: '2015' }),
        condition('b', SNOMED, '125605004', { onsetDateTime: onset, ...site('knee') }),
      ],
      [['a'], ['b']],
    ],
    [
      'a wear and an injury that came together',
      [
        kneeArthrosis('a'),
        condition('b', SNOMED, '125605004', { onsetDateTime: onset, ...site('knee') }),
      ],
      [['a', 'b']],
    ],
    [
      'pain without place beside one pain',
      [kneeArthrosis('a'), somePain('b', { onsetDateTime: '2020' })],
      [['a', 'b']],
    ],
    [
      'pain without place of the encounter of one of two',
      [
        kneeArthrosis('a', { ...encounter('1'), onsetDateTime: '2020' }),
        neuralgia('b', { onsetDateTime: '2018' }),
        somePain('c', { ...encounter('1'), onsetDateTime: '2024' }),
      ],
      [['a', 'c'], ['b']],
    ],
    [
      'pain without place of the time of one of two',
      [kneeArthrosis('a'), neuralgia('b', { onsetDateTime: '2018' }), somePain('c')],
      [['a', 'c'], ['b']],
    ],
    [
      'pain without place that may be either',
      [kneeArthrosis('a'), neuralgia('b'), somePain('c')],
      [['a'], ['b']],
    ],
    ['pain without place alone', [somePain('a')], [['a']]],
    ['a resolved diagnosis', [neuralgia('a', { clinicalStatus: status('resolved') })], []],
    ['a refuted diagnosis', [neuralgia('a', { verificationStatus: status('refuted') })], []],
    ['a strong pain score alone', [painScore('a', 4)], [['a']]],
    ['a weak pain score alone', [painScore('a', 3)], []],
    ['an old pain score alone', [painScore('a', 8, { effectiveDateTime: '2026-10-22' })], []],
    [
      'a laboratory value alone',
      [observation('a', LOINC, '1988-5', { valueQuantity: quantity(80, 'mg/L') })],
      [],
    ],
  ];
  for (const [situation, resources, expected] of rows) {
    it(`groups ${situation} into ${expected.length}`, () => {
      assert.deepEqual(idsOf(group(...resources)), expected);
    });
  }

  for (const [situation, resources, expected] of rows) {
    it(`groups ${situation} alike in reverse order`, () => {
      assert.deepEqual(idsOf(group(...[...resources].reverse())), expected);
    });
  }

  it('says which pain it could not place', () => {
    const { notPlaced } = group(kneeArthrosis('a'), neuralgia('b'), somePain('c'));

    assert.deepEqual(
      notPlaced.map(({ reference }) => reference),
      ['Condition/c'],
    );
  });

  it('does not miss the place of a score of years ago', () => {
    const old = painScore('old', 7, { effectiveDateTime: '2020-11-20' });

    const { notPlaced } = group(kneeArthrosis('a'), neuralgia('b'), old);

    assert.deepEqual(notPlaced, []);
  });

  it('gives a score with a place to the pain of that place', () => {
    const score = painScore('s', 7, { bodySite: { text: 'knee' } });

    const { pains } = group(kneeArthrosis('a'), neuralgia('b'), score);

    assert.deepEqual(pains.map(({ lead, scope }) => [lead.reference, scope.intensityNrs]).sort(), [
      ['Condition/a', 7],
      ['Condition/b', undefined],
    ]);
  });

  it('gives a score without a place to the only pain', () => {
    assert.equal(group(kneeArthrosis('a'), painScore('s', 6)).pains[0]?.scope.intensityNrs, 6);
  });

  it('takes the newest of two scores', () => {
    const { pains } = group(
      kneeArthrosis('a'),
      painScore('s1', 6),
      painScore('s2', 3, { effectiveDateTime: '2026-11-21T09:00:00Z' }),
    );

    assert.equal(pains[0]?.scope.intensityNrs, 3);
  });

  it('takes the earliest onset and the side of the members', () => {
    const [pain] = group(
      kneeArthrosis('a', { onsetDateTime: '2020-05' }),
      kneePain('b', site('left knee')),
    ).pains;

    assert.deepEqual([pain?.onset?.text, pain?.side, pain?.regions], ['2020-05', 'left', ['knee']]);
  });

  it('lets the diagnosis lead, not the symptom', () => {
    assert.equal(group(kneePain('a'), kneeArthrosis('b')).pains[0]?.lead.reference, 'Condition/b');
  });
});

describe('courseOf', () => {
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['2026-10-24', 'acute'],
    ['2026-10-23', 'subacute'],
    ['2026-08-25', 'subacute'],
    ['2026-08-24', 'chronic'],
    ['2025', 'chronic'],
    ['2026-10', undefined],
    ['2026', undefined],
  ];
  for (const [text, course] of rows) {
    it(`calls an onset of ${text} ${course}`, () => {
      assert.equal(courseOf(on(text), NOW_MS, realKnowledge().settings), course);
    });
  }
  it('calls no onset nothing', () => {
    assert.equal(courseOf(undefined, NOW_MS, realKnowledge().settings), undefined);
  });
});
