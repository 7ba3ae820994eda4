import assert from 'node:assert/strict';
import { addDays, today, type CalendarDate } from '../../src/core/base/calendar.js';
import { EtlError, exitCodes } from '../../src/core/base/errors.js';
import type { ClearAndReloadRequest, JobResult } from '../../src/core/jobs/job.js';
import { backfill, clearAndReload, sync } from '../../src/core/core.js';
import { bookOf } from '../support/demo/bookOf.js';
import type { DemoVoucher } from '../../src/demo/book/voucher.js';
import { contextOf } from '../support/context.js';
import { leanSale, unreadableSale, voucherId } from '../support/leanBook.js';
import { ask, servers } from '../support/postgres.js';
import { contentsOf, countIn, writtenState } from '../support/warehouseContents.js';
import { useTally } from '../support/useTally.js';

const week = { from: '2024-04-01', to: '2024-04-05' };
const day = (n: number): CalendarDate => addDays(week.from, n - 1);

/** Sales with the numbers `first` … `last`, spread over the five days in turn. */
const sales = (first: number, last: number, rupees?: number): DemoVoucher[] =>
  Array.from({ length: last - first + 1 }, (_, i) => leanSale(first + i, day(((first + i - 1) % 5) + 1), rupees));

const refused = (code: keyof typeof exitCodes) => (error: unknown) => error instanceof EtlError && error.code === code;

for (const server of servers())
  describe(`a clear-and-reload into ${server.name}`, function () {
    this.timeout(60_000);
    const tally = useTally();
    let database: string;

    beforeEach(async () => {
      database = await server.freshDatabase();
      tally.behave({
        dayBook: 'everything',
        voucherRegister: 'honours-dates',
        voucherIndex: 'offered',
        fault: { kind: 'none' },
      });
    });

    const serve = (...vouchers: DemoVoucher[]): void => {
      tally.behave({ book: bookOf(vouchers) });
    };
    const context = () => contextOf({ TALLY_URL: tally.url, DB_URL: database });
    const run = (more: Partial<ClearAndReloadRequest> = {}): Promise<JobResult> =>
      clearAndReload({ ...week, ...more }, context());
    const count = (from: string): Promise<number> => countIn(database, from);
    const numbers = async (): Promise<unknown[]> =>
      (await ask(database, 'SELECT master_id::int AS n FROM fact_invoice ORDER BY 1')).map((row) => row.n);
    const counts = ({ invoices, inserted, updated, unchanged, removed, missing }: JobResult) => ({
      ...{ invoices, inserted, updated, unchanged, removed, missing },
    });

    /** Loads the vouchers `had`. From then on Tally has the vouchers `has`. */
    const given = async (had: DemoVoucher[], has: DemoVoucher[]): Promise<void> => {
      serve(...had);
      await backfill(week, context());
      serve(...has);
    };

    /** From here on the table `touched` notes each row that is inserted, updated or deleted, with its transaction. */
    const recordTransactions = (): Promise<unknown> =>
      ask(
        database,
        `CREATE TABLE touched (id text, day date, what text, transaction text);
         CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
           INSERT INTO touched SELECT coalesce(NEW.invoice_id, OLD.invoice_id), coalesce(NEW.date, OLD.date), TG_OP, txid_current()::text;
           RETURN NULL; END $$;
         CREATE TRIGGER touch AFTER INSERT OR UPDATE OR DELETE ON fact_invoice FOR EACH ROW EXECUTE FUNCTION touch()`,
      );

    const onlyToday = { dayBook: 'today', voucherRegister: 'today' } as const;

    it('never removes what Tally lists, though its reports leave it out, and says what they left out', async () => {
      await given(sales(1, 30), sales(1, 29));
      tally.behave({ dayBookHides: 'every-tenth', voucherRegisterHides: 'every-tenth' });
      const result = await run();
      assert.deepEqual([result.removed, result.holes.reduce((sum, hole) => sum + hole.invoices, 0)], [1, 2]);
      assert.match(result.notProven ?? '', /lists 2 vouchers that its reports left out/);
      assert.equal(await count('fact_invoice'), 29);
      tally.behave({ dayBookHides: 'nothing', voucherRegisterHides: 'nothing' });
    });

    it('removes what Tally no longer has, adds what is new, and touches nothing else', async () => {
      const kept = [leanSale(90, '2024-03-31'), leanSale(91, '2024-04-06')];
      serve(...sales(1, 10), ...kept);
      await backfill({ from: '2024-03-31', to: '2024-04-06' }, context());
      await ask(
        database,
        `INSERT INTO fact_invoice SELECT (jsonb_populate_record(i, '{"company_id": "another company"}')).* FROM fact_invoice i`,
      );
      const untouched =
        "fact_invoice WHERE company_id = 'another company' OR master_id >= 90 OR master_id BETWEEN 4 AND 8";
      const versions = () => ask(database, `SELECT xmin::text, * FROM ${untouched} ORDER BY company_id, invoice_id`);
      const before = await versions();
      // 1, 2, 9 and 10 are gone, 3 is edited, 11 and 12 are new. Tally no longer has the invoices outside the range
      // either.
      serve(leanSale(3, day(3), 999), ...sales(4, 8), ...sales(11, 12));
      const result = await run();
      assert.deepEqual(counts(result), { invoices: 8, inserted: 2, updated: 1, unchanged: 5, removed: 4, missing: 0 });
      assert.deepEqual(
        [result.command, result.missingInvoices, result.notProven, result.dryRun],
        ['clear-and-reload', [], null, false],
      );
      assert.deepEqual(await versions(), before);
      await ask(database, "DELETE FROM fact_invoice WHERE company_id = 'another company'");
      assert.deepEqual(await numbers(), [3, 4, 5, 6, 7, 8, 11, 12, 90, 91]);
      assert.equal(await count('fact_invoice_line'), 20);
      assert.deepEqual(
        result.days.map(({ date, removed }) => [date, removed]),
        [1, 2, 3, 4, 5].map((n) => [day(n), n === 3 ? 0 : 1]),
      );
    });

    it('brings back what was changed by hand in the warehouse: a column, a line, a line too many or too few', async () => {
      await given(sales(1, 10), sales(1, 10));
      const content = () =>
        ask(
          database,
          `SELECT to_jsonb(f) - '{loaded_at,run_id}'::text[] AS row, (SELECT jsonb_agg(to_jsonb(l) ORDER BY line_no)
             FROM fact_invoice_line l WHERE l.invoice_id = f.invoice_id) AS lines FROM fact_invoice f ORDER BY invoice_id`,
        );
      const truth = await content();
      const by = (n: number, sql: string) => ask(database, sql, [voucherId(n)]);
      await by(1, 'UPDATE fact_invoice SET total_amount = total_amount + 1 WHERE invoice_id = $1');
      await by(2, "UPDATE fact_invoice SET narration = 'by hand' WHERE invoice_id = $1");
      await by(3, 'UPDATE fact_invoice_line SET amount = 1 WHERE invoice_id = $1 AND line_no = 2');
      await by(4, 'DELETE FROM fact_invoice_line WHERE invoice_id = $1 AND line_no = 2');
      await by(
        5,
        'INSERT INTO fact_invoice_line SELECT (jsonb_populate_record(l, \'{"line_no": 9}\')).* FROM fact_invoice_line l WHERE invoice_id = $1 AND line_no = 2',
      );
      await by(6, "UPDATE fact_invoice_line SET date = '2024-04-30', invoice_type = 'purchase' WHERE invoice_id = $1");
      const expected = { invoices: 10, inserted: 0, updated: 6, unchanged: 4, removed: 0, missing: 0 };
      assert.deepEqual(counts(await run({ dryRun: true })), expected);
      assert.deepEqual(counts(await run()), expected);
      assert.deepEqual(await content(), truth);
    });

    it('removes in the transaction that adds', async () => {
      await given(sales(1, 10), [...sales(3, 10, 77), ...sales(11, 12)]);
      await recordTransactions();
      await run();
      const touched = await ask(
        database,
        'SELECT what, count(*)::int AS n, min(transaction) = max(transaction) AS one FROM touched GROUP BY what ORDER BY what',
      );
      assert.deepEqual(
        touched.map(({ what, n, one }) => [what, n, one]),
        [
          ['DELETE', 2, true],
          ['INSERT', 2, true],
          ['UPDATE', 8, true],
        ],
      );
      assert.equal(await count('(SELECT DISTINCT transaction FROM touched) t'), 1);
    });

    it('day by day does the same with a transaction for each day, oldest first', async () => {
      // The second day has nothing any more; 4 has moved from the fourth day to the first, 5 from the fifth to the third.
      const has = [...sales(1, 10, 77), ...sales(11, 13)].filter(
        ({ date, masterId }) => date !== day(2) && masterId !== 4 && masterId !== 5,
      );
      const moved = [leanSale(4, day(1)), leanSale(5, day(3))];
      await given(sales(1, 10), [...has, ...moved]);
      await recordTransactions();
      const result = await run({ dayByDay: true });
      assert.deepEqual(counts(result), { invoices: 10, inserted: 2, updated: 8, unchanged: 0, removed: 2, missing: 0 });
      assert.deepEqual(
        result.days.map(({ date, invoices, removed }) => [date, invoices, removed]),
        [
          [day(1), 4, 0],
          [day(2), 0, 2],
          [day(3), 4, 0],
          [day(4), 1, 0],
          [day(5), 1, 0],
        ],
      );
      assert.deepEqual(await numbers(), [1, 3, 4, 5, 6, 8, 9, 10, 11, 13]);
      const days = await ask(
        database,
        'SELECT transaction, count(DISTINCT day)::int AS days, min(day)::text AS day FROM touched GROUP BY transaction ORDER BY transaction::bigint',
      );
      assert.deepEqual(
        days.map((row) => [row.days, row.day]),
        [1, 2, 3, 4, 5].map((n) => [1, day(n)]),
      );
      assert.equal(await count('fact_invoice_line'), 20);
    });

    it('day by day gives the rows that one transaction gives, also where Tally is asked for each day', async () => {
      const has = [...sales(3, 10, 77), ...sales(11, 12)];
      await given(sales(1, 10), has);
      await run();
      const whole = await contentsOf(database);
      for (const dayBook of ['everything', 'honours-dates'] as const) {
        database = await server.freshDatabase();
        await given(sales(1, 10), has);
        tally.behave({ dayBook });
        const result = await run({ dayByDay: true });
        assert.equal(result.removed, 2);
        assert.equal(await contentsOf(database), whole);
      }
    });

    it('leaves checkpoint and log alone', async () => {
      serve(...sales(1, 10), leanSale(50, addDays(today(), -1)), leanSale(51, today()));
      await backfill(week, context());
      await sync(context()).catch(() => undefined); // leaves a log row, whether it succeeds or fails on today's date
      await ask(
        database,
        `INSERT INTO etl_checkpoints (company_id, stream_name, last_date) SELECT company_id, 'invoices', '2024-04-02' FROM dim_company ON CONFLICT DO NOTHING`,
      );
      const before = await writtenState(database, ['etl_checkpoints', 'etl_logs']);
      assert.ok((await count('etl_logs')) === 1 && (await count('etl_checkpoints')) === 1);
      serve(...sales(3, 10), ...sales(11, 12));
      assert.equal((await run()).removed, 2);
      assert.equal(await writtenState(database, ['etl_checkpoints', 'etl_logs']), before);
    });

    it('does not remove what Tally has and we cannot read', async () => {
      await given(sales(1, 10), [...sales(4, 10), unreadableSale(2, day(2)), unreadableSale(3, day(3))]);
      for (const dayByDay of [true, false]) {
        const result = await run({ dayByDay });
        assert.deepEqual([result.removed, result.rejected], [dayByDay ? 1 : 0, 2]);
        assert.deepEqual(await numbers(), [2, 3, 4, 5, 6, 7, 8, 9, 10]);
      }
    });

    for (const dayByDay of [false, true])
      it(`in a dry run ${dayByDay ? 'by days ' : ''}says what would be removed and writes nothing`, async () => {
        await given(sales(1, 10), [...sales(3, 10, 77), ...sales(11, 12)]);
        const before = await writtenState(database);
        const dry = await run({ dryRun: true, dayByDay });
        assert.equal(await writtenState(database), before);
        assert.deepEqual(counts(dry), { invoices: 10, inserted: 2, updated: 8, unchanged: 0, removed: 2, missing: 0 });
        const real = await run({ dayByDay });
        assert.deepEqual([counts(real), real.days], [counts(dry), dry.days]);
      });

    it('in a dry run says what would be removed where a real one would be refused', async () => {
      await given(sales(1, 20), sales(1, 9));
      const before = await writtenState(database);
      assert.equal((await run({ dryRun: true })).removed, 11);
      assert.equal(await writtenState(database), before);
      await assert.rejects(run(), refused('guard'));
    });

    it('is not refused when Tally has half of 20 invoices, or less than half of fewer than 20', async () => {
      await given(sales(1, 20), sales(1, 10));
      assert.equal((await run()).removed, 10);
      database = await server.freshDatabase();
      await given(sales(1, 19), sales(1, 6));
      assert.equal((await run()).removed, 13);
    });

    it('into an empty warehouse loads the range', async () => {
      serve(...sales(1, 10));
      const loaded = { invoices: 10, inserted: 10, updated: 0, unchanged: 0, removed: 0, missing: 0 };
      assert.deepEqual(counts(await run()), loaded);
    });

    describe('is refused, and changes nothing,', () => {
      /** Asserts that the reload fails with `guard` (exit code 6), names --force in its hint, and changes nothing. */
      async function assertGuarded(more: Partial<ClearAndReloadRequest> = {}): Promise<EtlError> {
        const before = await writtenState(database);
        const error = await run(more).then(
          () => assert.fail('it was done'),
          (e: unknown) => e as EtlError,
        );
        assert.equal(error.code, 'guard', error.message);
        assert.equal(exitCodes[error.code], 6);
        assert.match(error.message, /Nothing was changed/);
        assert.match(error.hint, /--force/);
        assert.equal(await writtenState(database), before);
        return error;
      }

      it('when Tally has nothing in the range', async () => {
        await given(sales(1, 3), [leanSale(90, '2024-03-01'), leanSale(91, '2024-05-01')]);
        const { message } = await assertGuarded();
        assert.match(message, /no invoice in this range, the warehouse 3/);
        assert.equal((await run({ force: true })).removed, 3);
        assert.deepEqual(await numbers(), []);
      });

      it('when Tally sends nothing at all', async () => {
        await given(sales(1, 3), []);
        await assertGuarded();
        await assertGuarded({ dayByDay: true });
        const forced = await run({ force: true, dayByDay: true });
        assert.deepEqual([forced.removed, forced.days.length], [3, 3]);
        assert.equal(forced.notProven, null, 'who forces it has accepted it');
        assert.deepEqual(await numbers(), []);
      });

      it('when Tally has less than half of 20 invoices or more', async () => {
        await given(sales(1, 20), sales(1, 9));
        const { message } = await assertGuarded();
        assert.match(message, /Tally has 9 invoices in this range, the warehouse 20/);
        await assertGuarded({ dayByDay: true });
        assert.equal((await run({ force: true })).removed, 11);
      });

      it('when Tally answers for another day', async () => {
        await given(sales(1, 10), sales(1, 10));
        tally.behave({ ...onlyToday, voucherIndex: 'refused' });
        await assertGuarded();
        const byDays = await run({ dayByDay: true });
        assert.deepEqual([byDays.unchanged, byDays.removed], [10, 0], 'asked day by day, such a Tally has them all');
      });

      it('when Tally answers for one day of the range only', async () => {
        await given(sales(1, 15), sales(1, 15));
        const book = bookOf(sales(1, 15), { range: { from: '2023-04-01', to: day(5) } });
        tally.behave({ book, ...onlyToday, voucherIndex: 'refused' });
        await assertGuarded();
        assert.equal((await run({ force: true })).removed, 12);
      });

      it('when the answer stops long before the end of the range', async () => {
        const month = { from: week.from, to: '2024-04-30' };
        serve(...sales(1, 15), leanSale(16, '2024-04-29'));
        await backfill(month, context());
        serve(...sales(1, 15));
        tally.behave({ voucherIndex: 'refused' });
        await assertGuarded(month);
        assert.equal((await run({ ...month, force: true })).removed, 1);
      });
    });

    describe('changes nothing', () => {
      const untouched = async (code: keyof typeof exitCodes, act: () => Promise<unknown>): Promise<void> => {
        await given(sales(1, 200), sales(2, 200, 77));
        const before = await writtenState(database);
        await assert.rejects(act, refused(code));
        tally.behave({ fault: { kind: 'none' } });
        assert.equal(await writtenState(database), before);
        assert.equal((await run()).removed, 1);
      };

      it("when Tally's answer is incomplete, not even by force", () =>
        untouched('answer-cut', () => {
          tally.behave({ fault: { kind: 'cut-end', afterBytes: 60_000, on: 'report' } });
          return run({ force: true });
        }));

      it('when Tally answers with the vouchers of another company', () =>
        untouched('company-not-open', () => {
          tally.behave({
            book: bookOf(
              [1, 2].map((n) => {
                const sale = leanSale(n, day(n));
                return {
                  ...sale,
                  raw: sale.raw!.replace(voucherId(n), `ffffffff-0000-4000-8000-00000badc0de-0000000${n}`),
                };
              }),
            ),
          });
          return run({ force: true }).finally(() => {
            serve(...sales(2, 200, 77));
          });
        }));
    });
  });
