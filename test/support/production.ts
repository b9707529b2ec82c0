// The application as production mode wires it, over registry entries. Must not know medicine.
import type { AppDeps } from '../../src/http/app.js';
import { anApp } from './app.js';
import { anAuthenticator, anEntry, BASE_URL } from './tokens.js';

/** An application that knows its clients. */
export const productionApp = (
  entries: readonly object[] = [anEntry()],
  change: Partial<AppDeps> = {},
): ReturnType<typeof anApp> => {
  const { authenticate, registry } = anAuthenticator(entries);
  return anApp({
    authenticate,
    baseUrl: BASE_URL,
    isDemo: false,
    isDiscoveryOpen: false,
    isAllowedOrigin: registry.hasOrigin,
    ...change,
  });
};
