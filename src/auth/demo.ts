// Demo mode's caller: unauthenticated, this machine only. Must not be wired in production mode.
import type { Authenticate, CdsClient } from '../cds/ports.js';
import { Forbidden } from '../errors.js';
import { isLoopbackHost } from '../net/address-policy.js';

/** Who calls in demo mode: nobody vouches for it, and it reaches loopback servers only. */
export const DEMO_CLIENT: CdsClient = Object.freeze({
  id: 'demo',
  kind: 'demo' as const,
  fhirServers: [],
  addresses: [],
  corsOrigins: [],
  limits: { concurrent: 64, feedbackPerMinute: 600 },
});

const isLoopbackAddress = (address = ''): boolean =>
  isLoopbackHost(address.replace(/^::ffff:/, ''));

/** Accepts calls from this machine without a token; a browser's page must have an origin that is allowed. */
export const createDemoAuthenticate =
  (isAllowedOrigin: (origin: string) => boolean): Authenticate =>
  async ({ origin, remoteAddress }) => {
    if (!isLoopbackAddress(remoteAddress))
      throw new Forbidden('Demo mode answers this machine only.');
    if (origin !== undefined && !isAllowedOrigin(origin))
      throw new Forbidden('Demo mode does not answer pages of this origin.');
    return DEMO_CLIENT;
  };
