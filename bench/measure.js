// Starts a measured server as a child process, loads it, and takes CPU, throughput and latency. Must not judge.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import autocannon from 'autocannon';

const CONNECTIONS = 10;
const PATH = '/cds-services/pain-patient-view';

/** Forks a server file of this folder, with flags of the runtime; resolves when it listens. */
export const startServer = async (file, args = [], env = {}, flags = []) => {
  const startedAt = performance.now();
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), args.map(String), {
    env: { ...process.env, ...env },
    execArgv: flags,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const ended = once(child, 'exit').then(() => {
    throw new Error(`${file} ended before it listened`);
  });
  const [{ port }] = await Promise.race([once(child, 'message'), ended]);
  ended.catch(() => undefined);
  return {
    base: `http://127.0.0.1:${port}`,
    startMs: performance.now() - startedAt,
    usage: async () => {
      const answer = once(child, 'message');
      child.send('usage');
      return (await answer)[0];
    },
    stop: () => {
      if (child.connected) child.disconnect();
    },
  };
};

/** Posts one body once. */
export const post = async (server, body) => {
  const startedAt = performance.now();
  const response = await fetch(`${server.base}${PATH}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });
  const text = await response.text();
  return { status: response.status, text, ms: performance.now() - startedAt };
};

/** So many calls over ten connections; CPU is the server's own, divided by its answers. */
export const load = async (server, body, calls) => {
  const before = await server.usage();
  const startedAt = performance.now();
  let lastAt = startedAt;
  const run = autocannon({
    url: `${server.base}${PATH}`,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
    connections: CONNECTIONS,
    amount: calls,
    timeout: 60,
  });
  // The tool ends on its own one-second beat: its duration would round what is counted by the second.
  run.on('response', () => {
    lastAt = performance.now();
  });
  const result = await run;
  const after = await server.usage();
  const answered = result['2xx'];
  if (answered === 0 || result.non2xx > 0 || result.errors > 0) {
    throw new Error(
      `load failed: ${answered} answered, ${result.non2xx} not 2xx, ${result.errors} errors`,
    );
  }
  return {
    cpuMs: (after.cpuMs - before.cpuMs) / answered,
    systemMs: (after.systemMs - before.systemMs) / answered,
    perSecond: (answered * 1000) / (lastAt - startedAt),
    p99Ms: result.latency.p99,
    rssMiB: after.rssMiB,
  };
};

/** The middle value; of an even number the lower one. */
export const median = (values) =>
  [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) / 2)];
