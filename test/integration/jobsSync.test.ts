import assert from 'node:assert/strict';
import { addDays, dayNumber, financialYearStart, type CalendarDate } from '../../src/core/base/calendar.js';
import { EtlError } from '../../src/core/base/errors.js';
import type { JobContext, JobResult } from '../../src/core/jobs/job.js';
import { backfill, sync } from '../../src/core/core.js';
import { resetCheckpoint, status } from '../../src/core/jobs/status.js';
import { createBook, type Book } from '../../src/demo/book/book.js';
import { demoCompanyGuid, demoCompanyName } from '../../src/demo/demoNames.js';
import { bookOf } from '../support/demo/bookOf.js';
import { expectedInvoice } from '../support/demo/expected.js';
import type { DemoVoucher } from '../../src/demo/book/voucher.js';
import { closedPort } from '../support/closedPort.js';
import { contextOf } from '../support/context.js';
import { edited, leanSale, unreadableSale, voucherId } from '../support/leanBook.js';
import { ask, loadedOnce, servers } from '../support/postgres.js';
import { useToday } from '../support/shiftedClock.js';
import { contentsOf, countIn, writtenState } from '../support/warehouseContents.js';
import { useTally } from '../support/useTally.js';

/** Early in a financial year, so that the books of the year are small. */
const now = '2024-06-18';
const yearStart = financialYearStart(now);
const bookStart = addDays(yearStart, -15);
/** As many invoices as days, so that every day up to the last one has a voucher. */
const bookUntil = (to: CalendarDate): Book =>
  createBook({ invoices: dayNumber(to) - dayNumber(bookStart) + 1, from: bookStart, to });
const daysAgo = (days: number): CalendarDate => addDays(now, -days);
const neverDone = (): never => assert.fail('it was done');
const isError = (code: string) => (error: unknown) => error instanceof EtlError && error.code === code;

for (const server of servers())
  describe(`a sync into ${server.name}`, function () {
    this.timeout(120_000);
    useToday(now);
    const book = bookUntil(now);
    const tally = useTally({ book });
    let database: string;

    const inWarehouse = (work: () => Promise<unknown>) => (url: string) => {
      database = url;
      return work();
    };
    /** Warehouses with the book after a sync, after a backfill from its start, and after both. */
    const synced = loadedOnce(
      () => server.freshDatabase(),
      inWarehouse(() => run()),
    );
    const loaded = loadedOnce(
      () => server.freshDatabase(),
      inWarehouse(() => load(bookStart, now)),
    );
    const loadedAndSynced = loadedOnce(
      loaded,
      inWarehouse(() => run()),
    );

    beforeEach(async () => {
      database = await server.freshDatabase();
      tally.behave({ book, dayBook: 'everything', dayBookHides: 'nothing', voucherRegisterHides: 'nothing' });
      tally.behave({ voucherIndex: 'offered', fault: { kind: 'none' } });
    });

    const settings = (more = {}) => ({ TALLY_URL: tally.url, DB_URL: database, ...more });
    const run = (more = {}, around: Partial<JobContext> = {}): Promise<JobResult> =>
      sync(contextOf(settings(more), around));
    const load = (from: CalendarDate, to: CalendarDate): Promise<JobResult> =>
      backfill({ from, to }, contextOf(settings()));
    const checkpoints = () => ask(database, 'SELECT company_id, stream_name, last_date::text FROM etl_checkpoints');
    const checkpoint = async (): Promise<unknown> => {
      const [row, ...more] = await checkpoints();
      assert.deepEqual(more, []);
      return row?.last_date;
    };
    const setCheckpoint = (date: CalendarDate) =>
      ask(database, "UPDATE etl_checkpoints SET last_date = $1 WHERE stream_name = 'invoices'", [date]);
    const logs = () =>
      ask(
        database,
        `SELECT run_id::text, company_id, stream_name, command, from_date::text, to_date::text, rows, inserted, updated,
           unchanged, missing, rejected, status, error_code, error FROM etl_logs ORDER BY id`,
      );
    const count = (from: string): Promise<number> => countIn(database, from);
    const invoicesOf = (from: CalendarDate, to: CalendarDate): number =>
      [...book.vouchers({ from, to })].filter((voucher) => expectedInvoice(voucher) !== undefined).length;

    it('without a checkpoint loads from 1 April of the financial year to today, and sets the checkpoint', async () => {
      const result = await run();
      assert.deepEqual([result.command, result.from, result.to], ['sync', yearStart, now]);
      assert.equal(result.invoices, invoicesOf(yearStart, now));
      assert.equal(await count('fact_invoice'), result.invoices);
      assert.equal(await count(`fact_invoice WHERE date < '${yearStart}'`), 0);
      assert.deepEqual([result.checkpoint, result.notProven], [now, null]);
      assert.deepEqual(await checkpoints(), [{ company_id: demoCompanyGuid, stream_name: 'invoices', last_date: now }]);
    });

    for (const [overlap, more] of [
      [1, {}],
      [0, { TALLY_OVERLAP_DAYS: '0' }],
      [5, { TALLY_OVERLAP_DAYS: '5' }],
    ] as const)
      it(`begins ${overlap} days before the checkpoint with ${overlap === 1 ? 'nothing set' : 'that overlap'}`, async () => {
        database = await loadedAndSynced();
        await setCheckpoint(daysAgo(10));
        // Without Tally's list, because with it older edits come too (jobsHistory.test.ts).
        tally.behave({ book: edited(book, 'looked at again'), voucherIndex: 'refused' });
        const result = await run(more);
        const first = daysAgo(10 + overlap);
        assert.deepEqual([result.from, result.to], [first, now]);
        assert.equal(result.updated, result.invoices);
        assert.equal(await count(`fact_invoice WHERE narration = 'looked at again'`), invoicesOf(first, now));
        assert.equal(await count(`fact_invoice WHERE narration = 'looked at again' AND date < '${first}'`), 0);
        assert.equal(await checkpoint(), now);
      });

    it('moves the checkpoint in the transaction of the rows', async () => {
      database = await synced();
      const written = await ask(
        database,
        'SELECT DISTINCT xmin::text FROM fact_invoice UNION SELECT DISTINCT xmin::text FROM fact_invoice_line UNION SELECT xmin::text FROM etl_checkpoints',
      );
      assert.equal(written.length, 1);
    });

    it('keeps with the checkpoint the highest ALTERID that it has seen, listed or read, and never lowers it', async () => {
      const serve = (...vouchers: DemoVoucher[]): void => {
        tally.behave({ book: bookOf(vouchers) });
      };
      const lastAlterId = async (): Promise<unknown> =>
        (await ask(database, 'SELECT last_alter_id FROM etl_checkpoints'))[0]?.last_alter_id;
      serve(leanSale(1, yearStart), leanSale(5, now));
      await run();
      assert.equal(await lastAlterId(), '5');
      serve(leanSale(1, yearStart, 99), leanSale(5, now));
      await run();
      assert.equal(await lastAlterId(), '100001', 'listed on an older day');
      tally.behave({ voucherIndex: 'refused' });
      serve(leanSale(1, yearStart, 99), leanSale(5, now), leanSale(6, now, 77));
      await run();
      assert.equal(await lastAlterId(), '100006', 'read, though Tally gave no list');
      tally.behave({ voucherIndex: 'offered' });
      serve(leanSale(5, now));
      await run();
      assert.equal(await lastAlterId(), '100006');
      serve(leanSale(9, now, 11));
      await load(now, now);
      assert.equal(await lastAlterId(), '100006', 'a backfill leaves the checkpoint alone');
    });

    it('leaves the checkpoint where it was when the rows cannot be written', async () => {
      database = await synced();
      await setCheckpoint(daysAgo(10));
      tally.behave({ book: edited(book, 'too much') });
      await ask(database, "ALTER TABLE fact_invoice ADD CHECK (narration <> 'too much')");
      await assert.rejects(run(), isError('warehouse-refused'));
      assert.equal(await checkpoint(), daysAgo(10));
      assert.equal((await logs()).at(-1)!.error_code, 'warehouse-refused');
    });

    describe('sets the checkpoint to the last date that is proven', () => {
      it('which is today where Tally lists what it has: nothing was entered since', async () => {
        tally.behave({ book: bookUntil(daysAgo(3)) });
        const result = await run();
        assert.deepEqual([result.checkpoint, result.notProven], [now, null]);
        assert.equal(await checkpoint(), now);
      });

      it('which is that of the last voucher where Tally gives no list of them', async () => {
        tally.behave({ book: bookUntil(daysAgo(3)), voucherIndex: 'refused' });
        const result = await run();
        assert.match(result.warnings.join(), /list of vouchers.*not proven/);
        assert.deepEqual([result.checkpoint, result.notProven], [daysAgo(3), null]);
        assert.equal(await checkpoint(), daysAgo(3));
      });

      it('and no later than today, whatever is entered ahead of time', async () => {
        tally.behave({ book: bookUntil(daysAgo(-20)) });
        const result = await run();
        assert.equal(await checkpoint(), now);
        assert.equal(result.to, now);
        assert.equal(await count(`fact_invoice WHERE date > '${now}'`), 0);
      });

      it('and says so when the books end long before today', async () => {
        database = await synced();
        await setCheckpoint(daysAgo(40));
        tally.behave({ book: bookUntil(daysAgo(30)), voucherIndex: 'refused' });
        const result = await run();
        assert.match(result.notProven ?? '', /not over all of/);
        assert.equal(await checkpoint(), daysAgo(30));
        const log = (await logs()).at(-1)!;
        assert.deepEqual(
          [log.status, log.error_code, log.error, log.rows],
          ['error', 'range-not-covered', result.notProven, result.invoices],
        );
        assert.ok(result.invoices > 0);
      });

      it('and not at all when the beginning of the range is missing from the answer', async () => {
        database = await synced();
        await setCheckpoint(daysAgo(50));
        const first = [...book.vouchers()].filter((voucher) => voucher.date >= daysAgo(20));
        tally.behave({ book: bookOf(first, book), voucherIndex: 'refused' });
        const result = await run();
        assert.notEqual(result.notProven, null);
        assert.equal(await checkpoint(), daysAgo(50));
        assert.equal(result.checkpoint, daysAgo(50));
      });
    });

    describe('never takes the checkpoint back by itself', () => {
      it('when a person has set it ahead', async () => {
        database = await synced();
        await setCheckpoint(daysAgo(-30));
        const result = await run();
        assert.deepEqual([result.from, result.to], [daysAgo(1), now]);
        assert.equal(await checkpoint(), daysAgo(-30));
        assert.equal(result.checkpoint, daysAgo(-30));
      });
    });

    it('changes nothing when run again, but for a row in etl_logs', async () => {
      database = await synced();
      const rows = await writtenState(database, ['fact_invoice', 'fact_invoice_line']);
      const again = await run();
      assert.deepEqual([again.inserted, again.updated, again.unchanged], [0, 0, again.invoices]);
      assert.equal(again.from, daysAgo(1));
      assert.equal(await writtenState(database, ['fact_invoice', 'fact_invoice_line']), rows);
      assert.equal(await count('etl_logs'), 2);
    });

    it('deletes nothing: what Tally no longer has is kept with its lines, and counted', async () => {
      // A small book, so that exactly two invoices disappear.
      const sales = [leanSale(1, daysAgo(1)), leanSale(2, daysAgo(1)), leanSale(3, now)];
      tally.behave({ book: bookOf(sales) });
      await run();
      const before = await contentsOf(database);
      tally.behave({ book: bookOf(sales.slice(2), { lastAlterId: 9_999 }) });
      const result = await run();
      assert.deepEqual([result.removed, result.missing], [0, 2]);
      assert.equal(await contentsOf(database), before);
    });

    describe('leaves one row in etl_logs', () => {
      const nothing = { rows: 0, inserted: 0, updated: 0, unchanged: 0, missing: 0, rejected: 0 };
      const about = { company_id: demoCompanyGuid, stream_name: 'invoices', command: 'sync' };

      it('with what it did', async () => {
        const sales = [1, 2, 3, 4, 5].map((n) => leanSale(n, now));
        tally.behave({ book: bookOf([leanSale(9, yearStart), ...sales]) });
        await run();
        const changed = [
          leanSale(9, yearStart),
          ...sales.slice(0, 2), // unchanged
          leanSale(3, now, 99), // updated; 4 is missing, 5 unreadable
          unreadableSale(5, now),
          ...[6, 7, 8].map((n) => leanSale(n, now)),
        ];
        tally.behave({ book: bookOf(changed) });
        const started = new Date(Date.now() - 1000);
        const result = await run();
        const [, log] = await logs();
        const counts = { rows: 6, inserted: 3, updated: 1, unchanged: 2, missing: 1, rejected: 1 };
        assert.deepEqual(log, {
          ...{ run_id: result.runId, ...about, from_date: daysAgo(1), to_date: now },
          ...{ ...counts, status: 'ok', error_code: null, error: null },
        });
        const { invoices, inserted, updated, unchanged, missing, rejected } = result;
        assert.deepEqual({ rows: invoices, inserted, updated, unchanged, missing, rejected }, counts);
        const [times] = await ask(database, 'SELECT run_at, duration_ms FROM etl_logs ORDER BY id DESC LIMIT 1');
        assert.ok((times!.run_at as Date) > started && (times!.run_at as Date) <= new Date());
        assert.ok((times!.duration_ms as number) >= result.durationMs);
        assert.equal(await count(`fact_invoice WHERE run_id = '${result.runId}'`), 4);
        assert.equal(await count(`fact_invoice WHERE invoice_id = '${voucherId(5)}'`), 1, 'the unreadable one is kept');
      });

      it('also when Tally cannot be reached: nobody knows then of which company', async () => {
        database = await server.freshDatabase();
        const url = `http://127.0.0.1:${await closedPort()}`;
        const error = await run({ TALLY_URL: url }).then(neverDone, (e: unknown) => e as EtlError);
        assert.equal(error.code, 'tally-unreachable');
        const [log, ...more] = await logs();
        assert.deepEqual(more, []);
        assert.deepEqual(
          { ...log, run_id: '' },
          {
            ...{ run_id: '', ...about, company_id: null, from_date: null, to_date: null, ...nothing },
            ...{ status: 'error', error_code: error.code, error: `${error.message} ${error.hint}` },
          },
        );
        assert.equal((await count('fact_invoice')) + (await count('etl_checkpoints')), 0);
      });

      it('also when Tally answers for another period', async () => {
        tally.behave({
          book: createBook({ invoices: 20, from: '2020-04-01', to: '2020-04-30' }),
          voucherIndex: 'refused',
        });
        const error = await run().then(neverDone, (e: unknown) => e as EtlError);
        assert.equal(error.code, 'range-not-covered');
        const [log, ...more] = await logs();
        assert.deepEqual(more, []);
        assert.deepEqual(
          [log!.status, log!.error_code, log!.error, log!.from_date, log!.to_date],
          ['error', error.code, `${error.message} ${error.hint}`, yearStart, now],
        );
      });

      it('also when it fails after a month was loaded, with what was loaded and rejected', async () => {
        tally.behave({
          book: bookOf([leanSale(1, yearStart), unreadableSale(2, yearStart), leanSale(3, now)]),
          ...{ dayBook: 'honours-dates', fault: { kind: 'html', on: 'report', after: 1, times: 9 } },
        });
        const error = await run().then(neverDone, (e: unknown) => e as EtlError);
        const [log, ...more] = await logs();
        assert.deepEqual(more, []);
        const { status: ended, error_code: code, rows, inserted, rejected } = log!;
        assert.deepEqual(
          { ended, code, rows, inserted, rejected },
          {
            ...{ ended: 'error', code: error.code, rows: 1, inserted: 1, rejected: 1 },
          },
        );
      });

      it('also when it is cancelled before Tally was asked', async () => {
        // A cancel also breaks off the creation of tables, and without tables no row can be written. Here they exist.
        await assert.rejects(run({}, { signal: AbortSignal.abort() }), isError('cancelled'));
        assert.deepEqual(
          (await logs()).map((log) => [log.status, log.company_id]),
          [['cancelled', null]],
        );
      });

      it('which the status shows, newest first and page by page', async () => {
        database = await server.emptyDatabase();
        assert.deepEqual(await status({}, contextOf(settings())), { checkpoints: [], runs: [], rejects: [] });
        const first = await run();
        await assert.rejects(
          run({ TALLY_URL: `http://127.0.0.1:${await closedPort()}` }),
          isError('tally-unreachable'),
        );
        const third = await run();
        const shown = await status({ limit: 2 }, contextOf(settings()));
        assert.deepEqual(
          shown.checkpoints.map(({ companyId, companyName, stream, lastDate }) => [
            companyId,
            companyName,
            stream,
            lastDate,
          ]),
          [[demoCompanyGuid, demoCompanyName, 'invoices', now]],
        );
        assert.match(shown.checkpoints[0]!.updatedAt, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
        assert.deepEqual(
          shown.runs.map(({ runId, status, errorCode, companyName }) => [
            runId === third.runId,
            status,
            errorCode,
            companyName,
          ]),
          [
            [true, 'ok', null, demoCompanyName],
            [false, 'error', 'tally-unreachable', null],
          ],
        );
        const { latestOfEach: latest, runs } = await status({ limit: 0, ofEach: true }, contextOf(settings()));
        assert.deepEqual([latest?.map(({ runId }) => runId), runs], [[third.runId], []]);
        assert.equal(shown.latestOfEach, undefined);
        const older = await status({ limit: 2, before: shown.runs[1]!.id }, contextOf(settings()));
        assert.deepEqual(
          older.runs.map(({ runId, from, to, rows, inserted }) => ({ runId, from, to, rows, inserted })),
          [{ runId: first.runId, from: yearStart, to: now, rows: first.invoices, inserted: first.inserted }],
        );
      });
    });

    describe('and a backfill', () => {
      it('which moves no checkpoint and writes no log', async () => {
        database = await loaded();
        assert.ok((await count('fact_invoice')) > 0);
        assert.equal((await count('etl_checkpoints')) + (await count('etl_logs')), 0);
        await run();
        await setCheckpoint(daysAgo(10));
        const before = await writtenState(database, ['etl_checkpoints', 'etl_logs']);
        tally.behave({ book: edited(book, 'looked at again') });
        const filled = await load(daysAgo(30), now);
        assert.ok(filled.updated > 0);
        assert.equal(await writtenState(database, ['etl_checkpoints', 'etl_logs']), before);
      });

      it('do not hinder each other: the sync begins where it would have begun', async () => {
        database = await loaded();
        const first = await run();
        assert.deepEqual([first.from, first.inserted, first.unchanged], [yearStart, 0, first.invoices]);
        await setCheckpoint(daysAgo(10));
        await load(daysAgo(5), now);
        assert.equal((await run()).from, daysAgo(11));
      });
    });

    describe('can be steered', () => {
      const reset = (lastDate: string, stream = 'invoices') =>
        resetCheckpoint({ companyId: demoCompanyGuid, stream, lastDate }, contextOf(settings()));

      it("by the guide's two SQL statements, as they are written", async () => {
        database = await loadedAndSynced();
        const before = await contentsOf(database);
        await ask(database, "DELETE FROM fact_invoice WHERE date >= '2024-04-01';");
        assert.equal(
          await count(
            'fact_invoice_line l LEFT JOIN fact_invoice i USING (company_id, invoice_id) WHERE i.invoice_id IS NULL',
          ),
          0,
        );
        await ask(database, "UPDATE etl_checkpoints SET last_date = '2024-03-31' WHERE stream_name = 'invoices';");
        const [shown] = (await status({}, contextOf(settings()))).checkpoints;
        assert.equal(shown!.lastDate, '2024-03-31');
        const filled = await load('2024-04-01', '2024-04-30');
        assert.equal(filled.inserted, invoicesOf('2024-04-01', '2024-04-30'));
        assert.equal(await checkpoint(), '2024-03-31', 'a backfill loads its range again, and moves no checkpoint');
        const result = await run();
        assert.deepEqual([result.from, result.to], ['2024-03-30', now]);
        assert.equal(result.checkpoint, now);
        assert.equal(result.inserted, invoicesOf('2024-05-01', now));
        assert.equal(await contentsOf(database), before);
      });

      it('by putting the checkpoint back or on', async () => {
        database = await synced();
        await reset(daysAgo(7));
        assert.equal(await checkpoint(), daysAgo(7));
        assert.equal((await run()).from, daysAgo(8));
        await reset(daysAgo(-2));
        assert.equal(await checkpoint(), daysAgo(-2));
      });

      it('but not to a value that is not a date, and not where there is no checkpoint', async () => {
        database = await synced();
        const before = await writtenState(database);
        await assert.rejects(reset('2024-02-30'), isError('usage'));
        await assert.rejects(reset(daysAgo(3), 'payments'), isError('usage'));
        assert.equal(await writtenState(database), before);
      });
    });
  });
