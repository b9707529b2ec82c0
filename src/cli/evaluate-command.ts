// The command `evaluate`: files in, explanations, contract or table out. Must not load knowledge or read the clock.
import type { Evaluation } from '../pain/evaluation.js';
import type { EngineTexts } from '../pain/knowledge.js';
import type { PatientRecord } from '../pain/patient-record.js';
import { explain } from './explain.js';
import { readRecords, UnreadableFile } from './read-records.js';
import { createSummary } from './summary.js';

export interface EvaluateOptions {
  readonly json?: boolean;
  readonly summary?: boolean;
}

/** What the command needs from outside. */
export interface EvaluateDeps {
  readonly evaluate: (record: PatientRecord) => Evaluation;
  readonly texts: Pick<EngineTexts, 'notReviewed'>;
  readonly toContract: (evaluation: Evaluation) => object;
  readonly out: NodeJS.WritableStream;
  readonly err: NodeJS.WritableStream & { readonly isTTY?: boolean };
}

const PROGRESS_EVERY_MS = 100;

const createProgress = (
  err: EvaluateDeps['err'],
  isOn: boolean,
): { tick: () => void; end: () => void } => {
  let count = 0;
  let shown = 0;
  return {
    tick: () => {
      count += 1;
      const now = performance.now();
      if (!isOn || now - shown < PROGRESS_EVERY_MS) return;
      shown = now;
      err.write(`\r${'#'.repeat(1 + (Math.floor(count / 10) % 30)).padEnd(31)} ${count} patients`);
    },
    end: () => {
      if (isOn) err.write(`\r${' '.repeat(50)}\r`);
    },
  };
};

/** JSON for a terminal or file: control characters of the data stay escaped. */
const toJsonLine = (value: object): string =>
  JSON.stringify(value).replace(
    /[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/** Runs the command; returns the exit code: 0 done, 1 a file could not be read. */
export const evaluateCommand = async (
  files: readonly string[],
  options: EvaluateOptions,
  deps: EvaluateDeps,
): Promise<number> => {
  const summary = createSummary();
  const progress = createProgress(deps.err, options.summary === true && deps.err.isTTY === true);
  let exitCode = 0;
  let patients = 0;
  for (const file of files) {
    try {
      for await (const record of readRecords(file)) {
        const evaluation = deps.evaluate(record);
        patients += 1;
        progress.tick();
        if (options.summary) summary.add(evaluation);
        else if (options.json)
          deps.out.write(
            `${toJsonLine({ patient: record.patientId, ...deps.toContract(evaluation) })}\n`,
          );
        else deps.out.write(`${explain(record.patientId, evaluation, deps.texts)}\n`);
      }
    } catch (error) {
      if (!(error instanceof UnreadableFile)) throw error;
      deps.err.write(`${error.message}\n`);
      exitCode = 1;
    }
  }
  progress.end();
  if (options.summary) deps.out.write(summary.table());
  if (patients === 0 && exitCode === 0) {
    deps.err.write('no Patient was found\n');
    return 1;
  }
  return exitCode;
};
