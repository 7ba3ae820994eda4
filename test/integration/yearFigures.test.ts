import assert from 'node:assert/strict';
import { backfill, yearFigures } from '../../src/core/core.js';
import { createBook, demoCompanyGuid } from '../../src/demo/book/book.js';
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
      await ask(url, "INSERT INTO dim_company (company_id, name) VALUES ('other', 'Other')");
    });

    it('names the largest customers and suppliers as party_totals has them, and how many there are', async () => {
      const { parties, counts } = (await read())!;
      const totals = await ask(
        url,
        `SELECT CASE direction WHEN 'outward' THEN 'sales' ELSE 'purchases' END AS side, party_name AS name,
           party_gstin AS gstin, invoices::int, total_amount::text AS amount
         FROM party_totals WHERE financial_year = '2024-25' ORDER BY direction DESC, total_amount DESC, party_name`,
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
        ...{ parties: [], items: [], taxes: [] },
        counts: [
          { side: 'sales', parties: 0, items: 0 },
          { side: 'purchases', parties: 0, items: 0 },
        ],
      });
    });

    it('is nothing before the first load', async () => {
      const fresh = await server.emptyDatabase();
      assert.equal(await yearFigures({ companyId: 'x', ...year }, contextOf({ DB_URL: fresh })), null);
    });
  });
