// Recognition of medicines over the real cards: codes, combinations, names, forms and strengths.
import assert from 'node:assert/strict';
import { RXNORM, realKnowledge } from '../support/findings.js';

const ATC = 'http://www.whocc.no/atc';
const find = (
  codings: readonly { system?: string; code?: string; display?: string }[],
  text?: string,
) => realKnowledge().extraction.vocabulary.findMedicine(codings, text);
const setsOf = (...args: Parameters<typeof find>): string[] => [
  ...new Set(find(...args)?.ingredients.flatMap(({ matches }) => matches.map(({ set }) => set))),
];
const atc = (code: string) => [{ system: ATC, code }];
const rx = (code: string) => [{ system: RXNORM, code }];

describe('findMedicine by code', () => {
  const rows: readonly (readonly [
    string,
    Parameters<typeof find>,
    readonly string[],
    readonly string[],
  ])[] = [
    [
      'tramadol in ATC: weak wins over strong (T2)',
      [atc('N02AX02')],
      ['med-opioid-weak', 'ingr-tramadol'],
      ['med-opioid-strong'],
    ],
    [
      'morphine in ATC',
      [atc('N02AA01')],
      ['med-opioid-strong', 'ingr-morphine'],
      ['med-opioid-weak'],
    ],
    [
      'carbamazepine in ATC (T3)',
      [atc('N03AF01')],
      ['med-carbamazepine'],
      ['med-anticonvulsant-other'],
    ],
    [
      'gabapentin under its old code (T4)',
      [atc('N03AX12')],
      ['med-gabapentinoid'],
      ['med-anticonvulsant-other'],
    ],
    ['aspirin among the antiplatelets', [atc('B01AC06')], ['med-aspirin'], ['med-antiplatelet']],
    [
      'iloprost among the antiplatelets',
      [atc('B01AC11')],
      ['med-prostanoid'],
      ['med-antiplatelet'],
    ],
    [
      'cilostazol among the antiplatelets',
      [atc('B01AC23')],
      ['med-cilostazol'],
      ['med-antiplatelet'],
    ],
    ['clopidogrel in ATC', [atc('B01AC04')], ['med-antiplatelet'], ['med-aspirin']],
    ['clonazepam in ATC, an antiepileptic there', [atc('N03AE01')], ['med-benzodiazepine'], []],
    [
      'codeine with paracetamol in ATC',
      [atc('N02AJ06')],
      ['med-opioid-weak', 'ingr-codeine', 'med-paracetamol'],
      [],
    ],
    [
      'oxycodone with paracetamol in ATC',
      [atc('N02AJ17')],
      ['med-opioid-strong', 'med-paracetamol'],
      ['med-opioid-weak'],
    ],
    ['paracetamol in combination', [atc('N02BE51')], ['med-paracetamol'], []],
    ['diclofenac gel in ATC', [atc('M02AA15')], ['med-nsaid-topical'], ['med-nsaid-systemic']],
    [
      'hydrocodone/paracetamol as RxNorm product',
      [rx('856987')],
      ['med-opioid-strong', 'med-paracetamol'],
      [],
    ],
    [
      'diclofenac gel as RxNorm product',
      [rx('855633')],
      ['med-nsaid-topical'],
      ['med-nsaid-systemic'],
    ],
    [
      'duloxetine as RxNorm ingredient: its enzyme class too',
      [rx('72625')],
      ['med-snri', 'ingr-duloxetine', 'med-cyp2d6-inhibitor'],
      [],
    ],
  ];
  for (const [situation, args, expected, excluded] of rows) {
    it(`recognises ${situation}`, () => {
      const sets = setsOf(...args);
      assert.deepEqual(
        expected.filter((set) => !sets.includes(set)),
        [],
        sets.join(' '),
      );
      assert.deepEqual(
        excluded.filter((set) => sets.includes(set)),
        [],
        sets.join(' '),
      );
    });
  }

  it('knows a code of the ATC list that is in no class', () => {
    assert.deepEqual(find(atc('A10BA02')), { ingredients: [], form: undefined, isPartial: false });
  });

  it('does not know a product code without a name', () => {
    assert.equal(find(rx('999999999')), undefined);
  });

  it('does not match a code without its system', () => {
    assert.equal(find([{ code: '5640' }]), undefined);
  });

  it('takes two codings of one medicine as one', () => {
    const medicine = find([...rx('7804'), ...atc('N02AA05')], 'Oxycodone 10 MG Oral Tablet');
    assert.equal(medicine?.ingredients.length, 1);
  });
});

describe('findMedicine by name', () => {
  const rows: readonly (readonly [string, readonly string[], readonly string[]])[] = [
    ['Ibuprofen 400 mg', ['med-nsaid-systemic'], []],
    ['IBUPROFEN/paracetamol', ['med-nsaid-systemic', 'med-paracetamol'], []],
    ['dexibuprofen', [], ['med-nsaid-systemic']],
    [
      'Abuse-Deterrent 12 HR Oxycodone Hydrochloride 15 MG Extended Release Oral Tablet',
      ['ingr-oxycodone'],
      [],
    ],
    [
      'amLODIPine 5 MG / Hydrochlorothiazide 12.5 MG / Olmesartan medoxomil 20 MG Oral Tablet',
      ['med-ccb-dihydropyridine', 'med-diuretic', 'med-raas'],
      [],
    ],
    ['lisinopril 10 MG Oral Tablet', ['med-raas'], []],
    ['Diclofenac sodium 1 % gel', ['med-nsaid-topical'], ['med-nsaid-systemic']],
    ['Hydrocortisone 10 MG/ML Topical Cream', [], ['med-corticosteroid-systemic']],
    ["St John's Wort", ['ingr-hypericum'], []],
    ['sodium chloride', [], []],
    ['constructor toString __proto__', [], []],
    ['', [], []],
  ];
  for (const [text, expected, excluded] of rows) {
    it(`reads "${text}"`, () => {
      const sets = setsOf([], text);
      assert.deepEqual(
        expected.filter((set) => !sets.includes(set)),
        [],
        sets.join(' '),
      );
      assert.deepEqual(
        excluded.filter((set) => sets.includes(set)),
        [],
        sets.join(' '),
      );
    });
  }

  it('trusts a name less than a code', () => {
    const [byName] = find([], 'naproxen 220 mg')?.ingredients ?? [];
    const [byCode] = find(rx('7258'), 'naproxen 220 mg')?.ingredients ?? [];
    assert.deepEqual([byName?.isByName, byCode?.isByName], [true, false]);
  });

  it('says that a part of a combination is not known', () => {
    assert.equal(find([], 'Ibuprofen 200 MG / Mysterine 5 MG Oral Tablet')?.isPartial, true);
  });

  it('looks at the start of a long text only', () => {
    assert.equal(find([], `${'x '.repeat(200)}ibuprofen`), undefined);
  });
});

describe('the strength in a name', () => {
  const rows: readonly (readonly [string, readonly (string | undefined)[]])[] = [
    ['Ibuprofen 400 mg', ['400 mg/piece']],
    [
      'Acetaminophen 325 MG / Hydrocodone Bitartrate 7.5 MG Oral Tablet',
      ['325 mg/piece', '7.5 mg/piece'],
    ],
    ['Hydrocodone-Acetaminophen 5-325 MG Oral Tablet', ['5 mg/piece', '325 mg/piece']],
    ['Paracetamol/Codeine 500 mg/30 mg tablets', ['500 mg/piece', '30 mg/piece']],
    ['72 HR fentanyl 0.025 MG/HR Transdermal System', ['25 ug/h/piece']],
    ['Carbamazepine 20 MG/ML Oral Suspension', ['20 mg/mL']],
    ['Acetaminophen 160 MG / 5 ML Oral Solution', ['32 mg/mL']],
    ['Acetaminophen 160 MG/5 ML Oral Solution', ['32 mg/mL']],
    ['Methotrexate 2.5 MG Oral Tablet', ['2.5 mg/piece']],
    ['Levothyroxine and ibuprofen 200 mg', ['200 mg/piece']],
    ['Diclofenac 0.01 MG/MG Topical Gel', [undefined]],
    ['Ibuprofen 200 mg or 400 mg', [undefined]],
    ['Ibuprofen 1,200 mg', [undefined]],
    ['Ibuprofen', [undefined]],
    ['Fentanyl 25 mcg tablet', ['0.025 mg/piece']],
  ];
  for (const [text, expected] of rows) {
    it(`is ${expected.join(' and ') || 'not plain'} in "${text}"`, () => {
      const strengths = find([], text)
        ?.ingredients.filter(({ matches }) => matches.length > 0)
        .map(({ strength }) => strength && `${strength.amount} ${strength.unit}/${strength.per}`);
      assert.deepEqual(strengths, expected);
    });
  }
});
