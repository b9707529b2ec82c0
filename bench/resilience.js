// `npm run bench:resilience -- [overload] [fairness] [stop] [soak]`: the promises R4, R5, R6 and R11 of the threat model as figures.
// STOPS (50), STOP_RATE (100 a second), SOAK_MINUTES (20) and SOAK_RATE (50 a second) fit it to a machine; prints a table and exits 1 where an answer that was promised did not come.
import { spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import Database from 'libsql';
import { EVALUATION_TIME, fetchBody, prefetchBody } from './generate.js';
import { keeping, openLoop, percentile, seconds, send, tally } from './open-loop.js';

const PATH = '/cds-services/pain-patient-view';
const BIN = fileURLToPath(new URL('../bin/pain-cds.js', import.meta.url));
const STOPS = Number(process.env.STOPS ?? 50);
const STOP_RATE = Number(process.env.STOP_RATE ?? 100);
const SOAK_MINUTES = Number(process.env.SOAK_MINUTES ?? 20);
const SOAK_RATE = Number(process.env.SOAK_RATE ?? 50);
const OVERLOAD_SECONDS = 30;
const BODY = prefetchBody(64);

const folder = mkdtempSync(join(tmpdir(), 'pain-cds-resilience-'));
const rows = [];
let isBroken = false;
const add = (what, figure, bar, passes) => {
  rows.push([what, String(figure), bar, passes === undefined ? '' : passes ? 'PASS' : 'MISS']);
  console.error(rows.at(-1).join('  '));
};
/** A bar on what the program does, not on how fast the machine is: a miss fails the run. */
const promise = (what, figure, bar, passes) => {
  isBroken ||= !passes;
  add(what, figure, bar, passes);
};
const ms = (value) => `${value.toFixed(0)} ms`;
const pause = (time) => new Promise((resolve) => setTimeout(resolve, time));

const freePort = async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
};

const children = new Set();

/** Starts the service as `pain-cds serve` on a free port; resolves once it says that it listens. */
const startService = async (env = {}) => {
  const port = await freePort();
  const base = `http://127.0.0.1:${port}`;
  const child = spawn(process.execPath, ['--max-semi-space-size=8', BIN, 'serve'], {
    env: {
      PATH: process.env.PATH,
      PORT: String(port),
      LOG_LEVEL: 'silent',
      PAIN_CDS_BASE_URL: base,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.add(child);
  await once(child.stdout, 'data');
  const stop = async (signal = 'SIGTERM') => {
    const exited = child.exitCode === null ? once(child, 'exit') : [child.exitCode];
    child.kill(signal);
    const [code] = await exited;
    children.delete(child);
    return code;
  };
  return { base, child, stop };
};

const demo = (env) => startService({ EVALUATION_TIME, ...env });

const call = (service, agent, body = BODY, headers = {}) =>
  send(service.base, { path: PATH, headers, body }, agent);

/** R4: three times what it can do; what is accepted is in time, what is not is told so at once. */
const overload = async () => {
  const service = await demo({ DATABASE_URL: 'memory:', PAIN_CDS_LOOP_DELAY_MS: '100' });
  const agent = keeping();
  const isHealthy = () => send(service.base, { path: '/health/live', method: 'GET' }, keeping());
  for (let warm = 0; warm < 3000; warm += 10)
    await Promise.all(Array.from({ length: 10 }, () => call(service, agent)));
  const closedFrom = performance.now();
  let answered = 0;
  const worker = async () => {
    while (performance.now() - closedFrom < 5000)
      if ((await call(service, agent)).outcome === 200) answered += 1;
  };
  await Promise.all(Array.from({ length: 10 }, worker));
  const peak = answered / 5;
  add('R4 peak, 10 connections: calls a second', peak.toFixed(0), '');
  const health = [];
  const probe = setInterval(async () => health.push(await isHealthy()), 250);
  const all = await openLoop(peak * 3, seconds(OVERLOAD_SECONDS), () => call(service, agent));
  clearInterval(probe);
  const accepted = all.filter(({ outcome }) => outcome === 200);
  const shed = all.filter(({ outcome }) => outcome === 503 || outcome === 429);
  const goodput = accepted.length / OVERLOAD_SECONDS;
  add(`R4 outcomes of ${all.length} calls at 3x`, JSON.stringify(tally(all)), '');
  promise(
    'R4 outcomes other than 200, 429, 503',
    all.length - accepted.length - shed.length,
    '0',
    all.length === accepted.length + shed.length,
  );
  promise(
    'R4 refusals without Retry-After',
    shed.filter(({ retryAfter }) => !retryAfter).length,
    '0',
    shed.every(({ retryAfter }) => Number(retryAfter) > 0),
  );
  const time = (some, share) =>
    percentile(
      some.map((one) => one.ms),
      share,
    );
  add(
    'R4 goodput at 3x, of the peak',
    (goodput / peak).toFixed(2),
    'at least 0.85',
    goodput / peak >= 0.85,
  );
  add(
    'R4 accepted p50, p99',
    `${ms(time(accepted, 0.5))}, ${ms(time(accepted, 0.99))}`,
    'p99 at most 500 ms',
    time(accepted, 0.99) <= 500,
  );
  add('R4 refused p50, p99', `${ms(time(shed, 0.5))}, ${ms(time(shed, 0.99))}`, 'under 20 ms');
  add('R4 health p99', ms(time(health, 0.99)), 'under 100 ms', time(health, 0.99) < 100);
  const overAt = performance.now();
  for (let calm = 0; calm < 5; ) calm = (await call(service, agent)).ms < 50 ? calm + 1 : 0;
  const back = performance.now() - overAt;
  add('R4 back to 50 ms a call after', ms(back), 'at most 5 s', back <= 5000);
  agent.destroy();
  await service.stop();
};

/** Two registered clients with keys of their own, and what makes their tokens. */
const twoClients = async (fhirServers) => {
  const ids = ['a', 'b'];
  const pairs = await Promise.all(ids.map(() => generateKeyPair('ES384', { extractable: true })));
  const clients = await Promise.all(
    ids.map(async (id, at) => ({
      id,
      issuer: `https://${id}.test`,
      jwks: {
        keys: [{ ...(await exportJWK(pairs[at].publicKey)), kid: id, alg: 'ES384', use: 'sig' }],
      },
      fhirServers,
    })),
  );
  const file = join(folder, 'clients.json');
  writeFileSync(file, JSON.stringify({ clients }), { mode: 0o600 });
  const key = join(folder, 'hash.key');
  writeFileSync(key, randomBytes(48).toString('base64'), { mode: 0o600 });
  const env = {
    PAIN_CDS_MODE: 'production',
    PAIN_CDS_CLIENTS: file,
    PAIN_CDS_HASH_KEY_FILE: key,
    DATABASE_URL: `file:${join(folder, `${randomUUID()}.db`)}`,
  };
  const bearer = async (at, base, path = PATH, kid = ids[at]) => {
    const token = await new SignJWT({ jti: randomUUID() })
      .setProtectedHeader({ alg: 'ES384', kid, typ: 'JWT' })
      .setIssuer(`https://${ids[at]}.test`)
      .setAudience(`${base}${path}`)
      .setIssuedAt()
      .setExpirationTime('5m')
      .sign(pairs[at].privateKey);
    return { authorization: `Bearer ${token}` };
  };
  return { env, bearer };
};

const authorization = {
  access_token: 'x',
  token_type: 'Bearer',
  expires_in: 300,
  scope: 'patient/*.rs',
  subject: 'bench',
};

/** R5: one client whose FHIR server hangs, with 200 calls at once; another that notices nothing. */
const fairness = async () => {
  const hung = createServer(() => undefined).listen(0, '127.0.0.1');
  await once(hung, 'listening');
  const fhirServer = `http://127.0.0.1:${hung.address().port}/fhir`;
  const { env, bearer } = await twoClients([fhirServer]);
  const service = await startService(env);
  const agent = keeping();
  const slow = JSON.stringify({
    ...JSON.parse(fetchBody(fhirServer)),
    fhirAuthorization: authorization,
  });
  const ofB = async () => call(service, agent, BODY, await bearer(1, service.base));
  await openLoop(30, seconds(20), ofB);
  const alone = await openLoop(20, seconds(20), ofB);
  let isLoading = true;
  const outcomes = [];
  const hang = async () => {
    while (isLoading) {
      const result = await call(service, agent, slow, await bearer(0, service.base));
      outcomes.push(result);
      // As a client does: it comes again when it was told to, else when the next chart is opened.
      await pause(Number(result.retryAfter ?? 2) * 1000);
    }
  };
  const hanging = Array.from({ length: 200 }, hang);
  await pause(1000);
  const beside = await openLoop(20, seconds(20), ofB);
  isLoading = false;
  await Promise.all(hanging);
  hung.closeAllConnections();
  hung.close();
  const at = (share) => (some) =>
    percentile(
      some.map((one) => one.ms),
      share,
    );
  const [p50, p99] = [at(0.5), at(0.99)];
  add('R5 outcomes of A, 200 at once, its server hung', JSON.stringify(tally(outcomes)), '');
  add('R5 p50 of B alone, beside A', `${ms(p50(alone))}, ${ms(p50(beside))}`, '');
  add('R5 p99 of B alone, beside A', `${ms(p99(alone))}, ${ms(p99(beside))}`, 'at most +20 %');
  promise(
    'R5 calls of B that were not answered',
    beside.filter(({ outcome }) => outcome !== 200).length,
    '0',
    beside.every(({ outcome }) => outcome === 200),
  );
  agent.destroy();
  await service.stop();
};

const feedbackOn = (card) =>
  JSON.stringify({
    feedback: [{ card, outcome: 'overridden', outcomeTimestamp: '2026-11-22T10:00:00Z' }],
  });

/** R6: told to stop under load, again and again: whoever got an answer got a whole one, and what was acknowledged is kept. */
const stops = async () => {
  const file = join(folder, 'stop.db');
  const acknowledged = [];
  const failures = {};
  const exits = {};
  const times = [];
  let [calls, evaluations, refused, idle, shed] = [0, 0, 0, 0, 0];
  for (let run = 0; run < STOPS; run += 1) {
    const service = await demo({
      DATABASE_URL: `file:${file}`,
      PAIN_CDS_STOP_DELAY_MS: '500',
      PAIN_CDS_LOOP_DELAY_MS: '100',
    });
    const agent = keeping();
    let isStopped = false;
    const next = async (at) => {
      const own = at % 2 === 0 ? agent : undefined;
      const card = randomUUID();
      const isFeedback = at % 5 === 0;
      const result = isFeedback
        ? await send(service.base, { path: `${PATH}/feedback`, body: feedbackOn(card) }, own)
        : await call(service, own);
      calls += 1;
      if (result.outcome === 200 && isFeedback) acknowledged.push(card);
      else if (result.outcome === 200) {
        JSON.parse(result.text);
        evaluations += 1;
      } else if (result.outcome === 'ECONNREFUSED') refused += 1;
      else if (result.outcome === 'CLOSED_WHEN_IDLE') idle += 1;
      else if (result.outcome === 503) shed += 1;
      else failures[result.outcome] = (failures[result.outcome] ?? 0) + 1;
      return result;
    };
    for (let warm = 0; warm < 100; warm += 1)
      await send(service.base, { path: PATH, body: BODY }, agent);
    const loading = openLoop(STOP_RATE, () => isStopped, next);
    await pause(500 + Math.random() * 500);
    const startedAt = performance.now();
    const code = await service.stop();
    times.push(performance.now() - startedAt);
    exits[code] = (exits[code] ?? 0) + 1;
    isStopped = true;
    await loading;
    agent.destroy();
  }
  const database = new Database(file);
  const kept = new Set(
    database
      .prepare('SELECT card FROM feedback')
      .all()
      .map(({ card }) => card),
  );
  const [{ total }] = database.prepare('SELECT COUNT(*) AS total FROM evaluations').all();
  const [{ rows: all }] = database.prepare('SELECT COUNT(*) AS rows FROM feedback').all();
  database.close();
  const lost = acknowledged.filter((card) => !kept.has(card)).length;
  add(
    `R6 calls in ${STOPS} stops at ${STOP_RATE} a second; refused by the closed port; closed when idle; shed as 503`,
    `${calls}; ${refused}; ${idle}; ${shed}`,
    '',
  );
  promise(
    'R6 calls that were cut or failed',
    JSON.stringify(failures),
    '{}',
    Object.keys(failures).length === 0,
  );
  promise(
    `R6 feedback acknowledged ${acknowledged.length}, lost`,
    lost,
    '0',
    lost === 0 && acknowledged.length > 0,
  );
  promise('R6 feedback kept twice', all - kept.size, '0', all === kept.size);
  promise(
    `R6 evaluations answered ${evaluations} (and 100 before each stop), kept`,
    total,
    'all',
    Number(total) >= evaluations + STOPS * 100,
  );
  promise('R6 exit codes', JSON.stringify(exits), `{"0":${STOPS}}`, exits[0] === STOPS);
  add(
    'R6 time to stop, longest',
    ms(Math.max(...times)),
    'at most 10 s',
    Math.max(...times) <= 10_000,
  );
};

const rssMiB = ({ pid }) =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;

/** Least squares: how much the values grow a step. */
const slope = (values) => {
  const middle = (values.length - 1) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const [over, under] = values.reduce(
    ([a, b], value, at) => [a + (at - middle) * (value - mean), b + (at - middle) ** 2],
    [0, 0],
  );
  return over / under;
};

/** R11: hours in minutes: unique tokens, ids and cards all the time, memory that does not grow. */
const soak = async () => {
  const { env, bearer } = await twoClients([]);
  const service = await startService(env);
  const agent = keeping();
  const samples = [];
  const sample = setInterval(() => samples.push(rssMiB(service.child)), 10_000);
  const body = JSON.parse(BODY);
  const results = await openLoop(SOAK_RATE, seconds(SOAK_MINUTES * 60), async (at) => {
    const one = JSON.stringify({ ...body, hookInstance: randomUUID() });
    if (at % 50 === 0) {
      const unknown = await bearer(0, service.base, PATH, randomUUID());
      const { outcome } = await call(service, agent, one, unknown);
      return { outcome: outcome === 401 ? 200 : outcome };
    }
    if (at % 10 === 0) {
      const path = `${PATH}/feedback`;
      const headers = await bearer(at % 2, service.base, path);
      const sent = { path, headers, body: feedbackOn(randomUUID()) };
      return { outcome: (await send(service.base, sent, agent)).outcome };
    }
    const { outcome } = await call(service, agent, one, await bearer(at % 2, service.base));
    return { outcome };
  });
  clearInterval(sample);
  const warm = samples.slice(Math.floor(samples.length / 3));
  const perMinute = slope(warm) * 6;
  add(
    `R11 ${SOAK_MINUTES} min at ${SOAK_RATE} a second: outcomes`,
    JSON.stringify(tally(results)),
    '',
  );
  promise(
    'R11 calls neither answered as they should be nor shed as 503',
    results.filter(({ outcome }) => outcome !== 200 && outcome !== 503).length,
    '0',
    results.every(({ outcome }) => outcome === 200 || outcome === 503),
  );
  add(
    'R11 RSS MiB after a third, at the end',
    `${warm[0]?.toFixed(0)}, ${warm.at(-1)?.toFixed(0)}`,
    '',
  );
  add('R11 growth MiB a minute', perMinute.toFixed(2), 'at most 1', perMinute <= 1);
  agent.destroy();
  await service.stop();
};

const PARTS = { overload, fairness, stop: stops, soak };
const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in PARTS));
if (unknown.length > 0) throw new Error(`parts are ${Object.keys(PARTS).join(', ')}`);
try {
  for (const name of asked.length > 0 ? asked : Object.keys(PARTS)) await PARTS[name]();
  for (const row of rows) console.log(`| ${row.join(' | ')} |`);
  process.exitCode = isBroken ? 1 : 0;
} finally {
  for (const child of children) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
}
