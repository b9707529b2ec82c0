// One audit event for each service call, answered or refused. Must not know what the call was about.
import type { RequestHandler } from 'express';
import type { EvaluationStore } from '../cds/ports.js';
import type { AuditEvent } from '../cds/stored-evaluation.js';

const SERVER_FAULT = 500;
const CLIENT_FAULT = 400;

const outcomeOf = (status: number, isAnswered: boolean): AuditEvent['outcome'] => {
  if (!isAnswered || status >= SERVER_FAULT) return 'serious-failure';
  return status >= CLIENT_FAULT ? 'minor-failure' : 'success';
};

/** Audits every call of an authenticated client when it ends. `response.locals` names the evaluation and the hashed patient. */
export const auditCalls =
  (evaluations: Pick<EvaluationStore, 'audit'>): RequestHandler<{ id: string }> =>
  (request, response, next) => {
    const recorded = new Date().toISOString();
    const subtype = request.params.id.slice(0, 64);
    response.once('close', () => {
      const { client, evaluationId, patient, errorCode } = response.locals;
      evaluations.audit({
        recorded,
        type: 'hook',
        subtype,
        outcome: outcomeOf(response.statusCode, response.writableFinished),
        agent: client?.id ?? 'unknown',
        ...(typeof patient === 'string' && { patient }),
        ...(typeof (evaluationId ?? errorCode) === 'string' && {
          detail: evaluationId ?? errorCode,
        }),
      });
    });
    next();
  };
