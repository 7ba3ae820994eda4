import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { schemaState } from '../../src/core/warehouse/postgres/migrate.js';
import type { Invoice, LedgerClass } from '../../src/core/invoice/invoice.js';
import { backfill } from '../../src/core/core.js';
import { openWarehouse } from '../../src/core/warehouse/postgres/connect.js';
import { Connection } from '../../src/core/warehouse/postgres/connection.js';
import { migrate } from '../../src/core/warehouse/postgres/migrate.js';
import type { Warehouse } from '../../src/core/warehouse/warehouse.js';
import { startDemoServer } from '../../src/demo/server.js';
import { contextOf } from '../support/context.js';
import { ledgerLine, sale } from '../support/invoices.js';
import { ask, servers, silent } from '../support/postgres.js';

const demoTraders = { id: 'demo', name: 'Demo Traders' };
const views = ['invoice_register', 'sales_register', 'purchase_register', 'gst_summary', 'party_totals'];

/** The examples of docs/warehouse.md, which must show them word for word. */
const examples = {
  sales: `SELECT date, invoice_number, party_name, party_gstin, taxable_amount, tax_amount, total_amount
FROM sales_register
WHERE date BETWEEN '2024-04-01' AND '2024-04-30' AND NOT is_cancelled
ORDER BY date, invoice_number;`,
  purchase: `SELECT date, party_name, invoice_number, reference, tax_amount
FROM purchase_register
WHERE financial_year = '2024-25' AND tax_amount > 0 AND party_gstin IS NULL
ORDER BY date, party_name;`,
  both: `SELECT invoice_type, count(*) AS invoices, sum(total_amount) AS total
FROM invoice_register
WHERE month = '2024-04-01' GROUP BY invoice_type ORDER BY invoice_type;`,
  gst: `SELECT gst_rate, invoices, taxable_amount, cgst_amount, sgst_amount, igst_amount, cess_amount
FROM gst_summary
WHERE month = '2024-04-01' AND direction = 'outward'
ORDER BY gst_rate;`,
  party: `SELECT party_name, party_gstin, invoices, taxable_amount, tax_amount, total_amount, last_date
FROM party_totals
WHERE financial_year = '2024-25' AND direction = 'outward'
ORDER BY total_amount DESC LIMIT 10;`,
};

type Taxes = Partial<Record<'cgst' | 'sgst' | 'igst' | 'cess', bigint>>;

/** An invoice with these taxes and taxable lines of [rate in percent, paise]; for the rate null Tally gives none. */
function invoice(
  id: string,
  rated: [number | null, bigint][],
  taxes: Taxes = {},
  given: Partial<Invoice> = {},
): Invoice {
  const { cgst = 0n, sgst = 0n, igst = 0n, cess = 0n } = taxes;
  const other = given.otherAmount ?? 0n;
  const taxable = rated.reduce((sum, [, paise]) => sum + paise, 0n);
  const total = taxable + cgst + sgst + igst + cess + other;
  const line = (ledgerClass: LedgerClass, amount: bigint) => ledgerLine(ledgerClass, amount, { ledgerClass });
  return sale(id, {
    ...{ taxableAmount: taxable, cgstAmount: cgst, sgstAmount: sgst, igstAmount: igst, cessAmount: cess },
    totalAmount: total,
    lines: [
      line('party', total),
      ...rated.map(([rate, paise]) => ({
        ...line('taxable', paise),
        gstRate: rate === null ? null : BigInt(rate * 10_000),
      })),
      ...Object.entries(taxes).map(([head, paise]) => line(head as LedgerClass, paise)),
      // This line is outside the taxable value, so its rate must not count.
      ...(other === 0n ? [] : [{ ...line('other', other), gstRate: 180_000n }]),
    ],
    ...given,
  });
}

const zero = { taxableAmount: 0n, cgstAmount: 0n, sgstAmount: 0n, totalAmount: 0n, lines: [] };

/** April 2024 of a small trader, with vouchers that are not in the books: optional, or no longer in Tally. */
// prettier-ignore
const april: Invoice[] = [
  invoice('S1', [[18, 100_000n], [5, 33_333n]], { cgst: 9_833n, sgst: 9_833n }, { date: '2024-04-05' }),
  invoice('S2', [[18, 50_000n]], { igst: 9_000n }, { partyName: 'Kerala Mart', partyGstin: '32AAAAA0000A1Z5' }),
  invoice('S3', [[0, 25_000n]], {}, { date: '2024-04-30', partyName: null, partyGstin: null, otherAmount: 1_000n }),
  invoice('S4', [], {}, { ...zero, isCancelled: true, partyName: null, partyGstin: null }),
  invoice('S5', [[18, 999_900n]], { igst: 179_982n }, { isOptional: true }),
  invoice('S6', [[28, 777_700n]], { igst: 217_756n }, { date: '2024-04-06' }), // Tally no longer has it
  invoice('C1', [[5, -10_000n]], { cgst: -250n, sgst: -250n }, { invoiceType: 'credit_note', date: '2024-04-07' }),
  invoice('P1', [[12, 20_000n]], { cgst: 1_200n, sgst: 1_200n }, {
    ...{ invoiceType: 'purchase', partyName: 'Mill & Sons', partyGstin: null, reference: 'MS/77' },
    ...{ tdsAmount: 20n, date: '2024-04-02' },
  }),
  invoice('P3', [[12, 77_700n]], { igst: 9_324n }, { invoiceType: 'purchase', isOptional: true }),
  invoice('P4', [[12, 88_800n]], { igst: 10_656n }, { invoiceType: 'purchase' }), // Tally no longer has it
  invoice('D1', [[12, -5_000n]], { cgst: -300n, sgst: -300n }, {
    ...{ invoiceType: 'debit_note', partyName: 'Mill & Sons', partyGstin: null, date: '2024-04-03' },
  }),
];

for (const server of servers())
  describe(`the views for BI tools on ${server.name}`, function () {
    this.timeout(120_000);
    let url: string;
    let warehouse: Warehouse;

    const open = async (made: string): Promise<void> => {
      url = made;
      warehouse = await openWarehouse({ dbUrl: url, dataDir: '', logger: silent, applicationName: 'test' });
    };
    beforeEach(async () => open(await server.freshDatabase()));
    afterEach(() => warehouse.close());

    async function load(invoices: Invoice[], company = demoTraders): Promise<void> {
      const stage = await warehouse.createStage(company);
      await stage.add(invoices, []);
      await stage.merge({ from: '1990-01-01', to: '2099-12-31' }, { runId: randomUUID() });
      await stage.close();
    }
    async function loadDemoBook(): Promise<void> {
      const tally = await startDemoServer({ book: { invoices: 600, from: '2024-02-01', to: '2024-08-31' } });
      try {
        const settings = { TALLY_URL: tally.url, DB_URL: url, TALLY_STREAMS: 'invoices,ledger' };
        await backfill({ from: '2024-02-01', to: '2024-08-31' }, contextOf(settings));
      } finally {
        await tally.close();
      }
    }
    async function loadApril(): Promise<void> {
      await load(april);
      await ask(url, "UPDATE fact_invoice SET missing_since = now() WHERE invoice_id IN ('S6', 'P4')");
    }
    /** Each row as PostgreSQL writes a row: `(a,b,,"c d")`. */
    const rows = async (sql: string): Promise<string[]> =>
      (await ask(url, `SELECT q::text AS row FROM (${sql.replace(/;$/, '')}) q`)).map(({ row }) => String(row));
    const gst = (where = 'true'): Promise<string[]> =>
      rows(`SELECT direction, gst_rate, invoices, taxable_amount, cgst_amount, sgst_amount, igst_amount, cess_amount, tax_amount
            FROM gst_summary WHERE ${where} ORDER BY company_id, month, direction, gst_rate`);

    it('list sales and credit notes in the sales register, with every column that was booked', async () => {
      await loadApril();
      const details = { irn: 'i'.repeat(64), irnAckNo: '1', irnAckDate: '2024-03-31', ewayBillNo: '2', currency: '$' };
      await load([
        sale('full', {
          ...{ date: '2024-03-31', invoiceNumber: 'F/1', reference: 'PO 9', referenceDate: '2024-03-30' },
          ...{ cessAmount: 100n, roundOffAmount: -40n, otherAmount: 5n, totalAmount: 118_065n, tdsAmount: 7n },
          ...{
            narration: 'by hand',
            ...details,
            foreignAmount: 14_225_900n,
            exchangeRate: 82_990_000n,
            partyState: 'Goa',
          },
          ...{ buyerName: 'Sundar', partyRegistrationType: 'Regular', consigneeGstin: '32AAAAA0000A1Z5' },
          ...{ consigneeState: 'Kerala', companyGstin: '27AAAAA0000A1Z5', creditDays: 30, dueDate: '2024-04-30' },
          ...{ orderNumber: 'PO 8', orderDate: '2024-03-28', natureOfReturn: '01-Sales Return', isReverseCharge: true },
          ...{ ewayBillDate: '2024-04-01', vehicleNumber: 'MH 12', irnQrCode: 'not in a register' },
        }),
      ]);
      assert.deepEqual(await rows("SELECT * FROM sales_register WHERE invoice_id = 'full'"), [
        `(demo,"Demo Traders",full,sales,"GST Sales",F/1,2024-03-31,2024-03-01,2023-24,"PO 9",2024-03-30,"Sundar Stores",29AAAAA0000A1Z5,Karnataka,` +
          `1000.00,90.00,90.00,0.00,1.00,181.00,-0.40,0.05,1180.65,0.07,$,${'i'.repeat(64)},1,2024-03-31,2,f,"by hand",1422.5900,82.990000,Goa,Sundar,Regular,32AAAAA0000A1Z5,Kerala,27AAAAA0000A1Z5,30,2024-04-30,` +
          `"PO 8",2024-03-28,"01-Sales Return",t,2024-04-01,"MH 12")`,
      ]);
      assert.deepEqual(
        await rows(
          "SELECT invoice_id, invoice_type, total_amount, is_cancelled FROM sales_register WHERE financial_year = '2024-25' ORDER BY 1",
        ),
        [
          '(C1,credit_note,-105.00,f)',
          ...['(S1,sales,1529.99,f)', '(S2,sales,590.00,f)', '(S3,sales,260.00,f)', '(S4,sales,0.00,t)'],
        ],
      );
    });

    it('list purchases and debit notes in the purchase register, with the same columns', async () => {
      await loadApril();
      assert.deepEqual(
        await rows(
          'SELECT invoice_id, invoice_type, reference, tax_amount, total_amount, tds_amount FROM purchase_register ORDER BY 1',
        ),
        ['(D1,debit_note,,-6.00,-56.00,0.00)', '(P1,purchase,MS/77,24.00,224.00,0.20)'],
      );
      const columns = (view: string): Promise<string[]> =>
        rows(
          `SELECT column_name, data_type FROM information_schema.columns WHERE table_name = '${view}' ORDER BY ordinal_position`,
        );
      assert.deepEqual(await columns('purchase_register'), await columns('sales_register'));
    });

    it('sum GST by rate, net of notes, without cancelled and optional vouchers and those that Tally no longer has', async () => {
      await loadApril();
      assert.deepEqual(await gst(), [
        '(inward,12.0000,2,150.00,9.00,9.00,0.00,0.00,18.00)',
        '(outward,0.0000,1,250.00,0.00,0.00,0.00,0.00,0.00)',
        '(outward,5.0000,2,233.33,5.83,5.83,0.00,0.00,11.66)',
        '(outward,18.0000,2,1500.00,90.00,90.00,90.00,0.00,270.00)',
      ]);
      await ask(url, 'UPDATE fact_invoice SET missing_since = NULL');
      assert.deepEqual(await gst('gst_rate = 28'), ['(outward,28.0000,1,7777.00,0.00,0.00,2177.56,0.00,2177.56)']);
    });

    it('keep companies, months and financial years apart', async () => {
      const dated = (id: string, date: string): Invoice => invoice(id, [[18, 10_000n]], { igst: 1_800n }, { date });
      await load([
        dated('1', '1999-12-31'),
        dated('2', '2024-02-29'),
        dated('3', '2024-03-31'),
        dated('4', '2024-04-01'),
      ]);
      await load([dated('4', '2024-05-31')], { id: 'other', name: 'Other Books' });
      const expected = [
        ...['(demo,"Demo Traders",1999-00,1999-12-01)', '(demo,"Demo Traders",2023-24,2024-02-01)'],
        ...['(demo,"Demo Traders",2023-24,2024-03-01)', '(demo,"Demo Traders",2024-25,2024-04-01)'],
        '(other,"Other Books",2024-25,2024-05-01)',
      ];
      const keys = 'SELECT company_id, company_name, financial_year, month FROM';
      for (const zone of ['Asia/Kolkata', 'America/Los_Angeles', 'Pacific/Kiritimati']) {
        await ask(url, `ALTER DATABASE ${new URL(url).pathname.slice(1)} SET timezone = '${zone}'`);
        for (const view of ['sales_register', 'gst_summary'])
          assert.deepEqual(await rows(`${keys} ${view} ORDER BY 1, 4`), expected, `${view} in ${zone}`);
      }
      assert.deepEqual(await rows('SELECT company_id, financial_year, invoices FROM party_totals ORDER BY 1, 2'), [
        '(demo,1999-00,1)',
        '(demo,2023-24,2)',
        '(demo,2024-25,1)',
        '(other,2024-25,1)',
      ]);
      // Two companies may have the same voucher id. Each row counts the lines of its own company only.
      assert.deepEqual(
        await gst("month >= '2024-04-01'"),
        Array(2).fill('(outward,18.0000,1,100.00,0.00,0.00,18.00,0.00,18.00)'),
      );
      await ask(url, 'DELETE FROM dim_company');
      assert.equal((await gst()).length, 5, 'an invoice counts without the row of its company too');
    });

    it('split odd paise over the rates so that nothing is lost', async () => {
      // The three rates bear the same tax. The view rounds 1/3, 2/3 and all of each tax, and takes the steps between
      // them.
      // prettier-ignore
      const thirds: [number, bigint][] = [[18, 10_000n], [5, 36_000n], [12, 15_000n]];
      await load([
        invoice('1', thirds, { cgst: 10_000n, sgst: 1n, igst: -10_000n, cess: 2n }, { otherAmount: 5_000n }),
      ]);
      assert.deepEqual(await gst(), [
        '(outward,5.0000,1,360.00,33.33,0.00,-33.33,0.01,0.01)',
        '(outward,12.0000,1,150.00,33.34,0.01,-33.34,0.00,0.01)',
        '(outward,18.0000,1,100.00,33.33,0.00,-33.33,0.01,0.01)',
      ]);
    });

    it('put tax that no rate explains under no rate, or the highest where all lines have one', async () => {
      const month = (n: number): Partial<Invoice> => ({ date: `2024-0${n}-01` });
      // prettier-ignore
      await load([
        invoice('1', [[null, 10_000n], [null, 5_000n]], { igst: 2_700n }, month(1)),
        invoice('2', [[0, 10_000n], [null, 5_000n]], { igst: 900n, cess: 7n }, month(2)),
        invoice('3', [[18, 10_000n], [null, -500n]], { igst: 1_710n }, month(3)),
        invoice('4', [[5, 40_000n], [20, -10_000n]], { igst: 33n }, month(4)),
        invoice('5', [], { cgst: 100n, sgst: 100n }, month(5)),
        invoice('6', [[0, 10_000n]], { igst: 5n }, month(6)),
      ]);
      assert.deepEqual(await gst(), [
        '(outward,,1,150.00,0.00,0.00,27.00,0.00,27.00)',
        ...['(outward,0.0000,1,100.00,0.00,0.00,0.00,0.00,0.00)', '(outward,,1,50.00,0.00,0.00,9.00,0.07,9.07)'],
        ...['(outward,18.0000,1,100.00,0.00,0.00,17.10,0.00,17.10)', '(outward,,1,-5.00,0.00,0.00,0.00,0.00,0.00)'],
        ...[
          '(outward,5.0000,1,400.00,0.00,0.00,0.00,0.00,0.00)',
          '(outward,20.0000,1,-100.00,0.00,0.00,0.33,0.00,0.33)',
        ],
        '(outward,,1,0.00,1.00,1.00,0.00,0.00,2.00)',
        '(outward,0.0000,1,100.00,0.00,0.00,0.05,0.00,0.05)',
      ]);
    });

    it('lose no paisa of any invoice, whatever its rates and amounts', async () => {
      const paise = fc.oneof(fc.bigInt(-999n, 999n), fc.bigInt(-(10n ** 14n), 10n ** 14n));
      const rate = fc.constantFrom(null, 0, 0.25, 3, 5, 12, 18, 28);
      const taxes = fc.record({ cgst: paise, sgst: paise, igst: paise, cess: paise });
      const shapes = fc.sample(fc.tuple(fc.array(fc.tuple(rate, paise), { maxLength: 6 }), taxes), {
        numRuns: 600,
        seed: 20240401,
      });
      // One invoice a month, so that each month of the view is one invoice.
      const dateOf = (n: number): string => `${2000 + Math.floor(n / 12)}-${String((n % 12) + 1).padStart(2, '0')}-15`;
      await load(shapes.map(([rated, tax], n) => invoice(`${n}`, rated, tax, { date: dateOf(n) })));
      const wrong = await rows(
        `SELECT i.invoice_id FROM fact_invoice i LEFT JOIN (
           SELECT month, sum(taxable_amount) AS taxable, sum(cgst_amount) AS cgst, sum(sgst_amount) AS sgst,
             sum(igst_amount) AS igst, sum(cess_amount) AS cess, sum(tax_amount) AS tax
           FROM gst_summary GROUP BY month) s ON s.month = date_trunc('month', i.date)::date
         WHERE (taxable, cgst, sgst, igst, cess, tax) IS DISTINCT FROM
           (taxable_amount, cgst_amount, sgst_amount, igst_amount, cess_amount, cgst_amount + sgst_amount + igst_amount + cess_amount)`,
      );
      assert.deepEqual(wrong, []);
      assert.equal((await ask(url, 'SELECT DISTINCT month FROM gst_summary')).length, 600);
    });

    it('total each party per financial year and direction', async () => {
      await loadApril();
      await load([
        invoice('S7', [[18, 10_000n]], { igst: 1_800n }, { date: '2024-06-01', partyGstin: '27AAAAA0000A1Z5' }),
        invoice('P2', [[18, 10_000n]], { igst: 1_800n }, { invoiceType: 'purchase', date: '2025-04-01' }),
      ]);
      assert.deepEqual(
        await rows(`SELECT financial_year, party_name, party_gstin, direction, invoices, taxable_amount, tax_amount, total_amount,
                      first_date, last_date FROM party_totals ORDER BY financial_year, direction, party_name`),
        [
          '(2024-25,"Mill & Sons",,inward,2,150.00,18.00,168.00,2024-04-02,2024-04-03)',
          '(2024-25,"Kerala Mart",32AAAAA0000A1Z5,outward,1,500.00,90.00,590.00,2024-04-01,2024-04-01)',
          '(2024-25,"Sundar Stores","27AAAAA0000A1Z5, 29AAAAA0000A1Z5",outward,3,1333.33,209.66,1542.99,2024-04-05,2024-06-01)',
          '(2024-25,,,outward,1,250.00,0.00,260.00,2024-04-30,2024-04-30)',
          '(2025-26,"Sundar Stores",29AAAAA0000A1Z5,inward,1,100.00,18.00,118.00,2025-04-01,2025-04-01)',
        ],
      );
    });

    it('answer the examples of docs/warehouse.md', async () => {
      await loadApril();
      assert.deepEqual(await rows(examples.sales), [
        '(2024-04-01,S/S2,"Kerala Mart",32AAAAA0000A1Z5,500.00,90.00,590.00)',
        '(2024-04-05,S/S1,"Sundar Stores",29AAAAA0000A1Z5,1333.33,196.66,1529.99)',
        '(2024-04-07,S/C1,"Sundar Stores",29AAAAA0000A1Z5,-100.00,-5.00,-105.00)',
        '(2024-04-30,S/S3,,,250.00,0.00,260.00)',
      ]);
      assert.deepEqual(await rows(examples.purchase), ['(2024-04-02,"Mill & Sons",S/P1,MS/77,24.00)']);
      assert.deepEqual(await rows(examples.gst), [
        '(0.0000,1,250.00,0.00,0.00,0.00,0.00)',
        '(5.0000,2,233.33,5.83,5.83,0.00,0.00)',
        '(18.0000,2,1500.00,90.00,90.00,90.00,0.00)',
      ]);
      assert.deepEqual(await rows(examples.party), [
        '("Sundar Stores",29AAAAA0000A1Z5,2,1233.33,191.66,1424.99,2024-04-07)',
        '("Kerala Mart",32AAAAA0000A1Z5,1,500.00,90.00,590.00,2024-04-01)',
        '(,,1,250.00,0.00,260.00,2024-04-30)',
      ]);
    });

    it('and the tables answer every SQL example of the documents', async () => {
      await loadDemoBook();
      const statements = await shownStatements();
      const questions = statements.filter((sql) => sql.startsWith('SELECT'));
      assert.ok(questions.length >= 7);
      for (const sql of questions) assert.ok((await ask(url, sql)).length > 0, sql);
      // Statements that write come last, because the examples delete rows.
      for (const sql of statements.filter((one) => !questions.includes(one))) await ask(url, sql);
    });

    it('add up to fact_invoice over the whole demo book', async () => {
      await loadDemoBook();
      const [book] = await ask(
        url,
        `SELECT count(*)::int AS all, count(*) FILTER (WHERE is_optional)::int AS optional,
           count(*) FILTER (WHERE is_cancelled)::int AS cancelled, count(*) FILTER (WHERE cess_amount <> 0)::int AS cess FROM fact_invoice`,
      );
      assert.ok(
        Object.values(book!).every((n) => (n as number) > 0),
        JSON.stringify(book),
      );

      const outward = "(CASE WHEN invoice_type IN ('sales', 'credit_note') THEN 'outward' ELSE 'inward' END)";
      const inBooks = 'fact_invoice WHERE NOT is_optional AND missing_since IS NULL';
      const taxes = 'sum(cgst_amount), sum(sgst_amount), sum(igst_amount), sum(cess_amount)';
      const tax = 'cgst_amount + sgst_amount + igst_amount + cess_amount';
      const same = async (view: string, facts: string): Promise<void> => {
        const expected = await rows(facts);
        assert.deepEqual(await rows(view), expected);
        assert.ok(expected.length > 0);
      };
      await same(
        `SELECT month, direction, sum(taxable_amount), ${taxes}, sum(tax_amount) FROM gst_summary GROUP BY 1, 2 ORDER BY 1, 2`,
        `SELECT date_trunc('month', date)::date AS m, ${outward} AS d, sum(taxable_amount), ${taxes}, sum(${tax}) FROM ${inBooks} GROUP BY 1, 2 ORDER BY 1, 2`,
      );
      for (const [view, direction] of [
        ['sales_register', 'outward'],
        ['purchase_register', 'inward'],
      ])
        await same(
          `SELECT count(*), sum(taxable_amount), ${taxes}, sum(tax_amount), sum(round_off_amount), sum(other_amount), sum(total_amount), sum(tds_amount) FROM ${view}`,
          `SELECT count(*), sum(taxable_amount), ${taxes}, sum(${tax}), sum(round_off_amount), sum(other_amount), sum(total_amount), sum(tds_amount)
           FROM ${inBooks} AND ${outward} = '${direction}'`,
        );
      await same(
        'SELECT party_name, direction, sum(invoices), sum(taxable_amount), sum(tax_amount), sum(total_amount) FROM party_totals GROUP BY 1, 2 ORDER BY 1, 2',
        `SELECT party_name, ${outward} AS d, count(*)::numeric, sum(taxable_amount), sum(${tax}), sum(total_amount)
         FROM ${inBooks} AND NOT is_cancelled GROUP BY 1, 2 ORDER BY 1, 2`,
      );
      // The apportioned tax is what the rates say. Rounding, by Tally and by the view, moves at most 3 paise an
      // invoice.
      const far = await gst('abs(tax_amount - cess_amount - taxable_amount * gst_rate / 100) > 0.03 * invoices');
      assert.deepEqual(far, []);
    });

    it('are made in a warehouse that has the first tables only, and its rows stay', async () => {
      await warehouse.close();
      await open(await server.emptyDatabase());
      const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'tally-test-migrations-'));
      const address = { config: { connectionString: url }, tls: [false as const] };
      const connection = await Connection.open(address, 'test', 'test', silent);
      try {
        await fs.copyFile('migrations/0001_tables.sql', path.join(folder, '0001_tables.sql'));
        await migrate(connection, 'test', silent, folder);
      } finally {
        await connection.close();
        await fs.rm(folder, { recursive: true });
      }
      await ask(
        url,
        `INSERT INTO fact_invoice VALUES ('demo', 'old', 1, 1, 'sales', 'Sales', 'O/1', '2024-04-01', NULL, NULL, 'Asha', NULL, NULL,
           100, 9, 9, 0, 0, 0, 0, 118, 0, 'INR', NULL, NULL, NULL, NULL, false, false, NULL, 'hash', 1, '${randomUUID()}', now(), NULL);
         INSERT INTO fact_invoice_line VALUES ('demo', 'old', 1, 'ledger', 'Sales', 'taxable', NULL, NULL, NULL, NULL, NULL, NULL, 18, 100)`,
      );
      const facts = 'SELECT invoice_id, content_hash, total_amount, loaded_at, xmin FROM fact_invoice';
      const before = await rows(facts);
      assert.equal(await warehouse.use(schemaState), 'outdated');
      assert.ok((await warehouse.migrate()).includes('0003_views'));
      assert.equal(await warehouse.use(schemaState), 'current');
      assert.deepEqual(await rows(facts), before);
      assert.deepEqual(await gst(), ['(outward,18.0000,1,100.00,9.00,9.00,0.00,0.00,18.00)']);
      assert.deepEqual(await rows('SELECT invoice_id, company_name FROM sales_register'), ['(old,)']);
    });

    it('can be read by someone who may read nothing else', async () => {
      await loadApril();
      const reader = `tally_bi_${randomBytes(4).toString('hex')}`;
      await ask(url, `CREATE ROLE ${reader} LOGIN PASSWORD 'reader'`);
      try {
        // A reader with rights from an earlier release has none on invoice_register, which these views read.
        const given = views.filter((view) => view !== 'invoice_register');
        await ask(url, `GRANT SELECT ON ${given.join(', ')} TO ${reader}`);
        const as = new URL(url);
        as.username = reader;
        as.password = 'reader';
        for (const view of given) assert.ok((await ask(as.href, `SELECT * FROM ${view}`)).length > 0, view);
        for (const other of ['fact_invoice', 'invoice_register'])
          await assert.rejects(ask(as.href, `SELECT * FROM ${other}`), /permission denied/);
      } finally {
        await ask(url, `DROP OWNED BY ${reader}`);
        await ask(url, `DROP ROLE ${reader}`);
      }
    });
  });

/**
 * Views and functions of the ledger. The test above runs their examples on the demo book, so ledgerViews.test.ts need
 * not.
 */
const ofLedger = [
  ...['ledger_register', 'bill_register', 'stock_register', 'day_book'],
  ...['trial_balance', 'profit_and_loss', 'ledger_statement', 'open_bills', 'receivables_ageing', 'payables_ageing'],
  ...['cash_and_bank', 'stock_summary'],
];
const documents = ['README.md', 'docs/warehouse.md', 'docs/contract.md'];
/** The SQL statements that the documents show. */
const shownStatements = async (): Promise<string[]> => {
  const texts = await Promise.all(documents.map((file) => fs.readFile(file, 'utf8')));
  const blocks = texts.flatMap((text) => [...text.matchAll(/^```sql\n(.*?)\n```$/gms)].map(([, sql]) => sql!));
  return blocks.flatMap((sql) => sql.split(/;\n?/)).filter((statement) => statement.trim() !== '');
};

describe('docs/warehouse.md', () => {
  it('shows an example for each view, word for word as it is tested', async () => {
    const page = await fs.readFile('docs/warehouse.md', 'utf8');
    for (const view of views)
      assert.ok(
        Object.values(examples).some((sql) => sql.includes(`FROM ${view}`)),
        view,
      );
    for (const view of ofLedger) assert.match(page, new RegExp(`\`\`\`sql\\n(?:(?!\`\`\`)[^])*FROM ${view}\\b`), view);
    for (const example of Object.values(examples))
      assert.ok(page.includes('```sql\n' + example + '\n```'), `docs/warehouse.md does not show:\n${example}`);
  });
});
