// The vocabulary: codes by system, prefix and descent; words with their negations and places.
import assert from 'node:assert/strict';
import {
  buildVocabulary,
  type CodeRow,
  type VocabularySource,
} from '../../src/knowledge/vocabulary.js';
import { match, realKnowledge, SNOMED } from '../support/findings.js';

const ICD = 'http://icd-10-cm';
const WHO = 'http://icd-10';
const SCT = 'http://sct';
const ATC = 'http://atc';

const row = (system: string, code: string, how: string, set: string, display = set): CodeRow => ({
  system,
  code,
  match: how,
  entry: match(set, { display: display }),
});
const phrase = (text: string, set: string, regions: readonly string[] = []) => ({
  phrase: text,
  matches: [{ match: match(set, { regions }), place: { regions } }],
});
const source: VocabularySource = {
  rows: [
    row('ICD-10-CM', 'M54', 'prefix', 'back', 'Dorsalgia'),
    row('ICD-10-CM', 'M54.5', 'prefix', 'back', 'Low back pain'),
    row('ICD-10-CM', 'M54.5', 'prefix', 'low'),
    row('ICD-10-CM', 'M54.59', 'prefix', 'deep'),
    row('ICD-10-CM', 'I44', 'prefix', 'heart-block'),
    { ...row('ICD-10-CM', 'I44.7', 'prefix', 'heart-block'), isExcluded: true },
    row('ICD-10-CM', 'G89', 'prefix', 'chronic'),
    row('ICD-10-CM', 'Z00', 'exact', 'check'),
    row('ATC', 'N02A', 'prefix', 'strong', 'Opioids'),
    row('ATC', 'N02AX02', 'prefix', 'weak', 'Tramadol'),
    row('SNOMED CT', '1', 'descendants', 'pain', 'Pain'),
    row('SNOMED CT', '2', 'descendants', 'pain', 'Back pain'),
    row('SNOMED CT', '5', 'exact', 'alone'),
  ],
  systems: [
    {
      id: 'ICD-10-CM',
      uris: [ICD],
      dotAfter: 3,
      episode: {
        prefixes: ['S', 'M80'],
        position: 7,
        initial: 'ABC',
        subsequent: 'DGK',
        sequela: 'S',
      },
    },
    {
      id: 'ICD-10',
      uris: [WHO],
      derivedFrom: 'ICD-10-CM',
      maxCodeLength: 5,
      except: ['G89'],
      dotAfter: 3,
    },
    { id: 'SNOMED CT', uris: [SCT] },
    { id: 'ATC', uris: [ATC] },
  ],
  isA: [
    { system: 'SNOMED CT', child: '2', parent: '1' },
    { system: 'SNOMED CT', child: '3', parent: '2' },
    { system: 'SNOMED CT', child: '4', parent: '1' },
    { system: 'SNOMED CT', child: '6', parent: '5' },
    { system: 'SNOMED CT', child: '7', parent: '8' },
    { system: 'SNOMED CT', child: '8', parent: '7' },
  ],
  codePlaces: new Map([
    [
      'ICD-10-CM',
      new Map([
        ['M54', { regions: ['back'] }],
        ['M54.5', { regions: ['low-back'] }],
      ]),
    ],
  ]),
  sitePlaces: new Map([
    ['72696002', { regions: ['knee'] }],
    ['7771000', { regions: [], side: 'left' as const }],
  ]),
  sitePhrases: [
    { phrase: 'knee', place: { regions: ['knee'] } },
    { phrase: 'lower back', place: { regions: ['low-back'] } },
    { phrase: 'back', place: { regions: ['back'] } },
    { phrase: 'left', place: { regions: [], side: 'left' } },
    { phrase: '膝', place: { regions: ['knee'] } },
    { phrase: '左', place: { regions: [], side: 'left' } },
  ],
  phrases: [
    phrase('neuralgia', 'neuralgia'),
    phrase('trigeminal neuralgia', 'trigeminal', ['face']),
    phrase('gout', 'gout'),
    phrase('神经痛', 'neuralgia'),
  ],
  negations: ['no', 'not', 'denies', 'history of', '无'],
  clauseEnds: ['but'],
  trailingNegations: ['excluded'],
  presence: new Map([['260385009', 'absent' as const]]),
  precedence: new Map([['weak', ['strong']]]),
  findMedicine: () => () => undefined,
};
const vocabulary = buildVocabulary(source);
const found = (system: string | undefined, code: string): string[] =>
  vocabulary.find(system, code).map(({ set, display }) => `${set}: ${display}`);

describe('find', () => {
  const rows: readonly (readonly [string, string | undefined, string, readonly string[]])[] = [
    ['a prefix', ICD, 'M54.2', ['back: Dorsalgia']],
    ['the longest prefix of each set', ICD, 'M54.50', ['back: Low back pain', 'low: low']],
    ['the longest prefix first', ICD, 'M54.59', ['deep: deep', 'back: Low back pain', 'low: low']],
    ['a code without its dot', ICD, 'M5450', ['back: Low back pain', 'low: low']],
    ['a code shorter than every prefix', ICD, 'M5', []],
    ['an exact code', ICD, 'Z00', ['check: check']],
    ['a longer code than an exact one', ICD, 'Z00.1', []],
    ['a code in lower case', ICD, 'm54.5', []],
    ['a WHO code below a short row', WHO, 'M54.5', ['back: Low back pain', 'low: low']],
    [
      'a WHO code whose fifth character means another thing',
      WHO,
      'M54.59',
      ['back: Low back pain', 'low: low'],
    ],
    ['a WHO code of an excepted chapter', WHO, 'G89.2', []],
    ['the row itself', SCT, '1', ['pain: Pain']],
    ['a child', SCT, '4', ['pain: Pain']],
    ['a child with a row of its own', SCT, '2', ['pain: Back pain']],
    ['a grandchild by its nearest ancestor', SCT, '3', ['pain: Back pain']],
    ['the child of an exact row', SCT, '6', []],
    ['a child in a circle', SCT, '7', []],
    ['a code below a prefix with an exception', ICD, 'I44.2', ['heart-block: heart-block']],
    ['a code below the exception', ICD, 'I44.70', []],
    ['the exception itself', WHO, 'I44.7', []],
    ['a code without a system', undefined, 'M54.5', []],
    ['a code of another system', SCT, 'M54.5', []],
    ['a code of two classes, the one that wins', ATC, 'N02AX02', ['weak: Tramadol']],
    ['a code of the wider class', ATC, 'N02AA01', ['strong: Opioids']],
    ['a system nobody knows', 'urn:x', 'M54.5', []],
    ['a system of the prototype', 'constructor', 'M54.5', []],
    ['constructor', ICD, 'constructor', []],
    ['__proto__', SCT, '__proto__', []],
    ['an empty code', ICD, '', []],
  ];
  for (const [situation, system, code, expected] of rows) {
    it(`answers ${expected.length} rows for ${situation}`, () => {
      assert.deepEqual(found(system, code), expected);
    });
  }
});

describe('findPhrases', () => {
  const rows: readonly (readonly [string, readonly string[]])[] = [
    ['Neuralgia', ['neuralgia @']],
    ['TRIGEMINAL  NEURALGIA', ['trigeminal @face']],
    ['neuralgia of the left knee', ['neuralgia @knee left']],
    ['neuralgia of the lower back', ['neuralgia @low-back']],
    ['neuralgias', []],
    ['no neuralgia', []],
    ['Patient denies any neuralgia', []],
    ['history of gout', []],
    ['no gout, neuralgia', ['neuralgia @']],
    ['no gout. neuralgia', ['neuralgia @']],
    ['no gout but neuralgia', ['neuralgia @']],
    ['no gout and neuralgia', []],
    ['neuralgia, not in the knee', ['neuralgia @']],
    ['notgout', []],
    ['左膝神经痛', ['neuralgia @knee left']],
    ['无神经痛', []],
    ['constructor', []],
    ['', []],
  ];
  for (const [text, expected] of rows) {
    it(`finds ${expected.join(', ') || 'nothing'} in "${text}"`, () => {
      const phrases = vocabulary
        .findPhrases(text)
        .map(
          ({ match: { set }, place }) =>
            `${set} @${[...place.regions, ...(place.side ? [place.side] : [])].join(' ')}`,
        );

      assert.deepEqual(phrases, expected);
    });
  }

  it('reads 100 000 characters in no time', () => {
    const text = 'no gout but neuralgia '.repeat(5000);

    assert.ok(vocabulary.findPhrases(text).length < 30);
  });
});

describe('placeOfCode, placeOfSite, presenceOf', () => {
  it('places a code by its longest prefix and its own system', () => {
    assert.deepEqual(vocabulary.placeOfCode(ICD, 'M54.50'), { regions: ['low-back'] });
    assert.deepEqual(vocabulary.placeOfCode(WHO, 'M549'), { regions: ['back'] });
    assert.equal(vocabulary.placeOfCode(SCT, 'M54.5'), undefined);
    assert.equal(vocabulary.placeOfCode(ICD, 'constructor'), undefined);
  });

  it('joins the region of one code with the side of another', () => {
    const place = vocabulary.placeOfSite(
      [
        { system: SNOMED, code: '72696002' },
        { system: SNOMED, code: '7771000' },
      ],
      undefined,
    );

    assert.deepEqual(place, { regions: ['knee'], side: 'left' });
  });

  it('reads words where no code is known', () => {
    assert.deepEqual(vocabulary.placeOfSite([{ code: 'constructor' }], 'left lower back'), {
      regions: ['low-back'],
      side: 'left',
    });
  });

  it('answers nothing for words nobody knows', () => {
    assert.equal(vocabulary.placeOfSite([], 'toString'), undefined);
  });

  it('tells absent from what it does not know', () => {
    assert.equal(vocabulary.presenceOf(SCT, '260385009'), 'absent');
    assert.equal(vocabulary.presenceOf(SCT, 'constructor'), undefined);
  });

  const episodes: readonly (readonly [string, string | undefined, string, string | undefined])[] = [
    ['first care', ICD, 'S52.501A', 'initial'],
    ['first care of an open fracture', ICD, 'S52.501B', 'initial'],
    ['healing', ICD, 'S52.501D', 'subsequent'],
    ['nonunion', ICD, 'M80.051K', 'subsequent'],
    ['a sequela', ICD, 'S52.501S', 'sequela'],
    ['a sequela without its dot', ICD, 'S52501S', 'sequela'],
    ['no episode in a code too short for it', ICD, 'S52.501', undefined],
    ['no episode in an unknown character', ICD, 'S52.501Z', undefined],
    ['no episode outside the prefixes', ICD, 'O31.03XA', undefined],
    ['no episode in another edition', WHO, 'S52.501S', undefined],
    ['no episode without a system', undefined, 'S52.501S', undefined],
  ];
  for (const [title, system, code, expected] of episodes) {
    it(`reads ${title}`, () => {
      assert.equal(vocabulary.episodeOf(system, code), expected);
    });
  }

  it('reads the words of cards/ with their negations', () => {
    const real = realKnowledge().extraction.vocabulary;

    assert.equal(real.findPhrases('Trigeminal neuralgia').length, 1);
    assert.equal(real.findPhrases('rule out trigeminal neuralgia').length, 0);
  });
});

describe('the code sets of cards/', () => {
  const setsOf = (system: string, code: string): string[] =>
    realKnowledge()
      .extraction.vocabulary.find(system, code)
      .map(({ set }) => set)
      .filter((set) => set.startsWith('cond-'));
  const CM = 'http://hl7.org/fhir/sid/icd-10-cm';
  const WHO_10 = 'http://hl7.org/fhir/sid/icd-10';
  const GM = 'http://fhir.de/CodeSystem/bfarm/icd-10-gm';
  const rows: readonly (readonly [string, string, string, readonly string[]])[] = [
    ['leukaemia in remission as no active cancer', CM, 'C91.01', ['cond-cancer-not-current']],
    ['active leukaemia as cancer', CM, 'C91.00', ['cond-cancer-active']],
    ['full remission of depression as no modifier', CM, 'F33.42', []],
    ['a suicide attempt as no injury', CM, 'T14.91XA', []],
    ['an unspecified injury as injury', CM, 'T14.90XA', ['cond-inflammatory-trauma']],
    ['chest pain of the WHO edition', WHO_10, 'R07.4', ['cond-other-generic-pain']],
    ['the same number as nothing in ICD-10-CM', CM, 'R07.4', []],
    ['abdominal pain of the German edition', GM, 'R10.4', ['cond-other-generic-pain']],
    [
      'the pain disorder of the German edition as more than psychological',
      GM,
      'F45.41',
      ['cond-other-primary-pain', 'cond-psychogenic-explicit'],
    ],
    ['the same number as exclusively psychological', CM, 'F45.41', ['cond-psychogenic-explicit']],
    ['spinal tuberculosis of the WHO edition as no wear', WHO_10, 'M49.0', []],
    ['G89 as nothing outside ICD-10-CM', WHO_10, 'G89.2', []],
    [
      'the fifth character of low back pain unread',
      GM,
      'M54.56',
      ['cond-inflammatory-spine-nonspecific'],
    ],
    ['a code for special purposes as nothing', WHO_10, 'U07.1', []],
  ];
  for (const [title, system, code, expected] of rows) {
    it(`read ${title}`, () => {
      assert.deepEqual(setsOf(system, code).sort(), [...expected].sort());
    });
  }
});
