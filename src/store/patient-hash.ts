// The key that turns patient ids into hashes nobody can reverse without it. Must not know what is stored under them.
import { createHmac, randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { ConfigInvalid } from '../errors.js';

const LEAST_BYTES = 32;
const OTHERS = 0o077;

/** Hashes a patient's id at a client: the same patient has the same hash, and two clients never share one. */
export const createPatientHash =
  (key: Buffer) =>
  (client: string, patientId: string): string =>
    createHmac('sha256', key)
      .update(JSON.stringify([client, patientId]))
      .digest('base64url');

/**
 * Reads the key of a file that only its user may read.
 * @throws {ConfigInvalid}
 */
export const readHashKey = (path: string): Buffer => {
  let key: Buffer;
  try {
    key = readFileSync(path);
  } catch {
    throw new ConfigInvalid(['PAIN_CDS_HASH_KEY_FILE names no file that can be read']);
  }
  const faults: string[] = [];
  if (key.length < LEAST_BYTES)
    faults.push(`PAIN_CDS_HASH_KEY_FILE holds fewer than ${LEAST_BYTES} bytes`);
  if (process.platform !== 'win32' && (statSync(path).mode & OTHERS) !== 0)
    faults.push('PAIN_CDS_HASH_KEY_FILE may be read by others: chmod 600');
  if (faults.length > 0) throw new ConfigInvalid(faults);
  return key;
};

/** A key of its own for demo mode: kept beside the demo's database, or for this process only. */
export const demoHashKey = (path: string | undefined): Buffer => {
  if (path === undefined) return randomBytes(LEAST_BYTES);
  if (!existsSync(path)) {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(path, randomBytes(LEAST_BYTES), { mode: 0o600 });
    chmodSync(path, 0o600);
  }
  return readFileSync(path);
};
