// Hand-built evaluations for tests of cards. Invented content, for the form only.
import fc from 'fast-check';
import type {
  CheckResult,
  Classification,
  EvaluatedProblem,
  Evaluation,
  Recommendation,
} from '../../src/pain/evaluation.js';
import type { FhirDate, Finding } from '../../src/pain/finding.js';
import { CATEGORIES } from '../../src/pain/terms.js';
import { attackStrings } from './attack-strings.js';

export const day = (text: string): FhirDate => ({ text, startMs: 0, endMs: 1 });

export function aFinding(change: Partial<Finding> = {}): Finding {
  return {
    reference: 'Condition/1',
    source: 'condition',
    matches: [],
    label: 'Lumbar radiculopathy',
    labelFromChart: false,
    presence: 'present',
    current: true,
    verification: 'confirmed',
    basis: 'coded',
    onset: undefined,
    measure: undefined,
    flag: undefined,
    side: undefined,
    encounter: undefined,
    until: undefined,
    dose: undefined,
    route: undefined,
    allergy: undefined,
    stopReason: undefined,
    organisation: undefined,
    effective: day('2026-10-12'),
    regions: [],
    siteRecorded: true,
    ...change,
  };
}

export function aProblem(change: Partial<EvaluatedProblem> = {}): EvaluatedProblem {
  const dn4 = aFinding({
    reference: 'Observation/9',
    source: 'observation',
    label: 'DN4',
    effective: day('2026-11-20'),
    measure: { low: 5, high: 5, lowOpen: false, highOpen: false, unit: '1', text: '5/10' },
  });
  const rec = {
    principle: 'relieve-symptoms',
    text: 'x',
    certainty: 'moderate',
    strength: 'strong-for',
    agreement: 'partly',
    sources: ['NG59'],
    checks: [],
  } as const;
  return {
    problem: {
      id: 'p1',
      label: 'Left leg pain',
      labelFromChart: true,
      region: 'lumbar-spine',
      members: [aFinding()],
      onset: day('2026-08-01'),
      intensity: { nrs: 7, finding: dn4, trend: 'worsening' },
    },
    classifications: [
      {
        category: 'neuropathic',
        subtype: 'peripheral-radicular',
        syndrome: 'radiculopathy',
        grade: 'probable',
        basis: 'evidence',
        evidence: [aFinding(), dn4].map((f, i) => ({
          criterion: `NEU-${i}`,
          label: f.label,
          kind: 'dx' as const,
          result: 'met' as const,
          weight: 2,
          findings: [f],
        })),
        against: [],
        wouldRaise: ['MRI or nerve conduction that shows the root'],
        notes: [],
        clinicianDiagnosed: true,
        tentative: false,
        neupsigGrade: 'probable',
      },
    ],
    principles: (
      [
        'target-cause',
        'relieve-symptoms',
        'restore-function',
        'dynamic-evaluation',
        'delay-progression',
        'prevention',
        'stepwise-care',
        'peripheral-before-central',
      ] as const
    ).map((principle) => ({
      principle,
      article: 'Ion-channel blockers first, else neuromodulation',
      guidance: 'First line: TCA, SNRI, gabapentin or pregabalin; not in sciatica',
      follows: 'guidelines',
      agreement: 'partly',
      certainty: 'moderate',
      strength: 'strong-for',
      sources: ['NeuPSIG 2025', 'NG59'],
    })),
    recommendations: [
      {
        ...rec,
        id: 'a',
        treatment: 'exercise',
        status: 'offered',
        text: 'Stay active; exercise programme',
      },
      {
        ...rec,
        id: 'b',
        treatment: 'nsaid',
        status: 'withheld',
        reason: 'needs: allergies',
      },
      {
        ...rec,
        id: 'c',
        treatment: 'snri',
        status: 'withheld',
        reason: 'needs: allergies',
      },
    ],
    ask: [{ id: 'ask-1', text: 'Straight-leg raise', unlocks: 'neuropathic: probable' }],
    notPlaced: [],
    imagingDone: [],
    remarks: [],
    ...change,
  };
}

export function anEvaluation(change: Partial<Evaluation> = {}): Evaluation {
  return {
    knowledge: { version: '2026.11.0', digest: 'sha256-x' },
    evaluatedAt: '2026-11-22T10:00:00Z',
    completeness: 'partial',
    missing: [
      { input: 'AllergyIntolerance', reason: 'http-403', effect: 'no drug recommendation' },
    ],
    ageYears: 54,
    problems: [aProblem()],
    redFlags: [],
    redFlagsNotAssessed: [],
    modifiers: [],
    refuted: [],
    unrecognisedMedicines: 0,
    dataNotes: [],
    notes: [],
    ...change,
  };
}

const words = fc.oneof(
  fc.constantFrom(...attackStrings),
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.string({ unit: 'grapheme', maxLength: 200 }),
  fc.constantFrom('', 'Lumbar radiculopathy', 'Both', 'agrees', 'none', 'needs: allergies'),
);
const list = <T>(of: fc.Arbitrary<T>, maxLength = 4) => fc.array(of, { maxLength });
const date = fc.option(fc.oneof(fc.constantFrom('2026', '2026-10', '2026-10-12'), words).map(day), {
  nil: undefined,
});

/** A finding whose every text field tries to break out. */
export const hostileFinding: fc.Arbitrary<Finding> = fc
  .record({
    label: words,
    text: words,
    effective: date,
    chart: fc.boolean(),
    region: words,
    flag: fc.constantFrom('high', 'low', 'abnormal', 'normal'),
    source: fc.constantFrom('condition', 'observation', 'imaging-study', 'report'),
  })
  .map(({ label, text, effective, region, flag, source, chart }) => {
    const base = aFinding({ effective: undefined });
    return {
      ...base,
      source,
      flag,
      label,
      labelFromChart: chart,
      regions: [region],
      ...(effective && { effective }),
      measure: { low: 1, high: 1, lowOpen: false, highOpen: false, unit: '1', text },
    } as Finding;
  });

const evidence = fc.record({ label: words, findings: list(hostileFinding, 3) }).map((of) => ({
  ...of,
  criterion: 'X-1',
  kind: 'dx' as const,
  result: 'met' as const,
  weight: 1,
}));

const classification = fc.record({
  category: fc.constantFrom(...CATEGORIES),
  subtype: words,
  grade: fc.constantFrom('possible', 'probable', 'definite'),
  basis: fc.constantFrom('evidence', 'clinician-diagnosis', 'scheme', 'text'),
  evidence: list(evidence, 8),
  against: list(evidence, 5),
  wouldRaise: list(words),
  notes: list(words),
  clinicianDiagnosed: fc.boolean(),
  tentative: fc.boolean(),
  neupsigGrade: fc.constantFrom('possible', 'probable', 'definite'),
}) as fc.Arbitrary<Classification>;

const check = fc.record({
  rule: words,
  action: fc.constantFrom('block', 'adjust', 'warn', 'ask'),
  outcome: fc.constantFrom('clear', 'caution', 'blocked', 'unknown'),
  message: fc.option(words, { nil: undefined }),
  needs: fc.option(words, { nil: undefined }),
  agent: fc.option(words, { nil: undefined }),
  standIn: fc.boolean(),
  findings: list(hostileFinding, 1),
}) as fc.Arbitrary<CheckResult>;

const recommendation = fc.record({
  id: words,
  principle: fc.constantFrom('target-cause', 'relieve-symptoms', 'prevention', 'stepwise-care'),
  step: fc.constantFrom('conservative', 'minimally-invasive', 'comprehensive'),
  treatment: words,
  status: fc.constantFrom('offered', 'caution', 'withheld', 'not-advised', 'source-only', 'tried'),
  reason: words,
  text: words,
  certainty: fc.constant('none'),
  strength: fc.constantFrom('strong-for', 'weak-for', 'none'),
  agreement: fc.constant('agrees'),
  sources: list(words),
  checks: list(check, 2),
  checksEvaluated: fc.integer({ min: 1, max: 60 }),
  notAssessed: list(words, 3),
  alternative: words,
}) as fc.Arbitrary<Recommendation>;

const principles = fc
  .tuple(words, words, words)
  .map(([follows, agreement, certainty]) =>
    aProblem().principles.map((p) => ({ ...p, follows, agreement, certainty, sources: [follows] })),
  );

const problem = fc
  .record({
    label: words,
    chart: fc.boolean(),
    region: fc.option(words),
    score: fc.option(hostileFinding),
    members: list(hostileFinding),
    classifications: list(classification, 3),
    principles,
    recommendations: list(recommendation, 30),
    ask: list(fc.record({ id: words, text: words, unlocks: words }), 12),
    notPlaced: list(hostileFinding, 6),
    imagingDone: list(hostileFinding, 6),
    remarks: list(words, 2),
  })
  .map(({ label, chart, region, score, members, ...rest }): EvaluatedProblem => {
    const { region: _, intensity: __, ...base } = aProblem().problem;
    return {
      ...rest,
      problem: {
        ...base,
        label,
        labelFromChart: chart,
        members,
        ...(region !== null && { region, side: 'left' as const, course: 'chronic' as const }),
        ...(score && { intensity: { nrs: 10, finding: score, trend: 'worsening' as const } }),
      },
    };
  });

/** Evaluations of any shape the types allow, with hostile text in every field that is text. */
export const hostileEvaluation: fc.Arbitrary<Evaluation> = (
  fc.record({
    ageYears: fc.constantFrom(3, 17, 18, 54),
    missing: list(fc.record({ input: words, reason: words, effect: words }), 12),
    problems: list(problem, 5),
    redFlags: list(
      fc.record({
        id: words,
        label: words,
        urgency: fc.constantFrom('emergency', 'same-day', 'urgent'),
        action: words,
        sources: list(words),
        triggers: list(words),
        withholds: list(words),
        findings: list(hostileFinding, 5),
      }),
      10,
    ),
    redFlagsNotAssessed: list(fc.record({ id: words, label: words, missing: words }), 4),
    modifiers: list(fc.record({ id: words, label: words, text: words, findings: fc.constant([]) })),
    refuted: list(hostileFinding, 5),
    dataNotes: list(words, 6),
    notes: list(words),
  }) as fc.Arbitrary<Partial<Evaluation>>
).map(anEvaluation);
