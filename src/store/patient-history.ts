// Reads a patient's history from the store within a deadline. Must not know cards.
import type { EvaluationStore, PatientHistory, PatientHistoryReader } from '../cds/ports.js';

const NOT_READ: PatientHistory = { previous: 'not-read', overrides: [] };

/** Creates the reader; an answer waits no longer for the store than `longestWaitMs`. */
export const createPatientHistoryReader =
  (
    evaluations: Pick<EvaluationStore, 'findPrevious' | 'findOverrides'>,
    longestWaitMs: number,
  ): PatientHistoryReader =>
  async (client, patient, now, since) => {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<PatientHistory>((resolve) => {
      timer = setTimeout(() => resolve(NOT_READ), longestWaitMs);
    });
    const read = Promise.all([
      evaluations.findPrevious(client, patient, now.toISOString()),
      evaluations.findOverrides(client, patient, since.toISOString()),
    ]).then(
      ([previous, overrides]): PatientHistory => ({
        overrides,
        ...(previous && { previous }),
      }),
      () => NOT_READ,
    );
    try {
      return await Promise.race([read, late]);
    } finally {
      clearTimeout(timer);
    }
  };
