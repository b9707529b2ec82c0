// The command `replay`: the cards of a stored evaluation, made again. Must not know the store.
import type { Replay } from '../cds/replay.js';
import { terminalText } from './terminal-text.js';

/** What the command needs from outside. */
export interface ReplayDeps {
  /** Undefined when no evaluation has this id. */
  readonly replay: (id: string) => Promise<Replay | undefined>;
  readonly out: NodeJS.WritableStream;
  readonly err: NodeJS.WritableStream;
}

const FAILED = 1;

const lines = (text: string): string => text.split('\n').map(terminalText).join('\n');

const SAID: Readonly<Record<Replay['result'], string>> = {
  same: 'the same cards',
  different: 'other cards, with the same knowledge: this must not be',
  'no-snapshot': 'nothing was put aside for a re-run (PAIN_CDS_SNAPSHOTS=off)',
  'other-knowledge': 'other cards: the knowledge has changed since',
};

/** Runs the command; returns the exit code: 0 the same cards, 1 anything else. */
export const replayCommand = async (
  id: string,
  { json }: { readonly json?: boolean },
  { replay, out, err }: ReplayDeps,
): Promise<number> => {
  const found = await replay(id);
  if (!found) {
    err.write('There is no evaluation with this id.\n');
    return FAILED;
  }
  if (json) out.write(`${JSON.stringify(found)}\n`);
  else
    for (const { indicator, summary, detail } of found.cards)
      out.write(`[${indicator}] ${terminalText(summary)}\n\n${lines(detail ?? '')}\n\n`);
  err.write(`${SAID[found.result]}\n`);
  return found.result === 'same' ? 0 : FAILED;
};
