// Connections to allowed addresses only: the policy, names that resolve elsewhere, and bounds.
import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { request } from 'undici';
import {
  createAddressPolicy,
  isAddressRange,
  isNeverAllowed,
} from '../../src/net/address-policy.js';
import { createGuardedAgent, type ResolveName } from '../../src/net/guarded-agent.js';

describe('which addresses a client may have', () => {
  it('T1 T3 are the public ones when it names none', () => {
    const isAllowed = createAddressPolicy([], ['ehr.example.org']);

    for (const address of ['93.184.216.34', '2606:2800:220:1::1']) assert.ok(isAllowed(address));
    for (const address of [
      '127.0.0.1',
      '10.0.0.1',
      '172.16.0.1',
      '172.31.255.255',
      '192.168.1.1',
      '100.64.0.1',
      '::1',
      'fd00::1',
      '::ffff:10.0.0.1',
      '::ffff:7f00:1',
      '64:ff9b::a00:1',
    ])
      assert.ok(!isAllowed(address), address);
  });

  it('T1 are never metadata, link-local, unspecified or multicast, even when it names them', () => {
    const isAllowed = createAddressPolicy(['0.0.0.0/0', '::/0'], ['169.254.169.254']);

    for (const address of [
      '169.254.169.254',
      '::ffff:169.254.169.254',
      'fd00:ec2::254',
      '100.100.100.200',
      '0.0.0.0',
      '::',
      'fe80::1',
      'fe80::1%eth0',
      '224.0.0.1',
      '255.255.255.255',
      '2002:a9fe:a9fe::1',
      '',
      'ehr.example.org',
    ])
      assert.ok(!isAllowed(address), address);
    assert.ok(isAllowed('10.0.0.1') && isNeverAllowed('169.254.169.254'));
  });

  it('T3 are exactly those it names', () => {
    const isAllowed = createAddressPolicy(['10.20.0.0/16', 'fd12::/32'], ['ehr.hospital.test']);

    for (const address of ['10.20.0.1', '::ffff:10.20.3.4', 'fd12::5'])
      assert.ok(isAllowed(address));
    for (const address of ['10.21.0.1', '93.184.216.34', '127.0.0.1', 'fd13::1'])
      assert.ok(!isAllowed(address), address);
  });

  it('are what its URLs spell out when it names none', () => {
    const isAllowed = createAddressPolicy([], ['127.0.0.1', '[fd00::1]', 'localhost']);

    for (const address of ['127.0.0.1', 'fd00::1', '::1']) assert.ok(isAllowed(address), address);
    assert.ok(!createAddressPolicy([], ['127.0.0.1'])('127.0.0.2'));
  });

  it('are written as addresses or ranges', () => {
    for (const text of ['10.0.0.1', '10.0.0.0/8', '::1', 'fd00::/8'])
      assert.ok(isAddressRange(text));
    for (const text of [
      '10.0.0.0/33',
      '10.0.0/8',
      'x',
      '',
      '10.0.0.0/8/8',
      '10.0.0.0/-1',
      'fe80::1%1',
    ])
      assert.ok(!isAddressRange(text), text);
  });
});

describe('a guarded connection', () => {
  let server: Server;
  let port: number;
  let hits: number;
  let connections: number;

  beforeEach(async () => {
    [hits, connections] = [0, 0];
    server = createServer((_request, response) => {
      hits += 1;
      response.end('x'.repeat(100));
    });
    server.on('connection', () => {
      connections += 1;
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    ({ port } = server.address() as AddressInfo);
  });
  afterEach(() => {
    server.close();
    server.closeAllConnections();
  });

  /** A resolver that answers with these addresses, one list for each time it is asked. */
  const resolver = (
    ...answers: readonly (readonly string[])[]
  ): { resolve: ResolveName; asked: () => number } => {
    let asked = 0;
    const resolve = (
      _name: string,
      _options: object,
      done: (...answer: unknown[]) => void,
    ): void => {
      const addresses = answers[Math.min(asked, answers.length - 1)] ?? [];
      asked += 1;
      done(
        null,
        addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      );
    };
    return { resolve: resolve as unknown as ResolveName, asked: () => asked };
  };
  const limits = { connectTimeoutMs: 500, connections: 2, maxResponseBytes: 1000 };
  const get = async (host: string, agent: ReturnType<typeof createGuardedAgent>) => {
    const { statusCode, body } = await request(`http://${host}:${port}/`, { dispatcher: agent });
    await body.text();
    return statusCode;
  };

  it('reaches a name that resolves to an allowed address', async () => {
    const { resolve } = resolver(['127.0.0.1']);
    const agent = createGuardedAgent(createAddressPolicy(['127.0.0.1'], []), limits, resolve);

    assert.equal(await get('ehr.test', agent), 200);
  });

  it('T3 never dials a name that resolves to another address', async () => {
    const { resolve } = resolver(['127.0.0.1', '10.0.0.1', '::1']);
    const agent = createGuardedAgent(createAddressPolicy([], ['ehr.test']), limits, resolve);

    await assert.rejects(get('ehr.test', agent), /address refused/);
    assert.equal(connections, 0);
  });

  it('T3 dials only the allowed ones of several addresses', async () => {
    const { resolve } = resolver(['127.0.0.9', '127.0.0.1']);
    const agent = createGuardedAgent(createAddressPolicy(['127.0.0.1'], []), limits, resolve);

    assert.equal(await get('ehr.test', agent), 200);
  });

  it('T3 asks again for each connection, so that a name that changed its address is refused', async () => {
    const { resolve, asked } = resolver(['127.0.0.1'], ['127.0.0.2']);
    const policy = createAddressPolicy(['127.0.0.1'], []);
    const one = createGuardedAgent(policy, limits, resolve);
    const two = createGuardedAgent(policy, limits, resolve);

    assert.equal(await get('ehr.test', one), 200);
    await assert.rejects(get('ehr.test', two), /address refused/);
    assert.equal(asked(), 2);
    assert.equal(hits, 1);
  });

  it('T1 T3 never dials a literal address that is not allowed', async () => {
    const agent = createGuardedAgent(createAddressPolicy([], ['ehr.test']), limits);
    for (const host of ['127.0.0.1', '[::ffff:127.0.0.1]', '2130706433', '0x7f.1'])
      await assert.rejects(get(host, agent), /address refused/);

    assert.equal(connections, 0);
  });

  it('T3 sends nothing on a connection that turns out to go elsewhere', async () => {
    // A policy that changes its mind stands for a resolver and a socket that disagree.
    let asked = 0;
    const agent = createGuardedAgent(
      () => {
        asked += 1;
        return asked === 1;
      },
      limits,
      resolver(['127.0.0.1']).resolve,
    );

    await assert.rejects(get('ehr.test', agent), /address refused/);
    assert.equal(hits, 0);
  });

  it('T29 reads no more bytes than allowed', async () => {
    const small = { ...limits, maxResponseBytes: 50 };
    const agent = createGuardedAgent(createAddressPolicy([], ['127.0.0.1']), small);

    await assert.rejects(get('127.0.0.1', agent));
  });
});
