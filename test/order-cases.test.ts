// Clinical cases of orders as data: what is said of each order. Must not know rules.
import assert from 'node:assert/strict';
import { evaluate } from '../src/pain/evaluate.js';
import { realKnowledge } from './support/findings.js';
import { readOrderCases, recordOfOrders } from './support/order-case.js';

const cases = readOrderCases('test/order-cases.yaml');

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
  const knowledge = realKnowledge();

  for (const one of cases) {
    const { situation, now, expect, unrecognised, indicator } = one;
    it(situation, () => {
      const { orders: judged } = evaluate(recordOfOrders(one), knowledge, new Date(now));

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
