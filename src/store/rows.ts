// Rows to and from what the ports speak of. Must not know how rows are read or written.
import type {
  ChainedAuditEvent,
  StoredEvaluation,
  StoredFeedback,
  StoredOverride,
} from '../cds/stored-evaluation.js';
import type { SqlRow, SqlValue } from './sql-database.js';

const AUDIT_PAGE = 500;

const ms = (instant: string): number => Date.parse(instant);

/** PostgreSQL refuses NUL in text, and no store may hold half a character: both become the replacement character. */
const storable = (text: string): string => text.toWellFormed().replaceAll('\0', '\uFFFD');

/** Values of `evaluations` in the order of its columns. */
export const evaluationValues = (evaluation: StoredEvaluation): readonly SqlValue[] => {
  const { snapshot, ...record } = evaluation;
  return [
    evaluation.id,
    evaluation.client,
    evaluation.patient,
    evaluation.service,
    ms(evaluation.evaluatedAt),
    ms(evaluation.receivedAt),
    evaluation.knowledge.version,
    evaluation.knowledge.digest,
    evaluation.problems.length > 0 ? 1 : 0,
    storable(JSON.stringify(record)),
    snapshot === undefined ? null : storable(snapshot),
  ];
};

/** An evaluation as it was appended. */
export const evaluationOf = ({ record, snapshot }: SqlRow): StoredEvaluation => ({
  ...(JSON.parse(String(record)) as StoredEvaluation),
  ...(typeof snapshot === 'string' && { snapshot }),
});

/** Values of `feedback` behind its key. */
export const feedbackValues = (item: StoredFeedback, isMatched: boolean): readonly SqlValue[] => [
  item.client,
  item.service,
  item.card,
  isMatched ? 1 : 0,
  item.outcome,
  ms(item.outcomeTimestamp),
  ms(item.receivedAt),
  JSON.stringify(item.acceptedSuggestions),
  item.reason?.code ?? null,
  item.reason?.system ?? null,
  item.comment === undefined ? null : storable(item.comment),
];

/** An override of a card. */
export const overrideOf = (row: SqlRow): StoredOverride => ({
  topic: String(row.topic),
  facts: String(row.facts),
  reason: String(row.reason_code),
  at: new Date(Number(row.since)).toISOString(),
});

const auditOf = (row: SqlRow): ChainedAuditEvent => {
  const [recorded, type, subtype, outcome, agent, patient, detail] = JSON.parse(
    String(row.event),
  ) as readonly (string | null)[];
  return {
    sequence: Number(row.sequence),
    hash: String(row.hash),
    recorded: recorded ?? '',
    type: type as ChainedAuditEvent['type'],
    subtype: subtype ?? '',
    outcome: outcome as ChainedAuditEvent['outcome'],
    agent: agent ?? '',
    ...(typeof patient === 'string' && { patient }),
    ...(typeof detail === 'string' && { detail }),
  };
};

/** The audit trail page by page. */
export async function* readAuditPages(
  all: (sql: string, values: readonly SqlValue[]) => Promise<readonly SqlRow[]>,
): AsyncGenerator<ChainedAuditEvent> {
  let after = 0;
  for (;;) {
    const rows = await all(
      'SELECT sequence, event, hash FROM audit WHERE sequence > $1 ORDER BY sequence LIMIT $2',
      [after, AUDIT_PAGE],
    );
    for (const row of rows) yield auditOf(row);
    const last = rows.at(-1);
    if (!last) return;
    after = Number(last.sequence);
  }
}
