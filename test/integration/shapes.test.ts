import assert from 'node:assert/strict';
import { backfill, check, migrate, status, sync, verify, type WarehouseShape } from '../../src/core/core.js';
import { createBook } from '../../src/demo/book/book.js';
import { demoCompanyGuid } from '../../src/demo/demoNames.js';
import { contextOf } from '../support/context.js';
import { sale } from '../support/invoices.js';
import { loadInvoices } from '../support/loadInvoices.js';
import { cliSetting } from '../support/cliSetting.js';
import { fullTable } from '../support/fullTable.js';
import { ask, emptyDatabase } from '../support/postgres.js';
import { fillReleased, migrationNames, rowsOfTables, wholeDump } from '../support/releasedSchemas.js';
import { useToday } from '../support/shiftedClock.js';
import { useTally } from '../support/useTally.js';

const range = { from: '2025-04-01', to: '2025-06-09' };
const plain: WarehouseShape = { kind: 'plain', partitions: null };

describe('the shape of a warehouse', function () {
  this.timeout(120_000);
  useToday('2025-06-10');
  const tally = useTally({
    book: createBook({ invoices: 60, ...range }),
    keepsWorking: false,
    dayBook: 'honours-dates',
  });
  let url: string;
  const context = () => contextOf({ TALLY_URL: tally.url, DB_URL: url });
  const one = async (sql: string): Promise<Record<string, unknown>> => (await ask(url, sql))[0]!;

  beforeEach(async () => {
    url = await emptyDatabase();
  });

  describe('decides whether a load collects statistics:', () => {
    const analyzed = async (): Promise<unknown[]> =>
      (
        await ask(
          url,
          `SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace
             AND oid IN (SELECT starelid FROM pg_statistic) ORDER BY relname`,
        )
      ).map(({ relname }) => relname);
    const load = async (invoices: number): Promise<void> => {
      tally.behave({ book: createBook({ invoices, ...range }) });
      await backfill(range, context());
    };
    after(() => {
      tally.behave({ book: createBook({ invoices: 60, ...range }) });
    });

    it('in one piece, a run that inserts most of many invoices does; a small one, or one that inserts nothing, does not', async () => {
      await load(60);
      assert.deepEqual(await analyzed(), []);
      url = await emptyDatabase();
      await load(150);
      assert.deepEqual(await analyzed(), ['etl_days', 'fact_invoice', 'fact_invoice_line']);
      await ask(url, "DELETE FROM pg_statistic WHERE starelid = 'fact_invoice'::regclass");
      await load(150);
      assert.deepEqual(await analyzed(), ['etl_days', 'fact_invoice_line']);
    });

    it('the first run with the ledger collects those of its tables, and not those of invoices that were loaded before', async () => {
      await load(150);
      await ask(
        url,
        'DELETE FROM pg_statistic WHERE starelid IN (SELECT oid FROM pg_class WHERE relname LIKE $$fact%$$)',
      );
      await backfill(range, contextOf({ TALLY_URL: tally.url, DB_URL: url, TALLY_STREAMS: 'invoices,ledger' }));
      const of = (await analyzed()) as string[];
      assert.deepEqual(
        ['dim_ledger', 'fact_invoice', 'fact_ledger_entry', 'fact_voucher'].filter((table) => of.includes(table)),
        ['dim_ledger', 'fact_ledger_entry', 'fact_voucher'],
      );
    });

    it('in partitions none does: an ANALYZE reads the rows of all companies', async () => {
      await migrate(context(), { partitions: 2 });
      await load(150);
      assert.deepEqual(await analyzed(), []);
    });
  });

  describe('in partitions', () => {
    it('is made of an empty database, and every job works on it', async () => {
      const { applied, shape } = await migrate(context(), { partitions: 4 });
      assert.deepEqual([applied, shape], [migrationNames, { kind: 'partitioned', partitions: 4 }]);
      await backfill(range, context());
      await loadInvoices(url, [sale(1, { date: '2025-04-05' })], { id: 'other', name: 'Other Traders' });
      assert.equal((await sync(context())).notProven, null);
      assert.deepEqual((await verify(range, context())).listed, []);
      const places = await ask(
        url,
        'SELECT company_id AS id, count(DISTINCT tableoid)::int AS tables FROM fact_invoice_line GROUP BY 1 ORDER BY 1',
      );
      assert.deepEqual(places, [
        { id: demoCompanyGuid, tables: 1 },
        { id: 'other', tables: 1 },
      ]);
      const divided = await ask(
        url,
        `SELECT relname, relkind FROM pg_class c WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
           AND NOT relispartition ORDER BY relname`,
      );
      assert.deepEqual(
        divided.filter(({ relkind }) => relkind === 'r').map(({ relname }) => relname),
        ['dim_company', 'etl_logs', 'etl_migrations'],
      );
      assert.deepEqual((await status({}, context())).shape, { kind: 'partitioned', partitions: 4 });
      const schema = (await check(context())).find(({ part }) => part === 'schema')!;
      assert.equal(schema.message, 'The tables are up to date. The tables are divided by company into 4 partitions.');
    });

    it('leaves alone what another application divides and has not yet given parts', async () => {
      await ask(url, 'CREATE TABLE others (day date) PARTITION BY RANGE (day)');
      await ask(url, 'CREATE TABLE those (id text) PARTITION BY HASH (id)');
      await migrate(context(), { partitions: 2 });
      const parts = "SELECT inhrelid FROM pg_inherits WHERE inhparent IN ('others'::regclass, 'those'::regclass)";
      assert.deepEqual(await ask(url, parts), []);
    });

    it('is made once: the same again changes nothing, and another number is refused, as are tables in one piece', async () => {
      await migrate(context(), { partitions: 2 });
      const before = await wholeDump(url);
      assert.deepEqual((await migrate(context(), { partitions: 2 })).applied, []);
      await assert.rejects(migrate(context(), { partitions: 4 }), { code: 'warehouse-refused' });
      assert.equal(await wholeDump(url), before);
      url = await emptyDatabase();
      assert.deepEqual((await migrate(context())).shape, plain);
      await assert.rejects(migrate(context(), { partitions: 4 }), {
        code: 'warehouse-refused',
        message: 'The warehouse already has tables, which cannot be divided afterwards.',
      });
    });

    const older = migrationNames.map((_, n) => n).slice(1);
    // The oldest release runs every later migration. FULL_TABLE=1 begins at each release.
    for (const count of fullTable ? older : [older[0]!, older.at(-1)!])
      it(`is kept by an upgrade from ${migrationNames[count - 1]!}, with every row`, async () => {
        await fillReleased(url, count, 2);
        const before = await rowsOfTables(url);
        assert.deepEqual((await migrate(context())).applied, migrationNames.slice(count));
        assert.deepEqual(await rowsOfTables(url, before), before);
        const missing = await ask(
          url,
          `SELECT relname FROM pg_class c WHERE relnamespace = 'public'::regnamespace AND relkind = 'p'
             AND (SELECT count(*) FROM pg_inherits WHERE inhparent = c.oid) <> 2`,
        );
        assert.deepEqual(missing, []);
        await backfill(range, context());
      });
  });

  describe('on a cluster', () => {
    it('is refused by one sentence where the extension is not installed, and nothing is changed', async () => {
      const before = await wholeDump(url);
      await assert.rejects(
        migrate(context(), { distributed: true }),
        (error: Error & { code: string; hint: string }) => {
          assert.equal(error.code, 'warehouse-refused');
          assert.match(
            error.message,
            /refused: this database does not have the extension citus, which distributes tables\.$/,
          );
          assert.match(error.hint, /CREATE EXTENSION citus/);
          return true;
        },
      );
      assert.equal(await wholeDump(url), before);
    });

    /**
     * Stands in for Citus: tables and functions that only note the calls. So the test shows that the statements are
     * valid and in which order they come, not that a cluster carries them out.
     */
    const standIn = async (group = 0): Promise<void> => {
      await ask(
        url,
        `SET allow_system_table_mods = on;
         CREATE TABLE pg_catalog.pg_dist_partition (logicalrelid regclass);
         CREATE TABLE pg_catalog.pg_dist_local_group (groupid int);
         INSERT INTO pg_catalog.pg_dist_local_group VALUES (${group});
         CREATE SCHEMA noted;
         CREATE TABLE noted.calls (id serial, call text);
         CREATE FUNCTION public.create_distributed_table(name regclass, key text, colocate_with text) RETURNS void LANGUAGE sql AS
           $$INSERT INTO pg_catalog.pg_dist_partition VALUES (name);
             INSERT INTO noted.calls (call) VALUES (name || ' by ' || key || ' with ' || colocate_with ||
               ', ' || current_setting('citus.multi_shard_modify_mode'))$$;
         CREATE FUNCTION public.truncate_local_data_after_distributing_table(name regclass) RETURNS void LANGUAGE sql AS
           $$INSERT INTO noted.calls (call) VALUES ('emptied ' || name)$$`,
      );
    };
    const calls = async (): Promise<string[]> =>
      (await ask(url, 'SELECT call FROM noted.calls ORDER BY id')).map(({ call }) => String(call));

    it('is refused by one sentence where the address is a worker’s', async () => {
      await standIn(3);
      await assert.rejects(
        migrate(context(), { distributed: true }),
        /refused: this server is a worker of a cluster\.$/,
      );
      assert.deepEqual(await calls(), []);
    });

    it('asks to distribute each table once, companies first and lines behind their invoices, with the rows that are there', async () => {
      await standIn();
      await backfill(range, context());
      const { shape, applied } = await migrate(context(), { distributed: true });
      assert.deepEqual([shape, applied], [{ kind: 'distributed', partitions: null }, []]);
      const asked = await calls();
      const masters = ['dim_cost_centre', 'dim_group', 'dim_ledger', 'dim_stock_item', 'dim_unit', 'dim_voucher_type'];
      const rest = ['etl_checkpoints', 'etl_days', 'etl_file_masters', 'etl_masters', 'etl_rejects', 'etl_sources'];
      const order = [
        ...['dim_company', 'fact_invoice', 'fact_voucher', ...masters, ...rest, 'etl_verified', 'etl_vouchers'],
        ...['fact_bank_allocation', 'fact_bill', 'fact_cost_allocation', 'fact_invoice_line'],
        ...['fact_ledger_entry', 'fact_opening_bill', 'fact_stock_entry'],
      ];
      assert.deepEqual(asked, [
        ...order.map(
          (name) =>
            `${name} by company_id with ${name === 'dim_company' ? 'default' : 'public.dim_company'}, sequential`,
        ),
        ...order.map((name) => `emptied ${name}`),
      ]);
      await migrate(context(), { distributed: true });
      await migrate(context());
      assert.deepEqual(await calls(), asked, 'what is distributed is left alone');
      assert.match(
        (await check(context())).find(({ part }) => part === 'schema')!.message,
        /over the workers of a cluster/,
      );
    });

    it('distributes what a later migration makes, in a warehouse that is distributed', async () => {
      await standIn();
      await fillReleased(url, 8, 0); // only plain tables are distributed
      await ask(
        url,
        "INSERT INTO pg_catalog.pg_dist_partition SELECT oid FROM pg_class WHERE relname ~ '^(dim|fact|etl)_' AND relkind = 'r'",
      );
      await migrate(context());
      const made = [
        ...['fact_voucher', 'dim_cost_centre', 'dim_group', 'dim_ledger', 'dim_stock_item', 'dim_unit'],
        ...['dim_voucher_type', 'etl_vouchers', 'fact_bank_allocation', 'fact_bill', 'fact_cost_allocation'],
        ...['fact_ledger_entry', 'fact_opening_bill', 'fact_stock_entry'],
      ];
      assert.deepEqual(await calls(), [
        ...made.map((name) => `${name} by company_id with public.dim_company, sequential`),
        ...made.map((name) => `emptied ${name}`),
      ]);
      assert.equal((await one("SELECT count(*)::int AS n FROM fact_invoice WHERE company_id = 'old'")).n, 2);
    });

    it('says which tables a failure left on the coordinator, and the next load distributes them', async () => {
      await standIn();
      await fillReleased(url, 8, 0); // only plain tables are distributed
      await ask(
        url,
        `INSERT INTO pg_catalog.pg_dist_partition SELECT oid FROM pg_class WHERE relname ~ '^(dim|fact|etl)_' AND relkind = 'r';
         ALTER FUNCTION public.create_distributed_table RENAME TO away`,
      );
      await assert.rejects(migrate(context()), /create_distributed_table/);
      const words = async (): Promise<string[]> =>
        (await check(context())).filter(({ part }) => part === 'schema').map(({ message }) => message);
      const [tables, hint] = await words();
      assert.match(tables!, /^The tables are up to date\. .*workers of a cluster/);
      assert.match(hint!, /^Not distributed yet: fact_voucher, dim_cost_centre, .*\. The next load/);
      await ask(url, 'ALTER FUNCTION public.away RENAME TO create_distributed_table');
      await backfill(range, context());
      const asked = await calls();
      assert.equal(
        asked.filter((call) => call === 'etl_vouchers by company_id with public.dim_company, sequential').length,
        1,
      );
      assert.equal((await words()).length, 1);
    });
  });
});

describe('migrate at the command line', function () {
  this.timeout(60_000);
  const setting = cliSetting({ book: createBook({ invoices: 5, ...range }) });

  it('says how the tables lie, and takes one of its two options with a number that makes sense', async () => {
    const env = { ...setting.env, DB_URL: await emptyDatabase() };
    const { stdout } = await setting.run('migrate --partitions 3', env);
    assert.match(stdout, /Applied:\n {2}0001_tables\n[\s\S]*\nThe tables are divided by company into 3 partitions\.\n/);
    const answer = (await setting.answer('status', env)) as { shape: WarehouseShape };
    assert.deepEqual(answer.shape, { kind: 'partitioned', partitions: 3 });
    assert.match((await setting.run('status', env)).stdout, /divided by company into 3 partitions/);
    await setting.fails('usage', 2, 'migrate --partitions 1', env);
    await setting.fails('usage', 2, 'migrate --partitions 4 --distributed', env);
    await setting.fails('warehouse-refused', 4, 'migrate --distributed', env);
  });
});
