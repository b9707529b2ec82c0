#!/usr/bin/env node
// The command `pain-cds`: loads the built program, building it first in a fresh clone. Must not hold behaviour of its own.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const entry = new URL('../dist/cli/main.js', import.meta.url);
if (!existsSync(fileURLToPath(entry))) {
  const { ensureReady } = await import('../scripts/ensure-ready.js');
  ensureReady({ build: true });
}
await import(entry.href);
