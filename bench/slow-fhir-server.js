// A FHIR server with one generated chart that answers every read after a fixed delay. Must not be fast.
import { createServer } from 'node:http';
import { answerOf, generateChart } from './generate.js';
import { listenAndReport } from './report-cpu.js';

const [count, delayMs] = process.argv.slice(2).map(Number);
const resources = generateChart(count);
const answers = new Map();

const bodyOf = (type) => {
  const known = answers.get(type);
  if (known) return known;
  const body = JSON.stringify(answerOf(resources, type));
  answers.set(type, body);
  return body;
};

listenAndReport(
  createServer((request, response) => {
    const type = new URL(request.url, 'http://localhost').pathname.split('/')[2] ?? '';
    setTimeout(
      () => response.setHeader('content-type', 'application/fhir+json').end(bodyOf(type)),
      delayMs,
    );
  }),
);
