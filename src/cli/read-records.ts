// Files and standard input -> PatientRecord per patient: Bundles, NDJSON, single resources, gzipped or not. Must not evaluate.
import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { Bundle, FhirResource, Patient } from 'fhir/r4.js';
import { type InputRead, type PatientRecord, RECORD_TYPES } from '../pain/patient-record.js';
import { createSubjectTest } from '../pain/subject.js';

/** A file that could not be read, or holds something that is no FHIR R4 JSON. */
export class UnreadableFile extends Error {}

const GZIP = Buffer.from([0x1f, 0x8b]);

const unzipped = async (stream: Readable): Promise<Readable> => {
  const iterator = stream[Symbol.asyncIterator]();
  const first = await iterator.next();
  const head = first.done ? Buffer.alloc(0) : Buffer.from(first.value);
  const { Readable: Source } = await import('node:stream');
  const whole = Source.from(
    (async function* () {
      yield head;
      for (let next = await iterator.next(); !next.done; next = await iterator.next())
        yield next.value;
    })(),
    { objectMode: false },
  );
  if (!head.subarray(0, 2).equals(GZIP)) return whole;
  const gunzip = createGunzip();
  whole.on('error', (error) => gunzip.destroy(error));
  return whole.pipe(gunzip);
};

const parse = (text: string, where: string): FhirResource => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new UnreadableFile(`${where}: is not JSON`);
  }
  if (typeof value === 'object' && value !== null && 'resourceType' in value)
    return value as FhirResource;
  throw new UnreadableFile(`${where}: is no FHIR resource`);
};

/** Lines of a stream. Only a line feed ends one: U+2028 may stand inside a JSON string, and newer runtimes' line readers split there. */
async function* linesOf(stream: Readable): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  const strip = (text: string): string => (text.endsWith('\r') ? text.slice(0, -1) : text);
  let begun: string[] = [];
  for await (const chunk of stream) {
    const [first = '', ...others] = decoder.decode(chunk, { stream: true }).split('\n');
    begun.push(first);
    for (const next of others) {
      yield strip(begun.join(''));
      begun = [next];
    }
  }
  const last = begun.join('') + decoder.decode();
  if (last !== '') yield strip(last);
}

/** Resources of a file, one JSON document or one a line; which of the two the first line tells. */
async function* resourcesOf(stream: Readable, name: string): AsyncGenerator<FhirResource> {
  let kept: string[] | undefined;
  let line = 0;
  for await (const text of linesOf(stream)) {
    line += 1;
    if (kept) {
      kept.push(text);
      continue;
    }
    if (text.trim() === '') continue;
    const isWhole =
      text.trimStart().startsWith('{') && text.trimEnd().endsWith('}') && text.trim() !== '{}';
    if (isWhole) yield parse(text, `${name}:${line}`);
    else kept = [text];
  }
  if (kept) yield parse(kept.join('\n'), name);
}

interface Loose {
  readonly patient: Patient;
  readonly aliases: readonly string[];
}

const entriesOf = (bundle: Bundle): { patients: Loose[]; resources: FhirResource[] } => {
  const patients: Loose[] = [];
  const resources: FhirResource[] = [];
  for (const { resource, fullUrl } of (bundle as Bundle<FhirResource>).entry ?? []) {
    if (!resource) continue;
    if (resource.resourceType === 'Patient')
      patients.push({ patient: resource, aliases: fullUrl ? [fullUrl] : [] });
    else resources.push(resource);
  }
  return { patients, resources };
};

const toRecord = (
  { patient, aliases }: Loose,
  resources: readonly FhirResource[],
  count: number,
): PatientRecord => {
  const patientId = patient.id ?? '';
  const isAbout = createSubjectTest(patientId, { aliases: [...aliases, `urn:uuid:${patientId}`] });
  const own = resources.filter(
    (resource) => resource.resourceType === 'Medication' || isAbout(resource),
  );
  const types = new Set(own.map(({ resourceType }) => resourceType));
  const inputs = RECORD_TYPES.map(
    (type): InputRead => ({
      type,
      state:
        type === 'Patient' || types.has(type as FhirResource['resourceType'])
          ? 'read'
          : 'none-recorded',
    }),
  );
  if (own.some((resource) => isUnresolved(resource, own))) {
    inputs.push({ type: 'Medication', state: 'failed', reason: 'not-in-file' });
  }
  // Other patients of the same file are no foreign data; only a file of one patient can hold strays.
  return {
    patientId,
    patient,
    resources: own,
    inputs,
    foreignCount: count === 1 ? strays(resources, own) : 0,
  };
};

/** Whether a prescription names its medicine by a reference that the file does not hold. */
const isUnresolved = (resource: FhirResource, all: readonly FhirResource[]): boolean => {
  if (
    resource.resourceType !== 'MedicationRequest' &&
    resource.resourceType !== 'MedicationStatement'
  )
    return false;
  const reference = resource.medicationReference?.reference;
  if (reference === undefined || reference.startsWith('#')) return false;
  return !all.some(
    ({ resourceType, id }) => resourceType === 'Medication' && reference === `Medication/${id}`,
  );
};

const READ_TYPES = new Set<string>(RECORD_TYPES);

const strays = (all: readonly FhirResource[], own: readonly FhirResource[]): number =>
  all.filter(({ resourceType }) => READ_TYPES.has(resourceType)).length -
  own.filter(({ resourceType }) => READ_TYPES.has(resourceType)).length;

/**
 * Reads the patients of a file, `-` for standard input. A Bundle is read as a whole; resources a line each are
 * collected over the file and grouped by patient.
 * @throws {UnreadableFile}
 */
export async function* readRecords(file: string): AsyncGenerator<PatientRecord> {
  const source: Readable = file === '-' ? process.stdin : createReadStream(file);
  const loosePatients: Loose[] = [];
  const looseResources: FhirResource[] = [];
  try {
    for await (const resource of resourcesOf(await unzipped(source), file)) {
      if (resource.resourceType === 'Bundle') {
        const { patients, resources } = entriesOf(resource);
        for (const patient of patients) yield toRecord(patient, resources, patients.length);
      } else if (resource.resourceType === 'Patient')
        loosePatients.push({ patient: resource, aliases: [] });
      else looseResources.push(resource);
    }
  } catch (error) {
    if (error instanceof UnreadableFile) throw error;
    throw new UnreadableFile(
      `${file}: ${error instanceof Error && 'code' in error ? String(error.code) : 'cannot be read'}`,
    );
  }
  for (const patient of loosePatients)
    yield toRecord(patient, looseResources, loosePatients.length);
}
