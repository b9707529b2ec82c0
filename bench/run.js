// `npm run bench`: our service beside a bare Express 5 server in the same run, against the bars of the project. Prints a table.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EVALUATION_TIME, fetchBody, prefetchBody } from './generate.js';
import { load, median, post, startServer } from './measure.js';

const ROUNDS = 3;
const ROUND_SECONDS = 3;
const BARE_WARM_SECONDS = 3;
const FETCH_SECONDS = 5;
const FHIR_DELAY_MS = 80;
// The compiler of the runtime works for some thousand calls; until then its time, not ours, is measured.
const SIZES = [
  { count: 64, cpu: 1.5, warmSeconds: 16 },
  { count: 631, cpu: 2, warmSeconds: 5 },
];
const BARS = { throughput: 0.65, p99: 2, fetchP99Ms: 450, startMs: 3000, rssMiB: 80 };
const ENV = {
  EVALUATION_TIME,
  DATABASE_URL: 'none:',
  LOG_FILE: '/dev/null',
  LOG_LEVEL: 'info',
  NODE_ENV: 'production',
};

const folder = mkdtempSync(join(tmpdir(), 'pain-cds-bench-'));
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

/** Warm-up, then interleaved rounds; the median of each figure. */
const compare = async (own, bare, body, warmSeconds) => {
  await load(own, body, warmSeconds);
  await load(bare, body, BARE_WARM_SECONDS);
  const taken = { own: [], bare: [] };
  for (let at = 0; at < ROUNDS; at += 1) {
    taken.own.push(await load(own, body, ROUND_SECONDS));
    taken.bare.push(await load(bare, body, ROUND_SECONDS));
  }
  const middle = (list) =>
    Object.fromEntries(
      Object.keys(list[0]).map((key) => [key, median(list.map((one) => one[key]))]),
    );
  return { own: middle(taken.own), bare: middle(taken.bare) };
};

const measureSize = async ({ count, cpu, warmSeconds }, own) => {
  const body = prefetchBody(count);
  const answer = await post(own, body);
  if (answer.status !== 200) throw new Error(`${count} resources: status ${answer.status}`);
  const bare = await bareServer(count, answer.text);
  const { own: ours, bare: theirs } = await compare(own, bare, body, warmSeconds);
  const name = `${count} resources (${Math.round(body.length / 1024)} KB in, ${Math.round(answer.text.length / 1024)} KB out)`;
  const compareRow = (what, key, limit, isMost) => {
    const ratio = ours[key] / theirs[key];
    add(
      `${name}: ${what}`,
      round(ours[key]),
      round(theirs[key]),
      `${ratio.toFixed(2)}x`,
      `${isMost ? 'at most' : 'at least'} ${limit}x`,
      isMost ? ratio <= limit : ratio >= limit,
    );
  };
  compareRow('CPU ms per call', 'cpuMs', cpu, true);
  compareRow('calls per second', 'perSecond', BARS.throughput, false);
  compareRow('p99 ms', 'p99Ms', BARS.p99, true);
  bare.stop();
  return { ours, theirs };
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
  const { p99Ms, cpuMs } = await load(own, fetchBody(`${fhir.base}/fhir`), FETCH_SECONDS);
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
  const own = await start('./own-server.js', [], ENV);
  for (const size of SIZES) {
    // Memory is taken after the same load on both; the bare server has no knowledge and no sandbox to hold.
    const { ours, theirs } = await measureSize(size, own);
    const more = ours.rssMiB - theirs.rssMiB;
    add(
      `${size.count} resources: RSS MiB under load`,
      round(ours.rssMiB),
      round(theirs.rssMiB),
      `+${round(more)}`,
      `at most +${BARS.rssMiB}`,
      more <= BARS.rssMiB,
    );
  }
  await measureFetch(own);
  await measureLarge(own);
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
    `Node ${process.version}, ${ROUNDS} interleaved rounds of ${ROUND_SECONDS} s, 10 connections, medians; ${Math.round((performance.now() - startedAt) / 1000)} s in all`,
  );
} finally {
  for (const server of servers) server.stop();
  rmSync(folder, { recursive: true, force: true });
}
