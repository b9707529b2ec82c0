// The registered clients of this process: loaded from a file, reloaded when told. Must not verify tokens.
import { readFileSync, statSync } from 'node:fs';
import type { Log } from '../cds/ports.js';
import { ConfigInvalid } from '../errors.js';
import { parseClients, type RegisteredClient, tenancyOf } from './parse-clients.js';

/** Finds registered clients; the one holder of what the file said last. */
export interface ClientRegistry {
  /** The client of an issuer and tenant, both exactly as registered. */
  readonly find: (issuer: string, tenant: string | undefined) => RegisteredClient | undefined;
  /** Whether some client has this browser origin. */
  readonly hasOrigin: (origin: string) => boolean;
  /** Reads the file again; a faulty one is logged and changes nothing. */
  readonly reload: () => void;
}

const OTHERS_MAY = 0o077;

/**
 * Reads a registry file that nobody but its user may read or change.
 * @throws {ConfigInvalid} when it is missing, or open to others
 */
export const readClientsFile = (path: string): string => {
  try {
    if ((statSync(path).mode & OTHERS_MAY) !== 0)
      throw new ConfigInvalid([
        'PAIN_CDS_CLIENTS: the file must be readable by its user only (chmod 600)',
      ]);
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof ConfigInvalid) throw error;
    throw new ConfigInvalid(['PAIN_CDS_CLIENTS: the file cannot be read']);
  }
};

interface Loaded {
  readonly byTenancy: ReadonlyMap<string, RegisteredClient>;
  readonly origins: ReadonlySet<string>;
}

const index = (clients: readonly RegisteredClient[]): Loaded => ({
  byTenancy: new Map(clients.map((one) => [tenancyOf(one.issuer, one.tenant), one])),
  origins: new Set(clients.flatMap(({ corsOrigins }) => corsOrigins)),
});

/**
 * Creates the registry.
 * @param read - gives the text of the file; called again on each reload
 * @throws {ConfigInvalid} when the first reading is faulty
 */
export const createClientRegistry = (read: () => string, log: Log): ClientRegistry => {
  let loaded = index(parseClients(read()));
  return {
    find: (issuer, tenant) => loaded.byTenancy.get(tenancyOf(issuer, tenant)),
    hasOrigin: (origin) => loaded.origins.has(origin),
    reload: () => {
      try {
        loaded = index(parseClients(read()));
        log.info({ event: 'clients-reloaded', clients: loaded.byTenancy.size });
      } catch (error) {
        if (!(error instanceof ConfigInvalid)) throw error;
        log.error({ event: 'clients-reload-refused', faults: error.faults });
      }
    },
  };
};
