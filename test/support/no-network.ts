// Loaded before every test: a connection to anything but this machine is a test failure.
import { isIP } from 'node:net';
import { Agent, setGlobalDispatcher } from 'undici';

const loopback = (host: string): boolean =>
  host === 'localhost' ||
  host === '::1' ||
  host === '[::1]' ||
  (isIP(host) === 4 && host.startsWith('127.'));

const builtInFetch = globalThis.fetch;
globalThis.fetch = (input, init) => {
  const url = new URL(input instanceof Request ? input.url : input);
  if (!loopback(url.hostname)) throw new Error(`network is off in tests: ${url.origin}`);
  return builtInFetch(input, init);
};
setGlobalDispatcher(new Agent({ connect: { timeout: 2000 } }));
