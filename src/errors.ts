// Every expected failure of the program, and where the others came from. Knows codes and typed fields; must not know HTTP, FHIR servers or Express.

/** The closed list of expected failures; `http/problem.ts` gives each its status. */
export type ErrorCode =
  | 'INVALID_REQUEST'
  | 'UNAUTHENTICATED'
  | 'FORBIDDEN'
  | 'SERVICE_NOT_FOUND'
  | 'NOT_FOUND'
  | 'PREFETCH_UNAVAILABLE'
  | 'METHOD_NOT_ALLOWED'
  | 'UNSUPPORTED_MEDIA_TYPE'
  | 'PAYLOAD_TOO_LARGE'
  | 'OVERLOADED'
  | 'RATE_LIMITED'
  | 'STORE_UNAVAILABLE'
  | 'CLIENT_GONE'
  | 'EVALUATION_FAILED'
  | 'IDEMPOTENCY_KEY_REUSED'
  | 'KNOWLEDGE_INVALID'
  | 'CONFIG_INVALID';

const MAX_FRAMES = 11;

/** Base of every expected failure. `message` is safe to show to a caller below status 500. */
export abstract class AppError extends Error {
  abstract readonly code: ErrorCode;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** Where an error came from, without its message: that may quote a record. */
export const placeOf = (error: unknown): readonly string[] => {
  const stack = error instanceof Error ? (error.stack ?? '').replace(error.message, '') : '';
  const frames = stack.split('\n').filter((line) => /^ {4}at /.test(line));
  return frames.slice(0, MAX_FRAMES);
};

/** One fault in a document somebody sent or wrote. */
export interface Fault {
  /** JSON pointer to the faulty value, RFC 6901; empty for the whole document. */
  readonly pointer: string;
  readonly message: string;
}

/** The call's body or context cannot be used; every fault is listed. */
export class InvalidRequest extends AppError {
  readonly code = 'INVALID_REQUEST';
  readonly faults: readonly Fault[];

  constructor(faults: readonly Fault[], options?: ErrorOptions) {
    super(faults.map((f) => `${f.pointer || '/'}: ${f.message}`).join('; '), options);
    this.faults = faults;
  }
}

/** The caller did not prove who it is. One message for every cause; the cause is for the log only. */
export class Unauthenticated extends AppError {
  readonly code = 'UNAUTHENTICATED';
  /** Why, in a word for the log; never shown. */
  readonly reason: string;

  constructor(reason: string, options?: ErrorOptions) {
    super('Authentication is required.', options);
    this.reason = reason;
  }
}

/** The caller is known and may not do this. */
export class Forbidden extends AppError {
  readonly code = 'FORBIDDEN';
}

/** The server has more work than it can do in time. */
export class Overloaded extends AppError {
  readonly code = 'OVERLOADED';
  readonly retryAfterSeconds: number;

  constructor(retryAfterSeconds: number) {
    super('The service is overloaded; try again later.');
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** This caller has more calls under way, or made more, than it may. */
export class RateLimited extends AppError {
  readonly code = 'RATE_LIMITED';
  readonly retryAfterSeconds: number;

  constructor(retryAfterSeconds: number) {
    super('Too many calls of this client at once; try again later.');
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** The caller hung up before the answer was ready; nobody sees this one. */
export class ClientGone extends AppError {
  readonly code = 'CLIENT_GONE';

  constructor() {
    super('The client closed the connection.');
  }
}

/** A rule of ours broke, and no answer can be given that says so; the cause is for the log only. */
export class EvaluationFailed extends AppError {
  readonly code = 'EVALUATION_FAILED';

  constructor(options: ErrorOptions) {
    super('This record could not be evaluated: a fault of the service, which is logged.', options);
  }
}

/** No CDS service has this id. */
export class ServiceNotFound extends AppError {
  readonly code = 'SERVICE_NOT_FOUND';
  readonly serviceId: string;

  constructor(serviceId: string) {
    super('There is no CDS service with this id.');
    this.serviceId = serviceId;
  }
}

/** No route has this path. */
export class NotFound extends AppError {
  readonly code = 'NOT_FOUND';

  constructor() {
    super('There is nothing here.');
  }
}

/** Data the service cannot do without were neither sent nor readable. @see CDS Hooks 2.0 "Prefetch Template", status 412 */
export class PrefetchUnavailable extends AppError {
  readonly code = 'PREFETCH_UNAVAILABLE';
  /** Prefetch keys with the reason each could not be had. */
  readonly missing: readonly { readonly key: string; readonly reason: string }[];

  constructor(
    missing: readonly { readonly key: string; readonly reason: string }[],
    options?: ErrorOptions,
  ) {
    super(
      `Required data could not be obtained: ${missing.map((m) => `${m.key} (${m.reason})`).join(', ')}`,
      options,
    );
    this.missing = missing;
  }
}

/** The route exists, the method does not. */
export class MethodNotAllowed extends AppError {
  readonly code = 'METHOD_NOT_ALLOWED';
  readonly allow: readonly string[];

  constructor(allow: readonly string[]) {
    super(`Allowed here: ${allow.join(', ')}.`);
    this.allow = allow;
  }
}

/** The body is not JSON, or is encoded in a way that is not read. */
export class UnsupportedMediaType extends AppError {
  readonly code = 'UNSUPPORTED_MEDIA_TYPE';
}

/** The body is larger than the configured limit. */
export class PayloadTooLarge extends AppError {
  readonly code = 'PAYLOAD_TOO_LARGE';
}

/** A key that stands for one request came with another. */
export class IdempotencyKeyReused extends AppError {
  readonly code = 'IDEMPOTENCY_KEY_REUSED';

  constructor() {
    super('This Idempotency-Key was sent with another body.');
  }
}

/** Evaluations and feedback cannot be kept or read now. */
export class StoreUnavailable extends AppError {
  readonly code = 'STORE_UNAVAILABLE';

  constructor(options?: ErrorOptions) {
    super('The store is not available now.', options);
  }
}

/** A fault in `cards/`, in its author's terms. */
export interface KnowledgeFault {
  /** Path below `cards/`. */
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
  readonly message: string;
}

/** `cards/` cannot be used; every fault is listed with file, line and column. Start-up only. */
export class KnowledgeInvalid extends AppError {
  readonly code = 'KNOWLEDGE_INVALID';
  readonly faults: readonly KnowledgeFault[];

  constructor(faults: readonly KnowledgeFault[]) {
    super(
      faults
        .map((f) => `${f.file}${f.line ? `:${f.line}:${f.column ?? 1}` : ''} ${f.message}`)
        .join('\n'),
    );
    this.faults = faults;
  }
}

/** The environment or a configuration file cannot be used; every fault is listed. Start-up only. */
export class ConfigInvalid extends AppError {
  readonly code = 'CONFIG_INVALID';
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(faults.join('\n'));
    this.faults = faults;
  }
}
