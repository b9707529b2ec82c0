import assert from 'node:assert/strict';
import type { Recommendation } from '../../src/pain/evaluation.js';
import { cardsFrom } from '../support/cards.js';
import { aFinding, anEvaluation, aProblem, day } from '../support/evaluation-builder.js';
import { fixtureTexts as texts } from '../support/fixture-evaluations.js';

const options = { newId: () => 'id-1', baseUrl: 'https://cds.example', texts };

const detailOf = (...args: Parameters<typeof anEvaluation>): string =>
  cardsFrom(anEvaluation(...args), options)[0]?.detail ?? '';

const detailWith = (change: Parameters<typeof aProblem>[0]): string =>
  detailOf({ problems: [aProblem(change)] });

const aRecommendation = (change: Partial<Recommendation>): Recommendation => ({
  id: 'neuropathic.general.x',
  principle: 'prevention',
  step: 'conservative',
  status: 'offered',
  text: 'A line',
  certainty: 'low',
  strength: 'none',
  agreement: 'agrees',
  sources: ['NG59'],
  checks: [],
  ...change,
});

const [lead] = aProblem().classifications;
assert.ok(lead);

describe('composeCards', () => {
  it('RES-2 says nothing without a pain problem or red flag', () => {
    assert.deepEqual(cardsFrom(anEvaluation({ problems: [] }), options), []);
  });

  it('states pain, intensity, pattern and grade first', () => {
    const [card] = cardsFrom(anEvaluation(), options);

    assert.equal(
      card?.summary,
      'Left leg pain 7/10, rising: neuropathic pattern, grade probable (NeuPSIG)',
    );
  });

  it('LNK-7 CAR-13 links to the section of the leading category', () => {
    const [card] = cardsFrom(anEvaluation(), options);

    assert.ok(card?.detail?.includes('(https://cds.example/about/knowledge#neuropathic)'));
    assert.equal(card?.links?.[1]?.url, 'https://cds.example/about/knowledge#neuropathic');
  });

  it('RES-9 merges red flags into one card, most urgent first, with the records behind them', () => {
    const flag = {
      id: 'RF-01',
      label: 'Cauda equina',
      urgency: 'urgent',
      action: 'MRI now',
      sources: ['NG59'],
      triggers: ['A'],
      withholds: [],
      findings: [aFinding()],
    } as const;
    const cards = cardsFrom(
      anEvaluation({
        redFlags: [flag, { ...flag, label: 'Cord', urgency: 'emergency' }],
        problems: [1, 2, 3, 4].map(() => aProblem()),
      }),
      options,
    );

    assert.deepEqual(
      cards.map(({ indicator }) => indicator),
      ['critical', 'info', 'info', 'info', 'info'],
    );
    assert.equal(cards[0]?.summary, 'Now, red flag: Cord (+1 more)');
    assert.match(
      cards[0]?.detail ?? '',
      /On record: Lumbar radiculopathy, confirmed \(12 Oct 2026\)/,
    );
    assert.match(cards[3]?.detail ?? '', /1 more pain\(s\) without a card/);
  });
});

describe('the card of a pain', () => {
  it('CAR-12 SAF-3 shows site with side, onset with course and the date of the intensity', () => {
    const { problem } = aProblem();

    const detail = detailWith({ problem: { ...problem, side: 'left', course: 'chronic' } });

    assert.match(
      detail,
      /lumbar spine, left · since 1 Aug 2026, chronic · 7\/10 \(20 Nov 2026\), rising/,
    );
  });

  it('SAF-4 says not known where site, onset and intensity are not recorded', () => {
    const { id, label, labelFromChart, members } = aProblem().problem;

    const detail = detailWith({ problem: { id, label, labelFromChart, members } });

    assert.match(detail, /site not known · onset not known · intensity not known/);
  });

  it('shows a record once, and at most five of them', () => {
    const evidence = (at: number) => ({
      criterion: `X-${at}`,
      label: 'x',
      kind: 'dx' as const,
      result: 'met' as const,
      weight: 2,
      findings: [aFinding({ label: at < 4 ? 'Same' : `Record ${at}` })],
    });

    const detail = detailWith({
      classifications: [{ ...lead, evidence: [1, 2, 3, 4, 5, 6, 7, 8, 9].map(evidence) }],
    });

    assert.equal(detail.match(/- Same, confirmed/g)?.length, 1);
    assert.equal(detail.match(/- Record \d, confirmed/g)?.length, 4);
  });

  it('offers at most six lines, each principle before a second line of any, the strongest first', () => {
    const detail = detailWith({
      recommendations: [
        ...[1, 2, 3, 4, 5, 6, 7].map((at) => aRecommendation({ text: `General ${at}` })),
        aRecommendation({ id: 'neuropathic.crps.y', text: 'Specific' }),
        aRecommendation({ principle: 'restore-function', strength: 'strong-for', text: 'Strong' }),
      ],
    });

    const offered = [...detail.matchAll(/^- \*\*(.+?)\*\* (.+?) \(NG59, certainty low\)$/gm)].map(
      (m) => m[2],
    );
    assert.deepEqual(offered.slice(0, 3), ['Strong', 'Specific', 'General 1']);
    assert.ok(offered.length <= 6);
  });

  it('never offers what only the article says', () => {
    const article = aRecommendation({ status: 'source-only', text: 'Something of the article' });

    const detail = detailWith({ recommendations: [article] });

    assert.match(detail, /\*\*Article only, no recommendation\*\* Something of the article/);
    assert.doesNotMatch(detail, /\*\*Now\*\*/);
  });

  it('counts withheld treatments on one line for each reason', () => {
    const withheld = ['nsaid', 'snri', 'tca', 'opioid', 'tramadol', 'x-y'].map((treatment) =>
      aRecommendation({ status: 'withheld', reason: 'safety checks not available', treatment }),
    );

    const detail = detailWith({ recommendations: withheld });

    assert.match(detail, /\*\*Withheld\*\* NSAID .+ \(\+2 more\): safety checks not available/);
  });

  it('names the imaging done and says so where a line asks for imaging', () => {
    const detail = detailWith({
      imagingDone: [
        aFinding({ label: 'MRI', source: 'imaging-study', effective: day('2026-11-03') }),
      ],
      classifications: [{ ...lead, wouldRaise: ['MRI of the root'] }],
      ask: [],
      recommendations: [],
    });

    assert.match(detail, /\*\*Imaging done\*\* MRI \(3 Nov 2026\)/);
    assert.match(detail, /- MRI of the root \(already imaged 3 Nov 2026\)/);
  });

  it('SAF-5 shows what is not placed and what was refuted as such', () => {
    const refuted = [aFinding({ label: 'Diabetic neuropathy', presence: 'absent' })];

    const detail = detailOf({
      refuted,
      problems: [aProblem({ notPlaced: [aFinding({ label: 'DN4' })], recommendations: [] })],
    });

    assert.match(detail, /\*\*Not placed\*\* DN4/);
    assert.match(detail, /\*\*Recorded as refuted or absent, not used\*\* Diabetic neuropathy/);
  });

  it('says what each missing input does, and sums up many', () => {
    const missing = { input: 'Procedure', reason: 'timeout', effect: 'procedures may be missing' };

    assert.match(
      detailOf(),
      /\*\*Not known\*\* AllergyIntolerance not available \(http-403\): no drug recommendation/,
    );
    assert.match(
      detailOf({ missing: [missing, missing, missing] }),
      /\*\*Not known\*\* 3 inputs not available \(.+\): procedures may be missing/,
    );
  });

  it('reads a definite grade as a proven lesion, not as a diagnosis', () => {
    const [card] = cardsFrom(
      anEvaluation({
        problems: [
          aProblem({
            classifications: [{ ...lead, grade: 'definite', neupsigGrade: 'definite' }],
          }),
        ],
      }),
      options,
    );
    const detail = card?.detail ?? '';

    assert.match(card?.summary ?? '', /grade definite \(NeuPSIG\)$/);
    assert.match(detail, /not a diagnosis/);
    assert.match(detail, /can explain the pain is proven, not that it causes it/);
  });

  it('shows the literal NeuPSIG grade where the grade rests on more than it', () => {
    const detail = detailWith({ classifications: [{ ...lead, neupsigGrade: 'possible' }] });

    assert.match(detail, /NeuPSIG grade of the recorded evidence alone: possible/);
  });

  it('names no treatment under 18 or on a tentative pattern', () => {
    const recommendations = [
      aRecommendation({ status: 'withheld', reason: 'some reason', treatment: 'snri' }),
      aRecommendation({ status: 'not-advised', treatment: 'opioid' }),
    ];
    const tentative = [{ ...lead, tentative: true }];

    for (const detail of [
      detailOf({ ageYears: 12, problems: [aProblem({ recommendations })] }),
      detailWith({ recommendations, classifications: tentative }),
    ]) {
      assert.match(detail, /\*\*Withheld\*\* some reason\n/);
      assert.doesNotMatch(detail, /SNRI|Opioid/i);
    }
  });
});
