import assert from 'node:assert/strict';
import { addDays, type CalendarDate } from '../../src/core/base/calendar.js';
import { formatDecimal } from '../../src/core/base/decimal.js';
import type { JobResult } from '../../src/core/jobs/job.js';
import { backfill, clearAndReload, sync } from '../../src/core/core.js';
import { createBook, type Book } from '../../src/demo/book/book.js';
import { balancesOf } from '../../src/demo/ledger/balances.js';
import { bookOf } from '../support/demo/bookOf.js';
import { asStored } from '../support/asStored.js';
import { contextOf } from '../support/context.js';
import { exportBytes, freshFolder, type ExportOptions } from '../support/exportFiles.js';
import { without } from '../support/leanBook.js';
import { ask, loadedOnce, servers } from '../support/postgres.js';
import { useToday } from '../support/shiftedClock.js';
import { useTally } from '../support/useTally.js';

const now = '2024-06-18';
const from = '2024-04-01';
const both = 'invoices,ledger';

/** The amounts booked by the demo's own ledger: rupees by ledger, debit positive. */
const bookedIn = (book: Book): [string, string][] =>
  balancesOf(book, { from, to: now })
    .filter(({ debits, credits }) => debits !== 0n || credits !== 0n)
    .map(({ row, debits, credits }): [string, string] => [asStored(row.name), formatDecimal(-debits - credits, 2)])
    .sort();

for (const server of servers())
  describe(`the stream ledger in ${server.name}`, function () {
    this.timeout(120_000);
    useToday(now);
    const book = createBook({ invoices: 300, from, to: now });
    const { companyName, companyGuid } = book;
    const vouchers = [...book.vouchers()];
    const invoices = vouchers.filter(({ base }) => base !== 'none').length;
    const tally = useTally({ book });
    let database: string;

    const migrated = (): Promise<string> => server.freshDatabase();
    const into = (work: () => Promise<unknown>) => (url: string) => {
      database = url;
      return work();
    };
    const loaded = loadedOnce(
      migrated,
      into(() => run()),
    );

    beforeEach(() => {
      tally.behave({ book });
    });

    const context = (more = {}) => contextOf({ TALLY_URL: tally.url, DB_URL: database, TALLY_STREAMS: both, ...more });
    const run = (more = {}): Promise<JobResult> => sync(context(more));
    const load = (range: { from: CalendarDate; to: CalendarDate }, more = {}): Promise<JobResult> =>
      backfill(range, context(more));
    const assertLedgerOf = async (books: Book): Promise<void> => {
      const rows = await ask(
        database,
        `SELECT e.ledger_name AS ledger, sum(e.amount)::text AS sum FROM fact_ledger_entry e
         JOIN fact_voucher v USING (company_id, voucher_id)
         WHERE v.missing_since IS NULL AND NOT v.is_optional GROUP BY 1`,
      );
      const found = rows.map(({ ledger, sum }): [string, string] => [String(ledger), String(sum)]).sort();
      assert.deepEqual(Object.fromEntries(found), Object.fromEntries(bookedIn(books)));
    };
    const one = async (sql: string): Promise<unknown> => Object.values((await ask(database, sql))[0] ?? {})[0];

    it('is not loaded unless it is asked for', async () => {
      database = await migrated();
      const result = await load({ from, to: '2024-04-10' }, { TALLY_STREAMS: 'invoices' });
      assert.equal(result.ledger, undefined);
      assert.equal(await one('SELECT count(*)::int FROM fact_voucher'), 0);
    });

    it('has every voucher, and per ledger what the business booked', async () => {
      database = await loaded();
      assert.equal(await one('SELECT count(*)::int FROM fact_voucher'), vouchers.length);
      await assertLedgerOf(book);
      assert.equal(
        await one(
          `SELECT count(*)::int FROM (SELECT FROM fact_ledger_entry GROUP BY company_id, voucher_id HAVING sum(amount) <> 0) odd`,
        ),
        0,
      );
    });

    it('is loaded from reports with the same rows as from the collection', async () => {
      const contents = `SELECT md5(string_agg(voucher_id || content_hash, ' ' ORDER BY voucher_id)) FROM fact_voucher`;
      // Too few vouchers would not prove the collection.
      tally.behave({ book: createBook({ invoices: 720, from, to: now }) });
      database = await migrated();
      await run();
      assert.match(String(await one('SELECT collection FROM etl_sources')), /^right/);
      const collected = await one(contents);
      database = await migrated();
      await load({ from, to: now }, { TALLY_REPORT: 'day-book' });
      assert.equal(await one(contents), collected);
    });

    it('has its own checkpoint and its own row of the log, which count vouchers', async () => {
      database = await loaded();
      assert.deepEqual(await ask(database, 'SELECT stream_name, last_date::text FROM etl_checkpoints ORDER BY 1'), [
        { stream_name: 'invoices', last_date: now },
        { stream_name: 'ledger', last_date: now },
      ]);
      assert.deepEqual(await ask(database, 'SELECT stream_name, rows, inserted FROM etl_logs ORDER BY 1'), [
        { stream_name: 'invoices', rows: invoices, inserted: invoices },
        { stream_name: 'ledger', rows: vouchers.length, inserted: vouchers.length },
      ]);
    });

    it('that did not change is not read again: one request', async () => {
      database = await loaded();
      const before = tally.requests.length;
      const { ledger } = await run();
      assert.equal(tally.requests.length - before, 1);
      const { length: recent } = vouchers.filter(({ date }) => date >= addDays(now, -1));
      assert.deepEqual([ledger?.vouchers, ledger?.unchanged], [recent, recent]);
    });

    it('follows a receipt that was edited and a journal that was deleted', async () => {
      database = await loaded();
      const receipt = vouchers.findLast(({ typeName, cancelled }) => typeName === 'Receipt' && !cancelled)!;
      const journal = vouchers.find(({ typeName }) => typeName === 'Journal')!;
      const entries = receipt.entries.map((entry) => ({ ...entry, value: entry.value * 2n }));
      const changed = { ...receipt, alterId: book.lastAlterId + 1, entries };
      const left = vouchers.flatMap((voucher) =>
        voucher === journal ? [] : voucher === receipt ? [changed] : [voucher],
      );
      const changedBook = bookOf(left, { companyName, companyGuid, lastAlterId: book.lastAlterId + 3 });
      tally.behave({ book: changedBook });
      const { ledger, inserted, updated, missing } = await run();
      assert.deepEqual([inserted, updated, missing], [0, 0, 0], 'invoices');
      assert.equal(ledger?.updated, 1);
      await assertLedgerOf(changedBook);
      assert.equal(await one('SELECT voucher_id FROM fact_voucher WHERE missing_since IS NOT NULL'), journal.guid);
    });

    it('marks an invoice that became a memorandum as gone, keeps the voucher, and unmarks the invoice when it is one again', async () => {
      database = await loaded();
      const sale = vouchers.findLast(({ base, cancelled, optional }) => base === 'sales' && !cancelled && !optional)!;
      const as = (fields: Partial<typeof sale>, alterId: number): Book => {
        const left = vouchers.map((voucher) => (voucher === sale ? { ...sale, ...fields, alterId } : voucher));
        return bookOf(left, { companyName, companyGuid, lastAlterId: alterId });
      };
      const gone = 'SELECT count(*)::int FROM fact_invoice WHERE missing_since IS NOT NULL';
      tally.behave({ book: as({ base: 'none', typeName: 'Memorandum' }, book.lastAlterId + 1) });
      assert.equal((await run()).missing, 1);
      assert.equal(await one(gone), 1);
      assert.deepEqual(
        await ask(database, 'SELECT base_type, missing_since FROM fact_voucher WHERE voucher_id = $1', [sale.guid]),
        [{ base_type: 'memorandum', missing_since: null }],
      );
      const later = await load({ from, to: now });
      assert.deepEqual([later.missing, later.unchanged], [1, invoices - 1], 'counted by each later load, and once');
      tally.behave({ book: as({}, book.lastAlterId + 2) });
      await run();
      assert.equal(await one(gone), 0);
      await assertLedgerOf(book);
    });

    it('marks an invoice that became a memorandum after a backup was restored, so with a smaller ALTERID', async () => {
      const sale = vouchers.findLast(({ base, cancelled, optional }) => base === 'sales' && !cancelled && !optional)!;
      const as = (fields: Partial<typeof sale>, lastAlterId: number): Book => {
        const left = vouchers.map((voucher) => (voucher === sale ? { ...sale, ...fields } : voucher));
        return bookOf(left, { companyName, companyGuid, lastAlterId });
      };
      database = await loaded();
      tally.behave({ book: as({ narration: 'late', alterId: book.lastAlterId + 9 }, book.lastAlterId + 9) });
      await run();
      const lower = book.lastAlterId + 1;
      tally.behave({ book: as({ base: 'none', typeName: 'Memorandum', alterId: lower }, lower) });
      assert.equal((await run()).missing, 1);
      assert.equal(await one('SELECT invoice_id FROM fact_invoice WHERE missing_since IS NOT NULL'), sale.guid);
    });

    it('is left as it is by a sync without it, which reads nothing again, and the next sync with it reads nothing either', async () => {
      database = await loaded();
      for (const streams of ['invoices', both, 'invoices', both]) {
        const before = tally.requests.length;
        const { answered, older, optional, from: first } = await run({ TALLY_STREAMS: streams });
        assert.deepEqual([answered.vouchers, older?.daysReadAgain], [0, 0], streams);
        assert.equal(
          optional,
          await one(`SELECT count(*)::int FROM fact_invoice WHERE is_optional AND date >= '${first}'`),
        );
        assert.equal(tally.requests.length - before, 1, streams);
      }
    });

    it('is read again on the days alone that a sync without it has written', async () => {
      database = await loaded();
      const sale = vouchers.find(({ base, cancelled, optional }) => base === 'sales' && !cancelled && !optional)!;
      const changed = { ...sale, alterId: book.lastAlterId + 1, narration: 'late' };
      const left = vouchers.map((voucher) => (voucher === sale ? changed : voucher));
      tally.behave({ book: bookOf(left, { companyName, companyGuid, lastAlterId: book.lastAlterId + 3 }) });
      await run({ TALLY_STREAMS: 'invoices' });
      const { ledger, older } = await run();
      assert.deepEqual([ledger?.updated, older?.daysReadAgain], [1, 1]);
      assert.equal(await one(`SELECT narration FROM fact_voucher WHERE voucher_id = '${sale.guid}'`), 'late');
    });

    it('does not replace a range that lost most of its invoices, however many other vouchers do not come', async () => {
      database = await migrated();
      const others = vouchers.filter(({ base }) => base === 'none');
      const sales = vouchers.filter(({ base }) => base === 'sales').slice(0, 40);
      assert.ok(others.length > sales.length);
      const show = (shown: typeof vouchers): void => {
        const inOrder = shown.sort((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0));
        tally.behave({ book: bookOf(inOrder, { companyName, companyGuid, lastAlterId: book.lastAlterId }) });
      };
      show([...sales, ...others]);
      await load({ from, to: now });
      // The reports leave out each MASTERID that is a multiple of ten: here all vouchers but five invoices.
      tally.behave({ dayBookHides: 'every-tenth', voucherRegisterHides: 'every-tenth' });
      show([
        ...sales.slice(0, 5).map((sale) => ({ ...sale, masterId: sale.masterId * 10 + 1 })),
        ...others.map((other) => ({ ...other, masterId: other.masterId * 10 })),
      ]);
      const reload = clearAndReload({ from, to: now }, context());
      await assert.rejects(reload, { code: 'guard', message: /^Tally has 5 invoices in this range/ });
      tally.behave({ dayBookHides: 'nothing', voucherRegisterHides: 'nothing' });
      assert.equal(await one('SELECT count(*)::int FROM fact_invoice'), sales.length);
    });

    it('turned on later is loaded for all days by the next sync, and no invoice is written again', async () => {
      database = await migrated();
      await run({ TALLY_STREAMS: 'invoices' });
      const { ledger, inserted, updated } = await run();
      assert.deepEqual([inserted, updated], [0, 0]);
      assert.equal(ledger?.inserted, vouchers.length);
      await assertLedgerOf(book);
    });

    describe('in a dry run', () => {
      const april = { from, to: '2024-04-30' };
      const ofApril = vouchers.filter(({ date }) => date <= april.to);
      const dry = (job: typeof backfill = backfill) => job({ ...april, dryRun: true }, context());
      const none = { inserted: 0, updated: 0, unchanged: 0, removed: 0, missing: 0 };

      it('is counted voucher by voucher where the warehouse has none, and nothing is written', async () => {
        database = await migrated();
        const all = { ...none, vouchers: ofApril.length, inserted: ofApril.length };
        assert.deepEqual((await dry()).ledger, all);
        assert.equal(await one('SELECT count(*)::int FROM fact_voucher'), 0);
        database = await server.emptyDatabase();
        assert.deepEqual((await dry()).ledger, all, 'without tables');
      });

      it('says what a load would do with an edited, a new and a deleted voucher, and does none of it', async () => {
        database = await loaded();
        const [receipt, journal, contra] = ['Receipt', 'Journal', 'Contra'].map((type) =>
          ofApril.find(({ typeName, cancelled }) => typeName === type && !cancelled)!,
        );
        const { lastAlterId } = book;
        const edited = { ...receipt!, alterId: lastAlterId + 1, narration: 'Edited' };
        const guid = `${companyGuid}-0000ffff`;
        const added = { ...journal!, alterId: lastAlterId + 2, guid, masterId: 0xffff };
        const left = vouchers.flatMap((voucher) =>
          voucher === contra ? [] : voucher === receipt ? [edited] : voucher === journal ? [journal, added] : [voucher],
        );
        tally.behave({ book: bookOf(left, { companyName, companyGuid, lastAlterId: lastAlterId + 2 }) });
        const before = await ask(database, 'SELECT * FROM fact_voucher ORDER BY voucher_id');
        const counts = { vouchers: ofApril.length, inserted: 1, updated: 1, unchanged: ofApril.length - 2 };
        assert.deepEqual((await dry()).ledger, { ...none, ...counts, missing: 1 });
        assert.deepEqual((await dry(clearAndReload)).ledger, { ...none, ...counts, removed: 1 });
        assert.deepEqual(await ask(database, 'SELECT * FROM fact_voucher ORDER BY voucher_id'), before);
        assert.equal((await load(april)).ledger?.inserted, 1, 'the load does it');
      });
    });

    describe('from an exported file', () => {
      const folder = freshFolder();
      after(() => {
        folder.remove();
      });
      const fromFile = (of: Book, options: ExportOptions = { withMasters: true }) => {
        const file = folder.write('DayBook.xml', exportBytes(of, options));
        return backfill({ from, to: now, file }, context({ TALLY_URL: 'http://127.0.0.1:1' }));
      };
      const rows = () =>
        ask(
          database,
          `SELECT to_jsonb(v) - '{run_id,loaded_at,content_hash}'::text[] AS voucher, (SELECT jsonb_agg(to_jsonb(e) ORDER BY line_no)
             FROM fact_ledger_entry e WHERE (e.company_id, e.voucher_id) = (v.company_id, v.voucher_id)) AS entries
           FROM fact_voucher v ORDER BY voucher_id`,
        );

      it('has the vouchers and entries that Tally itself gives', async () => {
        database = await loaded();
        const fromTally = await rows();
        database = await migrated();
        const { ledger } = await fromFile(book);
        assert.equal(ledger?.inserted, vouchers.length);
        assert.deepEqual(await rows(), fromTally);
      });

      it('changes no voucher that the warehouse has in the same state or a later one', async () => {
        database = await loaded();
        const before = await rows();
        const receipt = vouchers.find(({ typeName }) => typeName === 'Receipt')!;
        const older = { ...receipt, alterId: receipt.alterId - 1, narration: 'As it was' };
        const old = vouchers.map((voucher) => (voucher === receipt ? older : voucher));
        const { ledger } = await fromFile(bookOf(old, book), { withMasters: false });
        assert.deepEqual([ledger?.vouchers, ledger?.unchanged, ledger?.missing], [vouchers.length, vouchers.length, 0]);
        assert.deepEqual(await rows(), before);
      });

      it('makes no invoice again of a voucher that the warehouse has later as a memorandum, and says that it is older', async () => {
        const sale = vouchers.findLast(({ base, cancelled, optional }) => base === 'sales' && !cancelled && !optional)!;
        const later = { ...sale, base: 'none' as const, typeName: 'Memorandum', alterId: book.lastAlterId + 1 };
        database = await migrated();
        await fromFile(bookOf([later], book));
        const { inserted, missing, warnings } = await fromFile(bookOf([sale], book));
        assert.deepEqual([inserted, missing], [0, 0]);
        assert.match(warnings.join('\n'), /^1 invoice of the file is older than what the warehouse has/m);
        assert.equal(await one('SELECT count(*)::int FROM fact_invoice'), 0);
      });

      it('brings a voucher that is newer than the warehouse, and marks none of those that it lacks', async () => {
        database = await loaded();
        const receipt = vouchers.find(({ typeName, cancelled }) => typeName === 'Receipt' && !cancelled)!;
        const newer = { ...receipt, alterId: book.lastAlterId + 1, narration: 'As it is now' };
        const { ledger } = await fromFile(bookOf([newer], book));
        assert.deepEqual(ledger, {
          ...{ vouchers: 1, inserted: 0, updated: 1, unchanged: 0, removed: 0, missing: 0 },
        });
        assert.equal(
          await one(`SELECT narration FROM fact_voucher WHERE voucher_id = '${receipt.guid}'`),
          'As it is now',
        );
        assert.equal(await one('SELECT count(*)::int FROM fact_voucher WHERE missing_since IS NOT NULL'), 0);
      });
    });

    it('is put right by a clear and reload where somebody changed an entry by hand', async () => {
      database = await loaded();
      const [month, end] = ['2024-05-01', '2024-05-31'];
      await ask(database, `UPDATE fact_ledger_entry SET amount = amount + 1 WHERE line_no = 1 AND date = '${month}'`);
      const { ledger } = await clearAndReload({ from: month, to: end }, context());
      assert.ok(ledger && ledger.updated > 0 && ledger.updated < ledger.vouchers);
      await assertLedgerOf(book);
    });

    it('leaves out vouchers that a clear and reload no longer finds', async () => {
      database = await loaded();
      const gone = vouchers.filter(({ typeName, date }) => typeName === 'Contra' && date < addDays(from, 40));
      assert.ok(gone.length > 0);
      const left = without(book, (voucher) => gone.includes(voucher));
      tally.behave({ book: left });
      const { ledger } = await clearAndReload({ from, to: addDays(from, 40) }, context());
      assert.equal(ledger?.removed, gone.length);
      await assertLedgerOf(left);
    });
  });
