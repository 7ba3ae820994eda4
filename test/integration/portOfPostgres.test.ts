import assert from 'node:assert/strict';
import { TallyClient } from '../../src/core/tally/http/client.js';
import { probe } from '../../src/core/tally/http/probe.js';
import { servers, silent } from '../support/postgres.js';

for (const server of servers())
  describe(`TALLY_URL at the port of ${server.name}`, () => {
    it('is told from a Tally in trouble: PostgreSQL closes a connection that does not speak its protocol', async () => {
      const { hostname, port } = new URL(await server.freshDatabase());
      const client = new TallyClient({ url: `http://${hostname}:${port}`, timeoutSeconds: 10, logger: silent });
      for (const ask of [() => probe(client), () => client.post('<ENVELOPE/>')])
        await assert.rejects(ask(), {
          code: 'tally-unreachable',
          message: `http://${hostname}:${port} accepts connections and closes each without an answer.`,
          hint: /PostgreSQL/,
        });
      await client.close();
    });
  });
