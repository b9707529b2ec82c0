// Every patient of fhir-fixtures, evaluated once. Test data only.
import type { CardTexts } from '../../src/cds/card-texts.js';
import { loadCardTexts } from '../../src/knowledge/load-texts.js';
import { realKnowledge } from './findings.js';
import { evaluateFixtures, type FixtureEvaluation } from './fixtures.js';

/** The texts of `cards/` as loaded. */
export const fixtureTexts: CardTexts = loadCardTexts('cards', realKnowledge());

/** The answers of all, in order of patient id. */
export const fixtureEvaluations: readonly FixtureEvaluation[] = evaluateFixtures();
