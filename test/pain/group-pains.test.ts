// Pains from findings on knowledge made for the test: what evidence counts for which, what opens a pain alone, what a pain is said to be.
import assert from 'node:assert/strict';
import type { Finding } from '../../src/pain/finding.js';
import { type Grouping, groupPains } from '../../src/pain/pain-problem.js';
import type { GroupingKnowledge } from '../../src/pain/seed.js';
import { finding, match, measure, NOW_MS, on } from '../support/findings.js';
import { KNOWLEDGE } from '../support/seed-builder.js';

const SETTINGS = {
  groupingWindowDays: 14,
  intensityWindowDays: 30,
  intensityCountsFrom: 1,
  intensityAssertsFrom: 4,
  intensitySets: ['nrs'],
  openingSets: ['nrs', 'symptom'],
  imagingWindowDays: 180,
};
const knowledge = {
  ...KNOWLEDGE,
  setRoles: new Map<string, unknown>([
    ...KNOWLEDGE.setRoles,
    ['quiet', { scope: 'pain', opens: 'alone', assertsPain: false, generic: false }],
    ...['sign', 'nrs', 'symptom'].map((set) => [set, { scope: 'site', opens: 'never' }] as const),
    ['wear', { scope: 'pain', opens: 'always', assertsPain: false, generic: false }],
  ]),
  settings: SETTINGS,
  // Whatever symptom or score of 4 and more there is.
  opensAlone: ({ findings }: { findings: ReadonlyMap<string, readonly Finding[]> }) => {
    const found = [...(findings.get('nrs') ?? []), ...(findings.get('symptom') ?? [])].filter(
      ({ measure: score }) => score === undefined || score.low >= 4,
    );
    return { result: found.length > 0 ? 'met' : 'unknown', findings: found, weight: 0 };
  },
} as unknown as GroupingKnowledge;

const of = (set: string, reference: string, more: Partial<Finding> = {}): Finding =>
  finding(set, { reference, ...more });
const observed = (set: string, reference: string, more: Partial<Finding> = {}): Finding =>
  of(set, reference, { source: 'observation', effective: on('2026-11-20'), ...more });
const nrs = (value: number, reference = `nrs${value}`, more: Partial<Finding> = {}): Finding =>
  observed('nrs', reference, { measure: measure(value), ...more });
const at = (...regions: readonly string[]) => ({ regions });
const sited = (...regions: readonly string[]) => ({ regions, siteRecorded: true });
const group = (...findings: readonly Finding[]): Grouping =>
  groupPains(findings, NOW_MS, knowledge);
const names = (findings: readonly Finding[]) =>
  findings.map(({ reference }) => reference).join(' ');
/** Members of each pain, what else counts for it in brackets, and what is left. */
const said = (...findings: readonly Finding[]): string[] => {
  const { pains, notPlaced } = group(...findings);
  const evidence = new Set(findings.filter(({ source }) => source !== 'condition'));
  return [
    ...pains.map(({ members, findings: index }) => {
      const own = [...new Set([...index.values()].flat())].filter(
        (one) => evidence.has(one) && !members.includes(one),
      );
      return `${names(members)}${own.length > 0 ? ` (${names(own)})` : ''}`;
    }),
    ...(notPlaced.length > 0 ? [`left ${names(notPlaced)}`] : []),
  ];
};
const knee = of('disease', 'knee', at('knee'));
const hip = of('disease', 'hip', at('hip'));

describe('evidence of pains', () => {
  it('that holds for the patient counts for every pain', () => {
    assert.deepEqual(said(knee, hip, observed('lab', 'lab')), ['knee (lab)', 'hip (lab)'].sort());
  });

  it('bound to its place counts there, by region before territory, by side', () => {
    const sign = (more: Partial<Finding>) => observed('sign', 'sign', more);
    const spine = of('disease', 'spine', at('spine'));
    const leg = of('disease', 'leg', at('leg'));

    assert.deepEqual(said(knee, hip, sign(at('hip'))).sort(), ['hip (sign)', 'knee']);
    assert.deepEqual(said(spine, leg, sign(at('leg'))).sort(), ['leg (sign)', 'spine']);
    assert.deepEqual(said(spine, hip, sign(at('leg'))).sort(), ['hip', 'spine (sign)']);
    assert.deepEqual(said(knee, sign(at('head'))), ['knee', 'left sign']);
    assert.deepEqual(said(of('silent', 'a'), of('pain', 'p'), sign(at('head'))).length > 0, true);
    const [left, right] = [
      of('disease', 'l', { ...at('knee'), side: 'left' }),
      of('disease', 'r', { ...at('knee'), side: 'right' }),
    ];
    assert.deepEqual(said(left, right, sign({ ...at('knee'), side: 'right' })).sort(), [
      'l',
      'r (sign)',
    ]);
  });

  it('of a place counts for the only pain where that has none', () => {
    const unplaced = of('wear', 'unplaced');

    assert.deepEqual(said(unplaced, observed('sign', 'sign', at('head'))), ['unplaced (sign)']);
    assert.deepEqual(
      said(unplaced, knee, observed('sign', 'sign', at('head'))).includes('left sign'),
      true,
    );
  });

  it('without a place counts for the only pain, or the one it came with', () => {
    const sign = (more: Partial<Finding> = {}) => observed('sign', 'sign', more);
    const visit = { encounter: 'Encounter/1' };
    const seen = of('disease', 'seen', { ...at('knee'), ...visit });

    assert.deepEqual(said(knee, sign()), ['knee (sign)']);
    assert.deepEqual(said(seen, hip, sign(visit)).sort(), ['hip', 'seen (sign)']);
    assert.deepEqual(said(knee, hip, sign()).at(-1), 'left sign');
  });

  it('of imaging and reports is bound to its place', () => {
    const report = of('lab', 'report', { source: 'report', ...at('hip') });
    const study = of('x', 'study', {
      source: 'imaging-study',
      effective: on('2026-11-01'),
      ...at('hip'),
    });

    assert.deepEqual(said(knee, hip, report).sort(), ['hip (report)', 'knee']);
    assert.deepEqual(said(knee, hip, study).sort(), ['hip (study)', 'knee']);
    assert.deepEqual(said(knee, study), ['knee']);
  });

  it('that is denied is not told as left', () => {
    assert.deepEqual(said(knee, observed('sign', 'sign', { ...at('head'), presence: 'absent' })), [
      'knee',
    ]);
  });
});

describe('a pain that nothing names', () => {
  it('is opened by a score or symptom where no pain is, by place and side', () => {
    assert.deepEqual(said(nrs(5)), ['nrs5']);
    assert.deepEqual(said(nrs(3)), ['left nrs3']);
    assert.deepEqual(said(observed('symptom', 's')), ['s']);
    assert.deepEqual(said(observed('symptom', 's', { presence: 'absent' })), []);
    assert.deepEqual(said(observed('lab', 'lab')), []);
    assert.deepEqual(said(nrs(5, 'a', at('knee')), nrs(6, 'b', at('hip'))).sort(), ['a', 'b']);
    assert.deepEqual(said(nrs(5, 'a', at('knee')), nrs(6, 'b', at('knee'))), ['a b']);
    assert.deepEqual(
      said(
        nrs(5, 'l', { ...at('knee'), side: 'left' }),
        nrs(6, 'r', { ...at('knee'), side: 'right' }),
      ).sort(),
      ['l', 'r'],
    );
  });

  it('is not opened where a pain covers its place', () => {
    assert.deepEqual(said(knee, nrs(5)), ['knee (nrs5)']);
    assert.deepEqual(said(knee, nrs(5, 'there', at('knee'))), ['knee (there)']);
    assert.deepEqual(said(knee, nrs(5, 'else', at('head'))).sort(), ['else', 'knee']);
    assert.deepEqual(said(of('wear', 'nowhere'), nrs(5, 'else', at('head'))), ['nowhere (else)']);
  });

  it('wakes a disease that may be silent', () => {
    const silent = of('silent', 'silent', at('knee'));

    assert.deepEqual(said(silent), []);
    assert.deepEqual(said(silent, nrs(5)).length, 1);
    assert.deepEqual(said(silent, hip), ['hip']);
    assert.deepEqual(said(silent, of('pain', 'p', at('knee'))), ['silent p']);
  });

  it('is a disorder that does not hurt where nothing else is', () => {
    assert.deepEqual(said(of('quiet', 'q')), ['q']);
    assert.deepEqual(said(of('quiet', 'q'), of('quiet', 'r')), ['q r']);
    assert.deepEqual(said(of('quiet', 'q'), knee), ['knee']);
    assert.equal(group(of('quiet', 'q')).pains[0]?.isNonPainful, true);
    assert.equal(group(knee).pains[0]?.isNonPainful, false);
    assert.equal(group(nrs(5)).pains[0]?.isNonPainful, false);
    const both = of('quiet', 'q', { matches: [match('quiet'), match('disease')] });
    assert.equal(group(both).pains[0]?.isNonPainful, false);
  });
});

describe('what a pain is said to be', () => {
  const pain = (...findings: readonly Finding[]) => {
    const [first] = group(...findings).pains;
    assert.ok(first);
    return first;
  };
  const old = of('disease', 'old', { ...at('knee'), onset: on('2020-01-01') });
  const fresh = of('disease', 'fresh', { ...at('knee'), onset: on('2026-01-01') });

  it('began with its first member', () => {
    assert.equal(pain(fresh, old).onset?.text, '2020-01-01');
    assert.equal(pain(old, fresh).onset?.text, '2020-01-01');
    assert.equal(pain(knee).onset, undefined);
  });

  it('is on the side its members agree on, else on both', () => {
    const on1 = (side: 'left' | 'right' | 'bilateral', reference: string) =>
      of('disease', reference, { ...at('knee'), side });

    assert.equal(pain(on1('left', 'a'), on1('left', 'b')).side, 'left');
    assert.equal(pain(on1('left', 'a'), on1('bilateral', 'b')).side, 'bilateral');
    assert.equal(pain(knee).side, undefined);
  });

  it('has the scores of its window, newest first', () => {
    const dated = (value: number, date: string | undefined) =>
      nrs(value, `nrs${value}`, { effective: date === undefined ? undefined : on(date) });

    const { scores, scope } = pain(
      knee,
      dated(3, '2026-11-01'),
      dated(5, '2026-11-20'),
      dated(7, '2026-10-01'),
      dated(8, undefined),
    );

    assert.equal(names(scores), 'nrs5 nrs3');
    assert.equal(scope.intensityNrs, 5);
    const same = { effective: on('2026-11-20') };
    assert.equal(names(pain(knee, nrs(3, 'b', same), nrs(4, 'a', same)).scores), 'a b');
    assert.equal(pain(knee, nrs(3, 'n', { measure: measure(3, 5) })).scope.intensityNrs, undefined);
    assert.equal(names(pain(knee, observed('symptom', 's', { measure: measure(3) })).scores), '');
  });

  it('is recorded by a disease that hurts, a score, a symptom or a complaint', () => {
    const wear = of('wear', 'wear', at('knee'));
    const recorded = (...findings: readonly Finding[]) => pain(...findings).isPainRecorded;

    assert.equal(recorded(knee), true);
    assert.equal(recorded(wear), false);
    assert.equal(recorded(wear, nrs(3)), false);
    assert.equal(recorded(wear, nrs(4)), true);
    assert.equal(recorded(wear, nrs(1, 'n', sited('knee'))), true);
    assert.equal(recorded(wear, nrs(0, 'n', sited('knee'))), false);
    assert.equal(recorded(wear, observed('symptom', 's', at('knee'))), true);
    assert.equal(
      recorded(wear, observed('symptom', 's', { ...at('knee'), presence: 'absent' })),
      false,
    );
    assert.equal(recorded(wear, of('pain', 'p', at('knee'))), true);
    assert.equal(recorded(nrs(5)), true);
  });

  it('hurts at the dates of its members, scores that count and symptoms', () => {
    const dates = pain(
      of('disease', 'a', { ...at('knee'), onset: on('2026-01-01') }),
      nrs(5, 'n', { effective: on('2026-11-19') }),
      nrs(0, 'z', { effective: on('2026-11-18') }),
      observed('symptom', 's', { effective: on('2026-11-17') }),
      observed('symptom', 'no', { effective: on('2026-11-16'), presence: 'absent' }),
    ).scope.painDates.map((date) => date?.text);

    assert.deepEqual(dates, ['2026-01-01', '2026-11-19', '2026-11-17']);
  });

  it('has its place, else what was recorded', () => {
    const complaint = of('pain', 'p', at('knee'));

    assert.deepEqual(pain(knee).scope.regions, ['knee']);
    assert.deepEqual(pain(knee).scope.recordedRegions, []);
    assert.deepEqual(pain(of('disease', 'd', sited('knee'))).scope.recordedRegions, ['knee']);
    assert.deepEqual(pain(knee, complaint).scope.recordedRegions, ['knee']);
    assert.deepEqual(pain(of('wear', 'w'), observed('symptom', 's', at('head'))).scope.regions, [
      'head',
    ]);
    assert.equal(pain(knee).scope.isAtSite(hip), false);
    assert.equal(pain(knee).scope.isAtSite(of('sign', 's', at('knee'))), true);
  });

  it('was imaged within its window', () => {
    const study = (date: string | undefined, more: Partial<Finding> = {}) =>
      of('x', `of ${date}`, {
        source: 'imaging-study',
        effective: date === undefined ? undefined : on(date),
        ...at('knee'),
        ...more,
      });

    assert.equal(
      names(
        pain(
          knee,
          study('2026-11-01'),
          study('2024-01-01'),
          study(undefined),
          observed('sign', 's', at('knee')),
        ).imagingDone,
      ),
      'of 2026-11-01 of undefined',
    );
  });
});
