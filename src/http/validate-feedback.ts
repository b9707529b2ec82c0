// Body -> Feedback[]: the specification's form and the dialects CDS Clients send. Every fault with its JSON pointer.
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { Feedback } from '../cds/feedback.js';
import { type Fault, InvalidRequest } from '../errors.js';
import { toFault } from './validate.js';

const MOST_ITEMS = 100;
const MOST_SUGGESTIONS = 50;
const LONGEST_COMMENT = 4000;
const LONGEST_ID = 256;

/** PostgreSQL keeps no NUL in text. */
const WITHOUT_NUL = '^[^\\u0000]*$';

const id = { type: 'string', minLength: 1, maxLength: LONGEST_ID, pattern: WITHOUT_NUL } as const;

const REASON = {
  type: ['object', 'null'],
  properties: {
    reason: {
      type: ['object', 'null'],
      properties: {
        code: id,
        system: { type: 'string', maxLength: 1024, pattern: WITHOUT_NUL },
      },
      required: ['code'],
    },
    userComment: { type: ['string', 'null'], maxLength: LONGEST_COMMENT },
  },
} as const;

/** JSON Schema of the body of feedback: invariants fb-1 to fb-3 of the 3.0 logical model; unknown fields are ignored. */
export const FEEDBACK_SCHEMA = {
  type: 'object',
  required: ['feedback'],
  properties: {
    feedback: {
      type: 'array',
      minItems: 1,
      maxItems: MOST_ITEMS,
      items: {
        type: 'object',
        required: ['card', 'outcome', 'outcomeTimestamp'],
        properties: {
          card: id,
          outcome: { enum: ['accepted', 'overridden'] },
          outcomeTimestamp: { type: 'string', maxLength: 64 },
          acceptedSuggestions: {
            type: ['array', 'null'],
            maxItems: MOST_SUGGESTIONS,
            items: { type: 'object', required: ['id'], properties: { id } },
          },
          overrideReason: REASON,
          // One EHR sends the plural, as an object or as a list of one.
          overrideReasons: { anyOf: [REASON, { type: 'array', items: REASON, maxItems: 10 }] },
        },
      },
    },
  },
} as const;

interface ReasonBody {
  readonly reason?: { readonly code: string; readonly system?: string } | null;
  readonly userComment?: string | null;
}

interface ItemBody {
  readonly card: string;
  readonly outcome: 'accepted' | 'overridden';
  readonly outcomeTimestamp: string;
  readonly acceptedSuggestions?: readonly { readonly id: string }[] | null;
  readonly overrideReason?: ReasonBody | null;
  readonly overrideReasons?: ReasonBody | readonly ReasonBody[] | null;
}

const RFC3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/i;

const isInstant = (text: string): boolean => {
  if (!RFC3339.test(text) || Number.isNaN(Date.parse(text))) return false;
  // JavaScript takes 30 February for 2 March.
  const local = text.slice(0, 19).toUpperCase();
  const at = Date.parse(`${local}Z`);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(local);
};

const reasonOf = ({ overrideReason, overrideReasons }: ItemBody): ReasonBody | undefined => {
  if (overrideReason) return overrideReason;
  if (Array.isArray(overrideReasons)) return overrideReasons[0];
  return (overrideReasons as ReasonBody | null | undefined) ?? undefined;
};

const toFeedback = (item: ItemBody): Feedback => {
  const given = reasonOf(item);
  const { reason, userComment } = given ?? {};
  return {
    card: item.card,
    outcome: item.outcome,
    outcomeTimestamp: item.outcomeTimestamp,
    acceptedSuggestions: (item.acceptedSuggestions ?? []).map((suggestion) => ({
      id: suggestion.id,
    })),
    ...((reason || userComment) && {
      overrideReason: {
        ...(reason && {
          reason: { code: reason.code, ...(reason.system && { system: reason.system }) },
        }),
        ...(userComment && { userComment }),
      },
    }),
  };
};

const faultsOf = (item: Feedback, at: number): Fault[] => {
  const faults: Fault[] = [];
  const fault = (field: string, message: string) =>
    faults.push({ pointer: `/feedback/${at}/${field}`, message });
  if (!isInstant(item.outcomeTimestamp)) fault('outcomeTimestamp', 'must be an RFC 3339 instant');
  if (item.outcome === 'accepted' && item.acceptedSuggestions.length === 0)
    fault('acceptedSuggestions', 'is required with accepted');
  return faults;
};

/** Creates the validator of feedback; a batch with one fault is refused whole. */
export const createFeedbackValidator = (): ((body: unknown) => readonly Feedback[]) => {
  const check = new Ajv2020({ allErrors: true, strict: false }).compile<{
    readonly feedback: readonly ItemBody[];
  }>(FEEDBACK_SCHEMA);
  return (body) => {
    if (!check(body)) throw new InvalidRequest((check.errors ?? []).slice(0, 50).map(toFault));
    const items = body.feedback.map(toFeedback);
    const faults = items.flatMap(faultsOf);
    if (faults.length > 0) throw new InvalidRequest(faults);
    return items;
  };
};
