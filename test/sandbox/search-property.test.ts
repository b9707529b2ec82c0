import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Observation } from 'fhir/r4.js';
import request from 'supertest';
import { matchIds, sandboxApp } from './sandbox-app.js';

// The oracle: reads each resource anew, knows no index, and works out dates by listing days.
const days = Array.from({ length: 61 }, (_, i) =>
  new Date(Date.UTC(2019, 11, 2 + i)).toISOString().slice(0, 10),
);
const within = (date: string) =>
  days.map((day, i) => (day.startsWith(date) ? i : -1)).filter((i) => i >= 0);

function naiveDate(target: string, prefix: string, search: string): boolean {
  const [a, b] = [within(target), within(search)];
  const [aFirst = 0, aLast = 0] = [a[0], a.at(-1)];
  const [bFirst = 0, bLast = 0] = [b[0], b.at(-1)];
  const inside = a.every((day) => b.includes(day));
  if (prefix === 'ne') return !inside;
  if (prefix === 'gt') return aLast > bLast;
  if (prefix === 'lt') return aFirst < bFirst;
  if (prefix === 'ge') return inside || aLast > bLast;
  if (prefix === 'le') return inside || aFirst < bFirst;
  return inside;
}

const system = fc.constantFrom('urn:a', 'urn:b', undefined);
const code = fc.constantFrom('1', '2', '3');
const patient = fc.constantFrom('p', 'q', 'constructor');
// Months that lie wholly inside the listed days, so that both sides see the same ends.
const date = fc.oneof(fc.constantFrom('2020-01'), fc.constantFrom(...days));

const observations = fc
  .array(
    fc.record({
      system,
      code,
      patient,
      group: fc.boolean(),
      date: fc.option(date),
      final: fc.boolean(),
    }),
    { maxLength: 30 },
  )
  .map((rows) =>
    rows.map(
      (row, i): Observation => ({
        resourceType: 'Observation',
        id: `o${i}`,
        status: row.final ? 'final' : 'amended',
        code: { coding: [{ code: row.code, ...(row.system ? { system: row.system } : {}) }] },
        subject: { reference: `${row.group ? 'Group' : 'Patient'}/${row.patient}` },
        ...(row.date ? { effectiveDateTime: row.date } : {}),
      }),
    ),
  );

const tokens = fc.array(fc.oneof(code, fc.tuple(fc.constantFrom('urn:a', 'urn:b', ''), code)), {
  minLength: 1,
  maxLength: 3,
});
const queries = fc.record(
  {
    patient,
    subject: patient,
    code: tokens,
    status: fc.constantFrom('final', 'amended'),
    date: fc.tuple(fc.constantFrom('', 'eq', 'ne', 'gt', 'lt', 'ge', 'le'), date),
  },
  { requiredKeys: [] },
);

describe('indexed search', () => {
  it('finds exactly what a naive scan finds, in the order of loading', async () => {
    await fc.assert(
      fc.asyncProperty(observations, queries, async (resources, query) => {
        const expected = resources.filter((o) => {
          const coding = o.code.coding?.[0];
          const reference = o.subject?.reference ?? '';
          return (
            (!query.patient || reference === `Patient/${query.patient}`) &&
            (!query.subject || reference.endsWith(`/${query.subject}`)) &&
            (!query.status || o.status === query.status) &&
            (!query.code ||
              query.code.some((token) =>
                typeof token === 'string'
                  ? coding?.code === token
                  : (coding?.system ?? '') === token[0] && coding?.code === token[1],
              )) &&
            (!query.date ||
              (o.effectiveDateTime !== undefined &&
                naiveDate(o.effectiveDateTime, query.date[0], query.date[1])))
          );
        });
        const sent = {
          ...query,
          ...(query.code
            ? { code: query.code.map((t) => (typeof t === 'string' ? t : t.join('|'))).join(',') }
            : {}),
          ...(query.date ? { date: query.date.join('') } : {}),
        };

        const { body } = await request(sandboxApp(resources))
          .get('/fhir/Observation')
          .query(sent)
          .expect(200);

        assert.deepEqual(
          matchIds(body),
          expected.map((o) => o.id),
        );
      }),
      { numRuns: 150 },
    );
  });
});
