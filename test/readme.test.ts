import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readConfig } from '../src/config.js';
import { wire } from '../src/wire.js';

const readme = readFileSync('README.md', 'utf8');

/** The body of the README's first call. */
const body = (port: number): string => {
  const [, sent = ''] = /-d '(\{"hook".*?\})'\n/.exec(readme) ?? [];
  return sent.replaceAll('127.0.0.1:3000', `127.0.0.1:${port}`);
};

describe('the README', () => {
  it('shows the true answer of its first call', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    try {
      const { app } = wire(
        readConfig({ PORT: String(port), LOG_LEVEL: 'silent', DATABASE_URL: 'memory:' }),
      );
      server.on('request', app);

      const response = await fetch(`http://127.0.0.1:${port}/cds-services/pain-patient-view`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: body(port),
      });

      const answer = (await response.json()) as { cards: { summary: string; detail: string }[] };
      const [card] = answer.cards;
      const shown = readme.split('\n').filter((line) => line.startsWith('> '));
      assert.equal(response.status, 200);
      assert.ok(shown.length > 10);
      for (const line of shown) {
        const text = line.slice(2);
        assert.ok(text === `**${card?.summary}**` || card?.detail.split('\n').includes(text), text);
      }
    } finally {
      server.close();
      server.closeAllConnections();
    }
  });

  it('stays within two hundred lines', () => {
    assert.ok(readme.split('\n').length <= 200);
  });
});
