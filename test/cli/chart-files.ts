// Files and streams for tests of the command line. Must not know what the commands answer.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { Bundle, FhirResource } from 'fhir/r4.js';
import { machineReadable } from '../../src/cds/machine-readable.js';
import { type EvaluateOptions, evaluateCommand } from '../../src/cli/evaluate-command.js';
import { readConfig } from '../../src/config.js';
import { evaluate } from '../../src/pain/evaluate.js';
import { loadKnowledge } from '../../src/wire.js';

/** The moment our fixtures are written for. */
export const NOW = '2026-11-22T10:00:00Z';

const FIXTURES = fileURLToPath(new URL('../../fhir-fixtures/patients/', import.meta.url));

/** Path of a fixture patient. */
export const fixture = (name: string): string => join(FIXTURES, `${name}.json`);

const isBundle = (value: unknown): value is Bundle<FhirResource> =>
  typeof value === 'object' &&
  value !== null &&
  'resourceType' in value &&
  value.resourceType === 'Bundle';

/** A fixture patient as its Bundle. */
export const fixtureBundle = (name: string): Bundle<FhirResource> => {
  const value: unknown = JSON.parse(readFileSync(fixture(name), 'utf8'));
  if (!isBundle(value)) throw new Error(`${name} is no Bundle`);
  return value;
};

/** Resources of a Bundle, one JSON line each. */
export const toLines = ({ entry = [] }: Bundle<FhirResource>): string =>
  entry.map(({ resource }) => `${JSON.stringify(resource)}\n`).join('');

/** A temporary folder of one test suite. */
export const createFolder = (): {
  readonly write: (name: string, content: string | Buffer) => string;
  readonly remove: () => void;
} => {
  const folder = mkdtempSync(join(tmpdir(), 'pain-cds-test-'));
  return {
    write: (name, content) => {
      const file = join(folder, name);
      writeFileSync(file, content);
      return file;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
};

interface Collector extends Writable {
  readonly isTTY: boolean;
}

const collect = (isTTY: boolean): { readonly stream: Collector; readonly text: () => string } => {
  let text = '';
  const stream = new Writable({
    write: (chunk, _encoding, done) => {
      text += String(chunk);
      done();
    },
  });
  return { stream: Object.assign(stream, { isTTY }), text: () => text };
};

/** What a run of the command left behind. */
export interface Run {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

const knowledge = loadKnowledge(readConfig({}).cardsFolder);

/** Runs `evaluate` in this process with our knowledge at the fixtures' moment. */
export const runEvaluate = async (
  files: readonly string[],
  options: EvaluateOptions = {},
  isTerminal = false,
): Promise<Run> => {
  const out = collect(isTerminal);
  const err = collect(isTerminal);
  const code = await evaluateCommand(files, options, {
    evaluate: (record) => evaluate(record, knowledge, new Date(NOW)),
    texts: knowledge.engineTexts,
    toContract: machineReadable,
    out: out.stream,
    err: err.stream,
  });
  return { code, out: out.text(), err: err.text() };
};
