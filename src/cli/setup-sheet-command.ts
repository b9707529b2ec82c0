// The command `setup-sheet`: what a site types into its EHR for one client. Must not know how the sheet is composed.
import type { SetupSheet } from '../cds/setup-sheet.js';
import { setupSheetMarkdown } from '../cds/setup-sheet-text.js';

/** What the command needs from outside. */
export interface SetupSheetDeps {
  /** Undefined when no client has this id. */
  readonly sheetOf: (client: string) => SetupSheet | undefined;
  readonly out: NodeJS.WritableStream;
  readonly err: NodeJS.WritableStream;
}

const FAILED = 1;

/** Runs the command; returns the exit code: 0 printed, 1 no such client. */
export const setupSheetCommand = (
  { client, json }: { readonly client: string; readonly json?: boolean },
  { sheetOf, out, err }: SetupSheetDeps,
): number => {
  const sheet = sheetOf(client);
  if (!sheet) {
    err.write('No client of this id is registered.\n');
    return FAILED;
  }
  out.write(json ? `${JSON.stringify(sheet, undefined, 2)}\n` : setupSheetMarkdown(sheet));
  return 0;
};
