// Clinical cases of orders as data: what is said of each order. Must not know rules.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { CodeableConcept } from 'fhir/r4.js';
import { parse } from 'yaml';
import { evaluate } from '../src/pain/evaluate.js';
import type { DraftResource } from '../src/pain/patient-record.js';
import { shippedKnowledge } from './support/app.js';
import { buildRecord, conceptOf, type Entry, type Fields } from './support/case-record.js';

interface OrderFields {
  readonly medicine?: string;
  readonly service?: string;
  readonly selected?: boolean;
  readonly reason?: string;
}

interface OrderCase {
  readonly situation: string;
  readonly record: readonly Entry[];
  readonly inputs?: Readonly<Record<string, string>>;
  readonly orders: readonly OrderFields[];
  readonly unrecognised?: number;
  readonly indicator?: string;
  readonly expect: readonly (readonly string[])[];
}

interface OrderCases {
  readonly now: string;
  readonly patient: Fields;
  readonly cases: readonly OrderCase[];
}

const { now, patient, cases } = parse(
  readFileSync(new URL('order-cases.yaml', import.meta.url), 'utf8'),
) as OrderCases;

const draftOf = (order: OrderFields, at: number): DraftResource => {
  const subject = { reference: 'Patient/case-patient' };
  const reason: { reasonCode?: CodeableConcept[] } =
    order.reason === undefined ? {} : { reasonCode: [conceptOf(order.reason)] };
  const base = { id: `draft-${at}`, subject, ...reason, status: 'draft', intent: 'order' } as const;
  const resource: DraftResource['resource'] =
    order.medicine === undefined
      ? { resourceType: 'ServiceRequest', ...base, code: conceptOf(order.service ?? '') }
      : {
          resourceType: 'MedicationRequest',
          ...base,
          medicationCodeableConcept: conceptOf(order.medicine),
        };
  const reference = `${resource.resourceType}/${base.id}`;
  return { resource, reference, isSelected: order.selected !== false };
};

const matches = (said: string, wanted: string): boolean =>
  said === wanted ||
  (!wanted.includes(' ') && said.startsWith(`${wanted} `)) ||
  said.trim() === wanted;

const compare = (said: readonly string[], expected: readonly string[]): void => {
  const all = said.join(' | ');
  const isOpen = expected.includes('...');
  const exact = expected.filter((one) => one !== '...' && !/^[+!]/.test(one));
  for (const one of expected) {
    if (one.startsWith('!'))
      assert.ok(!said.some((x) => matches(x, one.slice(1))), `${one.slice(1)} in ${all}`);
    if (one.startsWith('+'))
      assert.ok(
        said.some((x) => matches(x, one.slice(1))),
        `no ${one.slice(1)} in ${all}`,
      );
  }
  exact.forEach((one, i) => {
    assert.ok(matches(said[i] ?? '', one), `${one} is not at ${i} in ${all}`);
  });
  if (!isOpen) assert.equal(said.length, exact.length, all);
};

describe('orders being written', () => {
  const knowledge = shippedKnowledge();

  for (const { situation, record, inputs, orders, expect, unrecognised, indicator } of cases) {
    it(situation, () => {
      const built = buildRecord(patient, record, inputs ?? {});
      const drafts = orders.map(draftOf);
      const { orders: judged } = evaluate(
        { ...built, draftOrders: { drafts, unusable: 0 } },
        knowledge,
        new Date(now),
      );

      assert.ok(judged);
      assert.equal(judged.orders.length, expect.length, JSON.stringify(judged, null, 1));
      expect.forEach((wanted, at) => {
        const remarks = judged.orders[at]?.remarks ?? [];
        compare(
          remarks.map(({ kind, rule }) => `${kind} ${rule ?? ''}`.trim()),
          wanted,
        );
        const { cautions = [] } = judged.orders[at] ?? {};
        for (const { rule, text, sources } of [...remarks, ...cautions])
          assert.equal(sources.length > 0, rule !== undefined, `sources of ${rule}: ${text}`);
        if (indicator !== undefined) assert.equal(remarks[0]?.indicator, indicator);
      });
      assert.equal(judged.unrecognised, unrecognised ?? 0);
    });
  }
});
