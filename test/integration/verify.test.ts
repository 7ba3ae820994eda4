import assert from 'node:assert/strict';
import { Client } from 'pg';
import { addDays, type CalendarDate } from '../../src/core/base/calendar.js';
import type { JobResult, VerifyRequest, VerifyResult } from '../../src/core/jobs/job.js';
import { backfill, clearAndReload, verify } from '../../src/core/core.js';
import { comparisonKey } from '../../src/core/warehouse/postgres/companyLock.js';
import { createBook } from '../../src/demo/book/book.js';
import { demoCompanyGuid } from '../../src/demo/demoNames.js';
import { bookOf } from '../support/demo/bookOf.js';
import { expectedInvoice } from '../support/demo/expected.js';
import type { DemoVoucher } from '../../src/demo/book/voucher.js';
import { contextOf } from '../support/context.js';
import { leanSale, unreadableSale, voucherId } from '../support/leanBook.js';
import { fullTable } from '../support/fullTable.js';
import { ask, servers } from '../support/postgres.js';
import { writtenState } from '../support/warehouseContents.js';
import { useTally } from '../support/useTally.js';

const week = { from: '2024-04-01', to: '2024-04-05' };
const day = (n: number): CalendarDate => addDays(week.from, n - 1);

/** Sales with the numbers `first` … `last`, spread over the five days in turn. */
const sales = (first: number, last: number): DemoVoucher[] =>
  Array.from({ length: last - first + 1 }, (_, i) => leanSale(first + i, day(((first + i - 1) % 5) + 1)));

for (const server of servers())
  describe(`verify against ${server.name}`, function () {
    this.timeout(60_000);
    const tally = useTally();
    let database: string;

    beforeEach(async () => {
      database = await server.freshDatabase();
      tally.behave({ dayBook: 'honours-dates', voucherIndex: 'offered', fault: { kind: 'none' } });
    });

    const serve = (...vouchers: DemoVoucher[]): void => {
      tally.behave({ book: bookOf(vouchers.sort((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0))) });
    };
    const context = () => contextOf({ TALLY_URL: tally.url, DB_URL: database });
    const run = (more: Partial<VerifyRequest> = {}): Promise<VerifyResult> => verify({ ...week, ...more }, context());
    const load = async (...vouchers: DemoVoucher[]): Promise<void> => {
      serve(...vouchers);
      await backfill({ from: '2024-03-01', to: '2024-05-31' }, context());
    };
    /** The differences that were found, each as [kind, number, date, fields]. */
    const inShort = ({ listed }: VerifyResult) =>
      listed.map(({ kind, invoiceNumber, date, fields }) => [
        kind,
        invoiceNumber,
        date,
        fields.map(({ field, warehouse, tally }) => `${field}: ${warehouse} > ${tally}`),
      ]);
    const by = (n: number, sql: string) => ask(database, sql, [voucherId(n)]);

    it('finds what was changed by hand in the warehouse, each invoice by the field that is another one, and nothing else', async () => {
      await load(...sales(1, 20));
      await by(1, 'DELETE FROM fact_invoice WHERE invoice_id = $1');
      await by(2, 'UPDATE fact_invoice SET total_amount = 1181.5 WHERE invoice_id = $1');
      await by(3, "UPDATE fact_invoice_line SET amount = 1, unit = 'nos' WHERE invoice_id = $1 AND line_no = 2");
      await by(4, 'DELETE FROM fact_invoice_line WHERE invoice_id = $1 AND line_no = 2');
      await by(
        5,
        'INSERT INTO fact_invoice_line SELECT (jsonb_populate_record(l, \'{"line_no": 9}\')).* FROM fact_invoice_line l WHERE invoice_id = $1 AND line_no = 2',
      );
      await by(6, "UPDATE fact_invoice SET date = '2024-04-03' WHERE invoice_id = $1");
      await by(7, "UPDATE fact_invoice SET missing_since = '2024-06-01T05:30+05:30' WHERE invoice_id = $1");
      await by(8, "UPDATE fact_invoice SET narration = '', is_optional = true WHERE invoice_id = $1");
      await by(
        10,
        "UPDATE fact_invoice_line SET date = '2024-04-30', invoice_type = 'purchase' WHERE invoice_id = $1 AND line_no = 2",
      );
      // Columns that only the program uses are not compared.
      await by(
        9,
        "UPDATE fact_invoice SET alter_id = 0, content_hash = 'x', mapping_version = 0, loaded_at = '2000-01-01', run_id = gen_random_uuid() WHERE invoice_id = $1",
      );
      const result = await run();
      assert.deepEqual(result.notProven, null);
      assert.deepEqual(result.warnings, []);
      assert.deepEqual(inShort(result), [
        ['missing-here', 'S/1', '2024-04-01', []],
        ['different', 'S/6', '2024-04-01', ['date: 2024-04-03 > 2024-04-01']],
        ['different', 'S/2', '2024-04-02', ['total_amount: 1181.50 > 1180.00']],
        ['different', 'S/7', '2024-04-02', ['missing_since: 2024-06-01T00:00:00Z > null']],
        ['different', 'S/3', '2024-04-03', ['line 2 unit: nos > null', 'line 2 amount: 1.00 > 1180.00']],
        ['different', 'S/8', '2024-04-03', ['is_optional: true > false', 'narration:  > null']],
        ['different', 'S/4', '2024-04-04', ['line 2: null > Advice, 1180.00']],
        ['different', 'S/5', '2024-04-05', ['line 9: Advice, 1180.00 > null']],
        [
          'different',
          'S/10',
          '2024-04-05',
          ['line 2 date: 2024-04-30 > 2024-04-05', 'line 2 invoice_type: purchase > sales'],
        ],
      ]);
      assert.deepEqual(result.differences, { missingHere: 1, different: 8, goneInTally: 0 });
    });

    it('finds what was deleted and re-dated in Tally, into and out of the range and within it, and nothing else', async () => {
      await load(...sales(1, 20), leanSale(30, '2024-03-10'), leanSale(31, '2024-05-10'));
      serve(
        ...sales(5, 20),
        leanSale(2, '2024-04-04'),
        leanSale(3, '2024-04-09'),
        leanSale(4, '2023-05-09'),
        leanSale(30, '2024-04-01'),
        leanSale(31, '2024-04-05'),
      );
      const result = await run();
      assert.deepEqual(inShort(result), [
        ['different', 'S/4', '2023-05-09', ['date: 2024-04-04 > 2023-05-09']],
        ['gone-in-tally', 'S/1', '2024-04-01', []],
        ['different', 'S/30', '2024-04-01', ['date: 2024-03-10 > 2024-04-01']],
        ['different', 'S/2', '2024-04-04', ['date: 2024-04-02 > 2024-04-04']],
        ['different', 'S/31', '2024-04-05', ['date: 2024-05-10 > 2024-04-05']],
        ['different', 'S/3', '2024-04-09', ['date: 2024-04-03 > 2024-04-09']],
      ]);
      assert.deepEqual(result.invoices, { tally: 19, warehouse: 20 });
    });

    const verifiedDays = () =>
      ask(database, 'SELECT date::text, differences, run_id::text AS run FROM etl_verified ORDER BY date');

    it('records each day of a proven comparison as verified, until a load changes the day, and agrees once the day is reloaded', async () => {
      await load(...sales(1, 10));
      await by(1, 'UPDATE fact_invoice SET total_amount = 1 WHERE invoice_id = $1');
      await by(2, "UPDATE fact_invoice SET date = '2024-04-04' WHERE invoice_id = $1");
      const found = await run();
      assert.deepEqual(
        await verifiedDays(),
        [1, 1, 0, 1, 0].map((differences, i) => ({ date: day(i + 1), differences, run: found.runId })),
      );
      await clearAndReload({ from: day(2), to: day(2) }, context());
      assert.deepEqual(
        (await verifiedDays()).map(({ date }) => date),
        [day(1), day(3), day(5)],
      );
      await clearAndReload(week, context());
      assert.deepEqual(
        (await verifiedDays()).map(({ date }) => date),
        [day(3), day(5)],
        'what a load does not change stays as it was compared',
      );
      const { differences, listed, runId } = await run();
      assert.deepEqual([differences, listed], [{ missingHere: 0, different: 0, goneInTally: 0 }, []]);
      assert.deepEqual(
        await verifiedDays(),
        [1, 2, 3, 4, 5].map((n) => ({ date: day(n), differences: 0, run: runId })),
      );
    });

    it('agrees with whatever a backfill has loaded, day by day and type by type as the books have it', async () => {
      const range = { from: '2024-03-20', to: '2024-05-10' };
      for (const seed of fullTable ? [1, 2, 3] : [1]) {
        database = await server.freshDatabase();
        const book = createBook({ invoices: 200, seed, ...range });
        tally.behave({ book });
        await backfill(range, context());
        const { differences, listed, days, notProven, invoices } = await verify(range, context());
        assert.deepEqual(
          [differences, listed, notProven],
          [{ missingHere: 0, different: 0, goneInTally: 0 }, [], null],
        );
        const expected = new Map<string, { invoices: number; paise: bigint }>();
        for (const voucher of book.vouchers(range)) {
          const row = expectedInvoice(voucher);
          if (row === undefined) continue;
          const key = `${row.date} ${row.invoice_type}`;
          const { invoices: n, paise } = expected.get(key) ?? { invoices: 0, paise: 0n };
          expected.set(key, { invoices: n + 1, paise: paise + BigInt(row.total_amount.replace('.', '')) });
        }
        const inShort = (side: 'tally' | 'warehouse') =>
          days.map((one) => [
            `${one.date} ${one.invoiceType}`,
            { invoices: one[side].invoices, paise: BigInt(one[side].total.replace('.', '')) },
          ]);
        assert.ok(expected.size > 50 && invoices.tally > 150);
        assert.deepEqual(new Map(inShort('tally') as never), expected);
        assert.deepEqual(inShort('warehouse'), inShort('tally'));
        const order = days.map(
          ({ date, invoiceType }) =>
            `${date} ${['sales', 'credit_note', 'purchase', 'debit_note'].indexOf(invoiceType)}`,
        );
        assert.deepEqual(order, [...order].sort());
      }
    });

    it('counts all differences and lists the first of them, by date, type and number', async () => {
      serve(...sales(1, 12));
      await backfill({ from: '2023-06-01', to: '2023-06-02' }, context());
      const { differences, listed } = await run({ limit: 3 });
      assert.deepEqual(differences, { missingHere: 12, different: 0, goneInTally: 0 });
      assert.deepEqual(
        listed.map(({ invoiceNumber }) => invoiceNumber),
        ['S/1', 'S/6', 'S/11'],
      );
      assert.deepEqual((await run({ limit: 0 })).listed, []);
    });

    it('leaves what the warehouse knows as gone out of its counts, and is content with it', async () => {
      await load(...sales(1, 5));
      await by(5, 'UPDATE fact_invoice SET missing_since = now() WHERE invoice_id = $1');
      serve(...sales(1, 4));
      const { differences, invoices, days } = await run();
      assert.deepEqual(differences, { missingHere: 0, different: 0, goneInTally: 0 });
      assert.deepEqual([invoices, days.length], [{ tally: 4, warehouse: 4 }, 4]);
    });

    it('proves nothing and keeps no record where a report leaves out what Tally lists', async () => {
      await load(...sales(1, 30));
      await run();
      const before = await verifiedDays();
      tally.behave({ dayBookHides: 'every-tenth', voucherRegisterHides: 'every-tenth' });
      const result = await run();
      tally.behave({ dayBookHides: 'nothing', voucherRegisterHides: 'nothing' });
      assert.match(result.notProven ?? '', /lists 3 vouchers that its reports left out.* What came was compared\./);
      assert.deepEqual(result.differences, { missingHere: 0, different: 0, goneInTally: 0 });
      assert.deepEqual(await verifiedDays(), before);
    });

    it('compares what can be read, and keeps no record of a day with a voucher that cannot', async () => {
      await load(...sales(1, 10));
      serve(...sales(1, 10).filter(({ masterId }) => masterId !== 2), unreadableSale(2, day(2)));
      const { differences, rejected, notProven } = await run();
      assert.deepEqual([differences, rejected, notProven], [{ missingHere: 0, different: 0, goneInTally: 0 }, 1, null]);
      assert.deepEqual(
        (await verifiedDays()).map(({ date }) => date),
        [day(1), day(3), day(4), day(5)],
      );
    });

    it('without a list of vouchers claims nothing of days that the answer does not reach, and keeps no record', async () => {
      tally.behave({ voucherIndex: 'refused' });
      await load(...sales(1, 10));
      serve(...sales(2, 10).filter(({ date }) => date !== day(5)));
      const result = await run();
      assert.deepEqual(inShort(result), [['gone-in-tally', 'S/1', day(1), []]]);
      assert.match(
        result.notProven ?? '',
        /^Tally's answer reached over 1–4\u00a0Apr\u00a02024, and the warehouse has 2 invoices of other days/,
      );
      assert.match(result.warnings.join(' '), /may be there under a date outside of this range/);
      assert.deepEqual(await verifiedDays(), []);
    });

    it('says so where another run has loaded what differs while Tally was being read', async () => {
      await load(...sales(1, 10));
      tally.behave({ fault: { kind: 'slow', on: 'report', waitMs: 700, times: 1 } });
      tally.requests.length = 0;
      const verifying = run();
      while (!tally.requests.some(({ kind }) => kind === 'report')) await new Promise((go) => setTimeout(go, 20));
      await by(3, 'UPDATE fact_invoice SET total_amount = 7, loaded_at = now() WHERE invoice_id = $1');
      const { notProven, differences } = await verifying;
      assert.match(notProven ?? '', /^1 invoice that differs was loaded by another run .* Verify again\.$/);
      assert.equal(differences.different, 1);
      assert.deepEqual(await verifiedDays(), []);
    });

    it('waits for a load that is writing, and sees all of it or nothing', async () => {
      await load(...sales(1, 10));
      const writing = new Client(database);
      await writing.connect();
      await writing.query('BEGIN');
      // As a merge does: first the lock of the company, then the record of the days, then their rows.
      await writing.query('SELECT pg_advisory_xact_lock($1::bigint)', [comparisonKey(demoCompanyGuid)]);
      await writing.query("DELETE FROM etl_verified WHERE date = '2024-04-01'");
      await writing.query("UPDATE fact_invoice SET narration = 'half'");
      const verifying = run();
      const waiting =
        'SELECT FROM pg_locks WHERE NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())';
      while ((await ask(database, waiting)).length === 0) await new Promise((go) => setTimeout(go, 20));
      await writing.query("UPDATE fact_invoice SET narration = CASE WHEN invoice_number = 'S/1' THEN 'whole' END");
      await writing.query('COMMIT');
      await writing.end();
      // The snapshot was taken after the wait, so it has the new rows.
      assert.deepEqual(inShort(await verifying), [['different', 'S/1', day(1), ['narration: whole > null']]]);
      assert.equal((await verifiedDays()).length, 5);
    });

    it('makes a load of its company wait, and the day that the load changes is not recorded as verified; other companies load meanwhile', async () => {
      await load(...sales(1, 10));
      const holder = new Client(database);
      await holder.connect();
      await holder.query('BEGIN');
      await holder.query('INSERT INTO etl_verified VALUES ($1, $2, 0, gen_random_uuid())', [demoCompanyGuid, day(1)]);
      const untilWaiting = async (lock: string): Promise<void> => {
        const waiting = `SELECT FROM pg_locks WHERE NOT granted AND locktype = '${lock}'`;
        while ((await ask(database, waiting)).length === 0) await new Promise((go) => setTimeout(go, 20));
      };
      const verifying = run();
      await untilWaiting('transactionid'); // in the middle of the comparison

      const other = demoCompanyGuid.replace(/^./, (c) => (c === 'f' ? 'e' : 'f'));
      const otherSale = (n: number, rupees: number): DemoVoucher => {
        const { guid, raw, ...sale } = leanSale(n, day(1), rupees);
        return { ...sale, guid: guid.replace(demoCompanyGuid, other), raw: raw!.replaceAll(demoCompanyGuid, other) };
      };
      await ask(database, 'INSERT INTO etl_verified VALUES ($1, $2, 0, gen_random_uuid())', [other, day(1)]);
      for (const rupees of [1180, 99]) {
        const book = bookOf([otherSale(1, rupees)], { companyName: 'Other Traders', companyGuid: other });
        tally.behave({ book });
        const loaded = await backfill(week, context());
        assert.deepEqual([loaded.company.id, loaded.inserted + loaded.updated], [other, 1]);
      }
      assert.deepEqual(await ask(database, 'SELECT FROM etl_verified WHERE company_id = $1', [other]), []);

      serve(...sales(1, 9), leanSale(10, day(5), 77));
      const loading = backfill(week, context());
      await untilWaiting('advisory');
      await holder.query('ROLLBACK');
      await holder.end();
      assert.deepEqual((await verifying).differences, { missingHere: 0, different: 0, goneInTally: 0 });
      assert.equal((await loading).updated, 1);
      assert.deepEqual(
        (await verifiedDays()).map(({ date }) => date),
        [1, 2, 3, 4].map(day),
      );
    });

    it('writes nothing but its record, and holds no lock that a sync would meet', async () => {
      await load(...sales(1, 10));
      await by(3, 'UPDATE fact_invoice SET total_amount = 7 WHERE invoice_id = $1');
      const state = await writtenState(database);
      tally.behave({ fault: { kind: 'slow', on: 'report', waitMs: 700, times: 1 } });
      tally.requests.length = 0;
      const verifying = run();
      while (!tally.requests.some(({ kind }) => kind === 'report')) await new Promise((go) => setTimeout(go, 20));
      assert.deepEqual((await ask(database, "SELECT FROM pg_locks WHERE locktype = 'advisory'")).length, 0);
      await verifying;
      assert.equal(await writtenState(database), state);
    });

    it('a dry run of a backfill names what a backfill would write, and of a clear-and-reload also what that would fix', async () => {
      await load(...sales(1, 6));
      await by(1, 'UPDATE fact_invoice SET total_amount = 7 WHERE invoice_id = $1');
      await by(2, 'UPDATE fact_invoice SET missing_since = now() WHERE invoice_id = $1');
      serve(...sales(1, 4), leanSale(5, day(5), 99), leanSale(7, day(2)));
      const request = { ...week, dryRun: true };
      const named = ({ differences }: JobResult) =>
        differences!.listed.map(({ kind, invoiceNumber, fields }) => [
          kind,
          invoiceNumber,
          fields.map(({ field }) => field),
        ]);
      const amounts = ['other_amount', 'total_amount', 'line 1 amount', 'line 2 amount'];
      const byBackfill = [
        ['gone-in-tally', 'S/6', []],
        ['different', 'S/2', ['missing_since']],
        ['missing-here', 'S/7', []],
        ['different', 'S/5', amounts],
      ];
      const byHand = ['different', 'S/1', ['total_amount']];
      assert.deepEqual(named(await backfill(request, context())), byBackfill);
      assert.deepEqual(named(await clearAndReload(request, context())), [byHand, ...byBackfill]);
      assert.equal((await backfill(week, context())).updated, 2);
      assert.deepEqual(named(await clearAndReload(request, context())), [byHand, ['gone-in-tally', 'S/6', []]]);
      const { updated, removed, differences } = await clearAndReload(week, context());
      assert.deepEqual([updated, removed, differences], [1, 1, undefined]);
      assert.deepEqual(named(await clearAndReload(request, context())), []);
    });
  });
