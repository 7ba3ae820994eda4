import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import { Client } from 'pg';
import {
  backfill,
  calendar,
  invoices,
  type InvoiceType,
  type RegisterFilter,
  type Side,
  yearFigures,
} from '../../src/core/core.js';
import { createBook } from '../../src/demo/book/book.js';
import { demoCompanyGuid } from '../../src/demo/demoNames.js';
import { contextOf } from '../support/context.js';
import { ask, loadedOnce, servers } from '../support/postgres.js';
import { startDemoServer } from '../../src/demo/server.js';

const range = { from: '2024-03-15', to: '2024-05-31' };
const year = { from: '2024-04-01', to: '2025-03-31' };

for (const server of servers())
  describe(`what a year of the warehouse comes to on ${server.name}`, function () {
    this.timeout(60_000);
    let url: string;
    const read = (span = year) => yearFigures({ companyId: demoCompanyGuid, ...span }, contextOf({ DB_URL: url }));
    const loaded = loadedOnce(
      () => server.freshDatabase(),
      async (dbUrl) => {
        const tally = await startDemoServer({ book: createBook({ invoices: 200, ...range }) });
        try {
          await backfill(range, contextOf({ TALLY_URL: tally.url, DB_URL: dbUrl }));
        } finally {
          await tally.close();
        }
      },
    );
    before(async () => {
      url = await loaded();
      await ask(url, "UPDATE fact_invoice SET missing_since = now() WHERE invoice_number LIKE '%7'");
      await ask(url, "UPDATE fact_invoice SET is_optional = true WHERE invoice_number LIKE '%8'");
      // As a cancelled invoice is stored, except that a party is named.
      await ask(
        url,
        `WITH cancelled AS (
           UPDATE fact_invoice SET is_cancelled = true, taxable_amount = 0, cgst_amount = 0, sgst_amount = 0, igst_amount = 0,
             cess_amount = 0, round_off_amount = 0, other_amount = 0, total_amount = 0
           WHERE invoice_number LIKE '%5' RETURNING company_id, invoice_id)
         DELETE FROM fact_invoice_line l USING cancelled c WHERE l.company_id = c.company_id AND l.invoice_id = c.invoice_id`,
      );
      await ask(url, "INSERT INTO dim_company (company_id, name) VALUES ('other', 'Other')");
    });

    it('names the largest customers and suppliers as the registers have them, and how many there are', async () => {
      const { parties, counts } = (await read())!;
      const totals = await ask(
        url,
        `SELECT CASE direction WHEN 'outward' THEN 'sales' ELSE 'purchases' END AS side, t.party_name AS name,
           t.party_gstin AS gstin, count(*)::int AS invoices, t.total_amount::text AS amount
         FROM party_totals t JOIN invoice_register r ON r.financial_year = t.financial_year
           AND r.party_name IS NOT DISTINCT FROM t.party_name
           AND (r.invoice_type IN ('sales', 'credit_note')) = (direction = 'outward')
         WHERE t.financial_year = '2024-25' GROUP BY direction, name, gstin, t.total_amount
         ORDER BY direction DESC, t.total_amount DESC, name`,
      );
      for (const side of ['sales', 'purchases'] as const) {
        const ofSide = totals.filter((one) => one.side === side);
        assert.deepEqual(
          parties.filter((one) => one.side === side),
          ofSide.slice(0, 10),
        );
        assert.equal(counts.find((one) => one.side === side)!.parties, ofSide.length);
        assert.ok(ofSide.length > 0);
      }
    });

    it('has the taxes of each rate and side as gst_summary has them, to the paisa', async () => {
      const taxes = await ask(
        url,
        `SELECT CASE direction WHEN 'outward' THEN 'sales' ELSE 'purchases' END AS side, gst_rate::text AS rate,
           sum(taxable_amount)::text AS taxable, sum(cgst_amount)::text AS cgst, sum(sgst_amount)::text AS sgst,
           sum(igst_amount)::text AS igst, sum(cess_amount)::text AS cess, sum(tax_amount)::text AS tax
         FROM gst_summary WHERE financial_year = '2024-25' GROUP BY direction, gst_rate
         ORDER BY direction DESC, gst_rate NULLS LAST`,
      );
      assert.deepEqual((await read())!.taxes, taxes);
      assert.ok(taxes.length > 3);
    });

    it('names the items that bring most, net of notes, of invoices that are in the books alone', async () => {
      const { items } = (await read())!;
      const best = await ask(
        url,
        `SELECT item_name AS name, sum(amount)::text AS amount, count(DISTINCT invoice_id)::int AS invoices
         FROM fact_invoice_line JOIN sales_register USING (company_id, invoice_id)
         WHERE line_type = 'item' AND NOT is_cancelled AND financial_year = '2024-25'
         GROUP BY item_name ORDER BY sum(amount) DESC, item_name LIMIT 10`,
      );
      const sold = items
        .filter(({ side }) => side === 'sales')
        .map(({ name, amount, invoices }) => ({ name, amount, invoices }));
      assert.deepEqual(sold, best);
      assert.ok(best.length > 0);
    });

    it('is made up of the invoices that the list has for each party, item and rate', async () => {
      const { parties, items, taxes } = (await read())!;
      const types: Record<Side, InvoiceType[]> = {
        sales: ['sales', 'credit_note'],
        purchases: ['purchase', 'debit_note'],
      };
      const listed = async (side: Side, filter: RegisterFilter) => {
        const order = { by: 'date', descending: false } as const;
        const request = { companyId: demoCompanyGuid, range: year, types: types[side], order, offset: 0, ...filter };
        const { totals } = await invoices(request, contextOf({ DB_URL: url }));
        return totals[0]!;
      };
      for (const { side, name, invoices: count, amount } of parties) {
        const { invoices: found, total } = await listed(side, { party: name });
        assert.deepEqual([found, total], [count, amount], String(name));
      }
      for (const { side, name, invoices: count, amount } of items) {
        const { invoices: found, part } = await listed(side, { item: name });
        assert.deepEqual([found, part], [count, amount], String(name));
      }
      for (const { side, rate, taxable } of taxes)
        assert.equal((await listed(side, { rate })).part, taxable, `${side} ${rate}`);
      assert.ok(parties.length > 10 && items.length > 10 && taxes.some(({ rate }) => rate === null));
    });

    it('has the days of the year as the calendar has them', async () => {
      const { days } = (await read())!;
      const all = await calendar({ companyId: demoCompanyGuid }, contextOf({ DB_URL: url }));
      assert.deepEqual(
        days,
        all.days.filter(({ date }) => date >= year.from),
      );
      assert.ok(days.length > 50 && days.length < all.days.length);
    });

    it('is of the months that were asked for, and empty where nothing is', async () => {
      const march = (await read({ from: '2024-03-01', to: '2024-03-31' }))!;
      const [{ amount }] = (await ask(
        url,
        `SELECT sum(taxable_amount)::text AS amount FROM sales_register WHERE financial_year = '2023-24' AND NOT is_cancelled`,
      )) as [{ amount: string }];
      const cents = (text: string): bigint => BigInt(text.replace('.', ''));
      const taxable = march.taxes
        .filter(({ side }) => side === 'sales')
        .reduce((sum, one) => sum + cents(one.taxable), 0n);
      assert.equal(taxable, cents(amount));
      assert.deepEqual(await read({ from: '2019-04-01', to: '2020-03-31' }), {
        ...{ parties: [], items: [], taxes: [], days: [], balances: null },
        counts: [
          { side: 'sales', parties: 0, items: 0 },
          { side: 'purchases', parties: 0, items: 0 },
        ],
      });
    });

    it('is of one moment: a load that ends meanwhile changes neither the figures nor the days', async () => {
      const before = await read();
      const writer = new Client(url);
      await writer.connect();
      // The query for the days waits for this lock; the query for the figures does not read the table.
      await writer.query('BEGIN; LOCK TABLE etl_days IN ACCESS EXCLUSIVE MODE');
      const changed = await writer.query(
        "UPDATE fact_invoice SET total_amount = total_amount + 1 WHERE missing_since IS NULL AND NOT is_optional AND date >= '2024-04-01'",
      );
      const reading = read();
      const waiting = "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
      while ((await ask(url, waiting)).length === 0) await setTimeout(20);
      await writer.query('COMMIT');
      try {
        assert.deepEqual(await reading, before);
        assert.ok(changed.rowCount! > 0);
        assert.notDeepEqual(await read(), before);
      } finally {
        await writer.query(
          'UPDATE fact_invoice SET total_amount = total_amount - 1 WHERE missing_since IS NULL AND NOT is_optional AND date >= $1',
          ['2024-04-01'],
        );
        await writer.end();
      }
    });

    it('is nothing before the first load', async () => {
      const fresh = await server.emptyDatabase();
      assert.equal(await yearFigures({ companyId: 'x', ...year }, contextOf({ DB_URL: fresh })), null);
    });
  });
