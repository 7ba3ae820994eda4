import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { backfill, clearAndReload, sync, verify } from '../../src/core/core.js';
import { bookOf } from '../support/demo/bookOf.js';
import type { DemoVoucher } from '../../src/demo/book/voucher.js';
import { contextOf } from '../support/context.js';
import { leanSale, unreadableSale } from '../support/leanBook.js';
import { OwnServer } from '../support/ownServer.js';
import { ask } from '../support/postgres.js';
import { fillReleased, openPlain } from '../support/releasedSchemas.js';
import { migrate } from '../../src/core/warehouse/postgres/migrate.js';
import { silent } from '../support/postgres.js';
import { useToday } from '../support/shiftedClock.js';
import { useTally } from '../support/useTally.js';

const today = '2024-06-10';
const range = { from: '2024-04-01', to: today };
const older = '2024-04-15';

const tables = `SELECT relname AS name FROM pg_class
  WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> 'etl_migrations' ORDER BY 1`;

describe('a warehouse whose tables are published for replicas (FOR ALL TABLES)', function () {
  this.timeout(120_000);
  useToday(today);
  let server: OwnServer;
  const tally = useTally({ keepsWorking: false, dayBook: 'honours-dates', voucherIndex: 'offered' });

  before(async () => {
    server = await OwnServer.start();
    server.stop('fast');
    server.startAgain('wal_level=logical');
  });
  after(() => {
    server.remove();
  });

  const serve = (...vouchers: DemoVoucher[]): void => {
    const sorted = vouchers.sort((a, b) => (a.date < b.date ? -1 : 1));
    tally.behave({ book: bookOf(sorted, { lastAlterId: 9_000_000 }) });
  };
  const migrated = async (url: string): Promise<void> => {
    const connection = await openPlain(url);
    await migrate(connection, 'test', silent);
    await connection.close();
  };

  it('has a replica identity for each table', async () => {
    const url = await server.freshDatabase();
    await migrated(url);
    const without = `SELECT c.relname AS name FROM pg_class c
      WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND c.relreplident <> 'f'
        AND NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid
          AND CASE WHEN c.relreplident = 'd' THEN i.indisprimary ELSE i.indisreplident END)`;
    assert.deepEqual(await ask(url, without), []);
  });

  it('is brought up to date from the first release while it is published', async () => {
    const url = await server.freshDatabase();
    await fillReleased(url, 1);
    await ask(url, 'CREATE PUBLICATION everything FOR ALL TABLES');
    await migrated(url);
    assert.deepEqual(await ask(url, 'SELECT company_id, reason FROM etl_rejects'), [
      { company_id: 'old', reason: 'not a number' },
    ]);
  });

  it('is loaded, synced, reloaded and verified as any other, and a subscriber has the same rows', async () => {
    const url = await server.freshDatabase();
    const replica = await server.freshDatabase();
    for (const database of [url, replica]) await migrated(database);
    await ask(url, 'CREATE PUBLICATION everything FOR ALL TABLES');
    await ask(url, "SELECT pg_create_logical_replication_slot('replica', 'pgoutput')");
    // The slot exists already: a subscriber that makes a slot on its own server would wait for itself.
    await ask(
      replica,
      `CREATE SUBSCRIPTION replica CONNECTION '${connectionOf(url)}' PUBLICATION everything
         WITH (create_slot = false, slot_name = 'replica', copy_data = false)`,
    );
    const context = contextOf({ TALLY_URL: tally.url, DB_URL: url });
    const sales = [1, 2, 3, 4, 5].map((n) => leanSale(n, n < 3 ? older : today));

    serve(...sales, unreadableSale(9, older), unreadableSale(8, today));
    assert.deepEqual((await backfill(range, context)).rejected, 2);
    await sync(context);
    // A reject is altered and still cannot be read, another one is deleted in Tally; an invoice is altered and re-dated.
    serve(...sales.slice(1), leanSale(1, today, 99), { ...unreadableSale(9, older), alterId: 800_000 });
    await sync(context);
    assert.equal((await ask(url, 'SELECT FROM etl_rejects')).length, 1);
    // The other reject can be read now; an invoice is deleted in Tally.
    serve(...sales.slice(2), leanSale(1, today, 99), leanSale(9, older, 5));
    await clearAndReload({ ...range, force: true }, context);
    assert.equal((await ask(url, 'SELECT FROM etl_rejects')).length, 0);
    await verify(range, context);
    await ask(url, "DELETE FROM fact_invoice WHERE date >= '2024-06-01'");
    await backfill({ ...range, dayByDay: true }, context);

    const rowsOf = async (database: string): Promise<unknown[]> => {
      const names = (await ask(database, tables)).map(({ name }) => String(name));
      return Promise.all(
        names.map(async (name) => [
          name,
          await ask(database, `SELECT to_jsonb(t)::text AS row FROM ${name} t ORDER BY 1`),
        ]),
      );
    };
    const until = (await ask(url, 'SELECT pg_current_wal_lsn()::text AS lsn'))[0]!.lsn;
    const confirmed = 'SELECT FROM pg_replication_slots WHERE slot_name = $1 AND confirmed_flush_lsn >= $2::pg_lsn';
    while ((await ask(url, confirmed, ['replica', until])).length === 0) {
      const lost = await ask(
        url,
        "SELECT FROM pg_replication_slots WHERE slot_name = 'replica' AND wal_status = 'lost'",
      );
      assert.deepEqual(lost, []);
      await sleep(50);
    }
    assert.deepEqual(await rowsOf(replica), await rowsOf(url));
    await ask(replica, 'DROP SUBSCRIPTION replica');
  });
});

/** The address in libpq's form, by which a subscriber connects. */
function connectionOf(url: string): string {
  const { hostname, port, username, password, pathname } = new URL(url);
  return `host=${hostname} port=${port} user=${username} password=${password} dbname=${pathname.slice(1)}`;
}
