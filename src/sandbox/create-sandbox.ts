// Puts the sandbox together and fills it. Knows its parts; must not know files or ports.
import { randomUUID } from 'node:crypto';
import type { Router } from 'express';
import type { Bundle, FhirResource } from 'fhir/r4.js';
import { ConfigInvalid } from '../errors.js';
import { bundleResources } from './bundle-resources.js';
import { createRouter } from './router.js';
import { searchParameters } from './search-parameters.js';
import { createStore } from './store.js';

/** How a sandbox starts. */
export interface SandboxOptions {
  /** Bundles and resources to start with; references by `fullUrl` inside a Bundle are rewritten. */
  readonly load: Iterable<Bundle | FhirResource>;
  /** Absolute address the router is mounted at, without a closing slash; a function when it may change. It is asked while loading too. */
  readonly baseUrl: string | (() => string);
  readonly now?: () => Date;
  readonly newId?: () => string;
  /** Largest upload; default 50mb. */
  readonly bodyLimit?: string;
  /** Told of every error answered with 500: a bug of the sandbox. */
  readonly logFailure?: (error: unknown) => void;
}

/** A sandbox ready to be mounted. */
export interface Sandbox {
  readonly router: Router;
  /** Stored resources by type. */
  readonly loaded: ReadonlyMap<string, number>;
  /** Resources left out because the sandbox has no such type, by type: to be told to the user. */
  readonly ignored: ReadonlyMap<string, number>;
}

/**
 * Creates the embedded FHIR R4 server of demo mode.
 * @throws {ConfigInvalid} when a resource to load cannot be stored; every fault is listed
 */
export function createSandbox(options: SandboxOptions): Sandbox {
  const { baseUrl: given } = options;
  const baseUrl = () => (typeof given === 'string' ? given : given()).replace(/\/$/, '');
  const store = createStore(baseUrl);
  const loaded = new Map<string, number>();
  const ignored = new Map<string, number>();
  const faults: string[] = [];
  for (const item of options.load) {
    const read =
      item.resourceType === 'Bundle' ? bundleResources(item) : { resources: [item], faults: [] };
    faults.push(...read.faults);
    for (const resource of read.resources) {
      const type = resource.resourceType;
      const counts = searchParameters.has(type) ? loaded : ignored;
      counts.set(type, (counts.get(type) ?? 0) + 1);
      if (counts === ignored) continue;
      const prepared = store.prepare(resource);
      if ('faults' in prepared) faults.push(...prepared.faults);
      else store.apply(prepared);
    }
  }
  if (faults.length > 0) throw new ConfigInvalid(faults);
  const router = createRouter({
    store,
    baseUrl,
    newId: options.newId ?? randomUUID,
    now: options.now ?? (() => new Date()),
    bodyLimit: options.bodyLimit ?? '50mb',
    logFailure: options.logFailure ?? (() => {}),
  });
  return { router, loaded, ignored };
}
