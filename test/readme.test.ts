import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readConfig } from '../src/config.js';
import { wire } from '../src/wire.js';
import { checked } from './support/checked.js';

const readme = readFileSync('README.md', 'utf8');

const EXTENSION = 'org.pain-cds.evaluation';
const NUMBERS = ['no', 'one', 'two', 'three', 'four', 'five'];

/** What the README shows of an answer. */
interface Answer {
  readonly cards: readonly { readonly summary: string; readonly detail: string }[];
  readonly extension: {
    readonly [EXTENSION]: {
      readonly painProblems: readonly { readonly classification: readonly Fields[] }[];
    };
  };
}
type Fields = Readonly<Record<string, unknown>>;

/** The body of the README's first call. */
const body = (port: number): string => {
  const [, sent = ''] = /-d '(\{"hook".*?\})'\n/.exec(readme) ?? [];
  return sent.replaceAll('127.0.0.1:3000', `127.0.0.1:${port}`);
};

/** Where the principles begin, after which only the source line follows. */
const isLastPart = (line: string): boolean => line.startsWith('**Principles**');

describe('the README', () => {
  it('shows the true answer of its first call', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    try {
      const { app } = wire(
        readConfig({ PORT: String(port), LOG_LEVEL: 'silent', DATABASE_URL: 'memory:' }),
      );
      server.on('request', checked(app));

      const response = await fetch(`http://127.0.0.1:${port}/cds-services/pain-patient-view`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: body(port),
      });

      const answer = (await response.json()) as Answer;
      const [card] = answer.cards;
      const [, count] = /^answers (\w+) cards?;/m.exec(readme) ?? [];
      assert.equal(answer.cards.length, NUMBERS.indexOf(count ?? ''));
      const [, line = ''] = /^```json\n(.*)\n```/m.exec(readme) ?? [];
      const classification = answer.extension[EXTENSION].painProblems[0]?.classification[0];
      const said = Object.entries<unknown>(JSON.parse(line));
      assert.ok(said.length > 0);
      for (const [key, value] of said) assert.deepEqual(classification?.[key], value, key);
      assert.equal(response.status, 200);
      const shown = readme.split('\n').flatMap((line) => /^> ?(.*)/.exec(line)?.[1] ?? []);
      const whole = `**${card?.summary}**\n\n${card?.detail}`.split('\n');
      assert.deepEqual(shown, whole.slice(0, whole.findIndex(isLastPart) - 1));
    } finally {
      server.close();
      server.closeAllConnections();
    }
  });

  it('stays within two hundred lines', () => {
    assert.ok(readme.split('\n').length <= 200);
  });
});
