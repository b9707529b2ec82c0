// Error -> status and body: the one table of style 2.7. Must not know where an error came from.
import type { OperationOutcome, OperationOutcomeIssue } from 'fhir/r4.js';
import {
  AppError,
  type ErrorCode,
  InvalidRequest,
  MethodNotAllowed,
  Overloaded,
  PrefetchUnavailable,
  RateLimited,
  Unauthenticated,
} from '../errors.js';

interface Row {
  readonly status: number;
  readonly issue: OperationOutcomeIssue['code'];
  readonly title: string;
}

const TABLE: Readonly<Record<ErrorCode, Row>> = {
  INVALID_REQUEST: { status: 400, issue: 'invalid', title: 'Invalid request' },
  UNAUTHENTICATED: { status: 401, issue: 'login', title: 'Unauthenticated' },
  FORBIDDEN: { status: 403, issue: 'forbidden', title: 'Forbidden' },
  SERVICE_NOT_FOUND: { status: 404, issue: 'not-found', title: 'Service not found' },
  NOT_FOUND: { status: 404, issue: 'not-found', title: 'Not found' },
  PREFETCH_UNAVAILABLE: { status: 412, issue: 'processing', title: 'Required data unavailable' },
  METHOD_NOT_ALLOWED: { status: 405, issue: 'not-supported', title: 'Method not allowed' },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, issue: 'not-supported', title: 'Unsupported media type' },
  PAYLOAD_TOO_LARGE: { status: 413, issue: 'too-long', title: 'Payload too large' },
  IDEMPOTENCY_KEY_REUSED: { status: 422, issue: 'conflict', title: 'Idempotency-Key reused' },
  OVERLOADED: { status: 503, issue: 'throttled', title: 'Overloaded' },
  RATE_LIMITED: { status: 429, issue: 'throttled', title: 'Too many requests' },
  EVALUATION_FAILED: { status: 503, issue: 'exception', title: 'Evaluation failed' },
  CLIENT_GONE: { status: 499, issue: 'transient', title: 'Client closed the connection' },
  STORE_UNAVAILABLE: { status: 503, issue: 'no-store', title: 'Store unavailable' },
  KNOWLEDGE_INVALID: { status: 500, issue: 'exception', title: 'Internal error' },
  CONFIG_INVALID: { status: 500, issue: 'exception', title: 'Internal error' },
};

/** What a failed request is answered with. */
export interface Problem {
  readonly status: number;
  readonly code: ErrorCode | 'INTERNAL';
  readonly headers: Readonly<Record<string, string>>;
  readonly issues: readonly OperationOutcomeIssue[];
  readonly title: string;
  readonly detail: string;
}

const INTERNAL_DETAIL = 'The request could not be answered.';

const issuesOf = (
  error: AppError,
  issue: OperationOutcomeIssue['code'],
): OperationOutcomeIssue[] => {
  if (error instanceof InvalidRequest) {
    return error.faults.map(({ pointer, message }) => ({
      severity: 'error',
      code: issue,
      details: { text: message },
      diagnostics: pointer === '' ? 'the whole body' : pointer,
    }));
  }
  if (error instanceof PrefetchUnavailable) {
    return error.missing.map(({ key, reason }) => ({
      severity: 'error',
      code: issue,
      details: { text: `Required data could not be obtained: ${key} (${reason})` },
      diagnostics: key,
    }));
  }
  return [{ severity: 'error', code: issue, details: { text: error.message } }];
};

const DEFAULT_RETRY_SECONDS = 5;

const headersOf = (error: AppError): Record<string, string> => {
  if (error instanceof MethodNotAllowed) return { allow: error.allow.join(', ') };
  if (error instanceof Unauthenticated) return { 'www-authenticate': 'Bearer' };
  if (error instanceof RateLimited || error instanceof Overloaded)
    return { 'retry-after': String(error.retryAfterSeconds) };
  return TABLE[error.code].status === 503 ? { 'retry-after': String(DEFAULT_RETRY_SECONDS) } : {};
};

/** Turns any thrown value into a problem; at 500 nothing of the error is shown. */
export const toProblem = (error: unknown): Problem => {
  const row = error instanceof AppError ? TABLE[error.code] : undefined;
  if (!(error instanceof AppError) || !row || row.status >= 500) {
    const isOurs = error instanceof AppError && row !== undefined && row.status === 503;
    const detail = isOurs ? error.message : INTERNAL_DETAIL;
    return {
      status: row?.status ?? 500,
      code: error instanceof AppError ? error.code : 'INTERNAL',
      headers: isOurs ? headersOf(error) : {},
      issues: [{ severity: 'fatal', code: row?.issue ?? 'exception', details: { text: detail } }],
      title: row?.title ?? 'Internal error',
      detail,
    };
  }
  return {
    status: row.status,
    code: error.code,
    headers: headersOf(error),
    issues: issuesOf(error, row.issue),
    title: row.title,
    detail: error.message,
  };
};

/** The body CDS Hooks routes answer with (`application/fhir+json`). */
export const toOperationOutcome = ({ issues }: Problem): OperationOutcome => ({
  resourceType: 'OperationOutcome',
  issue: [...issues],
});

/** The body all other routes answer with. @see https://www.rfc-editor.org/rfc/rfc9457 */
export const toProblemDetails = (problem: Problem, instance: string): object => ({
  type: 'about:blank',
  title: problem.title,
  status: problem.status,
  detail: problem.detail,
  instance,
  code: problem.code,
});
