import assert from 'node:assert/strict';
import { backfill } from '../../src/core/core.js';
import type { BackfillRequest, JobResult } from '../../src/core/jobs/job.js';
import { createBook } from '../../src/demo/book/book.js';
import { demoCompanyGuid } from '../../src/demo/demoNames.js';
import { bookOf } from '../support/demo/bookOf.js';
import { expectedInvoice, type ExpectedInvoice } from '../support/demo/expected.js';
import { demoVoucher, type DemoVoucher } from '../../src/demo/book/voucher.js';
import { contextOf } from '../support/context.js';
import { leanSale } from '../support/leanBook.js';
import { fullTable } from '../support/fullTable.js';
import { ask, servers } from '../support/postgres.js';
import { useTally } from '../support/useTally.js';

const quarter = { from: '2024-04-01', to: '2024-06-30' };
const bookOptions = { invoices: fullTable ? 1500 : 500, from: '2024-02-01', to: '2024-08-31' };

/**
 * Every invoice with its lines as the database has them, without the columns of the run and the mapping; numbers as
 * text.
 */
async function stored(url: string): Promise<ExpectedInvoice[]> {
  const rows = await ask(
    url,
    `SELECT to_jsonb(i) - '{content_hash,mapping_version,run_id,loaded_at,missing_since,classed_by}'::text[]
       || jsonb_build_object('alter_id', alter_id::text, 'master_id', master_id::text, ${numbers(
         'taxable_amount cgst_amount sgst_amount igst_amount cess_amount round_off_amount other_amount total_amount tds_amount foreign_amount exchange_rate',
       )},
       'lines', (SELECT coalesce(jsonb_agg(to_jsonb(l) - CASE WHEN (l.date, l.invoice_type) = (i.date, i.invoice_type)
          THEN '{company_id,invoice_id,date,invoice_type}' ELSE '{company_id,invoice_id}' END::text[]
          || jsonb_build_object(${numbers('quantity rate discount_percent gst_rate amount')}) ORDER BY line_no), '[]')
        FROM fact_invoice_line l WHERE (l.company_id, l.invoice_id) = (i.company_id, i.invoice_id))) AS invoice
     FROM fact_invoice i ORDER BY invoice_id`,
  );
  return rows.map((row) => row.invoice as ExpectedInvoice);
}
const numbers = (columns: string): string =>
  columns
    .split(' ')
    .map((column) => `'${column}', ${column}::text`)
    .join(', ');

for (const server of servers())
  describe(`a backfill into ${server.name}`, function () {
    this.timeout(120_000);
    const tally = useTally({ book: bookOptions });
    let database: string;

    beforeEach(async () => {
      database = await server.freshDatabase();
      tally.behave({ dayBook: 'everything', voucherIndex: 'offered' });
      tally.requests.length = 0;
    });

    const run = (request: BackfillRequest, more = {}): Promise<JobResult> =>
      backfill(request, contextOf({ TALLY_URL: tally.url, DB_URL: database, ...more }));
    const reportsAsked = (): number => tally.requests.filter((request) => request.kind === 'report').length;
    const count = async (from: string): Promise<number> =>
      Number((await ask(database, `SELECT count(*) AS n FROM ${from}`))[0]!.n);

    it('says how many of the invoices are optional vouchers, read or known to be unchanged: no view counts them', async () => {
      const first = await run(quarter);
      const optional = await count('fact_invoice WHERE is_optional');
      assert.ok(optional > 0);
      assert.equal(first.optional, optional);
      assert.equal(await count('invoice_register'), first.invoices - optional);
      const second = await run(quarter);
      assert.deepEqual([second.index?.unchanged, second.optional], [second.invoices, optional]);
      assert.equal((await run({ ...quarter, dryRun: true })).optional, undefined);
    });

    it('puts every header and every line of the range into the warehouse, to the paisa, and nothing else', async () => {
      const result = await run(quarter);
      const expected = [...tally.book.vouchers(quarter)]
        .map((voucher) => expectedInvoice(voucher))
        .filter((invoice) => invoice !== undefined)
        .sort((a, b) => (a.invoice_id < b.invoice_id ? -1 : 1));
      assert.ok(expected.length > 150, `only ${expected.length} invoices`);
      const actual = await stored(database);
      for (const [i, invoice] of expected.entries()) assert.deepEqual(actual[i], invoice);
      assert.equal(actual.length, expected.length);
      assert.deepEqual(
        [result.invoices, result.inserted, result.rejected, result.notProven],
        [expected.length, expected.length, 0, null],
      );
      const total = (invoices: { total_amount: string }[]): bigint =>
        invoices.reduce((sum, invoice) => sum + BigInt(invoice.total_amount.replace('.', '')), 0n);
      const told = result.byType.map(({ total }) => ({ total_amount: total }));
      assert.equal(total(told), total(expected), 'the totals told are those of the books');
    });

    it('run again changes nothing: no row is rewritten', async () => {
      await run(quarter);
      const versions = 'fact_invoice WHERE xmin::text = (SELECT max(xmin::text) FROM fact_invoice)';
      const before = await count(versions);
      const again = await run(quarter);
      assert.deepEqual([again.inserted, again.updated, again.unchanged], [0, 0, again.invoices]);
      assert.equal(await count(versions), before);
    });

    it('by days gives the same rows, each day in its own transaction, oldest first', async () => {
      await run(quarter);
      const whole = await stored(database);
      database = await server.freshDatabase();
      const result = await run({ ...quarter, dayByDay: true });
      assert.deepEqual(await stored(database), whole);
      const days = await ask(
        database,
        'SELECT date::text, count(DISTINCT xmin::text)::int AS transactions, min(loaded_at) AS at FROM fact_invoice GROUP BY date ORDER BY date',
      );
      assert.deepEqual(new Set(days.map((day) => day.transactions)), new Set([1]));
      const times = days.map((day) => Number(day.at));
      assert.deepEqual(
        times,
        times.toSorted((a, b) => a - b),
      );
      assert.deepEqual(
        result.days.map((day) => day.date),
        days.map((day) => day.date),
      );
    });

    it('by days asks a Tally that returns everything once, and one that honours dates for each day', async () => {
      const week = { from: '2024-04-01', to: '2024-04-07', dayByDay: true };
      const everything = await run(week);
      assert.equal(reportsAsked(), 1);
      tally.behave({ dayBook: 'honours-dates' });
      tally.requests.length = 0;
      database = await server.freshDatabase();
      const honoured = await run(week);
      assert.equal(reportsAsked(), 7);
      assert.equal(honoured.inserted, everything.invoices);
    });

    it('asks no report where nothing has changed since the last load', async () => {
      const first = await run(quarter);
      tally.requests.length = 0;
      const again = await run(quarter);
      assert.equal(reportsAsked(), 0);
      assert.equal(again.unchanged, first.invoices);
      assert.deepEqual(again.byType, first.byType, 'the totals are there all the same');
      assert.deepEqual([again.notProven, again.warnings], [null, []]);
    });

    it('is not proven when Tally gives no list and its answer reaches over a part of the range only', async () => {
      tally.behave({ voucherIndex: 'refused' });
      const result = await run({ from: '2024-08-01', to: '2024-10-31' });
      assert.match(result.notProven ?? '', /only from 1\u00a0Feb\u00a02024 to 31\u00a0Aug\u00a02024/);
      assert.equal(await count('fact_invoice'), result.invoices);
    });

    it('asks the next report too where neither the list nor the Day Book has a voucher of some days, however few', async () => {
      const dates = ['2024-03-26', '2024-03-27', '2024-04-01', '2024-04-05'];
      const { book } = tally;
      tally.behave({
        book: bookOf(dates.map((date, i) => leanSale(i + 1, date))),
        ...{ voucherIndex: 'screen-period', dayBook: 'screen-period' },
        screenPeriod: { from: '2024-04-01', to: '2025-03-31' },
      });
      const result = await run({ from: '2024-03-25', to: '2024-04-01' });
      tally.behave({ book, screenPeriod: undefined });
      assert.equal(await count('fact_invoice'), 3);
      assert.match(result.notProven ?? '', /for 25\u00a0Mar\u00a0– 1\u00a0Apr\u00a02024 is not proven complete/);
    });

    it('in a dry run leaves an empty database empty: no table, no row', async () => {
      database = await server.emptyDatabase();
      const result = await run({ ...quarter, dryRun: true });
      assert.ok(result.invoices > 150);
      assert.equal(result.inserted, result.invoices);
      assert.equal(result.warehouse.state, 'empty');
      const left =
        "pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'";
      assert.equal(await count(left), 0);
    });

    it('in a dry run says what a real one then does, and names what Tally no longer has', async () => {
      await run(quarter);
      await ask(database, "DELETE FROM fact_invoice WHERE date = '2024-04-03'");
      await ask(database, "UPDATE fact_invoice SET content_hash = 'edited', alter_id = 1 WHERE date = '2024-04-04'");
      await ask(
        database,
        `INSERT INTO fact_invoice SELECT (jsonb_populate_record(i, '{"invoice_id": "gone", "invoice_number": "X-1"}')).*
         FROM fact_invoice i WHERE date = '2024-04-05' LIMIT 1`,
      );
      const dry = await run({ ...quarter, dryRun: true });
      assert.ok(dry.inserted > 0 && dry.updated > 0 && dry.unchanged > 0);
      assert.equal(dry.missing, 1);
      assert.deepEqual(
        dry.missingInvoices.map(({ invoiceId, invoiceNumber, date }) => [invoiceId, invoiceNumber, date]),
        [['gone', 'X-1', '2024-04-05']],
      );
      const real = await run(quarter);
      assert.deepEqual([real.days, real.missing, real.missingInvoices], [dry.days, dry.missing, dry.missingInvoices]);
      assert.equal(await count("fact_invoice WHERE invoice_id = 'gone'"), 1, 'a backfill deletes nothing');
    });

    describe('of odd vouchers', () => {
      const day = { from: '2024-04-01', to: '2024-04-01' };
      const id = (n: number): string => `${demoCompanyGuid}-0000000${n}`;
      const sale = (n: number, fields: Partial<DemoVoucher> = {}): DemoVoucher =>
        demoVoucher({
          guid: id(n),
          date: day.from,
          number: `S/${n}`,
          partyLedger: 'Asha',
          entries: [
            { kind: 'ledger', role: 'party', ledger: 'Asha', value: 118_000n },
            { kind: 'ledger', role: 'other', ledger: 'Advice', value: 118_000n },
          ],
          ...fields,
        });
      const raw = (n: number, inner: string): DemoVoucher =>
        sale(n, {
          raw: `<VOUCHER VCHTYPE="Sales"><VOUCHERTYPENAME>Sales</VOUCHERTYPENAME><GUID>${id(n)}</GUID>${inner}</VOUCHER>`,
        });
      const serve = (...vouchers: DemoVoucher[]): void => {
        tally.behave({ book: bookOf(vouchers) });
      };
      const ids = async (): Promise<unknown[]> =>
        (await ask(database, 'SELECT invoice_id FROM fact_invoice ORDER BY 1')).map((row) => row.invoice_id);
      after(() => {
        tally.behave({ book: createBook(bookOptions) });
      });

      it('keeps aside what cannot be read, with the reason and the full text, and loads the rest', async () => {
        const amount =
          '<DATE>20240401</DATE><LEDGERENTRIES.LIST><LEDGERNAME>₹ ñ</LEDGERNAME><AMOUNT>ten</AMOUNT></LEDGERENTRIES.LIST>';
        serve(
          sale(1),
          raw(2, amount),
          raw(3, '<DATE>20240231</DATE>'),
          raw(4, '<DATE>20240401</DATE><BROKEN>'),
          sale(5),
        );
        const result = await run(day);
        assert.deepEqual([result.invoices, result.inserted, result.rejected], [2, 2, 3]);
        assert.deepEqual(await ids(), [id(1), id(5)]);
        const rejects = await ask(
          database,
          'SELECT invoice_id, field, reason, raw, date::text, run_id::text FROM etl_rejects ORDER BY invoice_id',
        );
        assert.deepEqual(
          rejects.map(({ invoice_id, date, run_id }) => [invoice_id, date, run_id]),
          [
            [id(2), '2024-04-01', result.runId],
            [id(3), '2024-04-01', result.runId], // its DATE cannot be read: the date is that of Tally's list
            [id(4), '2024-04-01', result.runId],
          ],
        );
        assert.deepEqual([rejects[0]!.field, rejects[1]!.field], ['AMOUNT', 'DATE']);
        assert.match(String(rejects[0]!.raw), /₹ ñ.*<AMOUNT>ten<\/AMOUNT>/);
        assert.match(String(rejects[2]!.raw), /<BROKEN>/);
      });

      it('updates what was edited in Tally and nothing else, and moves what was re-dated', async () => {
        serve(sale(1), sale(2), sale(3, { date: '2024-04-02' }));
        const range = { from: '2024-04-01', to: '2024-04-05' };
        await run(range);
        serve(
          sale(1),
          sale(2, { narration: 'corrected', alterId: 9 }),
          sale(3, { date: '2024-04-03', alterId: 10 }),
          sale(4),
        );
        const { inserted, updated, unchanged, missing } = await run(range);
        assert.deepEqual(
          { inserted, updated, unchanged, missing },
          { inserted: 1, updated: 2, unchanged: 1, missing: 0 },
        );
        const rows = await ask(database, 'SELECT invoice_id, date::text, narration FROM fact_invoice ORDER BY 1');
        assert.deepEqual(
          rows.map((row) => [row.date, row.narration]),
          [
            ['2024-04-01', null],
            ['2024-04-01', 'corrected'],
            ['2024-04-03', null],
            ['2024-04-01', null],
          ],
        );
        assert.equal(await count('fact_invoice_line'), 8);
      });

      it('takes the last one and says so when Tally sends a voucher twice', async () => {
        serve(sale(1), sale(1, { narration: 'later' }));
        const result = await run(day);
        assert.deepEqual([result.invoices, result.inserted], [1, 1]);
        assert.ok(
          result.warnings.some((warning) => warning.includes('came twice')),
          result.warnings.join(),
        );
        assert.deepEqual(
          (await ask(database, 'SELECT narration FROM fact_invoice')).map((r) => r.narration),
          ['later'],
        );
      });
    });

    it('reports its progress at least every 100 invoices', async () => {
      const context = contextOf({ TALLY_URL: tally.url, DB_URL: database });
      const result = await backfill(quarter, context);
      const steps = context.progress.filter((step) => step.phase === 'reading').map((step) => step.invoices);
      for (let hundred = 100; hundred <= result.invoices; hundred += 100)
        assert.ok(steps.includes(hundred), `${hundred}`);
      const fractions = context.progress.map((step) => step.fraction ?? 0);
      assert.ok(fractions.every((fraction) => fraction >= 0 && fraction <= 1));
      assert.equal(fractions.at(-1), 1);
      assert.deepEqual(
        fractions,
        fractions.toSorted((a, b) => a - b),
      );
      const totals = new Set(context.progress.filter(({ phase }) => phase !== 'preparing').map(({ total }) => total));
      assert.deepEqual([...totals], [result.invoices]);
    });

    it('of the 1st and 2nd of a month speaks of Education mode only where Tally runs in it', async () => {
      const days = { from: '2024-05-01', to: '2024-05-02' };
      const licensed = await run(days);
      assert.deepEqual(
        [licensed.notProven, licensed.warnings.filter((text) => text.includes('Education'))],
        [null, []],
      );
      tally.behave({ education: 'from-shows-screen' });
      const unlicensed = await run(days).finally(() => {
        tally.behave({ education: 'off' });
      });
      assert.match(unlicensed.warnings.join(), /runs without a licence \(Education mode\)/);
    });

    it('of days after the last voucher finds no voucher, though all counters of Tally are 0', async () => {
      tally.behave({ counters: 'zero' });
      const result = await run({ from: '2024-09-03', to: '2024-09-20' }).finally(() => {
        tally.behave({ counters: 'counted' });
      });
      assert.deepEqual([result.invoices, result.missing, result.notProven], [0, 0, null]);
    });
  });
