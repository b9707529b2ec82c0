import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import type { Card } from '../../src/cds/cds-hooks.js';
import type { Evaluation } from '../../src/pain/evaluation.js';
import { cardsFrom } from '../support/cards.js';
import { hostileEvaluation } from '../support/evaluation-builder.js';
import { fixtureEvaluations, fixtureTexts as texts } from '../support/fixture-evaluations.js';
import { foreignNodes, linkTargets } from '../support/markdown-shape.js';

const baseUrl = 'https://cds.example';
const RUNS = { numRuns: 100, seed: 20261122 };
const CONTROL = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\u2028\u2029]/u;

const compose = (evaluation: Evaluation): Card[] =>
  cardsFrom(evaluation, { newId: randomUUID, baseUrl, texts });

const compact = (evaluation: Evaluation): Card[] =>
  cardsFrom(evaluation, { newId: () => 'same', baseUrl, texts });

const assertWithinLimits = ({ summary, detail = '' }: Card): void => {
  assert.ok(summary.length >= 1 && summary.length <= 139, `summary of ${summary.length}`);
  assert.ok([...summary].length >= 1);
  assert.ok(detail.length >= 1 && detail.length < 2000, `detail of ${detail.length}`);
};

const emptyPlaces = (value: unknown, path = ''): string[] => {
  if (value === null || value === undefined || value === '') return [path];
  if (typeof value !== 'object') return [];
  const entries = Object.entries(value);
  return entries.length === 0
    ? [path]
    : entries.flatMap(([key, of]) => emptyPlaces(of, `${path}/${key}`));
};

describe('the limits of cards', () => {
  const all: readonly (readonly [string, (check: (evaluation: Evaluation) => void) => void])[] = [
    ['generated evaluations', (check) => fc.assert(fc.property(hostileEvaluation, check), RUNS)],
    ['fixtures', (check) => fixtureEvaluations.forEach(({ evaluation }) => void check(evaluation))],
  ];
  for (const [name, forAll] of all) {
    describe(`over ${name}`, () => {
      it('CAR-1 CAR-10 are 1 to 139 characters of summary and fewer than 2000 of detail', () =>
        forAll((evaluation) => compose(evaluation).forEach(assertWithinLimits)));

      it('RES-9 are five cards, of which three are pains', () =>
        forAll((evaluation) => {
          const cards = compose(evaluation);
          assert.ok(cards.length <= 5);
          const pains = cards.filter(
            ({ source }) => !/redflags|recordnext/.test(source.topic?.code ?? ''),
          );
          assert.equal(pains.length, Math.min(3, evaluation.problems.length));
        }));

      it('TRN-3 TRN-4 leave nothing null, undefined or empty', () =>
        forAll((evaluation) =>
          assert.deepEqual(
            compose(evaluation).flatMap((card) => emptyPlaces(card)),
            [],
          ),
        ));

      it('CAR-7 SRC-5 give every card its own lower-case uuid and an alphanumeric topic', () =>
        forAll((evaluation) => {
          const cards = compose(evaluation);
          assert.equal(new Set(cards.map(({ uuid }) => uuid)).size, cards.length);
          for (const { uuid, source } of cards) {
            assert.match(uuid ?? '', /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
            assert.match(source.topic?.code ?? '', /^[A-Za-z0-9]{1,100}$/);
          }
        }));

      it('CAR-11 keep critical for a red flag that is an emergency', () =>
        forAll((evaluation) => {
          const isEmergency = evaluation.redFlags.some(({ urgency }) => urgency === 'emergency');
          const critical = compose(evaluation).filter(({ indicator }) => indicator === 'critical');
          assert.equal(critical.length, isEmergency ? 1 : 0);
        }));

      it('RES-7 are the same for the same evaluation', () =>
        forAll((evaluation) => assert.deepEqual(compact(evaluation), compact(evaluation))));

      it('CAR-4 CAR-5 CAR-6 T22 let no text become markup, a foreign link or an invisible character', () =>
        forAll((evaluation) => {
          for (const { summary, detail = '', source, links } of compose(evaluation)) {
            assert.deepEqual(foreignNodes(detail, baseUrl), [], detail);
            assert.doesNotMatch(`${summary}${detail.replaceAll('\n', '')}${source.label}`, CONTROL);
            const repeated = new Set(links?.map(({ url }) => url));
            assert.ok(linkTargets(detail).every((url) => repeated.has(url)));
          }
        }));

      it('keep all eight principles on the card of every classified pain', () =>
        forAll((evaluation) => {
          const cards = compose(evaluation).filter(
            ({ source }) => !/redflags|recordnext/.test(source.topic?.code ?? ''),
          );
          evaluation.problems.slice(0, 3).forEach(({ classifications, principles }, i) => {
            if (classifications.length === 0) return;
            for (const { principle } of principles) {
              assert.ok(
                new RegExp(
                  `^\\*\\*Principles\\*\\*.*[:,] ${texts.principles[principle]}\\b`,
                  'm',
                ).test(cards[i]?.detail ?? ''),
                principle,
              );
            }
          });
        }));

      it('CAR-12 DAT-5 say on every card of a pain which inputs are missing', () =>
        forAll((evaluation) => {
          const none = { input: 'procedures', reason: 'timeout', effect: 'Procedures not known' };
          const missing = [...evaluation.missing, none];
          const cards = compose({ ...evaluation, missing }).filter(
            ({ source }) => !/recordnext/.test(source.topic?.code ?? ''),
          );
          for (const { detail } of cards) assert.match(detail ?? '', /\*\*Not known\*\* /);
        }));
    });
  }
});
