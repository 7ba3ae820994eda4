import assert from 'node:assert/strict';
import { Client } from 'pg';
import { EtlError, exitCodes } from '../../src/core/base/errors.js';
import { check, migrate } from '../../src/core/jobs/check/check.js';
import { backfill, sync } from '../../src/core/core.js';
import { status } from '../../src/core/jobs/status.js';
import { openWarehouse } from '../../src/core/warehouse/postgres/connect.js';
import { keepsSessions } from '../../src/core/warehouse/postgres/pooler.js';
import { contextOf } from '../support/context.js';
import { hasPgBouncer, startPgBouncer, type PgBouncer } from '../support/pgBouncer.js';
import { ask, freshDatabase, servers, silent } from '../support/postgres.js';
import { countIn } from '../support/warehouseContents.js';
import { useTally } from '../support/useTally.js';

const range = { from: '2024-04-01', to: '2024-04-30' };

for (const server of servers())
  describe(`a connection pooler before ${server.name}`, function () {
    this.timeout(60_000);
    const tally = useTally({ book: { invoices: 60, ...range } });
    let database: string;
    let pooler: PgBouncer | undefined;

    before(function () {
      if (!hasPgBouncer()) {
        console.log(
          '      PgBouncer is not on this computer: skipped. On Debian and Ubuntu: apt-get install pgbouncer',
        );
        this.skip();
      }
    });
    beforeEach(async () => {
      database = await server.emptyDatabase();
    });
    afterEach(async () => {
      await pooler?.close();
      pooler = undefined;
    });

    const behind = async (settings: Record<string, string>): Promise<string> => {
      pooler = await startPgBouncer(database, settings);
      return pooler.url;
    };
    const contextFor = (url: string) => contextOf({ TALLY_URL: tally.url, DB_URL: url });

    for (const settings of [
      { pool_mode: 'transaction' },
      { pool_mode: 'transaction', server_round_robin: '1', min_pool_size: '3' },
      { pool_mode: 'transaction', default_pool_size: '1' },
      { pool_mode: 'statement' },
      { pool_mode: 'transaction', server_reset_query_always: '1' },
    ])
      it(`is refused by each job, and by check, with the mode and the port to use: ${JSON.stringify(settings)}`, async () => {
        const url = await behind(settings);
        for (const job of [
          () => migrate(contextFor(url)),
          () => backfill(range, contextFor(url)),
          () => sync(contextFor(url)),
          () => status({}, contextFor(url)),
        ])
          await assert.rejects(job(), (error) => {
            assert.ok(error instanceof EtlError, String(error));
            assert.deepEqual(
              [error.code, exitCodes[error.code], error.setting],
              ['config', 2, 'DB_URL'],
              error.message,
            );
            assert.match(error.message, /pooler in transaction or statement mode/);
            assert.match(error.hint, /session mode.*pool_mode=session.*5432/);
            return true;
          });
        const found = (await check(contextFor(url))).find(({ part }) => part === 'warehouse');
        assert.equal(found?.ok, false);
        assert.match(found.message, /pooler in transaction or statement mode/);
        assert.match(found.remedy!, /session mode/);
        const left = "SELECT relname FROM pg_class WHERE relname ~ '^(stage|fact|etl|dim)_' AND relkind = 'r'";
        assert.deepEqual(await ask(database, left), []);
        assert.deepEqual(await ask(database, "SELECT FROM pg_locks WHERE locktype = 'advisory'"), []);
      });

    it('gives nothing of ours to other programs that share its sessions', async () => {
      const url = await behind({ pool_mode: 'transaction', default_pool_size: '1' });
      const before = await ask(url, 'SELECT name, setting FROM pg_settings ORDER BY name');
      await assert.rejects(status({}, contextFor(url)), { code: 'config' });
      const after = await ask(url, 'SELECT name, setting FROM pg_settings ORDER BY name');
      const own = new Set(['application_name']);
      const changed = after.filter(({ name, setting }, i) => !own.has(String(name)) && setting !== before[i]!.setting);
      assert.deepEqual(changed, []);
    });

    it('is found out while other programs use it too', async () => {
      const url = await behind({ pool_mode: 'transaction', default_pool_size: '4' });
      const others = await Promise.all(
        Array.from({ length: 3 }, async () => {
          const client = new Client(url);
          await client.connect();
          return client;
        }),
      );
      let busy = true;
      const traffic = others.map(async (client) => {
        while (busy) await client.query('SELECT pg_sleep(0.001 * random())');
      });
      try {
        for (let i = 0; i < 10; i++) await assert.rejects(status({}, contextFor(url)), { code: 'config' });
      } finally {
        busy = false;
        await Promise.all(traffic);
        await Promise.all(others.map((client) => client.end()));
      }
    });

    it('in session mode is loaded through, again and again, with its locks', async () => {
      const url = await behind({ pool_mode: 'session' });
      assert.ok((await backfill(range, contextFor(url))).inserted > 0);
      const again = await backfill(range, contextFor(url));
      assert.deepEqual([again.inserted, again.updated, again.missing], [0, 0, 0]);
      assert.equal((await sync(contextFor(url))).missing, 0);
      assert.ok((await countIn(database, 'fact_invoice')) > 0);
      assert.deepEqual(
        (await check(contextFor(url))).filter(
          ({ ok, part }) => !ok && ['warehouse', 'schema', 'rights'].includes(part),
        ),
        [],
      );
      const options = { dbUrl: url, dataDir: '', logger: silent, applicationName: 'pooled' };
      const [one, other] = [await openWarehouse(options), await openWarehouse(options)];
      try {
        await one.lockCompany('company', 'sync');
        await assert.rejects(other.lockCompany('company', 'sync'), { code: 'locked' });
      } finally {
        await one.close();
        await other.close();
      }
    });

    it('in session mode with too small a pool says that a load needs three connections', async () => {
      const url = await behind({ pool_mode: 'session', default_pool_size: '1', query_wait_timeout: '1' });
      await assert.rejects(backfill(range, contextFor(url)), (error) => {
        assert.ok(error instanceof EtlError);
        assert.match(error.code, /^warehouse-/);
        assert.match(error.message, /query_wait_timeout/);
        assert.match(error.hint, /three at once/);
        return true;
      });
    });
  });

describe('whether a pooler keeps sessions apart', () => {
  const inTurn = (pids: number[]) => () => Promise.resolve(pids.push(pids.shift()!) && pids.at(-1)!);

  it('is seen by the processes that serve two open sessions', async () => {
    assert.equal(await keepsSessions(inTurn([1]), inTurn([2])), true);
    assert.equal(await keepsSessions(inTurn([1]), inTurn([1])), false, 'one process for both');
    assert.equal(await keepsSessions(inTurn([1, 3]), inTurn([2])), false, 'another process for the next statement');
    assert.equal(await keepsSessions(inTurn([1]), inTurn([2, 4])), false, 'the same of the second session');
    const shared = [1, 2];
    assert.equal(await keepsSessions(inTurn(shared), inTurn(shared)), false, 'each process in its turn');
  });

  it('is not asked of a server without a pooler', async () => {
    const asked: string[] = [];
    const logger = { ...silent, trace: (sql: string) => void asked.push(sql) };
    const options = { dbUrl: await freshDatabase(), dataDir: '', logger, applicationName: 'direct' };
    await (await openWarehouse(options)).close();
    assert.equal(asked.length, 1, 'one round trip');
  });
});
