// Why a read brought nothing, in words that may be shown. Must not do IO.

/** A read that brought nothing; the reason is a word such as `http-403`, `timeout` or `redirect-refused`. */
export class ReadFailed extends Error {
  readonly reason: string;
  /** How long the server asked to be left alone, milliseconds. */
  readonly retryAfterMs: number | undefined;

  constructor(
    reason: string,
    options?: ErrorOptions & { readonly retryAfterMs?: number | undefined },
  ) {
    super(reason, options);
    this.reason = reason;
    this.retryAfterMs = options?.retryAfterMs;
  }
}

/** Whether a failure says that the server is unwell; refusals such as 403 and 404 do not. */
export const isServerFault = (error: unknown): boolean =>
  error instanceof ReadFailed &&
  /^(timeout|unreachable|too-large|not-json|http-429|http-5\d\d)$/.test(error.reason);

const LONGEST_RETRY_AFTER_MS = 60_000;

/** Reads a Retry-After header in both its forms. @param now - milliseconds */
export const parseRetryAfter = (
  text: string | null | undefined,
  now: number,
): number | undefined => {
  if (text === null || text === undefined) return undefined;
  const ms = /^\d{1,6}$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), LONGEST_RETRY_AFTER_MS);
};
