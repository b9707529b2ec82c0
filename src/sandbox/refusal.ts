// What the sandbox says no with. Knows FHIR issue codes and HTTP statuses; must not know Express or the store.
import type { OperationOutcome, OperationOutcomeIssue } from 'fhir/r4.js';

/** A request the sandbox does not fulfil; always answered as an OperationOutcome, never silently ignored. */
export class Refusal extends Error {
  readonly status: number;
  readonly issueCode: OperationOutcomeIssue['code'];
  /** Methods for the `Allow` header of a 405. */
  readonly allow: readonly string[];

  constructor(
    status: number,
    issueCode: OperationOutcomeIssue['code'],
    message: string,
    allow: readonly string[] = [],
  ) {
    super(message);
    this.name = 'Refusal';
    this.status = status;
    this.issueCode = issueCode;
    this.allow = allow;
  }
}

/** Wraps one error in the resource FHIR clients expect. @see https://hl7.org/fhir/R4/operationoutcome.html */
export function operationOutcome(
  issueCode: OperationOutcomeIssue['code'],
  diagnostics: string,
): OperationOutcome {
  return {
    resourceType: 'OperationOutcome',
    issue: [{ severity: 'error', code: issueCode, diagnostics }],
  };
}
