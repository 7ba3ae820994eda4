import assert from 'node:assert/strict';
import { Random } from '../../src/demo/book/random.js';
import { BrokenLoads, brokenJobNames, commitsBefore } from '../support/brokenLoads.js';
import { CuttingProxy, type Direction } from '../support/cuttingProxy.js';
import { freshDatabase, withoutLastMigration } from '../support/postgres.js';
import { useToday } from '../support/shiftedClock.js';
import { tableToday } from '../support/tallyTable.js';
import { useTally } from '../support/useTally.js';

/** FUZZ_SEED cuts at other bytes, SOAK at more of them. */
const seed = Number(process.env.FUZZ_SEED ?? 7);
const cuts = 2 * Number(process.env.SOAK ?? 1);

describe('the connection to PostgreSQL is reset', function () {
  this.timeout(120_000 * Number(process.env.SOAK ?? 1));
  const tally = useTally();
  let proxy: CuttingProxy;
  let loads: BrokenLoads;
  let database: string;
  useToday(tableToday);

  before(async () => {
    database = await freshDatabase();
    proxy = await CuttingProxy.start(database);
    loads = await BrokenLoads.fill(database, tally);
  });
  after(async () => {
    await proxy.close();
  });

  for (const name of brokenJobNames)
    it(`at ${cuts} random bytes each way of a ${name}: the warehouse keeps only whole parts, the run reports them correctly, and the next run completes the load`, async () => {
      const random = new Random(seed, name.length);
      await loads.prepare(name);
      proxy.order(undefined);
      assert.equal(await loads.run(name, proxy.url), undefined);
      const total = { ...proxy.carried };
      const outcomes = { nothing: 0, part: 0, all: 0 };
      for (const direction of ['to server', 'to program'] as Direction[])
        for (let i = 0; i < cuts; i++) {
          const cutAfter = random.between(
            Math.floor((i * total[direction]) / cuts),
            Math.floor(((i + 1) * total[direction]) / cuts),
          );
          await loads.prepare(name);
          proxy.order({ cutAfter, direction });
          const failure = await loads.run(name, proxy.url);
          try {
            const { came, due } = await loads.judge(name, failure, 'warehouse-unreachable');
            outcomes[came === 0 ? 'nothing' : came < due ? 'part' : 'all']++;
          } catch (error) {
            assert.fail(
              `FUZZ_SEED=${seed}, cut after ${cutAfter} of ${total[direction]} bytes ${direction}: ${String(error)}`,
            );
          }
        }
      assert.ok(outcomes.nothing > 0, JSON.stringify(outcomes));
    });

  for (const [what, words] of [
    ['it is asked how old the tables are', 'SELECT name FROM public.etl_migrations'],
    ['the tables are brought up to date', 'information_schema.tables'],
  ] as const)
    it(`while ${what}: warehouse-unreachable too, and nothing has happened`, async () => {
      await loads.prepare('backfill');
      proxy.order({ words, then: 'lose it' });
      const failure = await withoutLastMigration(database, () => loads.run('backfill', proxy.url));
      assert.equal(proxy.pending, false);
      const { came } = await loads.judge('backfill', failure, 'warehouse-unreachable');
      assert.equal(came, 0);
    });

  describe('during COMMIT: the run says that it does not know, and claims nothing', () => {
    for (const name of brokenJobNames)
      for (const [then, what] of [
        ['lose it', 'before PostgreSQL has heard of it: nothing came'],
        ['lose the answer', 'when PostgreSQL has done it: it came'],
      ] as const)
        it(`of a ${name}, ${what}, and the next run is right`, async () => {
          await loads.prepare(name);
          const skip = name === 'clear-and-reload' ? 0 : 1;
          proxy.order({ words: 'COMMIT\0', skip: commitsBefore[name] + skip, then });
          const failure = await loads.run(name, proxy.url);
          assert.equal(proxy.pending, false);
          const { unknown, came } = await loads.judge(name, failure, 'warehouse-unreachable');
          assert.equal(unknown, true, failure?.message);
          assert.match(failure!.hint, /next run .* completes it/);
          const first = name === 'backfill' ? 1 : 0;
          const due = name === 'clear-and-reload' ? 2 : 1;
          assert.equal(came, then === 'lose it' ? first : first + due);
        });
  });
});
