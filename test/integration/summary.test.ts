import assert from 'node:assert/strict';
import { addDays, addMonths, monthEnd, monthStart, today } from '../../src/core/base/calendar.js';
import { summary } from '../../src/core/jobs/summary.js';
import { demoCompanyGuid, demoCompanyName } from '../../src/demo/demoNames.js';
import { contextOf } from '../support/context.js';
import { fillCalendar, markDays, prepareWarehouse } from '../support/filledCalendar.js';
import { ask, loadedOnce, servers } from '../support/postgres.js';

for (const server of servers())
  describe(`the summary of the warehouse on ${server.name}`, function () {
    this.timeout(60_000);
    const read = async (url: string, company?: string) =>
      summary(contextOf({ DB_URL: url, ...(company !== undefined && { TALLY_COMPANY: company }) }));
    const filled = loadedOnce(
      () => server.freshDatabase(),
      async (url) => {
        await prepareWarehouse(url);
        await fillCalendar(url, { from: '2024-03-01', to: '2024-06-20', invoices: 600 });
        await markDays(url, {
          unproven: ['2024-04-02', '2024-04-03'],
          never: { from: '2024-05-10', to: '2024-05-12' },
        });
        const books = "INSERT INTO etl_sources (company_id, company_name, books_from) VALUES ($1, $2, '2024-02-20')";
        await ask(url, books, [demoCompanyGuid, demoCompanyName]);
      },
    );

    it('has no company before anything was loaded, and writes nothing', async () => {
      const url = await server.emptyDatabase();
      assert.deepEqual(await read(url), { companies: [], configuredId: null });
      assert.deepEqual(await ask(url, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"), []);
    });

    it('has the figures of the registers for each month, year and company, to the paisa', async () => {
      const url = await filled();
      await ask(url, "UPDATE fact_invoice SET missing_since = now() WHERE invoice_id LIKE '%-3'");
      await ask(url, "UPDATE fact_invoice SET is_optional = true WHERE invoice_id LIKE '%-2'");
      const [company] = (await read(url)).companies;
      const register = async (by: string) => {
        const rows = await ask(
          url,
          `SELECT ${by} AS key, count(*)::int AS invoices,
             (SELECT sum(total_amount)::text FROM sales_register s WHERE s.${by} = r.${by}) AS sales,
             (SELECT sum(total_amount)::text FROM purchase_register p WHERE p.${by} = r.${by}) AS purchases
           FROM invoice_register r GROUP BY ${by} ORDER BY ${by}`,
        );
        return rows.map(({ invoices, sales, purchases }) => [invoices, sales, purchases]);
      };
      const figures = (of: { invoices: number; netSales: string; netPurchases: string }) => [
        ...[of.invoices, of.netSales, of.netPurchases],
      ];
      const years = company!.years.filter(({ invoices }) => invoices > 0).reverse();
      assert.deepEqual(
        years.map(({ name }) => name),
        ['2023-24', '2024-25'],
      );
      assert.deepEqual(years.map(figures), await register('financial_year'));
      const months = years.flatMap((year) => year.months).filter(({ invoices }) => invoices > 0);
      assert.deepEqual(months.map(figures), await register('month'));
      assert.deepEqual([figures(company!)], await register('company_id'));
      const [optional] = await ask(url, 'SELECT count(*)::int AS n FROM fact_invoice WHERE is_optional');
      assert.equal(company!.optional, optional!.n);
    });

    it('counts the days that are loaded, not loaded and not proven; not those before the books', async () => {
      const [company] = (await read(await filled())).companies;
      const months = company!.years.flatMap((year) => year.months);
      const days = (month: string) => {
        const found = months.find(({ from }) => from === month);
        return found && [found.daysLoaded, found.daysNotLoaded, found.daysNotProven];
      };
      assert.deepEqual(days('2024-01-01'), undefined);
      assert.deepEqual(days('2024-02-01'), [0, 10, 0]); // the books begin on the 20th
      assert.deepEqual(days('2024-03-01'), [31, 0, 0]);
      assert.deepEqual(days('2024-04-01'), [30, 0, 2]);
      assert.deepEqual(days('2024-05-01'), [28, 3, 0]);
      assert.deepEqual(days('2024-06-01'), [20, 10, 0]);
      assert.deepEqual(days('2024-07-01'), [0, 31, 0]);
      assert.equal(company!.upTo, '2024-06-20');
      assert.equal(company!.booksFrom, '2024-02-20');
    });

    it('ends today: a day to come is not one that was not loaded, a post-dated invoice counts all the same', async () => {
      const url = await server.freshDatabase();
      await prepareWarehouse(url);
      const [from, later] = [monthStart(today()), addDays(monthEnd(addMonths(today(), 2)), -3)];
      await fillCalendar(url, { from, to: today(), invoices: 60 });
      await fillCalendar(url, { from: later, to: addDays(later, 1), invoices: 8 });
      const [company] = (await read(url)).companies;
      const months = company!.years.flatMap((year) => year.months);
      assert.equal(months.find((month) => month.from === from)?.daysNotLoaded, 0);
      const last = months.find((month) => month.from === monthStart(later));
      assert.deepEqual([last?.daysLoaded, last?.daysNotLoaded], [2, 0]);
      assert.equal(company!.upTo, today());
    });

    it('has the company that was loaded last first, and says which one is configured', async () => {
      const url = await filled();
      const add =
        "INSERT INTO dim_company (company_id, name, last_seen_at) VALUES ('another', 'Aarav Stores', now() + $1)";
      await ask(url, add, ['1 hour']);
      const { companies, configuredId } = await read(url, ` ${demoCompanyName.toUpperCase()} `);
      assert.deepEqual(
        companies.map(({ name, years }) => [name, years.length > 0]),
        [
          ['Aarav Stores', false],
          [demoCompanyName, true],
        ],
      );
      assert.equal(configuredId, demoCompanyGuid);
      assert.equal((await read(url, 'Unknown')).configuredId, null);
    });

    it('reads 1,00,000 invoices within three seconds', async () => {
      const url = await server.freshDatabase();
      await prepareWarehouse(url);
      await fillCalendar(url, { from: '2023-04-01', to: '2024-03-31', invoices: 100_000 });
      const began = performance.now();
      const { companies } = await read(url);
      assert.ok(performance.now() - began < 3000, `${performance.now() - began} ms`);
      assert.ok(companies[0]!.invoices > 90_000);
    });
  });
