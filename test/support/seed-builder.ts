// Seeds of pains on knowledge made for tests. Must not load cards/.
import type { Finding } from '../../src/pain/finding.js';
import type { SetRole } from '../../src/pain/knowledge.js';
import { type GroupingKnowledge, type Seed, seedsOf } from '../../src/pain/seed.js';
import { finding } from './findings.js';

const role = (more: Partial<SetRole> = {}): SetRole => ({
  scope: 'pain',
  opens: 'always',
  assertsPain: true,
  generic: false,
  ...more,
});
/** Sets by what they open, and a disease that may show elsewhere. */
export const KNOWLEDGE = {
  setRoles: new Map([
    ['disease', role()],
    ['pain', role({ generic: true })],
    ['silent', role({ opens: 'with-pain' })],
    ['often', role({ opens: 'at-place' })],
    ['never', role({ opens: 'never' })],
    ['lab', role({ scope: 'patient' })],
  ]),
  territories: new Map([
    [
      'disease',
      new Map([
        ['', ['hand', 'foot']],
        ['spine', ['leg', 'spine']],
      ]),
    ],
  ]),
} as unknown as GroupingKnowledge;

/** A finding of one set. */
export const named = (set: string, reference: string, more: Partial<Finding> = {}): Finding =>
  finding(set, { reference, ...more });
/** The seeds of findings. */
export const seedsIn = (...findings: readonly Finding[]) => seedsOf(findings, KNOWLEDGE);
/** One finding as a seed. */
export const seed = (set: string, reference: string, more: Partial<Finding> = {}): Seed => {
  const [found] = seedsIn(named(set, reference, more));
  if (!found) throw new Error(`${set} opens no pain`);
  return found;
};
/** The regions of a finding. */
export const at = (...regions: readonly string[]) => ({ regions });
/** References in order. */
export const namesOf = (seeds: readonly Seed[]) =>
  seeds.map(({ finding: { reference } }) => reference).join(' ');
