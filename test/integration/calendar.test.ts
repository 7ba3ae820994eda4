import assert from 'node:assert/strict';
import { calendar } from '../../src/core/jobs/calendar.js';
import { demoCompanyGuid, demoCompanyName } from '../../src/demo/demoNames.js';
import { contextOf } from '../support/context.js';
import { fillCalendar, markDays, prepareWarehouse } from '../support/filledCalendar.js';
import { ask, servers } from '../support/postgres.js';

for (const server of servers())
  describe(`the calendar of the warehouse on ${server.name}`, function () {
    this.timeout(60_000);
    const read = (url: string, companyId?: string) => calendar({ companyId }, contextOf({ DB_URL: url }));

    it('has no company before anything was loaded, and writes nothing', async () => {
      const url = await server.emptyDatabase();
      assert.deepEqual(await read(url), { companies: [], company: null, booksFrom: null, days: [] });
      assert.deepEqual(await ask(url, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"), []);
    });

    it('has each day with its invoices by type, what is proven, and what verify found', async () => {
      const url = await server.freshDatabase();
      await prepareWarehouse(url);
      await fillCalendar(url, { from: '2024-03-30', to: '2024-04-02', invoices: 40 });
      await markDays(url, { different: ['2024-04-01', '2024-04-05'], unproven: ['2024-04-02'] });
      const sums =
        "SELECT to_char(date, 'YYYY-MM-DD') AS date, sum(total_amount)::text AS total FROM fact_invoice GROUP BY date";
      const expected = new Map((await ask(url, sums)).map(({ date, total }) => [date, total]));
      const { company, days } = await read(url);
      assert.deepEqual(company, { id: demoCompanyGuid, name: demoCompanyName });
      assert.deepEqual(
        days.map(({ date, loaded, proven, differences, byType }) => [
          date,
          loaded,
          proven,
          differences,
          byType.length > 0,
        ]),
        [
          ['2024-03-30', true, true, null, true],
          ['2024-03-31', true, true, null, false], // a Sunday: proven to have none
          ['2024-04-01', true, true, 2, true],
          ['2024-04-02', true, false, null, true],
          ['2024-04-05', false, false, 2, false], // compared only
        ],
      );
      for (const { date, byType } of days)
        assert.equal(
          byType.reduce((sum, { total }) => sum + Math.round(Number(total) * 100), 0),
          Math.round(Number(expected.get(date) ?? 0) * 100),
          date,
        );
      assert.ok(
        days[0]!.byType.some(({ invoiceType, total }) => invoiceType === 'credit_note' && total.startsWith('-')),
      );
    });

    it('leaves out what Tally no longer has, and optional vouchers', async () => {
      const url = await server.freshDatabase();
      await prepareWarehouse(url);
      await fillCalendar(url, { from: '2024-04-01', to: '2024-04-01', invoices: 10 });
      const count = async () => (await read(url)).days[0]!.byType.reduce((sum, { invoices }) => sum + invoices, 0);
      const before = await count();
      await ask(url, "UPDATE fact_invoice SET missing_since = now() WHERE invoice_id LIKE '%-3'");
      assert.equal(await count(), before - 1);
      // As in the view invoice_register: a day with optional vouchers alone counts as loaded, and has no invoice.
      await ask(url, 'UPDATE fact_invoice SET is_optional = true');
      await ask(url, 'DELETE FROM etl_days');
      const [{ loaded, byType } = {}] = (await read(url)).days;
      assert.deepEqual([loaded, byType], [true, []]);
    });

    it('counts the vouchers of every type on the days that were loaded with the ledger', async () => {
      const url = await server.freshDatabase();
      await prepareWarehouse(url);
      await fillCalendar(url, { from: '2024-03-30', to: '2024-04-01', invoices: 40 });
      await ask(url, "UPDATE etl_days SET rules_hash = rules_hash || ' ledger 1' WHERE date < '2024-04-01'");
      const [from] = (await ask(url, 'SELECT company_id, run_id FROM fact_invoice LIMIT 1')) as [
        Record<string, unknown>,
      ];
      for (const [id, optional] of [
        ['v1', false],
        ['v2', false],
        ['v3', true],
      ])
        await ask(
          url,
          `INSERT INTO fact_voucher (company_id, voucher_id, voucher_type, base_type, date, amount, is_cancelled, is_optional,
             is_post_dated, content_hash, mapping_version, run_id, loaded_at)
           VALUES ($1, $2, 'Receipt', 'receipt', '2024-03-30', 1, false, $3, false, '', 1, $4, now())`,
          [from.company_id, id, optional, from.run_id],
        );
      const { days } = await read(url);
      assert.deepEqual(
        days.map(({ date, vouchers }) => [date, vouchers]),
        [
          ['2024-03-30', 2],
          ['2024-03-31', 0],
          ['2024-04-01', null],
        ],
      );
    });

    it('shows the company asked for, else the configured one, else the one that was loaded last and has a day', async () => {
      const url = await server.freshDatabase();
      await prepareWarehouse(url);
      await ask(url, "INSERT INTO dim_company (company_id, name) VALUES ('another', 'Aarav Stores')");
      await fillCalendar(url, { from: '2024-04-01', to: '2024-04-02', invoices: 4 });
      assert.equal((await read(url)).company?.name, demoCompanyName);
      assert.equal((await read(url, 'another')).company?.name, 'Aarav Stores');
      assert.equal((await read(url, 'unknown')).company?.name, demoCompanyName);
      const configured = await calendar({}, contextOf({ DB_URL: url, TALLY_COMPANY: ' aarav stores ' }));
      assert.deepEqual(
        [configured.company?.name, configured.days, configured.companies.length],
        ['Aarav Stores', [], 2],
      );
      const last = () => calendar({ lastResortId: demoCompanyGuid }, contextOf({ DB_URL: url }));
      assert.equal((await last()).company?.name, demoCompanyName, 'the other has nothing');
      await ask(
        url,
        `INSERT INTO etl_days (company_id, date, rules_hash, run_id) VALUES ('another', '2024-04-01', '', gen_random_uuid())`,
      );
      assert.equal((await last()).company?.name, 'Aarav Stores');
    });
  });
