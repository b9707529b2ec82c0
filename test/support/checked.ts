// An application whose every answer below /cds-services is held against the invariants. Must not know what is tested.
import express, { type Express, type Response } from 'express';
import { answerFaults, responseFaults } from './invariants.js';

const CALL = /\/cds-services\/[^/]+\/?$/;
const ROUTE = /\/cds-services(\/|$)/;

/** The application; an answer that breaks an invariant comes as 500 with the faults, so that its test fails. */
export const checked = (app: Express): Express => {
  const outer = express().disable('x-powered-by');
  outer.use((request, response, next) => {
    if (ROUTE.test(request.path)) {
      const isCall = request.method === 'POST' && CALL.test(request.path);
      const end = response.end.bind(response) as (body?: unknown) => Response;
      response.end = ((body?: unknown): Response => {
        const text = typeof body === 'string' || Buffer.isBuffer(body) ? String(body) : '';
        if (text === '') return end(body);
        const answer: unknown = JSON.parse(text);
        const { statusCode: status } = response;
        const faults =
          isCall && status === 200 ? responseFaults(answer) : answerFaults(answer, status);
        if (faults.length === 0) return end(body);
        const said = JSON.stringify({ faults });
        response.statusCode = 500;
        response.setHeader('content-length', Buffer.byteLength(said));
        return end(said);
      }) as typeof response.end;
    }
    next();
  });
  return outer.use(app);
};
