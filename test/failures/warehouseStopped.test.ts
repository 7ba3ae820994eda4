import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { BrokenLoads, brokenJobNames, commitsBefore } from '../support/brokenLoads.js';
import { assertBuilt, failureOf, startCli } from '../support/cliProgram.js';
import { CuttingProxy } from '../support/cuttingProxy.js';
import { OwnServer } from '../support/ownServer.js';
import { ask } from '../support/postgres.js';
import { useToday } from '../support/shiftedClock.js';
import { tableRange, tableToday } from '../support/tallyTable.js';
import { useTally } from '../support/useTally.js';

/** The moments at which PostgreSQL stops, and the words that it has just been sent. */
const moments = [
  ['while rows are staged', 'COPY pg_temp.stage_line'],
  ['while rows are merged', 'INSERT INTO public.fact_invoice '],
  ['in the middle of the commit', 'COMMIT\0'],
] as const;

/** Makes the commit so slow that PostgreSQL is stopped during it. */
const slowCommit = `CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(3); RETURN NULL; END';
  CREATE CONSTRAINT TRIGGER slow AFTER INSERT OR UPDATE ON fact_invoice DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION slow()`;

/** The tests take the two modes in turn. With SOAK each test takes both. */
const modes = (): ('fast' | 'immediate')[] =>
  process.env.SOAK ? ['fast', 'immediate'] : [turn++ % 2 === 0 ? 'fast' : 'immediate'];
let turn = 0;

describe('PostgreSQL stops in the middle of a load', function () {
  this.timeout(60_000);
  const tally = useTally();
  let server: OwnServer;
  let proxy: CuttingProxy;
  let loads: BrokenLoads;
  useToday(tableToday);

  before(async () => {
    server = await OwnServer.start();
    proxy = await CuttingProxy.start(server.url);
    loads = await BrokenLoads.fill(server.url, tally);
  });
  after(async () => {
    await proxy.close();
    server.remove();
  });

  for (const name of brokenJobNames)
    for (const [moment, words] of moments)
      for (const mode of modes())
        it(`${mode}, ${moment} of a ${name}: warehouse-unreachable, nothing half-written, and the next run completes it`, async () => {
          await loads.prepare(name);
          const isCommit = words.startsWith('COMMIT');
          if (isCommit) await ask(server.url, slowCommit);
          // A backfill has then committed its first month. A clear-and-reload is staged by whole months too, but
          // commits at its end.
          const skip = (name === 'backfill' && !isCommit) || (name === 'sync' && isCommit) ? 1 : 0;
          proxy.order({
            words,
            skip: isCommit ? skip + commitsBefore[name] : skip,
            then: () => {
              server.stop(mode);
            },
          });
          const failure = await loads.run(name, proxy.url).finally(() => {
            server.startAgain();
          });
          assert.equal(proxy.pending, false);
          if (isCommit) await ask(server.url, 'DROP FUNCTION slow CASCADE');
          const { came, unknown } = await loads.judge(name, failure, 'warehouse-unreachable');
          assert.equal(came, name === 'backfill' ? skip : 0);
          assert.equal(unknown, isCommit);
        });

  describe('on the command line', () => {
    let folder: string;
    before(() => {
      assertBuilt();
      folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tally-cli-'));
    });
    after(() => {
      fs.rmSync(folder, { recursive: true });
    });

    it('one JSON object with warehouse-unreachable and what to do, exit 4; started again, the same command does it all', async () => {
      await loads.prepare('clear-and-reload');
      proxy.order({
        words: 'COPY pg_temp.stage_line',
        then: () => {
          server.stop('fast');
        },
      });
      const env = { TALLY_URL: tally.url, DB_URL: proxy.url };
      const run = () => startCli(folder, ['clear-and-reload', tableRange.from, tableRange.to, '--json'], env).done;
      const ran = await run();
      server.startAgain();
      assert.match(failureOf(ran, 'warehouse-unreachable', 4), /Check that PostgreSQL is running/);
      const again = await run();
      assert.equal(again.exitCode, 0, again.stderr);
    });
  });
});
