// The patients whose whole answers are kept as data, each with how to evaluate it. Must not know answers.
import { evaluate } from '../../src/pain/evaluate.js';
import type { PatientRecord } from '../../src/pain/patient-record.js';
import type { PreviousEvaluation } from '../../src/pain/progress.js';
import { type Brief, briefOf } from './answer-brief.js';
import { readCases } from './case.js';
import { buildRecord } from './case-record.js';
import { readCourseCases } from './course-case.js';
import { realKnowledge } from './findings.js';
import { fixtureRecords } from './fixtures.js';
import { readOrderCases, recordOfOrders } from './order-case.js';

/** One patient at one moment. */
export interface Situation {
  readonly name: string;
  readonly record: PatientRecord;
  readonly now: string;
  readonly previous?: PreviousEvaluation;
}

const DEMO = '2026-11-22T10:00:00Z';

/** By file of `test/answers`: the vectors of the clinical knowledge, what the course cases cover, orders, fixtures. */
export const situations: ReadonlyMap<string, readonly Situation[]> = new Map([
  [
    'vectors',
    readCases('test/cases')
      .filter(({ file }) => /^v\d/.test(file))
      .map(({ situation, patient, record, inputs, now }) => ({
        name: situation,
        record: buildRecord(patient, record, inputs),
        now,
      })),
  ],
  [
    'course',
    readCourseCases('test/cases/course')
      .filter(({ covers }) => covers.length > 0)
      .map(({ situation, patient, record, inputs, now, previous }) => ({
        name: situation,
        record: buildRecord(patient, record, inputs),
        now,
        ...(previous && { previous }),
      })),
  ],
  [
    'orders',
    readOrderCases('test/order-cases.yaml').map((one) => ({
      name: one.situation,
      record: recordOfOrders(one),
      now: one.now,
    })),
  ],
  ['fixtures', [...fixtureRecords].map(([name, record]) => ({ name, record, now: DEMO }))],
]);

/** The whole answer for one of them. */
export const answerOf = ({ record, now, previous }: Situation): Brief => {
  const knowledge = realKnowledge();
  return briefOf(evaluate(record, knowledge, new Date(now), previous), knowledge);
};
