// The health routes: process up, able to serve, answers as expected. Must not know how any of it is found out.
import { type RequestHandler, Router } from 'express';
import type { CallDeps } from '../cds/call-service.js';
import type { CanaryState } from '../cds/canary.js';
import { MethodNotAllowed } from '../errors.js';

/** What the routes ask. */
export interface HealthDeps extends Pick<CallDeps, 'knowledge' | 'evaluations'> {
  /** Whether the process is stopping: it is then not ready, and closes each connection after its answer. */
  readonly isStopping: () => boolean;
  /** How the last run of the canary patients ended. */
  readonly canaries: () => CanaryState;
}

const UNAVAILABLE = 503;

/** Refuses every method but reading. */
export const readOnly: RequestHandler = () => {
  throw new MethodNotAllowed(['GET', 'HEAD']);
};

/** Routes below `/health`. */
export const createHealthRouter = (deps: HealthDeps): Router => {
  const router = Router();
  const { version, digest } = deps.knowledge;
  router
    .route('/live')
    .get((_request, response) => {
      response.json({ status: 'up' });
    })
    .all(readOnly);
  router
    .route('/ready')
    .get(async (_request, response) => {
      const isStopping = deps.isStopping();
      const isTrusted = deps.canaries().status === 'as-expected';
      // Cards come without the store too, so a store that is down is said here and does not take the process out.
      const store = await deps.evaluations.state();
      const serving = store.state === 'up' ? 'ready' : 'degraded';
      const answering = isTrusted ? serving : 'clinically-different';
      response.status(isStopping || !isTrusted ? UNAVAILABLE : 200).json({
        status: isStopping ? 'stopping' : answering,
        knowledge: { version, digest },
        store,
      });
    })
    .all(readOnly);
  router
    .route('/clinical')
    .get((_request, response) => {
      const state = deps.canaries();
      response
        .status(state.status === 'as-expected' ? 200 : UNAVAILABLE)
        .json({ ...state, knowledge: { version, digest } });
    })
    .all(readOnly);
  return router;
};
