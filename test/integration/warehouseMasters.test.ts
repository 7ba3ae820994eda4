import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { rememberBooks, type BooksChange, type KnownMaster } from '../../src/core/warehouse/records/knownMasters.js';
import { socketOf } from '../../src/core/warehouse/postgres/client.js';
import { ask, servers } from '../support/postgres.js';
import { openPlain } from '../support/releasedSchemas.js';

/**
 * Two companies of 4,000 invoices on 1,000 days. Each invoice has four lines, but every 400th is cancelled and has
 * none.
 */
const fill = `
  INSERT INTO fact_invoice (company_id, invoice_id, invoice_type, voucher_type, date, party_name, taxable_amount, cgst_amount, sgst_amount,
    igst_amount, cess_amount, round_off_amount, other_amount, total_amount, tds_amount, currency, is_cancelled, is_optional, content_hash,
    mapping_version, run_id, loaded_at)
  SELECT company, company || n, 'sales', 'Sales', date '2020-01-01' + n % 1000, CASE WHEN n % 400 = 0 THEN 'Gone' ELSE 'Party ' || n % 500 END, 0, 0, 0, 0, 0, 0, 0, 0, 0, 'INR',
    n % 400 = 0, false, '', 1, gen_random_uuid(), now()
  FROM unnest(ARRAY['ours', 'other']) company, generate_series(1, 4000) n;
  INSERT INTO fact_invoice_line (company_id, invoice_id, line_no, date, invoice_type, line_type, ledger_name, ledger_class, item_name, unit, amount)
  SELECT company_id, invoice_id, line, date, invoice_type, 'item', CASE line WHEN 1 THEN party_name ELSE 'Sales ' || line END, 'taxable',
    CASE WHEN line > 2 THEN 'Item ' || substring(invoice_id FROM '[0-9]+')::int % 800 END, CASE WHEN line > 2 THEN 'Nos' END, 0
  FROM fact_invoice, generate_series(1, 4) line WHERE NOT is_cancelled;
  INSERT INTO etl_days (company_id, date, rules_hash, run_id) SELECT company_id, date, 'rules', gen_random_uuid() FROM fact_invoice GROUP BY 1, 2;
  ANALYZE`;

for (const server of servers())
  describe(`the days that show a changed master, in a warehouse of several companies on ${server.name}`, function () {
    this.timeout(60_000);
    let url: string;

    before(async () => {
      url = await server.freshDatabase();
      await ask(url, fill);
      await remember([]);
      await ask(url, "UPDATE etl_days SET rules_hash = 'rules'");
    });

    async function inSession<T>(work: (connection: Awaited<ReturnType<typeof openPlain>>) => Promise<T>): Promise<T> {
      const connection = await openPlain(url);
      try {
        return await work(connection);
      } finally {
        await connection.close();
      }
    }
    const first: KnownMaster = { kind: 'ledger', name: 'Cash', digest: '' };
    const remember = (changed: Pick<KnownMaster, 'kind' | 'name'>[]): Promise<BooksChange> =>
      inSession((connection) =>
        rememberBooks(connection, 'ours', {
          companyName: 'Ours',
          days: { from: '0001-01-01', to: '9999-12-31' },
          kinds: ['voucher-type', 'ledger', 'group', 'stock-item', 'unit'],
          masters: [first, ...changed.map((master) => ({ ...master, digest: '' }))],
          voucherCounter: null,
          masterCounter: null,
        }),
      );
    /**
     * How many rows of the two fact tables sessions have read. A session reports its count when it ends, hence the
     * wait.
     */
    const rowsRead = async (): Promise<number> => {
      await sleep(300);
      const [row] = await ask(
        url,
        "SELECT sum(seq_tup_read + coalesce(idx_tup_fetch, 0))::int AS n FROM pg_stat_user_tables WHERE relname LIKE 'fact_invoice%'",
      );
      return row!.n as number;
    };

    const changes: [what: string, changed: Pick<KnownMaster, 'kind' | 'name'>[], days: number, mostRows: number][] = [
      ['a ledger of customers', [{ kind: 'ledger', name: 'Party 77' }], 2, 100],
      ['a customer of cancelled invoices alone', [{ kind: 'ledger', name: 'Gone' }], 5, 100],
      ['a stock item', [{ kind: 'stock-item', name: 'Item 77' }], 5, 100],
      ['a ledger that no invoice shows', [{ kind: 'ledger', name: 'New' }], 0, 20],
      ['a stock item of the name of a ledger', [{ kind: 'stock-item', name: 'Party 77' }], 0, 20],
      ['a unit', [{ kind: 'unit', name: 'Nos' }], 1000, Infinity],
      ['a voucher type', [{ kind: 'voucher-type', name: 'Sales' }], 1000, Infinity],
      ['a group', [{ kind: 'group', name: 'Sales Accounts' }], 0, 20],
    ];
    for (const [what, changed, days, mostRows] of changes)
      it(`lose their proof: ${what}${mostRows === Infinity ? '' : '; other rows are not read'}`, async () => {
        await ask(url, "UPDATE etl_days SET rules_hash = 'rules'; DELETE FROM etl_masters WHERE name <> 'Cash'");
        const before = await rowsRead();
        const found = await remember(changed);
        const read = (await rowsRead()) - before;
        assert.equal(found.days, days);
        assert.ok(read <= mostRows, `${read} rows were read`);
        assert.deepEqual(await ask(url, "SELECT FROM etl_days WHERE rules_hash = '' AND company_id = 'other'"), []);
      });

    describe('with thousands of masters', () => {
      const many: KnownMaster[] = Array.from({ length: 3000 }, (_, n) => ({
        ...{ kind: 'ledger', name: `Party ${n}`, digest: `guid-${n} party` },
        details: { parent: 'Sundry Debtors', taxType: '', gstDutyHead: '', address: 'x'.repeat(200) },
      }));
      const seen = (masters: KnownMaster[]) => ({
        ...{ companyName: 'Large', days: { from: '0001-01-01', to: '9999-12-31' } },
        ...{ kinds: ['voucher-type', 'ledger', 'group'] as KnownMaster['kind'][], masters },
        ...{ voucherCounter: null, masterCounter: null },
      });
      /** The bytes that PostgreSQL sends. */
      const bytesFor = (masters: KnownMaster[]): Promise<number> =>
        inSession(async (connection) => {
          const { bytesRead } = socketOf(connection.client);
          await rememberBooks(connection, 'large', seen(masters));
          return socketOf(connection.client).bytesRead - bytesRead;
        });
      const stored = (name: string) =>
        ask(url, `SELECT digest, details FROM etl_masters WHERE company_id = 'large' AND name = '${name}'`);

      before(async () => {
        await bytesFor(many);
      });

      it('unchanged masters are not read from PostgreSQL', async () => {
        assert.ok((await bytesFor(many)) < 5_000);
      });

      it('a new, a changed and a removed master are found and stored', async () => {
        const [, second, ...others] = many;
        const changed = { ...second!, digest: 'guid-1 other' };
        const added: KnownMaster = { kind: 'ledger', name: 'New', digest: 'guid-new party' };
        const change = await inSession((connection) =>
          rememberBooks(connection, 'large', seen([changed, added, ...others])),
        );
        assert.deepEqual(change.changedNames?.sort(), ['New', 'Party 0', 'Party 1']);
        assert.deepEqual(await stored('Party 0'), []);
        assert.deepEqual(await stored('Party 1'), [{ digest: 'guid-1 other', details: second!.details }]);
        assert.deepEqual(await stored('New'), [{ digest: 'guid-new party', details: null }]);
      });

      it('a master gets the details that an older version did not store, and no day loses its proof for it', async () => {
        await ask(url, `UPDATE etl_masters SET details = NULL WHERE company_id = 'large' AND name = 'Party 9'`);
        const change = await inSession((connection) => rememberBooks(connection, 'large', seen(many.slice(2))));
        assert.deepEqual(await stored('Party 9'), [{ digest: 'guid-9 party', details: many[9]!.details }]);
        assert.ok(!change.changedNames?.includes('Party 9'));
      });
    });
  });
