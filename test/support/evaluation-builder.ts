// Hand-built evaluations for tests of cards. Invented content, for the form only.
import type { EvaluatedProblem, Evaluation } from '../../src/pain/evaluation.js';
import type { FhirDate, Finding } from '../../src/pain/finding.js';

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
        reason: 'safety checks not available',
      },
      {
        ...rec,
        id: 'c',
        treatment: 'snri',
        status: 'withheld',
        reason: 'safety checks not available',
      },
    ],
    ask: [{ id: 'ask-1', text: 'Straight-leg raise', unlocks: 'neuropathic: probable' }],
    notPlaced: [],
    imagingDone: [],
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
    modifiers: [],
    refuted: [],
    dataNotes: [],
    notes: [],
    ...change,
  };
}
