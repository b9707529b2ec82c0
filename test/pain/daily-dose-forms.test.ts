// Rarer forms of dosing to the dose a day: volumes, clocks, several rates, ceilings, steps. What contradicts itself is not told.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { Dosage } from 'fhir/r4.js';
import { parse } from 'yaml';
import { dailyDose } from '../../src/pain/extract/daily-dose.js';
import type { Strength } from '../../src/pain/medicine.js';
import { match, realKnowledge } from '../support/findings.js';

interface Form {
  readonly situation: string;
  readonly dosages: readonly Dosage[];
  readonly strength?: keyof typeof STRENGTHS;
  readonly expected: string | null;
}

const STRENGTHS = {
  syrup: { amount: 2, unit: 'mg', per: 'mL' },
  tablet: { amount: 10, unit: 'mg', per: 'piece' },
  patch: { amount: 25, unit: 'ug/h', per: 'piece' },
} as const satisfies Readonly<Record<string, Strength>>;
const forms: readonly Form[] = parse(
  readFileSync(new URL('daily-dose-forms.yaml', import.meta.url), 'utf8'),
);

describe('the daily dose', () => {
  before(() => void realKnowledge());

  for (const { situation, dosages, strength, expected } of forms) {
    it(`is ${expected ?? 'not told'} for ${situation}`, () => {
      const ingredient = {
        label: 'morphine',
        matches: [match('ingr-morphine')],
        substanceMatches: [],
        isByName: false,
        strength: strength && STRENGTHS[strength],
      };

      const { medicines } = realKnowledge().extraction;
      const dose = dailyDose(dosages, ingredient, true, undefined, medicines);

      const said = dose && `${dose.isMaximum ? 'at most ' : ''}${dose.perDay} ${dose.unit}`;
      assert.equal(said ?? null, expected);
    });
  }
});
