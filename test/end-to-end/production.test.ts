// Production mode as one process: registered clients only, tokens used once across a restart, a registry that is read again.
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FhirResource } from 'fhir/r4.js';
import {
  aRequest,
  fhirAuthorization,
  oneOfEach,
  patient,
  prefetchWith,
  TOKEN,
} from '../support/edge.js';
import { type FakeFhirServer, startFakeFhirServer } from '../support/fake-fhir-server.js';
import { answerFaults, responseFaults } from '../support/invariants.js';
import { aKey, anEntry, aToken, type ClientKey, keys, registryText } from '../support/tokens.js';

const BIN = fileURLToPath(new URL('../../bin/pain-cds.js', import.meta.url));
const everything: readonly FhirResource[] = [patient, ...oneOfEach];

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
};

describe('production mode', () => {
  let folder: string;
  let port: number;
  let base: string;
  let fhir: FakeFhirServer;
  let trap: FakeFhirServer;
  let child: ChildProcess;
  let env: Record<string, string>;
  let log = '';

  const start = async (change: Record<string, string> = {}): Promise<ChildProcess> => {
    const started = spawn(process.execPath, [BIN, 'serve'], {
      env: { PATH: process.env.PATH, ...env, ...change },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    started.stderr?.on('data', (data) => {
      log += data;
    });
    await Promise.race([once(started.stdout ?? started, 'data'), once(started, 'exit')]);
    return started;
  };
  const stop = async (running: ChildProcess): Promise<number | null> => {
    const exited = once(running, 'exit');
    running.kill('SIGTERM');
    const [code] = await exited;
    return code;
  };
  const register = (...entries: readonly object[]): void =>
    writeFileSync(join(folder, 'clients.json'), registryText(...entries), { mode: 0o600 });

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'pain-cds-production-'));
    port = await freePort();
    base = `http://127.0.0.1:${port}`;
    [fhir, trap] = [await startFakeFhirServer(everything), await startFakeFhirServer(everything)];
    register(anEntry({ fhirServers: [fhir.base] }));
    writeFileSync(join(folder, 'hash.key'), randomBytes(48).toString('base64'), { mode: 0o600 });
    env = {
      PORT: String(port),
      PAIN_CDS_MODE: 'production',
      PAIN_CDS_BASE_URL: base,
      PAIN_CDS_CLIENTS: join(folder, 'clients.json'),
      PAIN_CDS_HASH_KEY_FILE: join(folder, 'hash.key'),
      DATABASE_URL: `file:${join(folder, 'store.db')}`,
      PAIN_CDS_STOP_DELAY_MS: '0',
      PAIN_CDS_LOOP_DELAY_MS: '0',
      PAIN_CDS_READ_TIMEOUT_MS: '3000',
      PAIN_CDS_READ_BUDGET_MS: '4000',
    };
    child = await start();
  });
  after(async () => {
    if (child.exitCode === null) await stop(child);
    await Promise.all([fhir.close(), trap.close()]);
    rmSync(folder, { recursive: true });
  });

  const tokenOf = (key: ClientKey = keys.ec, claims: object = {}): Promise<string> => {
    const iat = Math.floor(Date.now() / 1000);
    const aud = `${base}/cds-services/pain-patient-view`;
    return aToken(key, {
      claims: { aud, iat, exp: iat + 300, jti: String(Math.random()), ...claims },
    });
  };
  const call = async (token: string, change: object = {}): Promise<Response> => {
    const response = await fetch(`${base}/cds-services/pain-patient-view`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify(aRequest({ fhirServer: fhir.base, fhirAuthorization, ...change })),
    });
    const { status } = response;
    const answer: unknown = await response.clone().json();
    assert.deepEqual(status === 200 ? responseFaults(answer) : answerFaults(answer, status), []);
    return response;
  };

  it('answers a registered client, and reads its FHIR server with the token of the call', async () => {
    const response = await call(await tokenOf(), {
      prefetch: prefetchWith({ procedures: undefined }),
    });

    assert.equal(response.status, 200);
    assert.deepEqual(
      fhir.requests.map(({ headers }) => headers.authorization),
      [`Bearer ${TOKEN}`],
    );
  });

  it('SEC-1 answers nobody else, has no sandbox, and hides discovery', async () => {
    const answers = await Promise.all(
      ['/cds-services', '/fhir/Patient', '/fhir/metadata'].map(
        async (path) => (await fetch(base + path)).status,
      ),
    );
    const unsigned = await fetch(`${base}/cds-services/pain-patient-view`, { method: 'POST' });

    assert.deepEqual([...answers, unsigned.status], [401, 404, 404, 401]);
  });

  it('T1 T10 answers 403 to a FHIR server of somebody else, and does not call it', async () => {
    const response = await call(await tokenOf(), { fhirServer: trap.base });

    assert.equal(response.status, 403);
    assert.equal(trap.requests.length, 0);
  });

  it('T12 refuses a token that was used before the restart', async () => {
    const token = await tokenOf();
    assert.equal((await call(token, { prefetch: prefetchWith({}) })).status, 200);
    assert.equal(await stop(child), 0);
    child = await start();

    assert.equal((await call(token)).status, 401);
    assert.equal((await call(await tokenOf(), { prefetch: prefetchWith({}) })).status, 200);
  });

  it('reads the registry again on SIGHUP, and keeps the old one when the new one is faulty', async () => {
    const fresh = await aKey('ES384', 'fresh');
    const statusOf = async (key: ClientKey): Promise<number> =>
      (await call(await tokenOf(key), { prefetch: prefetchWith({}) })).status;
    const rereads = (): number => log.match(/clients-reload/g)?.length ?? 0;
    const reread = async (): Promise<void> => {
      const before = rereads();
      child.kill('SIGHUP');
      while (rereads() === before) await new Promise((resolve) => setTimeout(resolve, 10));
    };
    assert.equal(await statusOf(fresh), 401);
    register(anEntry({ fhirServers: [fhir.base], jwks: { keys: [fresh.jwk] } }));
    await reread();
    assert.deepEqual([await statusOf(fresh), await statusOf(keys.ec)], [200, 401]);
    register({ id: 'x' });
    await reread();

    assert.equal(await statusOf(fresh), 200);
    assert.match(log, /clients-reload-refused/);
  });

  it('SEC-18 T9 writes neither tokens nor access tokens to the log', () => {
    assert.ok(log.includes('authentication-refused'));
    assert.ok(!log.includes(TOKEN) && !log.includes('eyJ') && !log.includes('p-1'));
  });

  it('R14 does not start without what it needs, and says what', async () => {
    for (const [change, fault] of [
      [{ PAIN_CDS_CLIENTS: join(folder, 'CANARY') }, /PAIN_CDS_CLIENTS: the file cannot be read/],
      [{ PAIN_CDS_CLIENTS: '' }, /PAIN_CDS_CLIENTS is required/],
      [{ DATABASE_URL: '' }, /DATABASE_URL/],
    ] as const) {
      log = '';
      const failed = await start({ PORT: String(await freePort()), ...change });
      if (failed.exitCode === null) await once(failed, 'exit');

      assert.equal(failed.exitCode, 1);
      assert.match(log, fault);
      assert.ok(!log.includes('CANARY'));
    }
  });
}).timeout(60_000);
