import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { Invoice, InvoiceLine, InvoiceType } from '../../src/core/invoice/invoice.js';
import { invoice, invoices, invoicesPerPage, type InvoicesRequest } from '../../src/core/jobs/invoices.js';
import { openWarehouse } from '../../src/core/warehouse/postgres/connect.js';
import { contextOf } from '../support/context.js';
import { ledgerLine, sale } from '../support/invoices.js';
import { ask, servers, silent, withoutLastMigration } from '../support/postgres.js';

const traders = { id: 'traders', name: 'Demo Traders' };
const other = { id: 'other', name: 'Another Company' };
const year = { from: '2024-04-01', to: '2025-03-31' };
const byDate = { by: 'date', descending: false } as const;

/** An invoice of so many rupees with 18 % GST. The rupees of a note are negative. */
const one = (number: string, type: InvoiceType, date: string, rupees: bigint, given: Partial<Invoice> = {}): Invoice =>
  sale(number, {
    ...{ invoiceNumber: number, invoiceType: type, date, taxableAmount: rupees * 100n, totalAmount: rupees * 118n },
    ...{ cgstAmount: rupees * 9n, sgstAmount: rupees * 9n, ...given },
  });

const books = [
  one('S/10', 'sales', '2024-04-02', 1000n),
  one('S/9', 'sales', '2024-04-02', 2000n, { partyName: 'Café 100% Pure', partyGstin: '32BBBBB0000B1Z5' }),
  one('C/1', 'credit_note', '2024-05-01', -300n),
  one('P/1', 'purchase', '2024-05-02', 700n, { partyName: 'Mill & Sons', partyGstin: null }),
  one('D/1', 'debit_note', '2025-03-31', -50n, { partyName: 'mill & sons', partyGstin: null }),
  one('S/0', 'sales', '2024-06-01', 0n, { isCancelled: true, lines: [], partyName: null, invoiceNumber: null }),
  one('S/O', 'sales', '2024-06-01', 4000n, { isOptional: true }),
  one('S/Y', 'sales', '2023-12-31', 5000n),
];

for (const server of servers())
  describe(`the invoices of the warehouse on ${server.name}`, function () {
    this.timeout(60_000);
    let url: string;

    before(async () => {
      url = await server.freshDatabase();
      await load(books);
      await load([one('X/1', 'sales', '2022-01-01', 1n)], other);
    });

    async function load(loaded: Invoice[], company = traders): Promise<void> {
      const warehouse = await openWarehouse({ dbUrl: url, dataDir: '', logger: silent, applicationName: 'test' });
      const stage = await warehouse.createStage(company);
      await stage.add(loaded, []);
      await stage.merge({ from: '1990-01-01', to: '2099-12-31' }, { runId: randomUUID() });
      await warehouse.close();
    }
    const read = (request: Partial<InvoicesRequest> = {}, company?: string) =>
      invoices(
        { companyId: traders.id, range: year, order: byDate, offset: 0, ...request },
        contextOf({ DB_URL: url, ...(company !== undefined && { TALLY_COMPANY: company }) }),
      );
    const numbers = async (request: Partial<InvoicesRequest> = {}) =>
      (await read(request)).rows.map(({ number }) => number);

    it('come to the figures of the registers, net of notes, and sales are not added to purchases', async () => {
      const { totals, rows } = await read();
      for (const [side, view] of [
        ['sales', 'sales_register'],
        ['purchases', 'purchase_register'],
      ] as const) {
        const [sums] = await ask(
          url,
          `SELECT count(*)::int AS invoices, sum(taxable_amount)::text AS taxable, sum(cgst_amount)::text AS cgst,
             sum(sgst_amount)::text AS sgst, sum(igst_amount)::text AS igst, sum(cess_amount)::text AS cess,
             sum(total_amount)::text AS total
           FROM ${view} WHERE company_id = $1 AND date BETWEEN $2 AND $3`,
          [traders.id, year.from, year.to],
        );
        assert.deepEqual(
          totals.find((one) => one.side === side),
          { side, ...sums, part: null },
        );
      }
      assert.equal(totals.length, 2);
      assert.deepEqual(rows[2], {
        ...{ id: 'C/1', date: '2024-05-01', number: 'C/1', type: 'credit_note', voucherType: 'GST Sales' },
        ...{ party: 'Sundar Stores', gstin: '29AAAAA0000A1Z5', placeOfSupply: 'Karnataka', isCancelled: false },
        ...{ taxable: '-300.00', cgst: '-27.00', sgst: '-27.00', igst: '0.00', cess: '0.00', tax: '-54.00' },
        ...{ total: '-354.00', part: null },
      });
    });

    it('are those of the range, the types, the party and the text that are asked for', async () => {
      assert.deepEqual(await numbers(), ['S/9', 'S/10', 'C/1', 'P/1', null, 'D/1'], 'a cancelled one, no optional one');
      assert.deepEqual(await numbers({ types: ['purchase', 'debit_note'] }), ['P/1', 'D/1']);
      assert.deepEqual(await numbers({ party: 'Mill & Sons' }), ['P/1'], 'the name as it stands');
      assert.deepEqual(await numbers({ party: 'Mill' }), []);
      assert.deepEqual(await numbers({ party: null }), [null]);
      assert.deepEqual(await numbers({ text: ' mill ' }), ['P/1', 'D/1']);
      assert.deepEqual(await numbers({ text: '32bbb' }), ['S/9']);
      assert.deepEqual(await numbers({ text: 's/1' }), ['S/10']);
      assert.deepEqual(await numbers({ range: { from: '2024-05-01', to: '2024-05-02' } }), ['C/1', 'P/1']);
      const { totals } = await read({ text: 's/1' });
      assert.deepEqual(
        totals.map(({ side, total }) => [side, total]),
        [['sales', '1180.00']],
      );
    });

    it('are those of an item or of a rate of GST, with what of each belongs to that', async () => {
      const item = (name: string | null, amount: bigint, gstRate: bigint | null): InvoiceLine =>
        ledgerLine('Sales', amount, { lineType: 'item', ledgerClass: 'taxable', itemName: name, gstRate });
      const freight = ledgerLine('Freight', 5_00n, { ledgerClass: 'taxable', gstRate: 180_000n });
      const [half, both] = [180_000n, 50_000n];
      await load(
        [
          one('I/1', 'sales', '2021-04-01', 100n, {
            lines: [item('Soap', 90_00n, half), item('Rice', 10_00n, both), freight],
          }),
          one('I/2', 'credit_note', '2021-04-02', -20n, { lines: [item('Soap', -20_00n, half)] }),
          one('I/3', 'sales', '2021-04-03', 7n, { lines: [item(null, 7_00n, null)] }),
          one('I/4', 'sales', '2021-04-04', 3n, {
            lines: [ledgerLine('Sundar Stores', 3_00n, { ledgerClass: 'party' })],
          }),
          one('I/5', 'sales', '2021-04-05', 0n, { isCancelled: true, lines: [] }),
        ],
        other,
      );
      const range = { from: '2021-04-01', to: '2021-04-30' };
      const parts = async (filter: Partial<InvoicesRequest>) => {
        const { rows, totals } = await read({ companyId: other.id, range, ...filter });
        return [...rows.map(({ number, part }) => `${number} ${part}`), totals[0]?.part];
      };
      assert.deepEqual(await parts({ item: 'Soap' }), ['I/1 90.00', 'I/2 -20.00', '70.00']);
      assert.deepEqual(await parts({ item: 'soap' }), [undefined]);
      assert.deepEqual(await parts({ item: null }), ['I/3 7.00', '7.00']);
      assert.deepEqual(await parts({ rate: '18.0000' }), ['I/1 95.00', 'I/2 -20.00', '75.00']);
      assert.deepEqual(await parts({ rate: '5' }), ['I/1 10.00', '10.00']);
      assert.deepEqual(await parts({ rate: null }), ['I/3 7.00', 'I/4 3.00', '10.00'], 'not the cancelled one');
      assert.deepEqual(await parts({ item: 'Soap', types: ['sales'] }), ['I/1 90.00', '90.00']);
      assert.deepEqual(await parts({ item: 'Soap', rate: '18' }), ['I/1 90.00', 'I/2 -20.00', '70.00']);
      assert.deepEqual(await parts({ item: 'Rice', rate: '18' }), [undefined], 'rice is at 5 %, beside soap at 18 %');
      assert.deepEqual(await parts({ item: null, rate: null }), ['I/3 7.00', '7.00']);
      assert.deepEqual(await parts({ item: 'Soap', rate: null }), [undefined]);
    });

    it('are found by text that is text, whatever it looks like', async () => {
      assert.deepEqual(await numbers({ text: '100%' }), ['S/9']);
      for (const text of ['%', '_', "'; DROP TABLE fact_invoice; --", '\\', "' OR true --", '.*'])
        assert.deepEqual(await numbers({ text }), text === '%' ? ['S/9'] : [], text);
      for (const key of ['party', 'item'] as const)
        assert.deepEqual(await numbers({ [key]: "x' OR 'a' = 'a" }), [], key);
      assert.deepEqual((await read({}, "x'; DELETE FROM fact_invoice; --")).rows.length, 6);
    });

    it('stand in the order of date, number, party or total, either way', async () => {
      const inOrder = (by: InvoicesRequest['order']['by'], descending = false) =>
        numbers({ order: { by, descending } });
      assert.deepEqual(await inOrder('date', true), ['D/1', null, 'P/1', 'C/1', 'S/10', 'S/9']);
      assert.deepEqual(await inOrder('number'), ['C/1', 'D/1', 'P/1', 'S/9', 'S/10', null], '9 comes before 10');
      assert.deepEqual(await inOrder('party'), ['S/9', 'P/1', 'D/1', 'S/10', 'C/1', null]);
      assert.deepEqual(await inOrder('total'), ['C/1', 'D/1', null, 'P/1', 'S/10', 'S/9']);
    });

    it('come a page at a time, each once', async () => {
      const many = Array.from({ length: invoicesPerPage + 20 }, (_, i) => one(`M/${i}`, 'sales', '2021-05-05', 1n));
      await load(many, other);
      const of2021 = { companyId: other.id, range: { from: '2021-05-05', to: '2021-05-05' } };
      const pages = [await read(of2021), await read({ ...of2021, offset: invoicesPerPage })];
      assert.deepEqual(
        pages.map(({ rows }) => rows.length),
        [invoicesPerPage, 20],
      );
      assert.equal(new Set(pages.flatMap(({ rows }) => rows.map(({ id }) => id))).size, many.length);
      assert.deepEqual(pages[1]!.totals, pages[0]!.totals);
      assert.equal(pages[0]!.totals[0]!.invoices, many.length);
    });

    it('are of the last financial year that has one, where no range is asked for', async () => {
      const { range, company, companies } = await read({ range: undefined });
      assert.deepEqual([range, company, companies], [year, traders, [other, traders]]);
      assert.deepEqual((await read({ range: undefined, companyId: undefined }, 'another company')).company, other);
      const elsewhere = await invoices(
        { order: byDate, offset: 0 },
        contextOf({ DB_URL: await server.freshDatabase() }),
      );
      assert.deepEqual([elsewhere.company, elsewhere.range, elsewhere.rows], [null, null, []]);
    });

    it('say how many days of the range were never loaded', async () => {
      const range = { from: '2024-04-01', to: '2024-04-05' };
      assert.equal((await read({ range })).neverLoaded, 4);
      await ask(
        url,
        `INSERT INTO etl_days (company_id, date, rules_hash, run_id) VALUES ($1, '2024-04-03', '', gen_random_uuid())`,
        [traders.id],
      );
      assert.equal((await read({ range })).neverLoaded, 3);
    });

    it('are refused in tables of an earlier version, and for an invalid range', async () => {
      await withoutLastMigration(url, () => assert.rejects(read(), { code: 'schema-outdated' }));
      await assert.rejects(read({ range: { from: '2024-04-31', to: '2024-05-01' } }), { code: 'usage' });
    });

    it('open with all that the voucher says, line by line in its order', async () => {
      const lines = Array.from({ length: 11 }, (_, i) =>
        ledgerLine(`Ledger ${i}`, 10_050n, { ledgerClass: 'taxable', gstRate: 180_000n }),
      );
      await load([sale('whole', { ...{ date: '2020-04-01', narration: 'Urgent', alterId: 900n, lines } })], other);
      const opened = await invoice({ companyId: other.id, invoiceId: 'whole' }, contextOf({ DB_URL: url }));
      const { narration, total_amount, date, is_cancelled, alter_id, due_date } = opened!.invoice;
      assert.deepEqual(
        [narration, total_amount, date, is_cancelled, alter_id, due_date],
        ['Urgent', '1180.00', '2020-04-01', 'false', '900', null],
      );
      assert.deepEqual(opened!.lines.map(({ line_no, ledger_name }) => [line_no, ledger_name]).at(-1), [
        '11',
        'Ledger 10',
      ]);
      assert.equal(opened!.lines[0]!.gst_rate, '18.0000');
      assert.equal(await invoice({ companyId: traders.id, invoiceId: 'whole' }, contextOf({ DB_URL: url })), null);
    });
  });
