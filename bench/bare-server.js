// The yardstick: Express 5 that parses the same body and returns a fixed answer of the same size and type as ours.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import express from 'express';
import { listenAndReport } from './report-cpu.js';

const answer = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const app = express();
app.use(
  express.json({
    limit: 10 * 1024 * 1024,
    type: ['application/json', 'application/fhir+json', 'application/*+json'],
  }),
);
app.post('/cds-services/pain-patient-view', (_request, response) => {
  response.json(answer);
});
listenAndReport(createServer(app));
