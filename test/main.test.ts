// The listener and its end: TLS, client certificates, slow connections, a stop under load.
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent, createServer, get as httpGet } from 'node:http';
import { get as httpsGet, type RequestOptions } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import request from 'supertest';
import type { Tls } from '../src/config.js';
import { createListener } from '../src/main.js';
import { anApp } from './support/app.js';
import { aCertificate } from './support/certificates.js';
import { productionApp } from './support/production.js';

const authority = aCertificate('authority');
const own = aCertificate('server', authority);

const listen = async (tls: Tls | undefined) => {
  const server = createListener(tls, anApp().app);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const close = (): void => {
    server.close();
    server.closeAllConnections();
  };
  return { port, close };
};

const tlsWith = (clientCa?: string): Tls => ({
  cert: Buffer.from(own.cert),
  key: Buffer.from(own.key),
  clientCa: clientCa === undefined ? undefined : Buffer.from(clientCa),
});

const status = (port: number, options: RequestOptions): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    const url = `https://127.0.0.1:${port}/health/live`;
    httpsGet(url, { ca: authority.cert, agent: false, ...options }, (response) => {
      response.resume();
      resolve(response.statusCode);
    }).once('error', reject);
  });

describe('a listener with TLS', () => {
  it('TRN-2 answers https, with TLS 1.2 at least', async () => {
    const { port, close } = await listen(tlsWith());

    assert.equal(await status(port, {}), 200);
    assert.equal(await status(port, { maxVersion: 'TLSv1.2' }), 200);
    await assert.rejects(
      status(port, { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'ALL@SECLEVEL=0' }),
    );
    await assert.rejects(fetch(`http://127.0.0.1:${port}/health/live`));
    close();
  });

  it('SEC-19 asks for a client certificate of the authority when one is configured', async () => {
    const { port, close } = await listen(tlsWith(authority.cert));
    const client = aCertificate('ehr', authority);
    const stranger = aCertificate('stranger');

    assert.equal(await status(port, { cert: client.cert, key: client.key }), 200);
    await assert.rejects(status(port, {}));
    await assert.rejects(status(port, { cert: stranger.cert, key: stranger.key }));
    close();
  });
});

describe('connections that dribble', () => {
  it('T25 are ended within seconds, and others are answered meanwhile', async () => {
    const { port, close } = await listen(undefined);
    const sockets = Array.from({ length: 100 }, () => {
      const socket = connect(port, '127.0.0.1', () => socket.write('GET / HTTP/1.1\r\nx: '));
      socket.on('error', () => undefined);
      return socket;
    });
    const started = performance.now();
    const ended = Promise.all(sockets.map((socket) => once(socket.resume(), 'close')));

    const response = await fetch(`http://127.0.0.1:${port}/health/live`);
    assert.equal(response.status, 200);
    await ended;
    assert.ok(performance.now() - started < 10_000);
    close();
  }).timeout(15_000);
});

const BIN = fileURLToPath(new URL('../bin/pain-cds.js', import.meta.url));

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
};

const startProcess = async (env: Record<string, string>): Promise<ChildProcess> => {
  const child = spawn(process.execPath, [BIN, 'serve'], {
    env: { PATH: process.env.PATH, LOG_LEVEL: 'silent', DATABASE_URL: 'memory:', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout ?? child, 'data');
  return child;
};

describe('PER-5 T43 the listener of metrics', () => {
  it('shows counts and nothing else, on a port of its own, and keeps no process alive', async () => {
    const [port, metricsPort] = [await freePort(), await freePort()];
    const child = await startProcess({
      PORT: String(port),
      PAIN_CDS_METRICS_PORT: String(metricsPort),
    });
    const base = `http://127.0.0.1:${metricsPort}`;
    await fetch(`http://127.0.0.1:${port}/cds-services/pain-patient-view`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });

    const shown = await fetch(`${base}/metrics`);
    assert.equal(shown.status, 200);
    assert.match(shown.headers.get('content-type') ?? '', /^text\/plain; version=0\.0\.4/);
    assert.match(await shown.text(), /kind="call",outcome="INVALID_REQUEST"\} 1\n/);
    for (const path of ['/', '/metrics/', '/metrics?x', '/cds-services', '/health/live'])
      assert.equal((await fetch(base + path)).status, 404, path);
    assert.equal((await fetch(`${base}/metrics`, { method: 'POST' })).status, 404);

    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    assert.deepEqual(await exited, [0, null]);
    await assert.rejects(fetch(`${base}/metrics`));
  }).timeout(20_000);

  it('is the only place of them in production mode', async () => {
    await request(productionApp().app).get('/metrics').expect(404);
  });
});

describe('a process that is told to stop', () => {
  /** Status of one request, or what went wrong. */
  const ask = (port: number, path: string, agent?: Agent): Promise<number | string> =>
    new Promise((resolve) => {
      httpGet(
        { port, host: '127.0.0.1', path, ...(agent && { agent }), timeout: 5_000 },
        (response) => {
          response.resume().once('end', () => resolve(response.statusCode ?? 0));
        },
      ).once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'failed'));
    });

  /** What it says of itself once it is no longer ready. */
  const afterReady = async (port: number): Promise<number | string> => {
    const answer = await ask(port, '/health/ready');
    return answer === 200 ? afterReady(port) : answer;
  };

  it('PER-6 R6 is not ready first, loses no request it accepted, and ends with 0', async () => {
    const port = await freePort();
    const child = await startProcess({ PORT: String(port), PAIN_CDS_STOP_DELAY_MS: '500' });
    const keepAlive = new Agent({ keepAlive: true, maxSockets: 8 });
    const answers: (number | string)[] = [];
    let isLoading = true;
    const load = (agent?: Agent): Promise<void> =>
      (async () => {
        while (isLoading) answers.push(await ask(port, '/cds-services', agent));
      })();
    const loading = [load(keepAlive), load(keepAlive), load(), load()];
    while (answers.length <= 50) await new Promise((resolve) => setTimeout(resolve, 10));
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    const ready = await afterReady(port);
    isLoading = false;
    await Promise.all(loading);
    const [code, signal] = await exited;
    keepAlive.destroy();

    assert.equal(ready, 503);
    assert.deepEqual([code, signal], [0, null]);
    assert.deepEqual(
      answers.filter((answer) => answer !== 200),
      [],
    );
  }).timeout(20_000);

  it('R6 answers those who connected before it closed and were not accepted yet', async () => {
    const port = await freePort();
    const child = await startProcess({ PORT: String(port), PAIN_CDS_STOP_DELAY_MS: '0' });
    const exited = once(child, 'exit');
    // While it sleeps the system takes connections for it; the signal to stop is what it wakes up to.
    child.kill('SIGSTOP');
    const waiting = Array.from({ length: 60 }, () => ask(port, '/cds-services'));
    await new Promise((resolve) => setTimeout(resolve, 200));
    child.kill('SIGTERM');
    child.kill('SIGCONT');

    const answers = await Promise.all(waiting);

    assert.deepEqual(
      answers.filter((answer) => answer !== 200),
      [],
    );
    assert.deepEqual(await exited, [0, null]);
  }).timeout(20_000);

  it('R6 ends at once when it is told twice', async () => {
    const port = await freePort();
    const child = await startProcess({ PORT: String(port), PAIN_CDS_STOP_DELAY_MS: '5000' });
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    await afterReady(port);
    child.kill('SIGTERM');
    const [code] = await exited;

    assert.equal(code, 1);
  }).timeout(20_000);
});
