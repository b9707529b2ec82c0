// Cards without what they rest on, for tests that look at cards only.

import type { ComposeOptions } from '../../src/cds/card-frame.js';
import type { Card } from '../../src/cds/cds-hooks.js';
import { composeCards } from '../../src/cds/compose-cards.js';
import type { Evaluation } from '../../src/pain/evaluation.js';

/** The cards of an evaluation. */
export const cardsFrom = (evaluation: Evaluation, options: ComposeOptions): Card[] =>
  composeCards(evaluation, options).map(({ card }) => card);
