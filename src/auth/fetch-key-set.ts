// One bounded request for the published keys of a client. Must not cache or judge them.
import { type Dispatcher, request } from 'undici';
import { createAddressPolicy } from '../net/address-policy.js';
import { parseBase } from '../net/base-url.js';
import { createGuardedAgent, type ResolveName } from '../net/guarded-agent.js';
import type { FetchKeySet } from './key-set.js';
import type { RegisteredClient } from './parse-clients.js';

const TIMEOUT_MS = 2_000;
const MOST_BYTES = 64 * 1024;

const agentOf = (client: RegisteredClient, resolveName?: ResolveName): Dispatcher => {
  const hostname = parseBase(client.jwksUrl ?? '')?.hostname;
  return createGuardedAgent(
    createAddressPolicy(client.addresses, hostname === undefined ? [] : [hostname]),
    { connectTimeoutMs: TIMEOUT_MS, connections: 1, maxResponseBytes: MOST_BYTES },
    resolveName,
  );
};

/**
 * Creates what fetches key sets: only from addresses of the client, no redirect, 2 s and 64 kB at most.
 * @param resolveName - how names become addresses; a test hands in its own
 */
export const createKeySetFetcher =
  (resolveName?: ResolveName) =>
  (client: RegisteredClient): FetchKeySet => {
    const dispatcher = agentOf(client, resolveName);
    return async (url) => {
      const { statusCode, headers, body } = await request(url, {
        dispatcher,
        headers: { accept: 'application/json', 'accept-encoding': 'identity' },
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      const cacheControl = headers['cache-control'];
      return {
        status: statusCode,
        cacheControl: typeof cacheControl === 'string' ? cacheControl : undefined,
        body: await body.text(),
      };
    };
  };
