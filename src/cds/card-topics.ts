// What cards are about, as the stable codes of `source.topic`. Must not know an evaluation or how a card reads.
import { ORDER_REMARKS, type OrderRemark } from '../pain/evaluation.js';
import type { CategoryKnowledge } from '../pain/knowledge.js';
import type { CardTexts } from './card-texts.js';
import type { Coding } from './cds-hooks.js';
import { rememberByTexts } from './remember.js';

const LONGEST_CODE = 100;

/** Topic of the one card of red flags. */
export const RED_FLAGS_TOPIC = 'painredflags';

/** Topic of the card that asks for records. */
export const RECORD_NEXT_TOPIC = 'painrecordnext';

const codeOf = rememberByTexts((category, subtype) =>
  `pain${category}${subtype}`.replace(/[^A-Za-z0-9]/g, '').slice(0, LONGEST_CODE),
);

/** Topic of the card of a pain: static for the same advice, letters and digits only (SRC-5). */
export const painTopic = (category?: string, subtype = ''): string =>
  category === undefined ? codeOf('unclassified', '') : codeOf(category, subtype);

/** Topic of the card of an order, by what is said first of it. */
export const orderTopic = (kind: OrderRemark['kind'] | 'unusable'): string =>
  `painordercheck${kind.replace(/[^a-z]/g, '')}`;

/** Every topic a card of these categories can have, with its display, in a stable order. */
export const cardTopics = (
  categories: readonly Pick<CategoryKnowledge, 'id' | 'subtypeIds'>[],
  texts: Pick<CardTexts, 'categories' | 'headings' | 'source'>,
): readonly Coding[] => {
  const topic = (code: string, display = ''): Coding => ({
    system: texts.source.topicSystem,
    code,
    display,
  });
  return [
    topic(RED_FLAGS_TOPIC, texts.headings.redFlags),
    ...categories.flatMap(({ id, subtypeIds }) =>
      [undefined, ...subtypeIds].map((subtype) =>
        topic(painTopic(id, subtype), texts.categories[id]),
      ),
    ),
    topic(painTopic(), texts.headings.unclassified),
    topic(RECORD_NEXT_TOPIC, texts.headings.next),
    ...[...ORDER_REMARKS, 'unusable' as const].map((kind) =>
      topic(orderTopic(kind), texts.headings.orders),
    ),
  ];
};
