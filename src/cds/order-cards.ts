// What is to be said of orders being written: one card an order, gravest first. Must not judge them.
import type { Evaluation, JudgedOrder, JudgedOrders, OrderRemark } from '../pain/evaluation.js';
import { sourceOf } from './advice-texts.js';
import { orderBasis } from './card-basis.js';
import { type ComposedCard, type ComposeOptions, composeCard } from './card-frame.js';
import type { CardTexts } from './card-texts.js';
import { orderTopic } from './card-topics.js';
import type { Card, Suggestion } from './cds-hooks.js';
import { plainChartText } from './chart-text.js';
import type { DetailLine, DetailSection } from './fit-detail.js';
import { count, findingLabel, plainLabel, recordList, shortList } from './record-lines.js';

const MAX_CARDS = 3;
const MAX_LABEL = 60;
const MAX_TEXT = 170;
const MAX_CAUTIONS = 3;
const INDICATORS: readonly Card['indicator'][] = ['critical', 'warning', 'info'];
/** A reference a client can delete by: what has no id of its own cannot be named. */
const DELETABLE = /^(MedicationRequest|ServiceRequest)\/[A-Za-z0-9\-.]+$/;

const rankOf = ({ remarks: [first] }: JudgedOrder): number =>
  INDICATORS.indexOf(first?.indicator ?? 'info');

/** The cards of a call about orders: none where every order is fine. */
export function composeOrderCards(
  evaluation: Evaluation,
  orders: JudgedOrders,
  options: ComposeOptions,
): ComposedCard[] {
  const remarked = orders.orders
    .filter(({ remarks }) => remarks.length > 0)
    .sort((a, b) => rankOf(a) - rankOf(b));
  const shown = remarked.slice(0, MAX_CARDS);
  const without = remarked.slice(MAX_CARDS);
  if (shown.length === 0)
    return orders.unusable > 0 ? [unusableCard(evaluation, orders, options)] : [];
  return shown.map((order, i) =>
    orderCard(evaluation, orders, order, i === shown.length - 1 ? without : [], options),
  );
}

function orderCard(
  evaluation: Evaluation,
  orders: JudgedOrders,
  order: JudgedOrder,
  without: readonly JudgedOrder[],
  options: ComposeOptions,
): ComposedCard {
  const { texts } = options;
  const [first] = order.remarks;
  const kind = first?.kind ?? 'caution';
  const suggestions = deleteSuggestions(order, options);
  return composeCard(evaluation, options, {
    summary: texts.say.orderSummary.plain({
      order: { safe: plainLabel(order, texts, MAX_LABEL) },
      kind: { safe: texts.orderKinds[kind] ?? '' },
      text: { safe: first?.text ? summaryText(first.text, texts) : '' },
    }),
    indicator: first?.indicator ?? 'info',
    sections: [
      ...orderSections(evaluation, order, texts),
      { lines: aroundLines(orders, without, texts) },
    ],
    sources: sourcesOf(order.remarks, texts),
    topic: orderTopic(kind),
    display: texts.headings.orders ?? '',
    isOfRules: true,
    basis: () => orderBasis(order),
    suggestions: () => suggestions,
  });
}

function summaryText(text: string, texts: CardTexts): string {
  return texts.say.orderText.plain({ text: { safe: plainChartText(texts.translate(text)) } });
}

function unusableCard(
  evaluation: Evaluation,
  orders: JudgedOrders,
  options: ComposeOptions,
): ComposedCard {
  const { texts } = options;
  const values = count(orders.unusable);
  return composeCard(evaluation, options, {
    summary: texts.say.ordersUnusable.plain(values),
    indicator: 'info',
    sections: [{ lines: aroundLines(orders, [], texts) }],
    sources: sourcesOf([], texts),
    topic: orderTopic('unusable'),
    display: texts.headings.orders ?? '',
    isOfRules: true,
    basis: () => ({ rules: [], facts: [`unusable ${orders.unusable}`] }),
  });
}

function sourcesOf(remarks: readonly OrderRemark[], texts: CardTexts): readonly string[] {
  const cited = new Set(remarks.flatMap(({ sources }) => sources));
  return cited.size > 0 ? [...cited] : [texts.headings.safetyRules ?? ''];
}

function orderSections(
  evaluation: Evaluation,
  order: JudgedOrder,
  texts: CardTexts,
): DetailSection[] {
  const { say } = texts;
  const lines = order.remarks.map(
    (remark, i): DetailLine => ({ text: remarkLine(remark, texts), rank: i === 0 ? 0 : i }),
  );
  const cautions = order.cautions.slice(0, MAX_CAUTIONS).map((remark, i) => ({
    text: remarkLine(remark, texts),
    rank: 4 + i,
  }));
  const pain = evaluation.problems.find(({ problem }) => problem.id === order.painProblem);
  const label = { safe: findingLabel(order, texts, MAX_LABEL) };
  return [
    {
      lines: [
        {
          text: pain
            ? say.orderFor.markdown({
                order: label,
                pain: { safe: findingLabel(pain.problem, texts, MAX_LABEL) },
              })
            : say.orderOf.markdown({ order: label }),
          rank: 0,
        },
      ],
    },
    { heading: texts.headings.orders ?? '', lines: [...lines, ...cautions] },
  ];
}

function remarkLine(remark: OrderRemark, texts: CardTexts): string {
  const { kind, text, findings } = remark;
  const records =
    findings.length === 0
      ? ''
      : texts.say.onRecord.markdown({ records: recordList(findings, texts, 2) });
  return texts.say.orderRemark.markdown({
    kind: { safe: texts.orderKinds[kind] ?? '' },
    text: { safe: text === undefined ? '' : ` ${texts.own(text, MAX_TEXT)}` },
    source: { safe: sourceOf(remark, texts) },
    records: { safe: records },
  });
}

/** What concerns the answer as a whole: what was not checked, and that the check is not complete. */
function aroundLines(
  { unrecognised, unusable }: JudgedOrders,
  without: readonly JudgedOrder[],
  texts: CardTexts,
): DetailLine[] {
  const { say } = texts;
  const lines: DetailLine[] = [];
  if (without.length > 0) {
    const names = without.map((order) => findingLabel(order, texts, MAX_LABEL));
    const orders = { safe: shortList(names, 3, texts) };
    lines.push({ text: say.ordersMore.markdown({ ...count(without.length), orders }), rank: 0 });
  }
  if (unrecognised > 0)
    lines.push({ text: say.ordersUnrecognised.markdown(count(unrecognised)), rank: 0 });
  if (unusable > 0) lines.push({ text: say.ordersUnusable.markdown(count(unusable)), rank: 0 });
  lines.push({ text: say.notInteractionCheck.markdown({}), rank: 1 });
  return lines;
}

/** Taking a contraindicated order out again: one action, never chosen for the user. */
function deleteSuggestions(
  judged: JudgedOrder,
  { newId, texts }: ComposeOptions,
): readonly Suggestion[] {
  const { remarks, reference } = judged;
  const isBlocked = remarks.some(({ kind }) => kind === 'contraindicated');
  if (!isBlocked || !DELETABLE.test(reference)) return [];
  const order = { safe: plainLabel(judged, texts, MAX_LABEL) };
  return [
    {
      label: texts.say.orderDelete.plain({ order }),
      uuid: newId(),
      actions: [
        {
          type: 'delete',
          description: texts.say.orderDeleteAction.plain({ order }),
          resourceId: reference,
        },
      ],
    },
  ];
}
