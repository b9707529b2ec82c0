// `npm run bench`: our service beside a bare Express 5 server in the same run, against the bars of the project. Prints a table.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EVALUATION_TIME, fetchBody, prefetchBody } from './generate.js';
import { load, median, post, startServer } from './measure.js';

const ROUNDS = 7;
const FETCH_CALLS = 150;
const FHIR_DELAY_MS = 80;
// Warm-up counts calls, not seconds: the runtime compiles for some thousand calls, however busy the machine is.
const SIZES = [
  { count: 64, cpu: 1.5, warmCalls: 8000, calls: 1200 },
  { count: 631, cpu: 2, warmCalls: 1500, calls: 300 },
];
const BARS = { throughput: 0.65, p99: 2, fetchP99Ms: 450, startMs: 3000, rssMiB: 80 };
const folder = mkdtempSync(join(tmpdir(), 'pain-cds-bench-'));
const ENV = {
  EVALUATION_TIME,
  LOG_FILE: '/dev/null',
  LOG_LEVEL: 'info',
  NODE_ENV: 'production',
  // The store has a line of its own.
  DATABASE_URL: 'none:',
};

/** As `npm start` runs it: half the default room for young objects, for memory; the bare server has the defaults. */
const FLAGS = ['--max-semi-space-size=8'];

const servers = [];
const rows = [];
const round = (value) => (value >= 100 ? String(Math.round(value)) : value.toFixed(2));
const verdict = (passes) => (passes ? 'PASS' : 'MISS');
const add = (what, ours, bare, ratio, bar, passes) =>
  rows.push([what, ours, bare, ratio, bar, passes === undefined ? '' : verdict(passes)]);

const start = async (...args) => {
  const server = await startServer(...args);
  servers.push(server);
  return server;
};

const bareServer = (name, answer) => {
  const file = join(folder, `${name}.json`);
  writeFileSync(file, answer);
  return start('./bare-server.js', [file]);
};

const mediansOf = (rounds) =>
  Object.fromEntries(
    Object.keys(rounds[0]).map((key) => [key, median(rounds.map((one) => one[key]))]),
  );

/** Warm-up, then rounds in pairs, whose order turns: a machine that is busy for a while is so for both. */
const compare = async (own, bare, body, { warmCalls, calls }) => {
  await load(own, body, warmCalls);
  await load(bare, body, warmCalls);
  const rounds = [];
  for (let at = 0; at < ROUNDS; at += 1) {
    const order = at % 2 === 0 ? ['own', 'bare'] : ['bare', 'own'];
    const pair = {};
    for (const name of order) pair[name] = await load(name === 'own' ? own : bare, body, calls);
    rounds.push(pair);
  }
  const ratios = rounds.map((pair) =>
    Object.fromEntries(
      ['cpuMs', 'perSecond', 'p99Ms'].map((key) => [key, pair.own[key] / pair.bare[key]]),
    ),
  );
  return {
    ours: mediansOf(rounds.map(({ own: one }) => one)),
    theirs: mediansOf(rounds.map(({ bare: one }) => one)),
    ratios: mediansOf(ratios),
  };
};

const measureSize = async (size, own) => {
  const { count, cpu } = size;
  const body = prefetchBody(count);
  const answer = await post(own, body);
  if (answer.status !== 200) throw new Error(`${count} resources: status ${answer.status}`);
  const bare = await bareServer(count, answer.text);
  const { ours, theirs, ratios } = await compare(own, bare, body, size);
  const name = `${count} resources (${Math.round(body.length / 1024)} KB in, ${Math.round(Buffer.byteLength(answer.text) / 1024)} KB out)`;
  const compareRow = (what, key, limit, isMost) =>
    add(
      `${name}: ${what}`,
      round(ours[key]),
      round(theirs[key]),
      `${ratios[key].toFixed(2)}x`,
      `${isMost ? 'at most' : 'at least'} ${limit}x`,
      isMost ? ratios[key] <= limit : ratios[key] >= limit,
    );
  compareRow('CPU ms per call', 'cpuMs', cpu, true);
  add(`${name}: of it in the system`, round(ours.systemMs), round(theirs.systemMs), '', '');
  compareRow('calls per second', 'perSecond', BARS.throughput, false);
  compareRow('p99 ms', 'p99Ms', BARS.p99, true);
  // Memory is taken after the same load on both; the bare server has no knowledge and no sandbox to hold.
  const more = ours.rssMiB - theirs.rssMiB;
  add(
    `${name}: RSS MiB under load`,
    round(ours.rssMiB),
    round(theirs.rssMiB),
    `+${round(more)}`,
    `at most +${BARS.rssMiB}`,
    more <= BARS.rssMiB,
  );
  bare.stop();
};

const measureStore = async ({ count, warmCalls, calls }) => {
  const body = prefetchBody(count);
  const storing = { ...ENV, DATABASE_URL: `file:${join(folder, 'store.db')}` };
  const own = await start('./own-server.js', [], storing, FLAGS);
  await load(own, body, warmCalls);
  const { cpuMs } = mediansOf([await load(own, body, calls), await load(own, body, calls)]);
  add(`${count} resources, every call stored (SQLite): CPU ms per call`, round(cpuMs), '', '', '');
  own.stop();
};

const measureLarge = async (own) => {
  for (const [name, count] of [
    ['1 MB', 1430],
    ['8 MB', 11_400],
  ]) {
    const body = prefetchBody(count);
    const { status, ms } = await post(own, body);
    add(
      `${name} prefetch (${(body.length / 1_048_576).toFixed(1)} MiB): ms, one call`,
      round(ms),
      '',
      '',
      'answered',
      status === 200,
    );
  }
};

const measureFetch = async (own) => {
  const fhir = await start('./slow-fhir-server.js', [64, FHIR_DELAY_MS]);
  const { p99Ms, cpuMs } = await load(own, fetchBody(`${fhir.base}/fhir`), FETCH_CALLS);
  add(
    `no prefetch, ${FHIR_DELAY_MS} ms FHIR server: p99 ms`,
    round(p99Ms),
    '',
    '',
    `under ${BARS.fetchP99Ms} ms`,
    p99Ms < BARS.fetchP99Ms,
  );
  add(`no prefetch, ${FHIR_DELAY_MS} ms FHIR server: CPU ms per call`, round(cpuMs), '', '', '');
  fhir.stop();
};

const print = () => {
  const table = [['', 'ours', 'bare', 'ratio', 'bar', ''], ...rows];
  const widths = table[0].map((_, column) => Math.max(...table.map((row) => row[column].length)));
  for (const row of table)
    console.log(
      row
        .map((cell, column) =>
          column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column]),
        )
        .join('  '),
    );
};

const startedAt = performance.now();
try {
  const own = await start('./own-server.js', [], ENV, FLAGS);
  for (const size of SIZES) await measureSize(size, own);
  await measureFetch(own);
  await measureLarge(own);
  await measureStore(SIZES[0]);
  add(
    'start: ms from process start to listening',
    round(own.startMs),
    '',
    '',
    `within ${BARS.startMs} ms`,
    own.startMs <= BARS.startMs,
  );
  print();
  console.log(
    `Node ${process.version}, ours with ${FLAGS.join(' ')} as npm start has it, the bare server with defaults, ${ROUNDS} pairs of rounds, 10 connections; figures are medians of rounds, ratios medians of pairs; ${Math.round((performance.now() - startedAt) / 1000)} s in all`,
  );
} finally {
  for (const server of servers) server.stop();
  rmSync(folder, { recursive: true, force: true });
}
