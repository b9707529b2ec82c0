// A registered client as its setup sheet shows it. Must not pass on a key or verify a token.
import type { SetupClient } from '../cds/setup-sheet.js';
import { CLOCK_SKEW_S, LONGEST_LIFETIME_S } from './authenticate.js';
import { DEMO_CLIENT } from './demo.js';
import { parseClients, type RegisteredClient } from './parse-clients.js';

const toSetupClient = (client: RegisteredClient): SetupClient => {
  const { id, name, fhirServers, fhirClientId, corsOrigins, limits } = client;
  const { issuer, tenant, subjects, algorithms, jwksUrl, jwks, audiences, certificates } = client;
  const keyIds = jwks?.keys.map(({ kid }) => kid ?? '');
  return {
    id,
    ...(name !== undefined && { name }),
    token: {
      issuer,
      ...(tenant !== undefined && { tenant }),
      ...(subjects && { subjects }),
      algorithms,
      ...(jwksUrl !== undefined && { jwksUrl }),
      ...(keyIds && { keyIds }),
      audiences,
      ...(certificates && { certificates }),
      longestLifetimeS: LONGEST_LIFETIME_S,
      clockSkewS: CLOCK_SKEW_S,
    },
    fhirServers,
    ...(fhirClientId !== undefined && { fhirClientId }),
    corsOrigins,
    limits,
  };
};

/**
 * The client of an id.
 * @param text - the registry file; undefined in demo mode, whose one client is `demo`
 * @throws {ConfigInvalid} when the registry is faulty
 */
export const findSetupClient = (text: string | undefined, id: string): SetupClient | undefined => {
  if (text === undefined) {
    const { fhirServers, corsOrigins, limits } = DEMO_CLIENT;
    return id === DEMO_CLIENT.id ? { id, fhirServers, corsOrigins, limits } : undefined;
  }
  const found = parseClients(text).find((client) => client.id === id);
  return found && toSetupClient(found);
};
